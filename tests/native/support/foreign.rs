//! Foreign tokens, built from `tests/fixtures/foreign-tokens`.
//!
//! Owns what a row of the tables means; `tests/harness/foreign-tokens.mjs` reads them in the same way.

use super::signatures::{hmac, sign};
use data_encoding::BASE64URL_NOPAD;
use guildhall::domain::time::Timestamp;
use serde_json::{Map, Value};
use std::path::PathBuf;

/// The time of all tests here.
pub const NOW: u64 = 1_800_000_000;

/// The same as an instant.
pub fn now() -> Timestamp {
    Timestamp::from_millis(i64::try_from(NOW).unwrap() * 1000)
}

/// Where a table lies.
pub fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/foreign-tokens").join(name)
}

fn table(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path(name)).unwrap()).unwrap()
}

/// The tables.
pub struct Foreign {
    keys: Value,
    pub issuers: Value,
    pub wrong: Value,
}

impl Foreign {
    pub fn read() -> Self {
        Foreign { keys: table("keys.json")["keys"].take(), issuers: table("issuers.json"), wrong: table("wrong.json") }
    }

    /// The setting `AUTH` with every type of issuer.
    pub fn auth(&self) -> String {
        self.keyed(&self.issuers["auth"]).to_string()
    }

    /// A value with the members of a key in place of `$key`.
    fn keyed(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.keyed(item)).collect(),
            Value::Object(fields) => {
                let mut made = Map::new();
                for (name, value) in fields {
                    match name.as_str() {
                        "$key" => made.extend(self.keys[value.as_str().unwrap()]["jwk"].as_object().unwrap().clone()),
                        _ => drop(made.insert(name.clone(), self.keyed(value))),
                    }
                }
                made.into()
            }
            other => other.clone(),
        }
    }

    /// The base of a row: a token that is right.
    pub fn base(&self, row: &Value) -> &Value {
        &self.issuers["tokens"][row["base"].as_str().unwrap()]
    }

    /// The token of a row.
    pub fn token(&self, row: &Value) -> String {
        let base = self.base(row);
        let text = |name: &str| row[name].as_str();
        let part = |name: &str, over: &Value| match (text(&format!("{name}Part")), text(&format!("{name}Text"))) {
            (Some(part), _) => part.to_owned(),
            (None, Some(text)) => encoded(text.as_bytes()),
            (None, None) => {
                let extra = text(&format!("{name}Extra")).unwrap_or_default();
                encoded(filled(&self.object(&[&base[name], &row[name], over], extra)).as_bytes())
            }
        };
        let (header, claims) = (part("header", &Value::Null), part("claims", &Value::Null));
        let signed = format!("{header}.{claims}");
        let signature = match text("signaturePart") {
            Some(part) => part.to_owned(),
            None => {
                let made = self.signature(text("sign").or(base["sign"].as_str()).unwrap(), signed.as_bytes());
                encoded(&changed(made, text("after")))
            }
        };
        let claims = if row["tamper"].is_null() { claims } else { part("claims", &row["tamper"]) };
        let form = text("token").unwrap_or("{h}.{p}.{s}");
        form.replace("{h}", &header).replace("{p}", &claims).replace("{s}", &signature)
    }

    fn signature(&self, how: &str, message: &[u8]) -> Vec<u8> {
        match how.split_once(':') {
            None => Vec::new(),
            Some((name, secret)) if name.starts_with("HS") => hmac(name, secret, &self.keys["rsa"], message),
            Some((name, key)) => sign(name, &self.keys[key], message),
        }
    }

    /// An object as text, of which later members stand above earlier ones; null takes one away.
    fn object(&self, layers: &[&Value], extra: &str) -> String {
        let mut members = Map::new();
        for (name, value) in layers.iter().filter_map(|layer| layer.as_object()).flatten() {
            match value {
                Value::Null => drop(members.remove(name)),
                value => drop(members.insert(name.clone(), value.clone())),
            }
        }
        let members: Vec<String> =
            members.iter().map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), self.raw(value))).collect();
        format!("{{{}{extra}}}", members.join(","))
    }

    /// A value as JSON text.
    fn raw(&self, value: &Value) -> String {
        match value {
            Value::String(text) => text.strip_prefix("raw:").map_or_else(|| value.to_string(), str::to_owned),
            Value::Array(items) => {
                format!("[{}]", items.iter().map(|item| self.raw(item)).collect::<Vec<_>>().join(","))
            }
            Value::Object(_) => self.object(&[&self.keyed(value)], ""),
            other => other.to_string(),
        }
    }
}

fn encoded(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// A text with times and padding in place of `${now+60}` and `${pad:9}`.
pub fn filled(text: &str) -> String {
    let Some((before, rest)) = text.split_once("${") else { return text.to_owned() };
    let Some((name, after)) = rest.split_once('}') else { return text.to_owned() };
    let value = match (name.strip_prefix("now"), name.strip_prefix("pad:")) {
        (Some(""), _) => NOW.to_string(),
        (Some(offset), _) => NOW.checked_add_signed(offset.parse().unwrap()).unwrap().to_string(),
        (None, Some(length)) => "x".repeat(length.parse().unwrap()),
        (None, None) => format!("${{{name}}}"),
    };
    [before, &value, &filled(after)].concat()
}

/// A signature that is changed after it was made.
fn changed(mut bytes: Vec<u8>, how: Option<&str>) -> Vec<u8> {
    let (half, last) = (bytes.len() / 2, bytes.len().saturating_sub(1));
    match how {
        None => {}
        Some("first") => bytes[0] ^= 0x80,
        Some("last") => bytes[last] ^= 1,
        Some("cut") => bytes.truncate(last),
        Some("longer") => bytes.push(0),
        Some("zeros") => bytes.fill(0),
        Some("front") => bytes.insert(0, 0),
        Some("swap") => bytes.rotate_left(half),
        Some(other) => assert_eq!(other, "a change"),
    }
    bytes
}
