//! Webhooks and their deliveries, over the state.

use super::read::size;
use super::{MemoryStore, State};
use crate::app::ports::{
    AuditFilter, Claim, Commit, Delivery, DeliveryFilter, DeliveryId, DueDelivery, Reach, Settlement, Sick, Tenant,
    Unavailable, WebhookFilter, WebhookStore,
};
use crate::app::webhooks::TEST;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::{OrganizationId, WebhookId};
use crate::domain::order::{sort, sort_by_key};
use crate::domain::time::Timestamp;
use crate::domain::webhook::Webhook;

impl State {
    /// Another address, or switching it, begins anew. Before the events are applied.
    pub(super) fn renew_webhooks(&mut self, commit: &Commit) {
        let known = self.organizations.get(&commit.organization).map(|facts| &facts.webhooks);
        let old = |id: &WebhookId| known.and_then(|known| known.get(id));
        let moved = |old: &Webhook, new: &Webhook| (&old.url, old.state) != (&new.url, new.state);
        for event in &commit.events {
            match event {
                Event::WebhookChanged { webhook } | Event::WebhookDisabled { webhook }
                    if old(&webhook.id).is_some_and(|old| moved(old, webhook)) =>
                {
                    self.failing.remove(&webhook.id);
                }
                Event::WebhookDeleted { webhook } => self.failing.retain(|id, _| id != webhook),
                Event::OrganizationPurged {} => {
                    self.failing.retain(|id, _| !known.is_some_and(|known| known.contains_key(id)));
                    self.deliveries.retain(|_, delivery| delivery.organization != commit.organization);
                }
                _ => {}
            }
        }
    }

    /// What the commit tells webhooks. After its events are applied.
    pub(super) fn emit(&mut self, commit: &Commit) {
        let hearing = self.organizations.get(&commit.organization).filter(|_| commit.base > 0);
        let hearing = hearing.into_iter().flat_map(|facts| facts.webhooks.values());
        let heard = hearing.flat_map(|webhook| {
            let events = commit.emission.events.iter().filter(|event| webhook.hears(event.name));
            events.map(|event| {
                let about = (Some((commit.entry.seq, event.place)), event.name);
                Delivery::new((webhook.id, commit.organization), DeliveryId::Event(event.id), about, commit.at)
            })
        });
        let test = commit.emission.test.map(|(webhook, message)| {
            let message = DeliveryId::Message(message);
            Delivery::new((webhook, commit.organization), message, (None, TEST), commit.at)
        });
        let new: Vec<Delivery> = heard.chain(test).collect();
        self.deliveries.extend(new.into_iter().map(|delivery| (key(&delivery), delivery)));
    }

    fn with_all(&self, delivery: &Delivery) -> DueDelivery {
        let facts = self.organizations.get(&delivery.organization);
        let webhook = facts.and_then(|facts| facts.webhooks.get(&delivery.webhook)).cloned();
        let recorded = |(facts, (seq, place)): (&Facts, (u64, u32))| {
            let filter = AuditFilter { after: seq.saturating_sub(1), limit: u32::MAX, ..AuditFilter::default() };
            let events = self.events(facts, &filter);
            events.into_iter().find(|event| (event.seq, event.index) == (seq, place))
        };
        let event = facts.zip(delivery.event).and_then(recorded);
        DueDelivery { delivery: delivery.clone(), webhook, event }
    }

    fn settle(&mut self, settled: &Settlement) {
        let Some(delivery) = self.deliveries.get_mut(&(settled.webhook, settled.message.to_string())) else { return };
        if settled.delivered_at.is_none() && (delivery.due_at.is_none() || delivery.due_at != settled.lease) {
            return;
        }
        delivery.attempts = delivery.attempts.saturating_add(settled.attempts);
        delivery.attempted_at = settled.attempted_at.or(delivery.attempted_at);
        delivery.status = settled.status;
        delivery.fault = settled.fault;
        delivery.delivered_at = settled.delivered_at;
        delivery.due_at = settled.due_at;
    }

    /// Since when nothing arrives: from now on, unless it was known before.
    fn failing_since(&mut self, webhook: WebhookId, now: Timestamp) -> Timestamp {
        let since = self.failing.get(&webhook).copied().unwrap_or(now);
        self.failing.insert(webhook, since);
        since
    }

