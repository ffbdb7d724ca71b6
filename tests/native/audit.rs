//! The audit log: what the schema refuses, and that whatever is done to a stored log shows.

use crate::schema::populated;
use crate::support::random::person;
use crate::support::site::{Site, request};
use crate::support::sqlite::{Sqlite, migrate, migrations};
use guildhall::app::ports::{Store, Upkeep};
use guildhall::domain::audit::AuditEntry;
use guildhall::domain::id::OrganizationId;
use guildhall::store::memory::MemoryStore;
use guildhall::store::sql::SqlStore;
use pollster::block_on;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};

/// The position of the next event of all.
const NEXT_POSITION: &str =
    "1 + (SELECT max(position) FROM (SELECT position FROM commits UNION ALL SELECT position FROM tombstones))";

#[test]
fn the_schema_refuses_what_would_break_the_chain() {
    let site = populated();
    let connection = site.store.executor().connection.borrow();
    let entry = |seq: &str, at: &str, kind: &str, chain: &str| {
        let values =
            format!("id, {seq}, {at}, 'x', 'x', '[{{\"type\":\"x\"}}]', {kind}, {chain}, {NEXT_POSITION}, NULL");
        format!("INSERT INTO commits SELECT {values} FROM organizations")
    };
    let (next, now, user) = ("version + 1", "updated_at", "'user'");
    let linked = "head, replace(head, 'a', 'b')";
    for (why, sql) in [
        ("stale_version", entry("version + 2", now, user, linked)),
        ("stale_version", entry("2", now, user, linked)),
        ("stale_head", entry(next, now, user, "replace(head, 'a', 'b'), head")),
        ("stale_head", entry(next, now, user, "NULL, head")),
        ("stale_head", entry(next, now, user, "head, NULL")),
        ("stale_time", entry(next, "updated_at - 1", user, linked)),
        ("actor_kind", entry(next, now, "'robot'", linked)),
        ("length(hash) = 64", entry(next, now, user, "head, 'x'")),
        ("head_without_commit", "UPDATE organizations SET head = replace(head, 'a', 'b')".to_owned()),
        ("head_without_commit", "UPDATE organizations SET head = NULL".to_owned()),
        ("audit_is_append_only", "UPDATE commits SET hash = NULL".to_owned()),
        ("audit_is_append_only", "UPDATE commit_types SET type = 'x'".to_owned()),
        ("audit_is_append_only", "DELETE FROM commit_types".to_owned()),
    ] {
        let refusal = connection.execute(&sql, []).map_err(|error| error.to_string());
        assert!(refusal.as_ref().is_err_and(|error| error.contains(why)), "{why}: {refusal:?}: {sql}");
    }
}

/// What is left of a deleted organization says where its log ended.
#[test]
fn a_tombstone_keeps_the_head() {
    let site = populated();
    let connection = site.store.executor().connection.borrow();
    let head: String = connection.query_row("SELECT head FROM tombstones", [], |row| row.get(0)).unwrap();
    assert_eq!(head.len(), 64);
}

fn get<S: Store + Upkeep>(site: &Site<S>, path: &str) -> Value {
    let token = block_on(site.sign_in(&person("kurt")));
    let reply = block_on(site.send(request("GET", &format!("/v1/organizations/nirvana{path}"), Some(&token), None)));
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.body
}

