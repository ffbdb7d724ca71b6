//! Tokens that somebody made up: each is refused with its code, whoever checks the signature.
//!
//! The corpus `tests/fixtures/malicious-tokens.json` follows from this file, byte for byte, and is what
//! other runtimes are tested with. `WRITE_CORPUS=1 cargo test --test native corpus` writes it anew.

use crate::algorithm_names::pairs;
use crate::malicious_passports::passports;
use crate::standard_tokens::examples;
use crate::support::forge::{self, Case, claims};
use crate::support::opened::believed;
use data_encoding::BASE64URL_NOPAD;
use guildhall::domain::json::Text;
use guildhall::domain::pass::{Expectations, KeySet, Kind, PassFault, PublicKey, Unverified};
use guildhall::domain::time::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

fn header(key: &str, value: Value) -> String {
    let mut header: Value = serde_json::from_str(&forge::header("guildhall-pass+jwt")).unwrap();
    header[key] = value;
    if header[key].is_null() {
        header.as_object_mut().unwrap().remove(key);
    }
    header.to_string()
}

fn headers() -> Vec<Case> {
    let body = claims(|_| ()).to_string();
    let named = |name: &str, text: String| Case::signed(name, &text, &body);
    let ours = forge::header("guildhall-pass+jwt");
    let with = |more: &str| ours.replacen('{', &format!("{{{more},"), 1);
    let mut cases: Vec<Case> = ["none", "None", "nOnE", "HS256", "RS256", "ES256", "EdDSA ", "eddsa", "ed25519", ""]
        .map(|alg| named(&format!("alg `{alg}`"), header("alg", json!(alg))))
        .into();
    cases.extend([
        named("no alg", header("alg", Value::Null)),
        named("alg as a list", header("alg", json!(["EdDSA"]))),
        named("no typ", header("typ", Value::Null)),
        named("typ JWT", header("typ", json!("JWT"))),
        named("typ in capitals", header("typ", json!("GUILDHALL-PASS+JWT"))),
        named("typ with application/", header("typ", json!("application/guildhall-pass+jwt"))),
        named("a passport for a pass", header("typ", json!("guildhall-passport+jwt"))),
        named("no kid", header("kid", Value::Null)),
        named("kid as a number", header("kid", json!(1))),
        named("crit, empty", header("crit", json!([]))),
        named("crit b64", with(r#""crit":["b64"],"b64":false"#)),
        named("b64", header("b64", json!(true))),
        named("jku", header("jku", json!("https://evil.example/keys"))),
        named("x5u", header("x5u", json!("https://evil.example/cert"))),
        named("x5c", header("x5c", json!(["MII"]))),
        named("zip", header("zip", json!("DEF"))),
        named("cty", header("cty", json!("JWT"))),
        named("jwk", header("jwk", forge::jwk(&forge::thief()))),
        named("alg twice", with(r#""alg":"none""#)),
        named("kid twice", with(r#""kid":"other""#)),
        named("alg twice, once escaped", with(r#""\u0061lg":"none""#)),
        named("a header that is a list", format!("[{ours}]")),
        named("a header with something behind it", format!("{ours}{{}}")),
        named("a header with a byte order mark", format!("\u{feff}{ours}")),
        named("a header that is no JSON", "alg=EdDSA".to_owned()),
        named("kid of nobody", header("kid", json!("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")))
            .expect("pass_unknown_key"),
        named("kid as a path", header("kid", json!("../../dev/null"))).expect("pass_unknown_key"),
        named("kid as a statement", header("kid", json!("' OR 1=1 --"))).expect("pass_unknown_key"),
    ]);
    let thief = header("kid", json!(forge::kid(&forge::thief())));
    cases.push(Case::new("a stranger's key", forge::sign(&thief, &body, &forge::thief())).expect("pass_unknown_key"));
    let embedded = header("jwk", forge::jwk(&forge::thief()));
    cases.push(Case::new("jwk, signed with it", forge::sign(&embedded, &body, &forge::thief())));
    cases.push(Case::new(
        "alg HS256 with the public key as the secret",
        forge::hmac(&header("alg", json!("HS256")), &body),
    ));
    cases.push(Case::new(
        "alg none without a signature",
        format!("{}.", forge::input(&header("alg", json!("none")), &body)),
    ));
    cases
}

fn shapes() -> Vec<Case> {
    let (ours, body) = (forge::header("guildhall-pass+jwt"), claims(|_| ()).to_string());
    let good = forge::sign(&ours, &body, &forge::key());
    let parts: Vec<&str> = good.split('.').collect();
    let (head, payload, signature) = (parts[0], parts[1], parts[2]);
    let spelled = |body: &str| {
        // The same bytes with a bit set that stands for nothing: signed as it is spelled.
        let padded = (0..3).map(|n| format!("{body}{}", " ".repeat(n))).find(|text| text.len() % 3 == 1).unwrap();
        let mut text = BASE64URL_NOPAD.encode(padded.as_bytes());
        let last = text.pop().unwrap();
        text.push(char::from(last as u8 + 1));
        text
    };
    let resigned = |input: String| format!("{input}.{}", forge::signature(input.as_bytes(), &forge::key()));
    let bytes = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = bytes.clone();
        change(&mut bytes);
        format!("{head}.{payload}.{}", BASE64URL_NOPAD.encode(&bytes))
    };
    let other = forge::sign(&ours, &claims(|c| c["sub"] = json!("krist")).to_string(), &forge::key());
    let pad = claims(|c| c["pad"] = json!("x".repeat(8192)));
    let cases = [
        ("nothing", String::new()),
        ("a dot", ".".to_owned()),
        ("two dots", "..".to_owned()),
        ("one part", head.to_owned()),
        ("two parts", format!("{head}.{payload}")),
        ("four parts", format!("{good}.{signature}")),
        ("five parts", format!("{head}.{payload}.{payload}.{payload}.{signature}")),
        ("a dot before", format!(".{good}")),
        ("a dot behind", format!("{good}.")),
        ("a space before", format!(" {good}")),
        ("a line behind", format!("{good}\n")),
        ("a line within", good.replacen('.', ".\n", 1)),
        ("padding of the header", format!("{head}=.{payload}.{signature}")),
        ("padding of the signature", format!("{good}==")),
        ("a signature in the other alphabet", with(&|b| b[0] = 0xfb).replace(['-', '_'], "+")),
        ("a signature in another spelling", spell_last(&good)),
        ("claims in another spelling", resigned(format!("{head}.{}", spelled(&body)))),
        ("a header in another spelling", resigned(format!("{}.{payload}", spelled(&ours)))),
        ("no signature", format!("{head}.{payload}.")),
        ("a signature of 63 bytes", with(&|b| b.truncate(63))),
        ("a signature of 65 bytes", with(&|b| b.push(0))),
        ("a signature of zeros", with(&|b| b.fill(0))),
        ("a bit flipped in R", with(&|b| b[0] ^= 1)),
        ("a bit flipped in S", with(&|b| b[40] ^= 1)),
        ("S and the order of the group", with(&|b| forge::add_order(&mut b[32..]))),
        ("another token's signature", format!("{head}.{payload}.{}", other.rsplit('.').next().unwrap())),
        ("another token's claims", format!("{head}.{}.{signature}", other.split('.').nth(1).unwrap())),
        ("another key", forge::sign(&ours, &body, &forge::thief())),
        ("too long", forge::sign(&ours, &pad.to_string(), &forge::key())),
    ];
    cases.into_iter().map(|(name, token)| Case::new(name, token)).collect()
}

/// Claims that are not one JSON object, read in one way; each is rightly signed.
fn texts() -> Vec<Case> {
    let (ours, body) = (forge::header("guildhall-pass+jwt"), claims(|_| ()).to_string());
    let binary = [body.as_bytes(), b"\xff"].concat();
    let binary = format!("{}.{}", BASE64URL_NOPAD.encode(ours.as_bytes()), BASE64URL_NOPAD.encode(&binary));
    let cases = [
        ("claims that are no JSON", forge::sign(&ours, "hello", &forge::key())),
        ("claims that are a list", forge::sign(&ours, &format!("[{body}]"), &forge::key())),
        ("claims that are nothing", forge::sign(&ours, "", &forge::key())),
        ("claims that are null", forge::sign(&ours, "null", &forge::key())),
        ("something behind the claims", forge::sign(&ours, &format!("{body}x"), &forge::key())),
        ("claims that are no UTF-8", format!("{binary}.{}", forge::signature(binary.as_bytes(), &forge::key()))),
        ("a claim twice", forge::sign(&ours, &body.replacen('{', r#"{"sub":"krist","#, 1), &forge::key())),
        (
            "a claim twice, once escaped",
            forge::sign(&ours, &body.replacen('{', r#"{"\u0073ub":"krist","#, 1), &forge::key()),
        ),
        (
            "a name twice deep inside",
            forge::sign(&ours, &body.replacen('{', r#"{"x":{"a":1,"a":2},"#, 1), &forge::key()),
        ),
        ("half a surrogate", forge::sign(&ours, &body.replace(r#""kurt""#, r#""kurt\ud800""#), &forge::key())),
        ("too deep", forge::sign(&ours, &body.replacen('{', r#"{"x":[[[[[[[1]]]]]]],"#, 1), &forge::key())),
    ];
    cases.into_iter().map(|(name, token)| Case::new(name, token)).collect()
}

/// 64 bytes leave four bits that stand for nothing.
fn spell_last(token: &str) -> String {
    let mut token = token.to_owned();
    let last = token.pop().unwrap();
    token.push(char::from(last as u8 + 1));
    token
}

fn claims_of_other_types() -> Vec<Case> {
    let mut cases = Vec::new();
    for name in
        ["iss", "aud", "sub", "iat", "exp", "jti", "app", "org", "slug", "ver", "epoch", "roles", "perms", "teams"]
    {
        cases.push(Case::pass(&format!("no {name}"), claims(|c| drop(c.as_object_mut().unwrap().remove(name)))));
        cases.push(Case::pass(&format!("{name} null"), claims(|c| c[name] = Value::Null)));
    }
    let team = "team_01890a5d0c0070008000000000000001";
    for (name, claim, value) in [
        ("exp as a text", "exp", json!("1767225900")),
        ("exp with a fraction", "exp", json!(1_767_225_900.5)),
        ("exp below zero", "exp", json!(-1)),
        ("exp beyond what is exact", "exp", json!(9_007_199_254_740_992_u64)),
        ("iat as a text", "iat", json!("1767225600")),
        ("nbf as a text", "nbf", json!("0")),
        ("aud as a list", "aud", json!(["https://guildhall.example"])),
        ("aud empty", "aud", json!("")),
        ("iss as a list", "iss", json!(["https://guildhall.example"])),
        ("sub as a number", "sub", json!(7)),
        ("sub empty", "sub", json!("")),
        ("sub me", "sub", json!("me")),
        ("sub with a control character", "sub", json!("kurt\u{0}")),
        ("org as a slug", "org", json!("nirvana")),
        ("org in capitals", "org", json!("ORG_01890A5D0C0070008000000000000001")),
        ("org as an object", "org", json!({ "id": "org_01890a5d0c0070008000000000000001" })),
        ("slug with a dot", "slug", json!("nirvana.com")),
        ("ver as a text", "ver", json!("7")),
        ("ver below zero", "ver", json!(-7)),
        ("epoch as a truth", "epoch", json!(true)),
        ("roles as a text", "roles", json!("owner")),
        ("roles as an object", "roles", json!({ "owner": true })),
        ("a role that is no key", "roles", json!(["Owner"])),
        ("a custom role without its power", "roles", json!(["billing"])),
        ("an owner's role with a power of its own", "roles", json!([["owner", "_w"]])),
        ("perms as a list", "perms", json!(["organization:delete"])),
        ("perms with padding", "perms", json!("AQ==")),
        ("perms in another spelling", "perms", json!("AR")),
        ("perms with zeros behind", "perms", json!("AQA")),
        ("perms beyond what is declared", "perms", json!("AAAAAAAAAAAE")),
        ("app as a text", "app", json!("invoice:read")),
        ("app with a name twice", "app", json!(["invoice:read", "invoice:read"])),
        ("app with a built-in one", "app", json!(["organization:delete"])),
        ("app with what is no name", "app", json!(["*"])),
        ("teams as an object", "teams", json!({})),
        ("a team that is no id", "teams", json!([["sound", "AQ"]])),
        ("a team twice", "teams", json!([[team, "AQ"], [team, "_w"]])),
        ("a team of three", "teams", json!([[team, "AQ", 1]])),
        ("moreTeams as a number", "moreTeams", json!(1)),
        ("a life of 301 seconds", "exp", json!(forge::NOW + 291)),
        ("no life at all", "exp", json!(forge::NOW - 10)),
        ("an end before the beginning", "exp", json!(forge::NOW - 11)),
    ] {
        cases.push(Case::pass(name, claims(|c| c[claim] = value.clone())));
    }
    let body = claims(|_| ()).to_string();
    let end = (forge::NOW + 290).to_string();
    let exponent = body.replace(&end, "1.76722589e9");
    assert_ne!(body, exponent);
    cases.push(Case::signed("exp with an exponent", &forge::header("guildhall-pass+jwt"), &exponent));
    cases
}

/// The name may be absent; what stands there is a name.
fn names() -> Vec<Case> {
    let named = |title: &str, name: Value| Case::pass(title, claims(|c| c["name"] = name.clone()));
    vec![
        named("name null", Value::Null),
        named("name as a list", json!(["Nirvana"])),
        named("name empty", json!("")),
        named("name with a control character", json!("Nirvana\u{0}")),
    ]
}

fn judged() -> Vec<Case> {
    let life = |from: i64, to: i64| {
        claims(|c| (c["iat"], c["exp"]) = (json!(forge::NOW as i64 + from), json!(forge::NOW as i64 + to)))
    };
    let aud = |aud: &str| claims(|c| c["aud"] = json!(aud));
    vec![
        Case::pass("ran out just now", life(-300, 0)).expect("pass_expired"),
        Case::pass("ran out long ago", life(-4000, -3800)).expect("pass_expired"),
        Case::pass("ran out beyond the leeway", life(-300, -5)).with("leeway", json!(5)).expect("pass_expired"),
        Case::pass("no leeway is longer than a minute", life(-200, -60))
            .with("leeway", json!(86_400))
            .expect("pass_expired"),
        Case::pass("from the future", life(1, 100)).expect("pass_not_yet_valid"),
        Case::pass("from the future beyond the leeway", life(6, 100))
            .with("leeway", json!(5))
            .expect("pass_not_yet_valid"),
        Case::pass("not before later", claims(|c| c["nbf"] = json!(forge::NOW + 1))).expect("pass_not_yet_valid"),
        Case::pass("for somebody else", aud("https://app.example")).expect("pass_wrong_audience"),
        Case::pass("for nearly us", aud("https://guildhall.example/")).expect("pass_wrong_audience"),
        Case::pass("for us in capitals", aud("https://GUILDHALL.example")).expect("pass_wrong_audience"),
        Case::pass("for us and more", aud("https://guildhall.example.evil.example")).expect("pass_wrong_audience"),
        Case::pass("from somebody else", claims(|c| c["iss"] = json!("https://evil.example")))
            .expect("pass_wrong_issuer"),
        Case::pass("older than the version", claims(|_| ())).with("minVersion", json!(8)).expect("pass_stale"),
        Case::pass("older than the change", claims(|_| ())).with("minEpoch", json!(4)).expect("pass_stale"),
        Case::new("a key of small order", forge::by_weak_key())
            .with("jwks", forge::weak_set())
            .expect("pass_unknown_key"),
    ]
}

/// Without these, a verifier that refuses everything would be perfect.
fn good() -> Vec<Case> {
    let life = |from: i64, to: i64| {
        claims(|c| (c["iat"], c["exp"]) = (json!(forge::NOW as i64 + from), json!(forge::NOW as i64 + to)))
    };
    let escaped = claims(|_| ()).to_string().replace(r#""kurt""#, r#""\u006burt""#);
    [
        Case::pass("a good pass", claims(|_| ())),
        Case::pass("the last second", life(-299, 1)),
        Case::pass("within the leeway", life(-300, -4)).with("leeway", json!(5)),
        Case::pass("ahead within the leeway", life(5, 100)).with("leeway", json!(5)),
        Case::pass("not before the past", claims(|c| c["nbf"] = json!(forge::NOW))),
        Case::pass("as fresh as is asked for", claims(|_| ())).with("minVersion", json!(7)).with("minEpoch", json!(3)),
        Case::pass("a claim of a later version", claims(|c| c["later"] = json!([1.5, { "a": null }]))),
        Case::pass(
            "no name, as of an installation of before",
            claims(|c| drop(c.as_object_mut().unwrap().remove("name"))),
        ),
        Case::pass("a permission of a later version", claims(|c| c["perms"] = json!("AQAAAAAAAIA"))),
        Case::signed("a name that is escaped", &forge::header("guildhall-pass+jwt"), &escaped),
    ]
    .map(|case| case.expect("ok"))
    .into()
}

fn corpus() -> Value {
    let all = [
        good(),
        shapes(),
        texts(),
        headers(),
        claims_of_other_types(),
        names(),
        judged(),
        passports(),
        examples(),
        pairs(),
    ]
    .concat();
    json!({
        "about": "Tokens of passes and passports with what verifying each must come to; written by tests/native/malicious_tokens.rs",
        "expectations": { "audience": forge::ORIGIN, "issuer": forge::ORIGIN, "now": forge::NOW, "leeway": 0 },
        "jwks": { "keys": [forge::jwk(&forge::key())] },
        "tokens": all.into_iter().map(|case| case.0).collect::<Vec<_>>(),
    })
}

/// One line a token, so that a change shows.
fn written(corpus: &Value) -> String {
    let tokens: Vec<String> = corpus["tokens"].as_array().unwrap().iter().map(|token| format!("    {token}")).collect();
    let field = |name: &str| format!("  {}: {}", json!(name), corpus[name]);
    let head = ["about", "expectations", "jwks"].map(field).join(",\n");
    format!("{{\n{head},\n  \"tokens\": [\n{}\n  ]\n}}\n", tokens.join(",\n"))
}

fn verdict(case: &Value, corpus: &Value) -> Result<(), PassFault> {
    let said = |name: &str| case.get(name).or_else(|| corpus["expectations"].get(name)).cloned().unwrap_or_default();
    let jwks = case.get("jwks").unwrap_or(&corpus["jwks"]).to_string();
    let kind = if case["kind"] == "passport" { Kind::Passport } else { Kind::Pass };
    let (audience, issuer) = (said("audience"), said("issuer"));
    let expected = Expectations {
        issuer: issuer.as_str().map(Text::verbatim),
        leeway: said("leeway").as_u64().unwrap(),
        min_version: said("minVersion").as_u64(),
        min_epoch: said("minEpoch").as_u64(),
        ..Expectations::of(audience.as_str().unwrap(), Timestamp::from_millis(said("now").as_i64().unwrap() * 1000))
    };
    believed(case["token"].as_str().unwrap(), kind, &KeySet::parse(&jwks).unwrap(), &expected).map(drop)
}

#[test]
fn the_corpus_of_malicious_tokens() {
    let corpus = corpus();
    let cases = corpus["tokens"].as_array().unwrap();
    let mut wrong = Vec::new();
    for case in cases {
        let found = verdict(case, &corpus).map_or_else(PassFault::code, |()| "ok");
        if case["expect"] != found {
            wrong.push(format!("{}: {found} instead of {}", case["name"], case["expect"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let names: BTreeSet<&str> = cases.iter().map(|case| case["name"].as_str().unwrap()).collect();
    assert!(names.len() == cases.len() && cases.len() >= 100, "{} of {}", names.len(), cases.len());
    let codes: BTreeSet<&str> = cases.iter().map(|case| case["expect"].as_str().unwrap()).collect();
    assert_eq!(codes.len(), PassFault::ALL.len() + 1, "a code that no token shows");
}

#[test]
fn the_corpus_is_the_one_that_is_written_down() {
    let (path, text) =
        (Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/malicious-tokens.json"), written(&corpus()));
    if std::env::var_os("WRITE_CORPUS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(std::fs::read_to_string(&path).is_ok_and(|known| known == text), "WRITE_CORPUS=1 writes it anew");
}

/// A pass with one byte changed is no pass.
#[test]
fn a_changed_byte_spoils_it() {
    let token = forge::sign(&forge::header("guildhall-pass+jwt"), &claims(|_| ()).to_string(), &forge::key());
    let keys = KeySet::of([PublicKey::from_bytes(forge::key().verifying_key().to_bytes())]);
    let mut room = Kind::Pass.room();
    assert!(Unverified::open(&token, Kind::Pass, &mut room).unwrap().verify(&keys).is_ok());
    for place in (0..token.len()).step_by(3) {
        let mut bytes = token.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        let opened = Unverified::open(&changed, Kind::Pass, &mut room).and_then(|opened| opened.verify(&keys));
        assert!(opened.is_err(), "byte {place}");
    }
}
