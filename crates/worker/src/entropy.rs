//! Randomness: the runtime's cryptographic source.
//!
//! Owns nothing but the call. Never falls back on a weaker source.

use guildhall::app::ports::{Entropy, Unavailable};

/// `crypto.getRandomValues`.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Unavailable> {
        getrandom::fill(buffer).map_err(|error| Unavailable(format!("no randomness: {error}")))
    }
}
