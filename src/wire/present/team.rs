//! Teams, and who is in them.

use super::{encode, organization_path, with};
use crate::app::execute::Executed;
use crate::app::ports::TeamRow;
use crate::domain::event::Event;
use crate::domain::id::{TeamId, UserId};
use crate::domain::membership::Membership;
use crate::domain::team::{Team, TeamMember};
use serde_json::{Value, json};

/// A team.
pub fn team(team: &Team) -> Value {
    json!({
        "id": team.id,
        "organizationId": team.organization,
        "name": team.name,
        "parentId": team.parent,
        "createdAt": team.created_at.to_string(),
        "updatedAt": team.updated_at.to_string(),
    })
}

/// What somebody holds in a team.
pub fn held(member: &TeamMember) -> Value {
    json!({
        "teamId": member.team,
        "userId": member.user,
        "roles": member.roles,
        "addedAt": member.added_at.to_string(),
    })
}

/// Somebody in a team.
pub fn row(row: &TeamRow) -> Value {
    member(&row.member, &row.membership)
}

fn member(held_there: &TeamMember, membership: &Membership) -> Value {
    let more = [
        ("organizationId", json!(membership.organization)),
        ("membershipId", json!(membership.id)),
        ("email", json!(membership.email)),
        ("name", json!(membership.name)),
        ("title", json!(membership.title)),
        ("state", json!(membership.state)),
    ];
    more.into_iter().fold(held(held_there), |body, (name, value)| with(body, name, value))
}

/// What an event about teams says; nothing for any other.
pub fn event(event: &Event) -> Value {
    match event {
        Event::TeamCreated { team: made } | Event::TeamChanged { team: made } => json!({ "team": team(made) }),
        Event::TeamDeleted { team } => json!({ "teamId": team }),
        Event::TeamMemberAdded { member } => json!({ "member": held(member) }),
        Event::TeamMemberRolesChanged { team, user, from, to } => {
            json!({ "teamId": team, "userId": user, "from": from, "to": to })
        }
        Event::TeamMemberRemoved { team, user } => json!({ "teamId": team, "userId": user }),
        _ => json!({}),
    }
}

/// The answer to a command about a team.
pub fn answer(executed: &Executed, id: TeamId) -> (u16, Value, Option<String>) {
    let shown = executed.facts.teams.get(&id).map(team).unwrap_or_default();
    let created = executed.events.iter().any(|event| matches!(event, Event::TeamCreated { .. }));
    let path = format!("{}/teams/{id}", organization_path(executed));
    if created { (201, shown, Some(path)) } else { (200, shown, None) }
}

/// The answer to a command about somebody in a team.
pub fn member_answer(executed: &Executed, team: TeamId, user: &UserId) -> (u16, Value, Option<String>) {
    let facts = &executed.facts;
    let found = facts.team_members.get(user).and_then(|held| held.get(&team));
    let shown = found.zip(facts.members.get(user)).map(|(held, membership)| member(held, membership));
    let created = executed.events.iter().any(|event| matches!(event, Event::TeamMemberAdded { .. }));
    let path = format!("{}/teams/{team}/members/{}", organization_path(executed), encode(user.as_str()));
    let body = with(shown.unwrap_or_default(), "created", json!(created));
    if created { (201, body, Some(path)) } else { (200, body, None) }
}
