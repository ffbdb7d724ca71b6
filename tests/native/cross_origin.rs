//! What pages of other origins may read: every kind of answer, for every kind of origin, as `docs/headers.md` says.

use crate::support::SeededEntropy;
use crate::support::site::{Reply, Site, request, settings};
use guildhall::app::config::{AllowedOrigins, Settings};
use guildhall::store::memory::MemoryStore;
use guildhall::wire::{FailedCheck, handle_failed, handle_misconfigured, openapi};
use http::{HeaderMap, HeaderName, HeaderValue};
use pollster::block_on;
use serde_json::json;

const EXACT: &str = "https://app.example";
const WILDCARD: &str = "https://pr-7.preview.example";
const STRANGER: &str = "https://evil.example";

/// Of every kind of answer one, with its status.
const ANSWERS: [(&str, u16); 11] = [
    ("GET /healthz", 200),
    ("GET /readyz", 200),
    ("GET /openapi.json", 200),
    ("GET /v1/me", 200),
    ("HEAD /v1/me", 200),
    ("OPTIONS /v1/organizations", 204),
    ("GET /v1/organizations/nirvana", 308),
    ("GET /v1/organizations/nowhere", 404),
    ("GET /no/such/path", 404),
    ("DELETE /v1/me", 405),
    ("GET /v1/organizations/bliss/export", 200),
];

fn world() -> (Site<MemoryStore>, String) {
    let allowed = Some(format!("{EXACT} https://*.preview.example"));
    let site = Site::with(MemoryStore::default(), &Settings { allowed_origins: allowed, ..settings() });
    let token = block_on(site.sign_in(&json!({ "userId": "kurt", "email": "kurt@nirvana.example" })));
    for (method, path, body) in [
        ("POST", "/v1/organizations", json!({ "name": "Nirvana" })),
        ("PATCH", "/v1/organizations/nirvana", json!({ "slug": "bliss" })),
    ] {
        assert!(block_on(site.send(request(method, path, Some(&token), Some(&body)))).status < 300);
    }
    (site, token)
}

fn send(site: &Site<MemoryStore>, line: &str, token: Option<&str>, headers: &[(&str, &str)]) -> Reply {
    let (method, path) = line.split_once(' ').unwrap();
    let mut asked = request(method, path, token, None);
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        asked.headers_mut().append(name, HeaderValue::from_str(value).unwrap());
    }
    block_on(site.send(asked))
}

fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap())
}

fn varies_with_origin(headers: &HeaderMap) -> bool {
    get(headers, "vary").is_some_and(|vary| vary.split(", ").any(|name| name == "origin"))
}

/// The headers that allow something to another origin.
fn allowing(headers: &HeaderMap) -> Vec<&str> {
    let names = headers.keys().map(HeaderName::as_str);
    names.filter(|name| name.starts_with("access-control-")).collect()
}

#[test]
fn every_kind_of_answer_is_readable_by_allowed_origins() {
    let (site, token) = world();
    for (line, status) in ANSWERS {
        for (origin, credentials) in [(EXACT, Some("true")), (WILDCARD, None)] {
            let reply = send(&site, line, Some(&token), &[("origin", origin)]);
            assert_eq!(reply.status, status, "{line}: {}", reply.text);
            assert_eq!(get(&reply.headers, "access-control-allow-origin"), Some(origin), "{line}");
            assert_eq!(get(&reply.headers, "access-control-allow-credentials"), credentials, "{line}");
            assert!(get(&reply.headers, "access-control-expose-headers").unwrap().contains("etag"), "{line}");
            assert!(varies_with_origin(&reply.headers), "{line}");
        }
    }
}

#[test]
fn no_answer_is_readable_by_other_origins() {
    let (site, token) = world();
    for (line, status) in ANSWERS {
        for origin in [&[("origin", STRANGER)][..], &[("origin", "null")], &[]] {
            let reply = send(&site, line, Some(&token), origin);
            assert_eq!(reply.status, status, "{line}");
            assert_eq!(allowing(&reply.headers), [""; 0], "{line} {origin:?}");
            assert!(varies_with_origin(&reply.headers), "{line}: caches must not mix it up with another's");
        }
    }
}

#[test]
fn an_unchanged_answer_is_readable_too() {
    let (site, token) = world();
    let headers = [("origin", EXACT), ("if-none-match", "*")];
    let reply = send(&site, "GET /v1/organizations/bliss", Some(&token), &headers);
    assert_eq!((reply.status, get(&reply.headers, "access-control-allow-origin")), (304, Some(EXACT)));
    assert!(varies_with_origin(&reply.headers));
}

#[test]
fn without_allowed_origins_no_answer_depends_on_the_origin() {
    let site = Site::new(MemoryStore::default());
    for (line, _) in ANSWERS {
        let reply = send(&site, line, None, &[("origin", EXACT)]);
        assert_eq!(allowing(&reply.headers), [""; 0], "{line}");
        assert!(!varies_with_origin(&reply.headers), "{line}");
    }
}

#[test]
fn keys_are_readable_by_every_origin_and_vary_with_none() {
    let (site, _) = world();
    for origin in [EXACT, STRANGER] {
        let reply = send(&site, "GET /.well-known/jwks.json", None, &[("origin", origin)]);
        assert_eq!(get(&reply.headers, "access-control-allow-origin"), Some("*"));
        assert_eq!(reply.headers.get_all("access-control-allow-origin").iter().count(), 1);
        assert_eq!(allowing(&reply.headers), ["access-control-allow-origin"]);
        assert!(!varies_with_origin(&reply.headers));
    }
}

