//! Tokens as an attacker, or a careless verifier's author, would make them.

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signer, SigningKey};
use guildhall::domain::pass::PublicKey;
use serde_json::{Value, json};

pub const ORIGIN: &str = "https://guildhall.example";

/// 2026-01-01T00:00:00Z
pub const NOW: u64 = 1_767_225_600;

/// A token, its name, and what it must come to.
#[derive(Clone)]
pub struct Case(pub Value);

impl Case {
    pub fn new(name: &str, token: String) -> Self {
        Case(json!({ "name": name, "kind": "pass", "expect": "pass_invalid", "token": token }))
    }

    pub fn signed(name: &str, header: &str, claims: &str) -> Self {
        Case::new(name, sign(header, claims, &key()))
    }

    pub fn pass(name: &str, claims: Value) -> Self {
        Case::signed(name, &header("guildhall-pass+jwt"), &claims.to_string())
    }

    pub fn passport(name: &str, claims: Value) -> Self {
        let name = format!("passport: {name}");
        Case::signed(&name, &header("guildhall-passport+jwt"), &claims.to_string()).with("kind", json!("passport"))
    }

    pub fn expect(self, code: &str) -> Self {
        self.with("expect", json!(code))
    }

    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.0[name] = value;
        self
    }
}

pub fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub fn thief() -> SigningKey {
    SigningKey::from_bytes(&[8; 32])
}

fn public(key: &SigningKey) -> PublicKey {
    PublicKey::from_bytes(key.verifying_key().to_bytes())
}

pub fn kid(key: &SigningKey) -> String {
    public(key).kid()
}

fn shown(key: PublicKey) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": key.x(), "kid": key.kid(), "alg": "EdDSA", "use": "sig" })
}

pub fn jwk(key: &SigningKey) -> Value {
    shown(public(key))
}

pub fn header(typ: &str) -> String {
    format!(r#"{{"alg":"EdDSA","typ":"{typ}","kid":"{}"}}"#, kid(&key()))
}

fn statement() -> Value {
    json!({
        "iss": ORIGIN, "aud": ORIGIN, "sub": "kurt", "iat": NOW - 10, "exp": NOW + 290, "jti": "n7mq0cUFc0n3tnfBfUBDDA",
        "app": ["invoice:read", "invoice:pay"],
    })
}

/// The claims of a good pass, changed.
pub fn claims(change: impl Fn(&mut Value)) -> Value {
    let mut claims = statement();
    for (name, value) in [
        ("org", json!("org_01890a5d0c0070008000000000000001")),
        ("slug", json!("nirvana")),
        ("name", json!("Nirvana")),
        ("ver", json!(7)),
        ("epoch", json!(3)),
        ("roles", json!([["billing", "AAAAAAAAAAAD"], "member"])),
        ("perms", json!("IQABAAAAAAAD")),
        ("teams", json!([["team_01890a5d0c0070008000000000000002", "IQABAAAAAAAD"]])),
    ] {
        claims[name] = value;
    }
    change(&mut claims);
    claims
}

/// The id of an organization as a row of a passport has it.
pub fn short(number: u8) -> String {
    BASE64URL_NOPAD.encode(&[0x01, 0x89, 0x0a, 0x5d, 0x0c, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, number])
}

/// The claims of a good passport, changed.
pub fn passport_claims(change: impl Fn(&mut Value)) -> Value {
    let mut claims = statement();
    claims["orgs"] = json!([
        [short(1), "nirvana", 7, 3, ["owner"], "_____wAAAAAD"],
        [short(3), "scream", 2, 2, ["member"], "IQAB", NOW + 100],
    ]);
    change(&mut claims);
    claims
}

pub fn input(header: &str, claims: &str) -> String {
    format!("{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(claims.as_bytes()))
}

pub fn signature(input: &[u8], key: &SigningKey) -> String {
    BASE64URL_NOPAD.encode(&key.sign(input).to_bytes())
}

pub fn sign(header: &str, claims: &str, key: &SigningKey) -> String {
    let input = input(header, claims);
    let signature = signature(input.as_bytes(), key);
    format!("{input}.{signature}")
}

/// The classic: a verifier that believes the header takes the public key for a secret.
pub fn hmac(header: &str, claims: &str) -> String {
    let input = input(header, claims);
    let mac = hmac_sha256::HMAC::mac(input.as_bytes(), key().verifying_key().to_bytes());
    format!("{input}.{}", BASE64URL_NOPAD.encode(&mac))
}

/// The order of the group, least byte first.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// A second spelling of the same S.
pub fn add_order(s: &mut [u8]) {
    let mut carry = 0u16;
    for (byte, add) in s.iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = (sum as u8, sum >> 8);
    }
}

/// The neutral point as a key: under it one signature is everybody's.
fn weak() -> PublicKey {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    PublicKey::from_bytes(bytes)
}

pub fn weak_set() -> Value {
    json!({ "keys": [shown(weak())] })
}

pub fn by_weak_key() -> String {
    let header = format!(r#"{{"alg":"EdDSA","typ":"guildhall-pass+jwt","kid":"{}"}}"#, weak().kid());
    let mut signature = [0; 64];
    signature[0] = 1;
    format!("{}.{}", input(&header, &claims(|_| ()).to_string()), BASE64URL_NOPAD.encode(&signature))
}
