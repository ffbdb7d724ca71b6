//! What an operator's back end is shown.

use super::{itself, with};
use crate::app::ports::{
    Backlog, Enlisted, FailingWebhook, MOST_FAILING, MOST_WAITING, Operations, PlacedOrganization,
};
use crate::domain::id::UserId;
use crate::domain::role::RoleKey;
use crate::domain::time::Timestamp;
use crate::wire::query::page;
use serde_json::{Value, json};

/// A page of all organizations. The caller is shown in none of them: no roles, and none that allow anything.
pub fn organizations(rows: &[PlacedOrganization], next: Option<String>) -> Value {
    let none: [RoleKey; 0] = [];
    let shown = rows.iter().map(|row| with(itself(&row.organization), "roles", json!(none)));
    with(page(shown.collect(), next), "roles", json!(none))
}

/// Users with their memberships. A user whose memberships go on stands on the next page again.
pub fn users(rows: &[Enlisted], next: Option<String>) -> Value {
    let mut users: Vec<(UserId, Vec<Value>)> = Vec::new();
    for row in rows {
        match users.last_mut().filter(|(user, _)| *user == row.membership.user) {
            Some((_, memberships)) => memberships.push(membership(row)),
            None => users.push((row.membership.user.clone(), vec![membership(row)])),
        }
    }
    let shown = users.into_iter().map(|(id, memberships)| json!({ "id": id, "memberships": memberships }));
    page(shown.collect(), next)
}

fn membership(row: &Enlisted) -> Value {
    let Enlisted { membership, organization } = row;
    let shown = super::member(membership, &organization.owner);
    with(
        shown,
        "organization",
        json!({
            "id": organization.id,
            "slug": organization.slug,
            "name": organization.name,
            "state": organization.standing(),
            "ownerId": organization.owner,
            "version": organization.version,
        }),
    )
}

/// Whether the installation does its work.
pub fn operations(found: &Operations) -> Value {
    let named = usize::try_from(MOST_FAILING).unwrap_or(usize::MAX);
    let failing: Vec<Value> = found.failing.iter().take(named).map(failing).collect();
    let tick = found.tick;
    json!({
        "cron": {
            "lastRunAt": shown(tick.map(|tick| tick.at)),
            "failedParts": tick.map(|tick| tick.failures),
            "lastWholeRunAt": shown(tick.and_then(|tick| tick.whole_at)),
        },
        "mails": waiting(&found.mails),
        "webhooks": with(
            with(waiting(&found.deliveries), "failing", json!(failing)),
            "hasMoreFailing",
            json!(found.failing.len() > named),
        ),
    })
}

fn waiting(backlog: &Backlog) -> Value {
    json!({
        "waiting": backlog.count.min(MOST_WAITING),
        "hasMoreWaiting": backlog.count > MOST_WAITING,
        "oldestWaitingSince": shown(backlog.oldest),
    })
}

fn failing(found: &FailingWebhook) -> Value {
    json!({
        "webhookId": found.webhook,
        "organizationId": found.organization,
        "url": found.url,
        "failingSince": found.since.to_string(),
    })
}

fn shown(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}
