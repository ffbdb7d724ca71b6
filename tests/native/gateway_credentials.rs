//! Operator keys and signed principals at the gateway: who gets through by them, and what of them does not.

use crate::support::signing::sign;
use crate::support::site::{Site, request, settings};
use guildhall::app::config::Settings;
use guildhall::app::operator_keys::key_of;
use guildhall::store::memory::MemoryStore;
use guildhall::wire::Request;
use guildhall::wire::gateway::{Forward, Gated, body_needed, gate, needs_caller};
use pollster::block_on;
use serde_json::{Value, json};

fn secrets() -> Value {
    json!({ "a": "0123456789abcdef0123456789abcdef" })
}

fn key() -> String {
    key_of(&[3; 32])
}

/// up|kurt owns nirvana.
fn site() -> Site<MemoryStore> {
    let digest = data_encoding::HEXLOWER.encode(&hmac_sha256::Hash::hash(key().as_bytes()));
    let keys = json!([{ "name": "backend", "digest": digest, "scopes": ["read", "organizations", "act-as"] }]);
    let upstream = json!({ "type": "upstream", "keys": ["a"], "users": "up|" });
    let site = Site::with(
        MemoryStore::default(),
        &Settings {
            auth: Some(json!([{ "type": "dev" }, upstream]).to_string()),
            upstream_keys: Some(secrets().to_string()),
            operator_keys: Some(keys.to_string()),
            origin_url: Some("http://127.0.0.1:9000".to_owned()),
            skip_paths: Some("/assets/*".to_owned()),
            ..settings()
        },
    );
    let reply = block_on(site.send(signed(&site, "POST", "/v1/organizations", r#"{"name":"Nirvana"}"#, "found")));
    assert_eq!(reply.status, 201, "{}", reply.text);
    site
}

fn signed(site: &Site<MemoryStore>, method: &str, path: &str, body: &str, nonce: &str) -> Request {
    let mut request = request(method, path, None, None);
    *request.body_mut() = body.as_bytes().to_vec();
    let said = json!({ "key": "a", "principal": { "userId": "kurt" }, "nonce": format!("nonce-of-a-test-{nonce}") });
    sign(&mut request, &said, (&secrets(), &site.config.public_origin), site.now.get());
    request
}

fn with_key(method: &str, path: &str, user: Option<&str>) -> Request {
    let mut request = request(method, path, Some(&key()), None);
    if let Some(user) = user {
        request.headers_mut().insert("guildhall-act-as", user.parse().unwrap());
    }
    request
}

fn answered(site: &Site<MemoryStore>, request: &Request) -> Result<Box<Forward>, (u16, String)> {
    match block_on(gate(&site.app(), request, site.caller(request))) {
        Gated::Forwarded(forward) => Ok(forward),
        Gated::Answered(handled) => {
            let body: Value = serde_json::from_slice(handled.response.body()).unwrap();
            Err((handled.response.status().as_u16(), body["code"].as_str().unwrap().to_owned()))
        }
    }
}

fn refused(status: u16, code: &str) -> Result<Box<Forward>, (u16, String)> {
    Err((status, code.to_owned()))
}

#[test]
fn a_signed_write_is_passed_on_once_and_a_read_again() {
    let site = site();
    let write = signed(&site, "POST", "/o/nirvana/songs", "{}", "write");
    assert_eq!(body_needed(&site.config, &write), Some(1024 * 1024));
    let forward = answered(&site, &write).unwrap();
    assert_eq!(forward.headers["guildhall-user"], "up|kurt");
    assert!(!forward.headers.contains_key("guildhall-principal"));
    assert_eq!(answered(&site, &write), refused(401, "signature_replayed"));
    let read = signed(&site, "GET", "/o/nirvana/songs", "", "read");
    assert!(answered(&site, &read).is_ok() && answered(&site, &read).is_ok());
}

#[test]
fn a_refused_write_leaves_its_signature_to_be_used() {
    let site = site();
    let elsewhere = signed(&site, "POST", "/o/elsewhere/songs", "{}", "1");
    assert_eq!(answered(&site, &elsewhere), refused(404, "not_found"));
    assert!(answered(&site, &signed(&site, "POST", "/o/nirvana/songs", "{}", "1")).is_ok());
}

#[test]
fn a_signature_covers_the_body_that_is_passed_on() {
    let site = site();
    let mut changed = signed(&site, "POST", "/o/nirvana/songs", "{}", "1");
    *changed.body_mut() = b"[]".to_vec();
    assert_eq!(answered(&site, &changed), refused(401, "unauthenticated"));
    let long = "x".repeat(1024 * 1024);
    assert!(answered(&site, &signed(&site, "POST", "/o/nirvana/songs", &long, "2")).is_ok());
    let longer = signed(&site, "POST", "/o/nirvana/songs", &(long + "x"), "3");
    assert_eq!(answered(&site, &longer), refused(413, "body_too_large"));
    assert_eq!(body_needed(&site.config, &request("POST", "/o/nirvana/songs", None, None)), None);
}

#[test]
fn a_path_without_an_organization_is_passed_on_whatever_credential_it_carries() {
    let site = site();
    let mut long = signed(&site, "POST", "/assets/song.mp3", "{}", "1");
    *long.body_mut() = Vec::new();
    assert!(!needs_caller(&site.config, &long), "its signature is not looked at");
    assert_eq!(body_needed(&site.config, &long), None, "its body goes by, however long it is");
    assert!(matches!(block_on(gate(&site.app(), &long, Ok(None))), Gated::Forwarded(_)));
    assert!(needs_caller(&site.config, &signed(&site, "POST", "/o/nirvana/songs", "{}", "2")));
}

#[test]
fn an_operator_key_gets_through_in_the_name_of_a_user_and_stays_here() {
    let site = site();
    let forward = answered(&site, &with_key("POST", "/o/nirvana/songs", Some("up%7Ckurt"))).unwrap();
    assert_eq!(forward.headers["guildhall-user"], "up|kurt");
    for name in ["authorization", "guildhall-act-as", "guildhall-platform-admin"] {
        assert!(!forward.headers.contains_key(name), "{name}");
    }
    assert_eq!(answered(&site, &with_key("GET", "/o/nirvana/songs", None)), refused(403, "permission_denied"));
    assert_eq!(answered(&site, &with_key("GET", "/o/nirvana/songs", Some("krist"))), refused(404, "not_found"));
}

#[test]
fn an_operator_key_beside_punctuation_reaches_no_application_either() {
    let site = site();
    for said in [format!("Bearer {}", key()), format!("Bearer {},x", key()), format!("Bearer \"{}\"", key())] {
        let mut request = request("GET", "/assets/song.mp3", None, None);
        request.headers_mut().insert("authorization", said.parse().unwrap());
        let forward = answered(&site, &request).unwrap();
        assert!(!forward.headers.contains_key("authorization"), "{said}");
    }
}

#[test]
fn a_clients_own_act_as_header_never_gets_through() {
    let site = site();
    let token = block_on(site.sign_in(&json!({ "userId": "up|kurt" })));
    let mut request = request("GET", "/o/nirvana/songs", Some(&token), None);
    assert!(answered(&site, &request).is_ok());
    request.headers_mut().insert("guildhall-act-as", "krist".parse().unwrap());
    assert_eq!(answered(&site, &request), refused(403, "permission_denied"));
    request.headers_mut().remove("authorization");
    assert_eq!(answered(&site, &request), refused(401, "unauthenticated"));
}
