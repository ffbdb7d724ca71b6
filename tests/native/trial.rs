//! Trying out: nothing changes, and what is said is what the real command then does.

use crate::support::SeededEntropy;
use crate::support::random::{Ask, PEOPLE, ask, person};
use crate::support::site::{Reply, Site, request, settings};
use guildhall::app::config::Settings;
use guildhall::domain::time::Timestamp;
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

struct World {
    site: Site<MemoryStore>,
    tokens: BTreeMap<&'static str, String>,
}

/// Where a site's clock and entropy stand, so that the same request can be sent twice.
type Moment = (u64, Timestamp);

impl World {
    fn new(seats: Option<u32>) -> Self {
        let settings = Settings { seat_limit: seats.map(|seats| seats.to_string()), ..settings() };
        let site = Site::with(MemoryStore::default(), &settings);
        let tokens = PEOPLE.iter().map(|name| (*name, block_on(site.sign_in(&person(name))))).collect();
        World { site, tokens }
    }

    fn moment(&self) -> Moment {
        (self.site.entropy.state(), self.site.now.get())
    }

    fn back_to(&self, (entropy, now): Moment) {
        self.site.entropy.set(entropy);
        self.site.now.set(now);
    }

    fn send(&self, ask: &Ask, dry: bool) -> Reply {
        let path = if dry { ask.tried_out().path } else { ask.path.clone() };
        let body = Some(&ask.body).filter(|body| !body.is_null());
        let mut request = request(ask.method, &path, Some(&self.tokens[ask.person]), body);
        for value in ask.if_match.iter() {
            request.headers_mut().insert("if-match", value.parse().unwrap());
        }
        block_on(self.site.send(request))
    }

    /// The pending invitations whose invitee would now be told that nobody vouches for them any more.
    fn unvouched(&self) -> BTreeSet<String> {
        let dump = self.site.store.dump();
        let pending = dump["invitations"].as_array().unwrap().iter().filter(|it| it["state"] == "pending");
        let refused = |invitation: &&Value| {
            let name = invitation["email"].as_str().unwrap().split('@').next().unwrap().to_lowercase();
            let Some(token) = self.tokens.get(name.as_str()) else { return false };
            let body = json!({ "invitationId": invitation["id"] });
            let request = request("POST", "/v1/invitations/accept?dryRun=true", Some(token), Some(&body));
            block_on(self.site.send(request)).body["code"] == "invitation_revoked"
        };
        pending.filter(refused).map(|invitation| invitation["id"].as_str().unwrap().to_owned()).collect()
    }
}

/// The events of the newest entry of an organization's log, by name.
fn newest(dump: &Value, organization: &Value, version: u64) -> Vec<Value> {
    let entries = dump["commits"].as_array().unwrap().iter();
    let mut found = entries.filter(|commit| commit[0] == *organization && commit[1] == version);
    let events = found.next().map(|commit| commit[2]["events"].as_array().unwrap().clone()).unwrap_or_default();
    events.iter().map(|event| event["type"].clone()).collect()
}

fn without(value: &Value, name: &str) -> Value {
    match value {
        Value::Object(fields) => {
            let rest = fields.iter().filter(|(field, _)| *field != name);
            Value::Object(rest.map(|(field, value)| (field.clone(), without(value, name))).collect())
        }
        Value::Array(items) => items.iter().map(|item| without(item, name)).collect(),
        other => other.clone(),
    }
}

fn is_command(ask: &Ask) -> bool {
    let others = ["/suppressions", "/current-organization", "/resolve", "/check", "/passes", "/passport"];
    ask.method != "GET" && ask.body["dryRun"].is_null() && !others.iter().any(|other| ask.path.contains(other))
}

/// One request, tried out and then sent. Says what came of it.
fn both(world: &World, ask: &Ask) -> (Value, Reply) {
    let (before, moment) = (world.site.store.dump(), world.moment());
    let what = format!("{} {} {} {}", ask.person, ask.method, ask.path, ask.body);
    let unvouched = world.unvouched();
    world.back_to(moment);
    let tried = world.send(ask, true);
    assert_eq!(world.site.store.dump(), before, "{what}");
    assert!(!tried.text.contains("ghi_") && !tried.text.contains("<token"), "{what}: {}", tried.text);
    world.back_to(moment);
    let real = world.send(ask, false);
    if real.status >= 400 {
        let told = without(&tried.body, "requestId");
        assert_eq!((tried.status, told), (real.status, without(&real.body, "requestId")), "{what}");
        return (tried.body, real);
    }
    assert_eq!((tried.status, &tried.body["outcome"]["status"]), (200, &json!(real.status)), "{what}: {}", tried.text);
    let would = &tried.body["outcome"]["body"];
    if !would.is_null() {
        assert_eq!(*would, without(&real.body, "token"), "{what}");
    }
    compare_effects(world, &before, &unvouched, (&tried.body, &real.body));
    (tried.body, real)
}

