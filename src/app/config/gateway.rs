//! What is passed on to the application behind Guildhall, read from settings.

use super::{Address, ConfigError, Settings, at_most, given, malformed};

/// How requests for paths that are not Guildhall's own are passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewaySettings {
    /// `scheme://host[:port]` of the application; one behind a service binding needs none.
    pub origin: Option<String>,
    /// Whom passes for the application are for.
    pub audience: String,
    /// Whether a request of nobody, about no organization, is passed on.
    pub passes_nobody: bool,
    /// For how many seconds an answer is waited for.
    pub timeout: u32,
}

/// Seconds, if nothing is said.
const TIMEOUT: u32 = 30;
/// Seconds.
const LONGEST_TIMEOUT: u32 = 300;
/// Characters.
const LONGEST_AUDIENCE: usize = 256;

pub(super) fn gateway(settings: &Settings, public_origin: &str) -> Result<GatewaySettings, ConfigError> {
    let origin = origin(settings, public_origin)?;
    let (timeout, rule) = (settings.gateway_timeout.as_deref(), "at most 300 seconds are possible");
    let timeout = at_most("GATEWAY_TIMEOUT", timeout, LONGEST_TIMEOUT, rule)?.unwrap_or(TIMEOUT);
    let passes_nobody = match given(settings.gateway_anonymous.as_deref()) {
        None | Some("refuse") => false,
        Some("pass") => true,
        Some(_) => return Err(ConfigError::Wrong("GATEWAY_ANONYMOUS", "`refuse` or `pass` is expected")),
    };
    let audience = audience(settings)?.or_else(|| origin.clone()).unwrap_or_else(|| public_origin.to_owned());
    Ok(GatewaySettings { origin, audience, passes_nobody, timeout })
}

/// Rule: what is trusted on the way is not sent over a line that others write into, and never to ourselves.
fn origin(settings: &Settings, public_origin: &str) -> Result<Option<String>, ConfigError> {
    let Some(url) = given(settings.origin_url.as_deref()) else { return Ok(None) };
    let usable = |address: &Address| address.is_origin() && (address.is_secure() || address.is_local());
    let address = Address::parse(url)
        .filter(usable)
        .ok_or_else(|| malformed("ORIGIN_URL", url, "https://host[:port], or http on a loopback host,"))?;
    if address.origin() == public_origin {
        return Err(ConfigError::Wrong("ORIGIN_URL", "it is PUBLIC_ORIGIN: Guildhall would ask itself"));
    }
    Ok(Some(address.origin()))
}

fn audience(settings: &Settings) -> Result<Option<String>, ConfigError> {
    match given(settings.gateway_audience.as_deref()) {
        Some(text) if text.chars().count() > LONGEST_AUDIENCE || text.contains(char::is_control) => {
            Err(ConfigError::Wrong("GATEWAY_AUDIENCE", "at most 256 characters are expected, no control characters"))
        }
        text => Ok(text.map(str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SELF: &str = "http://127.0.0.1:8787";

    fn read(url: &str) -> Result<GatewaySettings, ConfigError> {
        let settings = Settings { origin_url: Some(url.to_owned()), ..Settings::default() };
        gateway(&settings, SELF)
    }

    #[test]
    fn an_origin_is_a_scheme_and_an_authority() {
        for (url, origin) in [
            ("https://app.example", "https://app.example"),
            ("https://app.example:8443/", "https://app.example:8443"),
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
            ("http://[::1]:9000", "http://[::1]:9000"),
            ("HTTPS://App.Example.:443", "https://app.example"),
            ("http://Localhost.:9000/", "http://localhost:9000"),
        ] {
            let read = read(url).unwrap();
            assert_eq!(read.origin.as_deref(), Some(origin));
            assert_eq!(read.audience, origin);
        }
        assert_eq!(read("").unwrap().origin, None);
        assert_eq!(read("").unwrap().audience, SELF);
    }

    #[test]
    fn what_is_no_origin_or_ourselves_is_refused() {
        for url in [
            "app.example",
            "http://app.example",
            "https://",
            "https://:80",
            "https://app.example/base",
            "https://app.example?x",
            "https://app.example#x",
            "https://user@app.example",
            "https://app.example\\x",
            "ftp://127.0.0.1",
            SELF,
            "http://127.0.0.1:8787/",
            "HTTP://127.0.0.1.:8787",
        ] {
            assert_eq!(read(url).map_err(|error| error.setting()), Err("ORIGIN_URL"), "{url}");
        }
    }

    #[test]
    fn the_other_settings_have_rules() {
        let wrong = |settings: Settings| gateway(&settings, SELF).err();
        let some = |text: &str| Some(text.to_owned());
        let long = Settings { gateway_timeout: some("301"), ..Settings::default() };
        assert!(matches!(wrong(long), Some(ConfigError::Wrong("GATEWAY_TIMEOUT", _))));
        let odd = Settings { gateway_anonymous: some("yes"), ..Settings::default() };
        assert!(matches!(wrong(odd), Some(ConfigError::Wrong("GATEWAY_ANONYMOUS", _))));
        let split = Settings { gateway_audience: some("a\nb"), ..Settings::default() };
        assert!(matches!(wrong(split), Some(ConfigError::Wrong("GATEWAY_AUDIENCE", _))));
    }
}
