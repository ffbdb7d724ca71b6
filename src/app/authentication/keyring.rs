//! The key ring of one issuer: the keys that are known, and when to ask for newer ones.
//!
//! Owns every rule about time. A set counts as long as its answer said. One request asks at a time; an asker that has
//! gone away is replaced. A token of an unknown key asks again, but no issuer is asked twice in [`PAUSE`] for that
//! reason. While the address fails, and while another request asks, known keys hold for [`GRACE`]: a token of a known
//! key waits for no answer but its own. A key that has left the set is gone at once.

use super::fetched::{Document, FETCH_TIMEOUT, Fetched, KeyFault, configuration_of};
use crate::domain::time::Timestamp;
use crate::domain::token::{Algorithm, Choice, Issuer, KeySet, KeySource, SigningKey, TokenFault, Unverified};

/// How many seconds lie between two questions because of an unknown key, and after one that failed.
pub const PAUSE: i64 = 30;

/// How many seconds lie between two failed questions while no key is known at all.
const SHORT_PAUSE: i64 = 5;

/// For how many seconds known keys hold beyond their time, while the address fails.
pub const GRACE: i64 = 60 * 60;

/// For how many seconds the address of the key set in an OpenID configuration counts.
const CONFIGURATION_LIFETIME: i64 = 24 * 60 * 60;

/// How many names of withdrawn keys are remembered.
const MOST_GONE: usize = 32;

/// After how many milliseconds an asker has gone away: later than its own deadline.
const ABANDONED: i64 = FETCH_TIMEOUT as i64 + 1_000;

/// What is known of one issuer's keys.
#[derive(Debug, Default)]
pub struct Ring {
    known: Option<Known>,
    /// Where the key set is, as the OpenID configuration said, and until when that counts.
    address: Option<(String, Timestamp)>,
    asking: Option<Asking>,
    asked_at: Option<Timestamp>,
    /// What was wrong with the last answer, and when it came.
    fault: Option<(KeyFault, Timestamp)>,
    tickets: u64,
}

#[derive(Debug)]
struct Known {
    keys: KeySet,
    /// The names of keys that earlier sets had, the newest at the end.
    gone: Vec<String>,
    fetched_at: Timestamp,
    fresh_until: Timestamp,
}

#[derive(Debug)]
struct Asking {
    ticket: u64,
    since: Timestamp,
}

/// A question to an address, for the edge to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Which issuer's, by its place in the configuration.
    pub(super) issuer: usize,
    /// Where.
    pub url: String,
    ticket: u64,
    is_configuration: bool,
}

/// What a ring has for a token.
#[derive(Debug)]
pub enum Found {
    /// The key that must have signed it.
    Key(SigningKey, Algorithm),
    /// No key can make it right.
    Refused(TokenFault),
    /// The caller is the one who asks.
    Ask(Question),
    /// Another request is asking.
    Wait,
    /// After so many seconds it can be asked again; until then nothing is known.
    Later(i64),
}

impl Ring {
    /// The key of a token that came in at an instant.
    pub fn find(
        &mut self,
        token: &Unverified,
        (place, issuer): (usize, &Issuer),
        arrived: Timestamp,
        now: Timestamp,
    ) -> Found {
        let chosen = match (&issuer.keys, self.holding(now)) {
            (KeySource::Inline(keys), _) => return inline(keys, token, issuer),
            (_, None) => None,
            (_, Some(known)) => Some(match known.keys.choose(token, &issuer.algorithms) {
                Choice::Key(key, algorithm) => Found::Key(key.clone(), algorithm),
                Choice::Refused(fault) => Found::Refused(fault),
                // What was fetched after the token came in is the last word.
                Choice::Unknown if known.fetched_at >= arrived => Found::Refused(known.keys.unknown_key(token)),
                Choice::Unknown => Found::Wait,
            }),
        };
        let is_fresh = self.is_fresh(now);
        match chosen {
            Some(found @ (Found::Key(..) | Found::Refused(_))) if is_fresh => return found,
            Some(found @ Found::Key(..)) if self.is_asking(now) => return found,
            _ if self.is_asking(now) => return Found::Wait,
            _ => {}
        }
        let left = self.pause_left(is_fresh, now);
        match chosen {
            _ if left == 0 => Found::Ask(self.ask((place, issuer), now)),
            Some(found @ (Found::Key(..) | Found::Refused(_))) => found,
            _ => self.withdrawn(token, now).map_or(Found::Later(left), Found::Refused),
        }
    }

    /// Takes the answer to a question. Another question may follow it: the configuration names the address of the keys.
    ///
    /// # Errors
    /// What is wrong with the answer, for the log.
    pub fn answered(
        &mut self,
        question: &Question,
        fetched: Fetched,
        issuer: &Issuer,
        now: Timestamp,
    ) -> Result<Option<Question>, KeyFault> {
        if self.asking.as_ref().is_none_or(|asking| asking.ticket != question.ticket) {
            // Another request has taken over.
            return Ok(None);
        }
        let taken = fetched.map_err(KeyFault::from).and_then(|document| self.take(&document, question, issuer, now));
        match taken {
            Ok(Some(url)) => {
                self.asking = Some(Asking { ticket: question.ticket, since: now });
                Ok(Some(Question { url, is_configuration: false, ..question.clone() }))
            }
            Ok(None) => {
                (self.asking, self.fault) = (None, None);
                Ok(None)
            }
            Err(fault) => {
                self.asking = None;
                self.fault = Some((fault.clone(), now));
                // The keys may have moved.
                self.address = None;
                Err(fault)
            }
        }
    }

