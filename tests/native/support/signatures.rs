//! Signatures of foreign tokens, made and checked by `ring`, as WebCrypto does at the edges.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use guildhall::app::authentication::Verify;
use guildhall::app::authentication::fetched::{FetchFault, Fetched};
use guildhall::app::ports::TokenWork;
use guildhall::domain::time::Timestamp;
use guildhall::domain::token::Algorithm;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED,
    ECDSA_P384_SHA384_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair, RsaParameters, RsaPublicKeyComponents,
    UnparsedPublicKey, VerificationAlgorithm,
};
use serde_json::Value;

/// What an edge does for authentication, at one instant and without a network.
pub struct Ring {
    pub now: Timestamp,
}

impl TokenWork for Ring {
    async fn fetch(&self, _url: &str) -> Fetched {
        Err(FetchFault::Unreachable)
    }

    async fn verify(&self, asked: &Verify) -> bool {
        verify(&asked.jwk, asked.algorithm, &asked.input, &asked.signature)
    }

    async fn pause(&self, _milliseconds: u32) {}

    fn now(&self) -> Timestamp {
        self.now
    }

    fn warn(&self, _text: &str) {}
}

/// Whether a signature is right under a key as [`SigningKey::jwk`](guildhall::domain::token::SigningKey::jwk) gives it.
pub fn verify(jwk: &str, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> bool {
    let key: Value = serde_json::from_str(jwk).unwrap();
    let member = |name: &str| BASE64URL_NOPAD.decode(key[name].as_str().unwrap().as_bytes()).unwrap();
    let rsa = |parameters: &RsaParameters| {
        let components = RsaPublicKeyComponents { n: member("n"), e: member("e") };
        components.verify(parameters, signed, signature).is_ok()
    };
    let point = || [vec![4], member("x"), member("y")].concat();
    let other = |rule: &'static dyn VerificationAlgorithm, key: Vec<u8>| {
        UnparsedPublicKey::new(rule, key).verify(signed, signature).is_ok()
    };
    match algorithm {
        Algorithm::Rs256 => rsa(&RSA_PKCS1_2048_8192_SHA256),
        Algorithm::Rs384 => rsa(&RSA_PKCS1_2048_8192_SHA384),
        Algorithm::Rs512 => rsa(&RSA_PKCS1_2048_8192_SHA512),
        Algorithm::Ps256 => rsa(&RSA_PSS_2048_8192_SHA256),
        Algorithm::Es256 => other(&ECDSA_P256_SHA256_FIXED, point()),
        Algorithm::Es384 => other(&ECDSA_P384_SHA384_FIXED, point()),
        Algorithm::EdDsa => other(&ED25519, member("x")),
    }
}

/// Signs with a key of `tests/fixtures/foreign-tokens/keys.json`; `name` is that of a JWT algorithm, or `ES256-der`.
pub fn sign(name: &str, key: &Value, message: &[u8]) -> Vec<u8> {
    let pkcs8 = BASE64.decode(key["pkcs8"].as_str().unwrap().as_bytes()).unwrap();
    let random = SystemRandom::new();
    let rsa = |encoding: &'static dyn RsaEncoding| {
        let pair = RsaKeyPair::from_pkcs8(&pkcs8).unwrap();
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(encoding, &random, message, &mut signature).unwrap();
        signature
    };
    let ecdsa = |rule| {
        let pair = EcdsaKeyPair::from_pkcs8(rule, &pkcs8, &random).unwrap();
        pair.sign(&random, message).unwrap().as_ref().to_vec()
    };
    match name {
        "RS256" => rsa(&RSA_PKCS1_SHA256),
        "RS384" => rsa(&RSA_PKCS1_SHA384),
        "RS512" => rsa(&RSA_PKCS1_SHA512),
        "PS256" => rsa(&RSA_PSS_SHA256),
        "ES256" => ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING),
        "ES256-der" => ecdsa(&ECDSA_P256_SHA256_ASN1_SIGNING),
        "ES384" => ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING),
        "EdDSA" => Ed25519KeyPair::from_pkcs8_maybe_unchecked(&pkcs8).unwrap().sign(message).as_ref().to_vec(),
        other => {
            assert_eq!(other, "an algorithm");
            Vec::new()
        }
    }
}

/// A MAC with a text that everybody knows: what an attacker has of a public key.
pub fn hmac(name: &str, secret: &str, key: &Value, message: &[u8]) -> Vec<u8> {
    let secret = match secret {
        "pem" => key["pem"].as_str().unwrap().to_owned(),
        "n" => key["jwk"]["n"].as_str().unwrap().to_owned(),
        "jwk" => key["jwk"].to_string(),
        _ => String::new(),
    };
    let rule = match name {
        "HS256" => ring::hmac::HMAC_SHA256,
        "HS384" => ring::hmac::HMAC_SHA384,
        _ => ring::hmac::HMAC_SHA512,
    };
    ring::hmac::sign(&ring::hmac::Key::new(rule, secret.as_bytes()), message).as_ref().to_vec()
}
