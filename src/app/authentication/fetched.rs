//! What came back from an issuer's address.
//!
//! Owns how an answer is judged: what is no answer, for how long a key set counts, and what an OpenID configuration must
//! say. Never fetches: the edge does, within [`FETCH_TIMEOUT`] and [`MAX_BYTES`], without following a redirect.

use crate::app::config::Address;
use crate::domain::denial::echo;
use crate::domain::json::Json;
use crate::domain::token::{KeySet, KeySetFault};

/// How long an answer is waited for, its body included, in milliseconds.
pub const FETCH_TIMEOUT: u64 = 5_000;

/// The longest body that is read, in bytes.
pub const MAX_BYTES: usize = KeySet::MAX_BYTES;

/// What asking an address came to.
pub type Fetched = Result<Document, FetchFault>;

/// The body of an answer with status 200, with what its headers say about its age.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The body.
    pub body: Vec<u8>,
    /// The header `Cache-Control`.
    pub cache_control: Option<String>,
    /// The header `Age`.
    pub age: Option<String>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FetchFault {
    /// No connection, or one that broke off.
    #[error("it was not reached")]
    Unreachable,
    /// Nothing, or not all of it, in time.
    #[error("it took longer than 5 s")]
    TooSlow,
    /// A redirect. It is not followed: the address in the configuration is the one that the operator trusts.
    #[error("it answered with a redirect, which is not followed")]
    Redirected,
    /// A body that is longer than [`MAX_BYTES`].
    #[error("its answer has more than 1 MB")]
    TooLong,
    /// Another status than 200.
    #[error("it answered with status {0}")]
    Answered(u16),
}

