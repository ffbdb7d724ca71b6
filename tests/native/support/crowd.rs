//! An organization with as many members as asked for, on SQLite, and what is done in it all day.
//!
//! Owns the filling, which goes round the commands (a million of them would take a day) but through
//! the schema's own triggers, and the operations whose cost must not follow the crowd's size.

use super::random::person;
use super::site::{Reply, Site, request, settings};
use super::sqlite::{self, Sqlite};
use guildhall::app::config::Settings;
use guildhall::store::sql::SqlStore;
use guildhall::wire::Request;
use pollster::block_on;
use rusqlite::Connection;
use serde_json::{Value, json};

const MEMBERS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) \
     INSERT INTO memberships (organization, user, id, email, email_key, name, name_key, roles, joined_at) \
     SELECT (SELECT id FROM organizations), printf('u%07d', i), printf('mem_%012x700080000000%08x', i, i), \
     printf('u%d@crowd.example', i), printf('u%d@crowd.example', i), printf('Member %07d', i), \
     printf('member %07d', i), CASE WHEN i % 100 = 1 THEN '[\"admin\"]' ELSE '[\"member\"]' END, \
     1700000000000 + i FROM n";
const WORDS: &str = "INSERT INTO member_words (organization, word, id, user) \
     SELECT organization, email_key, id, user FROM memberships WHERE user LIKE 'u0%' OR user LIKE 'u1%' \
     UNION SELECT organization, name_key, id, user FROM memberships WHERE user LIKE 'u0%' OR user LIKE 'u1%' \
     UNION SELECT organization, substr(name_key, 8), id, user FROM memberships WHERE user LIKE 'u0%' OR user LIKE 'u1%'";

/// kurt's organization with a crowd in it.
pub struct Crowd {
    pub site: Site<SqlStore<Sqlite>>,
    kurt: String,
    krist: String,
}

/// Something done in it: what must be there first, and then what is measured.
pub struct Operation {
    pub name: &'static str,
    pub request: fn(&Crowd) -> Request,
}

impl Crowd {
    pub fn of(members: u32) -> Self {
        let roomy = || Some("1000000".to_owned());
        let site = Site::with(
            sqlite::open(),
            &Settings {
                invitations_pending: roomy(),
                invitations_per_day: roomy(),
                invitations_per_inviter_and_day: roomy(),
                invitations_per_recipient_and_day: roomy(),
                ..settings()
            },
        );
        let (kurt, krist) = (block_on(site.sign_in(&person("kurt"))), block_on(site.sign_in(&person("krist"))));
        let crowd = Crowd { site, kurt, krist };
        assert_eq!(crowd.send(&crowd.post("", &json!({ "name": "Nirvana" }))).status, 201);
        let connection = crowd.site.store.executor().connection.borrow();
        connection.execute(MEMBERS, [members]).unwrap();
        connection.execute(WORDS, []).unwrap();
        drop(connection);
        crowd
    }

    /// As in a database that has lived: the planner has seen its sizes.
    pub fn analyze(&self) {
        self.site.store.executor().connection.borrow().execute_batch("ANALYZE").unwrap();
    }

