//! Databases that the planner has seen in different lives: never analyzed, analyzed with one large
//! organization, with many small ones, or when the first organization had just begun.
//!
//! Owns the rows, written past the commands, and past the triggers that only the audit log's writer satisfies.

use super::sqlite::connect;
use rusqlite::Connection;
use std::fmt::Write;

/// How much of everything there is for each organization.
pub struct Fill {
    pub organizations: u32,
    pub members: u32,
    pub invitations: u32,
    pub teams: u32,
    pub in_teams: u32,
    pub roles: u32,
    pub commits: u32,
    pub others: u32,
    pub deliveries: u32,
}

pub const LARGE: Fill = Fill {
    organizations: 1,
    members: 2_000,
    invitations: 1_000,
    teams: 10,
    in_teams: 300,
    roles: 10,
    commits: 1_500,
    others: 300,
    deliveries: 800,
};

pub const SMALL: Fill = Fill {
    organizations: 600,
    members: 5,
    invitations: 2,
    teams: 1,
    in_teams: 2,
    roles: 1,
    commits: 6,
    others: 2,
    deliveries: 4,
};

pub const YOUNG: Fill = Fill {
    organizations: 1,
    members: 3,
    invitations: 2,
    teams: 2,
    in_teams: 2,
    roles: 1,
    commits: 5,
    others: 2,
    deliveries: 2,
};

/// What only the newest schema has.
const LATER: &str = "DROP TRIGGER commits_are_never_changed; \
     UPDATE commits SET position = placed.position FROM (SELECT organization, seq, row_number() OVER (ORDER BY at, organization) \
     AS position FROM commits) AS placed WHERE placed.organization = commits.organization AND placed.seq = commits.seq; \
     CREATE TRIGGER commits_are_never_changed BEFORE UPDATE ON commits BEGIN SELECT RAISE(ABORT, 'audit_is_append_only'); END; \
     INSERT INTO organization_words SELECT id, name_key FROM organizations UNION SELECT id, slug FROM organizations; \
     INSERT INTO tombstones SELECT 'gone_' || rowid, 1, 1, 'x', NULL, 1000000 + rowid, 0, 'user', 'organization.purge', NULL \
     FROM organizations; \
     UPDATE webhooks SET failing_since = 1 WHERE id LIKE '%1'; \
     INSERT INTO ticks VALUES (1, 1, 0, 1, '[]');";

/// A database that was never analyzed, and those that were when they held so much.
pub fn situations() -> Vec<(&'static str, Connection)> {
    let empty = ("without statistics", connect());
    let analyzed = [("one large organization", LARGE), ("many small ones", SMALL), ("a young one", YOUNG)];
    [empty].into_iter().chain(analyzed.map(|(name, fill)| (name, fill.analyzed()))).collect()
}

impl Fill {
    /// A database with so much in it, analyzed.
    pub fn analyzed(&self) -> Connection {
        let connection = connect();
        self.pour(&connection);
        connection.execute_batch(&format!("{LATER} ANALYZE;")).unwrap();
        connection
    }

    /// Puts everything into an empty database.
    pub fn pour(&self, connection: &Connection) {
        let guards = guards(connection);
        let drops: String = guards.iter().fold(String::new(), |mut all, (name, _)| {
            write!(all, "DROP TRIGGER {name};").unwrap();
            all
        });
        connection.execute_batch(&format!("BEGIN; {drops} {} COMMIT", self.sql())).unwrap();
        guards.iter().for_each(|(_, sql)| connection.execute_batch(sql).unwrap());
    }

    fn sql(&self) -> String {
        let parts = [self.organizations(), self.members(), self.teams(), self.doors(), self.outbox()];
        parts.concat()
    }

    /// `o`: the organizations; `k`: numbers to count with.
    fn organizations(&self) -> String {
        let (organizations, members, commits, roles) = (self.organizations, self.members, self.commits, self.roles);
        format!(
            "CREATE TEMP TABLE o AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {organizations}) \
             SELECT i, printf('org_%032d', i) AS id FROM n;
             CREATE TEMP TABLE k AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT i FROM n;
             INSERT INTO slugs SELECT 's' || i, id, 1 FROM o UNION ALL SELECT 'former' || i, id, 1 FROM o;
             INSERT INTO commits (organization, seq, at, actor, action, events, hash) \
             SELECT o.id, k.i, 1000 + k.i, 'u' || (k.i % 7), 'member.add', '[{{\"type\":\"member.added\"}}]', printf('%064d', k.i) \
             FROM o, k WHERE k.i <= {commits};
             INSERT INTO commit_types SELECT organization, 'member.added', seq, actor FROM commits;
             INSERT INTO organizations (id, slug, name, name_key, state, owner, version, metadata, settings, created_at, updated_at) \
             SELECT id, 's' || i, 'N' || i, 'n' || i, 'active', printf('u%07d', i * {members}), {commits}, '{{}}', '{{}}', 1, 1 FROM o;
             INSERT INTO roles (id, organization, body) \
             SELECT 'rol_' || o.i || '_' || k.i, o.id, json_object('key', 'r' || k.i, 'permissions', json('[]')) FROM o, k WHERE k.i <= {roles};"
        )
    }

