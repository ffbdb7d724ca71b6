//! Sending webhooks: what an address is told, in which order of attempts, and when it is given up.
//!
//! Owns the bounds of one round, the schedule of attempts and the one check of an address that making,
//! changing and sending share. Never opens a connection: the port [`Sender`] does. What an event looks
//! like from outside is `wire`'s to say, and comes as a function.

mod message;
mod rows;
mod together;

pub use message::{Call, TEST, compose, sign, test_payload};
pub use rows::*;

use super::audit::Recorded;
use super::config::Config;
use super::execute::App;
use super::ports::{Cache, Claim, Entropy, Failure, Sender, Sent, Store, Unavailable, Upkeep};
use crate::domain::command::DisableWebhook;
use crate::domain::denial::{Denial, Reason};
use crate::domain::order::sort_by_key;
use crate::domain::table::Set;
use crate::domain::time::Timestamp;
use crate::domain::webhook::{DisabledBecause, Webhook};
use crate::domain::webhook_url::WebhookUrl;
use serde_json::Value;

/// How many deliveries one round claims.
pub const DELIVERIES_PER_ROUND: u32 = 20;

/// How many of them are on their way at once: a Worker has six connections.
const AT_ONCE: usize = 5;

/// How long a delivery belongs to whoever claimed it, in seconds: longer than the slowest round.
pub const LEASE: i64 = 120;

/// How long an address may take to answer, in milliseconds.
pub const TIMEOUT: u64 = 10_000;

/// How long the log of deliveries is kept, in seconds. The last attempt is long past by then.
pub const DELIVERY_LIFETIME: i64 = 30 * 24 * 60 * 60;

/// After how many seconds the next attempt is made when the first, second, … has failed: at once, 5 s,
/// 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, as Standard Webhooks proposes; then never.
pub const SCHEDULE: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// What an event looks like from outside.
pub type Show<'a> = &'a dyn Fn(&Recorded) -> Value;

/// What whoever knows the outside form says: how an event looks there, and what a status means.
pub struct Manners<'a> {
    /// How an event looks.
    pub show: Show<'a>,
    /// What is wrong with an answer; `None` when it says that the delivery has arrived.
    pub judge: fn(u16) -> Option<Fault>,
}

/// Checks an address: the one function for making, changing, testing and sending.
///
/// # Errors
/// `webhook_url_invalid`.
pub fn destination(config: &Config, text: &str) -> Result<WebhookUrl, Denial> {
    let url = WebhookUrl::parse(text)?;
    let host = url.host()?;
    let own = [Some(config.public_host()), config.resolution.base_domain.as_deref()];
    if own.into_iter().flatten().any(|own| host.is_within(&own.to_ascii_lowercase())) {
        return Err(Denial::because(Reason::WebhookUrlInvalid, "this name is the installation's own"));
    }
    Ok(url)
}

/// What one round came to.
#[derive(Debug, Default)]
pub struct Round {
    /// Whether more may be waiting.
    pub full: bool,
    /// What of ours failed; what addresses answered is in the log of deliveries.
    pub failures: Vec<Failure>,
}

