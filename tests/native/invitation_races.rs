//! Invitations at the same time, in every order a seed can make, on memory and on SQLite: one use of a
//! token, one holder of a seat, no message to somebody who declined everything, no day's limit passed.

use crate::races::{Asks, Shared, race, run_pausing};
use crate::support::dump::dump;
use crate::support::invariants::broken;
use crate::support::random::person;
use crate::support::site::{Site, request, settings};
use crate::support::sqlite;
use guildhall::app::config::Settings;
use guildhall::app::ports::{Store, Upkeep};
use guildhall::store::memory::MemoryStore;
use serde_json::{Value, json};

const SEEDS: u64 = 24;

/// Nirvana is kurt's, the other organization krist's.
fn site<S: Store + Upkeep>(store: S, settings: &Settings) -> Site<Shared<S>> {
    let site = Site::with(Shared { store, naive: false }, settings);
    for (who, name) in [("kurt", "Nirvana"), ("krist", "Other")] {
        assert_eq!(send(&site, who, "/v1/organizations", json!({ "name": name }))["version"], 1);
    }
    site
}

fn send<S: Store + Upkeep>(site: &Site<Shared<S>>, who: &str, path: &str, body: Value) -> Value {
    let token = run_pausing(site.sign_in(&person(who)));
    let reply = run_pausing(site.send(request("POST", path, Some(&token), Some(&body))));
    assert!(reply.status < 300, "{}", reply.text);
    reply.body
}

fn invite<S: Store + Upkeep>(site: &Site<Shared<S>>, email: &str) -> Value {
    send(site, "kurt", "/v1/organizations/nirvana/invitations", json!({ "email": email, "notify": false }))
}

fn seats(limit: &str) -> Settings {
    Settings { seat_limit: Some(limit.to_owned()), ..settings() }
}

fn count(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|found| **found == status).count()
}

const CROWD: [&str; 16] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"];

fn crowd<S: Store + Upkeep>(site: &Site<Shared<S>>, seed: u64) -> Vec<u16> {
    let body = json!({ "token": invite(site, "x@foo.com")["token"] });
    let accept = |who: &&'static str| (*who, "POST", "/v1/invitations/accept", body.clone());
    race(site, seed, &CROWD.iter().map(accept).collect())
}

#[test]
fn of_sixteen_who_accept_one_token_exactly_one_is_let_in() {
    for seed in 0..SEEDS / 4 {
        let (memory, sql) = (site(MemoryStore::default(), &settings()), site(sqlite::open(), &settings()));
        for (statuses, dump) in
            [(crowd(&memory, seed), memory.store.store.dump()), (crowd(&sql, seed), dump(&sql.store.store))]
        {
            assert_eq!((count(&statuses, 200), count(&statuses, 410)), (1, 15), "seed {seed}: {statuses:?}");
            assert_eq!((dump["members"].as_array().unwrap().len(), broken(&dump)), (3, None), "seed {seed}");
        }
    }
}

/// The invited one holds the last seat; whoever else comes finds none.
#[test]
fn the_last_seat_is_the_invited_ones() {
    for seed in 0..SEEDS {
        let site = site(sqlite::open(), &seats("2"));
        let token = invite(&site, "x@foo.com")["token"].clone();
        let asks: Asks = vec![
            ("kurt", "POST", "/nirvana/members", json!({ "userId": "pat" })),
            ("x", "POST", "/v1/invitations/accept", json!({ "token": token })),
            ("kurt", "POST", "/nirvana/invitations", json!({ "email": "y@foo.com" })),
        ];
        let mut statuses = race(&site, seed, &asks);
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409], "seed {seed}");
        assert_eq!(broken(&dump(&site.store.store)), None, "seed {seed}");
    }
}

#[test]
fn batches_share_the_seats_that_are_left() {
    let lines =
        |names: [&str; 3]| json!({ "invitations": names.map(|name| json!({ "email": format!("{name}@foo.com") })) });
    for seed in 0..SEEDS {
        let site = site(sqlite::open(), &seats("5"));
        let asks: Asks = vec![
            ("kurt", "POST", "/nirvana/invitations/bulk", lines(["a", "b", "c"])),
            ("kurt", "POST", "/nirvana/invitations/bulk", lines(["c", "d", "e"])),
            ("kurt", "POST", "/nirvana/members", json!({ "userId": "pat" })),
        ];
        let statuses = race(&site, seed, &asks);
        assert_eq!(count(&statuses, 200), 2, "seed {seed}: {statuses:?}");
        let dump = dump(&site.store.store);
        let nirvana =
            dump["organizations"].as_array().unwrap().iter().find(|found| found["slug"] == "nirvana").unwrap();
        let held = nirvana["memberCount"].as_u64().unwrap() + nirvana["pendingCount"].as_u64().unwrap();
        assert_eq!((held, broken(&dump)), (5, None), "seed {seed}");
    }
}

/// Whichever comes first, nothing is left that would be sent.
fn declined<S: Store + Upkeep>(site: &Site<Shared<S>>, seed: u64) -> Vec<u16> {
    let id = send(site, "kurt", "/v1/organizations/nirvana/invitations", json!({ "email": "dave@nirvana.com" }))["id"]
        .clone();
    let decline = json!({ "invitationId": id, "suppress": "everywhere" });
    let asks: Asks = vec![
        ("dave", "POST", "/v1/invitations/decline", decline),
        ("krist", "POST", "/other/invitations", json!({ "email": "Dave@Nirvana.com" })),
        ("krist", "POST", "/other/invitations/bulk", json!({ "invitations": [{ "email": "dave@nirvana.com" }] })),
    ];
    race(site, seed, &asks)
}

#[test]
fn nobody_is_written_to_after_declining_everything() {
    for seed in 0..SEEDS {
        let (memory, sql) = (site(MemoryStore::default(), &settings()), site(sqlite::open(), &settings()));
        for (statuses, dump) in
            [(declined(&memory, seed), memory.store.store.dump()), (declined(&sql, seed), dump(&sql.store.store))]
        {
            assert_eq!(count(&statuses, 503), 0, "seed {seed}: {statuses:?}");
            assert_eq!(dump["messages"], json!([]), "seed {seed}");
        }
    }
}

/// Two organizations that cannot see each other still count together.
fn twice<S: Store + Upkeep>(site: &Site<Shared<S>>, seed: u64) -> Vec<u16> {
    let invite = json!({ "email": "x@foo.com" });
    let asks: Asks =
        vec![("kurt", "POST", "/nirvana/invitations", invite.clone()), ("krist", "POST", "/other/invitations", invite)];
    let mut statuses = race(site, seed, &asks);
    statuses.sort_unstable();
    statuses
}

#[test]
fn a_days_limit_holds_across_organizations() {
    let settings = Settings { invitations_per_recipient_and_day: Some("1".to_owned()), ..settings() };
    for seed in 0..SEEDS {
        assert_eq!(twice(&site(MemoryStore::default(), &settings), seed), [201, 429], "seed {seed}");
        assert_eq!(twice(&site(sqlite::open(), &settings), seed), [201, 429], "seed {seed}");
    }
}
