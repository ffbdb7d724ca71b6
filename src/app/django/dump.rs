//! The file that `dumpdata` writes: an array of rows.
//!
//! Owns which rows there are. Never looks into one (that is `row`).

use super::encoding::utf8;
use super::findings::Findings;
use super::row::Row;
use crate::domain::denial::{Denial, Reason};
use crate::domain::json::{Unreadable, value_of};
use crate::domain::table::{Set, Table};
use serde_json::Value;

/// The rows of a dump by model, less those that were taken.
pub(super) struct Dump {
    models: Table<String, Vec<Row>>,
}

impl Dump {
    /// Reads the JSON; rows that are none become problems.
    pub(super) fn read(bytes: &[u8], findings: &mut Findings) -> Result<Self, Denial> {
        let mut models = Table::<String, Vec<Row>>::new();
        for (index, value) in array(bytes)?.into_iter().enumerate() {
            let number = index.saturating_add(1);
            if let Some(row) = findings.check(&format!("row {number}"), Row::read(value, number)) {
                models.update(row.model.clone(), |rows| rows.push(row));
            }
        }
        Ok(Dump { models })
    }

    /// Takes the rows of a model out of the dump; a primary key that comes twice is a problem.
    pub(super) fn take(&mut self, model: &str, findings: &mut Findings) -> Vec<Row> {
        let mut rows = self.models.remove(model).unwrap_or_default();
        let mut seen = Set::new();
        rows.retain(|row| {
            let new = row.pk.as_ref().is_none_or(|pk| seen.insert(pk.clone()));
            if !new {
                findings.problem(&row.at, "its primary key comes twice; leave one of the two out".to_owned());
            }
            new
        });
        rows
    }

    /// How many rows of each model are left.
    pub(super) fn counts(&self) -> Table<String, usize> {
        self.models.iter().map(|(model, rows)| (model.clone(), rows.len())).collect()
    }

    /// The models that are left, each with its first row.
    pub(super) fn first_rows(&self) -> impl Iterator<Item = (&str, &Row)> {
        self.models.iter().filter_map(|(model, rows)| Some((model.as_str(), rows.first()?)))
    }
}

fn array(bytes: &[u8]) -> Result<Vec<Value>, Denial> {
    let unreadable = |fault| match fault {
        Unreadable::Malformed(what) => Denial::because(Reason::MalformedJson, format!("the dump is not JSON: {what}")),
        Unreadable::Duplicate(name) => Denial::duplicate(&name),
    };
    match value_of(&utf8(bytes)?).map_err(unreadable)? {
        Value::Array(rows) => Ok(rows),
        _ => Err(Denial::because(Reason::ImportInvalid, "an array is expected, as `dumpdata --format json` writes it")),
    }
}
