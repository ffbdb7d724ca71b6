//! Snapshots: everything that a store holds, as a text and back.
//!
//! Owns what stands in one and what must agree in it. An organization is kept as its audit log: what is
//! true of it, its slugs and the epochs of its members follow from the events, by the same functions that
//! applied them first. Never reads JSON: who hands a [`Snapshot`] in has read it.

use super::order::KeptOrder;
use super::{MemoryStore, State};
use crate::app::ports::{Commit, Delivery, Emission, Message, Positioned, Receipt, Tick, UpstreamNonce};
use crate::domain::audit::{AuditEntry, Chain, EntryHash};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::{OrganizationId, UserId, WebhookId};
use crate::domain::invitation::InvitationState;
use crate::domain::quota::{QuotaSubject, Usage};
use crate::domain::slug::Slug;
use crate::domain::suppression::Suppression;
use crate::domain::table::{Set, Table};
use crate::domain::time::Timestamp;
use serde::Serialize;
use std::cell::{Cell, RefCell};

/// Everything that a store holds, as it was read and not believed yet.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// What there is.
    pub organizations: Vec<History>,
    /// What there was.
    pub tombstones: Vec<Tombstone>,
    /// Kept answers.
    pub receipts: Vec<Receipt>,
    /// The outbox.
    pub messages: Vec<Message>,
    /// What is or was to be sent to webhooks.
    pub deliveries: Vec<Delivery>,
    /// The webhooks at which nothing arrives, since when.
    pub failing: Table<WebhookId, Timestamp>,
    /// What was sent lately.
    pub sent: Table<QuotaSubject, Usage>,
    /// Who is not to be invited.
    pub suppressions: Vec<Suppression>,
    /// What is to be said of purged organizations.
    pub purges: Vec<Positioned>,
    /// The greatest position that was ever given in the order of all events.
    pub last_position: u64,
    /// The last run of the clock.
    pub tick: Option<Tick>,
    /// The nonces of signed requests that have written.
    pub nonces: Vec<UpstreamNonce>,
}

/// An organization, as what happened to it.
#[derive(Debug)]
pub struct History {
    /// Which.
    pub id: OrganizationId,
    /// The hash of the newest entry: a log that lacks its end is none.
    pub head: Option<EntryHash>,
    /// All entries, with the events that their texts say.
    pub log: Vec<(AuditEntry, Vec<Event>)>,
    /// Who has left or was removed. The log does not tell whom of them an erasure made forgotten.
    pub departed: Set<UserId>,
    /// Where its entries stand in the order of all events; nothing in a snapshot of before there was one.
    pub positions: Vec<u64>,
}

/// What stays of a purged organization.
#[derive(Debug, Serialize)]
pub struct Tombstone {
    /// Which.
    pub id: OrganizationId,
    /// The hash of the last entry of its audit log.
    pub head: Option<EntryHash>,
    /// The slugs that nobody else gets.
    pub slugs: Vec<Slug>,
}

/// Why a snapshot is not believed: where, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The path in the snapshot.
    pub place: String,
    /// What is wrong.
    pub because: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    organizations: Vec<ShownHistory<'a>>,
    tombstones: Vec<Tombstone>,
    receipts: Vec<&'a Receipt>,
    messages: Vec<&'a Message>,
    deliveries: Vec<&'a Delivery>,
    failing: &'a Table<WebhookId, Timestamp>,
    sent: &'a Table<QuotaSubject, Usage>,
    suppressions: Vec<&'a Suppression>,
    purges: Vec<&'a Positioned>,
    last_position: u64,
    tick: Option<Tick>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nonces: Vec<&'a UpstreamNonce>,
}

#[derive(Serialize)]
struct ShownHistory<'a> {
    id: OrganizationId,
    head: &'a Option<EntryHash>,
    log: Vec<&'a AuditEntry>,
    departed: &'a Set<UserId>,
    positions: Vec<u64>,
}

impl MemoryStore {
    /// Everything that is stored, as the JSON of a [`Snapshot`]. It holds what opens the system: seeds and
    /// digests of tokens, addresses of people, kept answers.
    pub fn snapshot(&self) -> String {
        // Every value of ours has a JSON form; were there one without, nothing would read the empty text.
        serde_json::to_string(&self.state.borrow().shown()).unwrap_or_default()
    }

