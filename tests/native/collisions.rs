//! What two writers can collide over breaks a rule with a name at once, and never a deferred key at the end of
//! the batch: newer runtimes report that as an internal error, which looks like an outage.
//!
//! The executor of these tests treats a broken deferred key as a failure, as those runtimes do.

use crate::races::{Asks, race, site};
use crate::schema::populated;
use crate::support::dump::dump;
use crate::support::invariants::broken;
use crate::support::sqlite;
use rusqlite::{Connection, Error, ErrorCode};
use serde_json::{Value, json};

const TRIGGER: i32 = 1811;

/// Each deferred key with a write that would break it, and the code under which it is refused.
const COLLISIONS: [(&str, &str); 10] = [
    (
        "slug_taken",
        "INSERT INTO slugs (slug, organization, taken_at) VALUES ('nirvana', 'org_x', 1) ON CONFLICT DO NOTHING",
    ),
    ("slug_taken", "INSERT INTO slugs (slug, organization, taken_at) VALUES ('scream', 'org_x', 1)"),
    ("slug_not_held", "UPDATE organizations SET slug = 'elsewhere'"),
    ("slug_not_held", "UPDATE organizations SET slug = 'scream'"),
    ("owner_not_a_member", "UPDATE organizations SET owner = 'dave'"),
    ("owner_leaves", "DELETE FROM memberships WHERE user = 'kurt'"),
    (
        "team_parent_missing",
        "INSERT INTO teams (id, organization, body) SELECT 'team_x', id, '{\"parent\":\"team_gone\"}' FROM organizations",
    ),
    (
        "stale_position",
        "INSERT INTO commits (organization, seq, at, actor, action, events, hash, position) SELECT 'org_x', 1, 1, 'x', 'x', '[1]', printf('%064d', 1), position FROM tombstones",
    ),
    (
        "stale_version",
        "INSERT INTO commits (organization, seq, at, actor, action, events, hash, position) SELECT 'org_x', 2, 1, 'x', 'x', '[1]', printf('%064d', 1), max(position) + 1 FROM tombstones",
    ),
    (
        "organization_deleted",
        "INSERT INTO commits (organization, seq, at, actor, action, events, hash, position) SELECT organization, 1, 1, 'x', 'x', '[1]', printf('%064d', 1), position + 1 FROM tombstones",
    ),
];

fn refused(connection: &Connection, sql: &str) -> (Option<ErrorCode>, i32, String) {
    match connection.execute(sql, []) {
        Err(Error::SqliteFailure(failure, text)) => {
            (Some(failure.code), failure.extended_code, text.unwrap_or_default())
        }
        other => (None, 0, format!("{other:?}")),
    }
}

#[test]
fn every_collision_is_refused_at_once_by_its_code() {
    let site = populated();
    let connection = site.store.executor().connection.borrow();
    for (code, sql) in COLLISIONS {
        let expected = (Some(ErrorCode::ConstraintViolation), TRIGGER, code.to_owned());
        assert_eq!(refused(&connection, sql), expected, "{sql}");
    }
}

#[test]
fn a_team_below_another_one_stays_below_one_that_exists() {
    let site = populated();
    let connection = site.store.executor().connection.borrow();
    let put = "INSERT INTO teams (id, organization, body) SELECT ?1, id, json_object('parent', ?2) FROM organizations";
    assert_eq!(
        connection.execute(put, ["team_a", ""]).map_err(|error| error.to_string()),
        Err("team_parent_missing".to_owned())
    );
    assert_eq!(connection.execute(put, [Some("team_a"), None]), Ok(1));
    assert_eq!(connection.execute(put, ["team_b", "team_a"]), Ok(1));
    let (_, code, text) =
        refused(&connection, "UPDATE teams SET body = '{\"parent\":\"team_gone\"}' WHERE id = 'team_b'");
    assert_eq!((code, text.as_str()), (TRIGGER, "team_parent_missing"));
    let missing = "INSERT INTO team_members (organization, team, user, roles, added_at, id, joined_at, name_key) \
         SELECT organization, 'team_gone', user, '[\"member\"]', 1, id, 1, '' FROM memberships";
    assert_eq!(refused(&connection, missing).2, "team_missing");
    let join = missing.replace("team_gone", "team_a");
    assert_eq!(connection.execute(&join, []), Ok(2));
    assert_eq!(refused(&connection, "UPDATE team_members SET team = 'team_b'").2, "team_members_stay");
    assert!(connection.execute("DELETE FROM teams WHERE id = 'team_a'", []).is_err(), "a team goes without its parts");
    assert_eq!(connection.execute("DELETE FROM teams", []), Ok(2));
    let left: u32 = connection.query_row("SELECT count(*) FROM team_members", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0, "members stay in a team that is gone");
}

/// Three who want one slug: by founding, by renaming, and for another organization.
fn wanted() -> Asks {
    vec![
        ("kurt", "POST", "", json!({ "name": "Kurt's", "slug": "wanted" })),
        ("krist", "PATCH", "/nirvana", json!({ "slug": "wanted" })),
        ("dave", "POST", "", json!({ "name": "Dave's", "slug": "wanted" })),
    ]
}

/// The owner is made another, leaves and is taken out at once.
fn owners() -> Asks {
    vec![
        ("kurt", "POST", "/nirvana/transfer", json!({ "userId": "krist" })),
        ("krist", "DELETE", "/nirvana/members/me", Value::Null),
        ("kurt", "DELETE", "/nirvana/members/krist", Value::Null),
    ]
}

/// A part of the organization is made below another one that goes.
fn parts() -> Asks {
    vec![
        ("kurt", "POST", "/nirvana/teams", json!({ "name": "Road" })),
        ("krist", "POST", "/nirvana/teams", json!({ "name": "Crew" })),
        ("kurt", "DELETE", "/nirvana", Value::Null),
    ]
}

#[test]
fn a_lost_race_is_refused_and_never_an_outage() {
    for (asks, naive) in [(wanted(), false), (owners(), false), (owners(), true), (parts(), false)] {
        for seed in 0..12 {
            let site = site(sqlite::open(), naive, None);
            let statuses = race(&site, seed, &asks);
            assert!(statuses.iter().all(|status| *status < 500), "seed {seed}: {statuses:?} {asks:?}");
            assert_eq!(broken(&dump(&site.store.store)), None, "seed {seed}: {asks:?}");
        }
    }
}

#[test]
fn of_three_who_want_a_slug_one_gets_it() {
    for seed in 0..12 {
        let site = site(sqlite::open(), false, None);
        let mut statuses = race(&site, seed, &wanted());
        statuses.sort_unstable();
        assert!(
            [[200, 409, 409], [201, 409, 409]].contains(&[statuses[0], statuses[1], statuses[2]]),
            "seed {seed}: {statuses:?}"
        );
    }
}
