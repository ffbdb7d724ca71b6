//! The words by which members are found, after an upgrade: older ones are made anew by the clock.

use crate::support::NoMessenger;
use crate::support::random::person;
use crate::support::site::{Site, request};
use crate::support::sqlite;
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
