//! The headers of an origin's answer on its way back.
//!
//! Owns what is taken away and what is put there. Status and body are the origin's.

use super::head::{between_neighbours, is_ours};
use crate::wire::answer::VARY;
use crate::wire::cookie;
use crate::wire::hints::ORGANIZATION_HEADER;
use http::header::{SET_COOKIE, VARY as VARIES};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Why the origin has not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginFault {
    /// It was not reached, or broke off.
    Unreachable,
    /// It took too long.
    TimedOut,
}

const REQUEST_ID: &str = "x-request-id";

/// The headers to answer with. Rule: the origin says nothing in Guildhall's name, neither in a header nor in
/// a cookie; and no cache gives one caller's answer to another.
pub fn passed_back(
    answered: &HeaderMap,
    request_id: &str,
    (organization, resolved): (Option<&str>, bool),
) -> HeaderMap {
    let between = between_neighbours(answered);
    let mut kept = HeaderMap::new();
    for (name, value) in answered {
        let dropped = is_ours(name)
            || between.contains(name)
            || name.as_str() == REQUEST_ID
            || (*name == SET_COOKIE && cookie::is_ours(value.as_bytes()));
        if !dropped {
            kept.append(name.clone(), value.clone());
        }
    }
    if resolved && !kept.get_all(VARIES).iter().any(|value| value.as_bytes() == b"*") {
        kept.append(VARIES, HeaderValue::from_static(VARY));
    }
    let said = [(ORGANIZATION_HEADER, organization), (REQUEST_ID, Some(request_id))];
    for (name, value) in said {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            kept.insert(HeaderName::from_static(name), value);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn the_origin_does_not_speak_in_our_name() {
        let said = answered(&[
            ("content-type", "text/html"),
            ("set-cookie", "app=1; Path=/"),
            ("set-cookie", " __Host-guildhall_session=evil; Path=/; Secure"),
            ("set-cookie", "__HOST-GUILDHALL_ORGANIZATION=evil"),
            ("set-cookie", "=__Host-guildhall_session=evil"),
            ("set-cookie", "theme=dark"),
            ("guildhall-organization", "org_other"),
            ("guildhall-anything", "x"),
            ("x-request-id", "theirs"),
            ("connection", "close, x-inner"),
            ("x-inner", "1"),
            ("content-length", "3"),
            ("vary", "accept"),
        ]);
        let expected = answered(&[
            ("content-type", "text/html"),
            ("set-cookie", "app=1; Path=/"),
            ("set-cookie", "theme=dark"),
            ("vary", "accept"),
            ("vary", VARY),
            ("guildhall-organization", "org_1"),
            ("x-request-id", "ours"),
        ]);
        assert_eq!(passed_back(&said, "ours", (Some("org_1"), true)), expected);
    }

    #[test]
    fn what_nobody_was_asked_for_varies_with_nobody() {
        let back = passed_back(&answered(&[("cache-control", "public")]), "r", (None, false));
        assert_eq!(back, answered(&[("cache-control", "public"), ("x-request-id", "r")]));
        let back = passed_back(&answered(&[("vary", "*")]), "r", (None, true));
        assert_eq!(back, answered(&[("vary", "*"), ("x-request-id", "r")]));
    }
}
