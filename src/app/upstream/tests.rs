use super::*;
use crate::domain::encoding::base64url;
use crate::domain::token::UserPrefix;

fn now() -> Timestamp {
    Timestamp::from_millis(1_767_225_600_000)
}
const ORIGIN: &str = "https://guildhall.example";
const SECRET: &str = "a secret that only tests know, 32+";
const UNFIT: &str = "the signature is by no key that is known here, or does not fit the request";
const KURT: &str = r#"{"userId": "kurt"}"#;

fn upstreams(vouches: &[Vouch]) -> Vec<Upstream> {
    let vouches = vouches.iter().copied().fold(Vouches::default(), Vouches::with);
    let keys = vec![UpstreamKey::new("a", SECRET).unwrap(), UpstreamKey::new("b", &SECRET.replace('a', "b")).unwrap()];
    let users = UserPrefixes::new(UserPrefix::parse("up|").unwrap(), Vec::new());
    vec![Upstream { name: IssuerName::parse("proxy").unwrap(), keys, users, vouches }]
}

fn request<'a>(body: &'a [u8], headers: &'a [(&'a str, &'a [u8])]) -> SignedRequest<'a> {
    SignedRequest { method: "POST", authority: "guildhall.example", target: "/v1/me?a=1", headers, body }
}

fn signed(secret: &str, key: &str, principal: &str, signed_at: Timestamp) -> String {
    let (principal, timestamp) = (base64url(principal.as_bytes()), (signed_at.millis() / 1000).to_string());
    let claims = Claims { key, timestamp: &timestamp, nonce: "nonce-nonce-nonce", principal: &principal };
    let mac = signed::mac(secret.as_bytes(), ORIGIN, &claims, &request(b"{}", &[])).unwrap();
    format!("v1.{key}.{timestamp}.nonce-nonce-nonce.{principal}.{}", base64url(&mac))
}

fn refusal(header: &str, request: &SignedRequest<'_>) -> String {
    let denial = verify(&upstreams(&[]), ORIGIN, (header, request), now()).unwrap_err();
    assert_eq!(denial.reason, Reason::Unauthenticated);
    denial.detail.clone().into_owned()
}

fn stated(principal: &str, vouches: &[Vouch]) -> Result<Principal, String> {
    let upstreams = upstreams(vouches);
    let header = signed(SECRET, "a", principal, now());
    let verified = verify(&upstreams, ORIGIN, (&header, &request(b"{}", &[])), now());
    verified.map(|verified| verified.principal).map_err(|denial| denial.detail.clone().into_owned())
}

#[test]
fn a_signature_holds_for_its_own_request_alone() {
    let header = signed(SECRET, "a", KURT, now());
    let upstreams = upstreams(&[]);
    let sound = request(b"{}", &[]);
    let verified = verify(&upstreams, ORIGIN, (&header, &sound), now()).unwrap();
    assert_eq!(verified.principal.user_id.as_str(), "up|kurt");
    assert_eq!((verified.nonce.key.as_str(), verified.nonce.nonce.as_str()), ("a", "nonce-nonce-nonce"));
    let organization: &[(&str, &[u8])] = &[("guildhall-organization", b"nirvana")];
    for other in [
        SignedRequest { method: "PUT", ..sound },
        SignedRequest { authority: "acme.guildhall.example", ..sound },
        SignedRequest { target: "/v1/me", ..sound },
        SignedRequest { target: "/v1/me?a=2", ..sound },
        SignedRequest { body: b"{ }", ..sound },
        SignedRequest { body: b"", ..sound },
        SignedRequest { headers: organization, ..sound },
        SignedRequest { headers: &[("if-match", b"\"v1\"")], ..sound },
        SignedRequest { headers: &[("idempotency-key", b"1")], ..sound },
    ] {
        assert_eq!(refusal(&header, &other), UNFIT);
    }
    let elsewhere = verify(&upstreams, "https://other.example", (&header, &sound), now());
    assert!(elsewhere.is_err());
}

