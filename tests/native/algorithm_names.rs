//! Ed25519 has two names (RFC 8037, RFC 9864), and a key may have none: every pair is one algorithm.

use crate::support::forge::{self, Case, claims};
use serde_json::{Value, json};

/// A pass whose header and whose key say this; `null` for a key that says nothing.
fn pair(of_token: &str, of_key: &Value) -> Case {
    let header = forge::header("guildhall-pass+jwt").replace("EdDSA", of_token);
    let named = format!("alg `{of_token}` by a key of {of_key}");
    Case::signed(&named, &header, &claims(|_| ()).to_string()).with("jwks", keys("alg", of_key)).expect("ok")
}

fn keys(name: &str, value: &Value) -> Value {
    let mut jwk = forge::jwk(&forge::key());
    match value {
        Value::Null => drop(jwk.as_object_mut().unwrap().remove(name)),
        value => jwk[name] = value.clone(),
    }
    json!({ "keys": [jwk] })
}

/// All six pairs, and keys that check no signature.
pub fn pairs() -> Vec<Case> {
    let of_keys = [json!("EdDSA"), json!("Ed25519"), Value::Null];
    let all = ["EdDSA", "Ed25519"].iter().flat_map(|of_token| of_keys.iter().map(|of_key| pair(of_token, of_key)));
    let others = [
        ("use", json!("enc")),
        ("use", json!("")),
        ("key_ops", json!([])),
        ("key_ops", json!(["sign"])),
        ("key_ops", json!("verify")),
        ("alg", json!("ES256")),
        ("alg", json!("ed25519")),
    ];
    let refused = others.map(|(name, value)| {
        let named = format!("a key whose `{name}` is {value}");
        Case::pass(&named, claims(|_| ())).with("jwks", keys(name, &value)).expect("pass_unknown_key")
    });
    all.chain(refused).collect()
}
