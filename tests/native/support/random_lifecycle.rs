//! Random requests about the life of an organization and its owner, a platform admin among those who
//! ask.

use super::SeededEntropy;
use super::random::{Ask, PEOPLE};
use serde_json::{Value, json};

/// The platform admin.
pub const ROOT: &str = "root";

const SLUGS: [&str; 3] = ["nirvana", "scream", "bliss"];

fn pick<T: Copy>(random: &SeededEntropy, from: &[T]) -> T {
    from[random.below(from.len() as u64) as usize]
}

pub fn ask(random: &SeededEntropy) -> Ask {
    let user = pick(random, &PEOPLE);
    let within = |rest: &str| format!("/v1/organizations/{}{rest}", pick(random, &SLUGS));
    let (method, path, body) = match random.below(22) {
        0..=3 => {
            let nominee = json!({ "userId": user, "requireAcceptance": true, "expiresIn": 60 + random.below(4_000) });
            ("POST", within("/transfer"), nominee)
        }
        4..=6 => ("POST", within("/transfer/accept"), Value::Null),
        7 => ("POST", within("/transfer/decline"), Value::Null),
        8 => ("DELETE", within("/transfer"), Value::Null),
        9 => ("DELETE", within("/members/me"), json!({ "successor": user })),
        10 => ("DELETE", within(""), Value::Null),
        11..=13 => ("POST", within("/restore"), Value::Null),
        14 => ("POST", "/v1/organizations".to_owned(), json!({ "name": "Mine", "personal": true })),
        15 | 16 => ("PATCH", within(""), change(random)),
        17 => ("GET", "/v1/organizations?include=inactive,deleted&limit=2".to_owned(), Value::Null),
        18 => ("GET", within("/settings/a?fallback=7"), Value::Null),
        _ => return of_root(random, user, within("")),
    };
    Ask { person: user_of(random), method, path, body, key: None, if_match: None }
}

fn user_of(random: &SeededEntropy) -> &'static str {
    pick(random, &PEOPLE)
}

fn change(random: &SeededEntropy) -> Value {
    match random.below(4) {
        0 => json!({ "requirements": { "verifiedEmail": random.below(2) == 0 } }),
        1 => json!({ "countPending": random.below(2) == 0 }),
        2 => json!({ "settings": { "a": null, "b": { "c": random.below(3) } } }),
        _ => json!({ "metadata": { "n": null, "m": [1] }, "seatLimit": 4 }),
    }
}

fn of_root(random: &SeededEntropy, user: &str, organization: String) -> Ask {
    let emails = json!({ "emails": [format!("{}@nirvana.com", user.to_uppercase())] });
    let (method, path, body) = match random.below(5) {
        0 => ("DELETE", format!("/v1/users/{user}"), emails),
        1 => ("PATCH", organization, json!({ "seatLimit": pick(random, &[None, Some(2), Some(5)]) })),
        2 => ("POST", format!("{organization}/purge"), Value::Null),
        3 => ("POST", format!("{organization}/restore"), Value::Null),
        _ => ("DELETE", format!("/v1/users/{user}"), Value::Null),
    };
    Ask { person: ROOT, method, path, body, key: None, if_match: None }
}
