//! A signature to be checked, in the words of the Web Cryptography API.
//!
//! Owns the parameters of each algorithm, so that every runtime checks the same thing. Never computes.

use crate::domain::token::Algorithm;
use serde_json::{Value, json};

/// A signature, and what must have made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verify {
    /// The public key as a JWK with the members of its type alone.
    pub jwk: String,
    /// The algorithm, which is the key's.
    pub algorithm: Algorithm,
    /// What was signed.
    pub input: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Verify {
    /// The second argument of `subtle.importKey("jwk", …)`.
    pub fn import_parameters(&self) -> Value {
        match self.algorithm {
            Algorithm::Rs256 => json!({ "name": "RSASSA-PKCS1-v1_5", "hash": "SHA-256" }),
            Algorithm::Rs384 => json!({ "name": "RSASSA-PKCS1-v1_5", "hash": "SHA-384" }),
            Algorithm::Rs512 => json!({ "name": "RSASSA-PKCS1-v1_5", "hash": "SHA-512" }),
            Algorithm::Ps256 => json!({ "name": "RSA-PSS", "hash": "SHA-256" }),
            Algorithm::Es256 => json!({ "name": "ECDSA", "namedCurve": "P-256" }),
            Algorithm::Es384 => json!({ "name": "ECDSA", "namedCurve": "P-384" }),
            Algorithm::EdDsa => json!({ "name": "Ed25519" }),
        }
    }

    /// The first argument of `subtle.verify(…)`.
    pub fn verify_parameters(&self) -> Value {
        match self.algorithm {
            Algorithm::Rs256 | Algorithm::Rs384 | Algorithm::Rs512 => json!({ "name": "RSASSA-PKCS1-v1_5" }),
            Algorithm::Ps256 => json!({ "name": "RSA-PSS", "saltLength": 32 }),
            Algorithm::Es256 => json!({ "name": "ECDSA", "hash": "SHA-256" }),
            Algorithm::Es384 => json!({ "name": "ECDSA", "hash": "SHA-384" }),
            Algorithm::EdDsa => json!({ "name": "Ed25519" }),
        }
    }
}
