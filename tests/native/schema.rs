//! The schema by itself: what it refuses whoever writes, which way each read goes, and the stored
//! shapes. A change here needs a migration.

use crate::support::random::person;
use crate::support::site::{Site, request, settings};
use crate::support::sqlite::{self, Sqlite};
use guildhall::app::config::Settings;
use guildhall::store::sql::SqlStore;
use pollster::block_on;
use serde_json::json;

/// kurt owns nirvana, krist is an admin, dave is invited; bliss was renamed to it and scream deleted.
pub fn populated() -> Site<SqlStore<Sqlite>> {
    let settings = Settings { deletion_grace: Some("0".to_owned()), ..settings() };
    let site = Site::with(sqlite::open(), &settings);
    let token = block_on(site.sign_in(&person("kurt")));
    let asks = [
        ("POST", "", json!({ "name": "Bliss" })),
        ("PATCH", "/bliss", json!({ "slug": "nirvana" })),
        ("POST", "/nirvana/members", json!({ "userId": "krist", "roles": ["admin"] })),
        ("POST", "/nirvana/invitations", json!({ "email": "dave@nirvana.com" })),
        ("POST", "", json!({ "name": "Scream" })),
        ("DELETE", "/scream", json!({})),
    ];
    for (method, path, body) in asks {
        let path = format!("/v1/organizations{path}");
        let reply = block_on(site.send(request(method, &path, Some(&token), Some(&body))));
        assert!(reply.status < 300, "{method} {path}: {}", reply.text);
    }
    site
}

