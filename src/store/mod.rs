//! Adapters that are still pure: the memory store and SQL as values.
//!
//! Owns how values are kept. Never decides: where a store would have to, the rule is missing in
//! `domain`. Never runs anything: executors of SQL live at the edge and in tests.

pub mod memory;
pub mod sql;

use crate::domain::resolve::Affiliation;

/// One affiliation for each organization, the former slugs of all its rows together.
fn join_affiliations(rows: impl Iterator<Item = Affiliation>) -> Vec<Affiliation> {
    let mut joined: Vec<Affiliation> = Vec::new();
    for row in rows {
        match joined.iter_mut().find(|known| known.organization == row.organization) {
            Some(known) => known.former_slugs.extend(row.former_slugs),
            None => joined.push(row),
        }
    }
    joined
}
