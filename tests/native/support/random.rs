//! Random requests of a few people in a small world, so that they meet.

use super::SeededEntropy;
use serde_json::{Value, json};

pub const PEOPLE: [&str; 4] = ["dave", "krist", "kurt", "pat"];
const SLUGS: [&str; 3] = ["nirvana", "scream", "bliss"];
const ROLES: [&[&str]; 7] =
    [&["admin"], &["member"], &["admin", "member"], &["owner"], &["roadie"], &["bass", "member"], &["drums"]];
const KEYS: [&str; 3] = ["bass", "drums", "member"];

/// A request as method, path, body and idempotency key.
pub struct Ask {
    pub person: &'static str,
    pub method: &'static str,
    pub path: String,
    pub body: Value,
    pub key: Option<String>,
    pub if_match: Option<String>,
}

impl Ask {
    /// The same request, tried out only.
    pub fn tried_out(&self) -> Ask {
        let mark = if self.path.contains('?') { '&' } else { '?' };
        let (body, key, if_match) = (self.body.clone(), self.key.clone(), self.if_match.clone());
        Ask { path: format!("{}{mark}dryRun=true", self.path), body, key, if_match, ..*self }
    }
}

pub fn person(name: &str) -> Value {
    let (verified, admin) = (name != "pat", name == super::random_lifecycle::ROOT);
    json!({
        "userId": name, "email": format!("{name}@nirvana.com"), "name": name, "emailVerified": verified,
        "platformAdmin": admin
    })
}

fn pick<T: Copy>(random: &SeededEntropy, from: &[T]) -> T {
    from[random.below(from.len() as u64) as usize]
}

/// The tokens and ids of invitations seen so far are among what is asked with.
pub fn ask(random: &SeededEntropy, tokens: &[String], invitations: &[String]) -> Ask {
    let (slug, user) = (pick(random, &SLUGS), pick(random, &PEOPLE));
    let one_of = |list: &[String], other: &str| {
        if list.is_empty() { other.to_owned() } else { list[random.below(list.len() as u64) as usize].clone() }
    };
    let (token, invitation) = (one_of(tokens, "ghi_none"), one_of(invitations, "inv_none"));
    let within = |rest: &str| format!("/v1/organizations/{slug}{rest}");
    let email = format!("{}@nirvana.com", user.to_uppercase());
    let roles = pick(random, &ROLES);
    let (method, path, body) = match random.below(30) {
        0 | 1 => ("POST", "/v1/organizations".to_owned(), json!({ "name": slug, "slug": slug })),
        2 => ("POST", "/v1/organizations".to_owned(), json!({ "name": slug, "metadata": { "n": random.below(3) } })),
        3 | 4 => ("POST", within("/members"), json!({ "userId": user, "roles": roles, "email": email })),
        5 => ("POST", within("/members?ifAbsent=true"), json!({ "userId": user })),
        6 | 7 => ("DELETE", within(&format!("/members/{user}")), Value::Null),
        8 => ("DELETE", within("/members/me"), Value::Null),
        9 | 10 => ("PATCH", within(&format!("/members/{user}")), json!({ "roles": roles })),
        11 | 12 => ("POST", within("/transfer"), json!({ "userId": user })),
        13 | 14 => {
            ("POST", within("/invitations"), json!({ "email": email, "roles": roles, "notify": random.below(2) == 0 }))
        }
        24 => ("POST", within("/invitations/bulk"), bulk(random, &email)),
        15 => ("POST", within(&format!("/invitations/{invitation}/resend")), json!({ "notify": false })),
        16 => ("DELETE", within(&format!("/invitations/{invitation}")), Value::Null),
        17 => ("POST", "/v1/invitations/accept".to_owned(), json!({ "token": token })),
        18 => ("POST", "/v1/invitations/accept".to_owned(), json!({ "invitationId": invitation })),
        19 => ("POST", "/v1/invitations/decline".to_owned(), declining(random, &token, &invitation)),
        20 => (
            "PATCH",
            within(""),
            json!({ "slug": pick(random, &SLUGS), "name": "Renamed", "settings": { "a": [1, 2.5] } }),
        ),
        21 => ("POST", within(pick(random, &["/deactivate", "/activate", "/activate"])), Value::Null),
        25 => ("DELETE", "/v1/me/suppressions/everywhere".to_owned(), Value::Null),
        22 if random.below(4) == 0 => ("DELETE", within(""), Value::Null),
        23 => match random.below(2) {
            0 => ("POST", "/v1/resolve".to_owned(), Value::Null),
            _ => ("PUT", "/v1/me/current-organization".to_owned(), json!({ "organization": slug, "next": "/songs" })),
        },
        26 | 27 => role(random, slug),
        28 | 29 => ("PATCH", within(&format!("/members/{user}")), change(random)),
        _ => reading(random, slug, user),
    };
    let keyed = method == "POST" && random.below(3) == 0;
    Ask {
        person: pick(random, &PEOPLE),
        method,
        path,
        body,
        key: keyed.then(|| format!("key-{}", random.below(40))),
        if_match: (random.below(12) == 0).then(|| format!("\"v{}\"", random.below(6))),
    }
}

