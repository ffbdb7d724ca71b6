//! Importing an organization: additive, and the same when done twice.

use super::new_id;
use super::organization::choose_slug;
use crate::domain::command::{Command, SlugChoice};
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::OrganizationId;
use crate::domain::import::{ImportMember, ImportOrganization, ImportStatus};
use crate::domain::membership::Membership;
use crate::domain::organization::Organization;
use crate::domain::policy::Policy;
use crate::domain::principal::PrincipalKind;
use crate::domain::time::Timestamp;

/// Imports. Rule: what is here already is left as it is; only what is missing is added, so that an
/// import can be repeated while both systems run. Nobody is sent a message.
pub(super) fn import(
    policy: &Policy,
    facts: &Facts,
    command: &Command,
    import: &ImportOrganization,
    now: Timestamp,
) -> Result<Decision, Denial> {
    if command.actor.kind != PrincipalKind::PlatformAdmin {
        return Err(Denial::because(Reason::PermissionDenied, "only a platform admin imports"));
    }
    let id = new_id(command)?;
    match &facts.organization {
        Some(organization) => extend(facts, organization, import),
        None if facts.deleted => Ok(done(Vec::new(), ImportStatus::Deleted, 0)),
        None => create(policy, facts, id, import, now),
    }
}

fn create(
    policy: &Policy,
    facts: &Facts,
    id: OrganizationId,
    import: &ImportOrganization,
    now: Timestamp,
) -> Result<Decision, Denial> {
    let owner = import.members.iter().find(|member| member.user == import.owner);
    let owner = owner.ok_or_else(|| Denial::because(Reason::ImportInvalid, "the owner is not among the members"))?;
    let slug = choose_slug(policy, facts, &SlugChoice::FirstFree(import.slugs.clone()))?;
    let organization = Organization {
        state: import.state,
        metadata: import.metadata.clone(),
        settings: import.settings.clone(),
        created_at: import.created_at,
        ..Organization::new(id, slug, import.name.clone(), import.owner.clone(), now)
    };
    let founded = Event::OrganizationCreated { organization: Box::new(organization), owner: member(id, owner) };
    let others = import.members.iter().filter(|member| member.user != import.owner);
    let events = [founded].into_iter().chain(others.map(|other| added(id, other))).collect();
    Ok(done(events, ImportStatus::Created, import.members.len()))
}

fn extend(facts: &Facts, organization: &Organization, import: &ImportOrganization) -> Result<Decision, Denial> {
    let missing = import.members.iter().filter(|member| !facts.members.contains_key(&member.user));
    let events: Vec<Event> = missing.map(|member| added(organization.id, member)).collect();
    let added = events.len();
    if !organization.has_seats(u32::try_from(added).unwrap_or(u32::MAX)) {
        return Err(Reason::SeatLimitReached.into());
    }
    let status = if added == 0 { ImportStatus::Unchanged } else { ImportStatus::Extended };
    Ok(done(events, status, added))
}

fn added(id: OrganizationId, import: &ImportMember) -> Event {
    Event::MemberAdded { member: member(id, import) }
}

fn member(id: OrganizationId, import: &ImportMember) -> Membership {
    let (user, roles) = (import.user.clone(), import.roles.clone());
    // An operator vouches for the addresses of the system that they take over.
    let known = Membership {
        name: import.name.clone(),
        ..Membership::new(import.membership, id, user, roles, import.joined_at)
    };
    known.proven(import.email.clone())
}

fn done(events: Vec<Event>, status: ImportStatus, added: usize) -> Decision {
    Decision::quiet(events, Outcome::Imported { status, added })
}