impl<S: Store + Upkeep, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// Sends what is due, a few at once. At least once: a crash between sending and recording it means
    /// a second delivery under the same id, when the lease has run out.
    ///
    /// # Errors
    /// [`Unavailable`] when the store fails before anything is sent.
    pub async fn deliver_webhooks<T: Sender>(&self, sender: &T, manners: &Manners<'_>) -> Result<Round, Unavailable> {
        let until = self.now.plus_seconds(LEASE);
        let claim = Claim { now: self.now, until, limit: DELIVERIES_PER_ROUND };
        let mut due = self.store.claim_deliveries(claim).await?;
        sort_by_key(&mut due, |due| due.delivery.place());
        let full = due.len() >= usize::try_from(DELIVERIES_PER_ROUND).unwrap_or(usize::MAX);
        let mut round = Round { full, failures: Vec::new() };
        for some in due.chunks(AT_ONCE) {
            let attempts = some.iter().map(|due| self.attempt_delivery(sender, due, manners)).collect();
            let attempts = together::all(attempts).await;
            round.failures.extend(self.settle(some, &attempts).await);
        }
        Ok(round)
    }

    async fn attempt_delivery<T: Sender>(&self, sender: &T, due: &DueDelivery, manners: &Manners<'_>) -> Attempt {
        let Some(webhook) = due.webhook.as_ref().filter(|webhook| webhook.is_active()) else {
            return Attempt::Dropped;
        };
        let Ok(url) = destination(self.config, webhook.url.as_str()) else {
            return Attempt::Failed(None, Fault::AddressRefused);
        };
        match sender.send(&compose(self.config, due, webhook, (&url, self.now), manners.show)).await {
            Sent::Answered(status) => match (manners.judge)(status) {
                None => Attempt::Delivered(status),
                Some(fault) => Attempt::Failed(Some(status), fault),
            },
            Sent::TimedOut => Attempt::Failed(None, Fault::Timeout),
            Sent::Unreachable => Attempt::Failed(None, Fault::Unreachable),
        }
    }

    async fn settle(&self, due: &[DueDelivery], attempts: &[Attempt]) -> Vec<Failure> {
        let pairs = || due.iter().zip(attempts);
        let settled: Vec<Settlement> = pairs().map(|(due, attempt)| settlement(due, *attempt, self.now)).collect();
        let sick = match self.store.settle_deliveries(&settled, self.now).await {
            Ok(sick) => sick,
            Err(failure) => return vec![failure.into()],
        };
        let patience = self.config.policy.webhooks.patience;
        let tired = |webhook: &Webhook| {
            let since = sick.iter().find(|sick| sick.webhook == webhook.id).map(|sick| sick.since);
            since.is_some_and(|since| self.now >= since.plus_seconds(patience))
        };
        let (mut failures, mut done) = (Vec::new(), Set::new());
        for (due, attempt) in pairs() {
            let Some(webhook) = &due.webhook else { continue };
            let because = match attempt {
                Attempt::Failed(_, Fault::Gone) => DisabledBecause::Gone,
                Attempt::Failed(..) if tired(webhook) => DisabledBecause::Failing,
                _ => continue,
            };
            if done.insert(webhook.id) {
                failures.extend(self.give_up(webhook, because).await.err());
            }
        }
        failures
    }

    async fn give_up(&self, webhook: &Webhook, because: DisabledBecause) -> Result<(), Failure> {
        let action = DisableWebhook { webhook: webhook.id, url: webhook.url.clone(), because };
        match self.carry_out(webhook.organization, action.into()).await {
            // An organization that is deleted gives nothing up.
            Err(Failure::Denied(_)) => Ok(()),
            other => other,
        }
    }
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    Delivered(u16),
    Failed(Option<u16>, Fault),
    /// Nobody is there to send to.
    Dropped,
}

fn settlement(due: &DueDelivery, attempt: Attempt, now: Timestamp) -> Settlement {
    let delivery = &due.delivery;
    let next = usize::try_from(delivery.attempts).ok().and_then(|made| SCHEDULE.get(made));
    let next = next.map(|pause| now.plus_seconds(*pause));
    let (status, fault, delivered_at, due_at) = match attempt {
        Attempt::Delivered(status) => (Some(status), None, Some(now), None),
        Attempt::Failed(status, fault @ Fault::Gone) => (status, Some(fault), None, None),
        Attempt::Failed(status, fault) => (status, Some(fault), None, next),
        Attempt::Dropped => (None, Some(Fault::Disabled), None, None),
    };
    Settlement {
        webhook: delivery.webhook,
        message: delivery.message,
        attempts: u32::from(attempt != Attempt::Dropped),
        attempted_at: Some(now).filter(|_| attempt != Attempt::Dropped),
        status,
        fault,
        delivered_at,
        due_at,
        lease: delivery.due_at,
    }
}
