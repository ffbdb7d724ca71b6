//! What travels through the ports about webhooks.

use crate::app::audit::Recorded;
use crate::app::ports::Unavailable;
use crate::app::rows::{Claim, Reach, Tenant};
use crate::domain::audit::event_id;
use crate::domain::denial::Denial;
use crate::domain::event::Event;
use crate::domain::id::{EventId, MessageId, OrganizationId, WebhookId};
use crate::domain::time::Timestamp;
use crate::domain::webhook::{Webhook, family};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The part of the truth that is about webhooks. Every method is one round trip.
#[expect(async_fn_in_trait, reason = "Workers and browsers have one thread; futures need not be Send")]
pub trait WebhookStore {
    /// Webhooks of an organization, oldest first.
    async fn webhooks(&self, reach: &Reach, filter: &WebhookFilter) -> Result<Tenant<Vec<Webhook>>, Unavailable>;

    /// One of them.
    async fn webhook(&self, reach: &Reach, id: WebhookId) -> Result<Tenant<Option<Webhook>>, Unavailable>;

    /// What was sent to one of them, newest first; `None` when there is no such webhook.
    async fn deliveries(
        &self,
        reach: &Reach,
        filter: &DeliveryFilter,
    ) -> Result<Tenant<Option<Vec<Delivery>>>, Unavailable>;

    /// Claims deliveries that are due: until the claim's end they are due for nobody else.
    async fn claim_deliveries(&self, claim: Claim) -> Result<Vec<DueDelivery>, Unavailable>;

    /// Records what became of attempts, and since when nothing has arrived. A failure counts only while
    /// the delivery is still the claimant's; gives the webhooks at which something has failed.
    async fn settle_deliveries(&self, settled: &[Settlement], now: Timestamp) -> Result<Vec<Sick>, Unavailable>;

    /// Forgets some deliveries that were made before an instant.
    async fn forget_deliveries(&self, before: Timestamp) -> Result<(), Unavailable>;

    /// The newest deliveries, of all organizations.
    async fn newest_deliveries(&self, limit: u32) -> Result<Vec<DueDelivery>, Unavailable>;
}

/// Which webhooks, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookFilter {
    /// After this id (ids are sorted by birth).
    pub after: Option<WebhookId>,
    /// At most so many.
    pub limit: u32,
}

/// Which deliveries, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// To which webhook.
    pub webhook: WebhookId,
    /// Before this place.
    pub before: Option<(Timestamp, DeliveryId)>,
    /// At most so many.
    pub limit: u32,
}

/// The id of what is delivered: an event's, or that of a message that is no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum DeliveryId {
    /// `evt_…`
    Event(EventId),
    /// `msg_…`
    Message(MessageId),
}

impl DeliveryId {
    /// Reads the text form.
    ///
    /// # Errors
    /// `not_found` for anything else.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        EventId::parse(text).map(DeliveryId::Event).or_else(|_| MessageId::parse(text).map(DeliveryId::Message))
    }
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeliveryId::Event(id) => id.fmt(formatter),
            DeliveryId::Message(id) => id.fmt(formatter),
        }
    }
}

impl From<DeliveryId> for String {
    fn from(id: DeliveryId) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for DeliveryId {
    type Error = Denial;
    fn try_from(text: String) -> Result<Self, Denial> {
        Self::parse(&text)
    }
}

/// What a commit tells webhooks of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Emission {
    /// Its events.
    pub events: Vec<Emitted>,
    /// A message to one webhook that says nothing.
    pub test: Option<(WebhookId, MessageId)>,
}

/// An event that webhooks may hear of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Emitted {
    /// Its id.
    pub id: EventId,
    /// Its place in the entry of the audit log.
    pub place: u32,
    /// Its name.
    pub name: &'static str,
    /// The pattern of its family.
    pub family: String,
}

impl Emitted {
    /// The events of an entry of the audit log.
    pub fn of(events: &[Event], organization: OrganizationId, seq: u64, at: Timestamp) -> Vec<Emitted> {
        let emitted = |(place, event): (u32, &Event)| Emitted {
            id: event_id(organization, seq, at, place),
            place,
            name: event.name(),
            family: family(event.name()),
        };
        (0..).zip(events).map(emitted).collect()
    }
}