    /// As in a database of many small organizations: the planner has seen theirs.
    pub fn analyze_as(&self, other: &Connection) {
        self.analyze();
        let connection = self.site.store.executor().connection.borrow();
        connection.execute("DELETE FROM sqlite_stat1", []).unwrap();
        let mut seen = other.prepare("SELECT tbl, idx, stat FROM sqlite_stat1").unwrap();
        let mut rows = seen.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: [Option<String>; 3] = [row.get(0).unwrap(), row.get(1).unwrap(), row.get(2).unwrap()];
            connection.execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)", values).unwrap();
        }
        connection.execute_batch("ANALYZE sqlite_schema").unwrap();
    }

    pub fn send(&self, request: &Request) -> Reply {
        let reply = block_on(self.site.send(request.clone()));
        assert!(reply.status < 300, "{} {}: {}", request.method(), request.uri(), reply.text);
        reply
    }

    /// How many steps SQLite has taken since the last time.
    pub fn steps(&self) -> u64 {
        self.site.store.executor().steps.replace(0)
    }

    fn get(&self, rest: &str) -> Request {
        request("GET", &format!("/v1/organizations/nirvana{rest}"), Some(&self.kurt), None)
    }

    fn post(&self, rest: &str, body: &Value) -> Request {
        let path = if rest.is_empty() { String::new() } else { format!("/nirvana{rest}") };
        request("POST", &format!("/v1/organizations{path}"), Some(&self.kurt), Some(body))
    }

    /// Takes krist out again, if he is in.
    fn without_krist(&self) {
        let path = "/v1/organizations/nirvana/members/krist";
        let status = block_on(self.site.send(request("DELETE", path, Some(&self.kurt), None))).status;
        assert!(status == 200 || status == 404, "{status}");
    }

    fn page_after(&self, list: &str) -> Request {
        let first = self.send(&self.get(&format!("/members?limit=4&{list}")));
        let cursor = first.body["nextCursor"].as_str().unwrap().to_owned();
        self.get(&format!("/members?limit=4&{list}&cursor={cursor}"))
    }

    /// Amid the members.
    fn export_after(&self) -> Request {
        let first = self.send(&self.get("/export?limit=4"));
        let cursor = first.headers["guildhall-next-cursor"].to_str().unwrap().to_owned();
        self.get(&format!("/export?limit=4&cursor={cursor}"))
    }
}

/// What an application does all day.
pub const OPERATIONS: &[Operation] = &[
    Operation { name: "check", request: |crowd| crowd.post("/check", &json!({ "permissions": ["member:add"] })) },
    Operation { name: "resolve", request: |crowd| request("GET", "/o/nirvana/v1/resolve", Some(&crowd.kurt), None) },
    Operation {
        name: "invite",
        request: |crowd| crowd.post("/invitations", &json!({ "email": "krist@nirvana.com", "roles": ["admin"] })),
    },
    Operation {
        name: "accept",
        request: |crowd| {
            crowd.without_krist();
            let invite = json!({ "email": "krist@nirvana.com", "notify": false });
            let made = crowd.send(&crowd.post("/invitations", &invite));
            let body = json!({ "token": made.body["token"] });
            request("POST", "/v1/invitations/accept", Some(&crowd.krist), Some(&body))
        },
    },
    Operation {
        name: "add a member",
        request: |crowd| {
            crowd.without_krist();
            crowd.post("/members", &json!({ "userId": "krist" }))
        },
    },
    Operation {
        name: "remove a member",
        request: |crowd| {
            crowd.send(&crowd.post("/members?ifAbsent=true", &json!({ "userId": "krist" })));
            request("DELETE", "/v1/organizations/nirvana/members/krist", Some(&crowd.kurt), None)
        },
    },
    Operation {
        name: "change a member's roles",
        request: |crowd| {
            crowd.send(&crowd.post("/members?ifAbsent=true", &json!({ "userId": "krist" })));
            let admin = crowd.send(&crowd.get("/members/krist")).body["roles"] == json!(["admin"]);
            let roles = json!({ "roles": [if admin { "member" } else { "admin" }] });
            request("PATCH", "/v1/organizations/nirvana/members/krist", Some(&crowd.kurt), Some(&roles))
        },
    },
    Operation { name: "first page of members", request: |crowd| crowd.get("/members?limit=4") },
    Operation { name: "next page of members", request: |crowd| crowd.page_after("sort=joined") },
    Operation { name: "next page by name", request: |crowd| crowd.page_after("sort=name") },
    Operation { name: "next page of a role", request: |crowd| crowd.page_after("role=member") },
    Operation { name: "next page of a search", request: |crowd| crowd.page_after("q=member") },
    Operation { name: "next page of an export", request: Crowd::export_after },
    Operation { name: "page of the audit log", request: |crowd| crowd.get("/events?limit=1") },
];
