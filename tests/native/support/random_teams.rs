//! Random requests about teams: few enough, and so low a tree, that moves meet its limits.

use super::SeededEntropy;
use super::random::{Ask, PEOPLE};
use serde_json::{Value, json};

const SLUGS: [&str; 3] = ["nirvana", "nirvana", "bliss"];
const ROLES: [&[&str]; 4] = [&["admin"], &["member"], &["admin", "member"], &["roadie"]];

fn pick<T: Copy>(random: &SeededEntropy, from: &[T]) -> T {
    from[random.below(from.len() as u64) as usize]
}

fn one(random: &SeededEntropy, teams: &[String]) -> String {
    // The newest are the likeliest to be there.
    let newest = &teams[teams.len().saturating_sub(12)..];
    if newest.is_empty() { "team_none".to_owned() } else { newest[random.below(newest.len() as u64) as usize].clone() }
}

/// The teams seen so far are among what is asked with.
pub fn ask(random: &SeededEntropy, teams: &[String]) -> Ask {
    let (team, other, user) = (one(random, teams), one(random, teams), pick(random, &PEOPLE));
    let place = if random.below(3) == 0 { Value::Null } else { json!(other) };
    let within = |rest: &str| format!("/v1/organizations/{}{rest}", pick(random, &SLUGS));
    let roles = if random.below(4) == 0 { json!({}) } else { json!({ "roles": pick(random, &ROLES) }) };
    let (method, path, body) = match random.below(16) {
        0..=3 => ("POST", within("/teams"), json!({ "name": user, "parentId": place })),
        4 | 5 => ("PATCH", within(&format!("/teams/{team}")), json!({ "parentId": place })),
        6 => ("PATCH", within(&format!("/teams/{team}")), json!({ "name": "Renamed" })),
        7 => ("DELETE", within(&format!("/teams/{team}?cascade={}", random.below(3) == 0)), Value::Null),
        8..=10 => ("PUT", within(&format!("/teams/{team}/members/{user}")), roles),
        11 => ("DELETE", within(&format!("/teams/{team}/members/{user}")), Value::Null),
        12 => {
            let email = format!("{user}@nirvana.com");
            ("POST", within("/invitations"), json!({ "email": email, "teams": [team, other], "notify": false }))
        }
        13 => {
            let wanted = json!({ "permissions": ["team:update", "member:read"], "team": team, "userId": user });
            ("POST", within("/check"), wanted)
        }
        _ => ("GET", within(&reading(random, &team, user)), Value::Null),
    };
    Ask { person: pick(random, &PEOPLE), method, path, body, key: None, if_match: None }
}

fn reading(random: &SeededEntropy, team: &str, user: &str) -> String {
    let paths = [
        "/teams".to_owned(),
        format!("/teams?userId={user}"),
        format!("/teams/{team}"),
        format!("/teams/{team}/members?limit=2"),
        format!("/teams/{team}/members/{user}"),
        format!("/members?team={team}&limit=2"),
        format!("/members?team={team}&sort=name&role=admin"),
        format!("/members?team={team}&q=k&state=active"),
        "/events?type=team.member_added&limit=2".to_owned(),
    ];
    paths[random.below(paths.len() as u64) as usize].clone()
}
