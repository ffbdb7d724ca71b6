//! The audit log, read.

use super::read::size;
use super::{Logged, State};
use crate::app::ports::{AuditFilter, LogPart, Recorded};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::OrganizationId;

impl State {
    pub(super) fn events(&self, facts: &Facts, filter: &AuditFilter) -> Vec<Recorded> {
        let Some(organization) = &facts.organization else { return Vec::new() };
        let mut found: Vec<Recorded> =
            self.entries(organization.id, 0).flat_map(|logged| recorded(organization.id, logged)).collect();
        found.retain(|event| is_asked_for(filter, event));
        if filter.newest {
            found.reverse();
        }
        let behind = |event: &Recorded| match filter.place {
            Some(place) if filter.newest => (event.seq, event.index) < place,
            Some(place) => (event.seq, event.index) > place,
            None => true,
        };
        found.retain(behind);
        found.truncate(size(filter.limit));
        found
    }

    pub(super) fn log(&self, facts: &Facts, from: u64, limit: u32) -> LogPart {
        let Some(organization) = &facts.organization else { return LogPart::default() };
        let entries =
            self.entries(organization.id, from).take(size(limit)).map(|logged| logged.entry.clone()).collect();
        LogPart { version: organization.version, head: facts.head.clone(), entries }
    }

    pub(super) fn entries(&self, organization: OrganizationId, from: u64) -> impl Iterator<Item = &Logged> {
        let entries = self.commits.since(&(organization, from));
        entries.take_while(move |((whose, _), _)| *whose == organization).map(|(_, logged)| logged)
    }
}

/// The events of an entry, each with its place in it.
pub(super) fn recorded(organization: OrganizationId, Logged { entry, events, .. }: &Logged) -> Vec<Recorded> {
    let record = |(index, event): (u32, &Event)| Recorded {
        organization,
        seq: entry.seq,
        index,
        at: entry.at,
        actor: entry.actor.clone(),
        actor_kind: entry.actor_kind,
        operator: entry.operator.clone(),
        action: entry.action.clone(),
        hash: entry.hash.clone(),
        event: event.clone(),
    };
    (0..).zip(events).map(record).collect()
}

fn is_asked_for(filter: &AuditFilter, event: &Recorded) -> bool {
    event.seq > filter.after
        && filter.actor.as_ref().is_none_or(|actor| event.actor == *actor)
        && filter.kind.as_ref().is_none_or(|kind| event.event.name() == kind)
        && filter.since.is_none_or(|since| event.at >= since)
        && filter.until.is_none_or(|until| event.at < until)
}
