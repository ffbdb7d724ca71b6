//! The main job, on memory and on SQLite, as a new user would go through it.
use crate::support::site::{Reply, Site, request};
use crate::support::sqlite;
use guildhall::app::ports::{Store, Upkeep};
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::{Value, json};

struct Person<'a, S> {
    site: &'a Site<S>,
    token: String,
}

impl<S: Store + Upkeep> Person<'_, S> {
    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        self.site.send(request(method, path, Some(&self.token), body.as_ref())).await
    }

    async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Reply {
        self.ask("POST", path, Some(body)).await
    }
}

async fn person<'a, S: Store + Upkeep>(site: &'a Site<S>, name: &str) -> Person<'a, S> {
    let body = json!({ "userId": name, "email": format!("{name}@nirvana.com"), "name": name });
    Person { site, token: site.sign_in(&body).await }
}

async fn walk<S: Store + Upkeep>(site: &Site<S>) {
    let (kurt, krist) = (person(site, "kurt").await, person(site, "krist").await);
    let made = kurt.post("/v1/organizations", json!({ "name": "Nirvana" })).await;
    assert_eq!(
        (made.status, &made.body["slug"], &made.body["version"]),
        (201, &json!("nirvana"), &json!(1)),
        "{}",
        made.text
    );

    let invited = kurt
        .post("/v1/organizations/nirvana/invitations", json!({ "email": "krist@nirvana.com", "roles": ["admin"] }))
        .await;
    assert_eq!(invited.status, 201, "{}", invited.text);
    assert!(invited.body.get("token").is_none());

    let outbox = site.send(request("GET", "/dev/outbox", None, None)).await;
    let token = outbox.body["data"][0]["token"].as_str().unwrap();
    let preview = site.send(request("POST", "/v1/invitations/preview", None, Some(&json!({ "token": token })))).await;
    assert_eq!((preview.status, &preview.body["organization"]["name"]), (200, &json!("Nirvana")), "{}", preview.text);
    let joined = krist.post("/v1/invitations/accept", json!({ "token": token })).await;
    assert_eq!((joined.status, &joined.body["roles"]), (200, &json!(["admin"])), "{}", joined.text);

    let members = kurt.get("/v1/organizations/nirvana/members").await;
    assert_eq!(members.body["data"].as_array().map(Vec::len), Some(2), "{}", members.text);
    let resolved = krist.get("/o/nirvana/v1/resolve").await;
    assert_eq!(
        (&resolved.body["outcome"], &resolved.body["source"]),
        (&json!("resolved"), &json!("path")),
        "{}",
        resolved.text
    );

    let removed = kurt.ask("DELETE", "/v1/organizations/nirvana/members/krist", None).await;
    assert_eq!(removed.status, 200, "{}", removed.text);
    assert_eq!(krist.get("/v1/organizations/nirvana").await.status, 404);

    let back = kurt.post("/v1/organizations/nirvana/members", json!({ "userId": "krist" })).await;
    assert_eq!(back.status, 201, "{}", back.text);
    let moved = kurt.post("/v1/organizations/nirvana/transfer", json!({ "userId": "krist" })).await;
    assert_eq!((moved.status, &moved.body["ownerId"]), (200, &json!("krist")), "{}", moved.text);
    assert_eq!(kurt.ask("DELETE", "/v1/organizations/nirvana", None).await.status, 403);
    let deleted = krist.ask("DELETE", "/v1/organizations/nirvana", None).await;
    assert_eq!(deleted.status, 200, "{}", deleted.text);
    assert_eq!(krist.get("/v1/organizations/nirvana").await.status, 404);
}

#[test]
fn the_main_job_on_memory() {
    block_on(walk(&Site::new(MemoryStore::default())));
}

#[test]
fn the_main_job_on_sqlite() {
    block_on(walk(&Site::new(sqlite::open())));
}
