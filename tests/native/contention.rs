//! Many requests that write to one organization, or found one by the same name, at the same time: none of them
//! looks like an outage.

use crate::races::{Shared, race, run_pausing};
use crate::support::dump::dump;
use crate::support::invariants::broken;
use crate::support::random::person;
use crate::support::site::{Reply, Site, request, settings};
use crate::support::sqlite::{self, Sqlite};
use guildhall::app::config::{Config, Settings};
use guildhall::app::execute::RETRIES;
use guildhall::app::ports::{Store, Upkeep};
use guildhall::store::memory::MemoryStore;
use guildhall::store::sql::{Executor, SqlError, SqlStore, Statement};
use pollster::block_on;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// A database in which another writer is faster each time, while `is_busy`.
struct Busy {
    sqlite: Sqlite,
    is_busy: Cell<bool>,
    pauses: RefCell<Vec<u32>>,
}

impl Executor for Busy {
    async fn batch(&self, statements: &[Statement]) -> Result<Vec<Vec<String>>, SqlError> {
        let writes = statements.iter().any(|statement| statement.sql.starts_with("INSERT INTO commits"));
        if writes && self.is_busy.get() {
            return Err(SqlError::Constraint("UNIQUE constraint failed: commits.organization, commits.seq".to_owned()));
        }
        self.sqlite.batch(statements).await
    }

    async fn pause(&self, milliseconds: u32) {
        self.pauses.borrow_mut().push(milliseconds);
    }
}

type BusySite = Site<SqlStore<Busy>>;

fn root() -> Value {
    json!({ "userId": "root", "email": "root@example.com", "platformAdmin": true })
}

fn send(site: &BusySite, who: &Value, line: &str, body: &Value, key: Option<&str>) -> Reply {
    let token = block_on(site.sign_in(who));
    let (method, path) = line.split_once(' ').unwrap();
    let mut request = request(method, path, Some(&token), Some(body).filter(|body| !body.is_null()));
    if let Some(key) = key {
        request.headers_mut().insert("idempotency-key", key.parse().unwrap());
    }
    block_on(site.send(request))
}

/// Kurt's organization with krist in it, before the others come.
fn busy_site() -> BusySite {
    let sqlite = sqlite::executor();
    let site = Site::new(SqlStore::new(Busy { sqlite, is_busy: Cell::new(false), pauses: RefCell::default() }));
    let kurt = person("kurt");
    assert_eq!(send(&site, &kurt, "POST /v1/organizations", &json!({ "name": "Nirvana" }), None).status, 201);
    let krist = json!({ "userId": "krist" });
    assert_eq!(send(&site, &kurt, "POST /v1/organizations/nirvana/members", &krist, None).status, 201);
    site.store.executor().is_busy.set(true);
    site
}

fn seconds(reply: &Reply) -> u32 {
    reply.headers["retry-after"].to_str().unwrap().parse().unwrap()
}

#[test]
fn command_that_lost_every_race_is_refused_as_busy() {
    let site = busy_site();
    let django = json!([
        { "model": "auth.user", "pk": 1, "fields": { "username": "ada", "email": "ada@example.com" } },
        { "model": "organizations.organization", "pk": 1, "fields": { "name": "Acme", "slug": "acme", "is_active": true, "created": "2020-01-01T00:00:00Z", "modified": "2020-01-01T00:00:00Z" } },
        { "model": "organizations.organizationuser", "pk": 1, "fields": { "user": 1, "organization": 1, "is_admin": true, "created": "2020-01-01T00:00:00Z", "modified": "2020-01-01T00:00:00Z" } },
        { "model": "organizations.organizationowner", "pk": 1, "fields": { "organization": 1, "organization_user": 1, "created": "2020-01-01T00:00:00Z", "modified": "2020-01-01T00:00:00Z" } },
    ]);
    let cases = [
        (person("kurt"), "POST /v1/organizations/nirvana/members", json!({ "userId": "dave" }), "nothing was changed"),
        (person("kurt"), "PATCH /v1/organizations/nirvana", json!({ "name": "N" }), "nothing was changed"),
        (person("kurt"), "DELETE /v1/organizations/nirvana", Value::Null, "nothing was changed"),
        (person("dave"), "POST /v1/organizations", json!({ "name": "Foo" }), "nothing was changed"),
        (root(), "DELETE /v1/users/krist", Value::Null, "organizations before it stays"),
        (root(), "POST /v1/imports/django", django, "organizations before it stays"),
    ];
    for (who, line, body, said) in cases {
        let reply = send(&site, &who, line, &body, None);
        assert_eq!((reply.status, &reply.body["code"]), (503, &json!("organization_busy")), "{line}: {}", reply.text);
        assert!(reply.body["detail"].as_str().unwrap().contains(said), "{line}: {}", reply.text);
        assert!((1..=5).contains(&seconds(&reply)), "{line}");
        let fault = "the organization is busy: every attempt lost its race";
        assert_eq!(reply.fault.as_deref(), Some(fault), "{line}");
    }
    site.store.executor().is_busy.set(false);
    let stored = send(&site, &person("kurt"), "GET /v1/organizations/nirvana", &Value::Null, None).body;
    assert_eq!((&stored["version"], &stored["name"]), (&json!(2), &json!("Nirvana")));
}