/// Whoever has the database in hand, and no trigger in the way.
fn unguarded(site: &Site<SqlStore<Sqlite>>, sql: &str) {
    let connection = site.store.executor().connection.borrow();
    let mut triggers = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").unwrap();
    let names: Vec<String> = triggers.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    drop(triggers);
    for name in names {
        connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    connection.execute_batch(sql).unwrap();
}

fn verdict(found: &Value) -> (Option<u64>, Option<&str>) {
    assert_eq!(found["valid"], found["brokenAt"].is_null(), "{found}");
    (found["brokenAt"].as_u64(), found["reason"].as_str())
}

/// The log of nirvana has four entries. Each field, each place, each way.
#[test]
fn whatever_is_done_to_a_log_shows() {
    let of = "WHERE organization = (SELECT id FROM organizations)";
    let set = |what: &str, seq: u64| format!("UPDATE commits SET {what} {of} AND seq = {seq}");
    let swap = [set("seq = 99", 2), set("seq = 2", 3), set("seq = 3", 99)].join(";");
    let cut = format!("DELETE FROM commits {of} AND seq = 4");
    for (sql, at, reason) in [
        (String::new(), None, None),
        (set("at = at + 1", 3), Some(3), Some("changed")),
        (set("actor = 'dave'", 3), Some(3), Some("changed")),
        (set("actor_kind = 'service'", 1), Some(1), Some("changed")),
        (set("action = 'member.remove'", 3), Some(3), Some("changed")),
        (set("events = replace(events, 'krist', 'chris')", 3), Some(3), Some("changed")),
        (set("events = replace(events, ':', ': ')", 3), Some(3), Some("changed")),
        (set("hash = replace(hash, substr(hash, 1, 1), 'x')", 4), Some(4), Some("changed")),
        (set("prev_hash = NULL", 4), Some(4), Some("changed")),
        (set("prev_hash = NULL, hash = NULL", 2), Some(2), Some("hash_missing")),
        (set("hash = NULL", 1), Some(2), Some("unlinked")),
        (format!("UPDATE commits SET prev_hash = NULL, hash = NULL {of}"), Some(4), Some("hash_missing")),
        (format!("DELETE FROM commits {of} AND seq = 1"), Some(1), Some("gap")),
        (format!("DELETE FROM commits {of} AND seq = 3"), Some(3), Some("gap")),
        (swap, Some(2), Some("changed")),
        (format!("DELETE FROM commits {of}"), Some(1), Some("truncated")),
        (cut.clone(), Some(4), Some("truncated")),
        (format!("{cut}; UPDATE organizations SET version = 3"), Some(3), Some("head_mismatch")),
        ("UPDATE organizations SET head = NULL".to_owned(), Some(4), Some("head_mismatch")),
    ] {
        let site = populated();
        unguarded(&site, &sql);
        let found = get(&site, "/events/verify");
        assert_eq!(verdict(&found), (at, reason), "{sql}: {found}");
    }
}

/// Whoever also computes the hash anew is told by the next entry, or by the head.
#[test]
fn a_forged_entry_shows_at_the_next_one_or_at_the_head() {
    for (seq, at, reason) in [(2, 3, "unlinked"), (4, 4, "head_mismatch")] {
        let site = populated();
        let id = get(&site, "")["id"].as_str().unwrap().to_owned();
        unguarded(&site, "");
        let connection = site.store.executor().connection.borrow();
        let sql = "SELECT json_object('seq', seq, 'at', at, 'actor', 'dave', 'actorKind', actor_kind, 'action', action, \
                   'events', events, 'prevHash', prev_hash, 'hash', hash) FROM commits WHERE organization = ?1 AND seq = ?2";
        let text: String = connection.query_row(sql, (&id, seq), |row| row.get(0)).unwrap();
        let entry: AuditEntry = serde_json::from_str(&text).unwrap();
        let previous = entry.prev_hash.clone();
        let forged = entry.sealed(OrganizationId::parse(&id).unwrap(), previous).hash.unwrap();
        let update = "UPDATE commits SET actor = 'dave', hash = ?3 WHERE organization = ?1 AND seq = ?2";
        assert_eq!(connection.execute(update, (&id, seq, forged.as_str())), Ok(1));
        drop(connection);
        assert_eq!(verdict(&get(&site, "/events/verify")), (Some(at), Some(reason)));
    }
}

/// A head that somebody kept elsewhere tells even of a log that was written anew as a whole.
#[test]
fn a_kept_head_is_an_anchor() {
    let site = populated();
    let whole = get(&site, "/events/verify");
    assert_eq!((&whole["complete"], &whole["entries"], &whole["chainedFrom"]), (&json!(true), &json!(4), &json!(1)));
    let head = whole["head"].as_str().unwrap();
    let rest = get(&site, &format!("/events/verify?after=4&hash={head}"));
    assert_eq!((verdict(&rest), &rest["entries"]), ((None, None), &json!(0)), "{rest}");
    let other = get(&site, &format!("/events/verify?after=3&hash={head}"));
    assert_eq!(verdict(&other), (Some(3), Some("head_mismatch")));
    assert_eq!(verdict(&get(&site, "/events/verify?after=9")), (Some(9), Some("truncated")));
}

fn rename(site: &Site<impl Store + Upkeep>, token: &str, name: &str) {
    let body = json!({ "name": name });
    let reply = block_on(site.send(request("PATCH", "/v1/organizations/nirvana", Some(token), Some(&body))));
    assert_eq!(reply.status, 200, "{}", reply.text);
}

/// A long log is checked in bounded steps, and its pages go through all of it once.
#[test]
fn a_long_log_is_checked_step_by_step() {
    let site = Site::new(MemoryStore::default());
    let token = block_on(site.sign_in(&person("kurt")));
    let made = json!({ "name": "Nirvana" });
    assert_eq!(block_on(site.send(request("POST", "/v1/organizations", Some(&token), Some(&made)))).status, 201);
    for number in 2..=1_050 {
        rename(&site, &token, &format!("Nirvana {number}"));
    }
    let first = get(&site, "/events/verify");
    assert_eq!(
        (&first["complete"], &first["checkedTo"], &first["valid"]),
        (&json!(false), &json!(1_000), &json!(true))
    );
    let hash = first["head"].as_str().unwrap();
    let second = get(&site, &format!("/events/verify?after=1000&hash={hash}"));
    assert_eq!((&second["complete"], &second["entries"], &second["valid"]), (&json!(true), &json!(50), &json!(true)));
}

/// A clock that goes back does not take the log along.
#[test]
fn times_in_the_log_never_go_back() {
    let site = populated();
    let token = block_on(site.sign_in(&person("kurt")));
    site.advance(-3_600);
    rename(&site, &token, "Earlier");
    let times: Vec<Value> =
        get(&site, "/events")["data"].as_array().unwrap().iter().map(|event| event["at"].clone()).collect();
    assert!(times.is_sorted_by_key(|at| at.as_str()), "{times:?}");
}

/// A log of before the chain: its entries stay readable, and the chain begins behind them.
#[test]
fn a_log_of_before_the_chain_goes_on() {
    let connection = Connection::open_in_memory().unwrap();
    connection.pragma_update(None, "foreign_keys", "ON").unwrap();
    let (first, later) = (&migrations()[..1], &migrations()[1..]);
    migrate(&connection, first);
    connection.execute_batch(include_str!("../fixtures/before_the_chain.sql")).unwrap();
    migrate(&connection, later);
    let executor = Sqlite {
        connection: RefCell::new(connection),
        batches: Cell::new(0),
        statements: Cell::new(0),
        steps: Cell::new(0),
    };
    let site = Site::new(SqlStore::new(executor));
    let token = block_on(site.sign_in(&person("kurt")));
    let untouched = get(&site, "/events/verify");
    assert_eq!((verdict(&untouched), &untouched["chainedFrom"]), ((None, None), &Value::Null), "{untouched}");
    rename(&site, &token, "Later");
    rename(&site, &token, "Last");
    let found = get(&site, "/events/verify");
    assert_eq!((verdict(&found), &found["chainedFrom"], &found["entries"]), ((None, None), &json!(4), &json!(5)));
    let events = get(&site, "/events");
    let kinds: Vec<&Value> = events["data"].as_array().unwrap().iter().map(|event| &event["actor"]["kind"]).collect();
    assert_eq!(kinds, ["user", "user", "user", "system", "user", "user"]);
    let typed = get(&site, "/events?type=invitation.expired&actor=guildhall:clock");
    assert_eq!(typed["data"][0]["seq"], 3, "{typed}");
}
