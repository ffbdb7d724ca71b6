//! Teams, over the state.

use super::read::{affiliated, size};
use crate::app::ports::{Group, MOST_COUNTED, RoleRows, TeamMemberFilter, TeamRow, TeamView, Touched};
use crate::domain::facts::{Facts, Needs};
use crate::domain::id::{TeamId, UserId};
use crate::domain::membership::Membership;
use crate::domain::order::sort_by_key;
use crate::domain::role::{RoleKey, Roles};
use crate::domain::table::{Set, Table};
use crate::domain::team::TeamMember;

/// The rows about teams that a command needs.
pub(super) fn load(facts: &mut Facts, whole: &Facts, needs: &Needs) {
    if needs.teams {
        facts.teams = whole.teams.clone();
        let held = facts.members.keys().filter_map(|user| Some((user.clone(), whole.team_members.get(user)?.clone())));
        facts.team_members = held.collect();
    }
    if needs.team_roles {
        facts.team_roles = roles_held(whole);
    }
}

fn roles_held(whole: &Facts) -> Table<TeamId, Set<RoleKey>> {
    let mut held: Table<TeamId, Set<RoleKey>> = Table::new();
    for member in members(whole) {
        held.update(member.team, |roles| roles.extend(member.roles.iter().cloned()));
    }
    held
}

/// How many hold a role in a team, counted for each team.
pub(super) fn holders(whole: &Facts, key: &RoleKey) -> u32 {
    let count = members(whole).filter(|member| member.roles.contains(key)).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn members(whole: &Facts) -> impl Iterator<Item = &TeamMember> {
    whole.team_members.values().flat_map(Table::values)
}

/// The organization's own roles, and every key that is held.
pub(super) fn roles(facts: &Facts) -> RoleRows {
    let in_teams = members(facts).map(|member| &member.roles);
    let held = facts.members.values().map(|member| &member.roles).chain(in_teams);
    RoleRows { own: facts.roles.values().cloned().collect(), held: held.flat_map(Roles::iter).cloned().collect() }
}

pub(super) fn view(facts: &Facts, users: &[UserId]) -> TeamView {
    let held = users.iter().filter_map(|user| Some((user.clone(), facts.team_members.get(user)?.clone())));
    let members: Set<&UserId> = users.iter().collect();
    TeamView {
        teams: facts.teams.clone(),
        held: held.collect(),
        roles: facts.roles.values().cloned().collect(),
        members: members.into_iter().filter_map(|user| affiliated(facts, user)).collect(),
    }
}

pub(super) fn list(facts: &Facts, filter: &TeamMemberFilter) -> Vec<TeamRow> {
    let place = |member: &TeamMember| (member.team, member.user.clone());
    let mut found: Vec<&TeamMember> = members(facts).collect();
    found.retain(|member| filter.team.is_none_or(|team| member.team == team));
    found.retain(|member| filter.after.as_ref().is_none_or(|after| place(member) > *after));
    sort_by_key(&mut found, |member| place(member));
    let row = |member: &TeamMember| {
        Some(TeamRow { member: member.clone(), membership: facts.members.get(&member.user)?.clone() })
    };
    found.into_iter().filter_map(row).take(size(filter.limit)).collect()
}

/// Somebody in a team.
pub(super) fn one(facts: &Facts, team: TeamId, user: &UserId) -> Option<TeamRow> {
    let member = facts.team_members.get(user)?.get(&team)?.clone();
    Some(TeamRow { member, membership: facts.members.get(user)?.clone() })
}

/// Whom a change touches together.
pub(super) fn touched(facts: &Facts, group: &Group, limit: u32) -> Touched {
    let mut in_teams: Vec<TeamMember> = members(facts).filter(|member| is_in(member, group)).cloned().collect();
    sort_by_key(&mut in_teams, |member| (member.team, member.user.clone()));
    let in_teams_count = u32::try_from(in_teams.len()).unwrap_or(u32::MAX).min(MOST_COUNTED);
    in_teams.truncate(size(limit));
    let owner = facts.organization.as_ref().map(|organization| &organization.owner);
    let holds = |member: &&Membership| matches!(group, Group::Holders(key) if member.roles.contains(key));
    let mut members: Vec<Membership> = facts.members.values().filter(holds).cloned().collect();
    members.retain(|member| owner != Some(&member.user));
    sort_by_key(&mut members, |member| (member.joined_at, member.id));
    members.truncate(size(limit));
    Touched { members, in_teams, in_teams_count }
}

fn is_in(member: &TeamMember, group: &Group) -> bool {
    match group {
        Group::Holders(key) => member.roles.contains(key),
        Group::Teams(teams) => teams.contains(&member.team),
    }
}
