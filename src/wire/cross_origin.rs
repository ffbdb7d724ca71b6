//! What pages of other origins may read (CORS, as the Fetch standard has it).
//!
//! Owns the headers that allow it and the answer to a preflight. Never says which origins are allowed: the operator
//! does. Never says whose a request is: a cookie from another origin's page still changes nothing (`session`).

use super::answer::Answer;
use super::route::Path;
use super::{Request, allow};
use crate::app::config::{AllowedOrigins, Trust};
use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderName, ORIGIN};

/// The headers of answers that a page may read besides those that every page may.
pub const EXPOSED: &str = "allow, content-disposition, etag, guildhall-next-cursor, guildhall-organization, \
    idempotent-replayed, location, ratelimit, ratelimit-policy, retry-after, www-authenticate, x-request-id";

/// The headers that a page may send, and with them all that begin as ours do.
const SENT: [&str; 6] =
    ["authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "x-request-id"];
const OURS: &str = "guildhall-";

/// For how many seconds a browser may keep what a preflight said. Chromium keeps none for longer.
const KEPT: &str = "7200";

/// What an answer to a preflight depends on.
const PREFLIGHT_VARY: &str = "origin, access-control-request-method, access-control-request-headers";

/// The methods of a path that is nothing: the page is to read that, in the answer to its request.
const ANY: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// What an answer must know of the page that asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CrossOrigin {
    /// The origin and how far it is trusted; `None` where the page may read nothing, or no page asks.
    allowed: Option<(String, Trust)>,
    /// Whether any origin is allowed here, so that answers depend on who asks.
    varies: bool,
    preflight: bool,
}

impl CrossOrigin {
    /// What is to be known of a request.
    pub fn of(origins: &AllowedOrigins, request: &Request) -> Self {
        let headers = request.headers();
        let origin = only(headers, &ORIGIN);
        let allowed = origin.and_then(|origin| Some((origin.to_owned(), origins.trust(origin)?)));
        let asks = origin.is_some() && only(headers, &ACCESS_CONTROL_REQUEST_METHOD).is_some();
        let preflight = request.method() == http::Method::OPTIONS && asks;
        CrossOrigin { allowed, varies: !origins.is_empty(), preflight }
    }

    /// Whether the request is the preflight of a page that is allowed to read.
    pub fn is_allowed_preflight(&self) -> bool {
        self.preflight && self.allowed.is_some()
    }

    /// What else the answer depends on than it would without allowed origins.
    pub fn varies_with(&self) -> Option<&'static str> {
        self.varies.then_some(if self.preflight { PREFLIGHT_VARY } else { "origin" })
    }

    /// The headers that allow the page to read the answer.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let Some((origin, trust)) = &self.allowed else { return Vec::new() };
        let credentials = (*trust == Trust::Credentials).then_some("true");
        let exposed = (!self.preflight).then_some(EXPOSED);
        let all = [
            ("access-control-allow-origin", Some(origin.as_str())),
            ("access-control-allow-credentials", credentials),
            ("access-control-expose-headers", exposed),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned()))).collect()
    }

    /// The answer to an allowed preflight; `None` for every other request.
    pub fn preflight(&self, request: &Request) -> Option<Answer> {
        if !self.is_allowed_preflight() {
            return None;
        }
        let resource = Path::parse(request.uri().path()).resource;
        let allow = allow(resource.as_ref().map_or(&ANY, |resource| resource.methods()));
        let answer = Answer::empty(204).with("allow", allow.clone()).with("access-control-allow-methods", allow);
        let answer = answer.with("access-control-allow-headers", allowed_headers(request.headers()));
        Some(answer.with("access-control-max-age", KEPT.to_owned()))
    }
}

/// The names that may be sent. Those of ours are named as they are asked for: a list of them would have to know what
/// a newer client sends.
fn allowed_headers(headers: &HeaderMap) -> String {
    let asked = headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS).iter().filter_map(|value| value.to_str().ok());
    let asked = asked.flat_map(|text| text.split(',')).map(|name| name.trim().to_ascii_lowercase());
    let mut names: Vec<String> = SENT.iter().map(|name| (*name).to_owned()).collect();
    for name in asked.filter(|name| name.starts_with(OURS) && HeaderName::from_bytes(name.as_bytes()).is_ok()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// The value of a header that stands there once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config::Settings;

    fn asked(lines: &[(&str, &str)]) -> (CrossOrigin, Request) {
        let settings = Settings {
            allowed_origins: Some("https://app.example https://*.pr.example".to_owned()),
            ..Settings::default()
        };
        let mut request = http::Request::builder().method("OPTIONS").uri("https://g.example/v1/me");
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let request = request.body(Vec::new()).unwrap();
        (CrossOrigin::of(&AllowedOrigins::read(&settings, None).unwrap(), &request), request)
    }

    const METHOD: (&str, &str) = ("access-control-request-method", "PATCH");

    #[test]
    fn a_preflight_of_an_allowed_origin_is_answered() {
        for origin in ["https://app.example", "https://a.pr.example"] {
            let (cross, request) = asked(&[("origin", origin), METHOD]);
            assert!(cross.preflight(&request).is_some(), "{origin}");
        }
        for lines in [
            &[METHOD][..],
            &[("origin", "https://app.example")],
            &[("origin", "https://evil.example"), METHOD],
            &[("origin", "null"), METHOD],
            &[("origin", "https://app.example"), ("origin", "https://app.example"), METHOD],
        ] {
            let (cross, request) = asked(lines);
            assert_eq!(cross.preflight(&request), None, "{lines:?}");
        }
    }

    #[test]
    fn credentials_are_for_origins_written_out_in_full() {
        let (exact, _) = asked(&[("origin", "https://app.example")]);
        assert!(exact.headers().contains(&("access-control-allow-credentials", "true".to_owned())));
        let (wildcard, _) = asked(&[("origin", "https://a.pr.example")]);
        let headers = wildcard.headers();
        assert!(headers.contains(&("access-control-allow-origin", "https://a.pr.example".to_owned())));
        assert!(headers.iter().all(|(name, _)| *name != "access-control-allow-credentials"));
        assert_eq!(asked(&[("origin", "null")]).0.headers(), []);
    }

    #[test]
    fn headers_of_ours_are_allowed_as_they_are_asked_for() {
        let mut headers = HeaderMap::new();
        let lines =
            "authorization,Guildhall-Act-As, guildhall-pass,guildhall-pass, x-other, guildhall-b c, guildhall-\u{e9}";
        headers.append(ACCESS_CONTROL_REQUEST_HEADERS, "guildhall-later".parse().unwrap());
        headers.append(ACCESS_CONTROL_REQUEST_HEADERS, http::HeaderValue::from_str(lines).unwrap());
        let base = "authorization, content-type, idempotency-key, if-match, if-none-match, x-request-id";
        let latin = allowed_headers(&headers);
        assert_eq!(latin, format!("{base}, guildhall-later"), "what is not ASCII is not read");
        headers.append(
            ACCESS_CONTROL_REQUEST_HEADERS,
            "Guildhall-Act-As, guildhall-pass,guildhall-pass, x-other".parse().unwrap(),
        );
        headers.append(ACCESS_CONTROL_REQUEST_HEADERS, "guildhall-b c".parse().unwrap());
        assert_eq!(allowed_headers(&headers), format!("{base}, guildhall-later, guildhall-act-as, guildhall-pass"));
    }
}
