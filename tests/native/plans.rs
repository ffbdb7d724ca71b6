//! Query plans: each statement with its triggers and key actions searches, by the same columns whatever the
//! planner knows of the tables' sizes.
//!
//! Two plans are the same when they visit the same tables in the same order by the same columns: those decide
//! how many rows are read. Which of two indexes with these columns is taken, and whether it covers, does not.
//! tests/worker/rows.test.mjs counts the rows on D1.

use crate::support::filled::{LARGE as MANY_MEMBERS, SMALL, situations};
use crate::support::sqlite::{connect_with, migrate, migrations};
use guildhall::store::sql::statements;
use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::collections::BTreeSet;

/// Tables of which an organization may have very many rows.
const LARGE: [&str; 11] = [
    "memberships",
    "member_roles",
    "member_words",
    "membership_epochs",
    "team_members",
    "team_member_roles",
    "invitations",
    "departures",
    "join_requests",
    "deliveries",
    "commit_types",
];

/// Statements that read an organization's rows in order up to a limit, and the end of an organization.
const WHOLE: [&str; 3] = ["load oldest pending invitations", "delete organization", "found organization"];

/// The development mode's outbox shows the newest hundred by key order; the schema is no table of ours.
const WALKS: [&str; 3] = ["newest messages", "newest deliveries", "count tables"];

/// The steps of a plan, those of triggers and key actions behind them.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let nulls = vec![Value::Null; statement.parameter_count()];
    let steps = statement.query_map(params_from_iter(nulls), |row| row.get::<_, Option<String>>(3)).unwrap();
    steps.map(|step| step.unwrap().unwrap_or_default()).collect()
}

/// `SEARCH m USING INDEX memberships_by_user (user=? AND organization=?)` as the table and its columns in order;
/// steps that read no table of their own give none.
fn visit(step: &str) -> Option<(String, String, BTreeSet<&str>)> {
    let mut words = step.split(' ');
    let (verb, table) = (words.next()?, words.next()?);
    let reads = ["SEARCH", "SCAN"].contains(&verb) && !is_small(step);
    let columns = step.rsplit_once(" (").map_or("", |(_, columns)| columns.trim_end_matches(')'));
    reads.then(|| (verb.to_owned(), table.to_owned(), columns.split(" AND ").collect()))
}

/// Walking through the few values of a parameter, or through one row, is no walk through a table.
fn is_small(step: &str) -> bool {
    ["(subquery", "VIRTUAL TABLE", "CONSTANT ROW"].iter().any(|small| step.contains(small))
        || ["SCAN a", "SCAN u"].contains(&step)
}

fn connections() -> Vec<(&'static str, Connection)> {
    let all = situations();
    all.iter().for_each(|(_, connection)| {
        assert!(connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRIGGER_EQP, true).unwrap());
    });
    all
}

/// What decides how many rows are read: tables, columns, and what is sorted or filtered besides.
fn essence(steps: &[String]) -> Vec<String> {
    let told = |step: &String| match visit(step) {
        Some(visited) => Some(format!("{visited:?}")),
        None => ["USE TEMP B-TREE FOR", "AUTOMATIC", "BLOOM"].iter().any(|it| step.contains(it)).then(|| step.clone()),
    };
    steps.iter().filter_map(told).collect()
}

#[test]
fn plans_do_not_follow_the_statistics() {
    let all = connections();
    for (name, sql) in statements() {
        let first = plan(&all[0].1, sql);
        for (situation, connection) in &all[1..] {
            let other = plan(connection, sql);
            assert_eq!(essence(&first), essence(&other), "{name}, with statistics of {situation}: {other:#?}");
        }
    }
}

#[test]
fn every_step_is_a_search() {
    let all = connections();
    for (name, sql) in statements() {
        let steps = plan(&all[0].1, sql);
        let walks = |step: &&String| visit(step).is_some_and(|(verb, _, _)| verb == "SCAN");
        let bad: Vec<&String> = steps.iter().filter(walks).collect();
        assert!(bad.is_empty() || WALKS.contains(&name), "{name}: {steps:#?}");
    }
}

/// The name that a statement gives a table, as the table's.
fn table_of(sql: &str, named: &str) -> String {
    let is = |table: &&&str| sql.contains(&format!("{table} {named} "));
    LARGE.iter().find(is).map_or_else(|| named.to_owned(), |table| (*table).to_owned())
}

/// A member, an invitation or a delivery is found without the others of its organization.
#[test]
fn no_step_reads_all_of_an_organization() {
    let all = connections();
    for (name, sql) in statements() {
        let steps = plan(&all[0].1, sql);
        for (_, table, columns) in steps.iter().filter_map(|step| visit(step)) {
            let whole = columns == BTreeSet::from(["organization=?"]);
            let large = LARGE.contains(&table_of(sql, &table).as_str());
            assert!(!(whole && large) || WHOLE.contains(&name), "{name} reads all of {table}: {steps:#?}");
        }
    }
}

/// The rows of the tables that the thirteenth migration makes anew, column by column.
fn remade(connection: &Connection) -> Vec<String> {
    let columns = [
        ("roles", "id, organization, body, holders, key"),
        ("member_roles", "organization, user, role, joined_at, name_key, id"),
        ("teams", "organization, id, body, parent"),
        ("team_members", "organization, user, team, roles, added_at, id, joined_at, name_key"),
        ("team_member_roles", "organization, role, team, user"),
        ("team_roles", "organization, team, role, holders"),
        ("invitation_links", "organization, id, body, digest, uses, max_uses"),
        ("join_requests", "organization, id, body, user, state, email_key"),
    ];
    let rows = |(table, columns): (&str, &str)| {
        let sql =
            format!("SELECT json_group_array(json_array({columns})) FROM (SELECT * FROM {table} ORDER BY {columns})");
        connection.query_row(&sql, [], |row| row.get::<_, String>(0)).unwrap()
    };
    columns.into_iter().map(rows).collect()
}

#[test]
fn rows_survive_the_tables_made_anew() {
    for fill in [MANY_MEMBERS, SMALL] {
        let all = migrations();
        let connection = connect_with(&all[..12]);
        fill.pour(&connection);
        let before = remade(&connection);
        assert!(before.iter().all(|rows| rows.len() > 2), "a table is empty: {before:?}");
        migrate(&connection, &all[12..]);
        assert_eq!(before, remade(&connection));
        let broken = connection.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
        assert!(!broken, "a key points to nothing");
        let stray = "SELECT 1 FROM sqlite_schema WHERE name LIKE 'old\\_%' ESCAPE '\\'";
        assert!(!connection.prepare(stray).unwrap().exists([]).unwrap(), "a copy is left behind");
    }
}
