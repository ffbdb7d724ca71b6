//! Adapters that are still pure: the memory store, SQL as values, and typed cache keys.
//!
//! Owns how values are kept. Never decides: where a store would have to, the rule is missing in
//! `domain`. Never runs anything: executors of SQL live at the edge and in tests.

pub mod cache_key;
pub mod memory;
pub mod sql;
