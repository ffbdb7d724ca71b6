//! What a command would do, to whoever tries it out.

use super::event;
use crate::app::ports::Group;
use crate::app::trial::{Affected, Offers, Sight, Trial};
use crate::domain::facts::Facts;
use crate::domain::id::{TeamId, UserId};
use crate::domain::invitation::Invitation;
use crate::domain::json_object::object_of;
use crate::domain::link::InvitationLink;
use crate::domain::membership::MembershipState;
use crate::domain::permission::{Catalog, PermissionSet};
use crate::domain::table::{Set, Table};
use crate::domain::team::TeamMember;
use crate::wire::answer::{Presented, TOKEN_START, WEBHOOK_SECRET_PLACEHOLDER};
use serde::Serialize;
use serde_json::{Value, json};

/// The whole. Rule: who is not in the organization yet sees what concerns them, and no more of it; who may not
/// see people hears how many are touched, and not who.
pub fn trial(trial: &Trial, would: Presented, catalog: &Catalog) -> Value {
    let (inside, affected, sight) = (trial.inside, &trial.affected, &trial.sight);
    let body = inside.then(|| without_tokens(would.body));
    let ((members, member_count), (in_teams, team_count)) = (members(trial, catalog), in_teams(affected, sight));
    json!({
        "dryRun": true,
        "wouldSucceed": true,
        "version": trial.before.version(),
        "outcome": { "status": would.status, "body": body },
        "events": trial.executed.events.iter().map(|event| event::tried(event, sight)).collect::<Vec<_>>(),
        "affectedMemberCount": member_count,
        "affectedMembers": members,
        "affectedTeamMemberCount": team_count,
        "affectedTeamMembers": in_teams,
        "seats": inside.then(|| seats(&trial.before, &trial.executed.facts)),
        "brokenInvitations": trial.broken.invitations.iter().map(|invitation| broken(invitation, sight)).collect::<Vec<_>>(),
        "brokenLinks": trial.broken.links.iter().map(|link| broken_link(link, sight)).collect::<Vec<_>>(),
    })
}

/// The whole of an erasure. Rule: it goes through many organizations, so there is no one version and no one list of
/// events; only a platform admin asks, who may see everybody.
pub fn erasure(offers: &Offers, body: Value) -> Value {
    json!({
        "dryRun": true,
        "wouldSucceed": true,
        "outcome": { "status": 200, "body": body },
        "brokenInvitations": offers.invitations.iter().map(|it| void(&it.id, &it.roles, Some(&it.invited_by))).collect::<Vec<_>>(),
        "brokenLinks": offers.links.iter().map(|it| void(&it.id, &it.roles, Some(&it.invited_by))).collect::<Vec<_>>(),
    })
}

fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Each member whose membership would begin, change or end, or whose role would, and how many these are; not
/// all of them are shown, and none where all end together.
fn members(trial: &Trial, catalog: &Catalog) -> (Vec<Value>, usize) {
    let affected = &trial.affected;
    let (before, after) = (&affected.before, &affected.after);
    let grouped = affected.members.map_or(0, size);
    if after.organization.is_none() {
        return (Vec::new(), grouped);
    }
    let mut users: Set<&UserId> = before.members.keys().chain(after.members.keys()).collect();
    users.retain(|user| holds(affected, user) || standing(before, user) != standing(after, user));
    let others = users.iter().filter(|user| !holds(affected, user)).count();
    let seen = users.into_iter().filter(|user| trial.sight.of_member(user));
    let shown = seen.map(|user| {
        let (had, has) = (power(before, user, catalog), power(after, user, catalog));
        json!({
            "userId": user,
            "before": standing(before, user),
            "after": standing(after, user),
            "permissionsGained": more(has, had, catalog),
            "permissionsLost": more(had, has, catalog),
        })
    });
    (shown.collect(), grouped.saturating_add(others))
}

/// Whether a member holds the role that changes. What is stored beside the owner's power is not in force.
fn holds(affected: &Affected, user: &UserId) -> bool {
    let owner = affected.before.organization.as_ref().map(|organization| &organization.owner);
    let held = affected.before.members.get(user).filter(|_| owner != Some(user));
    held.is_some_and(|member| matches!(&affected.group, Some(Group::Holders(role)) if member.roles.contains(role)))
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

/// Each who would come into a team, leave it, or hold other roles there, or whose role there would change, and
/// how many these are; not all of them are shown.
fn in_teams(affected: &Affected, sight: &Sight) -> (Vec<Value>, usize) {
    let (old, new) = (held(&affected.before), held(&affected.after));
    let roles = |member: Option<&&TeamMember>| member.map(|member| json!({ "roles": member.roles }));
    let grouped = |place: &(TeamId, &UserId)| old.get(place).is_some_and(|member| is_of(member, affected));
    let mut places: Set<(TeamId, &UserId)> = old.keys().chain(new.keys()).copied().collect();
    places.retain(|place| grouped(place) || roles(old.get(place)) != roles(new.get(place)));
    let others = places.iter().filter(|place| !grouped(place)).count();
    let seen = places.into_iter().filter(|(_, user)| sight.of_team_member(user));
    let shown = seen.map(|place| {
        let (before, after) = (roles(old.get(&place)), roles(new.get(&place)));
        json!({ "teamId": place.0, "userId": place.1, "before": before, "after": after })
    });
    (shown.collect(), affected.in_teams.map_or(0, size).saturating_add(others))
}

/// Whether what somebody holds in a team is of the group that is counted as a whole.
fn is_of(member: &TeamMember, affected: &Affected) -> bool {
    match &affected.group {
        Some(Group::Holders(role)) => member.roles.contains(role),
        Some(Group::Teams(teams)) => teams.contains(&member.team),
        None => false,
    }
}

fn held(facts: &Facts) -> Table<(TeamId, &UserId), &TeamMember> {
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

fn broken(invitation: &Invitation, sight: &Sight) -> Value {
    void(&invitation.id, &invitation.roles, Some(&invitation.invited_by).filter(|user| sight.of_member(user)))
}

fn broken_link(link: &InvitationLink, sight: &Sight) -> Value {
    void(&link.id, &link.roles, Some(&link.invited_by).filter(|user| sight.of_member(user)))
}

/// Without the address: who may remove a member need not be one who may read invitations.
fn void(id: &impl Serialize, roles: &impl Serialize, inviter: Option<&UserId>) -> Value {
    json!({ "id": id, "roles": roles, "invitedBy": inviter })
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
            Value::Object(object_of(rest.map(|(name, value)| (name, without_tokens(value)))))
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_tokens).collect()),
        other => other,
    }
}
