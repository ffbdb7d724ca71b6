//! The headers that tell a browser what an answer may do there.
//!
//! Owns the table of `docs/headers.md` for what the API answers; pages have theirs in `www/_headers`, because the
//! platform sends files without asking. A test holds both to the table.

use super::Request;
use super::cross_origin::CrossOrigin;
use crate::app::config::{AllowedOrigins, is_loopback};
use http::Method;

/// What kind of answer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JSON, a problem document, or nothing.
    Document,
    /// Lines of JSON, for a file.
    Download,
}

/// What an answer must know of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Whether the head alone is asked for.
    pub head: bool,
    /// Whether it came by TLS, to another machine than the caller's own.
    pub secure: bool,
    /// Which page asks, and what it may read.
    pub cross_origin: CrossOrigin,
}

impl Asked {
    /// What is to be known of a request.
    pub fn of(origins: &AllowedOrigins, request: &Request) -> Self {
        let uri = request.uri();
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let secure = uri.scheme_str() == Some("https") && !is_loopback(host);
        Asked { head: request.method() == Method::HEAD, secure, cross_origin: CrossOrigin::of(origins, request) }
    }
}

/// No answer of the API is a page: opened in a browser it is text, and nothing in it loads, runs or is framed.
const ALWAYS: [(&str, &str); 5] = [
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
];

/// A year. Without `includeSubDomains`: the operator may have other hosts below this one.
const STRICT: (&str, &str) = ("strict-transport-security", "max-age=31536000");

impl Kind {
    /// The headers of an answer of this kind. `shared` is an answer that pages of any origin may read.
    pub fn headers(self, secure: bool, shared: bool) -> Vec<(&'static str, String)> {
        let resource = if shared { "cross-origin" } else { "same-origin" };
        let download = (self == Kind::Download).then_some(("content-disposition", "attachment"));
        let own = [("cross-origin-resource-policy", resource)].into_iter().chain(download);
        let all = ALWAYS.into_iter().chain(own).chain(secure.then_some(STRICT));
        all.map(|(name, value)| (name, value.to_owned())).collect()
    }
}
