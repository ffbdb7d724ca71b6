//! Commands about webhooks.

use crate::domain::id::{MessageId, WebhookId};
use crate::domain::reference::Change;
use crate::domain::table::Set;
use crate::domain::webhook::{Description, DisabledBecause, EventPattern, WebhookSeed, WebhookState};
use crate::domain::webhook_url::WebhookUrl;
use serde::{Deserialize, Serialize};

verbs! {
    /// Makes a webhook. That its address is not the installation's own is seen to before.
    CreateWebhook {
        /// The id of the webhook.
        webhook: WebhookId,
        /// Where events are sent.
        url: WebhookUrl,
        /// Which.
        events: Set<EventPattern>,
        /// What people say of it.
        description: Option<Description>,
        /// The seed of its secret.
        seed: WebhookSeed,
    }
    /// Changes what is given of a webhook and nothing else.
    UpdateWebhook {
        /// Which.
        webhook: WebhookId,
        /// The new address.
        url: Option<WebhookUrl>,
        /// The new patterns, all of them.
        events: Option<Set<EventPattern>>,
        /// The new description, or none.
        description: Option<Change<Description>>,
        /// Whether anything is sent.
        state: Option<WebhookState>,
    }
    /// Gives a webhook a new secret.
    RotateWebhook {
        /// Which.
        webhook: WebhookId,
        /// The seed of the new secret.
        seed: WebhookSeed,
        /// For how many seconds the old one is used as well.
        overlap: u32,
    }
    /// Ends a webhook. What waits for it is not sent any more.
    DeleteWebhook {
        /// Which.
        webhook: WebhookId,
    }
    /// Sends a message that says nothing.
    TestWebhook {
        /// Which.
        webhook: WebhookId,
        /// The id of the message.
        message: MessageId,
    }
    /// Sends nothing more to an address that does not answer. The installation itself asks.
    DisableWebhook {
        /// Which.
        webhook: WebhookId,
        /// The address that did not answer; another one meanwhile has its chance.
        url: WebhookUrl,
        /// Why.
        because: DisabledBecause,
    }
}