#[test]
fn user_who_is_taken_in_by_auto_join_hears_that_the_organization_is_busy() {
    let site = busy_site();
    let id = send(&site, &person("kurt"), "GET /v1/organizations/nirvana", &Value::Null, None).body["id"].clone();
    let settings = Settings { auto_join_organization: id.as_str().map(str::to_owned), ..settings() };
    let site = Site { config: Config::read(&settings).unwrap(), ..site };
    let reply = send(&site, &person("dave"), "POST /v1/resolve", &Value::Null, None);
    assert_eq!((reply.status, &reply.body["code"]), (503, &json!("organization_busy")), "{}", reply.text);
}

#[test]
fn refused_as_busy_the_same_key_works_later() {
    let site = busy_site();
    let (line, body) = ("POST /v1/organizations/nirvana/members", json!({ "userId": "dave" }));
    let first = send(&site, &person("kurt"), line, &body, Some("one"));
    site.store.executor().is_busy.set(false);
    let (second, third) = [(); 2].map(|()| send(&site, &person("kurt"), line, &body, Some("one"))).into();
    assert_eq!((first.status, second.status, third.status), (503, 201, 201), "{}", second.text);
    assert!(!second.headers.contains_key("idempotent-replayed") && third.headers.contains_key("idempotent-replayed"));
}

#[test]
fn attempts_of_many_requests_spread() {
    let site = busy_site();
    let (mut waits, mut rounds) = (BTreeSet::new(), vec![BTreeSet::new(); RETRIES]);
    for _ in 0..24 {
        let reply = send(&site, &person("kurt"), "PATCH /v1/organizations/nirvana", &json!({ "name": "N" }), None);
        waits.insert(seconds(&reply));
        let pauses = site.store.executor().pauses.take();
        assert_eq!(pauses.len(), RETRIES);
        for (round, pause) in rounds.iter_mut().zip(pauses) {
            round.insert(pause);
        }
    }
    assert_eq!(waits, BTreeSet::from([1, 2, 3, 4, 5]));
    let longest: Vec<u32> = rounds.iter().map(|round| *round.last().unwrap()).collect();
    assert!(rounds.iter().all(|round| round.len() > 16), "{rounds:?}");
    assert!(longest.is_sorted() && longest[RETRIES - 1] < 3_000, "{longest:?}");
}

const CROWD: [&str; 24] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w",
    "x",
];

fn found_at_once<S: Store + Upkeep>(store: S, seed: u64) -> (Vec<u16>, Site<Shared<S>>) {
    let site = Site::new(Shared { store, naive: false });
    let asks = CROWD.map(|who| (who, "POST", "/v1/organizations", json!({ "name": "Same name" }))).to_vec();
    (race(&site, seed, &asks), site)
}

#[test]
fn of_twenty_four_who_found_by_the_same_name_at_once_all_succeed() {
    for seed in 0..12 {
        let (memory, first) = found_at_once(MemoryStore::default(), seed);
        let (sql, second) = found_at_once(sqlite::open(), seed);
        for (statuses, dump) in [(memory, first.store.store.dump()), (sql, dump(&second.store.store))] {
            assert_eq!(statuses, [201; 24], "seed {seed}");
            assert_eq!(broken(&dump), None, "seed {seed}");
        }
    }
}

/// A registration keeps its candidates, and takes one of them when it is activated.
#[test]
fn of_twenty_four_registrations_of_one_name_that_are_activated_at_once_all_succeed() {
    for seed in 0..4 {
        let site = Site::new(Shared { store: sqlite::open(), naive: false });
        for who in CROWD {
            let body = json!({ "organizationName": "Same name", "email": format!("{who}@example.com") });
            let reply = run_pausing(site.send(request("POST", "/v1/registrations", None, Some(&body))));
            assert_eq!(reply.status, 202, "{}", reply.text);
        }
        let outbox = run_pausing(site.send(request("GET", "/dev/outbox", None, None))).body;
        let tokens = outbox["data"].as_array().unwrap().iter().map(|mail| mail["token"].clone());
        let asks = CROWD
            .iter()
            .zip(tokens)
            .map(|(who, token)| (*who, "POST", "/v1/registrations/activate", json!({ "token": token })));
        assert_eq!(race(&site, seed, &asks.collect()), [200; 24], "seed {seed}");
        assert_eq!(broken(&dump(&site.store.store)), None, "seed {seed}");
    }
}
