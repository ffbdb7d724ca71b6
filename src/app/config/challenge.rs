//! What an anonymous caller must show before it registers an organization, read from settings.
//!
//! Owns the names of the kinds, and the rules that keep a test's key and address out of production. Never asks: the
//! question and the reading of its answer are `app::challenge`'s.

use super::{Address, ConfigError, Settings, given, host_of, is_loopback, malformed};
use crate::domain::denial::echo;

const KIND: &str = "REGISTRATION_CHALLENGE";
const SECRET: &str = "TURNSTILE_SECRET_KEY";
const URL: &str = "TURNSTILE_URL";
const HOSTNAMES: &str = "TURNSTILE_HOSTNAMES";

/// Where Turnstile's tokens are verified.
const SITEVERIFY: &str = "https://challenges.cloudflare.com/turnstile/v0/siteverify";

/// The secret keys that Cloudflare documents for tests: the first accepts every token, the others accept none.
const TESTING: [&str; 3] = [
    "1x0000000000000000000000000000000AA",
    "2x0000000000000000000000000000000AA",
    "3x0000000000000000000000000000000AA",
];

/// Whose challenge it is.
#[derive(Clone, PartialEq, Eq)]
pub enum Challenge {
    /// Cloudflare Turnstile's.
    Turnstile(Turnstile),
    /// That of the service which is bound as `CHALLENGE`.
    Service,
}

/// How Turnstile is asked.
#[derive(Clone, PartialEq, Eq)]
pub struct Turnstile {
    /// The secret key of the widget. Without `Debug`, so that no log shows it.
    pub secret: String,
    /// Where tokens are verified.
    pub url: String,
    /// The hosts of the pages that may show the widget; `None` where a testing key names none.
    pub hostnames: Option<Vec<String>>,
}

/// Reads the settings.
///
/// # Errors
/// [`ConfigError`] names the first setting that is missing or wrong.
pub(super) fn challenge(settings: &Settings, public_origin: &str) -> Result<Option<Challenge>, ConfigError> {
    match given(settings.registration_challenge.as_deref()) {
        None => Ok(None),
        Some("service") => Ok(Some(Challenge::Service)),
        Some("turnstile") => turnstile(settings, public_origin).map(|it| Some(Challenge::Turnstile(it))),
        Some(_) => Err(ConfigError::Wrong(KIND, "`turnstile` or `service` is expected")),
    }
}

fn turnstile(settings: &Settings, public_origin: &str) -> Result<Turnstile, ConfigError> {
    let secret = given(settings.turnstile_secret_key.as_deref()).ok_or(ConfigError::Missing(SECRET))?;
    let is_testing = TESTING.contains(&secret);
    if is_testing && !is_loopback(host_of(public_origin)) {
        return Err(ConfigError::Wrong(
            SECRET,
            "it is a key for tests, which works with a loopback PUBLIC_ORIGIN only",
        ));
    }
    let hostnames = hostnames(settings, public_origin)?;
    Ok(Turnstile {
        secret: secret.to_owned(),
        url: url(settings)?.unwrap_or_else(|| SITEVERIFY.to_owned()),
        hostnames: (!is_testing).then_some(hostnames),
    })
}

/// Rule: only a server on this machine stands in for Turnstile. Reason: it is sent the secret, and what it says is
/// believed.
fn url(settings: &Settings) -> Result<Option<String>, ConfigError> {
    let Some(url) = given(settings.turnstile_url.as_deref()) else { return Ok(None) };
    let address = Address::parse(url).filter(Address::is_local);
    address.map(|address| Some(address.text())).ok_or_else(|| malformed(URL, url, "an address on a loopback host"))
}

fn hostnames(settings: &Settings, public_origin: &str) -> Result<Vec<String>, ConfigError> {
    let text = given(settings.turnstile_hostnames.as_deref()).unwrap_or_else(|| host_of(public_origin));
    let names = text.split(|char: char| char.is_whitespace() || char == ',').filter(|name| !name.is_empty());
    names.map(hostname).collect()
}

