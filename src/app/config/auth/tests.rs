//! Entries of JWT issuers: what each type knows, and how a mistake is named.

use super::list::auth;
use super::{AuthSettings, Channel};
use crate::app::config::Settings;
use crate::domain::token::{Algorithm, Audience, ClaimPath, Condition, Issuer, KeySource, Proof, Test};
use serde_json::{Value, json};

fn read(value: &Value) -> Result<AuthSettings, String> {
    let settings = Settings { auth: Some(value.to_string()), ..Settings::default() };
    auth(&settings, "https://guildhall.example").map_err(|error| error.to_string())
}

fn one(value: Value) -> Issuer {
    read(&value).unwrap().issuer(0).unwrap().clone()
}

fn mistake(value: Value) -> String {
    read(&value).unwrap_err().replace("the setting AUTH is wrong: ", "")
}

/// Issuers, the address of the keys, and the audiences.
fn known(value: Value) -> (Vec<String>, String, Vec<String>) {
    let issuer = one(value);
    let keys = match issuer.keys {
        KeySource::Url(url) => url,
        KeySource::Discovery(url) => format!("discovery of {url}"),
        KeySource::Inline(_) => "inline".to_owned(),
    };
    let audience = match issuer.audience {
        Audience::OneOf(audiences) => audiences,
        Audience::ByKeySet => vec!["(key set)".to_owned()],
        Audience::Unchecked => vec!["(none)".to_owned()],
    };
    (issuer.issuers, keys, audience)
}

/// An entry, its issuers, where its keys are, and its audience.
const SIGN_INS: &[(&str, &[&str], &str, &str)] = &[
    (
        r#"{"type": "oidc", "issuer": "https://id.example/", "audience": "api"}"#,
        &["https://id.example/"],
        "discovery of https://id.example/",
        "api",
    ),
    (
        r#"{"type": "clerk", "issuer": "https://clerk.example.com", "authorizedParties": "https://app.example.com"}"#,
        &["https://clerk.example.com"],
        "https://clerk.example.com/.well-known/jwks.json",
        "(none)",
    ),
    (
        r#"{"type": "auth0", "domain": "example.eu.auth0.com", "audience": "https://api.example.com"}"#,
        &["https://example.eu.auth0.com/"],
        "https://example.eu.auth0.com/.well-known/jwks.json",
        "https://api.example.com",
    ),
    (
        r#"{"type": "cognito", "userPool": "eu-west-1_AbC", "clientIds": ["7client"]}"#,
        &["https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC"],
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC/.well-known/jwks.json",
        "(none)",
    ),
    (
        r#"{"type": "firebase", "project": "my-project"}"#,
        &["https://securetoken.google.com/my-project"],
        "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
        "my-project",
    ),
    (
        r#"{"type": "supabase", "project": "abcdefghijklmnopqrst"}"#,
        &["https://abcdefghijklmnopqrst.supabase.co/auth/v1"],
        "https://abcdefghijklmnopqrst.supabase.co/auth/v1/.well-known/jwks.json",
        "authenticated",
    ),
    (
        r#"{"type": "entra", "tenant": "72f988bf-86f1-41af-91ab-2d7cd011db47", "audience": "client"}"#,
        &["https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0"],
        "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/discovery/v2.0/keys",
        "client",
    ),
    (
        r#"{"type": "keycloak", "issuer": "https://sso.example.com/realms/main", "audience": "guildhall"}"#,
        &["https://sso.example.com/realms/main"],
        "https://sso.example.com/realms/main/protocol/openid-connect/certs",
        "guildhall",
    ),
    (
        r#"{"type": "workos", "clientId": "client_1"}"#,
        &["https://api.workos.com", "https://api.workos.com/", "https://api.workos.com/user_management/client_1"],
        "https://api.workos.com/sso/jwks/client_1",
        "(key set)",
    ),
    (
        r#"{"type": "workos", "clientId": "client_1", "issuer": "https://auth.example.com/"}"#,
        &["https://auth.example.com/"],
        "https://api.workos.com/sso/jwks/client_1",
        "(key set)",
    ),
    (
        r#"{"type": "better-auth", "issuer": "https://app.example.com"}"#,
        &["https://app.example.com"],
        "https://app.example.com/api/auth/jwks",
        "https://app.example.com",
    ),
    (
        r#"{"type": "cloudflare-access", "team": "my-team", "audience": "32ea"}"#,
        &["https://my-team.cloudflareaccess.com"],
        "https://my-team.cloudflareaccess.com/cdn-cgi/access/certs",
        "32ea",
    ),
];

