//! Where a request goes, from the text of its address.
//!
//! Owns the splitting of an address that the runtime has already normalised (`new URL(…).href`).
//! Never percent-decodes: `wire::hints` does. Why not `http::Uri`: with its header names it weighs
//! 12 kB (gz) in the browser's core.

use super::exchange::Header;
use crate::domain::denial::{Denial, Reason};
use crate::wire::hints::{ORGANIZATION_HEADER, Place};

/// The place that an absolute address, or a path with its query, and headers name.
///
/// # Errors
/// `invalid_value` at `url`.
pub fn place<'a>(url: &'a str, headers: &'a [Header]) -> Result<Place<'a>, Denial> {
    let broken = || Denial::about(Reason::InvalidValue, "url", "an address is expected");
    if url.is_empty() || url.bytes().any(|byte| byte <= b' ' || byte == 0x7f) {
        return Err(broken());
    }
    let url = url.split_once('#').map_or(url, |(before, _)| before);
    let (before, query) = url.split_once('?').map_or((url, None), |(before, query)| (before, Some(query)));
    let (host, path) = if before.starts_with('/') { (None, before) } else { absolute(before).ok_or_else(broken)? };
    Ok(Place { host, path, query, named: named(headers) })
}

fn absolute(url: &str) -> Option<(Option<&str>, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    let rest = rest.strip_prefix("//")?;
    if is_scheme(scheme) { split_host(rest) } else { None }
}

fn is_scheme(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// The host without who logs in and without the port, and the path.
fn split_host(rest: &str) -> Option<(Option<&str>, &str)> {
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let port = host.rfind(':').filter(|colon| host.get(*colon..).is_some_and(|port| !port.contains([']'])));
    let host = port.map_or(Some(host), |colon| host.get(..colon))?;
    (!host.is_empty()).then_some((Some(host), if path.is_empty() { "/" } else { path }))
}

/// What is not visible ASCII is no text in a header.
fn named(headers: &[Header]) -> Vec<&str> {
    let named = headers.iter().filter(|header| header.name.eq_ignore_ascii_case(ORGANIZATION_HEADER));
    named.map(|header| Some(&*header.value).filter(|value| value.bytes().all(is_text)).unwrap_or_default()).collect()
}

fn is_text(byte: u8) -> bool {
    matches!(byte, b'\t' | b' '..=b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_parts() {
        for (url, host, path, query) in [
            ("https://x.example/o/nirvana?org=a#b?c", Some("x.example"), "/o/nirvana", Some("org=a")),
            ("http://user:secret@x.example:8787", Some("x.example"), "/", None),
            ("http://[::1]:8787/a", Some("[::1]"), "/a", None),
            ("http://[::1]/", Some("[::1]"), "/", None),
            ("https://x.example?", Some("x.example"), "/", Some("")),
            ("https://x.example/a?b=://c/d", Some("x.example"), "/a", Some("b=://c/d")),
            ("/o/nirvana?x", None, "/o/nirvana", Some("x")),
            ("/a://b", None, "/a://b", None),
        ] {
            let found = place(url, &[]).unwrap();
            assert_eq!((found.host, found.path, found.query), (host, path, query), "{url}");
        }
        for url in ["", "x.example", "https://", "https:///a", "mailto:a@b.de", "/a b", "/a\nb", "1://x/"] {
            assert!(place(url, &[]).is_err(), "{url}");
        }
    }

    #[test]
    fn each_header_of_the_name_counts() {
        let header = |name: &str, value: &str| Header { name: name.to_owned(), value: value.to_owned() };
        let headers =
            [header("Guildhall-Organization", "a"), header("host", "b"), header("GUILDHALL-ORGANIZATION", "é")];
        assert_eq!(place("/", &headers).unwrap().named, ["a", ""]);
    }
}
