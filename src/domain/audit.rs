//! The chain of the audit log: each entry's hash covers the entry and the hash before it.
//!
//! Owns the canonical text, the hash, the ids of events, and [`Chain`], which follows a log and says
//! where it breaks. Never stores or reads anything, and never writes an event's text a second time:
//! what is hashed is what was stored, so an old entry stays verifiable when events gain fields.

use super::encoding::{hex, is_hex};
use super::id::{EventId, OrganizationId, UserId};
use super::operator::OperatorName;
use super::principal::PrincipalKind;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What every canonical text starts with; another form of it is another version.
const VERSION: &str = "guildhall audit v1";
/// The same for an entry that was made with an operator key, which has the key's name at the end of its line.
const VERSION_WITH_OPERATOR: &str = "guildhall audit v2";

/// The SHA-256 of an entry's canonical text, as 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryHash(String);

impl EntryHash {
    /// The hash as hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a hash that somebody kept; `None` for anything but 64 lower-case hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        is_hex(text, 64).then(|| EntryHash(text.to_owned()))
    }
}

/// An entry of the audit log: one commit with its events. Serde form = stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditEntry {
    /// Which: the organization's version that it made.
    pub seq: u64,
    /// When; never before the entry before it.
    pub at: Timestamp,
    /// By whom.
    pub actor: UserId,
    /// What kind of caller that was.
    pub actor_kind: PrincipalKind,
    /// The operator key that the request came with: the actor is the user whom it acted for, or the key itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<OperatorName>,
    /// The command's name.
    pub action: String,
    /// The events, as the JSON text that is stored.
    pub events: String,
    /// The hash of the entry before; none for the first that has one.
    pub prev_hash: Option<EntryHash>,
    /// The hash of this entry; none for those of before there was a chain.
    pub hash: Option<EntryHash>,
}

impl AuditEntry {
    /// The same entry with its hash, behind `previous`.
    #[must_use]
    pub fn sealed(mut self, organization: OrganizationId, previous: Option<EntryHash>) -> Self {
        self.prev_hash = previous;
        self.hash = Some(self.compute(organization));
        self
    }

    /// The text that is hashed: one line of JSON, then the stored text of the events.
    pub fn canonical(&self, organization: OrganizationId) -> String {
        let kind = self.actor_kind;
        let previous = self.prev_hash.as_ref();
        let (seq, at, actor, action) = (self.seq, self.at, &self.actor, &self.action);
        let line = match &self.operator {
            None => json!([VERSION, organization, seq, at, kind, actor, action, previous]),
            Some(name) => json!([VERSION_WITH_OPERATOR, organization, seq, at, kind, actor, action, previous, name]),
        };
        format!("{line}\n{}", self.events)
    }

    /// The hash that the entry should have.
    pub fn compute(&self, organization: OrganizationId) -> EntryHash {
        EntryHash(hex(&hmac_sha256::Hash::hash(self.canonical(organization).as_bytes())))
    }
}

/// The id of an event: the same whoever asks, since it follows from the entry and the place in it.
pub fn event_id(organization: OrganizationId, seq: u64, at: Timestamp, index: u32) -> EventId {
    let place = json!(["guildhall event v1", organization, seq, index]).to_string();
    let digest = hmac_sha256::Hash::hash(place.as_bytes());
    let mut random = [0; 10];
    random.iter_mut().zip(digest).for_each(|(byte, digest)| *byte = digest);
    EventId::from_parts(at.unsigned_millis(), &random)
}

/// Where and why a log is not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Break {
    /// The entry at which it shows.
    pub at: u64,
    /// Why.
    pub reason: BreakReason,
}

/// Why a log is not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakReason {
    /// The entry does not have its hash: something in it was changed.
    Changed,
    /// The entry does not stand behind the one that it was written behind.
    Unlinked,
    /// An entry is missing.
    Gap,
    /// An entry has no hash although one before it has, or the organization's newest has.
    HashMissing,
    /// The log ends before the organization's version.
    Truncated,
    /// The last entry is not the one that the organization remembers.
    HeadMismatch,
}

