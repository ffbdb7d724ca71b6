//! Digests of secrets. The domain never holds a plaintext token: `app::mint` makes and reads them.

use super::encoding::hex;
use serde::{Deserialize, Serialize};

/// The SHA-256 of a token, as 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretDigest(String);

impl SecretDigest {
    /// Digests a plaintext.
    pub fn of(plaintext: &str) -> Self {
        SecretDigest(hex(&hmac_sha256::Hash::hash(plaintext.as_bytes())))
    }

    /// The digest as hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
