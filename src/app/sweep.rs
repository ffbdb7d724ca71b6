//! What the clock drives: expiry, clean-up and delivery.
//!
//! Owns the order and the bounds of one tick. Each part goes on when another fails.

use super::config::Authenticator;
use super::execute::{App, Order};
use super::mail::compose;
use super::ports::{Cache, Claim, Entropy, Failure, Message, Messenger, Settled, Store, Unavailable, Upkeep};
use super::webhooks::DELIVERY_LIFETIME;
use crate::domain::command::{
    Action, CloseOverdue, Command, ExpireRegistration, OrganizationRef, PurgeOrganization, Target,
};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::order::sort_by_key;
use crate::domain::principal::{Principal, PrincipalKind};
use crate::domain::quota::day;
use crate::domain::time::Timestamp;
use crate::domain::token::UserPrefix;

/// How long a receipt is kept, in seconds.
pub const RECEIPT_LIFETIME: i64 = 24 * 60 * 60;

/// How long a message is kept after it was handed over, in seconds.
pub const MESSAGE_LIFETIME: i64 = 30 * 24 * 60 * 60;

const ORGANIZATIONS_PER_TICK: u32 = 50;
const MESSAGES_PER_TICK: u32 = 50;
const MEMBERS_PER_TICK: u32 = 500;

/// How long a message belongs to whoever claimed it, in seconds.
const CLAIM_LIFETIME: i64 = 120;

/// The longest pause between two attempts to deliver a message, in seconds.
const LONGEST_PAUSE: i64 = 60 * 60;

impl<S: Store + Upkeep, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// One tick; returns what failed.
    pub async fn tick<M: Messenger>(&self, messenger: Option<&M>) -> Vec<Failure> {
        let mut failures = self.close_overdue().await;
        failures.extend(self.recheck_domains().await);
        failures.extend(self.forget().await.err().map(Failure::from));
        failures.extend(self.store.remake_words(MEMBERS_PER_TICK).await.err().map(Failure::from));
        if let Some(messenger) = messenger {
            failures.extend(self.deliver_due(messenger).await.err().map(Failure::from));
        }
        let failed = u32::try_from(failures.len()).unwrap_or(u32::MAX);
        failures.extend(self.store.note_tick(self.now, failed, &self.prefixes()).await.err().map(Failure::from));
        failures
    }

    /// What the user ids of each authenticator begin with.
    fn prefixes(&self) -> Vec<&str> {
        self.config.auth.list().iter().filter_map(Authenticator::users).map(UserPrefix::as_str).collect()
    }

    async fn forget(&self) -> Result<(), Unavailable> {
        self.store.forget_receipts(self.now.plus_seconds(RECEIPT_LIFETIME.saturating_neg())).await?;
        self.store.forget_quotas(day(self.now)).await?;
        self.store.forget_nonces(self.now).await?;
        self.store.forget_deliveries(self.now.plus_seconds(DELIVERY_LIFETIME.saturating_neg())).await?;
        self.store.forget_messages(self.now.plus_seconds(MESSAGE_LIFETIME.saturating_neg())).await
    }

    /// Closes what is past its time, each organization by a command of its own, so that the audit log
    /// and the version tell of it. One that fails does not keep the others waiting.
    async fn close_overdue(&self) -> Vec<Failure> {
        let (now, most) = (self.now, ORGANIZATIONS_PER_TICK);
        let mut failures = self.each(self.store.overdue(now, most).await, CloseOverdue {}.into()).await;
        failures.extend(self.each(self.store.abandoned(now, most).await, ExpireRegistration {}.into()).await);
        let purge = PurgeOrganization { early: false };
        failures.extend(self.each(self.store.to_purge(now, most).await, purge.into()).await);
        failures
    }

    async fn each(&self, found: Result<Vec<OrganizationId>, Unavailable>, action: Action) -> Vec<Failure> {
        let found = match found {
            Ok(found) => found,
            Err(failure) => return vec![failure.into()],
        };
        let mut failures = Vec::new();
        for organization in found {
            failures.extend(self.carry_out(organization, action.clone()).await.err());
        }
        failures
    }

    pub(super) async fn carry_out(&self, organization: OrganizationId, action: Action) -> Result<(), Failure> {
        let command = by_the_clock(organization, action)?;
        let order =
            Order { command, seed: None, shown: false, receipt: None, challenge: None, render: &|_| String::new() };
        self.execute(&order).await.map(|_| ())
    }

    /// Hands over what is due, oldest first. At least once: a crash between handing over and
    /// recording it means a second delivery under the same id, when the claim has run out.
    ///
    /// # Errors
    /// [`Unavailable`] when the store fails; a messenger's failure is recorded and tried again.
    pub async fn deliver_due<M: Messenger>(&self, messenger: &M) -> Result<(), Unavailable> {
        let until = self.now.plus_seconds(CLAIM_LIFETIME);
        let mut claimed = self.store.claim_messages(Claim { now: self.now, until, limit: MESSAGES_PER_TICK }).await?;
        sort_by_key(&mut claimed, |message| message.id);
        for message in claimed {
            let settled = match messenger.deliver(&compose(self.config, &message)).await {
                Ok(()) => Settled::Delivered(self.now),
                Err(_) => Settled::Retry(next_attempt(&message, self.now)),
            };
            self.store.settle_message(message.id, settled).await?;
        }
        Ok(())
    }
}

/// One minute, then twice as long each time, at most an hour.
fn next_attempt(message: &Message, now: Timestamp) -> Timestamp {
    let pause = 60i64.checked_shl(message.attempts.min(10)).unwrap_or(LONGEST_PAUSE);
    now.plus_seconds(pause.min(LONGEST_PAUSE))
}

/// A command of the installation's own.
pub(super) fn by_the_clock(organization: OrganizationId, action: Action) -> Result<Command, Failure> {
    let actor = Principal::new(UserId::parse(&format!("{}clock", UserId::INSTALLATION))?, PrincipalKind::System);
    let target = Target::Organization(OrganizationRef::Id(organization));
    Ok(Command { actor, target, hints: Vec::new(), hosts: Vec::new(), if_match: None, action })
}
