//! Registering an organization without being known, coming to own it, and not coming.

use super::new_id;
use super::organization::{choose_slug, free, taken};
use super::ownership::{kept_beside, require_room};
use crate::domain::command::{ActivateRegistration, Command, RegisterOrganization, SlugChoice, Target};
use crate::domain::decision::{Decision, Notice, NoticeKind, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::event::Event;
use crate::domain::facts::{Facts, REGISTRATION_WINDOW};
use crate::domain::id::OrganizationId;
use crate::domain::membership::Membership;
use crate::domain::organization::{Deletion, Organization, OrganizationState};
use crate::domain::policy::Policy;
use crate::domain::registration::Registration;
use crate::domain::role::Roles;
use crate::domain::slug::Slug;
use crate::domain::time::Timestamp;

/// Registers. Rule: whoever asks proves nothing and learns nothing; the organization is real, has an
/// owner whom nobody can be, and works for nobody before its token comes back.
pub(super) fn register(
    policy: &Policy,
    facts: &Facts,
    command: &Command,
    register: &RegisterOrganization,
    now: Timestamp,
) -> Result<Decision, Denial> {
    let id = new_id(command)?;
    require_quota(policy, facts, now)?;
    if register.seat_limit == Some(0) {
        return Err(Reason::SeatLimitReached.into());
    }
    let owner = placeholder(id, register, now)?;
    require_unreserved(policy, &register.slugs)?;
    // The made-up slug is given up again: whether a pattern covers it does not matter.
    let held = std::slice::from_ref(&register.holding);
    let slug = free(facts, held.iter()).ok_or_else(|| taken(held))?;
    let organization = Organization {
        state: OrganizationState::Inactive,
        seat_limit: register.seat_limit,
        ..Organization::new(id, slug, register.name.clone(), owner.user.clone(), now)
    };
    let registration = Registration {
        id: register.registration,
        organization: id,
        email: register.email.clone(),
        slugs: register.slugs.clone(),
        digest: register.digest.clone(),
        created_at: now,
        expires_at: register.expires_at,
        activated_by: None,
    };
    let plain = Notice::new(NoticeKind::Registration, register.email.clone(), &organization, String::new());
    let notice = Notice { expires_at: Some(register.expires_at), ..plain };
    let events = vec![
        Event::OrganizationCreated { organization: Box::new(organization), owner },
        Event::RegistrationCreated { registration },
    ];
    Ok(Decision { events, notices: vec![notice], outcome: Outcome::Registered { expires_at: register.expires_at } })
}

/// Refuses what could never be taken: the one slug that was asked for, or all that follow from the name.
fn require_unreserved(policy: &Policy, slugs: &[Slug]) -> Result<(), Denial> {
    let possible = slugs.iter().any(|slug| !policy.reserved.has(slug.as_str()));
    match slugs.first().filter(|_| !possible) {
        Some(first) => policy.reserved.require_unreserved(first),
        None => Ok(()),
    }
}

/// Rule: anybody can register, so neither one address nor all together may do so without end.
fn require_quota(policy: &Policy, facts: &Facts, now: Timestamp) -> Result<(), Denial> {
    let limits = &policy.doors;
    let waiting = || facts.registrations.values().filter(|registration| registration.is_open(now));
    let most = usize::try_from(limits.registrations_per_address).unwrap_or(usize::MAX);
    let first_end = waiting().map(|registration| registration.expires_at).min();
    if let Some(end) = first_end.filter(|_| waiting().count() >= most) {
        return Err(Denial::from(Reason::RegistrationQuota).until(end, now));
    }
    if facts.recent_registrations >= limits.registrations_per_hour {
        let window = i64::try_from(REGISTRATION_WINDOW / 1000).unwrap_or(i64::MAX);
        return Err(Denial::from(Reason::RegistrationQuota).until(now.plus_seconds(window), now));
    }
    Ok(())
}

fn placeholder(id: OrganizationId, register: &RegisterOrganization, now: Timestamp) -> Result<Membership, Denial> {
    let user = Registration::placeholder(register.registration)?;
    Ok(Membership::new(register.membership, id, user, Roles::admin(), now))
}

/// Makes the caller the owner. Rule: the token was mailed, so whoever has it has the address; it
/// activates the one organization that it founded, once, and the placeholder goes with the same commit.
pub(super) fn activate(
    policy: &Policy,
    facts: &Facts,
    command: &Command,
    activate: &ActivateRegistration,
    now: Timestamp,
) -> Result<Decision, Denial> {
    let Target::Registration(digest) = &command.target else { return Err(Reason::MalformedRequest.into()) };
    let organization = facts.organization.as_ref().ok_or(Reason::RegistrationInvalid)?;
    let registration = facts.registrations.values().find(|found| found.digest == *digest);
    let registration = registration.ok_or(Reason::RegistrationInvalid)?;
    let user = &command.actor.user_id;
    let outcome = Outcome::Organization;
    if registration.activated_by.as_ref() == Some(user) && facts.members.contains_key(user) {
        return Ok(Decision::quiet(Vec::new(), outcome));
    }
    registration.require_open(now)?;
    require_room(policy, facts)?;
    let roles = policy.catalog.roles().of_founder();
    let member = Membership::new(activate.membership, organization.id, user.clone(), roles, now).of(&command.actor);
    let slug = slug(policy, facts, registration, activate)?;
    let kept = kept_beside(policy, facts, &member);
    let events = handed_over(organization, registration, member, slug).into_iter().chain(kept).collect();
    Ok(Decision::quiet(events, outcome))
}

/// Rule: a slug that somebody chose is theirs or it is not: never another one in silence. Who registered did not
/// hear that it was taken, who activates does, and may choose another.
fn slug(
    policy: &Policy,
    facts: &Facts,
    registration: &Registration,
    activate: &ActivateRegistration,
) -> Result<Slug, Denial> {
    let registered = || SlugChoice::FirstFree(registration.slugs.clone());
    let chosen = choose_slug(policy, facts, &activate.slug.clone().map_or_else(registered, SlugChoice::Exact));
    chosen.map_err(|mut taken| {
        taken.detail = format!("{}; send another `slug`", taken.detail).into();
        taken
    })
}

/// The placeholder goes first: there may be one seat only.
fn handed_over(organization: &Organization, registration: &Registration, member: Membership, slug: Slug) -> Vec<Event> {
    let (from, to) = (organization.owner.clone(), member.user.clone());
    let registration = Registration { activated_by: Some(to.clone()), ..registration.clone() };
    vec![
        Event::MemberRemoved { user: from.clone() },
        Event::MemberAdded { member },
        Event::OwnershipTransferred { from, to },
        Event::SlugChanged { from: organization.slug.clone(), to: slug },
        Event::OrganizationActivated {},
        Event::RegistrationActivated { registration },
    ]
}

/// Ends what nobody came for, at once: nobody could restore it. The installation asks, not a person.
pub(super) fn expire(facts: &Facts, command: &Command, now: Timestamp) -> Result<Decision, Denial> {
    let over = |it: &&Registration| it.activated_by.is_none() && !it.is_open(now);
    let late = facts.registrations.values().filter(over).count();
    let deletion = Deletion { by: command.actor.user_id.clone(), at: now, purge_at: now };
    let ended = (late > 0).then_some([Event::OrganizationDeleted { deletion }, Event::OrganizationPurged {}]);
    Ok(Decision::quiet(ended.into_iter().flatten().collect(), Outcome::Swept { closed: late }))
}