/// Links, requests and registrations, whoever writes.
fn doors(connection: &rusqlite::Connection) {
    let digest = |letter: &str| letter.repeat(64);
    let rows = [
        ("invitation_links", format!(r#"{{"digest":"{}","uses":1,"maxUses":2,"roles":["member"]}}"#, digest("a"))),
        ("join_requests", r#"{"user":"pat","state":"pending","closedAt":null}"#.to_owned()),
    ];
    for (table, body) in rows {
        let sql = format!("INSERT INTO {table} (id, organization, body) SELECT '{table}', id, ?1 FROM organizations");
        assert_eq!(connection.execute(&sql, [body]), Ok(1), "{table}");
    }
    let body = format!(r#"{{"digest":"{}","expiresAt":1,"activatedBy":null}}"#, digest("b"));
    let sql =
        "INSERT INTO registrations (id, organization, email_key, body) SELECT 'r', id, 'x', ?1 FROM organizations";
    assert_eq!(connection.execute(sql, [body]), Ok(1));
    let close = "UPDATE join_requests SET body = json_set(body, '$.state', 'denied', '$.closedAt', 1)";
    let activate = "UPDATE registrations SET body = json_set(body, '$.activatedBy', 'kurt')";
    for (why, sql) in [
        ("a use too many", "UPDATE invitation_links SET body = json_set(body, '$.uses', 3)"),
        ("two uses at once", "UPDATE invitation_links SET body = json_set(body, '$.uses', 3, '$.maxUses', 9)"),
        ("a use taken back", "UPDATE invitation_links SET body = json_set(body, '$.uses', 0)"),
        ("a link to ownership", "UPDATE invitation_links SET body = json_set(body, '$.roles', json('[\"owner\"]'))"),
        (
            "a second pending request",
            "INSERT INTO join_requests (id, organization, body) SELECT 'other', organization, body FROM join_requests",
        ),
        ("a pending request with an end", "UPDATE join_requests SET body = json_set(body, '$.closedAt', 1)"),
        ("an unknown state of a request", "UPDATE join_requests SET body = json_set(body, '$.state', 'maybe')"),
        (
            "a second registration of an organization",
            "INSERT INTO registrations (id, organization, email_key, body) SELECT 's', organization, 'x', json_set(body, '$.digest', replace(digest, 'b', 'c')) FROM registrations",
        ),
        ("an unknown switch", "UPDATE organizations SET join_requests = 'maybe'"),
    ] {
        assert!(connection.execute(sql, []).is_err(), "the schema lets through {why}: {sql}");
    }
    for (once, why) in [(close, "a request is answered twice"), (activate, "a registration is activated twice")] {
        assert_eq!(connection.execute(once, []), Ok(1), "{once}");
        assert!(connection.execute(once, []).is_err(), "{why}");
    }
}

#[test]
fn what_must_never_be_wrong_is_refused_by_the_schema() {
    let site = populated();
    let connection = site.store.executor().connection.borrow();
    for (why, sql) in [
        ("an organization without its owner", "DELETE FROM memberships WHERE user = 'kurt'"),
        ("an owner from elsewhere", "UPDATE organizations SET owner = 'dave'"),
        (
            "a second membership",
            "INSERT INTO memberships SELECT organization, user, 'mem_x', email, name, roles, joined_at FROM memberships LIMIT 1",
        ),
        ("the role owner in a row", "UPDATE memberships SET roles = '[\"owner\"]'"),
        ("no role", "UPDATE memberships SET roles = '[]'"),
        ("a version without a commit", "UPDATE organizations SET version = version + 1"),
        ("a version that goes back", "UPDATE organizations SET version = version - 1"),
        ("a rewritten audit log", "UPDATE commits SET actor = 'nobody'"),
        ("a shortened audit log", "DELETE FROM commits WHERE seq = 1"),
        ("a deletion without a tombstone", "DELETE FROM organizations"),
        ("a moved tombstone", "DELETE FROM tombstones"),
        ("a freed slug", "DELETE FROM slugs"),
        ("a slug in other hands", "UPDATE slugs SET organization = 'org_x'"),
        ("a slug that is nobody's", "UPDATE organizations SET slug = 'elsewhere'"),
        (
            "a commit after the end",
            "INSERT INTO commits SELECT organization, 1, 0, 'x', 'x', '[1]', 'user', NULL, head, position + 1, NULL FROM tombstones",
        ),
        (
            "a second pending invitation",
            "INSERT INTO invitations SELECT 'inv_x', organization, email, email_key, roles, invited_by, state, replace(digest, 'a', 'b'), generation, message, locale, created_at, expires_at, answered_by, closed_at, teams FROM invitations",
        ),
        ("an unknown state", "UPDATE invitations SET state = 'maybe'"),
        ("a state without its time", "UPDATE invitations SET state = 'revoked'"),
        ("one invitation too many", "UPDATE organizations SET seats = 2"),
        ("a guest in a personal organization", "UPDATE organizations SET personal = 1"),
        (
            "an end without a beginning",
            "INSERT INTO tombstones (organization, version, deleted_at, deleted_by) SELECT id, 1, 1, 'x' FROM organizations; DELETE FROM organizations",
        ),
        ("one member too many", "UPDATE organizations SET seats = 1"),
        ("a day's limit passed", "UPDATE invitation_quotas SET used = most + 1"),
    ] {
        assert!(connection.execute(sql, []).is_err(), "the schema lets through {why}: {sql}");
    }
    let wish = "INSERT INTO suppressions VALUES ('dave@nirvana.com', '', NULL, 0)";
    assert_eq!(connection.execute(wish, []), Ok(1));
    let again = "UPDATE invitations SET digest = replace(digest, 'a', 'b')";
    assert!(connection.execute(again, []).is_err(), "somebody who declined everything is invited again");
    doors(&connection);
    let close = "UPDATE invitations SET state = 'revoked', closed_at = 1";
    assert_eq!(connection.execute(close, []), Ok(1));
    let reopen = "UPDATE invitations SET state = 'pending', closed_at = NULL";
    assert!(connection.execute(reopen, []).is_err(), "a closed invitation opens again");
}

/// One read batch and one write batch a command, one batch a resolved read, whatever the size.
#[test]
fn round_trips_are_counted() {
    let site = populated();
    let token = block_on(site.sign_in(&person("kurt")));
    let batches = |method: &str, path: &str, body: serde_json::Value| {
        site.store.executor().batches.set(0);
        let body = Some(&body).filter(|body| !body.is_null());
        let reply = block_on(site.send(request(method, path, Some(&token), body)));
        assert!(reply.status < 300, "{method} {path}: {}", reply.text);
        site.store.executor().batches.get()
    };
    let null = serde_json::Value::Null;
    assert_eq!(batches("POST", "/v1/organizations/nirvana/members", json!({ "userId": "pat" })), 2);
    assert_eq!(batches("POST", "/v1/organizations/nirvana/invitations", json!({ "email": "x@y.zz" })), 2);
    assert_eq!(batches("POST", "/v1/organizations", json!({ "name": "Sub Pop" })), 2);
    for path in [
        "/v1/me",
        "/v1/resolve?org=nirvana",
        "/v1/resolve",
        "/v1/slugs/acme",
        "/v1/organizations",
        "/v1/organizations/nirvana",
        "/v1/organizations/nirvana/members",
        "/v1/organizations/nirvana/events",
        "/v1/organizations/nirvana/events?actor=kurt&type=member.added&since=2026-01-01T00:00:00Z",
        "/v1/organizations/nirvana/events/verify",
    ] {
        assert_eq!(batches("GET", path, null.clone()), 1, "{path}");
    }
    // The page, and whether its inviters may still invite.
    assert_eq!(batches("GET", "/v1/organizations/nirvana/invitations", null.clone()), 2);
    assert_eq!(batches("POST", "/v1/organizations/nirvana/passes", null.clone()), 1);
    assert_eq!(batches("POST", "/v1/me/passport", null.clone()), 1);
    assert_eq!(batches("GET", "/.well-known/jwks.json", null), 0);
    assert_eq!(batches("POST", "/v1/organizations/nirvana/check", json!({ "permissions": ["member:add"] })), 1);
}

/// A hundred invitations cost as many statements as two.
#[test]
fn a_batch_costs_the_same_whatever_its_size() {
    let site = populated();
    let token = block_on(site.sign_in(&person("kurt")));
    let statements = |names: std::ops::Range<u32>| {
        let addresses = names.map(|name| format!("{name}@foo.com")).chain(["dave@nirvana.com".to_owned()]);
        let lines: Vec<_> = addresses.map(|email| json!({ "email": email })).collect();
        let body = json!({ "invitations": lines });
        site.store.executor().statements.set(0);
        let path = "/v1/organizations/nirvana/invitations/bulk";
        let reply = block_on(site.send(request("POST", path, Some(&token), Some(&body))));
        let good = reply.body["data"].as_array().unwrap().iter().filter(|line| line["status"] != "refused").count();
        assert_eq!(Some(good), body["invitations"].as_array().map(Vec::len), "{}", reply.text);
        site.store.executor().statements.get()
    };
    assert_eq!(statements(0..2), statements(2..101));
}
