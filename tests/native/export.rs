//! An export, walked to its end: every row that the lists show, nothing besides, nothing of anybody else's.

use crate::support::random::person;
use crate::support::site::{Reply, Site, request};
use crate::support::sqlite;
use guildhall::app::ports::{Store, Upkeep};
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Two organizations with one of everything, and what their makers must keep to themselves.
struct World<S> {
    site: Site<S>,
    secrets: Vec<String>,
}

impl<S: Store + Upkeep> World<S> {
    fn of(store: S) -> Self {
        let mut world = World { site: Site::new(store), secrets: Vec::new() };
        world.furnish("kurt", "nirvana");
        world.furnish("dave", "scream");
        world
    }

    fn ask(&self, who: &str, method: &str, path: &str, body: &Value) -> Reply {
        let session = block_on(self.site.sign_in(&person(who)));
        let reply = block_on(self.site.send(request(method, path, Some(&session), Some(body))));
        assert!(reply.status < 300, "{who} {method} {path}: {}", reply.text);
        reply
    }

    fn furnish(&mut self, owner: &str, slug: &str) {
        let within = |rest: &str| format!("/v1/organizations/{slug}/{rest}");
        let settings = json!({ "name": slug, "settings": { "plan": format!("{slug}-plan") } });
        self.ask(owner, "POST", "/v1/organizations", &settings);
        for key in ["bass", "drums"] {
            self.ask(owner, "POST", &within("roles"), &json!({ "key": key, "permissions": ["member:read"] }));
        }
        let mut parent = Value::Null;
        for name in ["Band", "Strings"] {
            let made = self.ask(owner, "POST", &within("teams"), &json!({ "name": name, "parentId": parent }));
            parent = made.body["id"].clone();
            for user in ["a", "b", "c"] {
                let user = format!("{slug}-{user}");
                let body = json!({ "userId": user, "name": user, "email": format!("{user}@{slug}.com") });
                self.ask(owner, "POST", &within("members?ifAbsent=true"), &body);
                self.ask(
                    owner,
                    "PUT",
                    &within(&format!("teams/{}/members/{user}", parent.as_str().unwrap())),
                    &json!({}),
                );
            }
            let email = format!("{name}@{slug}.com");
            let invited = self.ask(owner, "POST", &within("invitations"), &json!({ "email": email, "notify": false }));
            let link = self.ask(owner, "POST", &within("invitation-links"), &json!({ "maxUses": 3 }));
            self.secrets.extend([invited, link].map(|reply| reply.body["token"].as_str().unwrap().to_owned()));
        }
        self.ask("krist", "POST", &within("join-requests"), &json!({}));
        let hook = json!({ "url": format!("https://hooks.{slug}.com/") });
        let hook = self.ask(owner, "POST", &within("webhooks"), &hook);
        self.secrets.push(hook.body["secret"].as_str().unwrap().to_owned());
        self.ask(owner, "POST", &within("domains"), &json!({ "name": format!("{slug}.com") }));
    }

    /// The lines of all answers, as many as it takes.
    fn export(&self, who: &str, slug: &str, limit: u32) -> (Vec<Value>, String) {
        let (mut text, mut cursor) = (String::new(), String::new());
        loop {
            let path = format!("/v1/organizations/{slug}/export?limit={limit}{cursor}");
            let reply = self.ask(who, "GET", &path, &Value::Null);
            assert_eq!(reply.headers["content-type"], "application/x-ndjson");
            assert!(!reply.text.is_empty(), "an answer that leads nowhere");
            text.push_str(&reply.text);
            match reply.headers.get("guildhall-next-cursor") {
                Some(next) => cursor = format!("&cursor={}", next.to_str().unwrap()),
                None => return (text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), text),
            }
        }
    }

    /// What the lists show, by the kind that an export calls it.
    fn lists(&self, who: &str, slug: &str) -> BTreeMap<&'static str, Vec<Value>> {
        let get = |rest: &str| self.ask(who, "GET", &format!("/v1/organizations/{slug}{rest}"), &Value::Null).body;
        let all = |rest: &str| get(rest)["data"].as_array().unwrap().clone();
        let own = all("/roles").into_iter().filter(|role| role["builtIn"] == false).collect();
        let teams = all("/teams");
        let there = |team: &Value| all(&format!("/teams/{}/members", team["id"].as_str().unwrap()));
        BTreeMap::from([
            ("organization", vec![get("")]),
            ("role", own),
            ("teamMember", teams.iter().flat_map(there).collect()),
            ("team", teams),
            ("member", all("/members")),
            ("invitation", all("/invitations")),
            ("link", all("/invitation-links")),
            ("joinRequest", all("/join-requests")),
            ("domain", all("/domains")),
            ("webhook", all("/webhooks")),
            ("event", all("/events?limit=100")),
        ])
    }
}

fn walk<S: Store + Upkeep>(world: &World<S>) {
    let (whole, text) = world.export("kurt", "nirvana", 1000);
    let without_time = |lines: &[Value]| -> Vec<Value> {
        lines.iter().filter(|line| line["kind"] != "export" && line["kind"] != "end").cloned().collect()
    };
    for limit in [1, 2, 7] {
        let (parts, _) = world.export("kurt", "nirvana", limit);
        assert_eq!(without_time(&parts), without_time(&whole), "by {limit}");
    }
    let kinds: Vec<&str> = whole.iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!((kinds.first(), kinds.last()), (Some(&"export"), Some(&"end")));
    let version = &whole[1]["data"]["version"];
    assert_eq!((&whole[0]["data"]["version"], &whole[kinds.len() - 1]["data"]["version"]), (version, version));
    let mut shown = without_time(&whole);
    for (kind, rows) in world.lists("kurt", "nirvana") {
        assert!(!rows.is_empty(), "{kind}");
        for row in rows {
            let line = json!({ "kind": kind, "data": row });
            let place = shown.iter().position(|found| *found == line);
            assert!(place.is_some(), "not exported: {line}");
            shown.remove(place.unwrap());
        }
    }
    assert_eq!(shown, Vec::<Value>::new(), "no list shows this");
    for secret in world.secrets.iter().map(String::as_str).chain(["scream", "dave", "digest", "seed"]) {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn an_export_is_what_the_lists_show() {
    walk(&World::of(MemoryStore::default()));
    walk(&World::of(sqlite::open()));
}
