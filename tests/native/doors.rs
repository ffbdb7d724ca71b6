//! Doors that many come to at once, and the one that nobody may come through as somebody else.

use crate::races::{Shared, interleave, run_pausing};
use crate::support::SeededEntropy;
use crate::support::dump::dump;
use crate::support::invariants::broken;
use crate::support::random::person;
use crate::support::site::{Reply, Site, request, settings};
use crate::support::sqlite;
use guildhall::app::config::Settings;
use guildhall::app::keys::Purpose;
use guildhall::app::ports::{Store, Upkeep};
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::{Value, json};
use std::future::Future;
use std::pin::Pin;

type Ask = (String, &'static str, String, Value);

fn site<S: Store + Upkeep>(store: S) -> Site<Shared<S>> {
    Site::new(Shared { store, naive: false })
}

fn send<S: Store + Upkeep>(site: &Site<Shared<S>>, who: Option<&str>, line: &str, body: Value) -> Reply {
    let (method, path) = line.split_once(' ').unwrap();
    let token = who.map(|who| run_pausing(site.sign_in(&person(who))));
    run_pausing(site.send(request(method, path, token.as_deref(), Some(&body).filter(|body| !body.is_null()))))
}

fn race<S: Store + Upkeep>(site: &Site<Shared<S>>, seed: u64, asks: &[Ask]) -> Vec<u16> {
    let client = |(who, method, path, body): &Ask| {
        let (who, method, path, body) = (who.clone(), *method, path.clone(), body.clone());
        Box::pin(async move {
            let token = site.sign_in(&person(&who)).await;
            let body = Some(&body).filter(|body| !body.is_null());
            site.send(request(method, &path, Some(&token), body)).await.status
        }) as Pin<Box<dyn Future<Output = u16>>>
    };
    let mut statuses = interleave(&SeededEntropy::new(seed), asks.iter().map(client).collect());
    statuses.sort_unstable();
    statuses
}

fn token_of(reply: &Reply) -> String {
    reply.body["token"].as_str().unwrap().to_owned()
}

fn accepts(token: &str, people: impl Iterator<Item = String>) -> Vec<Ask> {
    people.map(|who| (who, "POST", "/v1/invitations/accept".to_owned(), json!({ "token": token }))).collect()
}

fn sixteen_come<S: Store + Upkeep>(store: S, seed: u64, state: impl Fn(&S) -> Value) {
    let site = site(store);
    send(&site, Some("kurt"), "POST /v1/organizations", json!({ "name": "Nirvana" }));
    let link = send(&site, Some("kurt"), "POST /v1/organizations/nirvana/invitation-links", json!({ "maxUses": 3 }));
    let asks = accepts(&token_of(&link), (0..16).map(|number| format!("guest-{number}")));
    let statuses = race(&site, seed, &asks);
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 3, "seed {seed}: {statuses:?}");
    assert!(statuses.iter().skip(3).all(|status| *status == 410), "seed {seed}: {statuses:?}");
    let state = state(&site.store.store);
    assert_eq!(broken(&state), None, "seed {seed}");
    assert_eq!((&state["links"][0]["uses"], state["members"].as_array().map(Vec::len)), (&json!(3), Some(4)));
}

#[test]
fn a_link_for_three_lets_three_of_sixteen_in() {
    (0..100).for_each(|seed| sixteen_come(MemoryStore::default(), seed, MemoryStore::dump));
    (0..10).for_each(|seed| sixteen_come(sqlite::open(), seed, dump));
}

/// A click that is sent twice at once uses a link once.
#[test]
fn one_who_comes_twice_at_once_comes_once() {
    for seed in 0..100 {
        let site = site(MemoryStore::default());
        send(&site, Some("kurt"), "POST /v1/organizations", json!({ "name": "Nirvana" }));
        let link =
            send(&site, Some("kurt"), "POST /v1/organizations/nirvana/invitation-links", json!({ "maxUses": 3 }));
        let asks = accepts(&token_of(&link), ["dave", "dave", "dave"].map(str::to_owned).into_iter());
        assert_eq!(race(&site, seed, &asks), [200, 200, 200], "seed {seed}");
        assert_eq!(site.store.store.dump()["links"][0]["uses"], 1, "seed {seed}");
    }
}

