//! Hints: what a cached read may say, for how long, and what it never does.

use crate::support::random::person;
use crate::support::site::{Reply, Site, request};
use guildhall::app::cache_key::affiliations_key;
use guildhall::domain::id::UserId;
use guildhall::domain::role::RoleKey;
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::json;

struct World {
    site: Site<MemoryStore>,
    kurt: String,
    krist: String,
}

/// kurt owns nirvana and krist is in it.
fn world() -> World {
    let site = Site::new(MemoryStore::default());
    let (kurt, krist) = (block_on(site.sign_in(&person("kurt"))), block_on(site.sign_in(&person("krist"))));
    let world = World { site, kurt, krist };
    world.write("POST", "/v1/organizations", json!({ "name": "Nirvana" }));
    world.write("POST", "/v1/organizations/nirvana/members", json!({ "userId": "krist" }));
    world
}

impl World {
    fn write(&self, method: &str, path: &str, body: serde_json::Value) {
        let reply = block_on(self.site.send(request(method, path, Some(&self.kurt), Some(&body))));
        assert!(reply.status < 300, "{}", reply.text);
    }

    fn resolve(&self, consistency: &str, min_version: Option<&str>) -> Reply {
        let path = format!("/v1/resolve?org=nirvana&consistency={consistency}");
        let mut request = request("GET", &path, Some(&self.krist), None);
        let headers = request.headers_mut();
        min_version.iter().for_each(|version| drop(headers.insert("guildhall-min-version", version.parse().unwrap())));
        block_on(self.site.send(request))
    }

    fn key() -> String {
        affiliations_key(&UserId::parse("krist").unwrap())
    }

    /// What the cache holds for krist now.
    fn hint(&self) -> Option<String> {
        self.site.cache.values.borrow().get(&Self::key()).cloned()
    }

    fn plant(&self, hint: Option<String>) {
        let mut values = self.site.cache.values.borrow_mut();
        match hint {
            Some(hint) => drop(values.insert(Self::key(), hint)),
            None => drop(values.remove(&Self::key())),
        }
    }
}

#[test]
fn a_stale_hint_lets_through_for_its_lifetime_and_not_longer() {
    let world = world();
    assert_eq!(world.resolve("cached", None).status, 200);
    let stale = world.hint();
    world.write("DELETE", "/v1/organizations/nirvana/members/krist", json!({}));
    // As if the removal had not reached this place yet.
    world.plant(stale);
    assert_eq!(world.resolve("strong", None).status, 404);
    assert_eq!(world.resolve("cached", None).status, 200);
    assert_eq!(world.resolve("cached", Some("3")).status, 404);
    world.site.advance(60);
    assert_eq!(world.resolve("cached", None).status, 404);
}

#[test]
fn a_removal_reaches_the_hint_with_the_commit() {
    let world = world();
    assert_eq!(world.resolve("cached", None).status, 200);
    world.write("DELETE", "/v1/organizations/nirvana/members/krist", json!({}));
    assert_eq!(world.resolve("cached", None).status, 404);
}

#[test]
fn a_hint_never_goes_back_in_time() {
    let world = world();
    assert_eq!(world.resolve("cached", None).status, 200);
    world.write("PATCH", "/v1/organizations/nirvana/members/krist", json!({ "roles": ["admin"] }));
    let newer = world.hint().unwrap();
    assert!(newer.contains("admin"));
    // A slow reader of an older truth comes late: the newer version stays.
    let mut hint: guildhall::app::cached::AffiliationsHint = serde_json::from_str(&newer).unwrap();
    let mut old = hint.entries[0].affiliation.clone().unwrap();
    old.version -= 1;
    old.roles = vec![RoleKey::parse("member").unwrap()];
    hint.refresh(&[old], world.site.now.get());
    assert_eq!(hint.entries[0].affiliation.as_ref().unwrap().roles, [RoleKey::parse("admin").unwrap()]);
}

#[test]
fn what_is_no_hint_of_the_callers_is_none() {
    let world = world();
    assert_eq!(world.resolve("cached", None).status, 200);
    let hint = world.hint().unwrap();
    world.write("DELETE", "/v1/organizations/nirvana/members/krist", json!({}));
    for planted in ["", "null", "[]", "{\"readAt\":1}", &hint.replace("\"user\":\"krist\"", "\"user\":\"kurt\"")] {
        world.plant(Some(planted.to_owned()));
        assert_eq!(world.resolve("cached", None).status, 404, "{planted}");
    }
}

#[test]
fn without_a_working_cache_everything_still_works() {
    let world = world();
    world.site.cache.broken.set(true);
    assert_eq!(world.resolve("cached", None).status, 200);
    world.write("DELETE", "/v1/organizations/nirvana/members/krist", json!({}));
    assert_eq!(world.resolve("cached", None).status, 404);
}

#[test]
fn a_strong_read_and_a_write_never_look_at_a_hint() {
    let world = world();
    world.site.cache.reads.set(0);
    assert_eq!(world.resolve("strong", None).status, 200);
    assert_eq!(world.site.cache.reads.get(), 0);
    assert_eq!(world.resolve("cached", None).status, 200);
    assert!(world.site.cache.reads.get() > 0);
}
