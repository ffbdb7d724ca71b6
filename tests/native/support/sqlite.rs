//! The executor of the SQL store on an in-process SQLite, as close to D1 as it gets: foreign keys
//! on, a batch is one transaction.

use guildhall::store::sql::{Executor, Param, SqlError, SqlStore, Statement, statements};
use rusqlite::limits::Limit;
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, StatementStatus};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// The migrations, in order.
pub fn migrations() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

pub struct Sqlite {
    pub connection: RefCell<Connection>,
    /// How many batches have been run: a round trip each.
    pub batches: Cell<u32>,
    /// How many steps SQLite's machine has taken.
    pub steps: Cell<u64>,
    /// How many statements have been run.
    pub statements: Cell<u32>,
}

/// An empty database with all migrations applied.
pub fn connect() -> Connection {
    connect_with(&migrations())
}

/// An empty database with these migrations applied.
pub fn connect_with(applied: &[String]) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection.pragma_update(None, "foreign_keys", "ON").unwrap();
    limit(&connection);
    migrate(&connection, applied);
    connection
}

pub fn open() -> SqlStore<Sqlite> {
    SqlStore::new(executor())
}

/// An executor on an empty database.
pub fn executor() -> Sqlite {
    let connection = connect();
    let (batches, statements, steps) = (Cell::new(0), Cell::new(0), Cell::new(0));
    Sqlite { connection: RefCell::new(connection), batches, statements, steps }
}

/// What D1 allows a statement.
fn limit(connection: &Connection) {
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, 2_000_000),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
        (Limit::SQLITE_LIMIT_COLUMN, 100),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 5),
        (Limit::SQLITE_LIMIT_VDBE_OP, 25_000),
        (Limit::SQLITE_LIMIT_FUNCTION_ARG, 32),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50),
        (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 100),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    ] {
        connection.set_limit(limit, most).unwrap();
    }
}

/// Each migration is one transaction, as D1 applies them.
pub fn migrate(connection: &Connection, migrations: &[String]) {
    migrations.iter().for_each(|sql| connection.execute_batch(&format!("BEGIN; {sql} COMMIT;")).unwrap());
}

impl Executor for Sqlite {
    async fn batch(&self, statements: &[Statement]) -> Result<Vec<Vec<String>>, SqlError> {
        self.batches.set(self.batches.get() + 1);
        self.statements.set(self.statements.get() + u32::try_from(statements.len()).unwrap());
        let mut connection = self.connection.borrow_mut();
        let transaction = connection.transaction().map_err(refused)?;
        let results: Result<Vec<_>, _> =
            statements.iter().map(|statement| run(&transaction, statement, &self.steps)).collect();
        let results = results.map_err(refused)?;
        transaction.commit().map_err(|error| deferred(&error))?;
        Ok(results)
    }

    async fn pause(&self, _milliseconds: u32) {}
}

/// A deferred key that is broken when the batch ends is no refusal on newer runtimes but a failure without a
/// name: whatever may collide breaks something at once.
fn deferred(error: &rusqlite::Error) -> SqlError {
    SqlError::Failed(format!("internal error; a deferred key broke: {error}"))
}

/// Every statement there is, in a set: what runs and is not listed escapes the tests of the query plans.
fn is_listed(sql: &str) -> bool {
    static LISTED: OnceLock<BTreeSet<&str>> = OnceLock::new();
    LISTED.get_or_init(|| statements().into_iter().map(|(_, sql)| sql).collect()).contains(sql)
}

fn run(connection: &Connection, statement: &Statement, steps: &Cell<u64>) -> Result<Vec<String>, rusqlite::Error> {
    assert!(statement.params.len() <= 100, "D1 takes 100 parameters: {}", statement.sql);
    assert!(is_listed(statement.sql), "`store::sql::statements()` lacks: {}", statement.sql);
    let params = rusqlite::params_from_iter(statement.params.iter().map(value));
    let mut prepared = connection.prepare_cached(statement.sql)?;
    let rows = if prepared.column_count() == 0 {
        prepared.execute(params).map(|_| Vec::new())
    } else {
        prepared.query_map(params, |row| row.get("j"))?.collect()
    };
    steps.set(steps.get() + u64::from(prepared.reset_status(StatementStatus::VmStep).unsigned_abs()));
    rows
}

/// As D1 binds: integers travel as floating point.
fn value(param: &Param) -> Value {
    match param {
        Param::Null => Value::Null,
        Param::Integer(number) => Value::Real(*number as f64),
        Param::Text(text) => Value::Text(text.clone()),
    }
}

fn refused(error: rusqlite::Error) -> SqlError {
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => SqlError::Constraint(error.to_string()),
        _ => SqlError::Failed(error.to_string()),
    }
}
