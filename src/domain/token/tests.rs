//! The rules together, on tokens whose signatures are never looked at.

use super::*;
use crate::domain::encoding::base64url;
use crate::domain::principal::{Principal, PrincipalKind};
use crate::domain::time::Timestamp;
use serde_json::{Value, json};

const NOW: u64 = 1_800_000_000;

fn now() -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000)
}

/// A token with a signature that is one byte.
fn token(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| base64url(value.to_string().as_bytes());
    format!("{}.{}.AA", part(header), part(claims))
}

fn read(header: Value, claims: Value) -> Result<Unverified, TokenFault> {
    Unverified::read(&token(&header, &claims))
}

fn sound() -> Value {
    json!({"iss": "https://id.example", "sub": "kurt", "aud": "app", "exp": NOW + 60, "iat": NOW})
}

/// The sound claims with some others; null takes a claim away.
fn with(changes: Value) -> Value {
    let mut claims = sound();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name.as_str()] = value.clone(),
        }
    }
    claims
}

fn issuer() -> Issuer {
    Issuer {
        name: "id".to_owned(),
        issuers: vec!["https://id.example".to_owned()],
        keys: KeySource::Inline(KeySet::default()),
        algorithms: Algorithm::ALL.to_vec(),
        audience: Audience::OneOf(vec!["app".to_owned()]),
        authorized_parties: Vec::new(),
        client_ids: Vec::new(),
        uses: Vec::new(),
        leeway: Leeway::default(),
        users: UserPrefixes::default(),
        claims: ClaimRules::default(),
    }
}

fn judged(claims: Value, issuer: &Issuer) -> Result<Principal, (&'static str, String)> {
    let token = read(json!({"alg": "RS256"}), claims);
    token
        .and_then(|token| judge(&token, issuer, now()))
        .map_err(|fault| (fault.code().as_str(), fault.detail().to_owned()))
}

fn refusal(claims: Value, issuer: &Issuer) -> (&'static str, String) {
    judged(claims, issuer).unwrap_err()
}

fn says(code: &'static str, detail: &str) -> (&'static str, String) {
    (code, detail.to_owned())
}

#[test]
fn sound_token_names_a_principal() {
    let claims =
        with(json!({"email": "Kurt@Example.com", "email_verified": true, "name": "Kurt", "amr": ["pwd", "otp"]}));
    let principal = judged(claims, &issuer()).unwrap();
    assert_eq!(principal.user_id.as_str(), "kurt");
    assert_eq!(principal.verified_email().map(|email| email.canonical()), Some("kurt@example.com"));
    assert_eq!(principal.name.as_ref().map(|name| name.as_str()), Some("Kurt"));
    assert_eq!((principal.mfa, principal.kind), (true, PrincipalKind::User));
}

#[test]
fn wrong_audience_is_named_with_what_is_expected_and_found() {
    let one = issuer();
    let found = refusal(with(json!({"aud": ["other", "third"]})), &one);
    assert_eq!(found, says("token_wrong_audience", "wrong audience, expected `app`, found `other` and `third`"));
    let found = refusal(with(json!({"aud": null})), &one);
    assert_eq!(found, says("token_claim_missing", "the claim `aud` is missing, expected `app`"));
    assert_eq!(refusal(with(json!({"aud": [1]})), &one).0, "token_claim_invalid");
    assert!(judged(with(json!({"aud": ["other", "app"]})), &one).is_ok());
    let any = Issuer { audience: Audience::Unchecked, ..issuer() };
    assert!(judged(with(json!({"aud": null})), &any).is_ok() && any.accepts_any_audience());
}

#[test]
fn party_and_client_are_required_where_they_are_configured() {
    let clerk = Issuer {
        audience: Audience::Unchecked,
        authorized_parties: vec!["https://app.example".to_owned()],
        ..issuer()
    };
    assert!(judged(with(json!({"azp": "https://app.example"})), &clerk).is_ok() && !clerk.accepts_any_audience());
    assert_eq!(refusal(with(json!({"azp": "https://evil.example"})), &clerk).0, "token_wrong_party");
    assert_eq!(refusal(sound(), &clerk).0, "token_claim_missing");
    let cognito =
        Issuer { client_ids: vec!["c1".to_owned()], uses: vec![Condition::is("token_use", &["access"])], ..issuer() };
    assert!(judged(with(json!({"client_id": "c1", "token_use": "access"})), &cognito).is_ok());
    assert_eq!(refusal(with(json!({"client_id": "c2", "token_use": "access"})), &cognito).0, "token_wrong_client");
    let found = refusal(with(json!({"client_id": "c1", "token_use": "id"})), &cognito);
    assert_eq!(found, says("token_wrong_use", "wrong `token_use`, expected `access`, found \"id\""));
}

