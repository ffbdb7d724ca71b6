//! The order of all events: whoever follows it by position reads each event once, however writers and purges meet.

use crate::support::random::person;
use crate::support::site::{Reply, Site, request, settings};
use crate::support::sqlite::{self, migrate, migrations};
use guildhall::app::config::Settings;
use guildhall::app::ports::{Store, Upkeep};
use guildhall::store::memory::MemoryStore;
use guildhall::store::sql::{Executor, Param, SqlError, SqlStore, Statement};
use pollster::block_on;
use rusqlite::types::Value as Stored;
use rusqlite::{Connection, params_from_iter};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;

fn root() -> Value {
    json!({ "userId": "root", "email": "root@example.com", "platformAdmin": true })
}

fn send<S: Store + Upkeep>(site: &Site<S>, who: &Value, line: &str, body: Option<Value>) -> Reply {
    let token = block_on(site.sign_in(who));
    let (method, path) = line.split_once(' ').unwrap();
    block_on(site.send(request(method, path, Some(&token), body.as_ref())))
}

fn found<S: Store + Upkeep>(site: &Site<S>, name: &str) -> Reply {
    send(site, &person("kurt"), "POST /v1/organizations", Some(json!({ "name": name })))
}

/// The positions after one, and the last of all.
fn polled<S: Store + Upkeep>(site: &Site<S>, after: u64, limit: u64) -> (Vec<(u64, Value)>, u64) {
    let page = send(site, &root(), &format!("GET /v1/events?after={after}&limit={limit}"), None).body;
    let events =
        page["data"].as_array().unwrap().iter().map(|event| (event["position"].as_u64().unwrap(), event.clone()));
    (events.collect(), page["lastPosition"].as_u64().unwrap())
}

fn positions<S: Store + Upkeep>(site: &Site<S>) -> Vec<u64> {
    polled(site, 0, 100).0.into_iter().map(|(position, _)| position).collect()
}

/// What happens after the statements of a write and before its end; an error takes the write back.
type Meanwhile = Box<dyn FnOnce() -> Result<(), SqlError>>;

/// A connection to a database that others have open, too.
struct OneOfTwo {
    connection: RefCell<Connection>,
    meanwhile: RefCell<Option<Meanwhile>>,
}

impl OneOfTwo {
    fn open(file: &std::path::Path) -> SqlStore<Self> {
        let connection = Connection::open(file).unwrap();
        connection.busy_timeout(std::time::Duration::ZERO).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.pragma_update(None, "foreign_keys", "ON").unwrap();
        SqlStore::new(OneOfTwo { connection: RefCell::new(connection), meanwhile: RefCell::default() })
    }
}

fn failed(error: rusqlite::Error) -> SqlError {
    SqlError::Failed(error.to_string())
}

impl Executor for OneOfTwo {
    async fn batch(&self, statements: &[Statement]) -> Result<Vec<Vec<String>>, SqlError> {
        let mut connection = self.connection.borrow_mut();
        let transaction = connection.transaction().map_err(failed)?;
        let results: Result<Vec<_>, _> = statements.iter().map(|statement| run(&transaction, statement)).collect();
        let results = results.map_err(failed)?;
        if statements.iter().any(|statement| statement.sql.starts_with("INSERT INTO commits")) {
            let meanwhile = self.meanwhile.take();
            meanwhile.map_or(Ok(()), |meanwhile| meanwhile())?;
        }
        transaction.commit().map_err(failed)?;
        Ok(results)
    }

    async fn pause(&self, _milliseconds: u32) {}
}

fn run(connection: &Connection, statement: &Statement) -> Result<Vec<String>, rusqlite::Error> {
    let value = |param: &Param| match param {
        Param::Null => Stored::Null,
        Param::Integer(number) => Stored::Real(*number as f64),
        Param::Text(text) => Stored::Text(text.clone()),
    };
    let mut prepared = connection.prepare(statement.sql)?;
    let params = params_from_iter(statement.params.iter().map(value));
    if prepared.column_count() == 0 {
        return prepared.execute(params).map(|_| Vec::new());
    }
    prepared.query_map(params, |row| row.get("j"))?.collect()
}

