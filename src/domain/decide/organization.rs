//! Founding, changing and suspending an organization.

use super::lifecycle::is_operator;
use super::ownership::require_room;
use super::{Case, new_id, require_agreement, require_version};
use crate::domain::command::{Command, CreateOrganization, SlugChoice, UpdateOrganization};
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::event::Event;
use crate::domain::facts::{Facts, SlugPick};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::json_object::JsonObject;
use crate::domain::membership::Membership;
use crate::domain::organization::Organization;
use crate::domain::permission::Permission;
use crate::domain::policy::Policy;
use crate::domain::principal::Principal;
use crate::domain::requirements::{Proof, Requirements};
use crate::domain::slug::Slug;
use crate::domain::time::Timestamp;

/// Rule: whoever founds an organization is its first member and its owner, in one event, so that
/// no moment exists in which it has none.
pub(super) fn create(
    policy: &Policy,
    facts: &Facts,
    command: &Command,
    create: &CreateOrganization,
    now: Timestamp,
) -> Result<Decision, Denial> {
    let id = new_id(command)?;
    require_owner(&command.actor, create.owner.as_ref())?;
    if create.seat_limit == Some(0) {
        return Err(Reason::SeatLimitReached.into());
    }
    if let (true, Some(other)) = (create.personal, &facts.owned.personal) {
        return Err(Denial::naming(Reason::PersonalOrganizationExists, vec![other.clone()]));
    }
    require_room(policy, facts)?;
    let slug = choose_slug(policy, facts, &create.slug)?;
    let owner = founder(id, create, (policy, &command.actor), now);
    let organization = Organization {
        metadata: create.metadata.clone(),
        settings: create.settings.clone(),
        logo_url: create.logo_url.clone(),
        seat_limit: create.seat_limit,
        personal: create.personal,
        ..Organization::new(id, slug, create.name.clone(), owner.user.clone(), now)
    };
    Ok(Decision::quiet(
        vec![Event::OrganizationCreated { organization: Box::new(organization), owner }],
        Outcome::Created,
    ))
}

/// Rule: what the caller's session proves is the caller's. Of another owner nothing is known but the id.
fn founder(
    id: OrganizationId,
    create: &CreateOrganization,
    (policy, actor): (&Policy, &Principal),
    now: Timestamp,
) -> Membership {
    let roles = policy.catalog.roles().of_founder();
    let own = |user: UserId| Membership::new(create.membership, id, user, roles, now);
    match create.owner.as_ref().filter(|owner| **owner != actor.user_id) {
        Some(owner) => own(owner.clone()),
        None => own(actor.user_id.clone()).of(actor),
    }
}

/// Rule: only an operator founds for another user, and an owner is a person or a program outside.
fn require_owner(actor: &Principal, owner: Option<&UserId>) -> Result<(), Denial> {
    if owner.is_some() && !is_operator(actor) {
        let rule = "only a platform admin creates an organization for another user";
        return Err(Denial::about(Reason::PermissionDenied, "ownerId", rule));
    }
    if owner.unwrap_or(&actor.user_id).is_internal() {
        return Err(Denial::about(Reason::UserIdInvalid, "ownerId", "the installation's own ids stand for no person"));
    }
    Ok(())
}

/// A free candidate that is not reserved. Former slugs and those of deleted organizations are never free.
pub(super) fn choose_slug(policy: &Policy, facts: &Facts, choice: &SlugChoice) -> Result<Slug, Denial> {
    let candidates = choice.candidates();
    let unreserved = candidates.iter().filter(|slug| !policy.reserved.has(slug.as_str()));
    if let (None, Some(first)) = (unreserved.clone().next(), candidates.first()) {
        policy.reserved.require_unreserved(first)?;
    }
    free(facts, unreserved).ok_or_else(|| taken(candidates))
}

/// Of the candidates that no organization has or had the one that the facts pick.
pub(super) fn free<'a>(facts: &Facts, candidates: impl Iterator<Item = &'a Slug> + Clone) -> Option<Slug> {
    let mut free = candidates.filter(|slug| !facts.slugs.contains_key(slug));
    let picked = match facts.slug_pick {
        SlugPick::First => free.next(),
        SlugPick::Last => free.last(),
        SlugPick::Any(number) => {
            let count = free.clone().count();
            free.nth(usize::try_from(number).unwrap_or(0).checked_rem(count)?)
        }
    };
    picked.cloned()
}

pub(super) fn taken(candidates: &[Slug]) -> Denial {
    let first = candidates.first().map_or("", |slug| slug.as_str());
    Denial::about(Reason::SlugTaken, "slug", format!("`{first}` is taken"))
}

