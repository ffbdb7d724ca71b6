//! What runs SQL: an in-process SQLite in tests, D1 in the Worker.

use crate::app::ports::Unavailable;

/// A statement with its parameters. Reads give one text column named `j`: JSON made by SQLite,
/// which costs less than rows of columns across the wasm border (measured: 0.30 against 0.25).
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The text, one of the constants of this module's siblings.
    pub sql: &'static str,
    /// `?1`, `?2`, …
    pub params: Vec<Param>,
}

impl Statement {
    /// A statement.
    pub fn new(sql: &'static str, params: Vec<Param>) -> Self {
        Statement { sql, params }
    }
}

/// A parameter. Integers stay below 2^53: D1 carries them as floating point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Param {
    /// `NULL`
    Null,
    /// An integer.
    Integer(i64),
    /// A text.
    Text(String),
}

macro_rules! param_from {
    ($($type:ty => |$value:ident| $param:expr;)+) => {$(
        impl From<$type> for Param {
            fn from($value: $type) -> Param {
                $param
            }
        }
    )+};
}

param_from! {
    &str => |text| Param::Text(text.to_owned());
    String => |text| Param::Text(text);
    i64 => |number| Param::Integer(number);
    u32 => |number| Param::Integer(i64::from(number));
    u64 => |number| Param::Integer(i64::try_from(number).unwrap_or(i64::MAX));
}

impl<T: Into<Param>> From<Option<T>> for Param {
    fn from(value: Option<T>) -> Param {
        value.map_or(Param::Null, Into::into)
    }
}

/// Why a batch did not run. Either way nothing of it is stored, unless the network broke.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SqlError {
    /// A constraint or a trigger refused it (the text contains `SQLITE_CONSTRAINT` on D1).
    #[error("constraint: {0}")]
    Constraint(String),
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

/// Rule: a table or column that is not there means that migrations were not applied, which only the operator mends.
impl From<SqlError> for Unavailable {
    fn from(error: SqlError) -> Self {
        let text = error.to_string();
        let lacks = ["no such table", "no such column", "has no column named"];
        if lacks.iter().any(|what| text.contains(what)) { Unavailable::without_migrations() } else { Unavailable(text) }
    }
}

/// Runs batches.
#[expect(async_fn_in_trait, reason = "Workers and browsers have one thread; futures need not be Send")]
pub trait Executor {
    /// Runs the statements in order as one transaction; gives the `j` values of each.
    async fn batch(&self, statements: &[Statement]) -> Result<Vec<Vec<String>>, SqlError>;

    /// Lets time pass after a lost race.
    async fn pause(&self, milliseconds: u32);
}
