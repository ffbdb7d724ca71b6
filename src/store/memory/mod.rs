//! The memory store: the executable specification of a store.
//!
//! Owns the plainest meaning of every port: whole state in maps, events applied by `evolve`. The SQL
//! store must be indistinguishable from it; a differential test with random commands says whether
//! it is. Also what the browser and unit tests run on.

mod audit;
mod domains;
mod doors;
mod epochs;
mod installation;
mod load;
mod members;
mod order;
mod person;
mod read;
mod sending;
mod snapshot;
mod teams;
mod upkeep;
mod webhooks;

pub use snapshot::{Broken, History, Snapshot, Tombstone};

use crate::app::ports::{Commit, Committed, Delivery, Message, Positioned, Receipt, Tick, UpstreamNonce};
use crate::domain::audit::{AuditEntry, EntryHash};
use crate::domain::event::Event;
use crate::domain::evolve::advance;
use crate::domain::facts::Facts;
use crate::domain::id::{MessageId, OrganizationId, UserId, WebhookId};
use crate::domain::quota::{QuotaSubject, Usage};
use crate::domain::slug::Slug;
use crate::domain::suppression::Suppression;
use crate::domain::table::Table;
use crate::domain::time::Timestamp;
use std::cell::{Cell, RefCell, RefMut};

/// A store in memory. Borrows never cross an await, so they cannot meet.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: RefCell<State>,
    changes: Cell<u64>,
}

/// An entry of the audit log, with its events as they were decided: its text need not be read again.
#[derive(Debug, Clone)]
struct Logged {
    entry: AuditEntry,
    events: Vec<Event>,
    /// The position of its last event in the order of all events.
    position: u64,
}

/// Everything there is.
#[derive(Debug, Clone, Default)]
struct State {
    organizations: Table<OrganizationId, Facts>,
    slugs: Table<Slug, OrganizationId>,
    /// With the hash of the last entry of each one's audit log, which went with it.
    tombstones: Table<OrganizationId, Option<EntryHash>>,
    commits: Table<(OrganizationId, u64), Logged>,
    /// The entries in the order of all events, by the position of their last event.
    order: Table<u64, (OrganizationId, u64)>,
    /// What is to be said of purged organizations, by position.
    purges: Table<u64, Positioned>,
    /// The greatest position that was ever given.
    last_position: u64,
    receipts: Table<(UserId, String), Receipt>,
    messages: Table<MessageId, Message>,
    /// By webhook and message, the message as text.
    deliveries: Table<(WebhookId, String), Delivery>,
    /// Since when nothing arrives.
    failing: Table<WebhookId, Timestamp>,
    sent: Table<QuotaSubject, Usage>,
    /// By canonical address and organization; `None` is all of them.
    suppressions: Table<(String, Option<OrganizationId>), Suppression>,
    /// The version at which each membership last changed in power or state.
    epochs: Table<(OrganizationId, UserId), u64>,
    /// The last run of the clock.
    tick: Option<Tick>,
    /// By key and nonce.
    nonces: Table<(String, String), UpstreamNonce>,
}

impl MemoryStore {
    /// How often something was stored: as long as it stays the same, so does what is stored.
    pub fn changes(&self) -> u64 {
        self.changes.get()
    }

    /// The state, to be changed.
    fn change(&self) -> RefMut<'_, State> {
        self.changes.set(self.changes.get().saturating_add(1));
        self.state.borrow_mut()
    }

    /// Everything that is stored, in one order, for comparison with another store.
    pub fn dump(&self) -> serde_json::Value {
        let state = self.state.borrow();
        let commits = state.commits.iter();
        serde_json::json!({
            "organizations": state.organizations.values().map(|facts| &facts.organization).collect::<Vec<_>>(),
            "members": state.organizations.values().flat_map(|facts| facts.members.values()).collect::<Vec<_>>(),
            "invitations": state.organizations.values().flat_map(|facts| facts.invitations.values()).collect::<Vec<_>>(),
            "roles": state.organizations.values().flat_map(|facts| facts.roles.values()).collect::<Vec<_>>(),
            "domains": state.organizations.values().flat_map(|facts| facts.domains.values()).collect::<Vec<_>>(),
            "links": state.organizations.values().flat_map(|facts| facts.links.values()).collect::<Vec<_>>(),
            "joinRequests": state.organizations.values().flat_map(|facts| facts.join_requests.values()).collect::<Vec<_>>(),
            "registrations": state.organizations.values().flat_map(|facts| facts.registrations.values()).collect::<Vec<_>>(),
            "teams": state.organizations.values().flat_map(|facts| facts.teams.values()).collect::<Vec<_>>(),
            "teamMembers": state.organizations.values().flat_map(|facts| facts.team_members.values()).flat_map(Table::values).collect::<Vec<_>>(),
            "epochs": state.epochs.iter().collect::<Vec<_>>(),
            "slugs": state.slugs,
            "departures": state.organizations.iter().filter(|(_, facts)| !facts.departed.is_empty()).map(|(id, facts)| (id, &facts.departed)).collect::<Vec<_>>(),
            "tombstones": state.tombstones,
            "commits": commits.map(|((id, seq), logged)| (id, seq, shown(logged))).collect::<Vec<_>>(),
            "order": state.order.iter().map(|(position, (id, seq))| (id, seq, position)).collect::<Vec<_>>(),
            "purges": state.purges.values().collect::<Vec<_>>(),
            "lastPosition": state.last_position,
            "tick": state.tick,
            "heads": state.organizations.iter().map(|(id, facts)| (id, &facts.head)).collect::<Vec<_>>(),
            "receipts": state.receipts.values().collect::<Vec<_>>(),
            "messages": state.messages.values().collect::<Vec<_>>(),
            "webhooks": state.organizations.values().flat_map(|facts| facts.webhooks.values()).collect::<Vec<_>>(),
            "deliveries": state.deliveries.values().collect::<Vec<_>>(),
            "failing": state.failing(),
            "sent": state.sent.iter().collect::<Vec<_>>(),
            "suppressions": state.suppressions.values().collect::<Vec<_>>(),
            "nonces": state.nonces.values().collect::<Vec<_>>(),
        })
    }
}

