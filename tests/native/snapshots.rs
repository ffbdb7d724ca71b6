//! Snapshots of a directory: what is read back is what was there; whatever contradicts itself is refused
//! whole, with a code and a place; nothing that is handed in is fatal.

use crate::support::SeededEntropy;
use crate::support::snapshot::{SECRET, filled};
use guildhall::ffi::directory::Directory;
use guildhall::ffi::snapshot::Held;
use serde_json::{Value, json};

const NOW: f64 = 1_767_225_600_000.0;

fn open(snapshot: Option<&str>) -> Result<Directory<SeededEntropy>, Value> {
    let options = r#"{"settings":{"DELETION_GRACE":"0"}}"#;
    Directory::open(options, snapshot, SeededEntropy::new(7)).map_err(|reply| serde_json::from_str(&reply).unwrap())
}

struct World {
    directory: Directory<SeededEntropy>,
    clock: f64,
}

impl World {
    fn send(&mut self, line: &str, token: &str, body: Value) -> Value {
        self.clock += 1.0;
        let (method, path) = line.split_once(' ').unwrap();
        let json = ["content-type", "application/json"];
        let (bearer, key) = (format!("Bearer {token}"), body.to_string());
        let headers = [json, ["authorization", &bearer], ["idempotency-key", &key]];
        let sent = if token.is_empty() { &headers[..1] } else { &headers[..] };
        let head = json!({ "method": method, "url": format!("http://localhost{path}"), "headers": sent }).to_string();
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let (head, answer) = self.directory.answer(&head, body, self.clock, None);
        let head: Value = serde_json::from_str(&head).unwrap();
        assert!(head["status"].as_u64().unwrap() < 300, "{line}: {head} {}", String::from_utf8_lossy(&answer));
        serde_json::from_slice(&answer).unwrap_or_default()
    }

    fn token(&mut self, name: &str) -> String {
        let person = json!({ "userId": name, "email": format!("{name}@nirvana.com"), "platformAdmin": name == "root" });
        self.send("POST /dev/session", "", person)["token"].as_str().unwrap().to_owned()
    }
}

/// Something in every part of a snapshot but `failing`: nothing is sent from here.
fn world() -> (World, String) {
    let mut world = World { directory: open(None).unwrap(), clock: NOW };
    let (kurt, krist) = (world.token("kurt"), world.token("krist"));
    world.send("POST /v1/organizations", &kurt, json!({ "name": "Nirvana" }));
    world.send("POST /v1/organizations/nirvana/members", &kurt, json!({ "userId": "dave" }));
    world.send("DELETE /v1/organizations/nirvana/members/dave", &kurt, Value::Null);
    world.send("PATCH /v1/organizations/nirvana", &kurt, json!({ "slug": "bliss", "metadata": { "a": [1.5, null] } }));
    let webhook = json!({ "url": "https://hooks.nirvana.com/", "events": ["member.*"] });
    world.send("POST /v1/organizations/bliss/webhooks", &kurt, webhook);
    world.send("POST /v1/organizations/bliss/members", &kurt, json!({ "userId": "pat", "roles": ["admin"] }));
    let invited = json!({ "email": "krist@nirvana.com", "roles": ["admin"] });
    world.send("POST /v1/organizations/bliss/invitations", &kurt, invited.clone());
    let token = world.send(
        "POST /v1/organizations/bliss/invitations",
        &kurt,
        json!({ "email": "chad@nirvana.com", "notify": false }),
    );
    let token = token["token"].clone();
    let chad = world.token("chad");
    world.send("POST /v1/invitations/decline", &chad, json!({ "token": token, "suppress": "organization" }));
    world.send("POST /v1/organizations", &krist, json!({ "name": "Scream" }));
    world.send("DELETE /v1/organizations/scream", &krist, Value::Null);
    world.send("PUT /dev/dns", &kurt, json!({ "name": "_guildhall.nirvana.com", "txt": ["guildhall=x"] }));
    (world, kurt)
}

#[test]
fn a_copy_is_what_the_original_is() {
    let (mut world, kurt) = world();
    let text = world.directory.snapshot();
    let held = Held::read(&text).unwrap();
    assert_eq!(
        filled(&held.store),
        [
            "deliveries",
            "messages",
            "organizations",
            "purges",
            "receipts",
            "sent",
            "suppressions",
            "tombstones",
            "departed"
        ]
    );
    assert_eq!((held.dns.len(), held.at.millis() as f64), (1, world.clock));
    let directory = open(Some(&text)).unwrap();
    assert_eq!((directory.snapshot(), directory.changes(), directory.latest()), (text, 0, world.directory.latest()));
    let mut copy = World { directory, clock: world.clock };
    for line in [
        "GET /v1/me",
        "GET /v1/organizations/nirvana/events",
        "GET /v1/organizations/bliss/events/verify",
        "GET /dev/outbox",
    ] {
        let line = line.replace("/nirvana/", "/bliss/");
        assert_eq!(copy.send(&line, &kurt, Value::Null), world.send(&line, &kurt, Value::Null), "{line}");
    }
    assert_eq!(copy.directory.changes(), 0, "reading changes nothing");
    world.send("POST /v1/organizations", &kurt, json!({ "name": "Probot" }));
    let before = world.directory.changes();
    world.send("POST /v1/organizations", &kurt, json!({ "name": "Probot" }));
    assert_eq!(world.directory.changes(), before, "a kept answer is no change");
    world.send("POST /v1/organizations", &kurt, json!({ "name": "Probot2" }));
    assert!(world.directory.changes() > before);
}

