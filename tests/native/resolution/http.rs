//! The same table over HTTP, on both stores: path, header, query and host, each with each kind.

use super::model::{self, Asked, Asker};
use super::{named, with};
use crate::support::random::person;
use crate::support::site::{Reply, Site, request, settings};
use crate::support::sqlite;
use guildhall::app::config::Settings;
use guildhall::app::ports::{Store, Upkeep};
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// kurt is in four, krist in one, dave where he cannot act, pat in none; courtney owns what is foreign.
const PEOPLE: [(&str, &str); 4] = [("none", "pat"), ("one", "krist"), ("asleep", "dave"), ("many", "kurt")];

struct World<S> {
    site: Site<S>,
    tokens: BTreeMap<&'static str, String>,
    ids: BTreeMap<&'static str, String>,
}

impl<S: Store + Upkeep> World<S> {
    fn new(store: S) -> Self {
        let settings = Settings { base_domain: Some("localhost".to_owned()), ..settings() };
        let mut world = World { site: Site::with(store, &settings), tokens: BTreeMap::new(), ids: BTreeMap::new() };
        let courtney = block_on(world.site.sign_in(&person("courtney")));
        let bands = [
            ("mine", "bliss"),
            ("other", "foo-fighters"),
            ("suspended", "sub-pop"),
            ("powerless", "hole"),
            ("foreign", "scream"),
        ];
        for (kind, slug) in bands {
            let made = world.write(&courtney, "POST", "", json!({ "name": slug, "slug": slug }));
            world.ids.insert(kind, made["id"].as_str().unwrap().to_owned());
        }
        world.write(&courtney, "PATCH", "/bliss", json!({ "slug": "nirvana" }));
        let members = [
            ("kurt", "nirvana"),
            ("krist", "nirvana"),
            ("kurt", "foo-fighters"),
            ("kurt", "sub-pop"),
            ("dave", "sub-pop"),
            ("kurt", "hole"),
            ("dave", "hole"),
        ];
        for (user, slug) in members {
            world.write(&courtney, "POST", &format!("/{slug}/members"), json!({ "userId": user }));
        }
        world.write(&courtney, "POST", "/sub-pop/deactivate", Value::Null);
        for user in ["kurt", "dave"] {
            world.write(&courtney, "PATCH", &format!("/hole/members/{user}"), json!({ "state": "suspended" }));
        }
        for (caller, name) in PEOPLE {
            world.tokens.insert(caller, block_on(world.site.sign_in(&person(name))));
        }
        world
    }

    fn write(&self, token: &str, method: &str, path: &str, body: Value) -> Value {
        let body = Some(&body).filter(|body| !body.is_null());
        let reply = block_on(self.site.send(request(method, &format!("/v1/organizations{path}"), Some(token), body)));
        assert!(reply.status < 300, "{method} {path} {}", reply.text);
        reply.body
    }

    /// `/o/{slug}` or nothing, the host's label, and the rest as everywhere.
    fn resolve(&self, asked: &Asked, caller: &str) -> Reply {
        let at = |place: &str| asked.explicit.iter().find(|(other, _)| *other == place).map(|(_, kind)| *kind);
        let path = at("path").map(|kind| format!("/o/{}", slug(kind))).unwrap_or_default();
        let query = at("query").map(|kind| format!("?org={}", self.ids.get(kind).map_or(slug(kind), String::as_str)));
        let path = format!("{path}/v1/resolve{}", query.unwrap_or_default());
        let mut request = request("GET", &path, self.tokens.get(caller).map(String::as_str), None);
        if let Some(kind) = at("label") {
            *request.uri_mut() = format!("http://{}.localhost{path}", slug(kind)).parse().unwrap();
        }
        let header = at("header").map(slug);
        header
            .iter()
            .for_each(|slug| drop(request.headers_mut().insert("guildhall-organization", slug.parse().unwrap())));
        block_on(self.site.send(request))
    }

    fn expected(&self, asked: &Asked, asker: Asker) -> Value {
        match model::answer(asked, asker) {
            ("unknown", ..) if asker.anonymous => json!([401, null, null, null]),
            ("unknown", ..) => json!([404, null, null, null]),
            ("suspended", ..) => json!([403, null, null, null]),
            (outcome, "", _) => json!([200, outcome, null, null]),
            (outcome, kind, source) => json!([200, outcome, self.ids[kind], source]),
        }
    }
}

fn slug(kind: &str) -> &'static str {
    super::world::world()["kinds"][kind]["slug"].as_str().unwrap()
}

/// Up to two places at once.
fn table() -> Vec<Asked> {
    let places = ["path", "header", "query", "label"];
    let all = places.into_iter().fold(vec![Asked::default()], |all, place| {
        with(place, all).into_iter().filter(|asked| asked.explicit.len() <= 2).collect()
    });
    // Two places may also be the same kind of place.
    let twice = named(&named(&Asked::default(), "path", "mine"), "header", "former");
    all.into_iter().chain([twice]).collect()
}

fn run<S: Store + Upkeep>(store: S) {
    let world = World::new(store);
    for asked in table() {
        for (caller, memberships, anonymous) in model::CALLERS {
            let asker = Asker { anonymous, memberships, offered: false };
            let reply = world.resolve(&asked, caller);
            let told =
                json!([reply.status, reply.body["outcome"], reply.body["organization"]["id"], reply.body["source"]]);
            assert_eq!(told, world.expected(&asked, asker), "{asked:?} {caller}: {}", reply.text);
        }
    }
}

#[test]
fn over_http_on_memory() {
    run(MemoryStore::default());
}

#[test]
fn over_http_on_sqlite() {
    run(sqlite::open());
}