/// A host alone, in the form that browsers give to it.
fn hostname(name: &str) -> Result<String, ConfigError> {
    let bare = |address: &Address| address.is_origin() && address.origin() == format!("https://{}", address.host());
    let address = Address::parse(&format!("https://{name}")).filter(bare);
    let refused = || ConfigError::Refused(HOSTNAMES, format!("a host is expected, not `{}`", echo(name)));
    address.map(|address| address.host().to_owned()).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn sound() -> Settings {
        let (registration_challenge, turnstile_secret_key) = (some("turnstile"), some("0x4AAAAAAA-secret"));
        Settings { registration_challenge, turnstile_secret_key, ..Settings::default() }
    }

    fn read(settings: &Settings) -> Result<Turnstile, ConfigError> {
        match challenge(settings, "https://accounts.example.com")? {
            Some(Challenge::Turnstile(turnstile)) => Ok(turnstile),
            _ => Err(ConfigError::Missing(KIND)),
        }
    }

    fn fault(settings: Settings) -> (&'static str, String) {
        read(&settings).map_err(|error| (error.setting(), error.to_string())).err().unwrap()
    }

    #[test]
    fn turnstile_is_asked_at_its_own_address_for_the_installations_host() {
        let turnstile = read(&sound()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(turnstile.url, SITEVERIFY);
        assert_eq!(turnstile.hostnames, Some(vec!["accounts.example.com".to_owned()]));
        let names = Settings { turnstile_hostnames: some("App.Example.com, bücher.example"), ..sound() };
        let names = read(&names).map(|turnstile| turnstile.hostnames).ok().flatten();
        assert_eq!(names, Some(vec!["app.example.com".to_owned(), "xn--bcher-kva.example".to_owned()]));
    }

    #[test]
    fn no_challenge_is_set_unless_it_is_named() {
        let named = |kind: Option<&str>| {
            let settings = Settings { registration_challenge: kind.map(str::to_owned), ..Settings::default() };
            challenge(&settings, "https://accounts.example.com").map_err(|error| error.setting())
        };
        assert!(matches!(named(None), Ok(None)) && matches!(named(Some("")), Ok(None)));
        assert!(matches!(named(Some("service")), Ok(Some(Challenge::Service))));
        assert_eq!(named(Some("captcha")).err(), Some(KIND));
        assert_eq!(named(Some("turnstile")).err(), Some(SECRET));
    }

    #[test]
    fn only_a_loopback_address_stands_in_for_turnstile() {
        for url in ["http://127.0.0.1:9000/siteverify", "http://localhost:9000", "https://[::1]:1/x"] {
            assert!(read(&Settings { turnstile_url: some(url), ..sound() }).is_ok(), "{url}");
        }
        for url in
            ["https://verify.example.com", "http://10.0.0.1/", "http://localhost.example", "ftp://127.0.0.1", "x"]
        {
            let (setting, text) = fault(Settings { turnstile_url: some(url), ..sound() });
            assert!(setting == URL && text.contains(url), "{text}");
        }
    }

    #[test]
    fn a_hostname_is_a_host_alone() {
        for name in
            ["https://app.example.com", "app.example.com/x", "app.example.com:8443", "u@app.example.com", "a..b"]
        {
            let (setting, text) = fault(Settings { turnstile_hostnames: some(name), ..sound() });
            assert!(setting == HOSTNAMES && text.contains(name), "{text}");
        }
    }

    #[test]
    fn keys_for_tests_are_refused_at_a_public_origin() {
        for key in TESTING {
            let settings = Settings { turnstile_secret_key: some(key), ..sound() };
            let local = challenge(&settings, "http://127.0.0.1:8787").unwrap_or_else(|error| panic!("{error}"));
            assert!(matches!(local, Some(Challenge::Turnstile(Turnstile { hostnames: None, .. }))), "{key}");
            assert_eq!(fault(settings).0, SECRET);
        }
    }
}
