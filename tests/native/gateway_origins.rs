//! Pages of other origins before the application behind Guildhall: whose preflights it hears, and who reads refusals.

use crate::gateway::{APPLICATION, gateway_settings, get, world};
use guildhall::app::config::Settings;
use guildhall::wire::gateway::{Gated, OriginFault};
use http::{HeaderMap, HeaderName, HeaderValue};

fn open_settings() -> Settings {
    Settings { allowed_origins: Some("https://app.example".to_owned()), ..gateway_settings() }
}

#[test]
fn a_preflight_of_an_allowed_origin_goes_to_the_application_with_nothing_else() {
    let world = world(&open_settings());
    let asks = [
        ("origin", "https://app.example"),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "authorization, x-app"),
        ("cookie", "app=1"),
        ("guildhall-user", "forged"),
        ("x-other", "1"),
    ];
    let forward = world.forward(Some("krist"), "OPTIONS /o/nirvana/invoices?page=2", &asks);
    assert_eq!(forward.url, format!("{APPLICATION}/o/nirvana/invoices?page=2"));
    assert!(!forward.has_body);
    let mut names: Vec<&str> = forward.headers.keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    let expected = ["access-control-request-headers", "access-control-request-method", "origin"];
    assert_eq!(names, [&expected[..], &["x-forwarded-host", "x-forwarded-proto", "x-request-id"]].concat());
    let said = [("access-control-allow-origin", "https://app.example"), ("vary", "origin")];
    let said: HeaderMap = said
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .into_iter()
        .collect();
    let back = forward.answered(&said);
    assert_eq!(get(&back, "access-control-allow-origin"), Some("https://app.example"));
    assert_eq!(get(&back, "access-control-allow-credentials"), None, "the application's own headers stand");
}

#[test]
fn other_preflights_are_let_through_as_any_request_is() {
    let strange = [("origin", "https://evil.example"), ("access-control-request-method", "PUT")];
    let own = [("origin", "https://app.example"), ("access-control-request-method", "PUT")];
    let open = world(&open_settings());
    assert_eq!(open.refusal(None, "OPTIONS /invoices", &strange), (401, "unauthenticated".to_owned()));
    assert_eq!(open.refusal(None, "OPTIONS /a/%2e%2e/b", &own), (400, "malformed_request".to_owned()));
    let closed = world(&gateway_settings());
    assert_eq!(closed.refusal(None, "OPTIONS /invoices", &own), (401, "unauthenticated".to_owned()));
    assert!(closed.forward(None, "OPTIONS /assets/x.css", &strange).headers.contains_key("origin"));
}

#[test]
fn refusals_before_the_application_are_readable_by_allowed_origins() {
    let world = world(&open_settings());
    for (origin, allowed) in [("https://app.example", Some("https://app.example")), ("https://evil.example", None)] {
        let Gated::Answered(handled) = world.gate(None, "GET /invoices", &[("origin", origin)]) else {
            panic!("{origin}")
        };
        assert_eq!(handled.response.status(), 401);
        assert_eq!(get(handled.response.headers(), "access-control-allow-origin"), allowed);
        let forward = world.forward(Some("krist"), "GET /o/nirvana/x", &[("origin", origin)]);
        let failed = forward.failed(OriginFault::Unreachable).response;
        assert_eq!((failed.status().as_u16(), get(failed.headers(), "access-control-allow-origin")), (502, allowed));
        assert_eq!(get(&forward.answered(&HeaderMap::new()), "access-control-allow-origin"), None);
    }
}
