//! Hints: a user's affiliations, kept near the user.
//!
//! Owns what a hint holds and how two are joined. A hint is never the truth: it is not read for a
//! write or a strong read, it is at most [`LIFETIME`] old, and each organization in it carries the
//! version at which it was true, so that joining two hints never goes back in time.

use super::execute::{App, Executed};
use super::ports::{Cache, Entropy, Store};
use super::read::Freshness;
use crate::app::cache_key::affiliations_key;
use crate::domain::event::Event;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::order::sort_by_key;
use crate::domain::read::{read, records};
use crate::domain::resolve::{Affiliation, Hints, Resolution, Seen, resolve};
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How long a hint is used, in seconds: the bound within which a removed member may still be let
/// through by a cached read (GUARANTEES.md). Workers KV keeps nothing for less.
pub const LIFETIME: i64 = 60;

/// More affiliations than this are not hinted at.
const MOST: usize = 100;

/// A user's affiliations as they were. Pinned: a change of this shape needs a new key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AffiliationsHint {
    /// When the whole was last read from the truth; `None` if never, then it only guards.
    pub read_at: Option<Timestamp>,
    /// What was true of each organization.
    pub entries: Vec<HintEntry>,
}

records! {
    AffiliationsHint { read_at "readAt", entries, }
    HintEntry { organization, version, affiliation, }
}

/// What was true of one organization at a version of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HintEntry {
    /// Which.
    pub organization: OrganizationId,
    /// At which version.
    pub version: u64,
    /// The affiliation; `None` says that there was none any more.
    pub affiliation: Option<Affiliation>,
}

impl HintEntry {
    fn present(affiliation: &Affiliation) -> Self {
        let (organization, version) = (affiliation.organization, affiliation.version);
        HintEntry { organization, version, affiliation: Some(affiliation.clone()) }
    }
}

impl AffiliationsHint {
    /// Takes over a reading of the truth. What the hint knows from a later version stays.
    pub fn refresh(&mut self, found: &[Affiliation], now: Timestamp) {
        let fresh: Vec<HintEntry> = found.iter().map(HintEntry::present).collect();
        let later = |entry: &&HintEntry| {
            let read = fresh.iter().find(|other| other.organization == entry.organization);
            match read {
                Some(read) => read.version < entry.version,
                // Not found in the truth: only a note of a removal is worth keeping.
                None => entry.affiliation.is_none(),
            }
        };
        let kept: Vec<HintEntry> = self.entries.iter().filter(later).cloned().collect();
        let unknown = |entry: &HintEntry| kept.iter().all(|other| other.organization != entry.organization);
        self.entries = fresh.into_iter().filter(unknown).chain(kept.iter().cloned()).collect();
        self.read_at = Some(now);
    }

    /// Takes over what a commit made true of one organization, unless a later version is known.
    pub fn note(&mut self, entry: HintEntry) {
        let known = self.entries.iter().find(|other| other.organization == entry.organization);
        if known.is_some_and(|known| known.version >= entry.version) {
            return;
        }
        self.entries.retain(|other| other.organization != entry.organization);
        self.entries.push(entry);
    }

    fn is_about(&self, user: &UserId) -> bool {
        self.entries.iter().filter_map(|entry| entry.affiliation.as_ref()).all(|affiliation| affiliation.user == *user)
    }

    fn is_usable(&self, now: Timestamp) -> bool {
        self.read_at.is_some_and(|at| at <= now && now < at.plus_seconds(LIFETIME))
    }

    fn affiliations(&self) -> Vec<Affiliation> {
        let mut found: Vec<Affiliation> = self.entries.iter().filter_map(|entry| entry.affiliation.clone()).collect();
        sort_by_key(&mut found, |affiliation| (affiliation.name.sort_key(), affiliation.organization));
        found
    }
}

