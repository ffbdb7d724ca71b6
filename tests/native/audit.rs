//! The audit log: what the schema refuses, and that whatever is done to a stored log shows.

use crate::schema::populated;

#[test]
fn the_schema_refuses_what_would_break_the_chain() {
    let site = populated();
    let connection = site.store.executor().connection.borrow();
    let entry = |seq: &str, at: &str, kind: &str, chain: &str| {
        let values = format!("id, {seq}, {at}, 'x', 'x', '[{{\"type\":\"x\"}}]', {kind}, {chain}");
        format!("INSERT INTO commits SELECT {values} FROM organizations")
    };
    let (next, now, user) = ("version + 1", "updated_at", "'user'");
    let linked = "head, replace(head, 'a', 'b')";
    for (why, sql) in [
        ("stale_version", entry("version + 2", now, user, linked)),
        ("stale_version", entry("2", now, user, linked)),
        ("stale_head", entry(next, now, user, "replace(head, 'a', 'b'), head")),
        ("stale_head", entry(next, now, user, "NULL, head")),
        ("stale_head", entry(next, now, user, "head, NULL")),
        ("stale_time", entry(next, "updated_at - 1", user, linked)),
        ("actor_kind", entry(next, now, "'robot'", linked)),
        ("length(hash) = 64", entry(next, now, user, "head, 'x'")),
        ("head_without_commit", "UPDATE organizations SET head = replace(head, 'a', 'b')".to_owned()),
        ("head_without_commit", "UPDATE organizations SET head = NULL".to_owned()),
        ("audit_is_append_only", "UPDATE commits SET hash = NULL".to_owned()),
        ("audit_is_append_only", "UPDATE commit_types SET type = 'x'".to_owned()),
        ("audit_is_append_only", "DELETE FROM commit_types".to_owned()),
    ] {
        let refusal = connection.execute(&sql, []).map_err(|error| error.to_string());
        assert!(refusal.as_ref().is_err_and(|error| error.contains(why)), "{why}: {refusal:?}: {sql}");
    }
}

/// What is left of a deleted organization says where its log ended.
#[test]
fn a_tombstone_keeps_the_head() {
    let site = populated();
    let connection = site.store.executor().connection.borrow();
    let head: String = connection.query_row("SELECT head FROM tombstones", [], |row| row.get(0)).unwrap();
    assert_eq!(head.len(), 64);
}
