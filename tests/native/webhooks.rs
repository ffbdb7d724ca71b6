//! Webhooks on their way: what is sent and how it is signed, when it is tried again, who gives up and
//! when, and that two who deliver never send the same at once. On memory and on SQLite alike.

use crate::support::random::person;
use crate::support::site::{Reply, Site, request, settings};
use crate::support::sqlite;
use data_encoding::BASE64;
use guildhall::app::config::Settings;
use guildhall::app::ports::{Sender, Sent, Store, Upkeep, WebhookStore};
use guildhall::app::webhooks::{Call, LEASE, SCHEDULE, sign};
use guildhall::store::memory::MemoryStore;
use guildhall::wire::deliver_webhooks;
use pollster::block_on;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};

const HOOKS: &str = "/v1/organizations/nirvana/webhooks";

/// An address that keeps what it is sent and answers what it is told.
struct Receiver {
    answer: Cell<Sent>,
    got: RefCell<Vec<Call>>,
}

impl Receiver {
    fn new(answer: Sent) -> Self {
        Receiver { answer: Cell::new(answer), got: RefCell::default() }
    }

    fn take(&self) -> Vec<Call> {
        self.got.take()
    }
}

impl Sender for Receiver {
    async fn send(&self, call: &Call) -> Sent {
        self.got.borrow_mut().push(call.clone());
        self.answer.get()
    }
}

fn ask<S: Store + Upkeep>(site: &Site<S>, method: &str, path: &str, body: Value) -> Reply {
    let token = block_on(site.sign_in(&person("kurt")));
    let reply = block_on(site.send(request(method, path, Some(&token), Some(&body).filter(|body| !body.is_null()))));
    assert!(reply.status < 300, "{method} {path}: {}", reply.text);
    reply
}

/// Nirvana with one webhook, whose own creation has been told; gives its path and its secret.
fn founded<S: Store + Upkeep>(store: S) -> (Site<S>, String, String) {
    founded_with(store, &settings())
}

fn founded_with<S: Store + Upkeep>(store: S, settings: &Settings) -> (Site<S>, String, String) {
    let site = Site::with(store, settings);
    ask(&site, "POST", "/v1/organizations", json!({ "name": "Nirvana" }));
    let made = ask(&site, "POST", HOOKS, json!({ "url": "https://hooks.example/x" })).body;
    let path = format!("{HOOKS}/{}", made["id"].as_str().unwrap());
    deliver(&site, &Receiver::new(Sent::Answered(200)));
    (site, path, made["secret"].as_str().unwrap().to_owned())
}

fn deliver<S: Store + Upkeep>(site: &Site<S>, receiver: &Receiver) {
    let round = block_on(deliver_webhooks(&site.app(), receiver)).unwrap();
    assert!(round.failures.is_empty(), "{:?}", round.failures);
}

fn role<S: Store + Upkeep>(site: &Site<S>, key: &str) {
    ask(site, "POST", "/v1/organizations/nirvana/roles", json!({ "key": key }));
}

fn deliveries<S: Store + Upkeep>(site: &Site<S>, path: &str) -> Vec<Value> {
    let page = ask(site, "GET", &format!("{path}/deliveries"), Value::Null);
    page.body["data"].as_array().unwrap().clone()
}

fn key(secret: &str) -> Vec<u8> {
    BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap()
}

