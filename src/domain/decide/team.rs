//! Teams: making, renaming, moving and ending them.
//!
//! Owns who may: whoever holds the permission in the organization, or in the team itself or one above
//! it. Never looks at who is in a team, however many there are.

use super::Case;
use crate::domain::command::{Change, CreateTeam, DeleteTeam, UpdateTeam};
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::{Denial, Reason, counted};
use crate::domain::event::Event;
use crate::domain::id::TeamId;
use crate::domain::permission::{Permission, PermissionSet};
use crate::domain::role::{Roles, require_grant};
use crate::domain::team::{Standing, Team, and_below, gained_from, require_place};

/// What the caller may do in a team, or with `None` in the organization as a whole.
pub(super) fn standing(case: &Case<'_>, team: Option<TeamId>) -> Result<Standing, Denial> {
    let powers = case.scope.powers().clone();
    let Some(team) = team else { return Ok(Standing::in_organization(powers)) };
    let found = case.facts.standing_in(&case.policy.catalog, team, case.scope.user(), powers);
    found.ok_or_else(|| Reason::NotFound.into())
}

/// Refuses a caller without the permission there, and then any write to a suspended organization.
pub(super) fn require(case: &Case<'_>, team: Option<TeamId>, permission: Permission) -> Result<Standing, Denial> {
    let standing = standing(case, team)?;
    let wanted = PermissionSet::of(&[permission]);
    case.policy.catalog.require(standing.permissions(), wanted, Reason::PermissionDenied)?;
    case.require_active().map(|()| standing)
}

/// Makes a team: within another one by whoever may do so there.
pub(super) fn create(case: &Case<'_>, create: &CreateTeam) -> Result<Decision, Denial> {
    require(case, create.parent, Permission::TeamCreate).map_err(|denial| at_parent(denial, create.parent))?;
    let most = case.policy.teams.most;
    if u32::try_from(case.facts.teams.len()).unwrap_or(u32::MAX) >= most {
        return Err(Denial::because(
            Reason::TeamLimitReached,
            format!("an organization has at most {}", counted(most, "team")),
        ));
    }
    require_place(&case.facts.teams, None, create.parent, case.policy.teams)?;
    let team = Team {
        id: create.team,
        organization: case.organization.id,
        name: create.name.clone(),
        parent: create.parent,
        created_at: case.now,
        updated_at: case.now,
    };
    Ok(Decision::quiet(vec![Event::TeamCreated { team }], Outcome::Team { team: create.team }))
}

/// Names the field when it is the parent that is not there, or in which the caller may not build.
fn at_parent(denial: Denial, parent: Option<TeamId>) -> Denial {
    let about = [Reason::NotFound, Reason::PermissionDenied].contains(&denial.reason);
    if parent.is_some() && about { denial.at("parentId") } else { denial }
}

/// Renames or moves a team.
pub(super) fn update(case: &Case<'_>, update: &UpdateTeam) -> Result<Decision, Denial> {
    let old = find(case, update.team)?;
    if update.name.is_some() || update.parent.is_none() {
        require(case, Some(old.id), Permission::TeamUpdate)?;
    }
    let parent = update.parent.as_ref().map_or(old.parent, |change: &Change<TeamId>| change.value().copied());
    if update.parent.is_some() {
        require_move(case, old, parent)?;
    }
    let name = update.name.as_ref().unwrap_or(&old.name).clone();
    let changed = name != old.name || parent != old.parent;
    let team = Team { name, parent, updated_at: case.now, ..old.clone() };
    let event = changed.then_some(Event::TeamChanged { team });
    Ok(Decision::quiet(event.into_iter().collect(), Outcome::Team { team: old.id }))
}

/// Rule: a team is moved by whoever may change the place that it leaves and build in the place that it
/// comes to. Reason: a team's own admin would otherwise move it away from those who watch over it.
fn require_move(case: &Case<'_>, team: &Team, to: Option<TeamId>) -> Result<(), Denial> {
    let here = require(case, team.parent, Permission::TeamUpdate)?;
    require(case, to, Permission::TeamCreate).map_err(|denial| at_parent(denial, to))?;
    require_place(&case.facts.teams, Some(team.id), to, case.policy.teams)?;
    let gained = inherited(case, team.parent, to);
    require_grant(&case.policy.catalog, here.permissions(), gained).map_err(|denial| denial.at("parentId"))
}

/// What people of the teams above the new place come to hold in the moved one. Rule: moving is granting.
fn inherited(case: &Case<'_>, from: Option<TeamId>, to: Option<TeamId>) -> PermissionSet {
    let teams = gained_from(&case.facts.teams, from, to);
    let held = teams.iter().filter_map(|team| case.facts.team_roles.get(team)).flatten();
    held.fold(PermissionSet::default(), |set, key| {
        let roles = Roles::try_from(vec![key.clone()]).ok();
        let powers = roles.and_then(|roles| case.facts.powers_of(&case.policy.catalog, &roles).ok());
        set.union(powers.unwrap_or_default().permissions())
    })
}

/// Ends a team. Rule: nobody loses a team silently; those below it end with it only when told to. It is
/// the business of those above, as moving is: peers who lead it together cannot end it over each other.
pub(super) fn delete(case: &Case<'_>, delete: &DeleteTeam) -> Result<Decision, Denial> {
    let team = find(case, delete.team)?;
    require(case, team.parent, Permission::TeamDelete)?;
    let ending = and_below(&case.facts.teams, team.id);
    let below = ending.len().saturating_sub(1);
    if below > 0 && !delete.cascade {
        let verb = if below == 1 { "is" } else { "are" };
        let count = format!("{} {verb}", counted(below, "team"));
        return Err(Denial::about(Reason::TeamHasSubteams, "team", format!("{count} below it")));
    }
    // The lowest first, so that none is ever without the one that it is a part of.
    let events = ending.into_iter().rev().map(|team| Event::TeamDeleted { team }).collect();
    Ok(Decision::quiet(events, Outcome::TeamDeleted { team: team.id, below }))
}

pub(super) fn find<'a>(case: &'a Case<'_>, team: TeamId) -> Result<&'a Team, Denial> {
    case.facts.teams.get(&team).ok_or_else(|| Reason::NotFound.into())
}