impl BreakReason {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            BreakReason::Changed => "changed",
            BreakReason::Unlinked => "unlinked",
            BreakReason::Gap => "gap",
            BreakReason::HashMissing => "hash_missing",
            BreakReason::Truncated => "truncated",
            BreakReason::HeadMismatch => "head_mismatch",
        }
    }
}

/// Follows a log, entry by entry, from its beginning or from an entry that was checked before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    organization: OrganizationId,
    /// The number of the last entry that was followed.
    pub last: u64,
    /// Its hash.
    pub hash: Option<EntryHash>,
    /// The first entry that has a hash, as far as it was seen.
    pub since: Option<u64>,
}

impl Chain {
    /// At the beginning of a log.
    pub fn start(organization: OrganizationId) -> Self {
        Chain { organization, last: 0, hash: None, since: None }
    }

    /// Behind an entry; its own hash is checked, what it stands behind is not.
    ///
    /// # Errors
    /// [`Break`] when the entry is not what was written.
    pub fn resume(organization: OrganizationId, entry: &AuditEntry) -> Result<Self, Break> {
        let since = entry.hash.as_ref().map(|_| entry.seq);
        let before = entry.seq.saturating_sub(1);
        let mut chain = Chain { organization, last: before, hash: entry.prev_hash.clone(), since };
        chain.follow(entry)?;
        Ok(chain)
    }

    /// Takes the next entry.
    ///
    /// # Errors
    /// [`Break`] when it is not the next, or not what was written.
    pub fn follow(&mut self, entry: &AuditEntry) -> Result<(), Break> {
        let expected = self.last.saturating_add(1);
        let broken = |reason| Err(Break { at: expected, reason });
        if entry.seq != expected {
            return broken(BreakReason::Gap);
        }
        match &entry.hash {
            None if self.hash.is_some() || entry.prev_hash.is_some() => return broken(BreakReason::HashMissing),
            None => {}
            Some(hash) if *hash != entry.compute(self.organization) => return broken(BreakReason::Changed),
            Some(_) if entry.prev_hash != self.hash => return broken(BreakReason::Unlinked),
            Some(_) => self.since = self.since.or(Some(entry.seq)),
        }
        self.last = entry.seq;
        self.hash = entry.hash.clone();
        Ok(())
    }

