//! `GET /openapi.json`: what this API is, exactly.
//!
//! Owns the joining of the descriptions beside this file into one OpenAPI document. Each describes its
//! operations and schemas in the notation of [`schema`]; what many operations have in common
//! ([`operation`]) is written once, and codes, statuses, events and permissions are taken from where
//! they are decided. That nothing is missing and nothing is said that is not so, is held by
//! `tests/native/openapi.rs`, which holds every scenario's requests and answers against it.

mod operation;
mod schema;

use super::answer::Answer;
use super::problem::{UNAVAILABLE, status_of};
use crate::app::keys::fingerprint;
use crate::domain::denial::Reason;
use crate::domain::event::Event;
use crate::domain::json;
use crate::domain::json_object::object_of;
use crate::domain::permission::Permission;
use operation::Described;
use schema::{Named, expand};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// A file for each part of the API, in the order in which it is read.
const PARTS: [&str; 15] = [
    include_str!("organizations.json"),
    include_str!("resolve.json"),
    include_str!("me.json"),
    include_str!("members.json"),
    include_str!("ownership.json"),
    include_str!("roles.json"),
    include_str!("teams.json"),
    include_str!("invitations.json"),
    include_str!("links.json"),
    include_str!("requests.json"),
    include_str!("domains.json"),
    include_str!("events.json"),
    include_str!("webhooks.json"),
    include_str!("passes.json"),
    include_str!("installation.json"),
];

/// What all of them share: schemas, parameters, headers.
const COMMON: &str = include_str!("common.json");

/// How long anybody may keep it, in seconds.
const KEPT: u32 = 300;

/// The document as it is sent, and its tag. Made once: it is the same for everybody.
static DOCUMENT: LazyLock<(String, String)> = LazyLock::new(|| {
    let text = document().to_string();
    let digest = fingerprint(&[text.as_bytes()]);
    (text, format!("\"{}\"", digest.get(..16).unwrap_or_default()))
});

/// The answer, or that nothing has changed since the caller's copy.
pub fn answer(known: Option<&str>) -> Answer {
    let (text, tag) = &*DOCUMENT;
    let is_current = |one: &str| one.trim().trim_start_matches("W/") == tag;
    let answer = match known {
        Some(known) if known.split(',').any(is_current) => Answer::empty(304),
        _ => Answer::text(text.clone()),
    };
    answer.public_for(KEPT).with("etag", tag.clone())
}

/// The document.
pub fn document() -> Value {
    let (common, parts) = (read(COMMON), PARTS.map(read));
    let named: Named = parts.iter().chain([&common]).flat_map(|part| entries(part, "schemas")).collect();
    let mut schemas = object_of(named.iter().map(|(name, note)| (name.clone(), expand(note, &named))));
    schemas.extend(decided_elsewhere());
    let parameters = object_of(entries(&common, "parameters").map(|(name, note)| (name, parameter(note, &named))));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Guildhall",
            "version": env!("CARGO_PKG_VERSION"),
            "description": common.get("about"),
            "license": { "name": "MIT or Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/", "description": "this installation" }],
        "security": [{ "bearer": [] }, { "session": [] }],
        "tags": parts.iter().map(|part| json!({ "name": part["tag"], "description": part["about"] })).collect::<Vec<_>>(),
        "paths": paths(&parts, &named),
        "components": {
            "schemas": schemas,
            "parameters": parameters,
            "headers": common.get("headers"),
            "securitySchemes": common.get("securitySchemes"),
        },
        "x-problems": problems(),
    })
}

/// What cannot be read describes nothing, which a test notices.
fn read(text: &str) -> Value {
    json::value(text).unwrap_or_default()
}

fn entries<'a>(of: &'a Value, name: &str) -> impl Iterator<Item = (String, Value)> + 'a {
    let found = of.get(name).and_then(Value::as_object);
    found.into_iter().flatten().map(|(name, note)| (name.clone(), note.clone()))
}

/// A parameter's schema is a notation like every other.
fn parameter(mut note: Value, named: &Named) -> Value {
    let schema = note.get("schema").map(|schema| expand(schema, named));
    if let (Some(fields), Some(schema)) = (note.as_object_mut(), schema) {
        fields.insert("schema".to_owned(), schema);
    }
    note
}

/// `METHOD PATH` by path and method.
fn paths(parts: &[Value], named: &Named) -> Value {
    let mut paths = Map::new();
    for part in parts {
        for (line, note) in entries(part, "operations") {
            let (method, path) = line.split_once(' ').unwrap_or_default();
            let method = method.to_ascii_lowercase();
            let described = Described { method: &method, path, note: &note, tag: &part["tag"] };
            let item = paths.entry(path).or_insert_with(|| json!({}));
            if let Some(item) = item.as_object_mut() {
                item.insert(method.clone(), described.operation(named));
            }
        }
    }
    Value::Object(paths)
}

/// What is listed in the code is taken from there.
fn decided_elsewhere() -> [(String, Value); 3] {
    let codes: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).chain(["unavailable"]).collect();
    let built_in: Vec<&str> = Permission::BUILT_IN.iter().filter_map(|one| one.built_in_name()).collect();
    let about = "a built-in permission, or one that the application declared";
    let permission = json!({ "type": "string", "description": about, "examples": built_in });
    [
        ("ProblemCode".to_owned(), json!({ "type": "string", "enum": codes })),
        ("EventType".to_owned(), json!({ "type": "string", "enum": Event::NAMES })),
        ("Permission".to_owned(), permission),
    ]
}

/// Every code with its status and what it says.
fn problems() -> Vec<Value> {
    let one = |code: &str, title: &str| json!({ "code": code, "status": status_of(code), "title": title });
    let decided = Reason::ALL.iter().map(|reason| one(reason.code(), reason.title()));
    decided.chain([one("unavailable", UNAVAILABLE)]).collect()
}