/// Why an answer is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// There is none.
    #[error(transparent)]
    Fetch(#[from] FetchFault),
    /// It is no key set.
    #[error(transparent)]
    Set(#[from] KeySetFault),
    /// It is no OpenID configuration: what is wrong.
    #[error("the OpenID configuration {0}")]
    Configuration(String),
}

/// The shortest time for which a key set counts, in seconds.
const SHORTEST: i64 = 60;
/// The longest time, in seconds.
const LONGEST: i64 = 24 * 60 * 60;
/// The time where the answer says none, in seconds.
const USUAL: i64 = 10 * 60;

impl Document {
    /// For how many seconds it counts: `max-age` without the age that it has already, within bounds.
    pub fn lifetime(&self) -> i64 {
        let said = self.cache_control.as_deref().and_then(max_age);
        let age = self.age.as_deref().and_then(|age| age.trim().parse::<i64>().ok()).unwrap_or(0).max(0);
        said.map_or(USUAL, |said| said.saturating_sub(age)).clamp(SHORTEST, LONGEST)
    }

    /// The key set that it is.
    ///
    /// # Errors
    /// [`KeyFault`] for anything else.
    pub fn key_set(&self) -> Result<KeySet, KeyFault> {
        let text = str::from_utf8(&self.body).map_err(|_| KeySetFault::NotAnObject)?;
        Ok(KeySet::parse(text)?)
    }

    /// The address of the key set in an OpenID configuration. Rule: its `issuer` is the configured one, text for text,
    /// or else one provider's configuration could name another's keys.
    ///
    /// # Errors
    /// [`KeyFault`] for another issuer, and for an address that may not be asked.
    pub fn keys_address(&self, issuer: &str) -> Result<String, KeyFault> {
        let wrong = |what: String| KeyFault::Configuration(what);
        let text = str::from_utf8(&self.body).ok();
        let whole = text.and_then(Json::parse).filter(|whole| whole.members().is_some());
        let whole = whole.ok_or_else(|| wrong("is no JSON object".to_owned()))?;
        let said = |name| whole.get(name).and_then(Json::text).map(|text| text.read().into_owned());
        match said("issuer") {
            Some(found) if found == issuer => {}
            Some(found) => return Err(wrong(format!("is of the issuer `{}`, not `{issuer}`", echo(&found)))),
            None => return Err(wrong("names no `issuer`".to_owned())),
        }
        let address = said("jwks_uri").ok_or_else(|| wrong("names no `jwks_uri`".to_owned()))?;
        // An issuer elsewhere has no keys on this machine.
        match may_be_asked(&address) && (is_secure(&address) || !is_secure(issuer)) {
            true => Ok(address),
            false => Err(wrong(format!("has a `jwks_uri` that is no https address: `{}`", echo(&address)))),
        }
    }
}

/// Rule: keys come over a line that others cannot write into: https, or http to this machine.
pub fn may_be_asked(address: &str) -> bool {
    Address::parse(address).is_some_and(|address| address.is_secure() || address.is_local())
}

fn is_secure(address: &str) -> bool {
    Address::parse(address).is_some_and(|address| address.is_secure())
}

/// Where the OpenID configuration of an issuer lies.
pub fn configuration_of(issuer: &str) -> String {
    [issuer.trim_end_matches('/'), "/.well-known/openid-configuration"].concat()
}

/// The `max-age` of a `Cache-Control`. What must not be stored counts for the shortest time.
fn max_age(header: &str) -> Option<i64> {
    let mut directives = header.split(',').map(|directive| directive.trim().to_ascii_lowercase());
    if directives.clone().any(|directive| matches!(directive.as_str(), "no-store" | "no-cache")) {
        return Some(0);
    }
    directives.find_map(|directive| {
        let seconds = directive.strip_prefix("max-age=")?.trim_matches('"').to_owned();
        let digits = !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| seconds.parse().unwrap_or(i64::MAX))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(body: &str, cache_control: &str, age: &str) -> Document {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Document { body: body.as_bytes().to_vec(), cache_control: some(cache_control), age: some(age) }
    }

    #[test]
    fn lifetime_is_max_age_within_bounds() {
        for (cache_control, age, seconds) in [
            ("", "", 600),
            ("public", "", 600),
            ("max-age=300", "", 300),
            ("public, MAX-AGE=3600, must-revalidate", "", 3600),
            ("max-age=\"900\"", "", 900),
            ("max-age=1", "", 60),
            ("max-age=0", "", 60),
            ("no-store", "", 60),
            ("no-cache, max-age=3600", "", 60),
            ("max-age=99999999", "", 86400),
            ("max-age=99999999999999999999999", "", 86400),
            ("max-age=-5", "", 600),
            ("max-age=x", "", 600),
            ("max-age=", "", 600),
            ("s-maxage=5", "", 600),
            ("max-age=3600", "3000", 600),
            ("max-age=3600", "9000", 60),
            ("max-age=3600", "-9000", 3600),
            ("max-age=3600", "x", 3600),
            ("", "500", 600),
        ] {
            assert_eq!(document("", cache_control, age).lifetime(), seconds, "{cache_control} {age}");
        }
    }

    #[test]
    fn configuration_is_the_issuers_own_and_names_an_address_that_may_be_asked() {
        let address =
            |text: &str| document(text, "", "").keys_address("https://id.example/").map_err(|it| it.to_string());
        let right = r#"{"issuer":"https://id.example/","jwks_uri":"https://id.example/keys","x":1}"#;
        assert_eq!(address(right).as_deref(), Ok("https://id.example/keys"));
        for (text, said) in [
            (
                r#"{"issuer":"https://id.example","jwks_uri":"https://id.example/keys"}"#,
                "of the issuer `https://id.example`",
            ),
            (r#"{"jwks_uri":"https://id.example/keys"}"#, "names no `issuer`"),
            (r#"{"issuer":"https://id.example/"}"#, "names no `jwks_uri`"),
            (r#"{"issuer":"https://id.example/","jwks_uri":7}"#, "names no `jwks_uri`"),
            (r#"{"issuer":"https://id.example/","jwks_uri":"http://id.example/keys"}"#, "no https address"),
            (r#"{"issuer":"https://id.example/","jwks_uri":"http://127.0.0.1/keys"}"#, "no https address"),
            (r#"{"issuer":"https://id.example/","jwks_uri":"file:///etc/keys"}"#, "no https address"),
            ("<html>", "no JSON object"),
            ("[]", "no JSON object"),
        ] {
            assert!(address(text).unwrap_err().contains(said), "{text}");
        }
        let binary = Document { body: vec![0xff], ..Document::default() };
        assert!(binary.keys_address("x").is_err() && binary.key_set().is_err());
    }

    #[test]
    fn keys_are_asked_for_over_https_or_on_this_machine() {
        for address in ["https://id.example/keys", "http://127.0.0.1:9/keys", "http://localhost/k", "http://[::1]:9/k"]
        {
            assert!(may_be_asked(address), "{address}");
        }
        for address in ["http://id.example/keys", "ftp://127.0.0.1/k", "https://user@id.example/k", "", "id.example"] {
            assert!(!may_be_asked(address), "{address}");
        }
        assert_eq!(configuration_of("https://a.b/"), "https://a.b/.well-known/openid-configuration");
        assert_eq!(configuration_of("https://a.b/r"), "https://a.b/r/.well-known/openid-configuration");
    }
}
