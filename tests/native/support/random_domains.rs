//! Random requests about domains, few enough of them that claims of one name meet.

use super::SeededEntropy;
use super::random::{Ask, PEOPLE};
use serde_json::{Value, json};

const SLUGS: [&str; 3] = ["nirvana", "scream", "bliss"];
const NAMES: [&str; 4] = ["nirvana.com", "Nirvana.COM.", "nirvana.com", "gmail.com"];

/// A claim that was seen: its id, where its proof stands, and the proof.
pub struct Claim {
    id: String,
    record: Value,
}

/// The claim that an answer shows, if it shows one.
pub fn claim_in(body: &Value) -> Option<Claim> {
    let id = body["id"].as_str().filter(|id| id.starts_with("dom_"))?.to_owned();
    Some(Claim { id, record: body.get("record")?.clone() })
}

fn pick<T: Copy>(random: &SeededEntropy, from: &[T]) -> T {
    from[random.below(from.len() as u64) as usize]
}

pub fn ask(random: &SeededEntropy, claims: &[Claim]) -> Ask {
    let some = (!claims.is_empty()).then(|| &claims[random.below(claims.len() as u64) as usize]);
    let (id, record) = some.map_or(("dom_none", &Value::Null), |claim| (claim.id.as_str(), &claim.record));
    let within = |rest: &str| format!("/v1/organizations/{}/domains{rest}", pick(random, &SLUGS));
    let policy = pick(random, &["off", "request", "invite", "join"]);
    let (method, path, body) = match random.below(14) {
        0..=2 => ("POST", within(""), json!({ "name": pick(random, &NAMES), "policy": policy })),
        3..=5 => ("POST", within(&format!("/{id}/verify")), Value::Null),
        6 => ("PATCH", within(&format!("/{id}")), json!({ "policy": policy })),
        7 if random.below(2) == 0 => ("DELETE", within(&format!("/{id}")), Value::Null),
        8 | 9 => ("PUT", "/dev/dns".to_owned(), json!({ "name": record["name"], "txt": proofs(record, claims) })),
        10 | 11 => ("POST", format!("/v1/organizations/{}/join-requests", pick(random, &SLUGS)), json!({})),
        12 => ("GET", "/v1/me/joinable-organizations".to_owned(), Value::Null),
        _ => ("GET", within(pick(random, &["", "?limit=1"])), Value::Null),
    };
    Ask { person: pick(random, &PEOPLE), method, path, body, key: None, if_match: None }
}

/// The proofs of all claims of one name, as if everybody knew the registrar.
fn proofs(record: &Value, claims: &[Claim]) -> Vec<Value> {
    let same = claims.iter().filter(|claim| claim.record["name"] == record["name"]);
    let values = same.map(|claim| claim.record["value"].clone()).collect::<Vec<_>>();
    values.into_iter().rev().take(20).collect()
}
