//! What is handed in, and what fits. That each token is judged rightly, the corpora say.

use super::*;
use crate::domain::pass::Unsigned;
use crate::domain::permission::Permission;
use serde_json::{Value, json};

const NOW: u64 = 1_700_000_000;

fn answered(function: fn(&str, &mut [u8], &mut Answer<'_>), question: &Value, room: usize) -> Value {
    let (mut scratch, mut place) = (vec![0; ROOM], vec![0; room]);
    let mut answer = Answer::new(&mut place);
    function(&question.to_string(), &mut scratch, &mut answer);
    let length = answer.length();
    serde_json::from_slice(&place[..length]).unwrap()
}

fn token(kind: Kind, claims: Value) -> String {
    let mut all = json!({ "iss": "https://id.example", "aud": "a \"b\"", "sub": "kurt", "iat": NOW, "exp": NOW + 300, "jti": "t", "app": [] });
    all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    Unsigned::new(kind, "key", &all.to_string()).with_signature(&[0; 64])
}

/// As many memberships as there may be, each with everything that can be allowed.
fn longest() -> Value {
    let names: Vec<String> = (0..192).map(|number| format!("a:b{number}")).collect();
    let id = |number: u8| {
        data_encoding::BASE64URL_NOPAD.encode(&[number, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0])
    };
    let all = data_encoding::BASE64URL_NOPAD.encode(&[255; 32]);
    let row = |number: u8| json!([id(number), format!("band-{number}"), 1, 1, ["owner"], all]);
    let passport = token(Kind::Passport, json!({ "app": names, "orgs": (0..100).map(row).collect::<Vec<_>>() }));
    json!({ "token": passport, "passport": true, "audience": "a \"b\"", "now": NOW * 1000 })
}

#[test]
fn the_longest_answer_fits_and_a_longer_one_is_refused() {
    let whole = answered(believe, &longest(), 256 * 1024);
    assert_eq!(whole["value"]["members"].as_array().unwrap().len(), 100, "{}", whole["error"]);
    let all = Permission::BUILT_IN.len() + 192;
    assert_eq!(whole["value"]["members"][99]["allowed"].as_array().unwrap().len(), all);
    assert_eq!(whole["value"]["permissions"].as_array().unwrap().len(), all);
    assert_eq!((&whole["value"]["audience"], &whole["value"]["ends"]), (&json!("a \"b\""), &json!((NOW + 300) * 1000)));
    assert_eq!(answered(believe, &longest(), 4096)["error"]["code"], "pass_invalid");
}

/// Nobody signs such a membership here; whoever does is answered, and not with numbers that are none.
#[test]
fn an_end_at_the_beginning_of_time_is_a_number() {
    let id = data_encoding::BASE64URL_NOPAD.encode(&[1, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]);
    let passport = token(Kind::Passport, json!({ "orgs": [[id, "nirvana", 1, 1, ["admin"], "", 0]] }));
    let question = json!({ "token": passport, "passport": true, "audience": "a \"b\"", "now": NOW * 1000 });
    let whole = answered(believe, &question, 4096);
    assert_eq!(whole["value"]["members"][0]["until"], 0, "{whole}");
}

#[test]
fn what_is_missing_is_named() {
    let error = |function, question| answered(function, &question, 4096)["error"].clone();
    let (good, keys) = (token(Kind::Pass, json!({})), json!({ "keys": [] }));
    assert_eq!(error(open, json!({ "token": good }))["param"], "jwks");
    assert_eq!(error(open, json!({ "token": good, "jwks": { "keys": 1 } }))["param"], "jwks");
    assert_eq!(error(open, json!({ "token": good, "jwks": keys }))["code"], "pass_unknown_key");
    assert_eq!(error(believe, json!({ "token": good }))["param"], "now");
    assert_eq!(error(believe, json!({ "token": good, "now": "today" }))["param"], "now");
    for question in [json!(null), json!([]), json!({}), json!({ "token": 1, "now": 1, "jwks": keys })] {
        assert_eq!(error(explain, question.clone())["code"], "pass_invalid", "{question}");
    }
    let mut place = [0; 128];
    let mut answer = Answer::new(&mut place);
    believe("no JSON", &mut [], &mut answer);
    let length = answer.length();
    assert!(std::str::from_utf8(&place[..length]).unwrap().starts_with(r#"{"error":{"code":"invalid_value","#));
}

#[test]
fn an_answer_says_why() {
    let row = json!({ "org": format!("org_{}", "00000000000070008000000000000000"), "slug": "band", "ver": 7, "epoch": 3, "roles": ["member", ["bass", "AQ"]], "perms": "AQ", "teams": [] });
    let ask = |more: Value| {
        let mut question = json!({ "token": token(Kind::Pass, row.clone()) });
        question.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        answered(explain, &question, 4096)
    };
    let yes =
        json!({ "permission": "organization:read", "allowed": true, "code": "granted_by_role", "grantedBy": "member" });
    assert_eq!(ask(json!({ "permission": "organization:read" })), json!({ "value": yes }));
    let no = json!({ "permission": "organization:delete", "allowed": false, "code": "permission_denied", "missing": "organization:delete" });
    assert_eq!(ask(json!({ "permission": "organization:delete", "organization": "band" })), json!({ "value": no }));
    for (more, code) in [
        (json!({ "permission": "organization:read", "organization": "other" }), "not_found"),
        (json!({ "permission": "organization:read", "team": "team_x" }), "team_not_in_pass"),
        (json!({ "permission": "band:split" }), "unknown_permission"),
        (json!({ "permission": "band:\"split\"" }), "unknown_permission"),
        (json!({}), "unknown_permission"),
    ] {
        assert_eq!(ask(more.clone())["error"]["code"], code, "{more}");
    }
}
