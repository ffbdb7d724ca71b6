//! Random requests about webhooks, and an address that answers this and that.

use super::SeededEntropy;
use super::random::{Ask, PEOPLE};
use guildhall::app::ports::{Sender, Sent};
use guildhall::app::webhooks::Call;
use serde_json::{Value, json};
use std::cell::Cell;

const SLUGS: [&str; 3] = ["nirvana", "nirvana", "bliss"];
const EVENTS: [&[&str]; 5] = [&["*"], &["member.*", "role.created"], &["webhook.*"], &["invitation.created"], &["x"]];
const URLS: [&str; 4] = ["https://a.example/", "https://b.example/x", "https://b.example/x", "http://c.example/"];

fn pick<T: Copy>(random: &SeededEntropy, from: &[T]) -> T {
    from[random.below(from.len() as u64) as usize]
}

/// The webhooks seen so far are among what is asked with.
pub fn ask(random: &SeededEntropy, webhooks: &[String]) -> Ask {
    let newest = &webhooks[webhooks.len().saturating_sub(6)..];
    let id = if newest.is_empty() { "whk_none" } else { &newest[random.below(newest.len() as u64) as usize] };
    let within = |rest: &str| format!("/v1/organizations/{}/webhooks{rest}", pick(random, &SLUGS));
    let one = |rest: &str| within(&format!("/{id}{rest}"));
    let (method, path, body) = match random.below(14) {
        0..=3 => ("POST", within(""), json!({ "url": pick(random, &URLS), "events": pick(random, &EVENTS) })),
        4 => ("PATCH", one(""), json!({ "state": pick(random, &["active", "disabled"]) })),
        5 => ("PATCH", one(""), json!({ "url": pick(random, &URLS), "events": pick(random, &EVENTS) })),
        6 => ("POST", one("/rotate"), json!({ "overlap": random.below(9_000) })),
        7 | 8 => ("POST", one("/test"), Value::Null),
        9 => ("POST", one("/test?dryRun=true"), Value::Null),
        10 if random.below(3) == 0 => ("DELETE", one(""), Value::Null),
        11 => ("GET", within(pick(random, &["", "?limit=1"])), Value::Null),
        _ => ("GET", one("/deliveries?limit=3"), Value::Null),
    };
    let key = (random.below(4) == 0).then(|| format!("webhook-{}", random.below(4)));
    Ask { person: pick(random, &PEOPLE), method, path, body, key, if_match: None }
}

/// Answers the same to the same calls in the same order.
#[derive(Default)]
pub struct Moody(Cell<u32>);

impl Sender for Moody {
    async fn send(&self, _call: &Call) -> Sent {
        self.0.set(self.0.get() + 1);
        match self.0.get() % 9 {
            0 => Sent::Answered(410),
            1 | 2 => Sent::Answered(500),
            3 => Sent::TimedOut,
            4 => Sent::Unreachable,
            _ => Sent::Answered(200),
        }
    }
}
