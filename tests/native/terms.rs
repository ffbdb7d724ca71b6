//! Memberships whose time ends: from that instant on they are none, swept or not.

use crate::support::NoMessenger;
use crate::support::random::person;
use crate::support::site::{Site, request};
use crate::support::sqlite;
use guildhall::app::ports::{Store, Upkeep};
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::{Value, json};

fn ask<S: Store + Upkeep>(site: &Site<S>, user: &str, (method, path): (&str, &str), body: Value) -> (u16, Value) {
    let token = block_on(site.sign_in(&person(user)));
    let reply = block_on(site.send(request(method, path, Some(&token), Some(&body))));
    (reply.status, reply.body)
}

fn a_membership_with_an_end<S: Store + Upkeep>(store: S) {
    let site = Site::new(store);
    let within = |rest: &str| format!("/v1/organizations/nirvana{rest}");
    ask(&site, "kurt", ("POST", "/v1/organizations"), json!({ "name": "Nirvana" }));
    let dave = json!({ "userId": "dave", "roles": ["admin"], "until": "2026-01-01T01:00:00Z" });
    assert_eq!(ask(&site, "kurt", ("POST", &within("/members")), dave).1["until"], "2026-01-01T01:00:00.000Z");
    assert_eq!(ask(&site, "dave", ("GET", &within("")), Value::Null).0, 200);
    site.advance(7_200);
    for (method, path, body) in [
        ("GET", within(""), Value::Null),
        ("GET", within("/members"), Value::Null),
        ("POST", within("/members"), json!({ "userId": "pat" })),
        ("DELETE", within("/members/me"), json!({})),
    ] {
        let (status, reply) = ask(&site, "dave", (method, &path), body);
        assert_eq!((status, &reply["code"]), (404, &json!("not_found")), "{method} {path}");
    }
    let (_, listed) = ask(&site, "dave", ("GET", "/v1/organizations"), Value::Null);
    assert_eq!(listed["data"], json!([]));
    assert_eq!(ask(&site, "dave", ("GET", "/v1/resolve"), Value::Null).1["outcome"], "none");
    let check = json!({ "permissions": ["organization:read"], "userId": "dave" });
    let (_, checked) = ask(&site, "kurt", ("POST", &within("/check")), check);
    assert_eq!(checked["decisions"][0]["code"], "not_a_member");
    assert!(block_on(site.app().tick(None::<&NoMessenger>)).is_empty());
    assert_eq!(ask(&site, "kurt", ("GET", &within("/members/dave")), Value::Null).0, 404);
    let (_, nirvana) = ask(&site, "kurt", ("GET", &within("")), Value::Null);
    assert_eq!((&nirvana["memberCount"], &nirvana["version"]), (&json!(1), &json!(3)));
}

#[test]
fn is_over_when_it_comes_on_memory() {
    a_membership_with_an_end(MemoryStore::default());
}

#[test]
fn is_over_when_it_comes_on_sqlite() {
    a_membership_with_an_end(sqlite::open());
}