    /// A store that holds what a snapshot says.
    ///
    /// # Errors
    /// [`Broken`] where the snapshot contradicts itself.
    pub fn restore(snapshot: Snapshot) -> Result<Self, Broken> {
        let mut state = State::default();
        for buried in snapshot.tombstones {
            state.lay_down(buried)?;
        }
        let mut order =
            KeptOrder { purges: snapshot.purges, last_position: snapshot.last_position, ..KeptOrder::default() };
        for mut history in snapshot.organizations {
            order.positions.push((history.id, std::mem::take(&mut history.positions)));
            state.live_through(history)?;
        }
        state.restore_order(order)?;
        state.agree_on_domains()?;
        state.take_over("receipts", snapshot.receipts, |state, it| {
            state.receipts.insert((it.user.clone(), it.key.clone()), it).is_none()
        })?;
        state.take_over("messages", snapshot.messages, |state, it| {
            state.has_or_had(it.organization) && state.messages.insert(it.id, it).is_none()
        })?;
        state.take_over("deliveries", snapshot.deliveries, |state, it| {
            let known = state.organizations.contains_key(&it.organization);
            known && state.deliveries.insert((it.webhook, it.message.to_string()), it).is_none()
        })?;
        state.take_over("suppressions", snapshot.suppressions, |state, it| {
            let known = it.organization.is_none_or(|id| state.has_or_had(id));
            let key = (it.address.canonical().to_owned(), it.organization);
            known && state.suppressions.insert(key, it).is_none()
        })?;
        state.take_over("nonces", snapshot.nonces, |state, it| {
            state.nonces.insert((it.key.clone(), it.nonce.clone()), it).is_none()
        })?;
        if let Some(id) = snapshot.failing.keys().find(|id| !state.has_webhook(id)) {
            return Err(broken(["failing.", &id.to_string()].concat(), "there is no such webhook"));
        }
        (state.failing, state.sent, state.tick) = (snapshot.failing, snapshot.sent, snapshot.tick);
        Ok(MemoryStore { state: RefCell::new(state), changes: Cell::default() })
    }
}

pub(super) fn broken(place: String, because: &'static str) -> Broken {
    Broken { place, because }
}

