//! Who is in a team, and what they hold there.
//!
//! Owns the rule that what is given in a team is no more than what the giver holds in it, and that
//! nobody touches there what a peer or a superior holds.

use super::Case;
use super::team::{find, require};
use crate::domain::command::{PutTeamMember, RemoveTeamMember};
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::{Denial, Reason, echo};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::{TeamId, UserId};
use crate::domain::membership::Membership;
use crate::domain::permission::{Catalog, Permission};
use crate::domain::role::{Roles, can_grant, require_grant as grant};
use crate::domain::team::{Standing, TeamMember};
use crate::domain::time::Timestamp;

/// Puts a member of the organization into a team, or changes their roles there.
pub(super) fn put(case: &Case<'_>, put: &PutTeamMember) -> Result<Decision, Denial> {
    find(case, put.team)?;
    let standing = require(case, Some(put.team), Permission::TeamUpdate)?;
    let Some(member) = case.facts.members.get(&put.user) else {
        let detail = format!("`{}` is not a member of this organization", echo(put.user.as_str()));
        return Err(Denial::about(Reason::OrganizationMismatch, "userId", detail));
    };
    let event = match held(case.facts, &put.user, put.team) {
        None => Some(add(case, &standing, put)?),
        Some(present) => change(case, &standing, (present, member), put.roles.as_ref())?,
    };
    let outcome = Outcome::TeamMember { team: put.team, user: put.user.clone() };
    Ok(Decision::quiet(event.into_iter().collect(), outcome))
}

fn add(case: &Case<'_>, standing: &Standing, put: &PutTeamMember) -> Result<Event, Denial> {
    let roles = put.roles.clone().unwrap_or_else(Roles::member);
    require_grant(case, standing, &roles)?;
    Ok(Event::TeamMemberAdded { member: new_member((case.organization.id, put.team), &put.user, roles, case.now) })
}

/// A member of a team from now on.
pub(super) fn new_member(
    (organization, team): (crate::domain::id::OrganizationId, TeamId),
    user: &UserId,
    roles: Roles,
    added_at: Timestamp,
) -> TeamMember {
    TeamMember { organization, team, user: user.clone(), roles, added_at }
}

/// Of their own roles people may change what they could give to others.
fn change(
    case: &Case<'_>,
    standing: &Standing,
    (present, member): (&TeamMember, &Membership),
    roles: Option<&Roles>,
) -> Result<Option<Event>, Denial> {
    let Some(to) = roles else { return Ok(None) };
    require_rank(case, standing, (present.team, member))?;
    require_grant(case, standing, to)?;
    let (team, user, from) = (present.team, present.user.clone(), present.roles.clone());
    Ok((*to != from).then(|| Event::TeamMemberRolesChanged { team, user, from, to: to.clone() }))
}

/// Takes somebody out of a team. Who leaves by themselves needs no permission.
pub(super) fn remove(case: &Case<'_>, remove: &RemoveTeamMember) -> Result<Decision, Denial> {
    find(case, remove.team)?;
    if remove.user == case.actor.user_id {
        case.require_active()?;
    } else {
        let standing = require(case, Some(remove.team), Permission::TeamUpdate)?;
        let member = case.facts.members.get(&remove.user).ok_or(Reason::NotFound)?;
        held(case.facts, &remove.user, remove.team).ok_or(Reason::NotFound)?;
        require_rank(case, &standing, (remove.team, member))?;
    }
    held(case.facts, &remove.user, remove.team).ok_or(Reason::NotFound)?;
    let (team, user) = (remove.team, remove.user.clone());
    let event = Event::TeamMemberRemoved { team, user: user.clone() };
    Ok(Decision::quiet(vec![event], Outcome::TeamMemberRemoved { team, user }))
}

fn held<'a>(facts: &'a Facts, user: &UserId, team: TeamId) -> Option<&'a TeamMember> {
    facts.team_members.get(user)?.get(&team)
}

fn require_grant(case: &Case<'_>, standing: &Standing, roles: &Roles) -> Result<(), Denial> {
    let power = case.facts.powers_of(&case.policy.catalog, roles)?.permissions();
    grant(&case.policy.catalog, standing.permissions(), power).map_err(|denial| denial.at("roles"))
}

fn require_rank(case: &Case<'_>, mine: &Standing, (team, member): (TeamId, &Membership)) -> Result<(), Denial> {
    if member.user == case.actor.user_id {
        return Ok(());
    }
    let catalog = &case.policy.catalog;
    let powers = case.facts.powers_held(catalog, member);
    let theirs = case.facts.standing_in(catalog, team, &member.user, powers).ok_or(Reason::NotFound)?;
    if mine.outranks(&theirs) { Ok(()) } else { Err(Reason::Outranked.into()) }
}

/// Refuses a caller who may not put somebody into a team as plain member.
pub(super) fn require_may_let_in(case: &Case<'_>, team: TeamId) -> Result<(), Denial> {
    let standing = require(case, Some(team), Permission::TeamUpdate)?;
    require_grant(case, &standing, &Roles::member()).map_err(|denial| denial.only_at("teams"))
}

/// Whether a member may put somebody into a team as plain member: what an invitation into it promises.
pub(super) fn may_let_in(catalog: &Catalog, facts: &Facts, member: &Membership, team: TeamId) -> bool {
    let powers = facts.powers_held(catalog, member);
    let standing = facts.standing_in(catalog, team, &member.user, powers);
    let own = standing.map(|standing| standing.permissions()).unwrap_or_default();
    let plain = facts.powers_of(catalog, &Roles::member()).unwrap_or_default().permissions();
    own.contains(Permission::TeamUpdate) && can_grant(own, plain)
}
