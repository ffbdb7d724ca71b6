//! KV: keeps hints.
//!
//! Owns the rule that a hint store may be absent or broken and nobody fails for it. Never names a
//! key (that is `store::cache_key`), never logs one: keys hold slugs and user ids.

use guildhall::app::ports::Cache;
use worker::{KvError, KvStore, console_warn};

/// The shortest lifetime that KV accepts, in seconds.
const SHORTEST_LIFETIME: u64 = 60;

/// A cache over KV, or over nothing.
pub struct Hints {
    store: Option<KvStore>,
}

impl Hints {
    /// A cache over a namespace; without one it never finds anything.
    pub fn new(store: Option<KvStore>) -> Self {
        Hints { store }
    }
}

impl Cache for Hints {
    async fn get(&self, key: &str) -> Option<String> {
        let store = self.store.as_ref()?;
        store.get(key).text().await.unwrap_or_else(|error| {
            warn("get", error);
            None
        })
    }

    async fn put(&self, key: &str, value: &str, seconds: u64) {
        let Some(store) = &self.store else { return };
        if let Err(error) = put(store, key, value, seconds).await {
            warn("put", error);
        }
    }
}

async fn put(store: &KvStore, key: &str, value: &str, seconds: u64) -> Result<(), KvError> {
    store.put(key, value)?.expiration_ttl(seconds.max(SHORTEST_LIFETIME)).execute().await
}

fn warn(action: &str, error: KvError) {
    console_warn!("KV {action} failed: {}", worker::Error::from(error));
}
