//! The contract: the golden calls, which the npm package's tests replay, and the hand-written types.

use super::*;
use crate::domain::denial::Reason;
use crate::domain::permission::Permission;
use crate::domain::resolve::Verdict;
use crate::domain::role::RoleKey;
use serde_json::{Value, json};

const GOLDEN: &str = include_str!("../../tests/npm/golden.json");
const TYPES: &str = concat!(
    include_str!("../../pkg/index.d.ts"),
    include_str!("../../pkg/types/values.d.ts"),
    include_str!("../../pkg/types/resolution.d.ts"),
);

fn call(name: &str, input: &str) -> Value {
    let function = match name {
        "parseSlug" => parse_slug,
        "suggestSlug" => suggest_slug,
        "parseEmail" => parse_email,
        "resolveOrganization" => resolve_organization,
        "setting" => setting,
        "decide" => decide,
        "evolve" => evolve,
        other => panic!("there is no function `{other}`"),
    };
    serde_json::from_str(&function(input)).unwrap()
}

#[test]
fn the_golden_calls_have_their_golden_replies() {
    let cases: Vec<Value> = serde_json::from_str(GOLDEN).unwrap();
    for case in &cases {
        let mut reply = call(case["call"].as_str().unwrap(), &case["input"].to_string());
        if let Some(error) = reply["error"].as_object_mut() {
            // Wordings may change, codes and paths may not.
            assert!(error.remove("title").is_some() && error.remove("message").is_some(), "{}", case["title"]);
        } else {
            reply.as_object_mut().unwrap().remove("error");
        }
        assert_eq!(reply, case["reply"], "{}", case["title"]);
    }
}

/// Every function, on input that fits none of them.
#[test]
fn no_input_is_fatal() {
    let huge = format!(r#"{{"text":"{0}","name":"{0}","url":"{0}","now":"{0}"}}"#, "x".repeat(1_000_000));
    let deep = format!(r#"{{"facts":{}1{}}}"#, r#"{"a":"#.repeat(120), "}".repeat(120));
    let inputs = ["", "null", "[]", "0", r#""x""#, "{}", r#"{"text":1,"name":{},"url":[],"facts":0}"#, &huge, &deep];
    for name in ["parseSlug", "suggestSlug", "parseEmail", "resolveOrganization", "setting", "decide", "evolve"] {
        for input in inputs {
            let reply = call(name, input);
            let code = reply["error"]["code"].as_str().unwrap_or("none");
            assert!(reply.get("value").is_some() || code != "none", "{name}: {reply}");
            assert!(reply["error"].to_string().len() < 1000, "{name}: a long reason");
        }
    }
}

#[test]
fn what_the_session_does_not_prove_gives_no_power() {
    let organization = json!({
        "id": "org_01890a5d0c0070008000000000000001", "slug": "nirvana", "name": "Nirvana", "state": "active",
        "ownerId": "kurt", "version": 4,
    });
    let resolved = |missing: &[&str]| {
        let membership = json!({
            "id": "mem_01890a5d0c0070008000000000000001", "organization": organization, "roles": ["owner"],
            "requirementsMissing": missing,
        });
        let input = json!({ "url": "https://x/", "caller": "kurt", "memberships": [membership] });
        call("resolveOrganization", &input.to_string())
    };
    assert!(resolved(&[])["value"]["permissions"].as_array().is_some_and(|all| !all.is_empty()));
    assert!(resolved(&[])["value"].get("requirementsMissing").is_none());
    let without = &resolved(&["mfa"])["value"];
    assert_eq!((&without["permissions"], &without["requirementsMissing"]), (&json!([]), &json!(["mfa"])));
    assert_eq!(resolved(&["passkey"])["error"]["code"], "invalid_value");
}

#[test]
fn what_me_shows_is_what_resolution_takes() {
    let membership = json!({
        "id": "mem_00000000000170008000000000000000",
        "organization": { "id": "org_00000000000170008000000000000000", "slug": "nirvana", "name": "Nirvana", "state": "active", "ownerId": "kurt", "version": 3 },
        "roles": ["member"],
        "state": "active", "until": null, "requirementsMissing": [], "version": 3,
    });
    let roles = json!([{ "organizationId": null, "key": "member", "permissions": ["organization:read", "member:read", "team:read"] }]);
    for caller in [json!("krist"), json!({ "userId": "krist", "email": null, "kind": "user" })] {
        let input = json!({ "url": "https://x.example/o/nirvana", "caller": caller, "memberships": [membership], "roles": roles });
        let value = &call("resolveOrganization", &input.to_string())["value"];
        assert_eq!(value["membership"]["userId"], "krist");
        assert_eq!(value["permissions"], roles[0]["permissions"]);
        assert_eq!((&value["source"], &value["version"]), (&json!("path"), &json!(3)));
    }
}

#[test]
fn the_types_know_every_code_permission_and_role() {
    let codes = Reason::ALL.iter().map(|reason| reason.code());
    let permissions = Permission::BUILT_IN.iter().filter_map(|permission| permission.built_in_name());
    let roles = RoleKey::BUILT_IN.iter().copied();
    let verdicts = Verdict::ALL.iter().map(|verdict| verdict.code());
    for word in codes.chain(permissions).chain(roles).chain(verdicts) {
        assert!(TYPES.contains(&format!("| \"{word}\"")), "the package's types do not know `{word}`");
    }
}
