//! Founding, changing, suspending and ending an organization.

use super::{Case, new_id};
use crate::domain::command::{Command, CreateOrganization, SlugChoice, UpdateOrganization};
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::OrganizationId;
use crate::domain::join_request::JoinRequests;
use crate::domain::membership::Membership;
use crate::domain::organization::{Organization, OrganizationState};
use crate::domain::permission::Permission;
use crate::domain::principal::Principal;
use crate::domain::role::Roles;
use crate::domain::slug::Slug;
use crate::domain::time::Timestamp;

/// Rule: whoever founds an organization is its first member and its owner, in one event, so that
/// no moment exists in which it has none.
pub(super) fn create(
    facts: &Facts,
    command: &Command,
    create: &CreateOrganization,
    now: Timestamp,
) -> Result<Decision, Denial> {
    let id = new_id(command)?;
    if create.seat_limit == Some(0) {
        return Err(Reason::SeatLimitReached.into());
    }
    let slug = choose_slug(facts, &create.slug)?;
    let owner = founder(id, create, &command.actor, now);
    let organization = Organization {
        id,
        slug,
        name: create.name.clone(),
        state: OrganizationState::Active,
        owner: owner.user.clone(),
        version: 0,
        metadata: create.metadata.clone(),
        settings: create.settings.clone(),
        logo_url: create.logo_url.clone(),
        seat_limit: create.seat_limit,
        member_count: 1,
        pending_count: 0,
        join_requests: JoinRequests::default(),
        created_at: now,
        updated_at: now,
    };
    Ok(Decision::quiet(vec![Event::OrganizationCreated { organization, owner }], Outcome::Created))
}

fn founder(id: OrganizationId, create: &CreateOrganization, actor: &Principal, now: Timestamp) -> Membership {
    Membership {
        email: actor.verified_email().cloned(),
        name: actor.name.clone(),
        ..Membership::new(create.membership, id, actor.user_id.clone(), Roles::admin(), now)
    }
}

/// The first free candidate. Former slugs and those of deleted organizations are never free.
pub(super) fn choose_slug(facts: &Facts, choice: &SlugChoice) -> Result<Slug, Denial> {
    let free = choice.candidates().iter().find(|slug| !facts.slugs.contains_key(slug));
    free.cloned().ok_or_else(|| {
        let first = choice.candidates().first().map_or("", |slug| slug.as_str());
        Denial::about(Reason::SlugTaken, "slug", format!("`{first}` is taken"))
    })
}

/// Changes what differs; a request that changes nothing is success without an event.
pub(super) fn update(case: &Case<'_>, update: &UpdateOrganization) -> Result<Decision, Denial> {
    case.require(Permission::OrganizationUpdate)?;
    let now = case.organization;
    let mut events = Vec::new();
    if let Some(name) = update.name.as_ref().filter(|name| **name != now.name) {
        events.push(Event::OrganizationRenamed { name: name.clone() });
    }
    if let Some(slug) = update.slug.as_ref().filter(|slug| **slug != now.slug) {
        events.push(change_slug(case, slug)?);
    }
    events.extend(change_details(now, update));
    let switched = update.join_requests.filter(|to| *to != now.join_requests);
    events.extend(switched.map(|to| Event::JoinRequestsSwitched { to }));
    Ok(Decision::quiet(events, Outcome::Organization))
}

/// Rule: an organization may come back to a slug it had; nobody else ever gets one.
fn change_slug(case: &Case<'_>, slug: &Slug) -> Result<Event, Denial> {
    if case.facts.slugs.get(slug).is_some_and(|holder| *holder != case.organization.id) {
        return Err(Denial::about(Reason::SlugTaken, "slug", format!("`{slug}` is taken")));
    }
    Ok(Event::SlugChanged { from: case.organization.slug.clone(), to: slug.clone() })
}

fn change_details(now: &Organization, update: &UpdateOrganization) -> Option<Event> {
    let metadata = update.metadata.clone().unwrap_or_else(|| now.metadata.clone());
    let settings = update.settings.clone().unwrap_or_else(|| now.settings.clone());
    let logo_url = match &update.logo_url {
        Some(change) => change.value().cloned(),
        None => now.logo_url.clone(),
    };
    let same = metadata == now.metadata && settings == now.settings && logo_url == now.logo_url;
    (!same).then_some(Event::DetailsChanged { metadata, settings, logo_url })
}

pub(super) fn deactivate(case: &Case<'_>) -> Result<Decision, Denial> {
    case.require_held(Permission::OrganizationDeactivate)?;
    let event = case.organization.is_active().then_some(Event::OrganizationDeactivated {});
    Ok(Decision::quiet(event.into_iter().collect(), Outcome::Organization))
}

pub(super) fn activate(case: &Case<'_>) -> Result<Decision, Denial> {
    case.require_held(Permission::OrganizationDeactivate)?;
    let event = (!case.organization.is_active()).then_some(Event::OrganizationActivated {});
    Ok(Decision::quiet(event.into_iter().collect(), Outcome::Organization))
}

/// Rule: a suspended organization can still be deleted; its owner must be able to end it.
pub(super) fn delete(case: &Case<'_>) -> Result<Decision, Denial> {
    case.require_held(Permission::OrganizationDelete)?;
    Ok(Decision::quiet(vec![Event::OrganizationDeleted {}], Outcome::Deleted))
}
