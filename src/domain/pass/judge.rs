//! The rule by which a token with a right signature is believed.
//!
//! Owns audience, time and freshness. Rules, in order: what is not well formed is invalid; it must be the
//! expected issuer's and for this audience; it must live now, and never for longer than [`LONGEST`]; it
//! must be as fresh as is asked for.

use super::fault::PassFault;
use super::read::{Listener, Row, Stated};
use super::token::{Kind, Vouched};
use super::{LONGEST, MOST_LEEWAY};
use crate::domain::json::Text;
use crate::domain::permission::PermissionSet;
use crate::domain::time::Timestamp;

/// What whoever reads a token expects of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expectations<'a> {
    /// Who is reading; `None` is the issuer itself.
    pub audience: Option<Text<'a>>,
    /// Who must have written; `None` is whoever has the key.
    pub issuer: Option<Text<'a>>,
    /// The present.
    pub now: Timestamp,
    /// By how many seconds the clocks may differ; more than [`MOST_LEEWAY`] is taken for that.
    pub leeway: u64,
    /// No older version of the organization will do; not asked of a passport, whose memberships say it.
    pub min_version: Option<u64>,
    /// No older state of this membership will do.
    pub min_epoch: Option<u64>,
}

impl<'a> Expectations<'a> {
    /// Of `audience` at `now`, and nothing more.
    pub fn of(audience: &'a str, now: Timestamp) -> Self {
        Expectations {
            audience: Some(Text::verbatim(audience)),
            issuer: None,
            now,
            leeway: 0,
            min_version: None,
            min_epoch: None,
        }
    }
}

impl<'a> Vouched<'a> {
    /// What the token says, if it is to be believed; `listener` is told the rest of it on the way.
    ///
    /// # Errors
    /// [`PassFault`]; then nothing that the listener was told counts.
    pub fn believe(
        &self,
        expected: &Expectations<'_>,
        listener: &mut dyn Listener<'a>,
    ) -> Result<Stated<'a>, PassFault> {
        let mut oldest = Oldest { listener, version: u64::MAX, epoch: u64::MAX };
        let said = self.read(&mut oldest).ok_or(PassFault::PassInvalid)?;
        let (version, epoch) = (oldest.version, oldest.epoch);
        judge(&said, expected)?;
        match self.kind {
            Kind::Pass => require((version, epoch), (expected.min_version, expected.min_epoch))?,
            Kind::Passport => {}
        }
        Ok(said)
    }
}

/// Listens for the age of what is listed.
struct Oldest<'l, 'a> {
    listener: &'l mut dyn Listener<'a>,
    version: u64,
    epoch: u64,
}

impl<'a> Listener<'a> for Oldest<'_, 'a> {
    fn row(&mut self, row: &Row<'a>) {
        (self.version, self.epoch) = (self.version.min(row.version), self.epoch.min(row.epoch));
        self.listener.row(row);
    }

    fn team(&mut self, team: &'a str, allowed: PermissionSet) {
        self.listener.team(team, allowed);
    }
}

fn judge(said: &Stated<'_>, expected: &Expectations<'_>) -> Result<(), PassFault> {
    let lifetime = said.expires_at.checked_sub(said.issued_at);
    if !lifetime.is_some_and(|seconds| (1..=LONGEST).contains(&seconds)) {
        return Err(PassFault::PassInvalid);
    }
    if expected.issuer.is_some_and(|issuer| issuer != said.issuer) {
        return Err(PassFault::PassWrongIssuer);
    }
    if expected.audience.unwrap_or(said.issuer) != said.audience {
        return Err(PassFault::PassWrongAudience);
    }
    let (now, leeway) = (expected.now.unsigned_millis() / 1000, expected.leeway.min(MOST_LEEWAY));
    if now.saturating_add(leeway) < said.issued_at.max(said.not_before) {
        return Err(PassFault::PassNotYetValid);
    }
    if now >= said.expires_at.saturating_add(leeway) { Err(PassFault::PassExpired) } else { Ok(()) }
}

/// Refuses a version and an epoch that are lower than is asked for.
fn require(found: (u64, u64), least: (Option<u64>, Option<u64>)) -> Result<(), PassFault> {
    let old = |least: Option<u64>, found: u64| least.is_some_and(|least| found < least);
    if old(least.0, found.0) || old(least.1, found.1) { Err(PassFault::PassStale) } else { Ok(()) }
}
