//! What a command would do, to whoever tries it out.

use super::event;
use crate::app::trial::{Affected, Trial};
use crate::domain::facts::Facts;
use crate::domain::id::{TeamId, UserId};
use crate::domain::invitation::Invitation;
use crate::domain::membership::MembershipState;
use crate::domain::permission::{Catalog, PermissionSet};
use crate::domain::team::TeamMember;
use crate::wire::answer::{Presented, TOKEN_START, WEBHOOK_SECRET_PLACEHOLDER};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The whole. Rule: who is not in the organization yet sees what concerns them, and no more of it.
pub fn trial(trial: &Trial, would: Presented, catalog: &Catalog) -> Value {
    let (inside, affected) = (trial.inside, &trial.affected);
    let body = inside.then(|| without_tokens(would.body));
    let (members, in_teams) = (members(affected, catalog), in_teams(affected));
    json!({
        "dryRun": true,
        "wouldSucceed": true,
        "version": trial.before.version(),
        "outcome": { "status": would.status, "body": body },
        "events": trial.executed.events.iter().map(event::single).collect::<Vec<_>>(),
        "affectedMemberCount": affected.members.map_or(0, size).max(members.len()),
        "affectedMembers": members,
        "affectedTeamMemberCount": affected.in_teams.map_or(0, size).max(in_teams.len()),
        "affectedTeamMembers": in_teams,
        "seats": inside.then(|| seats(&trial.before, &trial.executed.facts)),
        "brokenInvitations": trial.broken.iter().map(broken).collect::<Vec<_>>(),
    })
}

fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Each member whose membership would begin, change or end, or whose role would; not all of them, where all
/// end together.
fn members(affected: &Affected, catalog: &Catalog) -> Vec<Value> {
    let (before, after) = (&affected.before, &affected.after);
    if after.organization.is_none() {
        return Vec::new();
    }
    let users: BTreeSet<&UserId> = before.members.keys().chain(after.members.keys()).collect();
    let changed = users.into_iter().filter_map(|user| {
        let (old, new) = (standing(before, user), standing(after, user));
        (old != new || holds(affected, user)).then(|| {
            let (had, has) = (power(before, user, catalog), power(after, user, catalog));
            json!({
                "userId": user,
                "before": old,
                "after": new,
                "permissionsGained": more(has, had, catalog),
                "permissionsLost": more(had, has, catalog),
            })
        })
    });
    changed.collect()
}

/// Whether a member holds the role that changes. What is stored beside the owner's power is not in force.
fn holds(affected: &Affected, user: &UserId) -> bool {
    let owner = affected.before.organization.as_ref().map(|organization| &organization.owner);
    let held = affected.before.members.get(user).filter(|_| owner != Some(user));
    held.zip(affected.role.as_ref()).is_some_and(|(member, role)| member.roles.contains(role))
}

/// What is in the one and not in the other.
fn more(one: PermissionSet, other: PermissionSet, catalog: &Catalog) -> Vec<&str> {
    let mut names = catalog.names(one);
    let others = catalog.names(other);
    names.retain(|name| !others.contains(name));
    names
}

fn power(facts: &Facts, user: &UserId, catalog: &Catalog) -> PermissionSet {
    let works = facts.members.get(user).filter(|member| member.state == MembershipState::Active);
    works.map(|member| facts.powers_held(catalog, member).permissions()).unwrap_or_default()
}

/// Each who would come into a team, leave it, or hold other roles there, or whose role there would change.
fn in_teams(affected: &Affected) -> Vec<Value> {
    let (old, new) = (held(&affected.before), held(&affected.after));
    let touched = |member: &TeamMember| affected.role.as_ref().is_some_and(|role| member.roles.contains(role));
    let places: BTreeSet<(TeamId, &UserId)> = old.keys().chain(new.keys()).copied().collect();
    let changed = places.into_iter().filter_map(|place| {
        let (before, after) = (old.get(&place).copied(), new.get(&place).copied());
        let roles = |member: Option<&TeamMember>| member.map(|member| json!({ "roles": member.roles }));
        let differs = before.map(|member| &member.roles) != after.map(|member| &member.roles);
        (differs || before.is_some_and(touched))
            .then(|| json!({ "teamId": place.0, "userId": place.1, "before": roles(before), "after": roles(after) }))
    });
    changed.collect()
}

fn held(facts: &Facts) -> BTreeMap<(TeamId, &UserId), &TeamMember> {
    facts.team_members.values().flatten().map(|(team, member)| ((*team, &member.user), member)).collect()
}

fn standing(facts: &Facts, user: &UserId) -> Value {
    let found = facts.organization.as_ref().zip(facts.members.get(user));
    found.map_or(Value::Null, |(organization, member)| super::member(member, &organization.owner))
}

fn seats(before: &Facts, after: &Facts) -> Value {
    let count = |facts: &Facts| facts.organization.as_ref().map_or((0, 0), |it| (it.member_count, it.pending_count));
    let (old, new) = (count(before), count(after));
    let organization = after.organization.as_ref().or(before.organization.as_ref());
    json!({
        "limit": organization.and_then(|organization| organization.seat_limit),
        "membersBefore": old.0,
        "membersAfter": new.0,
        "pendingBefore": old.1,
        "pendingAfter": new.1,
    })
}

/// Without the address: who may remove a member need not be one who may read invitations.
fn broken(invitation: &Invitation) -> Value {
    json!({ "id": invitation.id, "roles": invitation.roles, "invitedBy": invitation.invited_by })
}

/// There is no token yet: each try makes another.
fn without_tokens(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let is_token = |name: &str, value: &Value| {
                let placeholder = |text: &str| text.starts_with(TOKEN_START) || text == WEBHOOK_SECRET_PLACEHOLDER;
                ["token", "secret"].contains(&name) && value.as_str().is_some_and(placeholder)
            };
            let rest = fields.into_iter().filter(|(name, value)| !is_token(name, value));
            Value::Object(rest.map(|(name, value)| (name, without_tokens(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_tokens).collect()),
        other => other,
    }
}
