//! Which credential counts, and what becomes of one that no authenticator takes.

use super::*;
use crate::app::config::Settings;
use crate::domain::id::UserId;
use crate::domain::principal::{Principal, PrincipalKind};
use http::header::{HeaderName, HeaderValue};

fn now() -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000)
}

fn config() -> Config {
    Config::read(&Settings {
        public_origin: Some("http://127.0.0.1:8787".to_owned()),
        auth: Some(r#"[{"type":"dev"}]"#.to_owned()),
        secret_key: Some("s".repeat(32)),
        ..Settings::default()
    })
    .unwrap()
}

fn session() -> String {
    dev::token(&config(), &Principal::new(UserId::parse("kurt").unwrap(), PrincipalKind::User), now())
}

fn ask(headers: &[(&'static str, &str)]) -> Authenticated {
    let mut request = Request::default();
    for (name, value) in headers {
        request.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
    match begin(&config(), &request, now()) {
        Begun::Known(authenticated) => authenticated,
        Begun::Token(_) => panic!("no issuer is configured"),
    }
}

#[test]
fn a_session_is_explicit_as_a_bearer_and_ambient_as_a_cookie() {
    let (bearer, cookie) = (format!("Bearer {}", session()), format!("a=1; {}={}", dev::COOKIE, session()));
    assert!(!ask(&[("authorization", &bearer)]).unwrap().unwrap().ambient);
    assert!(ask(&[("cookie", &cookie)]).unwrap().unwrap().ambient);
    assert!(!ask(&[("authorization", &bearer), ("cookie", &cookie)]).unwrap().unwrap().ambient);
    assert_eq!(ask(&[]), Ok(None));
}

#[test]
fn a_wrong_bearer_is_refused_and_a_wrong_cookie_is_anonymous() {
    let cookie = format!("{}={}x", dev::COOKIE, session());
    assert_eq!(ask(&[("cookie", &cookie)]), Ok(None));
    for value in ["Bearer ghs_x", "Bearer", "Bearer ", "Basic a2s6", "ghs_x", "Bearer a.b.c", ""] {
        let denial =
            ask(&[("authorization", value), ("cookie", &format!("{}={}", dev::COOKIE, session()))]).unwrap_err();
        assert_eq!(denial.reason, Reason::Unauthenticated, "{value}");
        assert_ne!(denial.detail, Reason::Unauthenticated.title(), "{value}");
    }
}

#[test]
fn two_explicit_credentials_are_a_conflict_and_an_untaken_one_is_refused() {
    let bearer = format!("Bearer {}", session());
    for headers in [
        [("authorization", bearer.as_str()), ("authorization", bearer.as_str())],
        [("authorization", bearer.as_str()), ("guildhall-principal", "x")],
    ] {
        assert_eq!(ask(&headers).unwrap_err().reason, Reason::CredentialsConflict);
    }
    for headers in [
        vec![("guildhall-principal", "x")],
        vec![("guildhall-act-as", "kurt")],
        vec![("authorization", "Bearer gho_x")],
    ] {
        let denial = ask(&headers).unwrap_err();
        assert_eq!(denial.reason, Reason::Unauthenticated);
        assert_ne!(denial.detail, Reason::Unauthenticated.title());
    }
    let denial = ask(&[("authorization", bearer.as_str()), ("guildhall-act-as", "krist")]).unwrap_err();
    assert_eq!(denial.reason, Reason::PermissionDenied);
    let denial = ask(&[("authorization", "Bearer ghs_x"), ("guildhall-act-as", "krist")]).unwrap_err();
    assert_eq!(denial.reason, Reason::Unauthenticated);
    let denial = ask(&[("guildhall-act-as", "kurt"), ("guildhall-act-as", "krist")]).unwrap_err();
    assert_eq!(denial.reason, Reason::MalformedRequest);
}