fn role(random: &SeededEntropy, slug: &str) -> (&'static str, String, Value) {
    let (roles, key) = (format!("/v1/organizations/{slug}/roles"), pick(random, &KEYS));
    let listed = pick::<&[&str]>(random, &[&[], &["member:*"], &["role:*", "member:add"], &["organization:delete"]]);
    match random.below(4) {
        0 | 1 => ("POST", roles, json!({ "key": key, "permissions": listed })),
        2 => ("PATCH", format!("{roles}/{key}"), json!({ "name": "Another", "permissions": listed })),
        _ => {
            ("DELETE", format!("{roles}/{key}{}", pick(random, &["", "?moveTo=member", "?moveTo=drums"])), Value::Null)
        }
    }
}

/// Ends lie a few hundred of the small world's steps ahead, so that some come.
fn change(random: &SeededEntropy) -> Value {
    let soon = format!("2026-01-01T{:02}:00:00Z", random.below(24));
    match random.below(4) {
        0 => json!({ "state": pick(random, &["suspended", "active"]) }),
        1 => json!({ "title": pick(random, &[Some("Bass"), None]) }),
        2 => json!({ "until": soon }),
        _ => json!({ "until": null, "title": "Voice", "roles": ["member", "drums"] }),
    }
}

/// A good line, one that may be refused, the same again, and one that cannot be read.
fn bulk(random: &SeededEntropy, email: &str) -> Value {
    let other = format!("{}@nirvana.com", pick(random, &PEOPLE));
    json!({
        "dryRun": random.below(4) == 0,
        "invitations": [
            { "email": email, "roles": pick(random, &ROLES), "notify": random.below(2) == 0 },
            { "email": other, "notify": false },
            { "email": other, "roles": ["admin"] },
            { "email": "nobody" },
        ]
    })
}

/// By token or by id, and now and then never again.
fn declining(random: &SeededEntropy, token: &str, invitation: &str) -> Value {
    let wish = pick(random, &["", "", "organization", "everywhere", "everywhere"]);
    let mut body = match random.below(2) {
        0 => json!({ "token": token }),
        _ => json!({ "invitationId": invitation }),
    };
    if !wish.is_empty() {
        body["suppress"] = json!(wish);
    }
    body
}

fn reading(random: &SeededEntropy, slug: &str, user: &str) -> (&'static str, String, Value) {
    let paths = [
        "/v1/me".to_owned(),
        "/v1/me/invitations?limit=1".to_owned(),
        "/v1/me/suppressions?limit=1".to_owned(),
        "/v1/organizations?include=inactive&limit=2".to_owned(),
        "/v1/resolve".to_owned(),
        format!("/o/{slug}/v1/resolve?explain=true"),
        format!("/v1/resolve?org={slug}&consistency=cached"),
        format!("/v1/slugs/{slug}"),
        format!("/v1/organizations/{slug}"),
        format!("/v1/organizations/{slug}/members?limit=2&role=admin"),
        format!("/v1/organizations/{slug}/members?limit=2"),
        format!("/v1/organizations/{slug}/members?limit=2&sort=name&state=active"),
        format!("/v1/organizations/{slug}/members?state=suspended&sort=name"),
        format!("/v1/organizations/{slug}/members?role=drums&sort=name&limit=1"),
        format!("/v1/organizations/{slug}/members?role=owner"),
        format!("/v1/organizations/{slug}/members?q=k&limit=1"),
        format!("/v1/organizations/{slug}/roles"),
        format!("/v1/organizations/{slug}/members/{user}"),
        format!("/v1/organizations/{slug}/invitations?limit=2"),
        format!("/v1/organizations/{slug}/invitations?state=pending"),
        format!("/v1/organizations/{slug}/events?limit=3"),
        format!("/v1/organizations/{slug}/events?order=newest&type=member.added&limit=2"),
        format!("/v1/organizations/{slug}/events?actor={user}&after=2&limit=2"),
        format!("/v1/organizations/{slug}/events?actor={user}&type=invitation.created"),
        format!("/v1/organizations/{slug}/events?since=2026-01-01T00:30:00Z&until=2026-01-01T02:00:00Z"),
        format!("/v1/organizations/{slug}/events/export?order=newest"),
        format!("/v1/organizations/{slug}/export?limit=3"),
        format!("/v1/organizations/{slug}/export"),
        format!("/v1/organizations/{slug}/events/verify"),
        format!("/v1/organizations/{slug}/events/verify?after=2"),
        "/dev/outbox".to_owned(),
        "/v1/me/passport".to_owned(),
        format!("/v1/organizations/{slug}/passes"),
    ];
    let path = paths[random.below(paths.len() as u64) as usize].clone();
    let method = if path.ends_with("/passes") || path.ends_with("/passport") { "POST" } else { "GET" };
    (method, path, Value::Null)
}
