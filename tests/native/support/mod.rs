//! What the native tests share: an in-process SQLite that runs the SQL store's statements, a cache
//! and entropy that tests control, and an installation that answers requests.

pub mod crowd;
pub mod dump;
pub mod filled;
pub mod foreign;
pub mod forge;
pub mod invariants;
pub mod json_schema;
pub mod opened;
pub mod random;
pub mod random_domains;
pub mod random_doors;
pub mod random_lifecycle;
pub mod random_teams;
pub mod random_webhooks;
pub mod signatures;
pub mod signing;
pub mod site;
pub mod snapshot;
pub mod sqlite;

use guildhall::app::ports::{Asked, Cache, Dns, Entropy, Messenger, TxtRecords, Unavailable};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// A hint store that keeps everything and can be made to fail.
#[derive(Default)]
pub struct TestCache {
    pub values: RefCell<BTreeMap<String, String>>,
    pub broken: Cell<bool>,
    pub reads: Cell<u32>,
}

impl Cache for TestCache {
    async fn get(&self, key: &str) -> Option<String> {
        self.reads.set(self.reads.get() + 1);
        self.values.borrow().get(key).filter(|_| !self.broken.get()).cloned()
    }

    async fn put(&self, key: &str, value: &str, _seconds: u64) {
        if !self.broken.get() {
            self.values.borrow_mut().insert(key.to_owned(), value.to_owned());
        }
    }
}

/// A resolver that answers what it was told and counts who asks; without an answer it fails.
#[derive(Default)]
pub struct TestDns {
    pub answer: RefCell<Option<TxtRecords>>,
    pub asked: RefCell<Vec<String>>,
}

impl Dns for TestDns {
    fn txt<'a>(&'a self, name: &'a str) -> Asked<'a> {
        self.asked.borrow_mut().push(name.to_owned());
        let answer = self.answer.borrow().clone().ok_or_else(|| Unavailable("no network".to_owned()));
        Box::pin(std::future::ready(answer))
    }
}

/// Bytes that look random and are the same in every run: SplitMix64.
pub struct SeededEntropy(Cell<u64>);

impl SeededEntropy {
    pub fn new(seed: u64) -> Self {
        SeededEntropy(Cell::new(seed))
    }

    /// Where it stands, for going back there.
    pub fn state(&self) -> u64 {
        self.0.get()
    }

    pub fn set(&self, state: u64) {
        self.0.set(state);
    }

    pub fn next(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub fn below(&self, bound: u64) -> u64 {
        self.next() % bound
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Unavailable> {
        for chunk in buffer.chunks_mut(8) {
            let bytes = self.next().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}

/// A messenger for ticks that deliver nothing.
pub struct NoMessenger;

impl Messenger for NoMessenger {
    async fn deliver(&self, _mail: &guildhall::app::mail::Mail) -> Result<(), Unavailable> {
        Ok(())
    }
}
