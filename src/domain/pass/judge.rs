//! The rule by which a token with a right signature is believed.
//!
//! Owns audience, time and freshness. Rules, in order: what is not well formed is invalid; it must be the
//! expected issuer's and for this audience; it must live now, and never for longer than [`LONGEST`]; it
//! must be as fresh as is asked for.

use super::claims::{Member, Pass, Passport, Statement};
use super::fault::PassFault;
use super::strict_json::Json;
use super::token::{Kind, Vouched};
use super::{LONGEST, MOST_LEEWAY};
use crate::domain::time::Timestamp;

/// What whoever reads a token expects of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expectations<'a> {
    /// Who is reading; `None` is the issuer itself.
    pub audience: Option<&'a str>,
    /// Who must have written; `None` is whoever has the key.
    pub issuer: Option<&'a str>,
    /// The present.
    pub now: Timestamp,
    /// By how many seconds the clocks may differ; more than [`MOST_LEEWAY`] is taken for that.
    pub leeway: u64,
    /// No older version of the organization will do. Of a passport this is asked for each membership
    /// by itself: [`Member::require`].
    pub min_version: Option<u64>,
    /// No older state of this membership will do.
    pub min_epoch: Option<u64>,
}

impl<'a> Expectations<'a> {
    /// Of `audience` at `now`, and nothing more.
    pub fn of(audience: &'a str, now: Timestamp) -> Self {
        Expectations { audience: Some(audience), issuer: None, now, leeway: 0, min_version: None, min_epoch: None }
    }
}

impl Vouched {
    /// The pass, if it is to be believed.
    ///
    /// # Errors
    /// [`PassFault`].
    pub fn pass(&self, expected: &Expectations<'_>) -> Result<Pass, PassFault> {
        let pass = self.read_pass()?;
        self.judge(&pass.statement, expected)?;
        pass.member.require(expected.min_version, expected.min_epoch)?;
        Ok(pass)
    }

    /// The passport, if it is to be believed.
    ///
    /// # Errors
    /// [`PassFault`].
    pub fn passport(&self, expected: &Expectations<'_>) -> Result<Passport, PassFault> {
        let passport = self.read_passport()?;
        self.judge(&passport.statement, expected)?;
        Ok(passport)
    }

    /// What a pass says that has been believed before.
    ///
    /// # Errors
    /// [`PassFault::PassInvalid`].
    pub fn read_pass(&self) -> Result<Pass, PassFault> {
        Pass::read(&self.claims).filter(|_| self.kind == Kind::Pass).ok_or(PassFault::PassInvalid)
    }

    /// What a passport says that has been believed before.
    ///
    /// # Errors
    /// [`PassFault::PassInvalid`].
    pub fn read_passport(&self) -> Result<Passport, PassFault> {
        Passport::read(&self.claims).filter(|_| self.kind == Kind::Passport).ok_or(PassFault::PassInvalid)
    }

    fn judge(&self, said: &Statement, expected: &Expectations<'_>) -> Result<(), PassFault> {
        let lifetime = said.expires_at.checked_sub(said.issued_at);
        if !lifetime.is_some_and(|seconds| (1..=LONGEST).contains(&seconds)) {
            return Err(PassFault::PassInvalid);
        }
        let not_before = match self.claims.get("nbf").map(Json::whole) {
            None => 0,
            Some(Some(instant)) => instant,
            Some(None) => return Err(PassFault::PassInvalid),
        };
        if expected.issuer.is_some_and(|issuer| issuer != said.issuer) {
            return Err(PassFault::PassWrongIssuer);
        }
        if expected.audience.unwrap_or(&said.issuer) != said.audience {
            return Err(PassFault::PassWrongAudience);
        }
        let (now, leeway) = (expected.now.unsigned_millis() / 1000, expected.leeway.min(MOST_LEEWAY));
        if now.saturating_add(leeway) < said.issued_at.max(not_before) {
            return Err(PassFault::PassNotYetValid);
        }
        if now >= said.expires_at.saturating_add(leeway) { Err(PassFault::PassExpired) } else { Ok(()) }
    }
}

impl Member {
    /// Refuses what is older than is asked for: than a version of the organization, or than a change of
    /// this membership that somebody has heard of.
    ///
    /// # Errors
    /// [`PassFault::PassStale`].
    pub fn require(&self, min_version: Option<u64>, min_epoch: Option<u64>) -> Result<(), PassFault> {
        let old = |least: Option<u64>, found: u64| least.is_some_and(|least| found < least);
        let stale = old(min_version, self.version) || old(min_epoch, self.epoch);
        if stale { Err(PassFault::PassStale) } else { Ok(()) }
    }
}