#[test]
fn times_count_at_their_edges() {
    let one = issuer();
    assert_eq!(refusal(with(json!({"exp": NOW - 42})), &one), says("token_expired", "expired 42 s ago"));
    assert_eq!(refusal(with(json!({"exp": NOW - 30})), &one).0, "token_expired");
    assert!(judged(with(json!({"exp": NOW - 29})), &one).is_ok());
    for claim in ["nbf", "iat"] {
        assert!(judged(with(json!({claim: NOW + 30})), &one).is_ok());
        assert_eq!(refusal(with(json!({claim: NOW + 31})), &one).0, "token_not_yet_valid");
        assert_eq!(refusal(with(json!({claim: -1})), &one).0, "token_claim_invalid");
    }
    let strict = Issuer { leeway: Leeway::new(0).unwrap(), ..issuer() };
    assert_eq!(refusal(with(json!({"exp": NOW})), &strict), says("token_expired", "expired 0 s ago"));
    assert!(judged(with(json!({"exp": NOW + 1})), &strict).is_ok());
    assert_eq!(Leeway::new(121), None);
}

#[test]
fn required_claims_are_required() {
    for claim in ["iss", "exp", "sub"] {
        let detail = format!("the claim `{claim}` is missing");
        assert_eq!(refusal(with(json!({claim: null})), &issuer()), says("token_claim_missing", &detail));
        let number = if claim == "exp" { json!("1") } else { json!(1) };
        assert_eq!(refusal(with(json!({claim: number})), &issuer()).0, "token_claim_invalid");
    }
    assert_eq!(refusal(with(json!({"sub": ""})), &issuer()).0, "token_claim_invalid");
    assert_eq!(refusal(with(json!({"sub": "guildhall:clock"})), &issuer()).0, "token_user_refused");
    assert_eq!(refusal(with(json!({"iss": "https://id.example/"})), &issuer()).0, "token_wrong_issuer");
}

#[test]
fn token_for_another_purpose_is_refused() {
    for claim in ["events", "nonce", "cnf"] {
        assert_eq!(refusal(with(json!({claim: "x"})), &issuer()).0, "token_not_a_credential");
    }
    for typ in ["logout+jwt", "guildhall-pass+jwt", "guildhall-passport+jwt", "dpop+jwt", "application/secevent+jwt"] {
        let fault = read(json!({"alg": "EdDSA", "typ": typ}), sound()).unwrap_err();
        assert_eq!(fault.code(), TokenFaultCode::NotACredential, "{typ}");
    }
    for typ in ["JWT", "at+jwt", "application/at+jwt", "AT+JWT"] {
        assert!(read(json!({"alg": "RS256", "typ": typ}), sound()).is_ok(), "{typ}");
    }
}

#[test]
fn header_that_chooses_its_own_key_is_refused() {
    for name in ["crit", "jku", "jwk", "x5u", "x5c", "b64"] {
        let fault = read(json!({"alg": "RS256", name: "x"}), sound()).unwrap_err();
        assert_eq!(fault.code(), TokenFaultCode::HeaderRefused, "{name}");
    }
    for alg in ["none", "HS256", "ES512", ""] {
        assert_eq!(read(json!({"alg": alg}), sound()).unwrap_err().code(), TokenFaultCode::AlgorithmRefused, "{alg}");
    }
    assert_eq!(read(json!({}), sound()).unwrap_err().code(), TokenFaultCode::AlgorithmRefused);
}