/// What stands at a pointer, replaced; nothing is taken away.
fn with(text: &str, pointer: &str, value: Value) -> String {
    let mut whole: Value = serde_json::from_str(text).unwrap();
    *whole.pointer_mut(pointer).unwrap() = value;
    whole.to_string()
}

fn refusal(text: &str) -> (String, String) {
    let refusal = open(Some(text)).err().unwrap();
    let word = |name: &str| refusal["error"][name].as_str().unwrap_or_default().to_owned();
    assert!(!word("title").is_empty() && !word("message").is_empty(), "{refusal}");
    (word("code"), word("param"))
}

#[test]
fn what_contradicts_itself_is_refused_with_its_place() {
    let text = world().0.directory.snapshot();
    let whole: Value = serde_json::from_str(&text).unwrap();
    let state = &whole["state"];
    let id = state["organizations"][0]["id"].as_str().unwrap();
    let twice = |table: &str| json!([state[table][0], state[table][0]]);
    let log = state["organizations"][0]["log"].as_array().unwrap();
    let foreign = json!("org_00000000000170008000000000000000");
    let cases: Vec<(&str, Value, &str)> = vec![
        ("/format", json!("something-else"), "format"),
        ("/format", json!(1), "format"),
        ("/version", json!(0), "format"),
        ("/version", json!("1"), "version"),
        ("/at", json!(-1), "at"),
        ("/secret", json!("short"), "secret"),
        ("/secret", json!(SECRET.to_uppercase()), "secret"),
        ("/dns", json!([["one"]]), "dns"),
        ("/state", json!({}), "state.organizations"),
        ("/state/organizations", json!({}), "state.organizations"),
        ("/state/organizations", twice("organizations"), "ID"),
        (
            "/state/organizations/0/id",
            foreign.clone(),
            "state.organizations.org_00000000000170008000000000000000.log.1",
        ),
        ("/state/organizations/0/log", json!([]), "ID.log"),
        ("/state/organizations/0/log", json!(log[..2]), "ID.log"),
        ("/state/organizations/0/log", json!(log[1..]), "ID.log.2"),
        ("/state/organizations/0/log/1/actor", json!("krist"), "ID.log.2"),
        ("/state/organizations/0/log/1/events", json!("[]"), "ID.log.2"),
        ("/state/organizations/0/log/1/events", json!("no JSON"), "state.organizations.log.events"),
        ("/state/organizations/0/log/1/hash", Value::Null, "ID.log.2"),
        ("/state/organizations/0/head", Value::Null, "ID.log"),
        ("/state/organizations/0/departed", json!([1]), "state.organizations.departed"),
        ("/state/tombstones", twice("tombstones"), "*"),
        ("/state/tombstones/0/id", json!(id), "ID"),
        ("/state/tombstones/0/slugs", json!(["bliss"]), "ID.log.4"),
        ("/state/receipts", twice("receipts"), "state.receipts.1"),
        ("/state/messages", twice("messages"), "state.messages.1"),
        ("/state/messages/0/organization", foreign.clone(), "state.messages.0"),
        ("/state/messages/0/notice/kind", json!("nonsense"), "state.messages.notice.kind"),
        ("/state/deliveries", twice("deliveries"), "state.deliveries.1"),
        ("/state/deliveries/0/organization", foreign.clone(), "state.deliveries.0"),
        ("/state/deliveries/0/event", json!([1, 2, 3]), "state.deliveries.event"),
        ("/state/deliveries/0/status", json!(70_000), "state.deliveries.status"),
        (
            "/state/failing",
            json!({ "whk_00000000000170008000000000000000": 1 }),
            "state.failing.whk_00000000000170008000000000000000",
        ),
        ("/state/sent", json!([]), "state.sent"),
        ("/state/suppressions", twice("suppressions"), "state.suppressions.1"),
        ("/state/suppressions/0/organization", foreign, "state.suppressions.0"),
    ];
    for (pointer, value, param) in cases {
        let found = refusal(&with(&text, pointer, value.clone()));
        assert_eq!(found.0, "snapshot_invalid", "{pointer} {value}");
        let param = param.replace("ID", &format!("state.organizations.{id}"));
        assert!(param == "*" || found.1 == param, "{pointer} {value}: {}", found.1);
    }
}

