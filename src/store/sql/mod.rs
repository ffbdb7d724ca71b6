//! The SQL store: statements as values, run by whatever [`Executor`] there is.
//!
//! Owns the one list of statements that D1 and the in-process SQLite of the tests both run. Never
//! decides: a batch holds or breaks as a whole, and a broken constraint is a lost race.

mod audit;
mod commit;
mod domains;
mod executor;
mod installation;
mod lifecycle;
mod load;
mod load_doors;
mod members;
mod nonces;
mod organization_words;
mod passes;
mod person;
mod project;
mod project_doors;
mod read;
mod read_doors;
mod roles;
mod rows;
mod sending;
mod shape;
mod teams;
mod touched;
mod upkeep;
mod webhooks;
mod words;

pub use executor::{Executor, Param, SqlError, Statement};

use crate::app::ports::Unavailable;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The store over an executor.
pub struct SqlStore<X> {
    executor: X,
}

impl<X: Executor> SqlStore<X> {
    /// A store that runs its statements on `executor`.
    pub fn new(executor: X) -> Self {
        SqlStore { executor }
    }

    /// What runs the statements.
    pub fn executor(&self) -> &X {
        &self.executor
    }

    async fn run(&self, batch: &[Statement]) -> Result<Decoder, Unavailable> {
        let results = self.executor.batch(batch).await?;
        Ok(Decoder { results: results.into_iter() })
    }
}

/// Every statement of the store with its name, for the tests that pin query plans.
pub fn statements() -> Vec<(&'static str, &'static str)> {
    let lists = [
        audit::statements_by_name(),
        commit::statements_by_name(),
        domains::statements_by_name(),
        installation::statements_by_name(),
        lifecycle::statements_by_name(),
        load::statements_by_name(),
        load_doors::statements_by_name(),
        members::statements_by_name(),
        nonces::statements_by_name(),
        organization_words::statements_by_name(),
        passes::statements_by_name(),
        person::statements_by_name(),
        project::statements_by_name(),
        project_doors::statements_by_name(),
        read::statements_by_name(),
        read_doors::statements_by_name(),
        roles::statements_by_name(),
        sending::statements_by_name(),
        teams::statements_by_name(),
        touched::statements_by_name(),
        upkeep::statements_by_name(),
        webhooks::statements_by_name(),
        words::statements_by_name(),
    ];
    lists.concat()
}

/// Reads the results of a batch, one statement after the other.
struct Decoder {
    results: std::vec::IntoIter<Vec<String>>,
}

impl Decoder {
    fn many<T: DeserializeOwned>(&mut self) -> Result<Vec<T>, Unavailable> {
        let rows = self.results.next().ok_or_else(|| Unavailable("a statement gave no result".to_owned()))?;
        rows.iter().map(|row| decode(row)).collect()
    }

    fn one<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Unavailable> {
        Ok(self.many()?.into_iter().next())
    }
}

/// Rule: what was stored and cannot be read is our fault and denies; nothing is guessed.
fn decode<T: DeserializeOwned>(row: &str) -> Result<T, Unavailable> {
    serde_json::from_str(row).map_err(|error| Unavailable(format!("a stored row cannot be read: {error}")))
}

/// A list as one JSON parameter, for `json_each`.
fn list<T: Serialize>(items: &[T]) -> Param {
    json(&items)
}

fn json<T: Serialize>(value: &T) -> Param {
    serde_json::to_string(value).map_or(Param::Null, Param::Text)
}
