//! Webhooks: making, changing, rotating, testing, ending, and what was sent.

use super::invitations::require_own_cursor;
use super::organizations::moved;
use crate::app::mint::Mint;
use crate::app::ports::{Cache, Delivery, DeliveryFilter, DeliveryId, Entropy, Failure, Store, WebhookFilter};
use crate::app::webhooks::destination;
use crate::domain::command::{CreateWebhook, DeleteWebhook, RotateWebhook, TestWebhook, UpdateWebhook};
use crate::domain::denial::{Denial, Reason};
use crate::domain::id::{OrganizationId, WebhookId};
use crate::domain::permission::Permission;
use crate::domain::table::Set;
use crate::domain::time::Timestamp;
use crate::domain::webhook::{Description, EventPattern, Webhook, WebhookLimits, WebhookSeed, WebhookState};
use crate::domain::webhook_url::WebhookUrl;
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::{Call, SeedUse, Wanted};
use crate::wire::present;
use crate::wire::query::Cursors;
use serde_json::json;

/// `GET /v1/organizations/{org}/webhooks`
pub async fn list<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let user = &call.principal()?.user_id;
    let query = call.query(&["limit", "cursor"])?;
    let cursors = Cursors::new(&call.app.config.keys, &["webhooks", user.as_str()]);
    let (place, limit) = (cursors.place::<(OrganizationId, WebhookId)>(&query)?, query.limit()?);
    let filter = WebhookFilter { after: place.map(|(_, id)| id), limit: limit.saturating_add(1) };
    let found = call.app.store.webhooks(&call.reach()?, &filter).await?;
    let opened = call.open_rows(found, Permission::WebhookRead)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    require_own_cursor(place.map(|(organization, _)| organization), &opened.affiliation)?;
    let show = |row: &Webhook| present::webhook(row, call.app.now);
    let timeless = opened.rows.iter().all(|row| is_timeless(row, call.app.now));
    let page = cursors.page(opened.rows, limit, |row| json!([row.organization, row.id]), show);
    Ok(Answer::json(200, &page).at_version_with(opened.affiliation.version, timeless))
}

/// `GET /v1/organizations/{org}/webhooks/{id}`
pub async fn read<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Answer, Failure> {
    let reach = call.reach()?;
    call.query(&[])?;
    let found = call.app.store.webhook(&reach, WebhookId::parse(id)?).await?;
    let opened = call.open_rows(found, Permission::WebhookRead)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let webhook = opened.rows.ok_or(Reason::NotFound)?;
    let timeless = is_timeless(&webhook, call.app.now);
    let shown = present::webhook(&webhook, call.app.now);
    Ok(Answer::json(200, &shown).at_version_with(opened.affiliation.version, timeless))
}

/// Whether a webhook is shown as the version left it: no former secret has run out since.
fn is_timeless(webhook: &Webhook, now: Timestamp) -> bool {
    webhook.retired.as_ref().is_none_or(|retired| now < retired.until)
}

/// `GET /v1/organizations/{org}/webhooks/{id}/deliveries`
pub async fn deliveries<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Answer, Failure> {
    let user = &call.principal()?.user_id;
    let query = call.query(&["limit", "cursor"])?;
    let webhook = WebhookId::parse(id)?;
    let cursors = Cursors::new(&call.app.config.keys, &["deliveries", user.as_str(), id]);
    let (before, limit) = (cursors.place::<(Timestamp, DeliveryId)>(&query)?, query.limit()?);
    let filter = DeliveryFilter { webhook, before, limit: limit.saturating_add(1) };
    let found = call.app.store.deliveries(&call.reach()?, &filter).await?;
    let opened = call.open_rows(found, Permission::WebhookRead)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let rows = opened.rows.ok_or(Reason::NotFound)?;
    let place = |row: &Delivery| json!([row.created_at, row.message]);
    let page = cursors.page(rows, limit, place, present::delivery);
    // Deliveries come and go on without a change to the organization.
    Ok(Answer::json(200, &page).at_version_as_shown(opened.affiliation.version))
}

/// `POST /v1/organizations/{org}/webhooks`
pub fn create<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    let mut fields = call.body()?;
    let mint = Mint::new(call.app.entropy, call.app.now);
    let seed = mint.webhook_seed()?;
    let action = CreateWebhook {
        webhook: mint.webhook()?,
        url: fields.text("url", |text| address(call, text))?,
        events: match patterns(&mut fields)? {
            Some(events) => events,
            None => Set::from([EventPattern::parse("*")?]),
        },
        description: fields.maybe_text("description", Description::parse)?,
        seed: seed.clone(),
    };
    fields.end()?;
    Ok(Wanted::with(action, shown(&seed)))
}

fn shown(seed: &WebhookSeed) -> SeedUse {
    SeedUse { seed: seed.as_str().to_owned(), shown: true }
}

fn address<S, C, E>(call: &Call<'_, S, C, E>, text: &str) -> Result<WebhookUrl, Denial> {
    destination(call.app.config, text)
}

/// Which events; none at all is no webhook.
fn patterns(fields: &mut Fields) -> Result<Option<Set<EventPattern>>, Denial> {
    let Some(texts) = fields.maybe_texts("events", EventPattern::MOST)? else { return Ok(None) };
    if texts.is_empty() {
        return Err(Denial::about(Reason::InvalidValue, "events", "name one event at least"));
    }
    let events: Result<Set<EventPattern>, Denial> = texts.iter().map(|text| EventPattern::parse(text)).collect();
    events.map(Some).map_err(|denial| denial.at("events"))
}

/// `PATCH /v1/organizations/{org}/webhooks/{id}`
pub fn update<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    let mut fields = call.body()?;
    fields.refuse_null(&["url", "events", "state"])?;
    fields.require_any(&["url", "events", "description", "state"])?;
    let action = UpdateWebhook {
        webhook: WebhookId::parse(id)?,
        url: fields.maybe_text("url", |text| address(call, text))?,
        events: patterns(&mut fields)?,
        description: fields.change("description", Description::parse)?,
        state: fields.maybe_text("state", WebhookState::parse)?,
    };
    fields.end()?;
    Ok(action.into())
}

/// `POST /v1/organizations/{org}/webhooks/{id}/rotate`
pub fn rotate<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    let mut fields = call.optional_body()?;
    let overlap = fields.maybe_number("overlap", 0..=WebhookLimits::LONGEST_OVERLAP)?;
    fields.end()?;
    let seed = Mint::new(call.app.entropy, call.app.now).webhook_seed()?;
    let overlap = u32::try_from(overlap.unwrap_or(WebhookLimits::OVERLAP)).unwrap_or_default();
    let action = RotateWebhook { webhook: WebhookId::parse(id)?, seed: seed.clone(), overlap };
    Ok(Wanted::with(action, shown(&seed)))
}

/// `POST /v1/organizations/{org}/webhooks/{id}/test`
pub fn test<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    call.bare()?;
    let message = Mint::new(call.app.entropy, call.app.now).message()?;
    Ok(TestWebhook { webhook: WebhookId::parse(id)?, message }.into())
}

/// `DELETE /v1/organizations/{org}/webhooks/{id}`
pub fn delete<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    call.bare()?;
    Ok(DeleteWebhook { webhook: WebhookId::parse(id)? }.into())
}
