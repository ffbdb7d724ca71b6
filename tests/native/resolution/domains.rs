//! Hosts of organizations' own: what they name once they are proven, to whom, and in writes as well.

use crate::support::random::person;
use crate::support::site::{Reply, Site, request};
use crate::support::sqlite;
use guildhall::app::ports::{Store, Upkeep};
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::{Value, json};
use std::collections::BTreeMap;

struct World<S> {
    site: Site<S>,
    tokens: BTreeMap<&'static str, String>,
    nirvana: String,
    claim: String,
}

impl<S: Store + Upkeep> World<S> {
    /// kurt owns nirvana with nirvana.com and is an admin of foo-fighters, which is dave's with foo.com.
    fn new(store: S) -> Self {
        let mut site = Site::new(store);
        // The development mode answers on this machine's own names only.
        site.config.auth.embedded = true;
        let people = ["kurt", "dave", "pat"].map(|name| (name, block_on(site.sign_in(&person(name)))));
        let mut world = World { site, tokens: people.into(), nirvana: String::new(), claim: String::new() };
        let own = "http://127.0.0.1:8787/v1/organizations";
        world.nirvana =
            world.done("kurt", "POST", own, json!({ "name": "Nirvana" }))["id"].as_str().unwrap().to_owned();
        world.done("dave", "POST", own, json!({ "name": "Foo Fighters" }));
        let kurt = json!({ "userId": "kurt", "roles": ["admin"] });
        world.done("dave", "POST", &format!("{own}/foo-fighters/members"), kurt);
        world.claim = world.prove("kurt", "nirvana", "nirvana.com");
        world.prove("dave", "foo-fighters", "foo.com");
        world
    }

    fn ask(&self, who: &str, method: &str, url: &str, body: Value) -> Reply {
        let body = Some(&body).filter(|body| !body.is_null());
        let mut request = request(method, "/", self.tokens.get(who).map(String::as_str), body);
        *request.uri_mut() = url.parse().unwrap();
        block_on(self.site.send(request))
    }

    fn done(&self, who: &str, method: &str, url: &str, body: Value) -> Value {
        let reply = self.ask(who, method, url, body);
        assert!(reply.status < 300, "{method} {url} {}", reply.text);
        reply.body
    }

    fn prove(&self, who: &str, slug: &str, name: &str) -> String {
        let domains = format!("http://127.0.0.1:8787/v1/organizations/{slug}/domains");
        let claim = self.done(who, "POST", &domains, json!({ "name": name }));
        let record = json!({ "name": claim["record"]["name"], "txt": [claim["record"]["value"]] });
        self.done("nobody", "PUT", "http://127.0.0.1:8787/dev/dns", record);
        let id = claim["id"].as_str().unwrap().to_owned();
        assert_eq!(self.done(who, "POST", &format!("{domains}/{id}/verify"), Value::Null)["state"], "verified");
        id
    }

    /// Status or outcome, slug and source.
    fn resolved(&self, who: &str, url: &str) -> Value {
        let reply = self.ask(who, "GET", url, Value::Null);
        match reply.status {
            200 => json!([reply.body["outcome"], reply.body["organization"]["slug"], reply.body["source"]]),
            status => json!([status, reply.body["code"], null]),
        }
    }
}