#[test]
fn other_shapes_are_no_tokens() {
    let whole = token(&json!({"alg": "RS256"}), &sound());
    for text in ["", "a", "a.b", "..", &format!("{whole}="), &format!("{whole}.x"), &format!(".{whole}"), "a.b.c.d.e"] {
        assert_eq!(Unverified::read(text).unwrap_err().code(), TokenFaultCode::Malformed, "{text}");
    }
    let long = token(&json!({"alg": "RS256"}), &with(json!({"x": "x".repeat(8192)})));
    assert_eq!(Unverified::read(&long).unwrap_err().code(), TokenFaultCode::TooLong);
    let twice = base64url(br#"{"iss":"a","iss":"b"}"#);
    let header = base64url(br#"{"alg":"RS256"}"#);
    let fault = Unverified::read(&format!("{header}.{twice}.AA")).unwrap_err();
    assert_eq!(fault.code(), TokenFaultCode::DuplicateName);
}

#[test]
fn address_is_proven_by_true_alone() {
    for (value, proven) in [
        (json!(true), true),
        (json!("true"), true),
        (json!(false), false),
        (json!("false"), false),
        (json!("TRUE"), false),
        (json!(1), false),
        (json!(null), false),
    ] {
        let claims = with(json!({"email": "kurt@example.com", "email_verified": value}));
        assert_eq!(judged(claims, &issuer()).unwrap().email_verified, proven);
    }
    let delegated =
        with(json!({"email": "kurt@example.com", "email_verified": true, "amr": ["mfa"], "act": {"sub": "x"}}));
    let principal = judged(delegated, &issuer()).unwrap();
    assert!(!principal.email_verified && !principal.mfa);
    assert_eq!(judged(with(json!({"email": "no address", "name": "\n"})), &issuer()).unwrap().email, None);
}

#[test]
fn program_is_told_from_a_person() {
    for claims in [json!({"gty": "client-credentials"}), json!({"client_id": "kurt"}), json!({"azp": "kurt"})] {
        assert_eq!(judged(with(claims), &issuer()).unwrap().kind, PrincipalKind::Service);
    }
    let rules = ClaimRules { service_id: Some(ClaimPath::of("common_name")), ..ClaimRules::default() };
    let access = Issuer { claims: rules, ..issuer() };
    let principal = judged(with(json!({"sub": "", "common_name": "machine.access"})), &access).unwrap();
    assert_eq!((principal.user_id.as_str(), principal.kind), ("service:machine.access", PrincipalKind::Service));
    assert_eq!(refusal(with(json!({"sub": ""})), &access).0, "token_claim_invalid");
}

#[test]
fn platform_admin_is_named_by_a_claim_and_its_value() {
    let path = ClaimPath::parse(vec!["realm_access".to_owned(), "roles".to_owned()]).unwrap();
    let admin = Condition { path, test: Test::Is(vec!["guildhall-admin".to_owned()]) };
    let one = Issuer { claims: ClaimRules { platform_admin: Some(admin), ..ClaimRules::default() }, ..issuer() };
    let kind = |roles: Value| judged(with(json!({"realm_access": {"roles": roles}})), &one).unwrap().kind;
    assert_eq!(kind(json!(["x", "guildhall-admin"])), PrincipalKind::PlatformAdmin);
    assert_eq!(kind(json!("guildhall-admin")), PrincipalKind::PlatformAdmin);
    for other in
        [json!(["guildhall-admin "]), json!([["guildhall-admin"]]), json!({"guildhall-admin": true}), json!([])]
    {
        assert_eq!(kind(other), PrincipalKind::User);
    }
}

#[test]
fn second_factor_of_clerk_is_an_age_that_is_not_negative() {
    let age = Condition { path: ClaimPath::of("fva"), test: Test::NotNegativeAt(1) };
    let one = Issuer { claims: ClaimRules { mfa: vec![age], ..ClaimRules::default() }, ..issuer() };
    let mfa = |fva: Value| judged(with(json!({"fva": fva})), &one).unwrap().mfa;
    assert!(mfa(json!([3, 0])) && mfa(json!([3, 12])));
    assert!(!mfa(json!([3, -1])) && !mfa(json!([3])) && !mfa(json!("x")));
}

#[test]
fn claim_that_must_be_absent_or_of_another_value_is_judged_with_what_is_expected() {
    let expected = |test: Test, status: Value| {
        let uses = vec![Condition { path: ClaimPath::of("status"), test }];
        judged(with(json!({"status": status})), &Issuer { uses, ..issuer() }).map_err(|(_, detail)| detail)
    };
    let texts = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    for (test, right, wrong, said) in [
        (Test::Not(texts(&["x"])), json!("y"), json!("x"), "anything but `x`, found \"x\""),
        (Test::Not(texts(&["true"])), json!(false), json!(true), "anything but `true`, found true"),
        (Test::AbsentOr(texts(&["x"])), json!("x"), json!("y"), "no value or `x`, found \"y\""),
        (Test::AbsentOr(Vec::new()), Value::Null, json!("y"), "no value, found \"y\""),
        (Test::EndsWith("@x"), json!("a@x"), json!(["a@x"]), "another value, found [\"a@x\"]"),
    ] {
        let is_optional = !matches!(test, Test::EndsWith(_));
        assert!(expected(test.clone(), right).is_ok(), "{test:?}");
        assert_eq!(expected(test.clone(), Value::Null).is_ok(), is_optional, "{test:?}");
        assert_eq!(expected(test, wrong).unwrap_err(), format!("wrong `status`, expected {said}"));
    }
}

/// RFC 8037, A.2.
const ED: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

fn ed(changes: Value) -> Value {
    let mut key = json!({"kty": "OKP", "crv": "Ed25519", "x": ED});
    for (name, value) in changes.as_object().unwrap() {
        key[name.as_str()] = value.clone();
    }
    key
}

/// A number with the highest and the lowest bit set, in so many bytes behind zeros.
fn odd(bytes: usize, zeros: usize) -> String {
    let mut number = vec![0; zeros];
    number.extend(vec![0xab; bytes]);
    base64url(&number)
}

fn rsa(changes: Value) -> Value {
    let mut key = json!({"kty": "RSA", "n": odd(256, 0), "e": "AQAB"});
    for (name, value) in changes.as_object().unwrap() {
        key[name.as_str()] = value.clone();
    }
    key
}

fn set(keys: &[Value]) -> KeySet {
    KeySet::parse(&json!({"keys": keys}).to_string()).unwrap()
}

#[test]
fn key_is_imported_with_the_members_of_its_type_alone() {
    let read = set(&[ed(json!({"kid": "a", "alg": "Ed25519", "use": "sig", "key_ops": ["verify"], "x5c": ["x"]}))]);
    let expected = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{ED}"}}"#);
    assert_eq!(read.keys().iter().map(SigningKey::jwk).collect::<Vec<_>>(), [expected]);
    let zeros = set(&[rsa(json!({"n": odd(256, 2)})), rsa(json!({}))]);
    assert_eq!(zeros.keys().len(), 1, "zeros in front make no other key");
}

#[test]
fn key_of_no_use_is_skipped_with_a_reason() {
    let skipped = [
        ed(json!({"d": "x"})),
        json!({"kty": "oct", "k": "AAAA"}),
        ed(json!({"use": "enc"})),
        ed(json!({"key_ops": []})),
        ed(json!({"key_ops": ["sign"]})),
        ed(json!({"alg": "RS256"})),
        ed(json!({"alg": "RSA-OAEP"})),
        ed(json!({"crv": "X25519"})),
        ed(json!({"x": "AAAA"})),
        ed(json!({"x": base64url(&[0; 32])})),
        ed(json!({"kid": 1})),
        json!({"kty": "AKP", "alg": "ML-DSA-44"}),
        json!({"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"}),
        json!({"kty": "EC", "crv": "P-256", "x": ED, "y": odd(48, 0)}),
        rsa(json!({"n": odd(255, 1)})),
        rsa(json!({"n": odd(1025, 0)})),
        rsa(json!({"e": "Ag"})),
        rsa(json!({"e": "AQ"})),
        rsa(json!({"n": format!("{}=", odd(256, 0))})),
        json!("key"),
    ];
    let read = set(&skipped);
    assert_eq!((read.keys().len(), read.skipped().len()), (0, skipped.len()));
    assert!(read.skipped()[0].is_private() && read.skipped()[1].is_private() && !read.skipped()[2].is_private());
    assert_eq!(set(&[rsa(json!({"n": odd(1024, 0)})), rsa(json!({"n": odd(256, 0)}))]).keys().len(), 2);
}

#[test]
fn text_that_is_no_key_set_is_refused() {
    for (text, fault) in [
        ("<html>", KeySetFault::NotAnObject),
        ("[]", KeySetFault::NotAnObject),
        ("{}", KeySetFault::NoKeys),
        (r#"{"keys":{}}"#, KeySetFault::NoKeys),
        (r#"{"keys":[],"keys":[]}"#, KeySetFault::DuplicateName),
    ] {
        assert_eq!(KeySet::parse(text), Err(fault), "{text}");
    }
    let many = format!(r#"{{"keys":[{}1]}}"#, "1,".repeat(KeySet::MAX_KEYS));
    assert_eq!(KeySet::parse(&many), Err(KeySetFault::TooMany));
    assert_eq!(KeySet::parse(&" ".repeat(KeySet::MAX_BYTES + 1)), Err(KeySetFault::TooLarge));
}

/// What a set has for a token: the `kid` of the key with its algorithm, `unknown`, or the code of a refusal.
fn choice(keys: &[Value], header: Value, allowed: &[Algorithm]) -> String {
    let (set, token) = (set(keys), read(header, sound()).unwrap());
    match set.choose(&token, allowed) {
        Choice::Key(key, algorithm) => format!("{} {}", key.kid().unwrap_or("-"), algorithm.as_str()),
        Choice::Unknown => "unknown".to_owned(),
        Choice::Refused(fault) => fault.code().as_str().to_owned(),
    }
}

#[test]
fn key_and_token_may_call_ed25519_by_either_name() {
    for key in [json!({"kid": "a"}), json!({"kid": "a", "alg": "EdDSA"}), json!({"kid": "a", "alg": "Ed25519"})] {
        for alg in ["EdDSA", "Ed25519"] {
            let found = choice(&[ed(key.clone())], json!({"alg": alg, "kid": "a"}), Algorithm::ALL);
            assert_eq!(found, "a EdDSA");
        }
    }
}

#[test]
fn algorithm_is_the_one_of_the_key() {
    let (all, header) = (Algorithm::ALL, |alg: &str| json!({"alg": alg, "kid": "a"}));
    let plain = [rsa(json!({"kid": "a"}))];
    assert_eq!(choice(&plain, header("RS256"), all), "a RS256");
    assert_eq!(choice(&plain, header("PS256"), all), "token_algorithm_refused");
    assert_eq!(choice(&plain, header("PS256"), &[Algorithm::Ps256]), "a PS256");
    assert_eq!(choice(&plain, header("ES256"), all), "token_algorithm_refused");
    assert_eq!(choice(&plain, header("RS256"), &[Algorithm::Es256]), "token_algorithm_refused");
    let stated = [rsa(json!({"kid": "a", "alg": "RS512"}))];
    assert_eq!(choice(&stated, header("RS512"), all), "a RS512");
    assert_eq!(choice(&stated, header("RS256"), all), "token_algorithm_refused");
    assert_eq!(choice(&stated, header("RS512"), &[Algorithm::Rs256]), "token_algorithm_refused");
}

#[test]
fn key_is_found_by_its_name_or_because_it_is_the_only_one() {
    let (all, named, nameless) = (Algorithm::ALL, json!({"alg": "EdDSA", "kid": "a"}), json!({"alg": "EdDSA"}));
    let other = ed(json!({"x": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "kid": "b"}));
    assert_eq!(choice(&[], named.clone(), all), "unknown");
    assert_eq!(choice(&[ed(json!({"kid": "b"}))], named.clone(), all), "unknown");
    assert_eq!(choice(&[ed(json!({}))], named.clone(), all), "- EdDSA");
    assert_eq!(choice(&[ed(json!({})), other.clone()], named.clone(), all), "unknown");
    assert_eq!(choice(&[ed(json!({})), rsa(json!({"kid": "r"}))], named.clone(), all), "- EdDSA");
    assert_eq!(choice(&[ed(json!({"kid": "a"}))], nameless.clone(), all), "a EdDSA");
    assert_eq!(choice(&[ed(json!({})), other.clone()], nameless.clone(), all), "- EdDSA");
    assert_eq!(choice(&[ed(json!({"kid": "a"})), other.clone()], nameless, all), "unknown");
    let mut same = other;
    same["kid"] = json!("a");
    assert_eq!(choice(&[ed(json!({"kid": "a"})), same], named.clone(), all), "token_unknown_key");
    assert_eq!(choice(&[ed(json!({"kid": "a"})), rsa(json!({"kid": "a"}))], named, all), "a EdDSA");
}

#[test]
fn empty_key_set_is_explained() {
    let token = read(json!({"alg": "RS256", "kid": "a"}), sound()).unwrap();
    assert!(KeySet::default().unknown_key(&token).detail().contains("HS256"));
    assert_eq!(set(&[ed(json!({}))]).unknown_key(&token).detail(), "no key of the issuer is called `a`");
}
