//! `docs/headers.md` is the table of the headers that tell a browser what an answer may do: the API sends what it
//! says, and `www/_headers` has its column of pages.

use crate::support::site::{Reply, Site, request};
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::json;

const TABLE: &str = include_str!("../../docs/headers.md");
const PAGES: &str = include_str!("../../www/_headers");
const STRICT: &str = "strict-transport-security";

/// The rows of the table: a header's name, and its value in each column.
fn rows() -> Vec<(String, Vec<String>)> {
    let lines = TABLE.lines().filter(|line| line.starts_with("| `"));
    let cell = |text: &str| text.trim().trim_matches('`').to_owned();
    lines
        .map(|line| {
            let cells: Vec<String> = line.trim_matches('|').split('|').map(cell).collect();
            (cells[0].to_lowercase(), cells[1..].to_vec())
        })
        .collect()
}

fn assert_column(reply: &Reply, column: usize, secure: bool, what: &str) {
    for (name, values) in rows() {
        let told = reply.headers.get(&name).map_or("", |value| value.to_str().unwrap());
        let expected = if name == STRICT && !secure { "" } else { &values[column] };
        assert_eq!(told, expected, "{what}: {name}");
    }
}

fn world() -> (Site<MemoryStore>, String) {
    let site = Site::new(MemoryStore::default());
    let token = block_on(site.sign_in(&json!({ "userId": "kurt", "email": "kurt@nirvana.example" })));
    for (method, path, body) in [
        ("POST", "/v1/organizations", json!({ "name": "Nirvana" })),
        ("PATCH", "/v1/organizations/nirvana", json!({ "slug": "bliss" })),
    ] {
        assert!(block_on(site.send(request(method, path, Some(&token), Some(&body)))).status < 300);
    }
    (site, token)
}

#[test]
fn every_kind_of_answer_has_the_headers_of_its_column() {
    let (site, token) = world();
    assert!(rows().len() >= 9, "the table of docs/headers.md is not where it was");
    for (line, status, column) in [
        ("GET /healthz", 200, 0),
        ("GET /readyz", 200, 0),
        ("GET /v1/me", 200, 0),
        ("HEAD /v1/me", 200, 0),
        ("OPTIONS /v1/organizations", 204, 0),
        ("GET /v1/organizations/bliss", 200, 0),
        ("GET /v1/organizations/nirvana", 308, 0),
        ("GET /v1/organizations/nowhere", 404, 0),
        ("GET /no/such/path", 404, 0),
        ("DELETE /v1/me", 405, 0),
        ("POST /v1/organizations", 400, 0),
        ("DELETE /v1/me/current-organization", 204, 0),
        ("GET /v1/organizations/bliss/export", 200, 1),
        ("GET /v1/organizations/bliss/events/export", 200, 1),
        ("GET /.well-known/jwks.json", 200, 2),
    ] {
        let (method, path) = line.split_once(' ').unwrap();
        let reply = block_on(site.send(request(method, path, Some(&token), None)));
        assert_eq!(reply.status, status, "{line}: {}", reply.text);
        assert_column(&reply, column, false, line);
    }
}

#[test]
fn answers_say_all_that_they_depend_on() {
    let (site, token) = world();
    let told = TABLE.split("say `Vary: ").nth(1).unwrap().split('`').next().unwrap();
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for caller in [Some(token.as_str()), None] {
        let reply = block_on(site.send(request("GET", "/v1/me", caller, None)));
        assert_eq!(reply.headers["vary"], told);
    }
    for name in ["authorization", "cookie", "cf-access-jwt-assertion", "guildhall-principal", "guildhall-act-as"] {
        assert!(told.split(", ").any(|one| one == name), "{name} says who asks");
    }
}

#[test]
fn an_unchanged_answer_has_the_headers_too() {
    let (site, token) = world();
    let mut asked = request("GET", "/v1/organizations/bliss", Some(&token), None);
    asked.headers_mut().insert("if-none-match", "*".parse().unwrap());
    let reply = block_on(site.send(asked));
    assert_eq!(reply.status, 304);
    assert_column(&reply, 0, false, "304");
}

#[test]
fn tls_is_asked_for_beyond_this_machine_only() {
    let (site, _) = world();
    for (url, strict) in [
        ("https://guildhall.example/healthz", true),
        ("https://guildhall.example:8443/v1/me", true),
        ("https://203.0.113.7/no/such/path", true),
        ("http://guildhall.example/healthz", false),
        ("https://localhost/healthz", false),
        ("https://acme.localhost:8787/healthz", false),
        ("https://127.0.0.1/healthz", false),
        ("https://[::1]:8787/healthz", false),
        ("/healthz", false),
    ] {
        let asked = http::Request::builder().uri(url).body(Vec::new()).unwrap();
        let reply = block_on(site.send(asked));
        assert_eq!(reply.headers.contains_key(STRICT), strict, "{url}");
    }
}

#[test]
fn pages_have_their_column() {
    let all = PAGES.split("/*\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let lines = all.lines().map(|line| line.trim().split_once(": ").unwrap());
    let mut told: Vec<(String, String)> = lines.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    told.sort();
    let column = rows().into_iter().map(|(name, values)| (name, values[3].clone()));
    let mut expected: Vec<(String, String)> = column.filter(|(_, value)| !value.is_empty()).collect();
    expected.sort();
    assert_eq!(told, expected);
}