    /// Compares the end of the log with what the organization remembers.
    ///
    /// # Errors
    /// [`Break`] when the log ends elsewhere.
    pub fn end(&self, version: u64, head: Option<&EntryHash>) -> Result<(), Break> {
        if self.last < version {
            return Err(Break { at: self.last.saturating_add(1), reason: BreakReason::Truncated });
        }
        if self.hash.as_ref() == head {
            return Ok(());
        }
        let reason = if self.hash.is_none() { BreakReason::HashMissing } else { BreakReason::HeadMismatch };
        Err(Break { at: self.last, reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organization() -> OrganizationId {
        OrganizationId::from_parts(1, &[7; 10])
    }

    fn entry(seq: u64, previous: Option<EntryHash>) -> AuditEntry {
        let entry = AuditEntry {
            seq,
            at: Timestamp::from_millis(1_767_225_600_000),
            actor: UserId::parse("kurt").unwrap(),
            actor_kind: PrincipalKind::User,
            operator: None,
            action: "member.remove".to_owned(),
            events: r#"[{"type":"member.removed","user":"krist"}]"#.to_owned(),
            prev_hash: None,
            hash: None,
        };
        entry.sealed(organization(), previous)
    }

    fn log() -> Vec<AuditEntry> {
        let mut log: Vec<AuditEntry> = Vec::new();
        for seq in 1..=4 {
            log.push(entry(seq, log.last().and_then(|last| last.hash.clone())));
        }
        log
    }

    fn follow(log: &[AuditEntry]) -> Result<Chain, Break> {
        let mut chain = Chain::start(organization());
        log.iter().try_for_each(|entry| chain.follow(entry))?;
        Ok(chain)
    }

    fn reason(log: &[AuditEntry]) -> Option<(u64, BreakReason)> {
        follow(log).err().map(|broken| (broken.at, broken.reason))
    }

    /// Pinned to the letter: whoever keeps heads elsewhere computes the same.
    #[test]
    fn the_canonical_text_is_pinned() {
        let first = entry(1, None);
        let text = "[\"guildhall audit v1\",\"org_00000000000177078707070707070707\",1,1767225600000,\"user\",\"kurt\",\
                    \"member.remove\",null]\n[{\"type\":\"member.removed\",\"user\":\"krist\"}]";
        assert_eq!(first.canonical(organization()), text);
        let hash = "d409002881fa8f20510fafc93bc8928e373acb4afe737ee7faab4216d65abe6c";
        assert_eq!(first.hash.as_ref().map(EntryHash::as_str), Some(hash));
        assert!(EntryHash::parse(hash).is_some() && EntryHash::parse("x").is_none());
    }

    /// Pinned as well. Without the name, or under another one, it is another entry.
    #[test]
    fn the_operator_key_is_part_of_the_hash() {
        let name = |text| Some(OperatorName::parse(text).unwrap());
        let first = AuditEntry { operator: name("backend"), ..entry(1, None) }.sealed(organization(), None);
        let text = "[\"guildhall audit v2\",\"org_00000000000177078707070707070707\",1,1767225600000,\"user\",\"kurt\",\
                    \"member.remove\",null,\"backend\"]\n[{\"type\":\"member.removed\",\"user\":\"krist\"}]";
        assert_eq!(first.canonical(organization()), text);
        for operator in [None, name("billing")] {
            let forged = AuditEntry { operator, ..first.clone() };
            assert_eq!(reason(&[forged]), Some((1, BreakReason::Changed)));
        }
        assert_eq!(reason(&[first]), None);
    }

    #[test]
    fn an_untouched_log_is_whole() {
        let log = log();
        let chain = follow(&log).unwrap();
        assert_eq!((chain.last, chain.since), (4, Some(1)));
        assert_eq!(chain.end(4, log[3].hash.as_ref()), Ok(()));
        assert_eq!(chain.end(5, log[3].hash.as_ref()).unwrap_err().reason, BreakReason::Truncated);
        assert_eq!(chain.end(4, log[2].hash.as_ref()).unwrap_err().reason, BreakReason::HeadMismatch);
        let mut rest = Chain::resume(organization(), &log[1]).unwrap();
        assert!(log[2..].iter().all(|entry| rest.follow(entry).is_ok()));
    }

    #[test]
    fn gaps_reorders_and_rewrites_show() {
        let log = log();
        assert_eq!(reason(&[log[0].clone(), log[2].clone()]), Some((2, BreakReason::Gap)));
        assert_eq!(reason(&[log[1].clone()]), Some((1, BreakReason::Gap)));
        let moved = AuditEntry { seq: 2, ..log[2].clone() };
        assert_eq!(reason(&[log[0].clone(), moved.clone()]), Some((2, BreakReason::Changed)));
        let forged = moved.sealed(organization(), log[1].hash.clone());
        assert_eq!(reason(&[log[0].clone(), forged]), Some((2, BreakReason::Unlinked)));
        let bare = AuditEntry { hash: None, ..log[1].clone() };
        assert_eq!(reason(&[log[0].clone(), bare]), Some((2, BreakReason::HashMissing)));
    }

    #[test]
    fn entries_of_before_the_chain_are_passed_over_at_the_beginning_only() {
        let old = AuditEntry { hash: None, ..entry(1, None) };
        let chain = follow(&[old.clone(), entry(2, None)]).unwrap();
        assert_eq!(chain.since, Some(2));
        assert_eq!(follow(&[old]).unwrap().end(1, None), Ok(()));
    }

    #[test]
    fn an_event_has_one_id() {
        let at = Timestamp::from_millis(5);
        let id = event_id(organization(), 1, at, 0);
        assert_eq!(id, event_id(organization(), 1, at, 0));
        assert_ne!(id, event_id(organization(), 1, at, 1));
        assert_ne!(id, event_id(organization(), 2, at, 0));
    }
}
