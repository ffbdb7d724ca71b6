//! What an isolate remembers for authentication: a key ring for each issuer, and verified tokens.
//!
//! Belongs to one configuration. A changed configuration begins with an empty memory.

use super::fetched::{Fetched, KeyFault};
use super::keyring::{Found, PAUSE, Question, Ring};
use super::remembered::{Digest, Remembered, Verified};
use crate::app::config::AuthSettings;
use crate::domain::time::Timestamp;
use crate::domain::token::{Issuer, SigningKey, Unverified};

/// The memory.
#[derive(Debug)]
pub struct Memory {
    rings: Vec<Ring>,
    remembered: Remembered,
}

/// Something that works and that the operator should know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The stable code: `audience_unchecked`, `issuer_unavailable`.
    pub code: &'static str,
    /// The issuer's name.
    pub issuer: String,
    /// What is wrong, for the log.
    pub detail: String,
}

impl Memory {
    /// The memory of a configuration, of which nothing has been asked yet.
    pub fn new(auth: &AuthSettings) -> Self {
        let rings = auth.list().iter().map(|_| Ring::default()).collect();
        Memory { rings, remembered: Remembered::default() }
    }

    /// The answer to a question, and the question that follows it.
    ///
    /// # Errors
    /// What is wrong with the answer, for the log.
    pub fn answered(
        &mut self,
        auth: &AuthSettings,
        question: &Question,
        fetched: Fetched,
        now: Timestamp,
    ) -> Result<Option<Question>, String> {
        let ring = self.rings.get_mut(question.issuer);
        let Some((issuer, ring)) = auth.issuer(question.issuer).zip(ring) else { return Ok(None) };
        let fault = |fault: KeyFault| format!("the keys of the issuer `{}` at {}: {fault}", issuer.name, question.url);
        let next = ring.answered(question, fetched, issuer, now).map_err(fault)?;
        if next.is_none() {
            self.remembered.keep_keys(question.issuer, |key| ring.has(key, issuer, now));
        }
        Ok(next)
    }

    /// What readiness says beside the checks.
    pub fn warnings(&self, auth: &AuthSettings, now: Timestamp) -> Vec<Warning> {
        let failing = auth.issuers().filter_map(|(place, issuer)| {
            let (fault, holds) = self.rings.get(place)?.fault(now)?;
            let state = if holds { "known keys hold for an hour" } else { "no token of the issuer is accepted" };
            let detail = format!("its keys cannot be fetched: {fault}; {state}");
            Some(Warning { code: "issuer_unavailable", issuer: issuer.name.clone(), detail })
        });
        unchecked(auth).into_iter().chain(failing).collect()
    }

    /// How many tokens are remembered.
    pub fn remembered(&self) -> usize {
        self.remembered.len()
    }

    pub(super) fn recall(&self, digest: &Digest, auth: &AuthSettings, now: Timestamp) -> Option<&Verified> {
        let verified = self.remembered.get(digest, now)?;
        let issuer = auth.issuer(verified.issuer)?;
        self.rings.get(verified.issuer)?.vouches(&verified.key, issuer, now).then_some(verified)
    }

    pub(super) fn remember(&mut self, digest: Digest, verified: Verified) {
        self.remembered.put(digest, verified);
    }

    pub(super) fn find(
        &mut self,
        token: &Unverified,
        (place, issuer): (usize, &Issuer),
        arrived: Timestamp,
        now: Timestamp,
    ) -> Found {
        match self.rings.get_mut(place) {
            Some(ring) => ring.find(token, (place, issuer), arrived, now),
            None => Found::Later(PAUSE),
        }
    }

    /// Whether a key that was found before has not left its set since.
    pub(super) fn still_has(&self, key: &SigningKey, (place, issuer): (usize, &Issuer), now: Timestamp) -> bool {
        self.rings.get(place).is_some_and(|ring| ring.has(key, issuer, now))
    }
}

/// The warnings of a configuration, whatever an isolate has seen.
pub fn unchecked(auth: &AuthSettings) -> Vec<Warning> {
    let detail = "tokens for other applications are accepted, too: set `audience`, `authorizedParties` or `clientIds`";
    let found = auth.issuers().filter(|(_, issuer)| issuer.accepts_any_audience());
    let warning = |issuer: &Issuer| Warning {
        code: "audience_unchecked",
        issuer: issuer.name.clone(),
        detail: detail.to_owned(),
    };
    found.map(|(_, issuer)| warning(issuer)).collect()
}
