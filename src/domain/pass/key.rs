//! Public keys: what checks a signature, and the set of them that an installation publishes.
//!
//! Owns the thumbprint by which a key is named and the JWK form. Never a private key: a set that holds
//! one is refused.

use super::strict::{self, plain};
use crate::domain::base64url::decode_exactly;
use crate::domain::encoding::base64url;
use crate::domain::json::Json;
use ed25519_dalek::{Signature, VerifyingKey};

/// An Ed25519 key that checks signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// A key as its 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        PublicKey(bytes)
    }

    /// Reads the `x` of a JWK: base64url without padding.
    pub fn parse(x: &str) -> Option<Self> {
        decode_exactly(x).map(PublicKey)
    }

    /// The `x` of a JWK.
    pub fn x(&self) -> String {
        base64url(&self.0)
    }

    /// The key's name: its thumbprint (RFC 7638, RFC 8037).
    pub fn kid(&self) -> String {
        base64url(&thumbprint(&self.x()))
    }

    /// Whether it is one of the few of small order, under which a signature can be anybody's. Told by its
    /// bytes, so that whoever leaves the arithmetic to WebCrypto is as strict.
    pub fn is_weak(&self) -> bool {
        let mut y = self.0;
        if let Some(last) = y.last_mut() {
            *last &= 0x7f;
        }
        let near_p = |low: u8| {
            let (first, rest) = y.split_first().unwrap_or((&0, &[]));
            let (last, middle) = rest.split_last().unwrap_or((&0, &[]));
            *first == low && *last == 0x7f && middle.iter().all(|byte| *byte == 0xff)
        };
        let small =
            |low: u8| y.split_first().is_some_and(|(first, rest)| *first == low && rest.iter().all(|b| *b == 0));
        [0, 1].into_iter().any(small) || [0xec, 0xed, 0xee].into_iter().any(near_p) || ORDER_EIGHT.contains(&y)
    }

    /// Whether it is a point of the curve under which a signature means something.
    pub fn is_sound(&self) -> bool {
        VerifyingKey::from_bytes(&self.0).is_ok_and(|key| !key.is_weak())
    }

    /// Whether a signature over `input` is this key's. Strict: neither keys of small order nor a
    /// second spelling of a signature pass.
    pub fn verify(&self, input: &[u8], signature: &[u8; 64]) -> bool {
        let key = VerifyingKey::from_bytes(&self.0);
        key.is_ok_and(|key| key.verify_strict(input, &Signature::from_bytes(signature)).is_ok())
    }
}

/// The two heights of the points of order eight; the other points of small order are at 0, 1 and -1.
const ORDER_EIGHT: [[u8; 32]; 2] = [
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

/// Public keys by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeySet(Vec<PublicKey>);

impl KeySet {
    /// The most keys of a set that is read.
    pub const MOST: usize = 16;

    /// The set of these keys, each once.
    pub fn of(keys: impl IntoIterator<Item = PublicKey>) -> Self {
        let mut set = KeySet::default();
        for key in keys {
            if !set.0.contains(&key) {
                set.0.push(key);
            }
        }
        set
    }

    /// Reads a JWK set, or one JWK. Keys for other purposes are passed over, and so are weak ones.
    ///
    /// `None` for anything else: for a private key, for a key that goes by another name than its
    /// thumbprint, for more keys than are sensible.
    pub fn parse(text: &str) -> Option<Self> {
        let mut keys = Vec::new();
        each_key(text, &is_thumbprint, &mut |x| keys.extend(PublicKey::parse(x)))?;
        Some(KeySet::of(keys))
    }

    /// The keys.
    pub fn keys(&self) -> &[PublicKey] {
        &self.0
    }

    /// The key of a name.
    pub fn find(&self, kid: &str) -> Option<&PublicKey> {
        self.0.iter().find(|key| key.kid() == kid)
    }
}

/// The `x` of the key of a name in what [`KeySet::parse`] reads, and under its terms; the inner `None` is a
/// set without it. `is_named` says whether the key with an `x` has a name, which is its thumbprint: whoever
/// calls may have it from WebCrypto.
pub fn find_key<'a>(jwks: &'a str, name: &str, is_named: &dyn Fn(&str, &str) -> bool) -> Option<Option<&'a str>> {
    let mut found = None;
    each_key(jwks, is_named, &mut |x| {
        if is_named(x, name) {
            found = Some(x);
        }
    })?;
    Some(found)
}

/// Tells of the `x` of every usable key in a set.
fn each_key<'a>(jwks: &'a str, is_named: &dyn Fn(&str, &str) -> bool, tell: &mut dyn FnMut(&'a str)) -> Option<()> {
    let whole = strict::parse(jwks)?;
    let Some(keys) = whole.get("keys") else { return read_key(whole, is_named, tell) };
    let mut keys = keys.items()?;
    if keys.count() > KeySet::MOST {
        return None;
    }
    keys.try_for_each(|key| read_key(key, is_named, tell))
}

