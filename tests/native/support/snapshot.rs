//! Snapshots of a memory store, there and back.

use guildhall::domain::time::Timestamp;
use guildhall::ffi::snapshot::Held;
use guildhall::store::memory::MemoryStore;
use serde_json::Value;

pub const SECRET: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// The text of a directory with this store.
pub fn text(store: &MemoryStore) -> String {
    Held::text(Timestamp::from_millis(1), SECRET, &[], store)
}

/// The store that a snapshot of it gives.
pub fn restored(store: &MemoryStore) -> MemoryStore {
    Held::read(&text(store)).unwrap().store
}

/// The parts of a store's snapshot that are not empty.
pub fn filled(store: &MemoryStore) -> Vec<String> {
    let state: Value = serde_json::from_str(&store.snapshot()).unwrap();
    let is_filled = |value: &Value| match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => false,
    };
    let parts = state.as_object().unwrap().iter().filter(|(_, part)| is_filled(part));
    let mut filled: Vec<String> = parts.map(|(name, _)| name.clone()).collect();
    let departed = state["organizations"].as_array().unwrap().iter().any(|it| is_filled(&it["departed"]));
    filled.extend(departed.then(|| "departed".to_owned()));
    filled
}
