//! Key sets of issuers: JWK sets (RFC 7517).
//!
//! Owns which keys are for checking tokens, and the form in which a runtime imports one. Rules: a key of an unknown
//! type, for another use, too weak or malformed is skipped with a reason; a private key is skipped, too. `alg`, `use`
//! and `key_ops` are checked here and left out of what is imported: runtimes disagree about them.

use super::algorithm::{Algorithm, KeyKind};
use super::jose::{self, JoseFault};
use super::read::Unverified;
use crate::domain::base64url::{decode, decode_exactly};
use crate::domain::encoding::base64url;
use crate::domain::json::Json;
use crate::domain::pass::PublicKey;
use std::borrow::Cow;

/// A public key that checks signatures of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    pub(super) kid: Option<String>,
    pub(super) kind: KeyKind,
    /// What the key says that it is for.
    pub(super) algorithm: Option<Algorithm>,
    jwk: String,
}

impl SigningKey {
    /// The name under which tokens refer to it.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The type of the key.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key as a JWK with the members of its type alone, without `alg`, `use`, `key_ops` and `kid`. Its SHA-256
    /// is the thumbprint (RFC 7638), for the members stand in the order of the alphabet.
    pub fn jwk(&self) -> &str {
        &self.jwk
    }
}

/// The keys of one issuer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeySet {
    pub(super) keys: Vec<SigningKey>,
    skipped: Vec<SkippedKey>,
}

/// A key that is not used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedKey {
    /// Its name, if it has one.
    pub kid: Option<String>,
    /// The reason in one sentence.
    pub reason: &'static str,
}

/// Why a text is no key set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeySetFault {
    /// More than [`KeySet::MAX_BYTES`].
    #[error("the key set has more than 1 MB")]
    TooLarge,
    /// Another text than a JSON object.
    #[error("the key set is no JSON object")]
    NotAnObject,
    /// A name stands twice.
    #[error("a name stands twice in the key set")]
    DuplicateName,
    /// `keys` is missing or no list.
    #[error("the key set has no list `keys`")]
    NoKeys,
    /// More than [`KeySet::MAX_KEYS`].
    #[error("the key set has more than 256 keys")]
    TooMany,
}

impl KeySet {
    /// The largest key set that is read, in bytes.
    pub const MAX_BYTES: usize = 1024 * 1024;

    /// The most keys of a set, those that are skipped included.
    pub const MAX_KEYS: usize = 256;

    /// Reads a JWK set.
    ///
    /// # Errors
    /// [`KeySetFault`]. A single key that cannot be used is no error: [`KeySet::skipped`] tells of it.
    pub fn parse(text: &str) -> Result<Self, KeySetFault> {
        if text.len() > Self::MAX_BYTES {
            return Err(KeySetFault::TooLarge);
        }
        let whole = jose::object(text).map_err(|fault| match fault {
            JoseFault::NoObject => KeySetFault::NotAnObject,
            JoseFault::DuplicateName => KeySetFault::DuplicateName,
        })?;
        let keys = jose::get(whole, "keys").and_then(Json::items).ok_or(KeySetFault::NoKeys)?;
        if keys.count() > Self::MAX_KEYS {
            return Err(KeySetFault::TooMany);
        }
        let mut set = KeySet::default();
        for key in keys {
            match read_key(key) {
                Ok(key) if set.keys.contains(&key) => {}
                Ok(key) => set.keys.push(key),
                Err(reason) => {
                    let kid = jose::text(key, "kid").map(Cow::into_owned);
                    set.skipped.push(SkippedKey { kid, reason });
                }
            }
        }
        Ok(set)
    }

    /// The usable keys.
    pub fn keys(&self) -> &[SigningKey] {
        &self.keys
    }

    /// The keys that are not used.
    pub fn skipped(&self) -> &[SkippedKey] {
        &self.skipped
    }

    /// Whether the set holds this very key: a verified token is forgotten when its key is gone.
    pub fn has(&self, key: &SigningKey) -> bool {
        self.keys.contains(key)
    }
}

/// The reason of a key that is private, by which configuration tells it from a key that is of no use.
pub(super) const PRIVATE: &str = "it is a private or a secret key";

impl SkippedKey {
    /// Whether the key must never have been published.
    pub fn is_private(&self) -> bool {
        self.reason == PRIVATE
    }
}

