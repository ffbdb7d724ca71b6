//! Webhooks and their deliveries, as statements.

use super::executor::{Executor, Statement};
use super::shape::{inside, target};
use super::{Decoder, Param, SqlStore, json, list};
use crate::app::ports::{
    Claim, Commit, Delivery, DeliveryFilter, DueDelivery, Reach, Settlement, Sick, Tenant, Unavailable, WebhookFilter,
    WebhookStore,
};
use crate::app::webhooks::TEST;
use crate::domain::event::Event;
use crate::domain::id::WebhookId;
use crate::domain::time::Timestamp;
use crate::domain::webhook::Webhook;
use serde::Deserialize;

/// Another address, or switching it, begins anew: what failed before says nothing about it.
const KEEP: &str = "INSERT INTO webhooks (id, organization, body) VALUES (?1, ?2, ?3) \
     ON CONFLICT (id) DO UPDATE SET failing_since = CASE WHEN excluded.body ->> 'url' = body ->> 'url' \
     AND excluded.body ->> 'state' = body ->> 'state' THEN failing_since END, body = excluded.body";
const REMOVE: &str = "DELETE FROM webhooks WHERE id = ?1";

/// One row for each event of the commit and each webhook that hears of it: one statement, whatever there
/// is of either. It stands behind what the events mean, so that a new webhook hears of itself.
const EMIT: &str = "INSERT INTO deliveries (webhook, message, organization, seq, place, name, created_at, due_at) \
     SELECT w.id, e.value ->> 'id', ?1, ?2, e.value ->> 'place', e.value ->> 'name', ?3, ?3 \
     FROM webhooks w INDEXED BY webhooks_by_organization CROSS JOIN json_each(?4) e WHERE w.organization = ?1 AND w.state = 'active' \
     AND EXISTS (SELECT 1 FROM json_each(w.body, '$.events') p \
     WHERE p.value IN ('*', e.value ->> 'name', e.value ->> 'family'))";
const EMIT_TEST: &str = "INSERT INTO deliveries (webhook, message, organization, name, created_at, due_at) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?5)";

const ALL: &str = concat!(
    "SELECT body AS j FROM webhooks INDEXED BY webhooks_by_organization WHERE organization = ",
    target!(),
    " ORDER BY id"
);
const LISTED: &str = concat!(
    "SELECT body AS j FROM webhooks INDEXED BY webhooks_by_organization WHERE organization = ",
    inside!(),
    " AND id > ?4 ORDER BY id LIMIT ?5"
);
const ONE: &str = concat!("SELECT body AS j FROM webhooks WHERE id = ?4 AND organization = ", inside!());

macro_rules! delivery {
    () => {
        "json_object('webhook', deliveries.webhook, 'message', deliveries.message, 'organization', deliveries.organization, \
         'event', CASE WHEN deliveries.seq IS NULL THEN NULL ELSE json_array(deliveries.seq, deliveries.place) END, 'name', deliveries.name, \
         'createdAt', deliveries.created_at, 'dueAt', deliveries.due_at, 'attempts', deliveries.attempts, 'attemptedAt', deliveries.attempted_at, \
         'status', deliveries.status, 'fault', deliveries.fault, 'deliveredAt', deliveries.delivered_at)"
    };
}

macro_rules! due {
    () => {
        concat!(
            "json_object('delivery', ",
            delivery!(),
            ", 'webhook', json((SELECT w.body FROM webhooks w WHERE w.id = deliveries.webhook)), 'event', \
             json((SELECT json_object('organization', c.organization, 'seq', c.seq, 'index', deliveries.place, 'at', c.at, \
             'actor', c.actor, 'actorKind', c.actor_kind, 'operator', c.operator, 'action', c.action, 'hash', c.hash, \
             'event', json_extract(c.events, '$[' || deliveries.place || ']')) FROM commits c \
             WHERE c.organization = deliveries.organization AND c.seq = deliveries.seq)))"
        )
    };
}