/// Changes what differs; a request that changes nothing is success without an event.
pub(super) fn update(case: &Case<'_>, update: &UpdateOrganization) -> Result<Decision, Denial> {
    case.require(Permission::OrganizationUpdate)?;
    if update.seat_limit.is_some() && !is_operator(case.actor) {
        let rule = "what an organization pays for is the operator's to change";
        return Err(Denial::about(Reason::PermissionDenied, "seatLimit", rule));
    }
    let now = case.organization;
    let mut events = Vec::new();
    if let Some(name) = update.name.as_ref().filter(|name| **name != now.name) {
        events.push(Event::OrganizationRenamed { name: name.clone() });
    }
    if let Some(slug) = update.slug.as_ref().filter(|slug| **slug != now.slug) {
        events.push(change_slug(case, slug)?);
    }
    events.extend(change_details(now, update)?);
    events.extend(change_seats(now, update));
    events.extend(change_requirements(case, update)?);
    let switched = update.join_requests.filter(|to| *to != now.join_requests);
    events.extend(switched.map(|to| Event::JoinRequestsSwitched { to }));
    Ok(Decision::quiet(events, Outcome::Organization))
}

/// Whether an operator changes nothing but seats, which needs no membership.
pub(super) fn is_operators(actor: &Principal, update: &UpdateOrganization) -> bool {
    let seats = UpdateOrganization {
        seat_limit: update.seat_limit.clone(),
        count_pending: update.count_pending,
        ..UpdateOrganization::default()
    };
    is_operator(actor) && update.seat_limit.is_some() && *update == seats
}

/// Changes seats, as an operator does it.
pub(super) fn update_as_operator(
    facts: &Facts,
    command: &Command,
    update: &UpdateOrganization,
) -> Result<Decision, Denial> {
    let organization = facts.organization.as_ref().ok_or(Reason::NotFound)?;
    require_agreement(command, facts, organization)?;
    require_version(command, organization)?;
    let event = change_seats(organization, update);
    Ok(Decision::quiet(event.into_iter().collect(), Outcome::Organization))
}

fn change_seats(now: &Organization, update: &UpdateOrganization) -> Option<Event> {
    let seat_limit = update.seat_limit.as_ref().map_or(now.seat_limit, |change| change.value().copied());
    let pending_free = update.count_pending.map_or(now.pending_free, |counts| !counts);
    let same = seat_limit == now.seat_limit && pending_free == now.pending_free;
    (!same).then_some(Event::SeatsChanged { seat_limit, pending_free })
}

/// Rule: nobody asks more of the members than they meet themselves, or they would lock themselves out;
/// and only the owner asks, or others would lock the owner out.
fn change_requirements(case: &Case<'_>, update: &UpdateOrganization) -> Result<Option<Event>, Denial> {
    let now = case.organization.requirements;
    let requirements = Requirements {
        verified_email: update.require_verified_email.unwrap_or(now.verified_email),
        mfa: update.require_mfa.unwrap_or(now.mfa),
    };
    if requirements != now {
        case.require_owner().map_err(|denial| denial.at("requirements"))?;
    }
    requirements.require(Proof::from(case.actor)).map_err(|denial| denial.at("requirements"))?;
    Ok((requirements != now).then_some(Event::RequirementsChanged { requirements }))
}

/// Rule: an organization may come back to a slug it had; no other organization ever gets that slug.
/// A reserved slug is kept by the organization that has it, and taken by none.
fn change_slug(case: &Case<'_>, slug: &Slug) -> Result<Event, Denial> {
    case.policy.reserved.require_unreserved(slug)?;
    if case.facts.slugs.get(slug).is_some_and(|holder| *holder != case.organization.id) {
        return Err(Denial::about(Reason::SlugTaken, "slug", format!("`{slug}` is taken")));
    }
    Ok(Event::SlugChanged { from: case.organization.slug.clone(), to: slug.clone() })
}

fn change_details(now: &Organization, update: &UpdateOrganization) -> Result<Option<Event>, Denial> {
    let metadata = patched(&now.metadata, update.metadata.as_ref()).map_err(|denial| denial.at("metadata"))?;
    let settings = patched(&now.settings, update.settings.as_ref()).map_err(|denial| denial.at("settings"))?;
    let logo_url = match &update.logo_url {
        Some(change) => change.value().cloned(),
        None => now.logo_url.clone(),
    };
    let same = metadata == now.metadata && settings == now.settings && logo_url == now.logo_url;
    Ok((!same).then_some(Event::DetailsChanged { metadata, settings, logo_url }))
}

fn patched(now: &JsonObject, patch: Option<&JsonObject>) -> Result<JsonObject, Denial> {
    patch.map_or_else(|| Ok(now.clone()), |patch| now.patched(patch))
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