/// Events, counts and broken invitations against what is stored now.
fn compare_effects(world: &World, before: &Value, unvouched: &BTreeSet<String>, (tried, real): (&Value, &Value)) {
    let after = world.site.store.dump();
    let changed = after["organizations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|organization| !before["organizations"].as_array().unwrap().iter().any(|old| old == *organization));
    let types: Vec<Value> = tried["events"].as_array().unwrap().iter().map(|event| event["type"].clone()).collect();
    let Some(organization) = changed else {
        let ended = types.iter().any(|name| name == "organization.deleted");
        assert!(types.is_empty() || ended, "{tried} {real}");
        return;
    };
    assert_eq!(types, newest(&after, &organization["id"], organization["version"].as_u64().unwrap()), "{tried}");
    if !tried["seats"].is_null() {
        let counts = (&tried["seats"]["membersAfter"], &tried["seats"]["pendingAfter"]);
        assert_eq!(counts, (&organization["memberCount"], &organization["pendingCount"]), "{tried}");
    }
    let told = ids(&tried["affectedMembers"], "userId");
    let count = tried["affectedMemberCount"].as_u64().unwrap();
    assert!(count >= told.len() as u64, "{tried}");
    let mut changed = changed_rows(before, &after, "members", organization);
    changed.retain(|user| *user != organization["owner"]);
    // Whoever may not see them hears how many.
    let all_told = count == told.len() as u64;
    assert!(!all_told || changed.is_subset(&told), "{changed:?}: {tried}");
    assert!(count >= changed.len() as u64, "{changed:?}: {tried}");
    if !types.iter().any(|name| name.as_str().unwrap().starts_with("member.")) {
        let shown = tried["affectedTeamMembers"].as_array().unwrap().len() as u64;
        let told = ids(&tried["affectedTeamMembers"], "userId");
        let (count, changed) = (
            tried["affectedTeamMemberCount"].as_u64().unwrap(),
            changed_rows(before, &after, "teamMembers", organization),
        );
        assert!(count > shown || changed.is_subset(&told), "{changed:?}: {tried}");
        assert!(count >= changed.len() as u64, "{changed:?}: {tried}");
    }
    if organization["state"] == "active" && !types.iter().any(|name| name == "organization.activated") {
        let told: BTreeSet<String> = tried["brokenInvitations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect();
        let told: BTreeSet<String> = told.into_iter().filter(|id| !is_of_pat(&after, id)).collect();
        assert_eq!(told, &world.unvouched() - unvouched, "{tried}");
    }
}

fn ids(list: &Value, field: &str) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|it| it[field].as_str().unwrap().to_owned()).collect()
}

/// Whose rows in a table of an organization are not what they were.
fn changed_rows(before: &Value, after: &Value, table: &str, organization: &Value) -> BTreeSet<String> {
    let rows = |dump: &Value| -> BTreeSet<String> {
        let all = dump[table].as_array().unwrap().iter();
        all.filter(|row| row["organization"] == organization["id"]).map(Value::to_string).collect()
    };
    let (old, new) = (rows(before), rows(after));
    let user = |row: &String| serde_json::from_str::<Value>(row).unwrap()["user"].as_str().unwrap().to_owned();
    old.symmetric_difference(&new).map(user).collect()
}

/// pat's address is not verified, so pat cannot ask by id.
fn is_of_pat(dump: &Value, id: &str) -> bool {
    let invitations = dump["invitations"].as_array().unwrap();
    invitations.iter().any(|it| it["id"] == id && it["email"].as_str().unwrap().to_lowercase().starts_with("pat@"))
}

/// An admin who has invited somebody, so that there is something to break.
fn beginning(step: usize) -> Option<Ask> {
    let (person, path, body) = match step {
        0 => ("kurt", "/v1/organizations", json!({ "name": "Nirvana" })),
        1 => ("kurt", "/v1/organizations/nirvana/members", json!({ "userId": "krist", "roles": ["admin"] })),
        2 => ("krist", "/v1/organizations/nirvana/invitations", json!({ "email": "dave@nirvana.com" })),
        _ => return None,
    };
    Some(Ask { person, method: "POST", path: path.to_owned(), body, key: None, if_match: None })
}

#[test]
fn what_is_tried_out_changes_nothing_and_comes_true() {
    let mut seen = BTreeSet::new();
    for seed in 0..12 {
        let random = SeededEntropy::new(1_000 + seed);
        let world = World::new(seed.is_multiple_of(3).then_some(3));
        let (mut tokens, mut invitations) = (Vec::new(), Vec::new());
        for step in 0..100 {
            let Some(ask) = beginning(step).or_else(|| Some(ask(&random, &tokens, &invitations)).filter(is_command))
            else {
                continue;
            };
            let (tried, real) = both(&world, &ask);
            tokens.extend(real.body["token"].as_str().map(str::to_owned));
            invitations.extend(real.body["id"].as_str().filter(|id| id.starts_with("inv_")).map(str::to_owned));
            let broke = tried["brokenInvitations"].as_array().is_some_and(|broken| !broken.is_empty());
            seen.extend(broke.then(|| "broken".to_owned()));
            let events = tried["events"].as_array().into_iter().flatten();
            seen.extend(events.map(|event| event["type"].as_str().unwrap().to_owned()));
        }
    }
    for needed in
        ["broken", "member.removed", "member.added", "invitation.accepted", "organization.ownership_transferred"]
    {
        assert!(seen.contains(needed), "{needed} is missing in {seen:?}");
    }
}
