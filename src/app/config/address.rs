//! Addresses in settings: where an installation, an application or a resolver is reached.
//!
//! Owns their one form: scheme and host in lower case, no default port, no dot of the root. Never says which
//! scheme a setting may have: its own rule does.

use super::is_loopback;
use crate::domain::host::{checked, is_port, parts};
use std::net::Ipv6Addr;

/// An `http` or `https` address, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Whether it is `https`.
    secure: bool,
    /// In canonical form, an IPv6 address without brackets.
    host: String,
    /// Other than the scheme's own.
    port: Option<u16>,
    /// What follows the authority, as it is written.
    rest: String,
}

impl Address {
    /// Reads an address. White space around it, capitals in scheme and host, the scheme's own port and a dot at the
    /// host's end mean nothing and are taken off; a user, a malformed host or port, and a fragment make it none.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once("://")?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at_checked(end)?;
        let (host, port) = parts(authority);
        let port = port.unwrap_or_default();
        // A path of two slashes is another address behind the scheme of this one.
        let sound = is_port(port)
            && !rest.starts_with("//")
            && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"#\\".contains(&byte));
        let port = port.parse().ok().filter(|port| *port != if secure { 443 } else { 80 });
        let host = match host.contains(':') {
            true => ipv6(host.parse().ok()?),
            false => checked(host)?,
        };
        sound.then_some(Address { secure, host, port, rest: rest.to_owned() })
    }

    /// Whether it is `https`.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether what is sent there stays on this machine.
    pub fn is_local(&self) -> bool {
        is_loopback(&self.host)
    }

    /// The host, an IPv6 address without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether nothing follows the authority but one slash.
    pub fn is_origin(&self) -> bool {
        matches!(self.rest.as_str(), "" | "/")
    }

    /// `scheme://host[:port]`, as a browser writes it in `Origin`.
    pub fn origin(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{scheme}://{host}{port}")
    }

    /// The whole address.
    pub fn text(&self) -> String {
        self.origin() + &self.rest
    }
}

/// One address in its one form (RFC 5952). The last four bytes are not written as IPv4: browsers never do (URL standard).
fn ipv6(address: Ipv6Addr) -> String {
    match (address.to_ipv4_mapped(), address.segments()) {
        (Some(_), [.., high, low]) => format!("::ffff:{high:x}:{low:x}"),
        _ => address.to_string(),
    }
}

/// Whether two texts are one origin.
pub fn same_origin(one: &str, other: &str) -> bool {
    let read = |text| Address::parse(text).filter(Address::is_origin).map(|address| address.origin());
    read(one).is_some_and(|one| read(other) == Some(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_one_form() {
        for (text, origin) in [
            ("https://app.example.com", "https://app.example.com"),
            ("HTTPS://App.Example.COM", "https://app.example.com"),
            ("https://app.example.com.", "https://app.example.com"),
            ("https://app.example.com:443/", "https://app.example.com"),
            ("http://app.example.com:80", "http://app.example.com"),
            ("http://app.example.com:443", "http://app.example.com:443"),
            (" https://app.example.com:8443 ", "https://app.example.com:8443"),
            ("http://[0:0:0:0:0:0:0:1]:8787", "http://[::1]:8787"),
            ("http://[::FFFF:127.0.0.1]", "http://[::ffff:7f00:1]"),
            ("http://127.0.0.1:8787", "http://127.0.0.1:8787"),
            ("https://app.example.com:", "https://app.example.com"),
            ("https://Bücher.example:443/", "https://xn--bcher-kva.example"),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!((address.origin().as_str(), address.is_origin()), (origin, true), "{text}");
            assert!(same_origin(text, origin), "{text}");
        }
        let whole = Address::parse("https://DNS.example/Dns-Query?a=B").unwrap();
        assert_eq!((whole.text().as_str(), whole.is_origin()), ("https://dns.example/Dns-Query?a=B", false));
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in [
            "",
            "app.example.com",
            "//app.example.com",
            "https:app.example.com",
            "https://",
            "https://:443",
            "https://app.example.com:0",
            "https://app.example.com:65536",
            "https://app.example.com:x",
            "https://user@app.example.com",
            "https://user:pass@app.example.com",
            "https://app example.com",
            "https://app..example.com",
            "https://-app.example.com",
            "https://*.example.com",
            "https://app.example.com\\x",
            "https://app.example.com#x",
            "https://app.example.com/a b",
            "https://1.2.3",
            "https://[::1",
            "https://https://app.example.com",
            "wss://app.example.com",
            "null",
        ] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
        assert!(!same_origin("null", "null") && !same_origin("https://a.example/x", "https://a.example/x"));
    }
}
