//! D1: runs the store's statements.
//!
//! Owns the way of values across the border and the sorting of errors into refusals and failures.
//! Never writes SQL, never repeats a batch: whether a write that failed took place is not known here.

use guildhall::store::sql::{Executor, Param, SqlError, Statement};
use serde::Deserialize;
use std::time::Duration;
use worker::{D1Database, D1PreparedStatement, D1Result, D1Type, Delay, console_debug, console_error, js_sys};

/// An executor over D1.
pub struct D1 {
    database: D1Database,
}

/// The one column of every read.
#[derive(Deserialize)]
struct Row {
    j: String,
}

impl D1 {
    /// An executor over a database.
    pub fn new(database: D1Database) -> Self {
        D1 { database }
    }

    fn prepare(&self, statement: &Statement) -> Result<D1PreparedStatement, SqlError> {
        let values: Vec<D1Type<'_>> = statement.params.iter().map(value).collect();
        self.database.prepare(statement.sql).bind_refs(&values).map_err(|error| sorted(&error))
    }
}

impl Executor for D1 {
    /// Always `batch`, for one statement too: D1 runs it as one transaction.
    async fn batch(&self, statements: &[Statement]) -> Result<Vec<Vec<String>>, SqlError> {
        let prepared = statements.iter().map(|statement| self.prepare(statement)).collect::<Result<_, _>>()?;
        let results = self.database.batch(prepared).await.map_err(|error| sorted(&error))?;
        results.iter().map(rows).collect()
    }

    async fn pause(&self, milliseconds: u32) {
        Delay::from(Duration::from_millis(u64::from(milliseconds))).await;
    }
}

/// Integers go as floating point: `D1Type::Integer` has 32 bits, and a strict column stores an
/// integral real as an integer.
fn value(param: &Param) -> D1Type<'_> {
    match param {
        Param::Null => D1Type::Null,
        Param::Integer(number) => D1Type::Real(*number as f64),
        Param::Text(text) => D1Type::Text(text),
    }
}

/// A write without `RETURNING` gives no rows.
fn rows(result: &D1Result) -> Result<Vec<String>, SqlError> {
    if let Some(text) = result.error() {
        return Err(sort(text));
    }
    let rows = result.results::<Row>().map_err(|error| sorted(&error))?;
    Ok(rows.into_iter().map(|row| row.j).collect())
}

fn sorted(error: &worker::Error) -> SqlError {
    sort(text(error))
}

/// SQLite names the constraint or the trigger's code, never a value, so the text may be logged.
fn sort(text: String) -> SqlError {
    if text.contains("SQLITE_CONSTRAINT") || text.contains("constraint failed") {
        console_debug!("D1 refused a batch: {text}");
        return SqlError::Constraint(text);
    }
    console_error!("D1 failed: {text}");
    SqlError::Failed(text)
}

/// The message of the JavaScript error. `D1Error`'s own `Display` throws when the cause is no string.
fn text(error: &worker::Error) -> String {
    match error {
        worker::Error::D1(error) => AsRef::<js_sys::Error>::as_ref(error).message().into(),
        other => other.to_string(),
    }
}