/// Writers come one after the other: a reader beside an unfinished write sees what was before, a second writer has to
/// wait, and a write that is taken back leaves no gap. So nothing is ever put behind a reader.
#[test]
fn an_unfinished_write_is_seen_by_no_reader_and_overtaken_by_no_writer() {
    let folder = std::env::temp_dir().join(format!("guildhall-feed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("feed.sqlite");
    migrate(&Connection::open(&file).unwrap(), &migrations());
    let site = Site::new(OneOfTwo::open(&file));
    assert_eq!(found(&site, "Nirvana").status, 201);
    let beside = file.clone();
    *site.store.executor().meanwhile.borrow_mut() = Some(Box::new(move || {
        let other = Site::new(OneOfTwo::open(&beside));
        assert_eq!((positions(&other), polled(&other, 1, 9)), (vec![1], (vec![], 1)));
        assert_eq!(found(&other, "Overtaker").status, 503);
        Ok(())
    }));
    assert_eq!(found(&site, "Bliss").status, 201);
    let other = Site::new(OneOfTwo::open(&file));
    assert_eq!((positions(&other), found(&other, "Scream").status), (vec![1, 2], 201));
    *site.store.executor().meanwhile.borrow_mut() = Some(Box::new(|| Err(SqlError::Failed("taken back".to_owned()))));
    assert_eq!(found(&site, "Nothing").status, 503);
    assert_eq!(found(&site, "Hole").status, 201);
    assert_eq!(positions(&other), [1, 2, 3, 4]);
    drop((site, other));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A reader that follows by position, a few events at a time.
#[derive(Default)]
struct Follower {
    read: BTreeMap<u64, Value>,
    after: u64,
}

impl Follower {
    fn poll<S: Store + Upkeep>(&mut self, site: &Site<S>, limit: u64) {
        for (position, event) in polled(site, self.after, limit).0 {
            assert!(position > self.after, "{position} comes after {}", self.after);
            self.after = position;
            self.read.insert(position, event);
        }
    }
}

fn followed<S: Store + Upkeep>(store: S) {
    let settings = Settings { deletion_grace: Some("0".to_owned()), ..settings() };
    let site = Site::with(store, &settings);
    let mut followers: Vec<Follower> = (0..3).map(|_| Follower::default()).collect();
    let mut open: Vec<String> = Vec::new();
    for step in 0u64..90 {
        // Numbers that look like chance and are the same each time.
        let dice = step.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407) >> 33;
        let place = usize::try_from(dice).unwrap();
        let reply = match dice % 5 {
            0 | 1 => found(&site, &format!("Band {step}")),
            _ if open.is_empty() => found(&site, &format!("Band {step}")),
            2 => {
                let id = open.remove(place % open.len());
                send(&site, &person("kurt"), &format!("DELETE /v1/organizations/{id}"), None)
            }
            3 => {
                let lines: Vec<Value> = (0..3).map(|n| json!({ "email": format!("p{step}-{n}@foo.com") })).collect();
                let path = format!("POST /v1/organizations/{}/invitations/bulk", open[place % open.len()]);
                send(&site, &person("kurt"), &path, Some(json!({ "invitations": lines })))
            }
            _ => {
                let path = format!("PATCH /v1/organizations/{}", open[place % open.len()]);
                send(&site, &person("kurt"), &path, Some(json!({ "name": format!("Name {step}") })))
            }
        };
        assert!(reply.status < 300, "{}", reply.text);
        open.extend(reply.body["id"].as_str().filter(|_| reply.status == 201).map(str::to_owned));
        for (number, follower) in (0u64..).zip(&mut followers) {
            if dice % (number + 2) == 0 {
                follower.poll(&site, 1 + dice % 4);
            }
        }
    }
    let mut whole = Follower::default();
    for follower in followers.iter_mut().chain([&mut whole]) {
        (0..200).for_each(|_| follower.poll(&site, 7));
    }
    let purged = whole.read.values().filter(|event| event["type"] == "organization.purged").count();
    assert!(purged > 2 && whole.read.len() > 40, "{purged} {}", whole.read.len());
    for follower in &followers {
        let missed: Vec<_> =
            whole.read.iter().filter(|(position, event)| follower.read.get(position) != Some(*event)).collect();
        assert!(missed.is_empty(), "{missed:?}");
    }
}

#[test]
fn a_follower_reads_each_event_once_on_memory() {
    followed(MemoryStore::default());
}

#[test]
fn a_follower_reads_each_event_once_on_sqlite() {
    followed(sqlite::open());
}

/// Entries of before the migration stand in the order of their times, each organization's in the order of its log.
#[test]
fn older_entries_are_put_in_order() {
    let all = migrations();
    let connection = sqlite::connect_with(&all[..15]);
    crate::support::filled::SMALL.pour(&connection);
    migrate(&connection, &all[15..]);
    let wrong = "SELECT count(*) FROM (SELECT position, at, seq, organization, row_number() OVER (ORDER BY position) AS n, \
         lag(at) OVER (ORDER BY position) AS before, lag(seq) OVER (PARTITION BY organization ORDER BY position) AS last \
         FROM commits) WHERE position <> n OR at < before OR seq <> COALESCE(last, 0) + 1";
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!((count(wrong), count("SELECT max(position) FROM commits")), (0, 3600));
    assert!(connection.execute("UPDATE commits SET position = position + 1", []).is_err());
}