impl<S: Store, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// The hinted affiliations, if they are fresh enough and answer the question. What is named and
    /// not in the hint is looked up: a new member is not turned away by an old hint. So is a host's
    /// holder, and what the operator offers to somebody without any organization.
    pub(super) async fn hinted(&self, user: &UserId, hints: &Hints, freshness: Freshness) -> Option<Seen> {
        if !hints.hosts().is_empty() {
            return None;
        }
        let hint = self.load_hint(user).await;
        if !hint.is_usable(self.now) {
            return None;
        }
        let mut found = hint.affiliations();
        found.retain(|affiliation| affiliation.lasts(self.now));
        let seen = Seen::of(found);
        let fresh = match resolve(hints, &seen) {
            Resolution::Resolved(affiliation, _) => freshness.min_version.is_none_or(|min| affiliation.version >= min),
            Resolution::Choose(_) => freshness.min_version.is_none(),
            Resolution::None => freshness.min_version.is_none() && self.config.resolution.auto_join.is_none(),
            Resolution::Skipped => true,
            // Whoever is let in again is not turned away by an old hint.
            Resolution::Suspended(..)
            | Resolution::Redirect(..)
            | Resolution::Public(..)
            | Resolution::Join(_)
            | Resolution::Ambiguous
            | Resolution::Unknown => false,
        };
        fresh.then_some(seen)
    }

    /// Keeps what was read from the truth.
    pub(super) async fn remember_affiliations(&self, user: &UserId, found: &[Affiliation]) {
        if found.len() < MOST {
            let mut hint = self.load_hint(user).await;
            hint.refresh(found, self.now);
            self.store_hint(user, &hint).await;
        }
    }

    /// After a commit: what it made true of each user whose membership it touched.
    pub(super) async fn remember_changes(&self, executed: &Executed) {
        for user in touched(&executed.events) {
            let mut hint = self.load_hint(user).await;
            hint.note(entry_after(executed, user));
            self.store_hint(user, &hint).await;
        }
    }

    /// What cannot be read, or speaks of somebody else, is no hint.
    async fn load_hint(&self, user: &UserId) -> AffiliationsHint {
        let text = self.cache.get(&affiliations_key(user)).await;
        let hint: Option<AffiliationsHint> = text.and_then(|text| read(&text));
        hint.filter(|hint| hint.is_about(user)).unwrap_or_default()
    }

    async fn store_hint(&self, user: &UserId, hint: &AffiliationsHint) {
        if let Ok(text) = serde_json::to_string(hint) {
            self.cache.put(&affiliations_key(user), &text, LIFETIME.unsigned_abs()).await;
        }
    }
}

/// At most so many hints are written after one commit; the others run out by themselves.
const MOST_TOUCHED: usize = 10;

fn touched(events: &[Event]) -> Vec<&UserId> {
    let users = events.iter().flat_map(|event| match event {
        Event::OrganizationCreated { owner, .. } => vec![&owner.user],
        Event::MemberAdded { member } => vec![&member.user],
        Event::OrganizationDeleted { deletion } => vec![&deletion.by],
        Event::MemberRemoved { user }
        | Event::MemberErased { user }
        | Event::MemberLeft { user }
        | Event::MemberExpired { user }
        | Event::MemberSuspended { user }
        | Event::MemberReactivated { user }
        | Event::MemberTermChanged { user, .. }
        | Event::RolesChanged { user, .. } => vec![user],
        Event::OwnershipTransferred { from, to } => vec![from, to],
        _ => Vec::new(),
    });
    // The owner of a registration that waits is nobody.
    users.filter(|user| !user.is_internal()).take(MOST_TOUCHED).collect()
}

fn entry_after(executed: &Executed, user: &UserId) -> HintEntry {
    let organization = executed.facts.organization.as_ref().filter(|organization| organization.deletion.is_none());
    let membership = executed.facts.members.get(user);
    let affiliation = organization.zip(membership).map(|(o, m)| Affiliation::of(o, m, &executed.facts.roles));
    HintEntry { organization: executed.organization, version: executed.version, affiliation }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_hint_is_read_in_the_form_that_serde_gives_it() {
        let id = "org_00000000000170008000000000000000";
        let asks = json!({ "verifiedEmail": true, "mfa": true });
        let affiliation = json!({
            "organization": id, "slug": "nirvana", "name": "Nirvana", "state": "active", "owner": "kurt", "version": 7,
            "user": "krist", "membership": "mem_00000000000170008000000000000000", "platformAdmin": true,
            "roles": ["second"], "customRoles": [{ "key": "second", "permissions": ["member:*"] }],
            "membershipState": "suspended", "until": 9, "requirements": asks, "unmet": asks, "formerSlugs": ["bliss"],
        });
        let entry = |affiliation: Value| json!({ "organization": id, "version": 7, "affiliation": affiliation });
        for form in [
            json!({ "readAt": null, "entries": [entry(affiliation)] }),
            json!({ "readAt": 1, "entries": [entry(Value::Null)] }),
        ] {
            let hint: AffiliationsHint = read(&form.to_string()).unwrap();
            assert_eq!(serde_json::to_value(&hint).unwrap(), form);
            assert_eq!(serde_json::from_value::<AffiliationsHint>(form).unwrap(), hint);
        }
    }
}
