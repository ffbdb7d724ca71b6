//! What a command would do, to whoever tries it out.

use super::event;
use crate::app::trial::Trial;
use crate::domain::facts::Facts;
use crate::domain::id::UserId;
use crate::domain::invitation::Invitation;
use crate::wire::answer::{Presented, TOKEN_START};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The whole. Rule: who is not in the organization yet sees what concerns them, and no more of it.
pub fn trial(trial: &Trial, would: Presented) -> Value {
    let inside = trial.inside;
    let body = inside.then(|| without_tokens(would.body));
    json!({
        "dryRun": true,
        "wouldSucceed": true,
        "version": trial.before.version(),
        "outcome": { "status": would.status, "body": body },
        "events": trial.executed.events.iter().map(event::single).collect::<Vec<_>>(),
        "affectedMembers": affected(&trial.before, &trial.executed.facts),
        "seats": inside.then(|| seats(&trial.before, &trial.executed.facts)),
        "brokenInvitations": trial.broken.iter().map(broken).collect::<Vec<_>>(),
    })
}

/// Each member whose membership would begin, change or end; not all of them, where all end together.
fn affected(before: &Facts, after: &Facts) -> Vec<Value> {
    if after.organization.is_none() {
        return Vec::new();
    }
    let users: BTreeSet<&UserId> = before.members.keys().chain(after.members.keys()).collect();
    let changed = users.into_iter().filter_map(|user| {
        let (old, new) = (standing(before, user), standing(after, user));
        (old != new).then(|| json!({ "userId": user, "before": old, "after": new }))
    });
    changed.collect()
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
                name == "token" && value.as_str().is_some_and(|text| text.starts_with(TOKEN_START))
            };
            let rest = fields.into_iter().filter(|(name, value)| !is_token(name, value));
            Value::Object(rest.map(|(name, value)| (name, without_tokens(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_tokens).collect()),
        other => other,
    }
}
