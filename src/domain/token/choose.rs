//! Which key checks a token, and by which algorithm.
//!
//! Owns both rules. A key has one algorithm: its own `alg`, or the first of the configuration that fits its type. The
//! token chooses no algorithm. A token with a `kid` is checked by the key of that name; a key without a name is tried
//! if it is the only one of its type. A token without a `kid` is checked by the only key of its type, or by the only
//! one without a name.

use super::algorithm::{Algorithm, KeyKind};
use super::fault::{TokenFault, TokenFaultCode};
use super::key::{KeySet, SigningKey};
use super::read::Unverified;
use crate::domain::denial::echo;

/// What a key set has for a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice<'a> {
    /// The signature must be right under this key and this algorithm.
    Key(&'a SigningKey, Algorithm),
    /// No key of the token's name is in the set: a newer set may have it.
    Unknown,
    /// No newer set changes this.
    Refused(TokenFault),
}

impl KeySet {
    /// The key for a token. `allowed` is the configuration's list of algorithms.
    pub fn choose(&self, token: &Unverified, allowed: &[Algorithm]) -> Choice<'_> {
        let kind = token.algorithm().key_kind();
        let usable = |key: &&SigningKey| algorithm_of(key, allowed).is_some();
        let named = |key: &&SigningKey| token.kid().is_some() && key.kid() == token.kid();
        if self.keys.iter().any(|key| named(&key)) {
            return decided(token, allowed, self.only(kind, named), self.keys.iter().find(named));
        }
        let nameless = |key: &&SigningKey| key.kid.is_none();
        let candidates = || self.keys.iter().filter(|key| key.kind == kind).filter(usable);
        let lone = if candidates().count() == 1 { candidates().next() } else { None };
        let fitting = match token.kid() {
            Some(_) => lone.filter(nameless),
            None => lone.or_else(|| self.only(kind, nameless)),
        };
        match fitting {
            Some(key) => decided(token, allowed, Some(key), None),
            None => Choice::Unknown,
        }
    }

    /// The one key of a type that passes a test; `None` for several.
    fn only(&self, kind: KeyKind, test: impl Fn(&&SigningKey) -> bool) -> Option<&SigningKey> {
        let mut found = self.keys.iter().filter(|key| key.kind == kind).filter(test);
        found.next().filter(|_| found.next().is_none())
    }

    /// The refusal of a token whose key is not in a set that has just been fetched, or in one that never changes.
    pub fn unknown_key(&self, token: &Unverified) -> TokenFault {
        let detail = match token.kid() {
            _ if self.keys.is_empty() => {
                "the issuer publishes no key that checks signatures; it may still sign with a shared secret (HS256), \
                 which is not accepted"
                    .to_owned()
            }
            Some(kid) => format!("no key of the issuer is called `{}`", echo(kid)),
            None => "the token names no key, and the issuer has several".to_owned(),
        };
        TokenFault::new(TokenFaultCode::UnknownKey, detail)
    }
}

/// The one algorithm of a key; `None` if the configuration does not allow it.
fn algorithm_of(key: &SigningKey, allowed: &[Algorithm]) -> Option<Algorithm> {
    match key.algorithm {
        Some(own) => allowed.contains(&own).then_some(own),
        None => allowed.iter().find(|algorithm| algorithm.key_kind() == key.kind).copied(),
    }
}

/// The choice of a key, if its algorithm is the token's. `other` has the token's name and may be of another type.
fn decided<'a>(
    token: &Unverified,
    allowed: &[Algorithm],
    key: Option<&'a SigningKey>,
    other: Option<&'a SigningKey>,
) -> Choice<'a> {
    let said = token.algorithm().as_str();
    let refused = |detail| Choice::Refused(TokenFault::new(TokenFaultCode::AlgorithmRefused, detail));
    let Some(key) = key else {
        return match other.filter(|other| other.kind != token.algorithm().key_kind()) {
            Some(other) => refused(format!("the key is of the type {}, the token says {said}", other.kind.as_str())),
            None => {
                let detail = "the issuer has several keys of that name and type";
                Choice::Refused(TokenFault::new(TokenFaultCode::UnknownKey, detail))
            }
        };
    };
    match algorithm_of(key, allowed) {
        Some(own) if own == token.algorithm() => Choice::Key(key, own),
        Some(own) => refused(format!("the key is for {}, the token says {said}", own.as_str())),
        None => refused(format!("the configuration allows no {said} for this issuer")),
    }
}