fn reads<S: Store + Upkeep>(world: &World<S>) {
    let id = &world.nirvana;
    let table = [
        ("kurt", "https://nirvana.com/v1/resolve", json!(["resolved", "nirvana", "host"])),
        ("kurt", "https://NIRVANA.com:8443/v1/resolve", json!(["resolved", "nirvana", "host"])),
        ("kurt", "https://foo.com/v1/resolve", json!(["resolved", "foo-fighters", "host"])),
        ("kurt", "https://foo.com/v1/resolve?consistency=cached", json!(["resolved", "foo-fighters", "host"])),
        ("kurt", "https://nirvana.com/o/nirvana/v1/resolve", json!(["resolved", "nirvana", "path"])),
        ("kurt", "https://nirvana.com/o/foo-fighters/v1/resolve", json!(["ambiguous", null, null])),
        ("kurt", &format!("https://foo.com/v1/resolve?org={id}"), json!(["ambiguous", null, null])),
        ("kurt", "https://foo.com/v1/organizations/nirvana", json!([409, "organization_ambiguous", null])),
        ("kurt", "https://foo.com/v1/organizations/nirvana/members", json!([409, "organization_ambiguous", null])),
        // Nobody has proven these: they name nothing.
        ("kurt", "https://elsewhere.example/v1/resolve", json!(["choose", null, null])),
        ("kurt", "https://www.nirvana.com/v1/resolve", json!(["choose", null, null])),
        ("dave", "https://elsewhere.example/v1/resolve", json!(["resolved", "foo-fighters", "only"])),
        // Somebody else's: nothing, never another one.
        ("dave", "https://nirvana.com/v1/resolve", json!([404, "not_found", null])),
        ("dave", "https://nirvana.com/o/foo-fighters/v1/resolve", json!([404, "not_found", null])),
        ("dave", "https://nirvana.com/v1/organizations/foo-fighters", json!([404, "not_found", null])),
        ("pat", "https://nirvana.com/v1/resolve", json!([404, "not_found", null])),
        ("pat", "https://elsewhere.example/v1/resolve", json!(["none", null, null])),
        ("nobody", "https://nirvana.com/v1/resolve", json!([401, "unauthenticated", null])),
        ("nobody", "https://elsewhere.example/v1/resolve", json!(["none", null, null])),
    ];
    for (who, url, expected) in table {
        assert_eq!(world.resolved(who, url), expected, "{who} {url}");
    }
    let explained = world.done("kurt", "GET", "https://foo.com/v1/resolve?explain=true", Value::Null);
    assert_eq!(explained["explanation"][0]["named"], "foo.com");
    assert_eq!(explained["explanation"][0]["verdict"], "won");
    let explained = world.done("kurt", "GET", "https://elsewhere.example/v1/resolve?explain=true", Value::Null);
    assert_eq!(explained["explanation"][0]["verdict"], "nobodys_host");
    let me = world.done("kurt", "GET", "https://foo.com/v1/me", Value::Null);
    assert_eq!(me["currentOrganization"]["organization"]["slug"], "foo-fighters");
}

fn writes<S: Store + Upkeep>(world: &World<S>) {
    let name = json!({ "name": "N" });
    let table = [
        ("kurt", "https://foo.com/v1/organizations/nirvana", 409),
        ("dave", "https://nirvana.com/v1/organizations/foo-fighters", 409),
        ("kurt", "https://nirvana.com/v1/organizations/nirvana", 200),
        ("kurt", "https://elsewhere.example/v1/organizations/nirvana", 200),
    ];
    for (who, url, status) in table {
        let reply = world.ask(who, "PATCH", url, name.clone());
        assert_eq!(reply.status, status, "{who} {url} {}", reply.text);
    }
}

/// A claim that is given up names nothing any more.
fn gone<S: Store + Upkeep>(world: &World<S>) {
    let claim = format!("http://127.0.0.1:8787/v1/organizations/nirvana/domains/{}", world.claim);
    world.done("kurt", "DELETE", &claim, Value::Null);
    assert_eq!(world.resolved("dave", "https://nirvana.com/v1/resolve"), json!(["resolved", "foo-fighters", "only"]));
}

fn run<S: Store + Upkeep>(store: S) {
    let world = World::new(store);
    reads(&world);
    writes(&world);
    gone(&world);
}

#[test]
fn hosts_on_memory() {
    run(MemoryStore::default());
}

#[test]
fn hosts_on_sqlite() {
    run(sqlite::open());
}

/// A host costs no round trip of its own.
#[test]
fn hosts_are_looked_up_with_everything_else() {
    let world = World::new(sqlite::open());
    let table = [
        ("kurt", "GET", "https://foo.com/v1/resolve", Value::Null, 1),
        ("kurt", "GET", "https://nirvana.com/v1/organizations/nirvana/members", Value::Null, 1),
        ("nobody", "GET", "https://foo.com/v1/resolve", Value::Null, 1),
        ("nobody", "GET", "http://127.0.0.1:8787/v1/resolve", Value::Null, 0),
        ("kurt", "PATCH", "https://nirvana.com/v1/organizations/nirvana", json!({ "name": "N" }), 2),
    ];
    for (who, method, url, body, batches) in table {
        world.site.store.executor().batches.set(0);
        let _ = world.ask(who, method, url, body);
        assert_eq!(world.site.store.executor().batches.get(), batches, "{method} {url}");
    }
}
