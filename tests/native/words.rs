//! The words by which members and organizations are found, after an upgrade: the clock makes those of older ones.

use crate::support::NoMessenger;
use crate::support::random::person;
use crate::support::site::{Site, request, settings};
use crate::support::sqlite;
use guildhall::app::config::Settings;
use guildhall::app::ports::{Store, Upkeep};
use pollster::block_on;
use serde_json::{Value, json};

const PATH: &str = "/v1/organizations/nirvana/members";

fn send<S: Store + Upkeep>(site: &Site<S>, method: &str, path: &str, body: Value) -> Value {
    let token = block_on(site.sign_in(&person("kurt")));
    let body = (method != "GET").then_some(body);
    let reply = block_on(site.send(request(method, path, Some(&token), body.as_ref())));
    assert!(reply.status < 300, "{method} {path} {}", reply.text);
    reply.body
}

fn found<S: Store + Upkeep>(site: &Site<S>, text: &str) -> Vec<String> {
    let page = send(site, "GET", &format!("{PATH}?q={text}"), json!({}));
    page["data"].as_array().unwrap().iter().map(|member| member["userId"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn members_from_before_an_upgrade_are_found_after_some_ticks() {
    let site = Site::new(sqlite::open());
    let tick = || assert!(block_on(site.app().tick(None::<&NoMessenger>)).is_empty());
    send(&site, "POST", "/v1/organizations", json!({ "name": "Nirvana" }));
    for number in 0..510 {
        send(&site, "POST", PATH, json!({ "userId": format!("user-{number}"), "name": format!("Zoë{number} O'Neil") }));
    }
    (0..3).for_each(|_| tick());
    let count = |sql: &str| {
        let connection = site.store.executor().connection.borrow();
        connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM member_words_progress"), 0, "a new installation has nothing to make anew");
    let before = count("SELECT count(*) FROM member_words");
    let older = "UPDATE member_words SET word = 'old ' || word; \
                 INSERT INTO member_words_progress (id, organization, user) VALUES (1, '', '')";
    site.store.executor().connection.borrow().execute_batch(older).unwrap();
    assert_eq!(found(&site, "zoe509"), [""; 0]);
    tick();
    assert_eq!(count("SELECT count(*) FROM member_words WHERE word LIKE 'old %' AND user = 'user-0'"), 0);
    assert!(count("SELECT count(*) FROM member_words WHERE word LIKE 'old %'") > 0, "a tick has a bound");
    tick();
    assert_eq!(found(&site, "zoe509%20oneil"), ["user-509"]);
    tick();
    assert_eq!(count("SELECT count(*) FROM member_words_progress"), 0);
    assert_eq!(count("SELECT count(*) FROM member_words"), before);
}

#[test]
fn organizations_from_before_an_upgrade_are_found_after_some_ticks() {
    let roomy = Settings { max_owned: Some("1000".to_owned()), ..settings() };
    let site = Site::with(sqlite::open(), &roomy);
    let tick = || assert!(block_on(site.app().tick(None::<&NoMessenger>)).is_empty());
    for number in 0..505 {
        send(&site, "POST", "/v1/organizations", json!({ "name": format!("Zoë{number} Band") }));
    }
    (0..3).for_each(|_| tick());
    let count = |sql: &str| {
        let connection = site.store.executor().connection.borrow();
        connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM organization_words_progress"), 0, "a new installation has nothing to make");
    let before = count("SELECT count(*) FROM organization_words");
    let older =
        "DELETE FROM organization_words; INSERT INTO organization_words_progress (id, organization) VALUES (1, '')";
    site.store.executor().connection.borrow().execute_batch(older).unwrap();
    tick();
    let some = count("SELECT count(*) FROM organization_words");
    assert!(some > 0 && some < before, "a tick has a bound: {some} of {before}");
    (0..2).for_each(|_| tick());
    assert_eq!(count("SELECT count(*) FROM organization_words_progress"), 0);
    assert_eq!(count("SELECT count(*) FROM organization_words"), before);
    let root = json!({ "userId": "root", "email": "root@example.com", "platformAdmin": true });
    let token = block_on(site.sign_in(&root));
    let reply = block_on(site.send(request("GET", "/v1/organizations?all=true&q=zoe504", Some(&token), None)));
    assert_eq!(reply.body["data"][0]["name"], "Zoë504 Band", "{}", reply.text);
}