    pub(super) fn has_webhook(&self, id: &WebhookId) -> bool {
        self.organizations.values().any(|facts| facts.webhooks.contains_key(id))
    }

    /// For a dump: of which organization each delivery is.
    pub(super) fn failing(&self) -> Vec<(&WebhookId, &Timestamp)> {
        self.failing.iter().collect()
    }
}

fn key(delivery: &Delivery) -> (WebhookId, String) {
    (delivery.webhook, delivery.message.to_string())
}

fn listed(facts: &Facts, filter: &WebhookFilter) -> Vec<Webhook> {
    let later = |webhook: &&Webhook| filter.after.is_none_or(|after| webhook.id > after);
    facts.webhooks.values().filter(later).take(size(filter.limit)).cloned().collect()
}

fn deliveries(state: &State, organization: Option<OrganizationId>, filter: &DeliveryFilter) -> Vec<Delivery> {
    let before = filter.before.map(|(at, id)| (at, id.to_string(), filter.webhook));
    let own =
        state.deliveries.values().filter(|it| it.webhook == filter.webhook && Some(it.organization) == organization);
    let mut found: Vec<Delivery> =
        own.filter(|it| before.as_ref().is_none_or(|before| it.place() < *before)).cloned().collect();
    sort_by_key(&mut found, |delivery| std::cmp::Reverse(delivery.place()));
    found.truncate(size(filter.limit));
    found
}

impl WebhookStore for MemoryStore {
    async fn webhooks(&self, reach: &Reach, filter: &WebhookFilter) -> Result<Tenant<Vec<Webhook>>, Unavailable> {
        Ok(self.state.borrow().tenant(reach, |facts| listed(facts, filter)))
    }

    async fn webhook(&self, reach: &Reach, id: WebhookId) -> Result<Tenant<Option<Webhook>>, Unavailable> {
        Ok(self.state.borrow().tenant(reach, |facts| facts.webhooks.get(&id).cloned()))
    }

    async fn deliveries(
        &self,
        reach: &Reach,
        filter: &DeliveryFilter,
    ) -> Result<Tenant<Option<Vec<Delivery>>>, Unavailable> {
        let state = self.state.borrow();
        let rows = |facts: &Facts| {
            let id = facts.organization.as_ref().map(|organization| organization.id);
            facts.webhooks.get(&filter.webhook).map(|_| deliveries(&state, id, filter))
        };
        Ok(state.tenant(reach, rows))
    }

    async fn claim_deliveries(&self, claim: Claim) -> Result<Vec<DueDelivery>, Unavailable> {
        let mut state = self.change();
        let waits = |delivery: &&mut Delivery| delivery.due_at.is_some_and(|at| at <= claim.now);
        let mut due: Vec<&mut Delivery> = state.deliveries.values_mut().filter(waits).collect();
        sort_by_key(&mut due, |delivery| (delivery.due_at, key(delivery)));
        due.truncate(size(claim.limit));
        due.iter_mut().for_each(|delivery| delivery.due_at = Some(claim.until));
        let due: Vec<Delivery> = due.into_iter().map(|delivery| delivery.clone()).collect();
        Ok(due.iter().map(|delivery| state.with_all(delivery)).collect())
    }

    async fn settle_deliveries(&self, settled: &[Settlement], now: Timestamp) -> Result<Vec<Sick>, Unavailable> {
        let mut state = self.change();
        settled.iter().for_each(|settled| state.settle(settled));
        let (well, mut sick) = Settlement::health(settled);
        state.failing.retain(|id, _| !well.contains(id));
        sort(&mut sick);
        sick.dedup();
        sick.retain(|id| state.has_webhook(id));
        let sick = sick.into_iter().map(|webhook| Sick { webhook, since: state.failing_since(webhook, now) });
        Ok(sick.collect())
    }

    async fn forget_deliveries(&self, before: Timestamp) -> Result<(), Unavailable> {
        self.change().deliveries.retain(|_, delivery| delivery.created_at >= before);
        Ok(())
    }

    async fn newest_deliveries(&self, limit: u32) -> Result<Vec<DueDelivery>, Unavailable> {
        let state = self.state.borrow();
        let mut all: Vec<&Delivery> = state.deliveries.values().collect();
        sort_by_key(&mut all, |delivery| std::cmp::Reverse(delivery.place()));
        Ok(all.into_iter().take(size(limit)).map(|delivery| state.with_all(delivery)).collect())
    }
}