impl State {
    fn shown(&self) -> Shown<'_> {
        let mut tombstones: Table<OrganizationId, Tombstone> = self
            .tombstones
            .iter()
            .map(|(id, head)| (*id, Tombstone { id: *id, head: head.clone(), slugs: Vec::new() }))
            .collect();
        for (slug, id) in &self.slugs {
            tombstones.get_mut(id).into_iter().for_each(|buried| buried.slugs.push(slug.clone()));
        }
        let history = |(id, facts): (&OrganizationId, _)| self.history(*id, facts);
        Shown {
            organizations: self.organizations.iter().map(history).collect(),
            tombstones: tombstones.into_values().collect(),
            receipts: self.receipts.values().collect(),
            messages: self.messages.values().collect(),
            deliveries: self.deliveries.values().collect(),
            failing: &self.failing,
            sent: &self.sent,
            suppressions: self.suppressions.values().collect(),
            purges: self.purges.values().collect(),
            last_position: self.last_position,
            tick: self.tick,
            nonces: self.nonces.values().collect(),
        }
    }

    fn history<'a>(&'a self, id: OrganizationId, facts: &'a Facts) -> ShownHistory<'a> {
        let log = self.entries(id, 0).map(|logged| &logged.entry).collect();
        let positions = self.entries(id, 0).map(|logged| logged.position).collect();
        ShownHistory { id, head: &facts.head, log, departed: &facts.departed, positions }
    }

    fn has_or_had(&self, id: OrganizationId) -> bool {
        self.organizations.contains_key(&id) || self.tombstones.contains_key(&id)
    }

    fn take_over<T>(&mut self, table: &str, rows: Vec<T>, take: fn(&mut State, T) -> bool) -> Result<(), Broken> {
        for (place, row) in rows.into_iter().enumerate() {
            if !take(self, row) {
                let place = [table, ".", &place.to_string()].concat();
                return Err(broken(place, "it stands there twice, or is of an organization that is not there"));
            }
        }
        Ok(())
    }

    fn lay_down(&mut self, buried: Tombstone) -> Result<(), Broken> {
        let mut taken = buried.slugs.into_iter().map(|slug| self.slugs.insert(slug, buried.id));
        let slug_twice = taken.any(|holder| holder.is_some());
        if self.tombstones.insert(buried.id, buried.head).is_some() || slug_twice {
            return Err(broken(
                ["tombstones.", &buried.id.to_string()].concat(),
                "it, or a slug of it, is there twice",
            ));
        }
        Ok(())
    }

    /// What happened happens again.
    fn live_through(&mut self, history: History) -> Result<(), Broken> {
        let id = history.id;
        let at = |place: &str| ["organizations.", &id.to_string(), place].concat();
        if self.has_or_had(id) {
            return Err(broken(at(""), "it is there twice"));
        }
        let mut chain = Chain::start(id);
        for (entry, events) in history.log {
            let place = [".log.", &entry.seq.to_string()].concat();
            chain.follow(&entry).map_err(|found| broken(at(&place), found.reason.as_str()))?;
            if !self.happens(id, entry, events) {
                return Err(broken(at(&place), "it cannot have happened after what stands before it"));
            }
        }
        let facts = self.organizations.get_mut(&id).ok_or_else(|| broken(at(".log"), "nothing happened"))?;
        let ended = chain.end(facts.version(), history.head.as_ref());
        ended.map_err(|found| broken(at(".log"), found.reason.as_str()))?;
        facts.departed = history.departed;
        if is_whole(id, facts) { Ok(()) } else { Err(broken(at(""), "it is not whole after what happened to it")) }
    }

    /// An entry of a log is a commit; `false` for one that would have been refused.
    fn happens(&mut self, organization: OrganizationId, entry: AuditEntry, events: Vec<Event>) -> bool {
        let begins = matches!(events.first(), Some(Event::OrganizationCreated { organization: it, .. }) if it.id == organization);
        let creates = |event: &&Event| matches!(event, Event::OrganizationCreated { .. });
        let ends = events.contains(&Event::OrganizationPurged {});
        let commit = Commit {
            organization,
            base: entry.seq.saturating_sub(1),
            at: entry.at,
            max_owned: None,
            entry,
            after: Facts::default(),
            emission: Emission::default(),
            messages: Vec::new(),
            charges: Vec::new(),
            suppression: None,
            receipt: None,
            nonce: None,
            events,
        };
        let founds = commit.events.iter().filter(creates).count();
        let in_order = if commit.base == 0 { begins && founds == 1 } else { founds == 0 && !commit.events.is_empty() };
        let happened = in_order && !ends && !self.is_stale(&commit) && !self.takes_slug(&commit);
        if happened {
            self.apply(&commit);
        }
        happened
    }

    /// A domain is verified for one organization. Only at the end: who had it before is of no account.
    fn agree_on_domains(&self) -> Result<(), Broken> {
        let mut names = Set::new();
        match self.verified().find(|domain| !names.insert(&domain.name)) {
            Some(domain) => Err(broken(
                ["organizations.", &domain.organization.to_string()].concat(),
                "another one has verified its domain",
            )),
            None => Ok(()),
        }
    }
}

/// Everything in it is its own, its owner is a member, and the counts are right.
fn is_whole(id: OrganizationId, facts: &Facts) -> bool {
    let Some(organization) = &facts.organization else { return false };
    let pending = facts.invitations.values().filter(|it| it.state == InvitationState::Pending).count();
    let counts = |said: u32, counted: usize| usize::try_from(said) == Ok(counted);
    let mut owners = (facts.members.values().map(|it| it.organization))
        .chain(facts.invitations.values().map(|it| it.organization))
        .chain(facts.roles.values().map(|it| it.organization))
        .chain(facts.teams.values().map(|it| it.organization))
        .chain(facts.team_members.values().flat_map(Table::values).map(|it| it.organization))
        .chain(facts.domains.values().map(|it| it.organization))
        .chain(facts.links.values().map(|it| it.organization))
        .chain(facts.join_requests.values().map(|it| it.organization))
        .chain(facts.registrations.values().map(|it| it.organization))
        .chain(facts.webhooks.values().map(|it| it.organization));
    owners.all(|owner| owner == id)
        && facts.members.contains_key(&organization.owner)
        && counts(organization.member_count, facts.members.len())
        && counts(organization.pending_count, pending)
}
