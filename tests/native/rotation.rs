//! Changing `SECRET_KEY`: what outlives it, what must be sent or made anew. docs/key-rotation.md says the same.

use crate::support::random::person;
use crate::support::site::{Reply, Site, request, settings};
use crate::support::sqlite;
use guildhall::app::config::{Config, Settings};
use guildhall::app::ports::{Store, Upkeep};
use pollster::block_on;
use serde_json::{Value, json};

const HOME: &str = "/v1/organizations/nirvana";

fn send<S: Store + Upkeep>(site: &Site<S>, who: &str, line: &str, body: Value) -> Reply {
    let (method, path) = line.split_once(' ').unwrap();
    let token = block_on(site.sign_in(&person(who)));
    let body = (method != "GET").then_some(body);
    block_on(site.send(request(method, path, Some(&token), body.as_ref())))
}

fn invite<S: Store + Upkeep>(site: &Site<S>, who: &str, notify: bool) -> Value {
    let body = json!({ "email": person(who)["email"], "notify": notify });
    let reply = send(site, "kurt", &format!("POST {HOME}/invitations"), body);
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.body
}

fn accept<S: Store + Upkeep>(site: &Site<S>, who: &str, token: &Value) -> (u16, Value) {
    let reply = send(site, who, "POST /v1/invitations/accept", json!({ "token": token }));
    (reply.status, reply.body["code"].clone())
}

/// The token of the newest mail, as it would be sent now.
fn newest_mail<S: Store + Upkeep>(site: &Site<S>) -> Value {
    let reply = send(site, "kurt", "GET /dev/outbox", json!({}));
    reply.body["data"][0]["token"].clone()
}

fn rotate<S>(site: &mut Site<S>) {
    let secret_key = Some("another secret that only tests know".to_owned());
    site.config = Config::read(&Settings { secret_key, ..settings() }).unwrap();
}

#[test]
fn a_token_that_was_handed_out_works_after_the_secret_has_changed() {
    let mut site = Site::new(sqlite::open());
    send(&site, "kurt", "POST /v1/organizations", json!({ "name": "Nirvana" }));
    let invitation = invite(&site, "krist", false);
    let link = send(&site, "kurt", &format!("POST {HOME}/invitation-links"), json!({})).body;
    rotate(&mut site);
    assert_eq!(accept(&site, "krist", &invitation["token"]).0, 200);
    assert_eq!(accept(&site, "dave", &link["token"]).0, 200);
}

#[test]
fn a_mail_that_waits_while_the_secret_changes_must_be_sent_again() {
    let mut site = Site::new(sqlite::open());
    send(&site, "kurt", "POST /v1/organizations", json!({ "name": "Nirvana" }));
    let invitation = invite(&site, "krist", true);
    rotate(&mut site);
    assert_eq!(accept(&site, "krist", &newest_mail(&site)), (404, json!("invitation_invalid")));
    let id = invitation["id"].as_str().unwrap();
    assert_eq!(send(&site, "kurt", &format!("POST {HOME}/invitations/{id}/resend"), json!({})).status, 200);
    assert_eq!(accept(&site, "krist", &newest_mail(&site)).0, 200);
}

#[test]
fn cursors_cookies_and_derived_pass_keys_end_with_the_secret() {
    let mut site = Site::new(sqlite::open());
    send(&site, "kurt", "POST /v1/organizations", json!({ "name": "Nirvana" }));
    send(&site, "kurt", &format!("POST {HOME}/members"), json!({ "userId": "krist" }));
    let page = send(&site, "kurt", &format!("GET {HOME}/members?limit=1"), json!({}));
    let cursor = page.body["nextCursor"].as_str().unwrap().to_owned();
    let chosen = send(&site, "kurt", "PUT /v1/me/current-organization", json!({ "organization": "nirvana" }));
    let cookie = chosen.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let session = block_on(site.sign_in(&person("kurt")));
    let key =
        |site: &Site<_>| send(site, "kurt", "GET /.well-known/jwks.json", json!({})).body["keys"][0]["kid"].clone();
    let source = |site: &Site<_>| {
        let token = block_on(site.sign_in(&person("kurt")));
        let mut asked = request("GET", "/v1/resolve", Some(&token), None);
        asked.headers_mut().insert("cookie", cookie.parse().unwrap());
        block_on(site.send(asked)).body["source"].clone()
    };
    let (before, remembered) = (key(&site), source(&site));
    rotate(&mut site);
    let again = send(&site, "kurt", &format!("GET {HOME}/members?limit=1&cursor={cursor}"), json!({}));
    assert_eq!(again.body["code"], "cursor_invalid", "{}", again.text);
    assert_eq!(block_on(site.send(request("GET", "/v1/me", Some(&session), None))).status, 401);
    assert_ne!(key(&site), before);
    assert_ne!(source(&site), remembered);
}
