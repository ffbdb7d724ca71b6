//! Webhooks and deliveries as they are shown. Never shows a seed; a new secret stands as a placeholder.

use super::{Shown, Viewer, organization_path, with};
use crate::app::config::Config;
use crate::app::execute::Executed;
use crate::app::ports::{Delivery, DueDelivery};
use crate::app::webhooks::{TEST, compose, test_payload};
use crate::domain::event::Event;
use crate::domain::id::{MessageId, WebhookId};
use crate::domain::json_object::object_of;
use crate::domain::time::Timestamp;
use crate::domain::webhook::Webhook;
use crate::wire::answer::WEBHOOK_SECRET_PLACEHOLDER;
use serde_json::{Value, json};

/// A webhook.
pub fn webhook(webhook: &Webhook, now: Timestamp) -> Value {
    let retired = webhook.retired.as_ref().filter(|retired| now < retired.until);
    with(recorded(webhook), "previousSecretUntil", json!(retired.map(|retired| retired.until.to_string())))
}

/// A webhook in the audit log, where no instant is now.
fn recorded(webhook: &Webhook) -> Value {
    json!({
        "id": webhook.id,
        "organizationId": webhook.organization,
        "url": webhook.url,
        "events": webhook.events,
        "description": webhook.description,
        "state": webhook.state,
        "disabledBecause": webhook.disabled_because,
        "createdBy": webhook.created_by,
        "createdAt": webhook.created_at.to_string(),
        "updatedAt": webhook.updated_at.to_string(),
    })
}

/// What an event about webhooks says.
pub fn event(event: &Event) -> Value {
    match event {
        Event::WebhookCreated { webhook }
        | Event::WebhookChanged { webhook }
        | Event::WebhookSecretRotated { webhook }
        | Event::WebhookDisabled { webhook } => json!({ "webhook": recorded(webhook) }),
        Event::WebhookDeleted { webhook } => json!({ "webhookId": webhook }),
        _ => json!({}),
    }
}

/// A delivery.
pub fn delivery(delivery: &Delivery) -> Value {
    let instant = |at: Option<Timestamp>| at.map(|at| at.to_string());
    json!({
        "id": delivery.message,
        "webhookId": delivery.webhook,
        "organizationId": delivery.organization,
        "type": delivery.name,
        "seq": delivery.event.map(|(seq, _)| seq),
        "state": delivery.state(),
        "attempts": delivery.attempts,
        "status": delivery.status,
        "fault": delivery.fault,
        "createdAt": delivery.created_at.to_string(),
        "attemptedAt": instant(delivery.attempted_at),
        "nextAttemptAt": instant(delivery.due_at),
        "deliveredAt": instant(delivery.delivered_at),
    })
}

/// A delivery as it would go out now, for the development mode's outbox.
pub fn outgoing(config: &Config, due: &DueDelivery, now: Timestamp) -> Value {
    let call = due.webhook.as_ref().map(|webhook| {
        let call = compose(config, due, webhook, (&webhook.url, now), &super::event::recorded);
        let headers =
            object_of(call.headers().into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))));
        json!({ "method": "POST", "url": call.url, "headers": headers, "body": call.body })
    });
    with(with(delivery(&due.delivery), "kind", json!("webhook")), "request", call.unwrap_or_default())
}

/// The webhook that a command left, with its secret if the command made one.
pub(super) fn answer(executed: &Executed, id: WebhookId, viewer: &Viewer<'_>) -> Shown {
    let found = executed.facts.webhooks.get(&id);
    let mut body = found.map(|found| webhook(found, viewer.now)).unwrap_or_default();
    if viewer.token {
        body = with(body, "secret", json!(WEBHOOK_SECRET_PLACEHOLDER));
    }
    let created = executed.events.iter().any(|event| matches!(event, Event::WebhookCreated { .. }));
    let path = format!("{}/webhooks/{id}", organization_path(executed));
    if created { (201, body, Some(path)) } else { (200, body, None) }
}

/// A test that waits for its first attempt.
pub(super) fn tested(executed: &Executed, (id, message): (WebhookId, MessageId), now: Timestamp) -> Shown {
    let at = executed.facts.organization.as_ref().map_or(now, |organization| organization.updated_at.max(now));
    let payload = test_payload((executed.organization, id), message, at);
    let body = json!({
        "id": message,
        "webhookId": id,
        "organizationId": executed.organization,
        "type": TEST,
        "state": "pending",
        "payload": payload,
    });
    (202, body, None)
}