#[test]
fn one_line_configures_each_sign_in() {
    for (text, issuers, keys, audience) in SIGN_INS {
        let entry: Value = serde_json::from_str(text).unwrap();
        let expected =
            (issuers.iter().map(|iss| (*iss).to_owned()).collect(), (*keys).to_owned(), vec![(*audience).to_owned()]);
        assert_eq!(known(entry.clone()), expected, "{entry}");
        assert!(!one(entry).accepts_any_audience());
    }
    let access = read(&json!({"type": "access", "team": "my-team", "audience": "32ea"})).unwrap();
    assert!(access.takes(Channel::Access) && !access.takes(Channel::Authorization));
}

#[test]
fn field_of_an_entry_stands_above_what_its_type_knows() {
    let issuer = one(json!({
        "type": "supabase", "issuer": "https://auth.example.com/auth/v1", "jwksUrl": "https://keys.example.com/set",
        "audience": "none", "algorithms": ["RS256"], "leeway": 0, "name": "main", "users": "sb:",
        "claims": {
            "userId": "user", "email": ["app_metadata", "email"], "emailVerified": "always", "name": false,
            "mfa": [{"claim": "amr", "value": "totp"}, {"claim": "acr", "values": ["a", "b"]}],
            "kind": {"claim": "app_metadata", "value": true},
            "platformAdmin": {"claim": ["app_metadata", "role"], "value": "operator"},
        },
    }));
    assert_eq!((issuer.name.as_str(), issuer.users.own().as_str(), issuer.leeway.seconds()), ("main", "sb:", 0));
    assert_eq!(issuer.algorithms, [Algorithm::Rs256]);
    assert!(issuer.accepts_any_audience());
    assert_eq!(issuer.claims.user_id, ClaimPath::of("user"));
    assert_eq!(issuer.claims.email.unwrap().names(), ["app_metadata", "email"]);
    assert_eq!((issuer.claims.email_verified, issuer.claims.name), (Proof::Always, None));
    assert_eq!(issuer.claims.mfa.len(), 2);
    assert_eq!(issuer.claims.service[0].test, Test::Is(vec!["true".to_owned()]));
    assert_eq!(issuer.claims.platform_admin.unwrap().path.names(), ["app_metadata", "role"]);
}

#[test]
fn users_who_sign_in_anonymously_are_refused_unless_the_operator_takes_them() {
    for entry in [
        json!({"type": "firebase", "project": "my-project"}),
        json!({"type": "supabase", "project": "abc"}),
        json!({"type": "better-auth", "issuer": "https://app.example.com"}),
    ] {
        let refusals = |entry: Value| {
            let uses = one(entry).uses;
            uses.iter().filter(|condition| matches!(condition.test, Test::Not(_))).count()
        };
        let mut taking = entry.clone();
        taking["anonymousUsers"] = json!(true);
        assert_eq!((refusals(entry), refusals(taking.clone())), (1, 0), "{taking}");
    }
}

#[test]
fn token_of_clerk_has_a_session_unless_its_template_is_for_guildhall() {
    let with_session = |audience: Value| {
        let entry = json!({"type": "clerk", "issuer": "https://clerk.example.com", "audience": audience,
            "authorizedParties": "https://app.example.com"});
        one(entry).uses.iter().any(|condition| condition.path == ClaimPath::of("sid"))
    };
    assert!(with_session(Value::Null) && !with_session(json!("guildhall")));
}

#[test]
fn client_ids_of_supabase_are_those_of_its_oauth_server_and_a_direct_session_needs_none() {
    let issuer = one(json!({"type": "supabase", "project": "abc", "clientIds": "app"}));
    assert!(issuer.client_ids.is_empty());
    let expected = Condition { path: ClaimPath::of("client_id"), test: Test::AbsentOr(vec!["app".to_owned()]) };
    assert!(issuer.uses.contains(&expected));
}

/// A sound entry with other fields; null takes one away.
fn id(more: Value) -> Value {
    let mut entry = json!({"type": "jwt", "issuer": "https://id.example", "audience": "api"});
    for (name, value) in more.as_object().unwrap() {
        entry[name.as_str()] = value.clone();
    }
    json!([entry])
}