fn read_key(jwk: Json<'_>) -> Result<SigningKey, &'static str> {
    jwk.members().ok_or("it is no JSON object")?;
    if ["d", "k", "p", "q"].into_iter().any(|name| jose::get(jwk, name).is_some()) {
        return Err(PRIVATE);
    }
    require_signatures(jwk)?;
    let kid = match jose::get(jwk, "kid") {
        None => None,
        Some(kid) => {
            let kid = kid.text().ok_or("its `kid` is no text")?.read().into_owned();
            Some(kid).filter(|kid| kid.len() <= Unverified::MAX_BYTES)
        }
    };
    let (kind, members) = material(jwk)?;
    let algorithm = match jose::get(jwk, "alg") {
        None => None,
        Some(alg) => {
            let name = alg.text().ok_or("its `alg` is no text")?.read();
            Some(Algorithm::parse(&name).ok_or("its `alg` is not accepted")?)
        }
    };
    if algorithm.is_some_and(|algorithm| algorithm.key_kind() != kind) {
        return Err("its `alg` does not fit its type");
    }
    Ok(SigningKey { kid, kind, algorithm, jwk: members })
}

/// Refuses a key for encryption and one that does not check signatures.
fn require_signatures(jwk: Json<'_>) -> Result<(), &'static str> {
    if jose::get(jwk, "use").is_some() && jose::text(jwk, "use").as_deref() != Some("sig") {
        return Err("its `use` is not `sig`");
    }
    let is_verify = |operation: Json<'_>| operation.text().is_some_and(|text| text.is("verify"));
    let verifies = |operations: Json<'_>| operations.items().is_some_and(|mut all| all.any(is_verify));
    if jose::get(jwk, "key_ops").is_none_or(verifies) { Ok(()) } else { Err("its `key_ops` does not contain `verify`") }
}

/// The type of a key, and its JWK with nothing but the members of that type.
fn material(jwk: Json<'_>) -> Result<(KeyKind, String), &'static str> {
    let curve = jose::text(jwk, "crv");
    match (jose::text(jwk, "kty").as_deref(), curve.as_deref()) {
        (Some("RSA"), _) => rsa(jwk).map(|members| (KeyKind::Rsa, members)),
        (Some("EC"), Some("P-256")) => elliptic::<32>(jwk, KeyKind::P256),
        (Some("EC"), Some("P-384")) => elliptic::<48>(jwk, KeyKind::P384),
        (Some("OKP"), Some("Ed25519")) => ed25519(jwk).map(|members| (KeyKind::Ed25519, members)),
        (Some("EC" | "OKP"), _) => Err("its curve is not accepted"),
        (Some("oct"), _) => Err(PRIVATE),
        _ => Err("its type is not accepted"),
    }
}

/// The bits of the modulus of an RSA key: weaker ones are broken, longer ones are refused by runtimes.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// The most bytes of a number of an RSA key, with zeros in front.
const RSA_ROOM: usize = 8192 / 8 + 8;

fn rsa(jwk: Json<'_>) -> Result<String, &'static str> {
    let (modulus, exponent) = (number(jwk, "n")?, number(jwk, "e")?);
    let zeros = modulus.first().map_or(0, |byte| byte.leading_zeros());
    let bits = modulus.len().saturating_mul(8).saturating_sub(zeros as usize);
    if !RSA_BITS.contains(&bits) {
        return Err("its modulus has fewer than 2048 or more than 8192 bits");
    }
    let value = exponent.iter().fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
    let even = value.is_multiple_of(2) || modulus.last().is_none_or(|last| last.is_multiple_of(2));
    if exponent.len() > 4 || value < 3 || even {
        return Err("its modulus or its exponent is no sound RSA number");
    }
    Ok(format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, base64url(&exponent), base64url(&modulus)))
}

/// A number in base64url, without zeros in front: some makers write one.
fn number(jwk: Json<'_>, name: &str) -> Result<Vec<u8>, &'static str> {
    let text = jose::text(jwk, name).ok_or("a member of its type is missing")?;
    let mut room = vec![0; RSA_ROOM];
    let bytes = decode(&text, &mut room).ok_or("a member of its type is malformed or too long")?;
    Ok(bytes.iter().copied().skip_while(|byte| *byte == 0).collect())
}

fn elliptic<const N: usize>(jwk: Json<'_>, kind: KeyKind) -> Result<(KeyKind, String), &'static str> {
    let coordinate = |name| {
        let text = jose::text(jwk, name).ok_or("a member of its type is missing")?;
        decode_exactly::<N>(&text).map(|bytes| base64url(&bytes)).ok_or("a coordinate does not fit its curve")
    };
    let (x, y) = (coordinate("x")?, coordinate("y")?);
    Ok((kind, format!(r#"{{"crv":"{}","kty":"EC","x":"{x}","y":"{y}"}}"#, kind.as_str())))
}

fn ed25519(jwk: Json<'_>) -> Result<String, &'static str> {
    let text = jose::text(jwk, "x").ok_or("a member of its type is missing")?;
    let key = PublicKey::parse(&text).ok_or("a coordinate does not fit its curve")?;
    if key.is_weak() {
        return Err("it is a weak point of its curve");
    }
    Ok(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, key.x()))
}
