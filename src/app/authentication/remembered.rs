//! Tokens that were verified not long ago.
//!
//! Owns how long and how many. A token is remembered by its SHA-256 alone, with the issuer and the key that signed it: a
//! key that leaves its set takes its tokens along. Never remembers a refusal.

use crate::domain::principal::Principal;
use crate::domain::table::Table;
use crate::domain::time::Timestamp;
use crate::domain::token::SigningKey;
use std::collections::VecDeque;

/// For how many seconds a token is remembered, at most until it expires.
pub const LIFETIME: i64 = 5 * 60;

/// How many tokens are remembered. The oldest one makes room.
pub const MOST: usize = 1024;

/// What a token is remembered by.
pub type Digest = [u8; 32];

/// A verified token.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Whom it names.
    pub principal: Principal,
    /// Whose it is, by the place in the configuration.
    pub issuer: usize,
    /// What signed it.
    pub key: SigningKey,
    /// From when on it is not remembered.
    pub until: Timestamp,
}

/// The tokens.
#[derive(Debug, Default)]
pub struct Remembered {
    tokens: Table<Digest, Verified>,
    /// The digests in the order in which they came.
    order: VecDeque<Digest>,
}

impl Remembered {
    /// A token that still counts.
    pub fn get(&self, digest: &Digest, now: Timestamp) -> Option<&Verified> {
        self.tokens.get(digest).filter(|verified| now < verified.until)
    }

    /// Remembers a token that expires at an instant.
    pub fn put(&mut self, digest: Digest, verified: Verified) {
        if self.tokens.insert(digest, verified).is_none() {
            self.order.push_back(digest);
        }
        while self.order.len() > MOST {
            if let Some(oldest) = self.order.pop_front() {
                self.tokens.remove(&oldest);
            }
        }
    }

    /// Forgets the tokens of an issuer whose key is not among those that are left.
    pub fn keep_keys(&mut self, issuer: usize, is_left: impl Fn(&SigningKey) -> bool) {
        self.tokens.retain(|_, verified| verified.issuer != issuer || is_left(&verified.key));
        let tokens = &self.tokens;
        self.order.retain(|digest| tokens.get(digest).is_some());
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }
}
