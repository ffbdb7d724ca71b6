//! The origins whose pages may read what Guildhall answers.
//!
//! Owns the form of an entry, which wildcards are refused, and the comparison with an `Origin` header. Never writes a
//! header: `wire::cross_origin` does.

use super::{Address, ConfigError, Settings, given, malformed};
use crate::app::domains::is_shared;
use crate::domain::denial::echo;
use crate::domain::host;
use std::net::Ipv4Addr;

const NAME: &str = "ALLOWED_ORIGINS";

/// What an entry looks like.
const FORM: &str = "https://host[:port] or https://*.host[:port], http on a loopback host only,";

/// The longest label of a host, in characters (RFC 1035).
const LONGEST_LABEL: usize = 63;

/// The origins of a setting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedOrigins {
    /// As browsers write them.
    exact: Vec<String>,
    wildcards: Vec<Wildcard>,
}

/// An origin with one label left open.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wildcard {
    /// `https://`
    before: String,
    /// `.example.com:8443`
    after: String,
}

/// How far an allowed origin is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Its pages may read answers to requests that carry cookies.
    Credentials,
    /// Its pages may read answers to requests without cookies: what the page itself sends along is all there is.
    Tokens,
}

impl AllowedOrigins {
    /// Reads the setting. Rule: a wildcard leaves open one label of names that one owner gives away. Reason: below a
    /// public suffix and below `BASE_DOMAIN` strangers choose the label.
    ///
    /// # Errors
    /// [`ConfigError`] names the first entry that breaks a rule, and the rule.
    pub fn read(settings: &Settings, base_domain: Option<&str>) -> Result<Self, ConfigError> {
        let mut allowed = AllowedOrigins::default();
        let text = given(settings.allowed_origins.as_deref()).unwrap_or_default();
        let entries = text.split(|char: char| char.is_whitespace() || char == ',').filter(|entry| !entry.is_empty());
        for entry in entries {
            match entry.split_once("://*.") {
                Some((scheme, rest)) => allowed.wildcards.push(wildcard(entry, (scheme, rest), base_domain)?),
                None => allowed.exact.push(address(entry, entry)?.origin()),
            }
        }
        Ok(allowed)
    }

    /// The same of settings that are wrong elsewhere: none where this setting or `BASE_DOMAIN` is among what is wrong.
    pub fn of_faulty(settings: &Settings) -> Self {
        let settings = settings.trimmed();
        let base = given(settings.base_domain.as_deref()).map(host::base_domain).transpose();
        base.ok().and_then(|base| AllowedOrigins::read(&settings, base.as_deref()).ok()).unwrap_or_default()
    }

    /// Whether no origin is allowed.
    pub fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.wildcards.is_empty()
    }

    /// How far the origin of an `Origin` header is trusted; `None` for one that is not allowed. Browsers send the one
    /// form in which entries are kept: anything else is another origin.
    pub fn trust(&self, origin: &str) -> Option<Trust> {
        if self.exact.iter().any(|exact| exact == origin) {
            return Some(Trust::Credentials);
        }
        self.wildcards.iter().any(|wildcard| wildcard.covers(origin)).then_some(Trust::Tokens)
    }
}

impl Wildcard {
    fn covers(&self, origin: &str) -> bool {
        let label = origin.strip_prefix(&self.before).and_then(|rest| rest.strip_suffix(&self.after));
        label.is_some_and(is_label)
    }
}

fn is_label(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    (1..=LONGEST_LABEL).contains(&text.len()) && text.bytes().all(known)
}

/// An address that may be allowed; `entry` is named when it may not.
fn address(text: &str, entry: &str) -> Result<Address, ConfigError> {
    if entry == "null" {
        return Err(refused(entry, "it is what sandboxed pages and files of every site send"));
    }
    let usable = |address: &Address| address.is_origin() && (address.is_secure() || address.is_local());
    Address::parse(text).filter(usable).ok_or_else(|| malformed(NAME, entry, FORM))
}

