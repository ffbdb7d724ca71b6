//! Everything a SQL store holds, in the shape of the memory store's dump.

use super::sqlite::Sqlite;
use guildhall::store::sql::SqlStore;
use serde_json::{Value, json};

pub fn dump(store: &SqlStore<Sqlite>) -> Value {
    let rows = |sql: &str| rows(store, sql);
    json!({
        "organizations": rows("SELECT json_patch(json_object('id', id, 'slug', slug, 'name', name, 'state', state, 'owner', owner, 'version', version, 'metadata', json(metadata), 'settings', json(settings), 'logoUrl', logo_url, 'seatLimit', seats, 'memberCount', member_count, 'pendingCount', pending_count, 'joinRequests', join_requests, 'createdAt', created_at, 'updatedAt', updated_at), json_object('pendingFree', json(iif(pending_free, 'true', 'null')), 'personal', json(iif(personal, 'true', 'null')), 'requirements', json(iif(requirements LIKE '%true%', requirements, 'null')), 'nomination', json(nomination), 'deletion', json(deletion))) FROM organizations ORDER BY id"),
        "members": rows("SELECT json_object('id', id, 'organization', organization, 'user', user, 'email', email, 'emailVerified', json(iif(email_verified, 'true', 'false')), 'name', name, 'roles', json(roles), 'state', state, 'kind', kind, 'title', title, 'until', until, 'joinedAt', joined_at) FROM memberships ORDER BY organization, user"),
        "invitations": rows("SELECT json_remove(json_object('id', id, 'organization', organization, 'email', email, 'roles', json(roles), 'teams', json(teams), 'invitedBy', invited_by, 'state', state, 'digest', digest, 'generation', generation, 'message', message, 'locale', locale, 'createdAt', created_at, 'expiresAt', expires_at, 'answeredBy', answered_by, 'closedAt', closed_at), CASE teams WHEN '[]' THEN '$.teams' ELSE '$.none' END) FROM invitations ORDER BY organization, id"),
        "roles": rows("SELECT body FROM roles ORDER BY organization, key"),
        "domains": rows("SELECT body FROM domains ORDER BY organization, id"),
        "links": rows("SELECT body FROM invitation_links ORDER BY organization, id"),
        "joinRequests": rows("SELECT body FROM join_requests ORDER BY organization, id"),
        "registrations": rows("SELECT body FROM registrations ORDER BY organization, id"),
        "teams": rows("SELECT body FROM teams ORDER BY organization, id"),
        "teamMembers": rows("SELECT json_object('organization', organization, 'team', team, 'user', user, 'roles', json(roles), 'addedAt', added_at) FROM team_members ORDER BY organization, user, team"),
        "epochs": rows("SELECT json_array(json_array(organization, user), epoch) FROM membership_epochs ORDER BY organization, user"),
        "slugs": rows("SELECT json_group_object(slug, organization) FROM (SELECT * FROM slugs ORDER BY slug)")[0],
        "departures": rows("SELECT json_array(organization, json_group_array(user)) FROM (SELECT * FROM departures ORDER BY organization, user) GROUP BY organization ORDER BY organization"),
        "tombstones": rows("SELECT json_group_object(organization, head) FROM (SELECT * FROM tombstones ORDER BY organization)")[0],
        "heads": rows("SELECT json_array(id, head) FROM organizations ORDER BY id"),
        "commits": rows("SELECT json_array(organization, seq, json_patch(json_object('seq', seq, 'at', at, 'actor', actor, 'actorKind', actor_kind, 'action', action, 'events', json(events), 'prevHash', prev_hash, 'hash', hash), json_object('operator', operator))) FROM commits ORDER BY organization, seq"),
        "order": rows("SELECT json_array(organization, seq, position) FROM commits ORDER BY position"),
        "purges": rows("SELECT json_object('position', position, 'recorded', json_object('organization', organization, 'seq', version, 'index', place, 'at', deleted_at, 'actor', deleted_by, 'actorKind', actor_kind, 'operator', operator, 'action', action, 'hash', head, 'event', json_object('type', 'organization.purged'))) FROM tombstones ORDER BY position"),
        "lastPosition": rows("SELECT json_quote(max(COALESCE((SELECT MAX(position) FROM commits), 0), COALESCE((SELECT MAX(position) FROM tombstones), 0)))")[0],
        "tick": rows("SELECT json_object('at', at, 'failures', failures, 'wholeAt', whole_at) FROM ticks").into_iter().next(),
        "receipts": rows("SELECT json_object('user', user, 'key', key, 'fingerprint', fingerprint, 'answer', answer, 'seed', seed, 'createdAt', created_at) FROM receipts ORDER BY user, key"),
        "webhooks": rows("SELECT body FROM webhooks ORDER BY organization, id"),
        "deliveries": rows("SELECT json_object('webhook', webhook, 'message', message, 'organization', organization, 'event', CASE WHEN seq IS NOT NULL THEN json_array(seq, place) END, 'name', name, 'createdAt', created_at, 'dueAt', due_at, 'attempts', attempts, 'attemptedAt', attempted_at, 'status', status, 'fault', fault, 'deliveredAt', delivered_at) FROM deliveries ORDER BY webhook, message"),
        "failing": rows("SELECT json_array(id, failing_since) FROM webhooks WHERE failing_since IS NOT NULL ORDER BY id"),
        "sent": rows("SELECT json_array(subject, json_object('day', day, 'used', used)) FROM invitation_quotas ORDER BY subject"),
        "suppressions": rows("SELECT json_object('address', address, 'organization', NULLIF(organization, ''), 'organizationName', organization_name, 'since', since) FROM suppressions ORDER BY address, organization"),
        "nonces": rows("SELECT json_object('key', key, 'nonce', nonce, 'expiresAt', expires_at) FROM upstream_nonces ORDER BY key, nonce"),
        "messages": rows("SELECT json_object('id', id, 'organization', organization, 'version', version, 'notice', json(notice), 'seed', seed, 'createdAt', created_at, 'deliveredAt', delivered_at, 'attempts', attempts, 'dueAt', due_at) FROM messages ORDER BY id"),
    })
}

fn rows(store: &SqlStore<Sqlite>, sql: &str) -> Vec<Value> {
    let connection = store.executor().connection.borrow();
    let mut statement = connection.prepare(sql).unwrap();
    let texts = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    texts.map(|text| serde_json::from_str(&text.unwrap()).unwrap()).collect()
}
