//! What the clock drives: expiry, clean-up and delivery.
//!
//! Owns the order and the bounds of one tick. Each part goes on when another fails.

use super::execute::{App, Order};
use super::mail::compose;
use super::ports::{Cache, Entropy, Failure, Message, Messenger, Settled, Store, Unavailable, Upkeep};
use crate::domain::command::{Action, Command, ExpireInvitations, OrganizationRef, Target};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::principal::{Principal, PrincipalKind};
use crate::domain::time::Timestamp;

/// How long a receipt is kept, in seconds.
pub const RECEIPT_LIFETIME: i64 = 24 * 60 * 60;

const ORGANIZATIONS_PER_TICK: u32 = 50;
const MESSAGES_PER_TICK: u32 = 50;

/// The longest pause between two attempts to deliver a message, in seconds.
const LONGEST_PAUSE: i64 = 60 * 60;

impl<S: Store + Upkeep, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// One tick; returns what failed.
    pub async fn tick<M: Messenger>(&self, messenger: Option<&M>) -> Vec<Failure> {
        let expired = self.expire_invitations().await;
        let forgotten = self.store.forget_receipts(self.now.plus_seconds(RECEIPT_LIFETIME.saturating_neg())).await;
        let delivered = match messenger {
            Some(messenger) => self.deliver_due(messenger).await,
            None => Ok(()),
        };
        let results = [expired, forgotten.map_err(Failure::from), delivered.map_err(Failure::from)];
        results.into_iter().filter_map(Result::err).collect()
    }

    /// Closes invitations past their time, each organization by a command of its own, so that the
    /// audit log and the version tell of it.
    async fn expire_invitations(&self) -> Result<(), Failure> {
        for organization in self.store.overdue(self.now, ORGANIZATIONS_PER_TICK).await? {
            let order = Order { command: expire(organization)?, seed: None, receipt: None, render: &|_| String::new() };
            self.execute(&order).await?;
        }
        Ok(())
    }

    /// Hands over what is due. At least once: a crash between handing over and recording it means a
    /// second delivery under the same id.
    ///
    /// # Errors
    /// [`Unavailable`] when the store fails; a messenger's failure is recorded and tried again.
    pub async fn deliver_due<M: Messenger>(&self, messenger: &M) -> Result<(), Unavailable> {
        for message in self.store.due_messages(self.now, MESSAGES_PER_TICK).await? {
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

fn expire(organization: OrganizationId) -> Result<Command, Failure> {
    let actor = Principal {
        user_id: UserId::parse("guildhall:clock")?,
        email: None,
        email_verified: false,
        name: None,
        kind: PrincipalKind::Service,
    };
    let target = Target::Organization(OrganizationRef::Id(organization));
    let action = Action::ExpireInvitations(ExpireInvitations {});
    Ok(Command { actor, target, hints: Vec::new(), if_match: None, action })
}