impl State {
    fn commit(&mut self, commit: &Commit) -> Committed {
        if commit.nonce.as_ref().is_some_and(|nonce| self.is_spent(nonce)) {
            return Committed::Replayed;
        }
        if self.would_conflict(commit) {
            return Committed::Conflict;
        }
        commit.nonce.iter().for_each(|nonce| self.spend(nonce));
        if !commit.events.is_empty() {
            self.renew_webhooks(commit);
            self.apply(commit);
        }
        self.emit(commit);
        self.messages.extend(commit.messages.iter().map(|message| (message.id, message.clone())));
        self.count(commit);
        commit.suppression.iter().for_each(|suppression| self.suppress(suppression));
        let receipts = commit.receipt.iter();
        self.receipts.extend(receipts.map(|receipt| ((receipt.user.clone(), receipt.key.clone()), receipt.clone())));
        Committed::Done
    }

    fn is_spent(&self, nonce: &UpstreamNonce) -> bool {
        self.nonces.contains_key(&(nonce.key.clone(), nonce.nonce.clone()))
    }

    fn spend(&mut self, nonce: &UpstreamNonce) {
        self.nonces.insert((nonce.key.clone(), nonce.nonce.clone()), nonce.clone());
    }

    fn would_conflict(&self, commit: &Commit) -> bool {
        let receipt = commit.receipt.as_ref();
        let answered = receipt.is_some_and(|r| self.receipts.contains_key(&(r.user.clone(), r.key.clone())));
        let changes = !commit.events.is_empty();
        let taken = || self.takes_slug(commit) || self.takes_domain(commit) || self.owns_too_much(commit);
        answered || (changes && (self.is_stale(commit) || taken() || self.bothers(commit)))
    }

    fn is_stale(&self, commit: &Commit) -> bool {
        let version = self.organizations.get(&commit.organization).map_or(0, Facts::version);
        let head = self.organizations.get(&commit.organization).and_then(|facts| facts.head.as_ref());
        let moved = version != commit.base || head != commit.entry.prev_hash.as_ref();
        moved || self.tombstones.contains_key(&commit.organization)
    }

    fn takes_slug(&self, commit: &Commit) -> bool {
        let holder = |slug: &Slug| self.slugs.get(slug).copied();
        commit.events.iter().filter_map(new_slug).any(|slug| holder(slug).is_some_and(|id| id != commit.organization))
    }

    /// Whether somebody would own more than they may, or a second personal organization.
    fn owns_too_much(&self, commit: &Commit) -> bool {
        let restored = || commit.after.organization.as_ref();
        commit.events.iter().any(|event| match event {
            Event::OrganizationCreated { organization, .. } => {
                self.is_full(&organization.owner, organization.personal, commit.max_owned)
            }
            Event::OwnershipTransferred { to, .. } => self.is_full(to, false, commit.max_owned),
            Event::OrganizationRestored {} => {
                restored().is_some_and(|o| self.is_full(&o.owner, o.personal, commit.max_owned))
            }
            _ => false,
        })
    }

    fn is_full(&self, user: &UserId, personal: bool, limit: Option<u32>) -> bool {
        let owned = self.owned_by(user);
        limit.is_some_and(|limit| owned.count >= limit) || (personal && owned.personal.is_some())
    }

    fn apply(&mut self, commit: &Commit) {
        let before = self.powers(commit);
        self.organizations.update(commit.organization, |facts| {
            advance(facts, &commit.events, commit.at);
            facts.head = commit.entry.hash.clone();
        });
        for slug in commit.events.iter().filter_map(new_slug) {
            self.slugs.insert(slug.clone(), commit.organization);
        }
        self.note_epochs(commit, &before);
        if commit.events.contains(&Event::OrganizationPurged {}) {
            self.bury(commit);
        } else {
            let position = self.place(&commit.events);
            let logged = Logged { entry: commit.entry.clone(), events: commit.events.clone(), position };
            self.order.insert(position, (commit.organization, commit.version()));
            self.commits.insert((commit.organization, commit.version()), logged);
        }
    }

    /// Nothing outlives its organization but the tombstone and the slugs, which stay taken.
    fn bury(&mut self, commit: &Commit) {
        let id = commit.organization;
        self.note_purge(commit);
        self.order.retain(|_, (organization, _)| *organization != id);
        self.organizations.remove(&id);
        self.epochs.retain(|(organization, _), _| *organization != id);
        self.commits.retain(|(organization, _), _| *organization != id);
        self.tombstones.insert(id, commit.entry.hash.clone());
    }
}

/// An entry in a dump: its events as JSON.
fn shown(logged: &Logged) -> serde_json::Value {
    let mut shown = serde_json::json!(logged.entry);
    if let Some(fields) = shown.as_object_mut() {
        fields.insert("events".to_owned(), serde_json::json!(logged.events));
    }
    shown
}

fn new_slug(event: &Event) -> Option<&Slug> {
    match event {
        Event::OrganizationCreated { organization, .. } => Some(&organization.slug),
        Event::SlugChanged { to, .. } => Some(to),
        _ => None,
    }
}
