//! Access tokens of an operator's sign-in: JSON Web Tokens of foreign issuers.
//!
//! Owns the strict reading of a token, the reading of key sets, the choice of a key, and the rules by which a
//! verified token becomes a [`Principal`](crate::domain::principal::Principal). Does no cryptography and no I/O:
//! the runtime checks the signature with the key and the algorithm that [`KeySet::choose`] returns.
//!
//! Order of use: [`Unverified::read`], [`Issuer::matches`], [`KeySet::choose`], the signature, [`judge()`].

mod algorithm;
mod choose;
mod claims;
mod fault;
mod issuer;
mod jose;
mod judge;
mod key;
mod map;
mod number;
mod read;
#[cfg(test)]
mod tests;
mod users;

pub use algorithm::{Algorithm, KeyKind};
pub use choose::Choice;
pub use claims::{ClaimPath, ClaimRules, Condition, Proof, Test};
pub use fault::{TokenFault, TokenFaultCode};
pub use issuer::{Audience, Issuer, KeySource, Leeway};
pub use judge::judge;
pub use key::{KeySet, KeySetFault, SigningKey, SkippedKey};
pub use read::Unverified;
pub use users::{UserPrefix, UserPrefixes};
