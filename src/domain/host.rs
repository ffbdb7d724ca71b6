//! Hosts of requests and settings, in the one form in which two of them are compared.
//!
//! Owns that form and how settings that name a host are read. Never claims a name for an organization
//! ([`super::domain_name`] does) and never says which organization a host names (`super::resolve` does).

use super::denial::{Denial, Reason, echo};
use super::domain_name::DomainName;
use super::host_name::to_ascii;

/// The host of a request: lower case, without port, brackets and the dot of the root (RFC 1034 §3.1), so
/// that `ACME.example.com.:8787` and `acme.example.com` are one host. `None` where nothing is left.
///
/// ```
/// use guildhall::domain::host::canonical;
/// assert_eq!(canonical("ACME.example.com.:8787").as_deref(), Some("acme.example.com"));
/// assert_eq!(canonical("[::1]:8787").as_deref(), Some("::1"));
/// ```
pub fn canonical(host: &str) -> Option<String> {
    let (name, _) = parts(host);
    let name = name.strip_suffix('.').unwrap_or(name);
    (!name.is_empty()).then(|| name.to_ascii_lowercase())
}

/// The host of an authority and the text of its port. An IPv6 address without brackets has no port.
pub fn parts(authority: &str) -> (&str, Option<&str>) {
    if let Some((address, rest)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (address, rest.strip_prefix(':'));
    }
    match authority.split_once(':') {
        Some((host, port)) if !port.contains([':']) => (host, Some(port)),
        _ => (authority, None),
    }
}

/// The part of a host before a base domain; `None` for a host that is not below it.
pub fn below<'a>(host: &'a str, base: &str) -> Option<&'a str> {
    host.strip_suffix(base)?.strip_suffix('.')
}

/// Reads the domain below which each organization has a host. Rule: what people put around a domain (a scheme, a
/// port, a path's slash, `*.`, dots) is taken off, because the meaning is plain; all else is refused.
///
/// ```
/// use guildhall::domain::host::base_domain;
/// assert_eq!(base_domain("https://*.Example.com:8787/").unwrap(), "example.com");
/// assert!(base_domain("127.0.0.1").is_err());
/// ```
///
/// # Errors
/// `invalid_value`.
pub fn base_domain(text: &str) -> Result<String, Denial> {
    let rule = "a domain like `example.com` is expected";
    let bare = authority(text);
    let bare = bare.strip_prefix("*.").or_else(|| bare.strip_prefix('.')).unwrap_or(bare);
    let name = with_port(bare).filter(|name| !is_address(name));
    name.ok_or_else(|| wrong(text, rule))
}

/// Reads the installation's own host: a host, or the whole origin.
///
/// # Errors
/// `invalid_value`.
pub fn own_host(text: &str) -> Result<String, Denial> {
    let rule = "a host like `app.example.com` is expected";
    with_port(authority(text)).ok_or_else(|| wrong(text, rule))
}

/// The authority of a setting that was written as an address.
fn authority(text: &str) -> &str {
    let text = text.trim();
    let after_scheme = ["https://", "http://"].into_iter().find_map(|scheme| {
        let (start, rest) = text.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    });
    let bare = after_scheme.unwrap_or(text);
    bare.strip_suffix('/').unwrap_or(bare)
}

/// The host of a text that may have a port behind it.
fn with_port(text: &str) -> Option<String> {
    let (host, port) = parts(text);
    port.is_none_or(is_port).then(|| checked(host)).flatten()
}

/// Whether it is a port: 1 to 65535 in digits, or nothing.
pub fn is_port(text: &str) -> bool {
    text.is_empty() || is_digits(text) && text.parse::<u16>().is_ok_and(|port| port > 0)
}