/// What is or was to be sent to a webhook. Serde form = stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Delivery {
    /// To which webhook.
    pub webhook: WebhookId,
    /// What; receivers drop what they have seen.
    pub message: DeliveryId,
    /// Of which organization.
    pub organization: OrganizationId,
    /// The entry of the audit log and the place in it, for an event.
    pub event: Option<(u64, u32)>,
    /// The event's name.
    pub name: String,
    /// When it happened.
    pub created_at: Timestamp,
    /// When to try next; `None` is never.
    pub due_at: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was last tried.
    pub attempted_at: Option<Timestamp>,
    /// What the last answer was.
    pub status: Option<u16>,
    /// What went wrong the last time.
    pub fault: Option<Fault>,
    /// When it arrived.
    pub delivered_at: Option<Timestamp>,
}

impl Delivery {
    /// One that waits for its first attempt.
    pub fn new(
        (webhook, organization): (WebhookId, OrganizationId),
        message: DeliveryId,
        (event, name): (Option<(u64, u32)>, &str),
        at: Timestamp,
    ) -> Self {
        Delivery {
            webhook,
            message,
            organization,
            event,
            name: name.to_owned(),
            created_at: at,
            due_at: Some(at),
            attempts: 0,
            attempted_at: None,
            status: None,
            fault: None,
            delivered_at: None,
        }
    }

    /// Its place among all, oldest first. Of what happened at once the ids decide, as text.
    pub fn place(&self) -> (Timestamp, String, WebhookId) {
        (self.created_at, self.message.to_string(), self.webhook)
    }

    /// The public name of where it stands.
    pub fn state(&self) -> &'static str {
        match (self.delivered_at, self.due_at) {
            (Some(_), _) => "delivered",
            (None, Some(_)) => "pending",
            (None, None) => "failed",
        }
    }
}

/// A delivery with what is needed to send it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DueDelivery {
    /// The delivery.
    pub delivery: Delivery,
    /// The webhook, if it is still there.
    pub webhook: Option<Webhook>,
    /// The event, if it is one.
    pub event: Option<Recorded>,
}

/// What went wrong with an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// No answer in time.
    Timeout,
    /// No connection, or one that broke.
    Unreachable,
    /// An answer that leads elsewhere.
    Redirected,
    /// Any other answer that is no success.
    Status,
    /// An answer that nobody wants to hear more (410).
    Gone,
    /// The address breaks a rule that holds now.
    AddressRefused,
    /// The webhook was switched off or deleted meanwhile.
    Disabled,
}

impl Fault {
    /// Whether it says something about the address.
    pub fn is_theirs(self) -> bool {
        self != Fault::Disabled
    }
}

/// What became of an attempt to deliver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settlement {
    /// To which webhook.
    pub webhook: WebhookId,
    /// What.
    pub message: DeliveryId,
    /// How many attempts it was: one, or none.
    pub attempts: u32,
    /// When it was made.
    pub attempted_at: Option<Timestamp>,
    /// What the answer was.
    pub status: Option<u16>,
    /// What went wrong.
    pub fault: Option<Fault>,
    /// When it arrived.
    pub delivered_at: Option<Timestamp>,
    /// When to try again; `None` is never.
    pub due_at: Option<Timestamp>,
    /// The end of the claim under which it was made.
    pub lease: Option<Timestamp>,
}

impl Settlement {
    /// The webhooks at which something arrived, and those at which something failed and nothing arrived.
    pub fn health(settled: &[Settlement]) -> (Vec<WebhookId>, Vec<WebhookId>) {
        let well: Vec<WebhookId> = settled.iter().filter(|it| it.delivered_at.is_some()).map(|it| it.webhook).collect();
        let failed = settled.iter().filter(|it| it.fault.is_some_and(Fault::is_theirs)).map(|it| it.webhook);
        let sick = failed.filter(|webhook| !well.contains(webhook)).collect();
        (well, sick)
    }
}

/// A webhook at which nothing arrives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sick {
    /// Which.
    pub webhook: WebhookId,
    /// Since when.
    pub since: Timestamp,
}