    fn take(
        &mut self,
        document: &Document,
        question: &Question,
        issuer: &Issuer,
        now: Timestamp,
    ) -> Result<Option<String>, KeyFault> {
        if let (true, KeySource::Discovery(name)) = (question.is_configuration, &issuer.keys) {
            let url = document.keys_address(name)?;
            self.address = Some((url.clone(), now.plus_seconds(CONFIGURATION_LIFETIME)));
            return Ok(Some(url));
        }
        let keys = document.key_set()?;
        let gone = self.known.take().map(|former| former.without(&keys)).unwrap_or_default();
        self.known = Some(Known { keys, gone, fetched_at: now, fresh_until: now.plus_seconds(document.lifetime()) });
        Ok(None)
    }

    /// The refusal of a token whose key has left the set. Rule: it is no reason to wait, as an unknown key is.
    fn withdrawn(&self, token: &Unverified, now: Timestamp) -> Option<TokenFault> {
        let known = self.holding(now)?;
        known.gone.iter().any(|kid| Some(kid.as_str()) == token.kid()).then(|| known.keys.unknown_key(token))
    }

    /// Whether a token that was verified with this key counts without another question.
    pub fn vouches(&self, key: &SigningKey, issuer: &Issuer, now: Timestamp) -> bool {
        let never_asks = matches!(issuer.keys, KeySource::Inline(_));
        let is_settled = never_asks || self.is_fresh(now) || self.is_asking(now) || self.pause_left(false, now) > 0;
        is_settled && self.has(key, issuer, now)
    }

    /// Whether the key is among those that hold.
    pub fn has(&self, key: &SigningKey, issuer: &Issuer, now: Timestamp) -> bool {
        match &issuer.keys {
            KeySource::Inline(keys) => keys.has(key),
            KeySource::Url(_) | KeySource::Discovery(_) => self.holding(now).is_some_and(|known| known.keys.has(key)),
        }
    }

    /// What is wrong with the address since its last answer, and whether known keys hold.
    pub fn fault(&self, now: Timestamp) -> Option<(&KeyFault, bool)> {
        self.fault.as_ref().map(|(fault, _)| (fault, self.holding(now).is_some()))
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        self.known.as_ref().is_some_and(|known| now < known.fresh_until && known.fetched_at <= now)
    }

    /// The keys that count now, or that hold while the address fails.
    fn holding(&self, now: Timestamp) -> Option<&Known> {
        self.known.as_ref().filter(|known| now < known.fresh_until.plus_seconds(GRACE))
    }

    fn is_asking(&self, now: Timestamp) -> bool {
        let age = |asking: &Asking| now.millis().saturating_sub(asking.since.millis());
        self.asking.as_ref().is_some_and(|asking| (0..ABANDONED).contains(&age(asking)))
    }

    /// For how many seconds nothing is asked. A set whose time is over is asked for at once, unless the last question
    /// failed.
    fn pause_left(&self, is_fresh: bool, now: Timestamp) -> i64 {
        let since = |at: Timestamp| now.millis().saturating_sub(at.millis());
        // A clock that was set back stops nothing.
        let left = |at: Timestamp, pause: i64| match since(at) {
            passed if passed < 0 => 0,
            passed => pause.saturating_mul(1000).saturating_sub(passed).max(0).saturating_add(999).div_euclid(1000),
        };
        match (&self.fault, self.asked_at) {
            (Some((_, failed_at)), _) if self.holding(now).is_none() => left(*failed_at, SHORT_PAUSE),
            (None, _) if !is_fresh => 0,
            (_, Some(asked_at)) => left(asked_at, PAUSE),
            (_, None) => 0,
        }
    }

    fn ask(&mut self, (place, issuer): (usize, &Issuer), now: Timestamp) -> Question {
        self.tickets = self.tickets.wrapping_add(1);
        self.asking = Some(Asking { ticket: self.tickets, since: now });
        self.asked_at = Some(now);
        let known = self.address.as_ref().filter(|(_, until)| now < *until).map(|(url, _)| url.clone());
        let (url, is_configuration) = match (&issuer.keys, known) {
            (KeySource::Discovery(_), Some(url)) => (url, false),
            (KeySource::Discovery(name), None) => (configuration_of(name), true),
            (KeySource::Url(url), _) => (url.clone(), false),
            (KeySource::Inline(_), _) => (String::new(), false),
        };
        Question { issuer: place, url, ticket: self.tickets, is_configuration }
    }
}

impl Known {
    /// The names of the keys that are gone once a newer set takes this one's place.
    fn without(self, newer: &KeySet) -> Vec<String> {
        let former = self.keys.keys().iter().filter_map(|key| key.kid().map(str::to_owned));
        let is_left = |kid: &String| newer.keys().iter().any(|key| key.kid() == Some(kid));
        let mut gone: Vec<String> = self.gone.into_iter().chain(former).filter(|kid| !is_left(kid)).collect();
        gone.drain(..gone.len().saturating_sub(MOST_GONE));
        gone
    }
}

fn inline(keys: &KeySet, token: &Unverified, issuer: &Issuer) -> Found {
    match keys.choose(token, &issuer.algorithms) {
        Choice::Key(key, algorithm) => Found::Key(key.clone(), algorithm),
        Choice::Refused(fault) => Found::Refused(fault),
        Choice::Unknown => Found::Refused(keys.unknown_key(token)),
    }
}
