//! Reading the audit log: single events, and whether the log is what was written.
//!
//! Owns the bounds of one answer. What breaks a chain is said by `domain::audit`.

use super::execute::App;
use super::ports::{Cache, Entropy, Failure, Reach, Store};
use super::read::{Freshness, Opened, open};
use crate::domain::audit::{AuditEntry, Break, BreakReason, Chain, EntryHash};
use crate::domain::event::Event;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::operator::OperatorName;
use crate::domain::permission::Permission;
use crate::domain::principal::PrincipalKind;
use crate::domain::resolve::Hints;
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How many entries are read at once while a log is checked.
const STEP: u32 = 100;
/// How often that happens in one answer; whoever has a longer log asks again.
const STEPS: usize = 10;

/// An event as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recorded {
    /// Of which organization.
    pub organization: OrganizationId,
    /// In which entry.
    pub seq: u64,
    /// Where in the entry, from 0.
    pub index: u32,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: UserId,
    /// What kind of caller that was.
    pub actor_kind: PrincipalKind,
    /// With which operator key, if the request came with one.
    #[serde(default)]
    pub operator: Option<OperatorName>,
    /// By which command.
    pub action: String,
    /// The entry's hash.
    pub hash: Option<EntryHash>,
    /// What happened.
    pub event: Event,
}

/// Which events, from where on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only what this user did.
    pub actor: Option<UserId>,
    /// Only events of this name.
    pub kind: Option<String>,
    /// Only from this instant on.
    pub since: Option<Timestamp>,
    /// Only before this instant.
    pub until: Option<Timestamp>,
    /// Only what came after this version.
    pub after: u64,
    /// Whether the newest come first.
    pub newest: bool,
    /// Behind this entry and place, in the order asked for.
    pub place: Option<(u64, u32)>,
    /// At most so many.
    pub limit: u32,
}

/// Some entries in a row, and what the organization remembers of its log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogPart {
    /// The version.
    pub version: u64,
    /// The hash of the newest entry.
    pub head: Option<EntryHash>,
    /// The entries, oldest first.
    #[serde(default)]
    pub entries: Vec<AuditEntry>,
}

/// Where checking a log goes on: behind an entry that was checked before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// Its number; 0 is the beginning.
    pub after: u64,
    /// The hash that it had then, if somebody kept it.
    pub hash: Option<EntryHash>,
}

/// What checking a log came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// How many entries were checked for this answer.
    pub entries: u64,
    /// The last of them.
    pub checked_to: u64,
    /// Its hash: what is worth keeping elsewhere.
    pub head: Option<EntryHash>,
    /// The first of them that has a hash.
    pub chained_from: Option<u64>,
    /// Whether the log's end was reached.
    pub complete: bool,
    /// The organization's version.
    pub version: u64,
    /// Where the log is not what was written.
    pub broken: Option<Break>,
}

impl<S: Store, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// Checks a log from a checkpoint on, `STEPS` times `STEP` entries of it at most.
    ///
    /// # Errors
    /// `not_found`, `organization_ambiguous`, `permission_denied`, `version_not_reached`.
    pub async fn verify_log(
        &self,
        reach: &Reach,
        hints: &Hints,
        freshness: Freshness,
        from: Checkpoint,
    ) -> Result<Opened<Verification>, Failure> {
        let mut walk = Walk::start(from);
        loop {
            let found = self.store.log(reach, walk.next(), STEP).await?;
            let opened = open(found, hints, (&self.config.policy.catalog, Permission::AuditRead), freshness)?;
            walk.step(opened.affiliation.organization, &opened.rows);
            if walk.is_over() {
                let (affiliation, moved) = (opened.affiliation, opened.moved);
                return Ok(Opened { affiliation, moved, rows: walk.verification() });
            }
        }
    }
}

/// A log on its way of being checked.
struct Walk {
    from: Checkpoint,
    chain: Option<Chain>,
    entries: u64,
    steps: usize,
    version: u64,
    complete: bool,
    broken: Option<Break>,
}

impl Walk {
    fn start(from: Checkpoint) -> Self {
        Walk { from, chain: None, entries: 0, steps: 0, version: 0, complete: false, broken: None }
    }

    /// The entry to read on from; the checkpoint itself is read again, for the chain goes on behind it.
    fn next(&self) -> u64 {
        self.chain.as_ref().map_or(self.from.after, |chain| chain.last.saturating_add(1))
    }

    fn is_over(&self) -> bool {
        self.complete || self.broken.is_some() || self.steps >= STEPS
    }

    fn step(&mut self, organization: OrganizationId, part: &LogPart) {
        self.steps = self.steps.saturating_add(1);
        self.version = part.version;
        self.broken = self.follow(organization, part).err();
    }

    fn follow(&mut self, organization: OrganizationId, part: &LogPart) -> Result<(), Break> {
        let mut entries = part.entries.as_slice();
        let mut chain = match self.chain.take() {
            Some(chain) => chain,
            // Nothing stands before the first entry: no hash that was kept can be its.
            None if self.from.after == 0 && self.from.hash.is_some() => {
                return Err(self.lost(BreakReason::HeadMismatch));
            }
            None if self.from.after == 0 => Chain::start(organization),
            None => {
                let (first, rest) = entries.split_first().ok_or_else(|| self.lost(BreakReason::Truncated))?;
                entries = rest;
                self.resume(organization, first)?
            }
        };
        let followed = entries.iter().try_for_each(|entry| {
            chain.follow(entry)?;
            self.entries = self.entries.saturating_add(1);
            Ok(())
        });
        self.complete = part.entries.len() < usize::try_from(STEP).unwrap_or(usize::MAX);
        let ended = if self.complete { chain.end(part.version, part.head.as_ref()) } else { Ok(()) };
        self.chain = Some(chain);
        followed.and(ended)
    }

    /// Rule: the checkpoint must still be the entry that it was, with the hash that somebody kept.
    fn resume(&self, organization: OrganizationId, first: &AuditEntry) -> Result<Chain, Break> {
        if first.seq != self.from.after {
            return Err(self.lost(BreakReason::Gap));
        }
        if self.from.hash.is_some() && self.from.hash != first.hash {
            return Err(self.lost(BreakReason::HeadMismatch));
        }
        Chain::resume(organization, first)
    }

    fn lost(&self, reason: BreakReason) -> Break {
        Break { at: self.from.after, reason }
    }

    fn verification(self) -> Verification {
        let chain = self.chain.as_ref();
        Verification {
            entries: self.entries,
            checked_to: chain.map_or(self.from.after, |chain| chain.last),
            head: chain.and_then(|chain| chain.hash.clone()),
            chained_from: chain.and_then(|chain| chain.since),
            complete: self.complete,
            version: self.version,
            broken: self.broken,
        }
    }
}
