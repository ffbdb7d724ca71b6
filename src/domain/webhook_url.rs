//! Addresses that webhooks are sent to.
//!
//! Owns what such an address is: `https`, a public name, nothing else that could lead a request of
//! ours astray. Never looks a name up: what it leads to today it may not lead to tomorrow. Which names
//! are the installation's own is configuration, and `app::webhooks` adds it.

use super::denial::{Denial, Reason, Refusal};
use super::domain_name::DomainName;
use serde::{Deserialize, Serialize};

/// An address in its one form: scheme and host in lower case, no port, always a path.
///
/// What is stored is read back unchecked, and checked again by the same function before each delivery:
/// a rule that becomes stricter must stop deliveries, not lists.
///
/// ```
/// use guildhall::domain::webhook_url::WebhookUrl;
/// assert_eq!(WebhookUrl::parse("HTTPS://Hooks.Example:443").unwrap().as_str(), "https://hooks.example/");
/// assert!(WebhookUrl::parse("https://127.0.0.1/").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WebhookUrl(String);

/// Tops that name machines of somebody's own network, besides those that no domain can be below: never
/// delegated (`test` by RFC 2606; `corp`, `home` and `mail` by ICANN's resolution 2018.02.04.12), or in
/// use in private networks all the same.
const PRIVATE: &[&str] =
    &["corp", "home", "host", "intranet", "lan", "localdomain", "mail", "private", "test", "workgroup"];

impl WebhookUrl {
    /// The longest address, in bytes.
    pub const MAX_BYTES: usize = 2000;

    /// Checks an address from outside.
    ///
    /// # Errors
    /// `webhook_url_invalid`, saying which rule is broken.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let visible = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte);
        if text.len() > Self::MAX_BYTES || !text.bytes().all(visible) {
            return Err(wrong("at most 2000 visible ASCII characters are expected, no fragment among them"));
        }
        let (scheme, rest) = text.split_once("://").ok_or_else(|| wrong("an https address is expected"))?;
        if !scheme.eq_ignore_ascii_case("https") {
            return Err(wrong("an https address is expected"));
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let name = host(authority)?;
        let slash = if path.starts_with('/') { "" } else { "/" };
        Ok(WebhookUrl(format!("https://{name}{slash}{path}")))
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of its host.
    ///
    /// # Errors
    /// `webhook_url_invalid`, for what was stored under other rules.
    pub fn host(&self) -> Result<DomainName, Denial> {
        let rest = self.0.strip_prefix("https://").unwrap_or_default();
        host(rest.split(['/', '?']).next().unwrap_or_default())
    }
}

impl From<WebhookUrl> for String {
    fn from(url: WebhookUrl) -> String {
        url.0
    }
}

impl TryFrom<String> for WebhookUrl {
    type Error = Denial;
    fn try_from(text: String) -> Result<Self, Denial> {
        Self::parse(&text)
    }
}

/// Rule: who is called is said once, by a name that everybody may know.
fn host(authority: &str) -> Result<DomainName, Denial> {
    if authority.contains('@') {
        return Err(wrong("an address holds no user and no password"));
    }
    let name = authority.strip_suffix(":443").unwrap_or(authority);
    if name.contains([':', '[']) {
        return Err(wrong("a name and the port 443 are expected"));
    }
    let parsed = DomainName::parse(name).map_err(|denial| wrong(Refusal::from(denial).detail))?;
    if parsed.as_str().len() != name.len() {
        return Err(wrong("a name is expected without a dot at its end"));
    }
    let top = name.rsplit('.').next().unwrap_or_default();
    // What begins with a digit may be a number to whoever reads it: `0x7f.1` is 127.0.0.1.
    if !top.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Err(wrong("an address of a machine is no name"));
    }
    if PRIVATE.contains(&top.to_ascii_lowercase().as_str()) {
        return Err(wrong("names below this top are known in private networks only"));
    }
    Ok(parsed)
}

fn wrong(rule: impl Into<std::borrow::Cow<'static, str>>) -> Denial {
    Denial::because(Reason::WebhookUrlInvalid, rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        for (text, form) in [
            ("https://hooks.example", "https://hooks.example/"),
            ("https://hooks.example:443/a?b=c%20d", "https://hooks.example/a?b=c%20d"),
            ("HTTPS://HOOKS.Example/A", "https://hooks.example/A"),
            ("https://hooks.example?x", "https://hooks.example/?x"),
            ("https://xn--bcher-kva.example/@x:80/../", "https://xn--bcher-kva.example/@x:80/../"),
        ] {
            let url = WebhookUrl::parse(text).unwrap();
            assert_eq!(url.as_str(), form);
            assert_eq!(WebhookUrl::parse(form).unwrap(), url, "the form is its own form");
            assert_eq!(url.host().unwrap().as_str(), form.split('/').nth(2).unwrap());
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_accepted_has_one_form_and_names_no_machine(
            text in "(https://)?[a-zA-Z0-9.@:\\[\\]%-]{0,20}(/[ -~]{0,8})?",
        ) {
            if let Ok(url) = WebhookUrl::parse(&text) {
                proptest::prop_assert_eq!(&WebhookUrl::parse(url.as_str()).unwrap(), &url);
                let host = url.host().unwrap();
                proptest::prop_assert!(host.as_str().parse::<std::net::IpAddr>().is_err());
                let top = host.as_str().rsplit('.').next().unwrap();
                proptest::prop_assert!(top.starts_with(|first: char| first.is_ascii_lowercase()));
            }
        }
    }

    #[test]
    fn what_leads_astray_is_refused() {
        let long = format!("https://hooks.example/{}", "x".repeat(2000));
        for text in [
            "",
            "https://",
            "https:///x",
            "https:hooks.example",
            "//hooks.example/",
            "http://hooks.example/",
            "ftp://hooks.example/",
            "javascript:alert(1)",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://127.0.0.0x1/",
            "https://017700000001/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://10.0.0.1.",
            "https://localhost/",
            "https://a.localhost/",
            "https://printer.local/",
            "https://db.internal/",
            "https://metadata.google.internal/",
            "https://x.onion/",
            "https://x.invalid/",
            "https://router.home.arpa/",
            "https://router.lan/",
            "https://x.test/",
            "https://wiki.corp/",
            "https://intranet/",
            "https://hooks.example./",
            "https://hooks.example:444/",
            "https://hooks.example:80/",
            "https://hooks.example:/",
            "https://kurt:secret@hooks.example/",
            "https://kurt@hooks.example/",
            "https://hooks.example@127.0.0.1/",
            "https://hooks.example\\@127.0.0.1/",
            "https://127.0.0.1#@hooks.example/",
            "https://hooks.example/#x",
            "https://hooks.example /",
            " https://hooks.example/",
            "https://hooks.example/\r\nX: y",
            "https://hooks.example/\u{0}",
            "https://hooks%2eexample/",
            "https://hooks。example/",
            "https://bücher.example/",
            "https://ho_oks.example/",
            &long,
        ] {
            let refused = WebhookUrl::parse(text).map_err(|denial| denial.reason);
            assert_eq!(refused, Err(Reason::WebhookUrlInvalid), "{text:?}");
        }
    }
}
