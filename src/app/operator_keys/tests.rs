use super::*;

fn now() -> Timestamp {
    Timestamp::from_millis(1_767_225_600_000)
}

fn key() -> String {
    key_of(&[7; 32])
}

fn digest(key: &str) -> String {
    crate::domain::encoding::hex(&Hash::hash(key.as_bytes()))
}

fn keys(more: &str) -> Result<OperatorKeys, String> {
    OperatorKeys::read(&format!(r#"[{{"name": "backend", "digest": "{}"{more}}}]"#, digest(&key())))
}

fn grant(more: &str) -> OperatorGrant {
    keys(more).unwrap().grant(&key(), now()).unwrap()
}

#[test]
fn a_key_is_taken_in_its_one_form_alone() {
    assert_eq!(key(), "gho_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcIs3Kuy");
    assert!(key().len() == 53 && is_well_formed(&key()));
    let cut = key().chars().take(52).collect::<String>();
    let other = key().replace("gho_B", "gho_C");
    let long = key() + "A";
    for text in ["", "gho_", &cut, &other, &long, &key().to_uppercase(), &key().replace("gho_", "ghi_"), "gho_ü"] {
        assert!(!is_well_formed(text), "{text}");
        let refused = keys(r#", "scopes": ["read"]"#).unwrap().grant(text, now()).unwrap_err();
        assert!(refused.reason == Reason::Unauthenticated && refused.detail.contains("malformed"), "{text}");
    }
}

#[test]
fn a_key_is_found_in_a_header_whatever_stands_around_it() {
    let key = key();
    for (before, after) in
        [("", ""), ("Bearer ", ""), ("Bearer \t", " "), ("", ",x"), ("\"", "\""), ("t=", ";"), ("x", "x")]
    {
        assert!(is_in([before, key.as_str(), after].concat().as_bytes()), "{before}…{after}");
    }
    assert!(is_in(&[b"Bearer \xff", key.as_bytes(), b"\xff"].concat()));
    let cut = key.chars().take(52).collect::<String>();
    for text in ["", "Bearer gho_", &cut, &key.replace("gho_B", "gho_C"), "gho_16C7e42F292c6912E7710c838347Ae178B4a"] {
        assert!(!is_in(text.as_bytes()), "{text}");
    }
}

#[test]
fn an_undeclared_or_ended_key_is_refused_with_the_reason() {
    let declared = keys(r#", "scopes": ["read"], "until": "2026-01-01T00:00:00Z""#).unwrap();
    let said =
        |key: &str, now: Timestamp| declared.grant(key, now).map_err(|denial| denial.detail.clone().into_owned());
    assert!(said(&key(), now().plus_seconds(-1)).is_ok());
    assert_eq!(said(&key(), now()).unwrap_err(), "the operator key `backend` ended at 2026-01-01T00:00:00.000Z");
    assert_eq!(said(&key_of(&[8; 32]), now()).unwrap_err(), "the operator key is not declared");
}

#[test]
fn a_mistake_in_the_setting_is_named_with_its_place() {
    for (more, expected) in [
        ("", "OPERATOR_KEYS[0].scopes: `scopes` is missing"),
        (r#", "scopes": []"#, "OPERATOR_KEYS[0].scopes: a key without a scope opens nothing"),
        (r#", "scopes": "read""#, "OPERATOR_KEYS[0].scopes: a list of texts is expected"),
        (
            r#", "scopes": ["admin"]"#,
            "OPERATOR_KEYS[0].scopes: `admin` is unknown; possible are `read`, `act-as`, `organizations`, `erase`",
        ),
        (
            r#", "scopes": ["act-as"], "vouches": ["platform_admin"]"#,
            "OPERATOR_KEYS[0].vouches: `platform_admin` is unknown; possible are `email`, `mfa`, `sign_in`",
        ),
        (
            r#", "scopes": ["read"], "until": "soon""#,
            "OPERATOR_KEYS[0].until: RFC 3339 text, or milliseconds since 1970, is expected",
        ),
        (r#", "scopes": ["read"], "ends": 1"#, "OPERATOR_KEYS[0].ends: it is not known here"),
        (
            r#", "scopes": ["read"], "scopes": ["erase"]"#,
            "a JSON list of objects is expected, each name once in an object",
        ),
    ] {
        assert_eq!(keys(more).unwrap_err(), expected);
    }
    let short = OperatorKeys::read(r#"[{"name": "a", "digest": "ab", "scopes": ["read"]}]"#).unwrap_err();
    assert_eq!(short, "OPERATOR_KEYS[0].digest: the SHA-256 of the key in 64 hexadecimal digits is expected");
    let one = format!(r#"{{"name": "a", "digest": "{}", "scopes": ["read"]}}"#, digest(&key()));
    let twice = OperatorKeys::read(&format!("[{one}, {one}]")).unwrap_err();
    assert_eq!(twice, "OPERATOR_KEYS[1].digest: the same key is declared twice");
    assert!(OperatorKeys::read("[]").unwrap().is_empty() && OperatorKeys::read("{}").is_err());
}

#[test]
fn a_user_is_acted_as_with_the_scope_alone() {
    let refused =
        acted(&grant(r#", "scopes": ["read", "organizations", "erase"]"#), ("kurt", None), now()).unwrap_err();
    assert_eq!(refused.reason, Reason::PermissionDenied);
    let kurt = acted(&grant(r#", "scopes": ["act-as"]"#), ("auth0|kurt%20%2C%C3%BC", None), now()).unwrap();
    assert_eq!((kurt.user_id.as_str(), kurt.kind), ("auth0|kurt ,ü", PrincipalKind::User));
    assert!(kurt.email.is_none() && !kurt.email_verified && !kurt.mfa);
}

#[test]
fn ids_of_the_installation_and_malformed_ids_are_not_acted_as() {
    let grant = grant(r#", "scopes": ["act-as"]"#);
    for (id, reason) in [
        ("guildhall:clock", Reason::PermissionDenied),
        ("guildhall%3Aoperator:backend", Reason::PermissionDenied),
        ("registration:1", Reason::PermissionDenied),
        ("", Reason::InvalidValue),
        ("me", Reason::InvalidValue),
        ("%2e", Reason::InvalidValue),
        ("kurt, krist", Reason::InvalidValue),
        ("kurt,krist", Reason::InvalidValue),
        ("%00", Reason::InvalidValue),
        ("%ff", Reason::InvalidValue),
        ("%20kurt", Reason::InvalidValue),
        ("kürt", Reason::InvalidValue),
        (&"a".repeat(129), Reason::InvalidValue),
    ] {
        assert_eq!(acted(&grant, (id, None), now()).unwrap_err().reason, reason, "{id}");
    }
}

#[test]
fn an_address_is_proven_only_by_a_key_that_vouches_for_it() {
    let plain = grant(r#", "scopes": ["act-as"]"#);
    assert_eq!(
        acted(&plain, ("kurt", Some("kurt@nirvana.example")), now()).unwrap_err().reason,
        Reason::PermissionDenied
    );
    let vouching = grant(r#", "scopes": ["act-as"], "vouches": ["email", "mfa"]"#);
    let kurt = acted(&vouching, ("kurt", Some("kurt@nirvana.example")), now()).unwrap();
    assert!(kurt.verified_email().is_some() && kurt.mfa);
    assert!(acted(&vouching, ("kurt", None), now()).unwrap().verified_email().is_none());
    assert_eq!(
        acted(&vouching, ("kurt", Some("nobody")), now()).unwrap_err().param.as_deref(),
        Some("Guildhall-Act-As-Email")
    );
}