/// The webhook decides whether there is a list; so the list is one value of its row.
const DELIVERIES: &str = concat!(
    "SELECT json_object('deliveries', json((SELECT json_group_array(json(j)) FROM (SELECT ",
    delivery!(),
    " AS j FROM deliveries WHERE deliveries.webhook = w.id AND (deliveries.created_at, deliveries.message) < (?5, ?6) \
     ORDER BY deliveries.created_at DESC, deliveries.message DESC LIMIT ?7)))) AS j FROM webhooks w \
     WHERE w.id = ?4 AND w.organization = ",
    inside!()
);

/// The columns of a delivery in the order of [`CLAIM`] and [`SETTLE`], which meet each row by its whole key,
/// as an insertion that conflicts: whatever the planner knows, it reads no other row of the webhook.
macro_rules! columns {
    () => {
        "(webhook, message, organization, seq, place, name, created_at, due_at, attempts, attempted_at, status, \
         fault, delivered_at)"
    };
}

/// One statement, so that two who deliver at the same time never claim the same delivery.
const CLAIM: &str = concat!(
    "INSERT INTO deliveries ",
    columns!(),
    " SELECT webhook, message, organization, seq, place, name, created_at, ?2, attempts, attempted_at, status, \
     fault, delivered_at FROM deliveries INDEXED BY deliveries_due WHERE due_at <= ?1 \
     ORDER BY due_at, webhook, message LIMIT ?3 \
     ON CONFLICT (webhook, message) DO UPDATE SET due_at = excluded.due_at RETURNING ",
    due!(),
    " AS j"
);
/// What arrived has arrived, whoever sent it; a failure counts only while the delivery is the claimant's.
const SETTLE: &str = concat!(
    "INSERT INTO deliveries ",
    columns!(),
    " SELECT d.webhook, d.message, d.organization, d.seq, d.place, d.name, d.created_at, s.value ->> 'dueAt', \
     d.attempts + (s.value ->> 'attempts'), COALESCE(s.value ->> 'attemptedAt', d.attempted_at), \
     s.value ->> 'status', s.value ->> 'fault', s.value ->> 'deliveredAt' \
     FROM json_each(?1) s CROSS JOIN deliveries d \
     ON d.webhook = s.value ->> 'webhook' AND d.message = s.value ->> 'message' \
     WHERE s.value ->> 'deliveredAt' IS NOT NULL OR d.due_at = s.value ->> 'lease' \
     ON CONFLICT (webhook, message) DO UPDATE SET due_at = excluded.due_at, attempts = excluded.attempts, \
     attempted_at = excluded.attempted_at, status = excluded.status, fault = excluded.fault, \
     delivered_at = excluded.delivered_at"
);
const WELL: &str = "UPDATE webhooks SET failing_since = NULL \
     WHERE +failing_since IS NOT NULL AND id IN (SELECT value FROM json_each(?1))";
const SICK: &str = "UPDATE webhooks SET failing_since = COALESCE(failing_since, ?2) \
     WHERE id IN (SELECT value FROM json_each(?1)) RETURNING json_object('webhook', id, 'since', failing_since) AS j";
/// A thousand, and those of the same instant as the last of them.
const FORGET: &str = "DELETE FROM deliveries INDEXED BY deliveries_by_age WHERE created_at < ?1 AND created_at <= COALESCE(\
     (SELECT created_at FROM deliveries INDEXED BY deliveries_by_age WHERE created_at < ?1 \
     ORDER BY created_at LIMIT 1 OFFSET 999), ?1)";
const NEWEST: &str = concat!(
    "SELECT ",
    due!(),
    " AS j FROM deliveries ORDER BY deliveries.created_at DESC, deliveries.message DESC, deliveries.webhook DESC LIMIT ?1"
);

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("load webhooks", ALL),
        ("list webhooks", LISTED),
        ("read webhook", ONE),
        ("list deliveries", DELIVERIES),
        ("emit", EMIT),
        ("claim deliveries", CLAIM),
        ("settle deliveries", SETTLE),
        ("heal webhooks", WELL),
        ("notice sick webhooks", SICK),
        ("forget deliveries", FORGET),
        ("newest deliveries", NEWEST),
        ("keep webhook", KEEP),
        ("remove webhook", REMOVE),
        ("emit test", EMIT_TEST),
    ]
}