#[test]
fn a_preflight_is_answered_with_the_methods_of_the_resource() {
    let (site, _) = world();
    for (path, methods) in [
        ("/v1/organizations", "GET, POST, HEAD, OPTIONS"),
        ("/v1/organizations/nirvana", "GET, PATCH, DELETE, HEAD, OPTIONS"),
        ("/o/nirvana/v1/me/current-organization", "PUT, DELETE, OPTIONS"),
        ("/no/such/path", "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"),
    ] {
        let asks = [
            ("origin", EXACT),
            ("access-control-request-method", "PATCH"),
            ("access-control-request-headers", "authorization,guildhall-min-version"),
        ];
        let reply = send(&site, &format!("OPTIONS {path}"), None, &asks);
        assert_eq!((reply.status, reply.text.as_str()), (204, ""), "{path}");
        let told = |name| get(&reply.headers, name);
        assert_eq!(told("access-control-allow-methods"), Some(methods), "{path}");
        assert_eq!(told("allow"), Some(methods), "{path}");
        assert_eq!(told("access-control-allow-origin"), Some(EXACT));
        assert_eq!(told("access-control-allow-credentials"), Some("true"));
        assert_eq!(told("access-control-max-age"), Some("7200"));
        assert_eq!(told("access-control-expose-headers"), None);
        let headers = "authorization, content-type, idempotency-key, if-match, if-none-match, x-request-id, \
            guildhall-min-version";
        assert_eq!(told("access-control-allow-headers"), Some(headers));
        assert!(told("vary").unwrap().ends_with("access-control-request-headers"), "{path}");
    }
}

#[test]
fn a_preflight_of_another_origin_is_an_ordinary_question_for_methods() {
    let (site, _) = world();
    for (path, status) in [("/v1/organizations", 204), ("/no/such/path", 404)] {
        let asks = [("origin", STRANGER), ("access-control-request-method", "POST")];
        let reply = send(&site, &format!("OPTIONS {path}"), None, &asks);
        assert_eq!((reply.status, allowing(&reply.headers)), (status, Vec::new()), "{path}");
        assert!(varies_with_origin(&reply.headers));
    }
}

#[test]
fn a_cookie_from_an_allowed_origin_changes_nothing() {
    let (site, _) = world();
    let person = json!({ "userId": "krist", "email": "krist@nirvana.example" });
    let signed_in = block_on(site.send(request("POST", "/dev/session", None, Some(&person))));
    let cookie = get(&signed_in.headers, "set-cookie").unwrap();
    assert!(cookie.contains("SameSite=Lax"), "{cookie}");
    let pair = cookie.split(';').next().unwrap();
    for origin in [EXACT, WILDCARD] {
        let headers = [("origin", origin), ("cookie", pair)];
        let reply = send(&site, "DELETE /v1/me/current-organization", None, &headers);
        assert_eq!((reply.status, reply.body["code"].as_str()), (403, Some("origin_mismatch")), "{origin}");
        assert_eq!(get(&reply.headers, "access-control-allow-origin"), Some(origin), "the page reads why");
    }
}

#[test]
fn what_an_installation_says_that_cannot_work_is_readable() {
    let allowed = Settings { allowed_origins: Some(EXACT.to_owned()), ..Settings::default() };
    let allowed = AllowedOrigins::of_faulty(&allowed);
    let checks = [FailedCheck { code: "binding_missing", setting: "DB", fault: String::new() }];
    let (mut asked, entropy) = (request("GET", "/v1/me", None, None), SeededEntropy::new(1));
    asked.headers_mut().insert("origin", HeaderValue::from_static(EXACT));
    for handled in [
        handle_misconfigured((&asked, &entropy), &checks, &allowed),
        handle_failed((&asked, &entropy), "broken off", &allowed),
    ] {
        let headers = handled.response.headers();
        assert_eq!(handled.response.status(), 503);
        assert_eq!(get(headers, "access-control-allow-origin"), Some(EXACT));
        assert!(varies_with_origin(headers) && headers.contains_key("retry-after"));
    }
    *asked.method_mut() = http::Method::OPTIONS;
    asked.headers_mut().insert("access-control-request-method", HeaderValue::from_static("GET"));
    let preflight = handle_misconfigured((&asked, &entropy), &checks, &allowed).response;
    assert_eq!(preflight.status(), 204, "else the page would not read the 503 of its request");
    assert_eq!(handle_misconfigured((&asked, &entropy), &checks, &AllowedOrigins::default()).response.status(), 503);
}

/// The headers that the description names can be sent and read across origins.
#[test]
fn every_described_header_may_be_sent_and_read() {
    let (site, _) = world();
    let document = openapi::document();
    let asks = [("origin", EXACT), ("access-control-request-method", "POST")];
    let parameters = document["components"]["parameters"].as_object().unwrap();
    let sent = parameters.values().filter(|parameter| parameter["in"] == "header");
    for name in sent.map(|parameter| parameter["name"].as_str().unwrap().to_lowercase()) {
        let asks = [asks[0], asks[1], ("access-control-request-headers", &name)];
        let reply = send(&site, "OPTIONS /v1/organizations", None, &asks);
        let allowed = get(&reply.headers, "access-control-allow-headers").unwrap();
        assert!(allowed.split(", ").any(|one| one == name), "{name} may not be sent");
    }
    let reply = send(&site, "GET /healthz", None, &asks);
    let exposed = get(&reply.headers, "access-control-expose-headers").unwrap();
    for name in document["components"]["headers"].as_object().unwrap().keys().map(|name| name.to_lowercase()) {
        assert!(exposed.split(", ").any(|one| one == name), "{name} may not be read");
    }
}