    fn members(&self) -> String {
        let members = self.members;
        format!(
            "INSERT INTO memberships (organization, user, id, email, email_key, name, name_key, roles, joined_at, email_verified, state, until) \
             SELECT o.id, printf('u%07d', o.i * {members} + k.i - 1), printf('mem_%09d_%09d', o.i, k.i), 'e' || o.i || '_' || k.i, \
             'e' || o.i || '_' || k.i, 'n', 'n' || k.i, CASE k.i % 10 WHEN 0 THEN '[\"r1\"]' ELSE '[\"member\"]' END, 1000 + k.i, \
             k.i % 2, CASE k.i % 50 WHEN 1 THEN 'suspended' ELSE 'active' END, CASE k.i % 50 WHEN 2 THEN 99999 END \
             FROM o, k WHERE k.i <= {members};
             INSERT INTO member_words (organization, word, id, user) SELECT organization, email_key, id, user FROM memberships \
             UNION SELECT organization, user, id, user FROM memberships UNION SELECT organization, name_key, id, user FROM memberships;"
        )
    }

    fn teams(&self) -> String {
        let (teams, in_teams) = (self.teams, self.in_teams);
        format!(
            "INSERT INTO teams (id, organization, body) SELECT printf('team_%07d_%03d', o.i, k.i), o.id, '{{\"parent\":null}}' \
             FROM o, k WHERE k.i <= {teams};
             INSERT INTO team_members (organization, team, user, roles, added_at, id, joined_at, name_key) \
             SELECT m.organization, t.id, m.user, '[\"member\"]', 1, m.id, m.joined_at, m.name_key \
             FROM teams t JOIN memberships m ON m.organization = t.organization WHERE m.joined_at <= 1000 + {in_teams};"
        )
    }

    fn doors(&self) -> String {
        let (invitations, others) = (self.invitations, self.others);
        format!(
            "INSERT INTO invitations (id, organization, email, email_key, roles, invited_by, state, digest, generation, created_at, \
             expires_at, closed_at) SELECT printf('inv_%07d_%07d', o.i, k.i), o.id, 'i' || k.i, 'i' || k.i, '[\"member\"]', 'u' || (k.i % 5), \
             CASE k.i % 2 WHEN 0 THEN 'pending' ELSE 'revoked' END, printf('%032d%032d', o.i, k.i), 1, 1, 1000 + k.i, \
             CASE k.i % 2 WHEN 1 THEN 1 END FROM o, k WHERE k.i <= {invitations};
             INSERT INTO domains (id, organization, body) SELECT printf('dom_%07d_%07d', o.i, k.i), o.id, json_object('id', \
             printf('dom_%07d_%07d', o.i, k.i), 'organization', o.id, 'name', 'd' || o.i || '.' || k.i, 'policy', 'off', \
             'state', CASE k.i % 2 WHEN 1 THEN 'verified' ELSE 'pending' END, 'verifiedAt', 1, 'recheckAt', 2) \
             FROM o, k WHERE k.i <= min(10, {others});
             INSERT INTO invitation_links (id, organization, body) SELECT printf('lnk_%07d_%07d', o.i, k.i), o.id, json_object('digest', \
             printf('%031d%033d', o.i, k.i), 'uses', 0, 'roles', json('[\"member\"]')) FROM o, k WHERE k.i <= min(10, {others});
             INSERT INTO join_requests (id, organization, body, email_key) SELECT printf('req_%07d_%07d', o.i, k.i), o.id, \
             json_object('user', 'w' || o.i || '_' || k.i, 'state', CASE k.i % 2 WHEN 1 THEN 'pending' ELSE 'denied' END, \
             'closedAt', CASE k.i % 2 WHEN 0 THEN 1 END), 'w' || k.i FROM o, k WHERE k.i <= {others};
             INSERT INTO registrations (id, organization, email_key, body) SELECT 'reg_' || o.i, o.id, 'x' || o.i, json_object('digest', \
             printf('%064d', o.i), 'expiresAt', 1, 'activatedBy', CASE o.i % 2 WHEN 0 THEN 'q' END) FROM o WHERE o.i % 10 = 1;"
        )
    }

    fn outbox(&self) -> String {
        let (others, deliveries) = (self.others, self.deliveries);
        format!(
            "INSERT INTO departures SELECT o.id, 'd' || k.i FROM o, k WHERE k.i <= {others};
             INSERT INTO receipts SELECT 'u' || o.i, 'key' || k.i, 'f', 'a', NULL, 1000 + k.i FROM o, k WHERE k.i <= {others};
             INSERT INTO messages (id, organization, version, notice, created_at, due_at, invitee, delivered_at) \
             SELECT printf('msg_%07d_%07d', o.i, k.i), o.id, 1, json_object('to', 'i' || k.i), 1, 1000 + k.i, 'i' || k.i, \
             CASE k.i % 2 WHEN 1 THEN 1000 + k.i END FROM o, k WHERE k.i <= {others};
             INSERT INTO invitation_quotas SELECT 'organization:' || id, 20000, 1, 100 FROM o;
             INSERT INTO suppressions SELECT 's' || o.i || '_' || k.i, '', NULL, 1 FROM o, k WHERE k.i <= min({others}, 20);
             INSERT INTO webhooks (id, organization, body) SELECT printf('whk_%07d_%03d', o.i, k.i), o.id, json_object('id', \
             printf('whk_%07d_%03d', o.i, k.i), 'organization', o.id, 'state', 'active', 'url', 'https://x', 'events', json('[\"*\"]')) \
             FROM o, k WHERE k.i <= min({others}, 3);
             INSERT INTO deliveries (webhook, message, organization, seq, place, name, created_at, due_at) \
             SELECT w.id, printf('m%07d', k.i), w.organization, k.i, 0, 'member.added', 1000 + k.i, CASE k.i % 3 WHEN 0 THEN 1000 + k.i END \
             FROM webhooks w, k WHERE k.i <= {deliveries};
             DROP TABLE o; DROP TABLE k;"
        )
    }
}

/// The triggers of the audit log and of the organizations, as name and text.
fn guards(connection: &Connection) -> Vec<(String, String)> {
    let sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('commits', 'commit_types', 'organizations')";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}
