//! What is sent: the body and the headers of Standard Webhooks 1.0.0.
//!
//! Owns the signature and the size of a body. Never reads a clock, never sends.

use super::super::config::Config;
use super::rows::{DeliveryId, DueDelivery};
use super::{Delivery, Show};
use crate::domain::encoding::base64;
use crate::domain::id::{MessageId, OrganizationId, WebhookId};
use crate::domain::time::Timestamp;
use crate::domain::webhook::Webhook;
use crate::domain::webhook_url::WebhookUrl;
use hmac_sha256::HMAC;
use serde::Serialize;
use serde_json::{Value, json};

/// The longest body, in bytes: what Standard Webhooks recommends. What is longer is told without its data.
const LONGEST: usize = 20_000;

/// A request that is to go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// Where.
    pub url: String,
    /// `webhook-id`: the same whenever it is sent again.
    pub id: DeliveryId,
    /// `webhook-timestamp`: when it is sent, in seconds since 1970.
    pub timestamp: i64,
    /// `webhook-signature`: one for each secret that counts at the time, separated by spaces.
    pub signature: String,
    /// The body, letter for letter what is signed.
    pub body: String,
}

impl Call {
    /// The headers that go with it, besides those that the runtime sets.
    pub fn headers(&self) -> [(&'static str, String); 5] {
        [
            ("content-type", "application/json".to_owned()),
            ("user-agent", "Guildhall".to_owned()),
            ("webhook-id", self.id.to_string()),
            ("webhook-timestamp", self.timestamp.to_string()),
            ("webhook-signature", self.signature.clone()),
        ]
    }
}

/// The signature of one secret: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`.
pub fn sign(key: &[u8], id: &str, timestamp: i64, body: &str) -> String {
    let mut mac = HMAC::new(key);
    for part in [id, ".", &timestamp.to_string(), ".", body] {
        mac.update(part.as_bytes());
    }
    format!("v1,{}", base64(&mac.finalize()))
}

/// Writes the request of a delivery.
pub fn compose(
    config: &Config,
    due: &DueDelivery,
    webhook: &Webhook,
    (url, now): (&WebhookUrl, Timestamp),
    show: Show<'_>,
) -> Call {
    let (id, timestamp) = (due.delivery.message, now.millis().div_euclid(1000));
    let body = body(due, show);
    let keys = webhook.seeds_at(now).map(|seed| config.keys.webhook_key(seed.as_str()));
    let signatures: Vec<String> = keys.map(|key| sign(&key, &id.to_string(), timestamp, &body)).collect();
    Call { url: url.as_str().to_owned(), id, timestamp, signature: signatures.join(" "), body }
}

fn body(due: &DueDelivery, show: Show<'_>) -> String {
    let delivery = &due.delivery;
    let payload = match (delivery.message, &due.event) {
        (DeliveryId::Message(id), _) => {
            test_payload((delivery.organization, delivery.webhook), id, delivery.created_at)
        }
        (DeliveryId::Event(_), Some(event)) => payload(delivery, show(event)),
        // What the log does not say any more.
        (DeliveryId::Event(_), None) => payload(delivery, bare(delivery)),
    };
    let text = payload.to_string();
    if text.len() <= LONGEST { text } else { self::payload(delivery, bare(delivery)).to_string() }
}

fn payload(delivery: &Delivery, data: Value) -> Value {
    json!({ "type": delivery.name, "timestamp": delivery.created_at.to_string(), "data": data })
}

/// An event without what it says: whoever hears of it asks for the rest.
fn bare(delivery: &Delivery) -> Value {
    json!({
        "id": delivery.message,
        "organizationId": delivery.organization,
        "seq": delivery.event.map(|(seq, _)| seq),
        "type": delivery.name,
        "data": null,
        "truncated": true,
    })
}

/// What a test says: that it is one.
pub fn test_payload((organization, webhook): (OrganizationId, WebhookId), id: MessageId, at: Timestamp) -> Value {
    json!({
        "type": TEST,
        "timestamp": at.to_string(),
        "data": { "id": id, "organizationId": organization, "webhookId": webhook },
    })
}

/// The name of a test, which is no event.
pub const TEST: &str = "webhook.test";

#[cfg(test)]
mod tests {
    use super::*;

    /// The reference vector of the Standard Webhooks libraries (their tests share it).
    #[test]
    fn the_signature_is_that_of_standard_webhooks() {
        let key = data_encoding::BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = sign(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
