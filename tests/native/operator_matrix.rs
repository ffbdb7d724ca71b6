//! What each operator key may ask for: every operation of the API, with keys of one scope each.
//!
//! `tests/operator-scopes.csv` is the reviewed table; an operation that is not in it fails.

use crate::support::site::{Site, request, settings};
use guildhall::app::config::Settings;
use guildhall::app::operator_keys::key_of;
use guildhall::domain::operator::OperatorScope;
use guildhall::store::memory::MemoryStore;
use guildhall::wire::openapi;
use pollster::block_on;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const TABLE: &str = include_str!("../operator-scopes.csv");

/// The key of a scope. The bytes of each are its place in the list.
fn key(scope: OperatorScope) -> String {
    key_of(&[OperatorScope::ALL.iter().position(|known| *known == scope).unwrap() as u8; 32])
}

fn site() -> Site<MemoryStore> {
    let digest = |scope: &OperatorScope| {
        let digest = hmac_sha256::Hash::hash(key(*scope).as_bytes());
        data_encoding::HEXLOWER.encode(&digest)
    };
    let entry =
        |scope: &OperatorScope| json!({ "name": scope.as_str(), "digest": digest(scope), "scopes": [scope.as_str()] });
    let entries: Vec<Value> = OperatorScope::ALL.iter().map(entry).collect();
    Site::with(MemoryStore::default(), &Settings { operator_keys: Some(json!(entries).to_string()), ..settings() })
}

/// The table, by method and path.
fn table() -> BTreeMap<(String, String), String> {
    let cells = |line: &str| -> Vec<String> { line.split(',').map(str::to_owned).collect() };
    TABLE.lines().skip(1).map(cells).map(|row| ((row[0].clone(), row[1].clone()), row[2].clone())).collect()
}

/// Every operation that asks who is calling. Rule: the others are public files of the installation.
fn operations() -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(&openapi::document().to_string()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let all = paths.flat_map(|(path, operations)| {
        operations.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), path.clone()))
    });
    all.filter(|(_, path)| path.starts_with("/v1/") || path.starts_with("/dev/")).collect()
}

/// Whether the key was refused for its scopes, before anything was looked at.
fn is_refused(
    site: &Site<MemoryStore>,
    (method, path): &(String, String),
    scope: OperatorScope,
    user: Option<&str>,
) -> bool {
    let path = path.split('/').map(|part| if part.starts_with('{') { "nothing" } else { part }).collect::<Vec<_>>();
    let mut request = request(method, &path.join("/"), Some(&key(scope)), None);
    if let Some(user) = user {
        request.headers_mut().insert("guildhall-act-as", user.parse().unwrap());
    }
    let reply = block_on(site.send(request));
    assert_ne!(reply.status, 401, "{method} {}: {}", path.join("/"), reply.text);
    let said = reply.body["detail"].as_str().unwrap_or_default();
    let words = ["lacks the scope", "name the user in `Guildhall-Act-As`", "no operator key opens"];
    reply.status == 403 && words.iter().any(|word| said.contains(word))
}

#[test]
fn each_scope_opens_what_the_table_says_and_nothing_else() {
    let (site, table) = (site(), table());
    let operations = operations();
    for operation in &operations {
        let needs = table.get(operation).unwrap_or_else(|| panic!("tests/operator-scopes.csv lacks {operation:?}"));
        for scope in OperatorScope::ALL {
            let refused = is_refused(&site, operation, *scope, None);
            let expected = needs == "act-as" || needs != scope.as_str();
            assert_eq!(refused, expected, "{operation:?} with the scope `{}` alone", scope.as_str());
        }
        let acting = is_refused(&site, operation, OperatorScope::ActAs, Some("kurt"));
        assert_eq!(acting, needs == "never", "{operation:?} in the name of a user");
    }
    let unknown: Vec<_> = table.keys().filter(|row| !operations.contains(row)).collect();
    assert!(unknown.is_empty(), "the table has operations that do not exist: {unknown:?}");
}
