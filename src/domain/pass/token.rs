//! The text form: a compact JWS (RFC 7515) with one possible header.
//!
//! Owns how a token is put together and taken apart. Never chooses an algorithm by what a token says:
//! there is one, which has two names (RFC 8037, RFC 9864). A header says `alg`, `typ` and `kid`; one with anything more (`crit`, `jku`, `jwk`,
//! `x5u`, `b64`, …) is refused.

use super::fault::PassFault;
use super::key::{KeySet, is_ed25519};
use super::strict;
use crate::domain::base64url::{decode, decode_exactly};
use crate::domain::encoding::base64url;
use crate::domain::json::Json;

/// What a token states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One membership.
    Pass,
    /// All memberships of one user.
    Passport,
}

impl Kind {
    /// The `typ` of the header. A token of one kind is never taken for one of the other.
    pub fn typ(self) -> &'static str {
        match self {
            Kind::Pass => "guildhall-pass+jwt",
            Kind::Passport => "guildhall-passport+jwt",
        }
    }

    /// The longest token, in bytes: a pass fits a request's header.
    pub const fn most_bytes(self) -> usize {
        match self {
            Kind::Pass => 8 * 1024,
            Kind::Passport => 32 * 1024,
        }
    }

    /// Room for what such a token says: [`Unverified::open`].
    pub fn room(self) -> Vec<u8> {
        vec![0; self.most_bytes()]
    }
}

/// A token that is to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsigned(String);

impl Unsigned {
    /// Puts a token together; `claims` is a JSON object.
    pub fn new(kind: Kind, kid: &str, claims: &str) -> Self {
        let header = format!(r#"{{"alg":"EdDSA","typ":"{}","kid":"{kid}"}}"#, kind.typ());
        let encoded = |text: &str| base64url(text.as_bytes());
        Unsigned(format!("{}.{}", encoded(&header), encoded(claims)))
    }

    /// How long the signed token will be, in bytes.
    pub fn signed_bytes(&self) -> usize {
        // A dot, and 64 bytes in base64url.
        self.0.len().saturating_add(1).saturating_add(86)
    }

    /// What is signed.
    pub fn input(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The token.
    pub fn with_signature(self, signature: &[u8; 64]) -> String {
        format!("{}.{}", self.0, base64url(signature))
    }
}

/// A token taken apart, of which nothing is believed yet.
#[derive(Debug, PartialEq, Eq)]
pub struct Unverified<'a> {
    kind: Kind,
    kid: &'a str,
    input: &'a str,
    payload: &'a str,
    signature: [u8; 64],
    /// Where the payload will be.
    room: &'a mut [u8],
}

impl<'a> Unverified<'a> {
    /// Takes a token apart. What it says is written into `room`, which has at least [`Kind::most_bytes`].
    ///
    /// # Errors
    /// [`PassFault::PassInvalid`] for what is too long, has not three parts in canonical base64url, or has
    /// another header than a token of this kind.
    pub fn open(token: &'a str, kind: Kind, room: &'a mut [u8]) -> Result<Self, PassFault> {
        Self::take_apart(token, kind, room).ok_or(PassFault::PassInvalid)
    }

    fn take_apart(token: &'a str, kind: Kind, room: &'a mut [u8]) -> Option<Self> {
        if token.len() > kind.most_bytes() {
            return None;
        }
        let (input, signature) = cut(token, token.bytes().rposition(is_dot)?)?;
        let (header, payload) = cut(input, input.bytes().position(is_dot)?)?;
        if payload.bytes().any(is_dot) {
            return None;
        }
        let (headroom, room) = room.split_at_mut_checked(header.len())?;
        let kid = kid(decoded(header, headroom)?, kind)?;
        Some(Unverified { kind, kid, input, payload, signature: decode_exactly(signature)?, room })
    }

    /// The name of the key that is said to have signed it.
    pub fn kid(&self) -> &'a str {
        self.kid
    }

