//! The outside form of webhooks: events as the audit log shows them, and what a status means.
//!
//! Owns nothing else. When and how often something is sent is `app::webhooks`' to say.

use super::present;
use crate::app::execute::App;
use crate::app::ports::{Cache, Entropy, Fault, Sender, Store, Unavailable, Upkeep};
use crate::app::webhooks::{Manners, Round};

/// Sends a round of the webhooks that are due.
///
/// # Errors
/// [`Unavailable`] when the store fails before anything is sent.
pub async fn deliver_webhooks<S, C, E, T>(app: &App<'_, S, C, E>, sender: &T) -> Result<Round, Unavailable>
where
    S: Store + Upkeep,
    C: Cache,
    E: Entropy,
    T: Sender,
{
    app.deliver_webhooks(sender, &Manners { show: &present::event::recorded, judge }).await
}

/// Rule: any 2xx is an arrival, 410 is the wish to hear no more, and a redirect is nobody's answer.
fn judge(status: u16) -> Option<Fault> {
    match status {
        200..=299 => None,
        300..=399 => Some(Fault::Redirected),
        410 => Some(Fault::Gone),
        _ => Some(Fault::Status),
    }
}