fn wildcard(entry: &str, (scheme, rest): (&str, &str), base: Option<&str>) -> Result<Wildcard, ConfigError> {
    let address = address(&[scheme, "://", rest].concat(), entry)?;
    let parent = address.host();
    if parent.contains(':') || parent.parse::<Ipv4Addr>().is_ok() {
        return Err(malformed(NAME, entry, FORM));
    }
    if base.is_some_and(|base| meets(parent, base)) {
        return Err(refused(entry, "it covers BASE_DOMAIN or hosts below it, which organizations choose"));
    }
    if !address.is_local() && is_shared(parent) {
        return Err(refused(entry, "it covers a public suffix, below which strangers have their hosts"));
    }
    let origin = address.origin();
    let (before, after) = origin.split_once("://").unwrap_or_default();
    Ok(Wildcard { before: [before, "://"].concat(), after: [".", after].concat() })
}

/// Whether one label before `parent` gives the base domain or a host below it.
fn meets(parent: &str, base: &str) -> bool {
    let covered = host::below(base, parent).is_some_and(|label| !label.contains('.'));
    covered || parent == base || host::below(parent, base).is_some()
}

fn refused(entry: &str, rule: &str) -> ConfigError {
    ConfigError::Refused(NAME, ["`", &echo(entry), "` is refused: ", rule].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, base: Option<&str>) -> Result<AllowedOrigins, ConfigError> {
        AllowedOrigins::read(&Settings { allowed_origins: Some(text.to_owned()), ..Settings::default() }, base)
    }

    #[test]
    fn an_entry_allows_the_origin_as_browsers_write_it() {
        for (entry, origin) in [
            ("https://app.example.com", "https://app.example.com"),
            ("HTTPS://App.Example.COM:443/", "https://app.example.com"),
            ("https://app.example.com:8443", "https://app.example.com:8443"),
            ("https://Bücher.example", "https://xn--bcher-kva.example"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://[0:0::1]:5173", "http://[::1]:5173"),
            ("https://[::ffff:203.0.113.7]", "https://[::ffff:cb00:7107]"),
            ("https://203.0.113.7", "https://203.0.113.7"),
        ] {
            assert_eq!(read(entry, None).unwrap().trust(origin), Some(Trust::Credentials), "{entry}");
        }
        let two = read(" https://a.example,\n https://b.example ,", None).unwrap();
        assert!(["https://a.example", "https://b.example"].iter().all(|origin| two.trust(origin).is_some()));
        assert!(!two.is_empty() && read(" , ", None).unwrap().is_empty());
    }

    #[test]
    fn another_origin_is_not_allowed() {
        let allowed =
            read("https://app.example.com http://localhost:5173 https://*.preview.example:8443", None).unwrap();
        for origin in [
            "null",
            "",
            "*",
            "https://app.example.com/",
            "https://app.example.com.",
            "https://app.example.com:443",
            "https://app.example.com:8443",
            "http://app.example.com",
            "HTTPS://app.example.com",
            "https://App.example.com",
            "https://app.example.com.evil.example",
            "https://evil.example/https://app.example.com",
            "https://x.app.example.com",
            "https://evilapp.example.com",
            "https://app.example.com https://app.example.com",
            "http://localhost",
            "http://localhost:5174",
            "http://127.0.0.1:5173",
            "https://preview.example:8443",
            "https://.preview.example:8443",
            "https://*.preview.example:8443",
            "https://a.b.preview.example:8443",
            "https://a.preview.example",
            "https://a.preview.example:84430",
            "http://a.preview.example:8443",
            "https://A.preview.example:8443",
            "https://a@b.preview.example:8443",
            "https://evil.example/.preview.example:8443",
            "https://evil.example:1.preview.example:8443",
            "https://a.preview.example:8443.evil.example",
        ] {
            assert_eq!(allowed.trust(origin), None, "{origin}");
        }
        let long = format!("https://{}.preview.example:8443", "a".repeat(64));
        assert_eq!(allowed.trust(&long), None);
    }

    #[test]
    fn a_wildcard_stands_for_one_label_and_gives_no_credentials() {
        let allowed = read("https://*.Preview.Example:443 https://main.preview.example", None).unwrap();
        for origin in ["https://pr-7.preview.example", "https://a_b.preview.example", "https://xn--1.preview.example"] {
            assert_eq!(allowed.trust(origin), Some(Trust::Tokens), "{origin}");
        }
        assert_eq!(allowed.trust("https://main.preview.example"), Some(Trust::Credentials));
        let local = read("http://*.localhost:5173", Some("orgs.example")).unwrap();
        assert_eq!(local.trust("http://acme.localhost:5173"), Some(Trust::Tokens));
    }

    #[test]
    fn an_entry_that_is_no_origin_is_refused_by_name() {
        for entry in [
            "null",
            "*",
            "https://*",
            "https://*.",
            "https://*:8443",
            "https://**.example.com",
            "https://a*.example.com",
            "https://*.*.example.com",
            "https://a.*.example.com",
            "https://*.127.0.0.1",
            "https://*.[::1]",
            "http://app.example.com",
            "http://*.example.com",
            "https://app.example.com/app",
            "https://app.example.com?x",
            "https://app.example.com#x",
            "https://user@app.example.com",
            "https://app.example.com:0",
            "https://app.example.com:*",
            "https://127.1",
            "app.example.com",
            "//app.example.com",
            "wss://app.example.com",
            "capacitor://localhost",
            "chrome-extension://abcdefghijklmnop",
            "file://",
            "https://app..example.com",
            "\"https://app.example.com\"",
        ] {
            let error = read(&format!("https://fine.example {entry}"), None).unwrap_err();
            assert_eq!((error.setting(), error.code()), (NAME, "setting_invalid"), "{entry}");
            assert!(error.to_string().contains(entry), "{entry}: {error}");
        }
    }

    #[test]
    fn a_wildcard_that_covers_strangers_is_refused() {
        for entry in [
            "https://*.com",
            "https://*.co.uk",
            "https://*.github.io",
            "https://*.pages.dev",
            "https://*.workers.dev:8443",
            "https://*.amazonaws.com",
            "https://*.any.ck",
            "https://*.internal",
        ] {
            assert!(read(entry, None).unwrap_err().to_string().contains("public suffix"), "{entry}");
        }
        for base in ["example.com", "orgs.example.com", "com", "a.example.com"] {
            let refused = read("https://*.example.com", Some(base)).map_err(|error| error.to_string());
            let text = refused.unwrap_err();
            assert!(text.contains("BASE_DOMAIN") && text.contains("https://*.example.com"), "{base}: {text}");
        }
        for base in ["a.b.example.com", "example.org", "notexample.com"] {
            assert!(read("https://*.example.com", Some(base)).is_ok(), "{base}");
        }
        assert!(read("http://*.localhost", Some("localhost")).is_err());
        assert!(read("https://acme.example.com", Some("example.com")).is_ok(), "written out in full");
    }

    #[test]
    fn faulty_settings_allow_what_is_readable_alone() {
        let settings = |origins: &str, base: &str| Settings {
            allowed_origins: Some(origins.to_owned()),
            base_domain: Some(base.to_owned()),
            ..Settings::default()
        };
        let of = |origins, base| AllowedOrigins::of_faulty(&settings(origins, base)).trust("https://app.example.com");
        assert_eq!(of(" https://app.example.com ", "orgs.example"), Some(Trust::Credentials));
        assert_eq!(of("https://app.example.com null", "orgs.example"), None);
        assert_eq!(of("https://app.example.com", "not a domain"), None);
    }
}
