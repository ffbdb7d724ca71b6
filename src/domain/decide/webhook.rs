//! Making, changing, testing and ending webhooks.

use super::Case;
use crate::domain::command::{
    Change, CreateWebhook, DeleteWebhook, DisableWebhook, RotateWebhook, TestWebhook, UpdateWebhook,
};
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::{Denial, Reason, counted};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::WebhookId;
use crate::domain::permission::Permission;
use crate::domain::time::Timestamp;
use crate::domain::webhook::{DisabledBecause, Webhook, WebhookState};

/// Makes a webhook.
pub(super) fn create(case: &Case<'_>, create: &CreateWebhook) -> Result<Decision, Denial> {
    case.require(Permission::WebhookCreate)?;
    require_sight(case)?;
    let most = case.policy.webhooks.most;
    if case.facts.webhooks.len() >= most {
        return Err(Denial::because(
            Reason::WebhookLimitReached,
            format!("at most {} {} kept", counted(most, "webhook"), if most == 1 { "is" } else { "are" }),
        ));
    }
    let webhook = Webhook {
        id: create.webhook,
        organization: case.organization.id,
        url: create.url.clone(),
        events: create.events.clone(),
        description: create.description.clone(),
        state: WebhookState::Active,
        disabled_because: None,
        seed: create.seed.clone(),
        retired: None,
        created_by: case.actor.user_id.clone(),
        created_at: case.now,
        updated_at: case.now,
    };
    Ok(done(create.webhook, Some(Event::WebhookCreated { webhook })))
}

/// Rule: an address hears what the audit log says; whoever may not read it opens no door to it.
fn require_sight(case: &Case<'_>) -> Result<(), Denial> {
    case.require_held(Permission::AuditRead)
}

/// Changes a webhook. Rule: switching it off shows nobody anything; everything else does. A suspended organization
/// still tells what happens to it, so whoever hears it can be stopped all the same.
pub(super) fn update(case: &Case<'_>, update: &UpdateWebhook) -> Result<Decision, Denial> {
    case.require_held(Permission::WebhookUpdate)?;
    if !only_stops(update) {
        case.require_active()?;
    }
    let now = find(case.facts, update.webhook)?;
    if update.url.is_some() || update.events.is_some() || update.state == Some(WebhookState::Active) {
        require_sight(case)?;
    }
    let state = update.state.unwrap_or(now.state);
    let asked = Some(now.disabled_because.unwrap_or(DisabledBecause::Asked));
    let changed = Webhook {
        url: update.url.clone().unwrap_or_else(|| now.url.clone()),
        events: update.events.clone().unwrap_or_else(|| now.events.clone()),
        description: match &update.description {
            None => now.description.clone(),
            Some(Change::Clear) => None,
            Some(Change::Set(text)) => Some(text.clone()),
        },
        state,
        disabled_because: if state == WebhookState::Active { None } else { asked },
        ..now.clone()
    };
    if changed == *now {
        return Ok(done(now.id, None));
    }
    let (was, webhook) = (now.state, Webhook { updated_at: case.now, ..changed });
    let event = match (was, state) {
        (WebhookState::Active, WebhookState::Disabled) => Event::WebhookDisabled { webhook },
        _ => Event::WebhookChanged { webhook },
    };
    Ok(done(update.webhook, Some(event)))
}

fn only_stops(update: &UpdateWebhook) -> bool {
    let more = update.url.is_some() || update.events.is_some() || update.description.is_some();
    update.state == Some(WebhookState::Disabled) && !more
}

/// Gives it a new secret, the old one beside it for a while, so that no delivery is refused meanwhile; while the
/// organization is suspended too, since what it tells then is signed as well.
pub(super) fn rotate(case: &Case<'_>, rotate: &RotateWebhook) -> Result<Decision, Denial> {
    case.require_held(Permission::WebhookUpdate)?;
    let webhook = find(case.facts, rotate.webhook)?.rotated(&rotate.seed, i64::from(rotate.overlap), case.now);
    Ok(done(rotate.webhook, Some(Event::WebhookSecretRotated { webhook })))
}

/// Ends it, and with it what waits; while the organization is suspended too.
pub(super) fn delete(case: &Case<'_>, delete: &DeleteWebhook) -> Result<Decision, Denial> {
    case.require_held(Permission::WebhookDelete)?;
    let webhook = find(case.facts, delete.webhook)?.id;
    Ok(Decision::quiet(vec![Event::WebhookDeleted { webhook }], Outcome::WebhookDeleted { webhook }))
}

/// Sends a message that says nothing: no event, since nothing of the organization changes.
pub(super) fn test(case: &Case<'_>, test: &TestWebhook) -> Result<Decision, Denial> {
    case.require(Permission::WebhookUpdate)?;
    let webhook = find(case.facts, test.webhook)?;
    if !webhook.is_active() {
        return Err(Reason::WebhookDisabled.into());
    }
    Ok(Decision::quiet(Vec::new(), Outcome::WebhookTested { webhook: webhook.id, message: test.message }))
}

/// Gives an address up. The installation asks, not a person: no scope. What has changed meanwhile is no
/// error.
pub(super) fn disable(facts: &Facts, disable: &DisableWebhook, now: Timestamp) -> Decision {
    let found = facts.webhooks.get(&disable.webhook);
    let same = found.filter(|webhook| webhook.is_active() && webhook.url == disable.url);
    let event = same.map(|webhook| Event::WebhookDisabled { webhook: webhook.disabled(disable.because, now) });
    done(disable.webhook, event)
}

fn find(facts: &Facts, id: WebhookId) -> Result<&Webhook, Denial> {
    facts.webhooks.get(&id).ok_or_else(|| Reason::NotFound.into())
}

fn done(webhook: WebhookId, event: Option<Event>) -> Decision {
    Decision::quiet(event.into_iter().collect(), Outcome::Webhook { webhook })
}