fn mistakes(cases: impl IntoIterator<Item = (Value, &'static str)>) {
    for (entry, said) in cases {
        let found = mistake(entry.clone());
        assert!(found.starts_with(said), "{entry}:\n{found}\n{said}");
    }
}

#[test]
fn mistakes_in_an_issuer_are_named_with_their_place_and_the_nearest_word() {
    mistakes([
        (json!({"type": "clrek"}), "AUTH.type: `clrek` is no authenticator; did you mean \"clerk\"?"),
        (id(json!({"audiense": "x"})), "AUTH[0].audiense is unknown; did you mean \"audience\"?"),
        (id(json!({"issuer": null, "isuer": "x"})), "AUTH[0].isuer is unknown; did you mean \"issuer\"?"),
        (id(json!({"issuer": null})), "AUTH[0].issuer is missing"),
        (
            id(json!({"audience": null})),
            "AUTH[0].audience: it is missing: write the audience of the tokens that are for \
             Guildhall, or \"none\" to accept tokens for every application",
        ),
        (id(json!({"audience": ["none", "x"]})), "AUTH[0].audience: `none` stands alone"),
        (id(json!({"leeway": 121})), "AUTH[0].leeway: a whole number from 0 to 120 is expected"),
        (
            id(json!({"algorithms": ["RS265"]})),
            "AUTH[0].algorithms: `RS265` is not one of RS256, RS384, RS512, PS256, \
             ES256, ES384, EdDSA; did you mean \"RS256\"?",
        ),
        (id(json!({"algorithms": ["HS256"]})), "AUTH[0].algorithms: `HS256` is not one of"),
        (id(json!({"issuer": "http://id.example"})), "AUTH[0].issuer: an https address is expected"),
        (id(json!({"jwksUrl": "http://id.example/keys"})), "AUTH[0].jwksUrl: an https address is expected"),
        (
            id(json!({"jwksUrl": "https://x.example", "keys": {"keys": [{"kty": "OKP", "crv": "Ed25519",
             "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}})),
            "AUTH[0].jwksUrl: `keys` is given as well",
        ),
        (id(json!({"keys": {"keys": []}})), "AUTH[0].keys: at least one public key is expected"),
        (id(json!({"keys": []})), "AUTH[0].keys: the key set is no JSON object"),
        (
            id(json!({"keys": {"keys": [{"kty": "oct", "kid": "a", "k": "AA"}]}})),
            "AUTH[0].keys: the key `a` cannot be used: it is a private or a secret key",
        ),
        (id(json!({"users": "a b"})), "AUTH[0].users: at most 32 printable ASCII characters"),
        (id(json!({"name": "Main"})), "AUTH[0].name: an issuer's name has 1 to 64 lower-case letters"),
    ]);
}

#[test]
fn mistakes_in_claims_and_in_fields_of_a_preset_are_named() {
    mistakes([
        (id(json!({"claims": {"userid": "x"}})), "AUTH[0].claims.userid is unknown; did you mean \"userId\"?"),
        (id(json!({"claims": {"userId": []}})), "AUTH[0].claims.userId: the name of a claim is expected"),
        (id(json!({"claims": {"kind": "robot"}})), "AUTH[0].claims.kind: `user`, `service`, or an object"),
        (id(json!({"claims": {"mfa": {"claim": "amr"}}})), "AUTH[0].claims.mfa.value is missing"),
        (id(json!({"claims": {"mfa": [{"claim": "amr", "value": 1}]}})), "AUTH[0].claims.mfa[0].value: texts, true or"),
        (
            id(json!({"claims": {"mfa": {"claim": "amr", "value": "x", "valeu": 1}}})),
            "AUTH[0].claims.mfa.valeu is unknown",
        ),
        (
            json!({"type": "clerk", "issuer": "https://clerk.example.com"}),
            "AUTH.audience: it is missing: write \
             `authorizedParties` with the origins of your pages",
        ),
        (json!({"type": "cognito", "userPool": "AbC", "clientIds": "7"}), "AUTH.userPool: the id of a user pool"),
        (json!({"type": "cognito", "userPool": "eu-west-1_AbC"}), "AUTH.audience: it is missing: write `clientIds`"),
        (
            json!({"type": "cognito", "userPool": "eu-west-1_AbC", "tokenUse": "acces", "clientIds": "7"}),
            "AUTH.tokenUse: `acces` is not one of access, id; did you mean \"access\"?",
        ),
        (
            json!({"type": "entra", "tenant": "common", "audience": "x"}),
            "AUTH.tenant: the id of one tenant is expected",
        ),
        (json!({"type": "firebase", "project": "a/b"}), "AUTH.project: letters, digits"),
        (
            json!({"type": "auth0", "domain": "https://example.auth0.com", "audience": "x"}),
            "AUTH.domain: letters, digits",
        ),
    ]);
}

#[test]
fn claim_that_users_write_or_that_says_something_else_makes_no_platform_admin() {
    let admin = |mut entry: Value, claim: Value, value: Value| {
        entry["claims"] = json!({"platformAdmin": {"claim": claim, "value": value}});
        read(&entry)
    };
    let oidc = json!({"type": "oidc", "issuer": "https://id.example", "audience": "api"});
    for claim in [
        json!("email"),
        json!("preferred_username"),
        json!("upn"),
        json!("nickname"),
        json!(["user_metadata", "admin"]),
        json!(["app", "userMetadata"]),
        json!("https://app.example.com/unsafe_metadata"),
        json!(["claims", "email"]),
    ] {
        assert!(admin(oidc.clone(), claim.clone(), json!("x")).is_err(), "{claim}");
    }
    assert!(
        admin(oidc.clone(), json!("sub"), json!("kurt@example.com")).unwrap_err().contains("an address gives no power")
    );
    assert!(admin(oidc, json!(["realm_access", "roles"]), json!("operator")).is_ok());
    for (entry, claim) in [
        (
            json!({"type": "clerk", "issuer": "https://clerk.example.com", "authorizedParties": "x"}),
            json!(["o", "rol"]),
        ),
        (json!({"type": "workos", "clientId": "client_1"}), json!("role")),
        (json!({"type": "cognito", "userPool": "eu-west-1_AbC", "clientIds": "7"}), json!("custom:admin")),
        (json!({"type": "better-auth", "issuer": "https://app.example.com"}), json!("role")),
        (json!({"type": "supabase", "project": "abc"}), json!("role")),
    ] {
        assert!(admin(entry, claim.clone(), json!("admin")).is_err(), "{claim}");
    }
    let cognito = json!({"type": "cognito", "userPool": "eu-west-1_AbC", "clientIds": "7"});
    assert!(admin(cognito, json!("cognito:groups"), json!("operators")).is_ok());
}

#[test]
fn issuers_share_neither_a_name_nor_an_iss_nor_user_ids() {
    let entry = |name: &str, issuer: &str, users: &str| json!({"type": "oidc", "name": name, "issuer": format!("https://{issuer}.example"), "audience": "api", "users": users});
    let both = |first: Value, second: Value| {
        read(&json!([first, second])).map_err(|error| error.replace("the setting AUTH is wrong: ", ""))
    };
    assert_eq!(
        both(entry("a", "x", ""), entry("a", "y", "b:")).unwrap_err(),
        "AUTH[1].name: `a` is the name of an earlier one; give each a `name`"
    );
    let found = both(entry("a", "x", ""), entry("b", "x", "b:")).unwrap_err();
    assert_eq!(found, "AUTH[1].issuer: `https://x.example` is the issuer of `a` already");
    let found = both(entry("a", "x", ""), entry("b", "y", "")).unwrap_err();
    assert_eq!(found, "AUTH[1].users: user ids would meet those of `a`; give each a prefix of its own");
    let found = both(entry("a", "x", "b:"), entry("b", "y", "b:c:")).unwrap_err();
    assert_eq!(found, "AUTH[1].users: user ids would meet those of `a`; give each a prefix of its own");
    let settled = both(entry("a", "x", ""), entry("b", "y", "b:")).unwrap();
    assert!(settled.issuer(0).unwrap().users.user_id("b:kurt").is_err());
    assert_eq!(settled.issuer(1).unwrap().users.user_id("kurt").unwrap().as_str(), "b:kurt");
}

#[test]
fn keys_on_this_machine_are_for_a_loopback_origin_alone() {
    let issuer = |name: &str, address: &str| id(json!({ name: address }));
    for (entry, said) in [
        (
            issuer("issuer", "http://localhost:9"),
            "AUTH[0].issuer: an https address is expected (http beside a loopback",
        ),
        (issuer("jwksUrl", "http://127.0.0.1/k"), "AUTH[0].jwksUrl: an https address is expected (http beside a loop"),
        (
            json!([{"type": "keycloak", "issuer": "http://[::1]:8080/realms/main", "audience": "x"}]),
            "AUTH[0].issuer: an https address is expected (http beside a loopback PUBLIC_ORIGIN alone), not",
        ),
    ] {
        assert!(mistake(entry.clone()).starts_with(said), "{entry}: {}", mistake(entry.clone()));
        let settings = Settings { auth: Some(entry.to_string()), ..Settings::default() };
        assert!(auth(&settings, "http://127.0.0.1:8787").is_ok(), "{entry}");
    }
    assert!(read(&issuer("issuer", "https://localhost:9")).is_ok());
}
