//! The promises that must hold in every stored state (GUARANTEES.md), asked of a dump.

use serde_json::Value;
use std::collections::BTreeSet;

/// The first broken promise, in words.
pub fn broken(dump: &Value) -> Option<String> {
    let organizations = dump["organizations"].as_array().unwrap();
    organizations
        .iter()
        .find_map(|organization| broken_in(dump, organization))
        .or_else(|| orphans(dump))
        .or_else(|| twice_verified(dump))
}

fn of<'a>(dump: &'a Value, table: &str, id: &'a Value) -> impl Iterator<Item = &'a Value> {
    dump[table].as_array().unwrap().iter().filter(move |row| row["organization"] == *id)
}

fn broken_in(dump: &Value, organization: &Value) -> Option<String> {
    let id = &organization["id"];
    let users: Vec<&Value> = of(dump, "members", id).map(|member| &member["user"]).collect();
    let pending: Vec<String> = of(dump, "invitations", id)
        .filter(|invitation| invitation["state"] == "pending")
        .map(|invitation| invitation["email"].as_str().unwrap().to_lowercase())
        .collect();
    let commits = dump["commits"].as_array().unwrap().iter().filter(|commit| commit[0] == *id).count();
    let held = if organization["pendingFree"] == true { 0 } else { pending.len() };
    let seats = users.len() + held;
    let alone = organization["personal"] != true || (users.len() == 1 && pending.is_empty());
    let nominee = &organization["nomination"]["to"];
    let overused = of(dump, "links", id).any(|link| {
        let (most, uses) = (link["maxUses"].as_u64(), link["uses"].as_u64().unwrap());
        most.is_some_and(|most| uses > most)
    });
    let asking: Vec<&str> = of(dump, "joinRequests", id)
        .filter(|it| it["state"] == "pending")
        .map(|it| it["user"].as_str().unwrap())
        .collect();
    let waits = of(dump, "registrations", id).any(|it| it["activatedBy"].is_null());
    let owned_by_nobody = organization["owner"].as_str().unwrap().starts_with("registration:");
    let checks = [
        ("I4: a link was used too often", !overused),
        ("I3: two pending requests of one user", asking.iter().collect::<BTreeSet<_>>().len() == asking.len()),
        ("a placeholder owns what was activated", owned_by_nobody == waits),
        ("a registration waits for what works", !waits || organization["state"] == "inactive"),
        ("somebody is in a personal organization", alone),
        ("somebody is nominated who is no member", nominee.is_null() || users.contains(&nominee)),
        ("I1: the owner is no member", users.contains(&&organization["owner"])),
        ("I2: too many seats", organization["seatLimit"].as_u64().is_none_or(|limit| seats as u64 <= limit)),
        ("I3: two pending invitations of one address", pending.iter().collect::<BTreeSet<_>>().len() == pending.len()),
        ("I5: version and audit log differ", organization["version"] == commits),
        ("I6: the audit log is no chain", is_chain(dump, id)),
        ("the count of members is wrong", organization["memberCount"] == users.len()),
        ("the count of invitations is wrong", organization["pendingCount"] == pending.len()),
        ("the teams are no tree", is_forest(dump, id)),
        ("somebody is in a team and not in the organization", in_teams(dump, id).all(|user| users.contains(&user))),
        ("the slug is not the organization's", dump["slugs"][organization["slug"].as_str().unwrap()] == *id),
    ];
    let failed = checks.into_iter().find(|(_, holds)| !holds);
    failed.map(|(promise, _)| format!("{promise}: {organization} members {users:?}"))
}

fn in_teams<'a>(dump: &'a Value, id: &'a Value) -> impl Iterator<Item = &'a Value> {
    of(dump, "teamMembers", id).map(|member| &member["user"])
}

/// Every parent is there, every way up ends, and nobody is in a team that is not there.
fn is_forest(dump: &Value, id: &Value) -> bool {
    let teams: Vec<&Value> = of(dump, "teams", id).collect();
    let find = |id: &Value| teams.iter().find(|team| team["id"] == *id);
    let ends = |team: &Value| {
        let mut steps = teams.len();
        let mut parent = &team["parent"];
        while let (Some(found), true) = (find(parent), steps > 0) {
            (parent, steps) = (&found["parent"], steps - 1);
        }
        parent.is_null()
    };
    teams.iter().all(|team| ends(team)) && of(dump, "teamMembers", id).all(|member| find(&member["team"]).is_some())
}

/// Each entry stands behind the one before it, and the newest is the one that is remembered.
fn is_chain(dump: &Value, id: &Value) -> bool {
    let entries = dump["commits"].as_array().unwrap().iter().filter(|commit| commit[0] == *id).map(|commit| &commit[2]);
    let mut last = &Value::Null;
    let mut at = 0;
    let linked = entries.into_iter().all(|entry| {
        let next = entry["prevHash"] == *last && entry["hash"].is_string() && entry["at"].as_i64() >= Some(at);
        (last, at) = (&entry["hash"], entry["at"].as_i64().unwrap());
        next
    });
    let heads = dump["heads"].as_array().unwrap();
    linked && heads.iter().any(|head| head[0] == *id && head[1] == *last)
}

/// A domain is verified by one organization at a time.
fn twice_verified(dump: &Value) -> Option<String> {
    let mut seen = BTreeSet::new();
    let mut verified = dump["domains"].as_array().unwrap().iter().filter(|domain| domain["state"] == "verified");
    verified.find(|domain| !seen.insert(domain["name"].to_string())).map(|domain| format!("verified twice: {domain}"))
}

/// I7: nothing outlives its organization.
fn orphans(dump: &Value) -> Option<String> {
    let organizations = dump["organizations"].as_array().unwrap();
    let lives = |id: &Value| organizations.iter().any(|organization| organization["id"] == *id);
    let tables = [
        "webhooks",
        "deliveries",
        "teams",
        "teamMembers",
        "members",
        "invitations",
        "domains",
        "links",
        "joinRequests",
        "registrations",
    ];
    let mut rows = tables.iter().flat_map(|table| dump[*table].as_array().unwrap());
    rows.find(|row| !lives(&row["organization"])).map(|row| format!("I7: {row} outlives its organization"))
}