/// A host from a setting in its canonical form: a name of labels in any script, or an address; `None` for all else.
/// An IPv6 address keeps the form in which it is written: the standard library's parser weighs 3 kB in a browser's core.
pub fn checked(host: &str) -> Option<String> {
    if host.contains([':']) {
        let known = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
        return (host.len() > 1 && host.bytes().all(known)).then(|| host.to_ascii_lowercase());
    }
    let name = canonical(&to_ascii(host)?)?;
    let number = name.rsplit('.').next().is_some_and(is_digits);
    let sound = name.len() <= DomainName::MAX_BYTES && name.split('.').all(is_label);
    (sound && (!number || is_ipv4(&name))).then_some(name)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Four numbers up to 255, none with a leading zero, which other readers take for octal.
fn is_ipv4(name: &str) -> bool {
    let part =
        |part: &str| is_digits(part) && part.parse::<u8>().is_ok() && (part.len() == 1 || !part.starts_with('0'));
    name.split('.').count() == 4 && name.split('.').all(part)
}

/// Unlike in a domain that is claimed, `_` may stand in it: private networks have such hosts.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn is_address(host: &str) -> bool {
    host.contains([':']) || is_ipv4(host)
}

fn wrong(text: &str, rule: &str) -> Denial {
    Denial::because(Reason::InvalidValue, ["`", &echo(text), "` is no such name: ", rule].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_host_has_one_form() {
        for text in ["acme.example.com", "ACME.Example.Com", "acme.example.com.", "Acme.example.com.:8787"] {
            assert_eq!(canonical(text).as_deref(), Some("acme.example.com"), "{text}");
        }
        for (text, form) in [
            ("[::1]", Some("::1")),
            ("[::1]:80", Some("::1")),
            ("::1", Some("::1")),
            ("localhost.:8787", Some("localhost")),
            ("a..", Some("a.")),
            ("", None),
            (".", None),
            (":80", None),
        ] {
            assert_eq!(canonical(text).as_deref(), form, "{text}");
        }
    }

    #[test]
    fn what_is_put_around_a_base_domain_is_taken_off() {
        for text in [
            "example.com",
            ".example.com",
            "example.com.",
            "https://example.com",
            "HTTP://EXAMPLE.COM/",
            "example.com:8787",
            "*.example.com",
            "https://*.example.com:443/",
            " example.com ",
            "*.example.com.:80",
        ] {
            assert_eq!(base_domain(text).unwrap(), "example.com", "{text}");
        }
        for text in ["münchen.example", "*.MÜNCHEN.example.", "https://münchen。example:80/", "xn--mnchen-3ya.example"]
        {
            assert_eq!(base_domain(text).unwrap(), "xn--mnchen-3ya.example", "{text}");
        }
        assert_eq!(base_domain("localhost").unwrap(), "localhost");
        assert_eq!(base_domain("my_net.internal").unwrap(), "my_net.internal");
    }

    #[test]
    fn what_is_no_base_domain_is_refused() {
        let long = format!("{}.com", "x".repeat(64));
        for text in [
            "",
            " ",
            ".",
            "*",
            "*.",
            "..example.com",
            "example..com",
            "exa mple.com",
            "example.com/app",
            "https://example.com/app",
            "example.com?x",
            "user@example.com",
            "example.com:port",
            "example.com:0",
            "example.com:70000",
            "ftp://example.com",
            "https://https://example.com",
            "example.com, example.org",
            "{slug}.example.com",
            "*.*.example.com",
            "a.*.example.com",
            "-example.com",
            "example.com..",
            "127.0.0.1",
            "[::1]",
            "::1",
            "1.2.3",
            "//example.com",
            "mün chen.example",
            "münchen.example/x",
            "mün\u{200b}chen.example",
            &long,
        ] {
            assert!(base_domain(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_own_host_may_be_an_address() {
        for (text, host) in [
            ("app.example.com", "app.example.com"),
            ("https://App.Example.com.:8443/", "app.example.com"),
            ("http://127.0.0.1:8787", "127.0.0.1"),
            ("http://[::1]:8787", "::1"),
            ("localhost:8787", "localhost"),
            ("https://Bücher.example", "xn--bcher-kva.example"),
        ] {
            assert_eq!(own_host(text).unwrap(), host, "{text}");
        }
        for text in ["", "https://", "app.example.com/x", "*.example.com", "a b", "1.2.3.4.5", "app.example.com:x"] {
            assert!(own_host(text).is_err(), "{text:?}");
        }
    }
}