    /// What was signed.
    pub fn signing_input(&self) -> &'a [u8] {
        self.input.as_bytes()
    }

    /// The signature.
    pub fn signature(&self) -> &[u8; 64] {
        &self.signature
    }

    /// Checks the signature with the key of the name that the token gives.
    ///
    /// # Errors
    /// [`PassFault::PassUnknownKey`], [`PassFault::PassInvalid`].
    pub fn verify(self, keys: &KeySet) -> Result<Vouched<'a>, PassFault> {
        let key = keys.find(self.kid).ok_or(PassFault::PassUnknownKey)?;
        if key.verify(self.signing_input(), &self.signature) { self.vouched() } else { Err(PassFault::PassInvalid) }
    }

    /// The same for whoever has checked the signature by other means (WebCrypto), with the key that
    /// [`Unverified::kid`] names and no other.
    ///
    /// # Errors
    /// [`PassFault::PassInvalid`] for a payload that is no object, or not in canonical form.
    pub fn vouched(self) -> Result<Vouched<'a>, PassFault> {
        let claims = decoded(self.payload, self.room).filter(|claims| claims.members().is_some());
        Ok(Vouched { kind: self.kind, claims: claims.ok_or(PassFault::PassInvalid)? })
    }
}

/// A token whose signature is right: somebody with the key has said so, at some time, to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vouched<'a> {
    pub(super) kind: Kind,
    pub(super) claims: Json<'a>,
}

fn is_dot(byte: u8) -> bool {
    byte == b'.'
}

/// What stands before the dot at a place, and behind it.
fn cut(text: &str, dot: usize) -> Option<(&str, &str)> {
    Some((text.get(..dot)?, text.get(dot.wrapping_add(1)..)?))
}

fn decoded<'a>(part: &str, room: &'a mut [u8]) -> Option<Json<'a>> {
    strict::parse(std::str::from_utf8(decode(part, room)?).ok()?)
}

fn kid(header: Json<'_>, kind: Kind) -> Option<&str> {
    let ours = |name: &str| matches!(name, "alg" | "typ" | "kid");
    let known = header.members()?.all(|(name, _)| name.plain().is_some_and(ours));
    let says = |name: &str, wanted: &str| header.get(name).and_then(strict::plain) == Some(wanted);
    let ours = known && header.get("alg").is_some_and(is_ed25519) && says("typ", kind.typ());
    header.get("kid").and_then(strict::plain).filter(|_| ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_apart_as_it_was_put_together() {
        let unsigned = Unsigned::new(Kind::Pass, "key", r#"{"a":1}"#);
        let (input, length) = (unsigned.input().to_vec(), unsigned.signed_bytes());
        let token = unsigned.with_signature(&[7; 64]);
        assert_eq!(token.len(), length);
        let open = |kind, room| Unverified::open(&token, kind, room);
        let (mut room, mut other, mut third) = (Kind::Pass.room(), Kind::Pass.room(), Kind::Pass.room());
        let opened = open(Kind::Pass, &mut room).unwrap();
        assert_eq!((opened.kid(), opened.signing_input(), opened.signature()), ("key", input.as_slice(), &[7; 64]));
        assert_eq!(opened.vouched().unwrap().claims.get("a").and_then(strict::whole), Some(1));
        let opened = open(Kind::Pass, &mut other).unwrap();
        assert_eq!(opened.verify(&KeySet::default()), Err(PassFault::PassUnknownKey));
        let longer = token.replacen('.', "..", 1);
        assert_eq!(Unverified::open(&longer, Kind::Pass, &mut Kind::Pass.room()), Err(PassFault::PassInvalid));
        assert_eq!(open(Kind::Passport, &mut third), Err(PassFault::PassInvalid));
        assert_eq!(open(Kind::Pass, &mut [0; 8]), Err(PassFault::PassInvalid), "too little room");
    }
}