fn read_key<'a>(jwk: Json<'a>, is_named: &dyn Fn(&str, &str) -> bool, tell: &mut dyn FnMut(&'a str)) -> Option<()> {
    jwk.members()?;
    let says = |name: &str, wanted: &str| jwk.get(name).is_none_or(|value| plain(value) == Some(wanted));
    let is_private = jwk.get("d").or(jwk.get("k")).is_some();
    let (kind, curve) = (plain(jwk.get("kty")?)?, jwk.get("crv").and_then(plain));
    if is_private {
        return None;
    }
    let can_verify = |ops: Json<'a>| ops.items().is_some_and(|mut ops| ops.any(|op| plain(op) == Some("verify")));
    let is_for_this =
        jwk.get("alg").is_none_or(is_ed25519) && says("use", "sig") && jwk.get("key_ops").is_none_or(can_verify);
    if kind != "OKP" || curve != Some("Ed25519") || !is_for_this {
        return Some(());
    }
    let x = plain(jwk.get("x")?)?;
    let key = PublicKey::parse(x)?;
    if !jwk.get("kid").is_none_or(|kid| plain(kid).is_some_and(|kid| is_named(x, kid))) {
        return None;
    }
    if !key.is_weak() {
        tell(x);
    }
    Some(())
}

/// Whether an `alg` names signatures by such a key: by the name of RFC 8037, or by that of RFC 9864.
pub(super) fn is_ed25519(alg: Json<'_>) -> bool {
    plain(alg).is_some_and(|alg| matches!(alg, "EdDSA" | "Ed25519"))
}

fn is_thumbprint(x: &str, name: &str) -> bool {
    base64url(&thumbprint(x)) == name
}

fn thumbprint(x: &str) -> [u8; 32] {
    let mut hash = hmac_sha256::Hash::new();
    for part in [r#"{"crv":"Ed25519","kty":"OKP","x":""#, x, r#""}"#] {
        hash.update(part);
    }
    hash.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037, A.2 and A.3.
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    const KID: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

    #[test]
    fn a_key_is_named_by_its_thumbprint() {
        let key = PublicKey::parse(X).unwrap();
        assert_eq!((key.kid().as_str(), key.x().as_str()), (KID, X));
        assert!(key.is_sound());
        assert!(!PublicKey::from_bytes([0; 32]).is_sound());
    }

    /// The curve's own arithmetic says the same.
    #[test]
    fn weak_keys_are_known_by_their_bytes() {
        let at = |low: u8, middle: u8, last: u8| {
            let mut y = [middle; 32];
            (y[0], y[31]) = (low, last);
            y
        };
        let mut weak = vec![at(0, 0, 0), at(1, 0, 0), at(0xec, 0xff, 0x7f), at(0xed, 0xff, 0x7f), at(0xee, 0xff, 0x7f)];
        weak.extend(ORDER_EIGHT);
        for y in weak {
            let key = VerifyingKey::from_bytes(&y);
            assert!(PublicKey(y).is_weak() && key.is_ok_and(|key| key.is_weak()), "{y:?}");
            let mirrored = at_sign(y);
            assert!(PublicKey(mirrored).is_weak() && !PublicKey(mirrored).is_sound(), "{mirrored:?}");
        }
        assert!(!PublicKey::parse(X).unwrap().is_weak() && !PublicKey(at(2, 0, 0)).is_weak());
    }

    fn at_sign(mut y: [u8; 32]) -> [u8; 32] {
        y[31] |= 0x80;
        y
    }

    #[test]
    fn a_set_is_read_strictly() {
        let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}","kid":"{KID}","alg":"EdDSA","use":"sig"}}"#);
        let other = r#"{"kty":"EC","crv":"P-256","x":"a","y":"b"}"#;
        let used = |how: &str| format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}",{how}}}"#);
        let set = KeySet::parse(&format!(r#"{{"keys":[{jwk},{jwk},{other}]}}"#)).unwrap();
        assert_eq!(set.keys(), [PublicKey::parse(X).unwrap()]);
        assert_eq!(KeySet::parse(&jwk), Some(set.clone()));
        assert!(set.find(KID).is_some() && set.find("other").is_none());
        for how in [
            r#""use":"enc""#,
            r#""use":"""#,
            r#""use":["sig"]"#,
            r#""key_ops":["sign"]"#,
            r#""key_ops":[]"#,
            r#""key_ops":"verify""#,
            r#""alg":"ES256""#,
            r#""alg":"ed25519""#,
            r#""alg":"""#,
        ] {
            assert_eq!(KeySet::parse(&used(how)), Some(KeySet::default()), "{how}");
        }
        for how in [r#""key_ops":["sign","verify"]"#, r#""alg":"Ed25519""#, r#""alg":"EdDSA","key_ops":["verify"]"#] {
            assert_eq!(KeySet::parse(&used(how)), Some(set.clone()), "{how}");
        }
        for text in [
            format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}","d":"{X}"}}"#),
            format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}","kid":"mine"}}"#),
            format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}="}}"#),
            format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}","x":"{X}"}}"#),
            r#"{"kty":"OKP","crv":"Ed25519"}"#.to_owned(),
            r#"{"keys":{}}"#.to_owned(),
            X.to_owned(),
            String::new(),
        ] {
            assert_eq!(KeySet::parse(&text), None, "{text}");
        }
    }
}
