//! What an upstream signs of a request, as bytes.
//!
//! Owns the order of the fields, the canonical form of headers and the length prefixes. Never holds a secret.

use crate::domain::encoding::hex;
use crate::domain::order::sort_by_key;
use hmac_sha256::{HMAC, Hash};

/// What the signed bytes begin with; another form of them is another version.
pub const VERSION: &str = "guildhall-upstream-v1";

/// The header that brings the signature, which does not sign itself.
pub const HEADER: &str = "guildhall-principal";

/// A request, as far as its signature covers it. The body is whole.
#[derive(Debug, Clone, Copy)]
pub struct SignedRequest<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// Host and port to which it was sent, without the port that the scheme has anyway.
    pub authority: &'a str,
    /// Path and query, as sent.
    pub target: &'a str,
    /// Every header, with a lower-case name.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// The body.
    pub body: &'a [u8],
}

/// What the signature says besides the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claims<'a> {
    /// The id of the key.
    pub key: &'a str,
    /// When it was signed: seconds since 1970, as decimal digits.
    pub timestamp: &'a str,
    /// What makes it unique.
    pub nonce: &'a str,
    /// The principal: base64url of its JSON.
    pub principal: &'a str,
}

/// The HMAC-SHA-256 of a request, by a secret, for the installation at an origin. `None` when a signed header has
/// anything but visible ASCII, space and tab in its value: proxies and runtimes write such bytes in several ways.
pub fn mac(secret: &[u8], origin: &str, claims: &Claims<'_>, request: &SignedRequest<'_>) -> Option<[u8; 32]> {
    let digest = hex(&Hash::hash(request.body));
    let fields = [
        VERSION,
        claims.key,
        origin,
        request.authority,
        claims.timestamp,
        claims.nonce,
        request.method,
        request.target,
        &digest,
        claims.principal,
    ];
    let mut mac = HMAC::new(secret);
    fields.iter().for_each(|field| add(&mut mac, field.as_bytes()));
    for (name, value) in headers(request.headers)? {
        add(&mut mac, name.as_bytes());
        add(&mut mac, value.as_bytes());
    }
    Some(mac.finalize())
}

/// A field as a netstring: its length in bytes as decimal digits, a colon, its bytes, a comma. No two lists of fields
/// are the same bytes.
fn add(mac: &mut HMAC, field: &[u8]) {
    mac.update(field.len().to_string().as_bytes());
    mac.update(b":");
    mac.update(field);
    mac.update(b",");
}

/// Whether the signature covers a header: those that begin with `guildhall`, and those by which a write says when it
/// counts. Its own header is not among them.
fn is_signed(name: &str) -> bool {
    (name.starts_with("guildhall") && name != HEADER) || matches!(name, "if-match" | "idempotency-key")
}

/// The signed headers by name, each once: values without white space at their ends, several joined by `, `.
fn headers<'a>(sent: &[(&'a str, &'a [u8])]) -> Option<Vec<(&'a str, String)>> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for (name, value) in sent.iter().filter(|(name, _)| is_signed(name)) {
        let value = plain(value)?;
        match found.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => values.push_str(&[", ", value].concat()),
            None => found.push((name, value.to_owned())),
        }
    }
    sort_by_key(&mut found, |(name, _)| *name);
    Some(found)
}

fn plain(value: &[u8]) -> Option<&str> {
    let text = str::from_utf8(value).ok()?.trim_matches([' ', '\t']);
    text.bytes().all(|byte| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAIMS: Claims<'_> = Claims { key: "a", timestamp: "1", nonce: "n", principal: "e30" };

    fn mac_of(headers: &[(&str, &[u8])]) -> Option<[u8; 32]> {
        let request = SignedRequest { method: "GET", authority: "x.example", target: "/v1/me?a=1", headers, body: b"" };
        mac(b"secret", "https://x.example", &CLAIMS, &request)
    }

    #[test]
    fn the_order_and_the_split_of_headers_do_not_count() {
        let one = mac_of(&[("guildhall-b", b"2"), ("guildhall-a", b" 1\t"), ("accept", b"x"), ("if-match", b"\"v1\"")]);
        let other = mac_of(&[("if-match", b"\"v1\""), ("guildhall-a", b"1"), ("guildhall-b", b"2")]);
        assert_eq!(one, other);
        let twice = mac_of(&[("guildhall-a", b"1"), ("guildhall-b", b"2"), ("guildhall-a", b"3")]);
        assert_eq!(twice, mac_of(&[("guildhall-a", b"1, 3"), ("guildhall-b", b"2")]));
    }

    #[test]
    fn each_signed_header_counts() {
        let without = mac_of(&[]);
        for name in ["guildhall-organization", "guildhall", "guildhall_user", "if-match", "idempotency-key"] {
            assert_ne!(mac_of(&[(name, b"1")]), without, "{name}");
            assert_ne!(mac_of(&[(name, b"1")]), mac_of(&[(name, b"")]), "{name}");
        }
        assert_eq!(mac_of(&[("guildhall-principal", b"v1"), ("if-none-match", b"*"), ("cookie", b"a=1")]), without);
    }

    #[test]
    fn a_signed_header_is_plain() {
        for value in [b"\xc3\xbc".as_slice(), b"\xff", b"a\x00b", b"a\nb"] {
            assert_eq!(mac_of(&[("guildhall-organization", value)]), None);
            assert!(mac_of(&[("accept", value)]).is_some());
        }
    }
}