#[test]
fn an_order_of_events_that_contradicts_itself_is_refused() {
    let text = world().0.directory.snapshot();
    let whole: Value = serde_json::from_str(&text).unwrap();
    let (state, id) = (&whole["state"], whole["state"]["organizations"][0]["id"].as_str().unwrap());
    let twice = json!([state["purges"][0], state["purges"][0]]);
    let positions = format!("state.organizations.{id}.positions");
    let purge = format!("state.purges.{}", state["purges"][0]["recorded"]["organization"].as_str().unwrap());
    for (pointer, value, param) in [
        ("/state/organizations/0/positions", json!([1]), positions.as_str()),
        ("/state/organizations/0/positions/1", json!(1), &positions),
        ("/state/organizations/0/positions/0", json!(0), &positions),
        ("/state/purges", twice, &purge),
        ("/state/purges/0/position", json!(1), &purge),
        ("/state/purges/0/position", json!(0), &purge),
        ("/state/purges/0/recorded/organization", json!(id), &format!("state.purges.{id}")),
        ("/state/lastPosition", json!(u64::MAX), "state.lastPosition"),
    ] {
        let found = refusal(&with(&text, pointer, value.clone()));
        assert_eq!(found, ("snapshot_invalid".to_owned(), param.to_owned()), "{pointer} {value}");
    }
}

#[test]
fn what_is_no_snapshot_of_this_version_is_refused() {
    let text = world().0.directory.snapshot();
    assert_eq!(refusal(&with(&text, "/version", json!(3))), ("snapshot_too_new".to_owned(), String::new()));
    for text in ["", "null", "[]", "{}", "no JSON", text.strip_suffix('}').unwrap(), &[&text, "x"].concat()] {
        assert_eq!(refusal(text).0, "snapshot_invalid", "{text:.80}");
    }
    let more = text.replacen("{\"format\"", "{\"more\":1,\"format\"", 1);
    assert_eq!(refusal(&more), ("snapshot_invalid".to_owned(), "more".to_owned()));
}

/// A snapshot of before there was an order of all events: its entries stand in the order of their times.
#[test]
fn a_snapshot_of_the_first_version_is_read() {
    let (mut world, kurt) = world();
    world.send("POST /v1/organizations", &kurt, json!({ "name": "Probot" }));
    world.send("PATCH /v1/organizations/bliss", &kurt, json!({ "name": "Bliss" }));
    let mut whole: Value = serde_json::from_str(&world.directory.snapshot()).unwrap();
    whole["version"] = json!(1);
    let state = whole["state"].as_object_mut().unwrap();
    ["purges", "lastPosition", "tick"].iter().for_each(|name| drop(state.remove(*name)));
    for organization in state["organizations"].as_array_mut().unwrap() {
        organization.as_object_mut().unwrap().remove("positions");
    }
    let mut copy = World { directory: open(Some(&whole.to_string())).unwrap(), clock: world.clock };
    let root = copy.token("root");
    let page = copy.send("GET /v1/events?limit=100", &root, Value::Null);
    let events = page["data"].as_array().unwrap();
    let numbers: Vec<u64> = events.iter().map(|event| event["position"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=u64::try_from(numbers.len()).unwrap()).collect::<Vec<_>>());
    assert!(events.is_sorted_by_key(|event| event["at"].as_str()), "{page}");
    assert_eq!(
        (&events[events.len() - 2]["type"], &page["lastPosition"]),
        (&json!("organization.created"), &json!(numbers.len()))
    );
}

/// The places of all values that are neither lists nor objects.
fn leaves(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, it)| leaves(it, &format!("{place}/{at}"), found))
        }
        Value::Object(fields) => fields.iter().for_each(|(name, it)| {
            leaves(it, &format!("{place}/{}", name.replace('~', "~0").replace('/', "~1")), found)
        }),
        _ => found.push(place.to_owned()),
    }
}

#[test]
fn nothing_that_is_changed_in_it_is_fatal() {
    let (world, kurt) = world();
    let text = world.directory.snapshot();
    let mut places = Vec::new();
    leaves(&serde_json::from_str(&text).unwrap(), "", &mut places);
    assert!(places.len() > 150, "{}", places.len());
    let mut taken = 0;
    for place in &places {
        for value in [Value::Null, json!(u64::MAX), json!("kurt"), json!([])] {
            if let Ok(directory) = open(Some(&with(&text, place, value))) {
                taken += 1;
                let head = json!({ "method": "GET", "url": "http://localhost/v1/me", "headers": [["authorization", format!("Bearer {kurt}")]] });
                directory.answer(&head.to_string(), Vec::new(), NOW + 100.0, None);
                assert!(Held::read(&directory.snapshot()).is_ok(), "{place}");
            }
        }
    }
    assert!(taken > 0);
}