/// The organization's registration and the token that was mailed for it.
fn registered<S: Store + Upkeep>(site: &Site<Shared<S>>) -> String {
    let body = json!({ "organizationName": "Nirvana", "email": "kurt@nirvana.com" });
    assert_eq!(send(site, None, "POST /v1/registrations", body).status, 202);
    let outbox = send(site, None, "GET /dev/outbox", Value::Null);
    outbox.body["data"][0]["token"].as_str().unwrap().to_owned()
}

fn two_activate<S: Store + Upkeep>(store: S, seed: u64, state: impl Fn(&S) -> Value) {
    let site = site(store);
    let body = json!({ "token": registered(&site) });
    let path = "/v1/registrations/activate".to_owned();
    let asks = ["kurt", "krist"].map(|who| (who.to_owned(), "POST", path.clone(), body.clone()));
    assert_eq!(race(&site, seed, &asks), [200, 410], "seed {seed}");
    let state = state(&site.store.store);
    assert_eq!(broken(&state), None, "seed {seed}");
    assert_eq!(state["members"].as_array().map(Vec::len), Some(1));
}

#[test]
fn of_two_who_activate_at_once_one_owns_it() {
    (0..100).for_each(|seed| two_activate(MemoryStore::default(), seed, MemoryStore::dump));
    (0..10).for_each(|seed| two_activate(sqlite::open(), seed, dump));
}

#[test]
fn a_request_is_made_once_and_answered_once() {
    let requests = "/v1/organizations/nirvana/join-requests";
    for seed in 0..100 {
        let site = site(MemoryStore::default());
        send(&site, Some("kurt"), "POST /v1/organizations", json!({ "name": "Nirvana" }));
        let twice = [0, 1].map(|_| ("dave".to_owned(), "POST", requests.to_owned(), json!({})));
        assert_eq!(race(&site, seed, &twice), [201, 409], "seed {seed}");
        let id = site.store.store.dump()["joinRequests"][0]["id"].as_str().unwrap().to_owned();
        let answers = [("kurt", "approve"), ("dave", "withdraw")]
            .map(|(who, word)| (who.to_owned(), "POST", format!("{requests}/{id}/{word}"), json!({})));
        assert_eq!(race(&site, seed, &answers), [200, 410], "seed {seed}");
        assert_eq!(broken(&site.store.store.dump()), None, "seed {seed}");
    }
}

#[test]
fn the_installation_takes_so_many_registrations_an_hour() {
    let settings = Settings { registrations_per_hour: Some("2".to_owned()), ..settings() };
    let site = Site::with(sqlite::open(), &settings);
    let ask = |number: u32| {
        let body = json!({ "organizationName": "Band", "email": format!("{number}@nirvana.com") });
        block_on(site.send(request("POST", "/v1/registrations", None, Some(&body))))
    };
    assert_eq!([ask(1).status, ask(2).status], [202, 202]);
    let refused = ask(3);
    assert_eq!((refused.status, &refused.body["code"]), (429, &json!("registration_quota_reached")));
    assert!(refused.headers.contains_key("retry-after"));
    site.advance(3601);
    assert_eq!(ask(3).status, 202);
}

/// Whatever an authenticator says: who owns an organization until it is activated is nobody.
#[test]
fn nobody_comes_as_the_placeholder() {
    let site = Site::new(MemoryStore::default());
    let body = json!({ "organizationName": "Nirvana", "email": "kurt@nirvana.com" });
    assert_eq!(block_on(site.send(request("POST", "/v1/registrations", None, Some(&body)))).status, 202);
    let dump = site.store.dump();
    let owner = dump["organizations"][0]["owner"].as_str().unwrap();
    assert!(owner.starts_with("registration:reg_"));
    for user in [owner, "guildhall:clock"] {
        let session = json!({ "principal": { "userId": user }, "expires_at": 4_000_000_000_000i64 }).to_string();
        let token = format!("ghs_{}", site.config.keys.seal(Purpose::DevSession, "", &session));
        let id = dump["organizations"][0]["id"].as_str().unwrap();
        for (method, path) in [("GET", String::new()), ("POST", "/activate".to_owned()), ("DELETE", String::new())] {
            let path = format!("/v1/organizations/{id}{path}");
            let reply = block_on(site.send(request(method, &path, Some(&token), None)));
            assert_eq!((reply.status, &reply.body["code"]), (401, &json!("unauthenticated")), "{user} {method} {path}");
        }
    }
    assert_eq!(site.store.dump(), dump);
}
