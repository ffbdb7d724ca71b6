//! Adapters that are still pure: the memory store and SQL as values.
//!
//! Owns how values are kept. Never decides: where a store would have to, the rule is missing in
//! `domain`. Never runs anything: executors of SQL live at the edge and in tests.

pub mod memory;
pub mod sql;

use crate::app::ports::{PlacedOrganization, Positioned};
use crate::domain::id::OrganizationId;
use crate::domain::order::{sort, sort_by_key};
use crate::domain::resolve::Affiliation;

/// Those that invite first, then those with a member, each once.
fn join_traces(inviting: Vec<OrganizationId>, member_of: Vec<OrganizationId>, limit: u32) -> Vec<OrganizationId> {
    let mut joined: Vec<OrganizationId> = Vec::new();
    let mut inviting = inviting;
    sort(&mut inviting);
    for id in inviting.into_iter().chain(member_of) {
        if !joined.contains(&id) {
            joined.push(id);
        }
    }
    joined.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    joined
}

/// What a platform admin sees besides: organizations without a membership, and more in their own.
fn oversee(mut mine: Vec<Affiliation>, named: impl Iterator<Item = Affiliation>) -> Vec<Affiliation> {
    for seen in named {
        match mine.iter_mut().find(|known| known.organization == seen.organization) {
            Some(known) => known.platform_admin = true,
            None => mine.push(seen),
        }
    }
    mine
}

/// One affiliation for each organization, the former slugs of all its rows together.
fn join_affiliations(rows: impl Iterator<Item = Affiliation>) -> Vec<Affiliation> {
    let mut joined: Vec<Affiliation> = Vec::new();
    for row in rows {
        match joined.iter_mut().find(|known| known.organization == row.organization) {
            Some(known) => known.former_slugs.extend(row.former_slugs),
            None => joined.push(row),
        }
    }
    joined
}

/// The first of several lists of organizations together.
fn first_organizations(mut rows: Vec<PlacedOrganization>, limit: u32) -> Vec<PlacedOrganization> {
    sort_by_key(&mut rows, PlacedOrganization::place);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    rows
}

/// The first of several lists of events together.
fn first_events(mut events: Vec<Positioned>, limit: u32) -> Vec<Positioned> {
    sort_by_key(&mut events, |event| event.position);
    events.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    events
}
