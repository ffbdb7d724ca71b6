//! Random requests about links, join requests and registrations.

use super::SeededEntropy;
use super::random::{Ask, PEOPLE};
use serde_json::{Value, json};

const SLUGS: [&str; 3] = ["nirvana", "scream", "bliss"];

/// What was seen of the doors: tokens, and ids of links and requests.
#[derive(Default)]
pub struct Seen {
    tokens: Vec<String>,
    ids: Vec<String>,
}

impl Seen {
    pub fn take(&mut self, body: &Value) {
        let data = body["data"].as_array().into_iter().flatten();
        for row in std::iter::once(body).chain(data) {
            self.tokens.extend(row["token"].as_str().filter(|token| !token.starts_with("ghs_")).map(str::to_owned));
            let is_door = |id: &&str| id.starts_with("lnk_") || id.starts_with("req_");
            self.ids.extend(row["id"].as_str().filter(is_door).map(str::to_owned));
        }
    }
}

fn pick<T: Copy>(random: &SeededEntropy, from: &[T]) -> T {
    from[random.below(from.len() as u64) as usize]
}

/// One of the latest: older ones are mostly over.
fn latest(random: &SeededEntropy, seen: &[String], prefix: &str) -> String {
    let mut fitting = seen.iter().rev().filter(|text| text.starts_with(prefix)).take(6);
    let index = random.below(6) as usize;
    let fallback = format!("{prefix}none");
    fitting.nth(index).or_else(|| seen.iter().rev().find(|text| text.starts_with(prefix))).cloned().unwrap_or(fallback)
}

pub fn ask(random: &SeededEntropy, seen: &Seen) -> Ask {
    let (slug, user) = (pick(random, &SLUGS), pick(random, &PEOPLE));
    let within = |rest: &str| format!("/v1/organizations/{slug}/{rest}");
    let (link, request) = (latest(random, &seen.ids, "lnk_"), latest(random, &seen.ids, "req_"));
    let (links, requests) = (within(&format!("invitation-links/{link}")), within(&format!("join-requests/{request}")));
    let token = |prefix: &str| json!({ "token": latest(random, &seen.tokens, prefix) });
    let (method, path, body) = match random.below(22) {
        0..=2 => ("POST", within("invitation-links"), new_link(random)),
        3 => ("PATCH", links, json!({ "disabled": random.below(2) == 0, "maxUses": pick(random, &[Some(2), None]) })),
        4 => ("POST", format!("{links}/rotate"), Value::Null),
        5 => ("DELETE", links, Value::Null),
        6..=9 => ("POST", "/v1/invitations/accept".to_owned(), token("ghl_")),
        10 => ("POST", "/v1/invitations/preview".to_owned(), token("ghl_")),
        11 | 12 => ("POST", within("join-requests"), json!({ "message": "please" })),
        13 | 14 => ("POST", format!("{requests}/approve"), json!({ "roles": [pick(random, &["member", "admin"])] })),
        15 => ("POST", format!("{requests}/deny"), json!({ "silent": random.below(2) == 0 })),
        16 => ("DELETE", requests, Value::Null),
        17 => ("POST", "/v1/registrations".to_owned(), registration(random, slug, user)),
        18 | 19 => ("POST", "/v1/registrations/activate".to_owned(), token("ghr_")),
        20 => (
            "PATCH",
            within("").trim_end_matches('/').to_owned(),
            json!({ "joinRequests": pick(random, &["open", "off"]) }),
        ),
        _ => ("GET", reading(random, slug), Value::Null),
    };
    let keyed = method == "POST" && random.below(4) == 0;
    let key = keyed.then(|| format!("door-{}", random.below(40)));
    Ask { person: pick(random, &PEOPLE), method, path, body, key, if_match: None }
}

fn new_link(random: &SeededEntropy) -> Value {
    let roles = pick::<&[&str]>(random, &[&["member"], &["admin"], &["member", "drums"]]);
    let mut body = json!({ "roles": roles, "expiresIn": pick(random, &[60, 6000, 60_000]) });
    if random.below(2) == 0 {
        body["maxUses"] = json!(1 + random.below(3));
    }
    if random.below(3) == 0 {
        body["allowedDomains"] = json!([pick(random, &["nirvana.com", "foo.com"])]);
    }
    body
}

fn registration(random: &SeededEntropy, slug: &str, user: &str) -> Value {
    let mut body = json!({ "organizationName": slug, "email": format!("{}@Nirvana.com", if random.below(3) == 0 { user } else { "kurt" }) });
    if random.below(2) == 0 {
        body["slug"] = json!(slug);
    }
    body
}

fn reading(random: &SeededEntropy, slug: &str) -> String {
    let paths = ["invitation-links?limit=2", "join-requests?limit=2", "join-requests?state=pending", "events?limit=3"];
    match random.below(3) {
        0 => "/v1/me/join-requests?limit=3".to_owned(),
        1 => "/dev/outbox".to_owned(),
        _ => format!("/v1/organizations/{slug}/{}", pick(random, &paths)),
    }
}