#[test]
fn each_part_of_the_header_counts() {
    let header = signed(SECRET, "a", KURT, now());
    let parts: Vec<&str> = header.split('.').collect();
    for (place, value) in [
        (1, "b"),
        (2, "1767225601"),
        (3, "nonce-nonce-noncf"),
        (4, &base64url(br#"{"userId": "krist"}"#)),
        (5, &base64url(&[0; 32])),
    ] {
        let mut changed = parts.clone();
        changed[place] = value;
        assert_eq!(refusal(&changed.join("."), &request(b"{}", &[])), UNFIT);
    }
}

#[test]
fn a_malformed_header_is_refused() {
    let header = signed(SECRET, "a", KURT, now());
    let long = [&header, "A".repeat(8192).as_str()].concat();
    for text in [
        "",
        "v1",
        "kurt",
        &header.replace("v1.", "v2."),
        &header.replace("v1.", "V1."),
        &[header.as_str(), ".x"].concat(),
        &[&header, ", ", &header].concat(),
        &header.replace("nonce-nonce-nonce", "short"),
        &header.replace("nonce-nonce-nonce", "nonce nonce nonce"),
        &header.replace(".1767225600.", ".01767225600."),
        &header.replace(".1767225600.", ".-1."),
        &header.replace(".1767225600.", ".."),
        &header.replace(".a.", ".."),
        &long,
    ] {
        assert!(refusal(text, &request(b"{}", &[])).starts_with("`Guildhall-Principal` is not"), "{text}");
    }
}

#[test]
fn a_known_and_an_unknown_key_cannot_be_told_apart_without_the_secret() {
    let other = "another secret that has 32 bytes or more";
    let sound = request(b"{}", &[]);
    let odd = request(b"{}", &[("guildhall-organization", b"\xff")]);
    for (key, secret) in [("a", other), ("c", SECRET), ("c", "")] {
        let header = signed(secret, key, KURT, now());
        assert_eq!(refusal(&header, &sound), UNFIT, "{key}");
        assert_eq!(refusal(&header, &odd), "a signed header has characters beyond visible ASCII", "{key}");
    }
}

#[test]
fn both_keys_count_while_they_are_exchanged() {
    let upstreams = upstreams(&[]);
    let header = signed(&SECRET.replace('a', "b"), "b", KURT, now());
    assert!(verify(&upstreams, ORIGIN, (&header, &request(b"{}", &[])), now()).is_ok());
    assert!(UpstreamKey::new("a", "short").is_none() && UpstreamKey::new("a.b", SECRET).is_none());
    assert!(!format!("{upstreams:?}").contains("secret"));
}

#[test]
fn a_signature_counts_for_a_minute() {
    let upstreams = upstreams(&[]);
    let at = |seconds: i64| {
        let header = signed(SECRET, "a", KURT, now().plus_seconds(seconds));
        let verified = verify(&upstreams, ORIGIN, (&header, &request(b"{}", &[])), now());
        verified.map(|_| ()).map_err(|denial| denial.detail.clone().into_owned())
    };
    assert!(at(0).is_ok() && at(-LIFETIME).is_ok() && at(LEEWAY).is_ok());
    assert_eq!(at(-61).unwrap_err(), "signed 61 s ago; a signature counts for 60 s");
    assert_eq!(at(31).unwrap_err(), "signed 31 s in the future; 30 s are allowed for clocks that differ");
}

#[test]
fn what_the_entry_does_not_allow_is_refused() {
    let all = Vouch::ALL;
    for (principal, vouch) in [
        (r#"{"userId": "kurt", "email": "kurt@nirvana.example", "emailVerified": true}"#, Vouch::Email),
        (r#"{"userId": "kurt", "mfa": true}"#, Vouch::Mfa),
        (r#"{"userId": "kurt", "signedInAt": "2026-01-01T00:00:00Z"}"#, Vouch::SignIn),
        (r#"{"userId": "kurt", "kind": "service"}"#, Vouch::Service),
        (r#"{"userId": "kurt", "kind": "platform_admin"}"#, Vouch::PlatformAdmin),
    ] {
        assert!(stated(principal, &[vouch]).is_ok());
        let others: Vec<Vouch> = all.iter().copied().filter(|other| *other != vouch).collect();
        let expected = format!("`proxy` may not vouch for `{}`: see `mayVouch`", vouch.as_str());
        assert_eq!(stated(principal, &others).unwrap_err(), expected);
    }
    let plain = stated(r#"{"userId": "kürt", "email": "kurt@nirvana.example", "name": "Kurt", "kind": "user"}"#, &[]);
    let plain = plain.unwrap();
    assert!(plain.user_id.as_str() == "up|kürt" && plain.verified_email().is_none());
}

#[test]
fn a_wrong_principal_is_refused_with_its_field() {
    for (principal, expected) in [
        ("{}", "the principal `userId`: `userId` is missing"),
        (r#"{"userId": ""}"#, "the principal `userId`: it is empty"),
        (r#"{"userId": 7}"#, "the principal `userId`: a text is expected"),
        (r#"{"userId": "kurt", "userId": "krist"}"#, "each name once"),
        (r#"{"userId": "kurt", "admin": true}"#, "the principal `admin`: it is not known here"),
        (r#"{"userId": "kurt", "mfa": "yes"}"#, "the principal `mfa`: true or false is expected"),
        (r#"{"userId": "kurt", "kind": "owner"}"#, "the principal `kind`: there is no `owner`"),
        (r#"{"userId": "kurt", "kind": "system"}"#, "no caller is of the kind `system`"),
        (r#"{"userId": "kurt", "emailVerified": true}"#, "without `email`"),
        (r#"["kurt"]"#, "an object is expected"),
        ("kurt", "each name once"),
    ] {
        let all = [Vouch::Email, Vouch::Mfa, Vouch::PlatformAdmin];
        let said = stated(principal, &all).unwrap_err();
        assert!(said.contains(expected), "{principal}: {said}");
    }
}