/// All webhooks of the organization; no statement for a command that needs none.
pub(super) fn needed(needed: bool, with: &impl Fn(&'static str, Vec<Param>) -> Statement) -> Option<Statement> {
    needed.then(|| with(ALL, vec![]))
}

/// The statement of an event; none for an event of another kind.
pub(super) fn project(event: &Event) -> Option<Statement> {
    Some(match event {
        Event::WebhookCreated { webhook }
        | Event::WebhookChanged { webhook }
        | Event::WebhookSecretRotated { webhook }
        | Event::WebhookDisabled { webhook } => keep(webhook),
        Event::WebhookDeleted { webhook } => Statement::new(REMOVE, vec![webhook.to_string().into()]),
        _ => return None,
    })
}

fn keep(webhook: &Webhook) -> Statement {
    let params = vec![webhook.id.to_string().into(), webhook.organization.to_string().into(), json(webhook)];
    Statement::new(KEEP, params)
}

/// What a commit tells webhooks. An organization that is new has none.
pub(super) fn commit(commit: &Commit) -> Vec<Statement> {
    let organization = || Param::from(commit.organization.to_string());
    let at = || Param::from(commit.at.millis());
    let events = (commit.base > 0 && !commit.emission.events.is_empty()).then(|| {
        let params = vec![organization(), commit.entry.seq.into(), at(), list(&commit.emission.events)];
        Statement::new(EMIT, params)
    });
    let test = commit.emission.test.map(|(webhook, message)| {
        let ids = [webhook.to_string().into(), message.to_string().into()];
        Statement::new(EMIT_TEST, [ids.as_slice(), &[organization(), TEST.into(), at()]].concat())
    });
    events.into_iter().chain(test).collect()
}

#[derive(Deserialize)]
struct Page {
    deliveries: Vec<Delivery>,
}

impl<X: Executor> WebhookStore for SqlStore<X> {
    async fn webhooks(&self, reach: &Reach, filter: &WebhookFilter) -> Result<Tenant<Vec<Webhook>>, Unavailable> {
        let after = filter.after.map(|id| id.to_string()).unwrap_or_default();
        self.tenant(reach, (LISTED, vec![after.into(), filter.limit.into()]), Decoder::many).await
    }

    async fn webhook(&self, reach: &Reach, id: WebhookId) -> Result<Tenant<Option<Webhook>>, Unavailable> {
        self.tenant(reach, (ONE, vec![id.to_string().into()]), Decoder::one).await
    }

    async fn deliveries(
        &self,
        reach: &Reach,
        filter: &DeliveryFilter,
    ) -> Result<Tenant<Option<Vec<Delivery>>>, Unavailable> {
        let last = || (Timestamp::MAX.millis(), "~".to_owned());
        let (at, id) = filter.before.map_or_else(last, |(at, id)| (at.millis(), id.to_string()));
        let params = vec![filter.webhook.to_string().into(), at.into(), id.into(), filter.limit.into()];
        let page = |decoder: &mut Decoder| Ok(decoder.one()?.map(|page: Page| page.deliveries));
        self.tenant(reach, (DELIVERIES, params), page).await
    }

    async fn claim_deliveries(&self, claim: Claim) -> Result<Vec<DueDelivery>, Unavailable> {
        let params = vec![claim.now.millis().into(), claim.until.millis().into(), claim.limit.into()];
        self.run(&[Statement::new(CLAIM, params)]).await?.many()
    }

    async fn settle_deliveries(&self, settled: &[Settlement], now: Timestamp) -> Result<Vec<Sick>, Unavailable> {
        let (well, sick) = Settlement::health(settled);
        let batch = [
            Statement::new(SICK, vec![list(&sick), now.millis().into()]),
            Statement::new(SETTLE, vec![list(settled)]),
            Statement::new(WELL, vec![list(&well)]),
        ];
        self.run(&batch).await?.many()
    }

    async fn forget_deliveries(&self, before: Timestamp) -> Result<(), Unavailable> {
        self.run(&[Statement::new(FORGET, vec![before.millis().into()])]).await.map(|_| ())
    }

    async fn newest_deliveries(&self, limit: u32) -> Result<Vec<DueDelivery>, Unavailable> {
        self.run(&[Statement::new(NEWEST, vec![limit.into()])]).await?.many()
    }
}