macro_rules! on_both {
    ($($name:ident)+) => {
        mod on_memory { $(#[test] fn $name() { super::$name(super::MemoryStore::default()); })+ }
        mod on_sqlite { $(#[test] fn $name() { super::$name(super::sqlite::open()); })+ }
    };
}

on_both! {
    what_is_sent_is_signed_by_the_secret_that_was_shown
    the_old_secret_signs_beside_the_new_one_for_a_while
    attempts_follow_the_schedule_and_end
    an_answer_that_is_no_success_is_told
    a_success_after_failures_is_one
    whoever_fails_for_days_is_given_up
    gone_is_gone_at_once
    another_address_begins_anew
    a_claim_keeps_others_out_until_it_runs_out
    what_waits_for_an_ended_webhook_is_dropped
    an_address_is_checked_again_before_each_attempt
    what_is_too_long_is_told_without_its_data
    a_round_sends_twenty_and_says_that_more_wait
    nothing_is_left_of_a_purged_organization
    old_deliveries_are_forgotten
    a_test_is_sent
}

fn what_is_sent_is_signed_by_the_secret_that_was_shown<S: Store + Upkeep>(store: S) {
    let (site, path, secret) = founded(store);
    role(&site, "bass");
    let receiver = Receiver::new(Sent::Answered(204));
    deliver(&site, &receiver);
    let [call] = receiver.take().try_into().unwrap();
    let event = ask(&site, "GET", "/v1/organizations/nirvana/events?type=role.created", Value::Null);
    let event = &event.body["data"][0];
    let payload: Value = serde_json::from_str(&call.body).unwrap();
    assert_eq!(payload, json!({ "type": "role.created", "timestamp": event["at"], "data": event }));
    assert_eq!(json!(call.id), event["id"]);
    assert_eq!(call.url, "https://hooks.example/x");
    assert_eq!(call.timestamp, site.now.get().millis() / 1000);
    assert_eq!(key(&secret).len(), 32);
    assert_eq!(call.signature, sign(&key(&secret), &call.id.to_string(), call.timestamp, &call.body));
    let names: Vec<&str> = call.headers().iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["content-type", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature"]);
    let last = &deliveries(&site, &path)[0];
    assert_eq!((&last["state"], &last["status"], &last["attempts"]), (&json!("delivered"), &json!(204), &json!(1)));
    deliver(&site, &receiver);
    assert_eq!(receiver.take(), [], "it is sent once");
}

fn the_old_secret_signs_beside_the_new_one_for_a_while<S: Store + Upkeep>(store: S) {
    let (site, path, old) = founded(store);
    let new = ask(&site, "POST", &format!("{path}/rotate"), json!({ "overlap": 3_600 })).body["secret"].clone();
    assert_ne!(new, old);
    let receiver = Receiver::new(Sent::Answered(200));
    deliver(&site, &receiver);
    let signed = |call: &Call, secret: &str| sign(&key(secret), &call.id.to_string(), call.timestamp, &call.body);
    let [call] = receiver.take().try_into().unwrap();
    let new = new.as_str().unwrap();
    assert_eq!(call.signature, format!("{} {}", signed(&call, new), signed(&call, &old)));
    site.advance(3_601);
    role(&site, "bass");
    deliver(&site, &receiver);
    let [call] = receiver.take().try_into().unwrap();
    assert_eq!(call.signature, signed(&call, new));
}

fn attempts_follow_the_schedule_and_end<S: Store + Upkeep>(store: S) {
    let (site, path, _) = founded(store);
    role(&site, "bass");
    let receiver = Receiver::new(Sent::Unreachable);
    let mut bodies = Vec::new();
    for (attempt, pause) in SCHEDULE.iter().map(|pause| Some(*pause)).chain([None]).enumerate() {
        deliver(&site, &receiver);
        let calls = receiver.take();
        assert_eq!(calls.len(), 1, "attempt {attempt}");
        bodies.extend(calls.into_iter().map(|call| (call.id, call.body)));
        let last = &deliveries(&site, &path)[0];
        assert_eq!((&last["attempts"], &last["fault"]), (&json!(attempt + 1), &json!("unreachable")));
        let Some(pause) = pause else {
            assert_eq!((&last["state"], &last["nextAttemptAt"]), (&json!("failed"), &Value::Null));
            break;
        };
        assert_eq!(last["state"], "pending");
        let next = site.now.get().plus_seconds(pause).to_string();
        assert!(last["nextAttemptAt"].as_str().unwrap() <= next.as_str(), "{last} {next}");
        site.advance(pause - 2);
        deliver(&site, &receiver);
        assert_eq!(receiver.take(), [], "too early after attempt {attempt}");
        site.advance(2);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "each attempt says the same under the same id");
    site.advance(400_000);
    deliver(&site, &receiver);
    assert_eq!(receiver.take(), []);
}

fn an_answer_that_is_no_success_is_told<S: Store + Upkeep>(store: S) {
    let (site, path, _) = founded(store);
    for (number, (answer, fault, status)) in [
        (Sent::Answered(500), "status", json!(500)),
        (Sent::Answered(404), "status", json!(404)),
        (Sent::Answered(302), "redirected", json!(302)),
        (Sent::TimedOut, "timeout", Value::Null),
        (Sent::Unreachable, "unreachable", Value::Null),
    ]
    .into_iter()
    .enumerate()
    {
        role(&site, &format!("role-{number}"));
        deliver(&site, &Receiver::new(answer));
        let last = &deliveries(&site, &path)[0];
        let expected = (&json!("pending"), &json!(fault), &status);
        assert_eq!((&last["state"], &last["fault"], &last["status"]), expected);
    }
}

fn a_success_after_failures_is_one<S: Store + Upkeep>(store: S) {
    let (site, path, _) = founded(store);
    role(&site, "bass");
    deliver(&site, &Receiver::new(Sent::Answered(503)));
    site.advance(6);
    deliver(&site, &Receiver::new(Sent::Answered(202)));
    let last = &deliveries(&site, &path)[0];
    assert_eq!((&last["state"], &last["fault"], &last["attempts"]), (&json!("delivered"), &Value::Null, &json!(2)));
    assert!(last["deliveredAt"].is_string() && last["nextAttemptAt"].is_null());
}

const DAY: i64 = 86_400;

fn whoever_fails_for_days_is_given_up<S: Store + Upkeep>(store: S) {
    let (site, path, _) = founded(store);
    let failing = Receiver::new(Sent::Answered(500));
    for day in 0..5 {
        role(&site, &format!("role-{day}"));
        deliver(&site, &failing);
        assert_eq!(ask(&site, "GET", &path, Value::Null).body["state"], "active", "day {day}");
        site.advance(DAY);
    }
    role(&site, "role-5");
    deliver(&site, &failing);
    let webhook = ask(&site, "GET", &path, Value::Null).body;
    assert_eq!((&webhook["state"], &webhook["disabledBecause"]), (&json!("disabled"), &json!("failing")));
    let event = ask(&site, "GET", "/v1/organizations/nirvana/events?type=webhook.disabled", Value::Null).body;
    assert_eq!(event["data"][0]["actor"], json!({ "id": "guildhall:clock", "kind": "system" }));
    site.advance(DAY);
    failing.take();
    deliver(&site, &failing);
    assert_eq!(failing.take(), [], "nothing is sent any more");
    assert!(deliveries(&site, &path).iter().all(|delivery| delivery["state"] != "pending"));
    // Switched on again it hears of what happens from now on, and has its days again.
    ask(&site, "PATCH", &path, json!({ "state": "active" }));
    deliver(&site, &failing);
    assert_eq!(failing.take().len(), 1);
    assert_eq!(ask(&site, "GET", &path, Value::Null).body["state"], "active");
}

fn gone_is_gone_at_once<S: Store + Upkeep>(store: S) {
    let (site, path, _) = founded(store);
    role(&site, "bass");
    deliver(&site, &Receiver::new(Sent::Answered(410)));
    let webhook = ask(&site, "GET", &path, Value::Null).body;
    assert_eq!((&webhook["state"], &webhook["disabledBecause"]), (&json!("disabled"), &json!("gone")));
    let last = &deliveries(&site, &path)[0];
    let expected = (&json!("failed"), &json!("gone"), &json!(410));
    assert_eq!((&last["state"], &last["fault"], &last["status"]), expected);
}

fn another_address_begins_anew<S: Store + Upkeep>(store: S) {
    let (site, path, _) = founded(store);
    let failing = Receiver::new(Sent::Answered(500));
    role(&site, "bass");
    deliver(&site, &failing);
    site.advance(6 * DAY);
    ask(&site, "PATCH", &path, json!({ "url": "https://other.example/" }));
    deliver(&site, &failing);
    assert_eq!(ask(&site, "GET", &path, Value::Null).body["state"], "active");
    assert!(failing.take().iter().skip(1).all(|call| call.url == "https://other.example/"));
}

/// A receiver during whose answer somebody else delivers as well.
struct Nosy<'a, S> {
    site: &'a Site<S>,
    other: Receiver,
    answer: Sent,
    later: i64,
}

impl<S: Store + Upkeep> Sender for Nosy<'_, S> {
    async fn send(&self, _call: &Call) -> Sent {
        self.site.advance(self.later);
        deliver(self.site, &self.other);
        self.answer
    }
}

fn a_claim_keeps_others_out_until_it_runs_out<S: Store + Upkeep>(store: S) {
    let (site, path, _) = founded(store);
    role(&site, "bass");
    let other = || Receiver::new(Sent::Answered(200));
    let nosy = Nosy { site: &site, other: other(), answer: Sent::Answered(500), later: LEASE - 60 };
    block_on(deliver_webhooks(&site.app(), &nosy)).unwrap();
    assert_eq!(nosy.other.take(), [], "it is somebody's");
    site.advance(600);
    // Whoever is so slow that the claim runs out says nothing against what has arrived meanwhile.
    let slow = Nosy { site: &site, other: other(), answer: Sent::TimedOut, later: LEASE + 1 };
    block_on(deliver_webhooks(&site.app(), &slow)).unwrap();
    assert_eq!(slow.other.take().len(), 1, "the claim has run out");
    assert_eq!(deliveries(&site, &path)[0]["state"], "delivered");
}

fn what_waits_for_an_ended_webhook_is_dropped<S: Store + Upkeep>(store: S) {
    let (site, path, _) = founded(store);
    role(&site, "bass");
    ask(&site, "DELETE", &path, Value::Null);
    let receiver = Receiver::new(Sent::Answered(200));
    deliver(&site, &receiver);
    assert_eq!(receiver.take(), []);
}

fn an_address_is_checked_again_before_each_attempt<S: Store + Upkeep>(store: S) {
    let (mut site, path, _) = founded(store);
    role(&site, "bass");
    site.config.resolution.base_domain = Some("hooks.example".to_owned());
    let receiver = Receiver::new(Sent::Answered(200));
    deliver(&site, &receiver);
    assert_eq!(receiver.take(), []);
    assert_eq!(deliveries(&site, &path)[0]["fault"], "address_refused");
}

fn what_is_too_long_is_told_without_its_data<S: Store + Upkeep>(store: S) {
    let names: Vec<String> = (0..192).map(|number| format!("{}:act_{number}", "x".repeat(63))).collect();
    let permissions: Vec<String> = names.iter().map(|name| format!("{name}_{}", "y".repeat(50))).collect();
    let (site, _, _) = founded_with(store, &Settings { permissions: Some(permissions.join(" ")), ..settings() });
    let role = json!({ "key": "bass", "permissions": permissions });
    ask(&site, "POST", "/v1/organizations/nirvana/roles", role);
    let receiver = Receiver::new(Sent::Answered(200));
    deliver(&site, &receiver);
    let [call] = receiver.take().try_into().unwrap();
    assert!(call.body.len() <= 20_000);
    let body: Value = serde_json::from_str(&call.body).unwrap();
    assert_eq!((&body["type"], &body["data"]["type"]), (&json!("role.created"), &json!("role.created")));
    assert_eq!((&body["data"]["data"], &body["data"]["truncated"]), (&Value::Null, &json!(true)));
    assert_eq!(body["data"]["id"], json!(call.id));
}

fn a_round_sends_twenty_and_says_that_more_wait<S: Store + Upkeep>(store: S) {
    let (site, _, _) = founded(store);
    (0..23).for_each(|number| role(&site, &format!("role-{number}")));
    let receiver = Receiver::new(Sent::Answered(200));
    let round = || block_on(deliver_webhooks(&site.app(), &receiver)).unwrap().full;
    assert_eq!((round(), receiver.take().len()), (true, 20));
    assert_eq!((round(), receiver.take().len()), (false, 3));
}

fn nothing_is_left_of_a_purged_organization<S: Store + Upkeep>(store: S) {
    let none = Settings { deletion_grace: Some("0".to_owned()), ..settings() };
    let (site, _, _) = founded_with(store, &none);
    role(&site, "bass");
    ask(&site, "DELETE", "/v1/organizations/nirvana", Value::Null);
    assert_eq!(block_on(site.store.newest_deliveries(10)).unwrap(), []);
}

fn old_deliveries_are_forgotten<S: Store + Upkeep>(store: S) {
    let (site, path, _) = founded(store);
    role(&site, "bass");
    site.advance(31 * DAY);
    role(&site, "drums");
    assert!(block_on(site.app().tick(None::<&crate::support::NoMessenger>)).is_empty());
    let left: Vec<Value> = deliveries(&site, &path).iter().map(|delivery| delivery["type"].clone()).collect();
    assert_eq!(left, ["role.created"]);
}

fn a_test_is_sent<S: Store + Upkeep>(store: S) {
    let (site, path, _) = founded(store);
    let told = ask(&site, "POST", &format!("{path}/test"), json!({})).body;
    let receiver = Receiver::new(Sent::Answered(200));
    deliver(&site, &receiver);
    let [call] = receiver.take().try_into().unwrap();
    assert_eq!(json!(call.id), told["id"]);
    assert_eq!(serde_json::from_str::<Value>(&call.body).unwrap(), told["payload"]);
}

/// Ten webhooks cost a command as many statements as none, and a hundred events as many as one.
#[test]
fn telling_costs_one_statement_whatever_there_is_to_tell() {
    let site = Site::new(sqlite::open());
    ask(&site, "POST", "/v1/organizations", json!({ "name": "Nirvana" }));
    let statements = |names: std::ops::Range<u32>| {
        let lines: Vec<Value> = names.map(|name| json!({ "email": format!("{name}@foo.com") })).collect();
        site.store.executor().statements.set(0);
        ask(&site, "POST", "/v1/organizations/nirvana/invitations/bulk", json!({ "invitations": lines }));
        site.store.executor().statements.get()
    };
    let none = statements(0..1);
    (0..10).for_each(|_| drop(ask(&site, "POST", HOOKS, json!({ "url": "https://hooks.example/" }))));
    assert_eq!((statements(1..2), statements(2..102)), (none, none));
    assert!(block_on(site.store.newest_deliveries(2_000)).unwrap().len() > 1_000);
}

/// A commit that is rolled back tells nobody.
#[test]
fn what_is_rolled_back_is_not_told() {
    let (site, path, _) = founded(sqlite::open());
    let trigger = "CREATE TRIGGER no_roles BEFORE INSERT ON roles BEGIN SELECT RAISE(ABORT, 'no'); END";
    site.store.executor().connection.borrow().execute(trigger, []).unwrap();
    let token = block_on(site.sign_in(&person("kurt")));
    let role = json!({ "key": "bass" });
    let reply = block_on(site.send(request("POST", "/v1/organizations/nirvana/roles", Some(&token), Some(&role))));
    assert_eq!(reply.status, 503);
    assert_eq!(deliveries(&site, &path).len(), 1, "its own creation");
}
