//! `GET /openapi.json`: what this API is, exactly.
//!
//! Owns the joining of the descriptions beside this file into one OpenAPI document. Each describes its
//! operations and schemas in the notation of `schema.rs`; what many operations have in common
//! (`operation.rs`) is written once, and codes, statuses, events and permissions are taken from where
//! they are decided. That nothing is missing and nothing is said that is not so, is held by
//! `tests/native/openapi.rs`, which holds every scenario's requests and answers against it.

mod form;
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
use form::filled;
use operation::Described;
use schema::{Named, expand};
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// A file for each part of the API, in the order in which it is read.
const PARTS: [&str; 16] = [
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
    include_str!("back-end.json"),
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

/// The answer.
pub fn answer() -> Answer {
    let (text, tag) = &*DOCUMENT;
    Answer::text(text.clone()).public_for(KEPT).with("etag", tag.clone())
}

/// The document.
pub fn document() -> Value {
    let (common, parts) = (read(COMMON), PARTS.map(read));
    let named: Named = parts.iter().chain([&common]).flat_map(|part| entries(part, "schemas")).collect();
    let mut schemas = object_of(named.iter().map(|(name, note)| (name.clone(), expand(note, &named))));
    schemas.extend(decided_elsewhere());
    let parameters = object_of(entries(&common, "parameters").map(|(name, note)| (name, parameter(note, &named))));
    let said = |of: &Value, name: &str| of.get(name).cloned().unwrap_or_default();
    let tag = |part| filled(r#"{ "name": "$0", "description": "$1" }"#, [said(part, "tag"), said(part, "about")]);
    filled(
        WHOLE,
        [
            env!("CARGO_PKG_VERSION").into(),
            said(&common, "about"),
            parts.iter().map(tag).collect(),
            paths(&parts, &named),
            schemas.into(),
            parameters.into(),
            said(&common, "headers"),
            said(&common, "securitySchemes"),
            problems().into(),
        ],
    )
}

const WHOLE: &str = r#"{
  "openapi": "3.1.0",
  "info": {
    "title": "Guildhall",
    "version": "$0",
    "description": "$1",
    "license": { "name": "MIT or Apache-2.0", "identifier": "MIT OR Apache-2.0" }
  },
  "servers": [{ "url": "/", "description": "this installation" }],
  "security": [{ "bearer": [] }, { "session": [] }, { "upstream": [] }],
  "tags": "$2",
  "paths": "$3",
  "components": { "schemas": "$4", "parameters": "$5", "headers": "$6", "securitySchemes": "$7" },
  "x-problems": "$8"
}"#;

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
            let item = paths.entry(path).or_insert_with(|| Value::Object(Map::new()));
            if let Some(item) = item.as_object_mut() {
                item.insert(method.clone(), described.operation(named));
            }
        }
    }
    Value::Object(paths)
}

/// What is listed in the code is taken from there.
fn decided_elsewhere() -> [(String, Value); 3] {
    let codes = Reason::ALL.iter().map(|reason| reason.code()).chain(["unavailable"]).collect();
    let built_in = Permission::BUILT_IN.iter().filter_map(|one| one.built_in_name()).collect();
    let about = "a built-in permission, or one that the application declared";
    let permission = r#"{
      "type": "string", "description": "$0", "examples": "$1", "maxLength": 127,
      "pattern": "^[A-Za-z][A-Za-z0-9._-]{0,62}:[A-Za-z*][A-Za-z0-9._-]{0,62}$"
    }"#;
    let words = r#"{ "type": "string", "enum": "$0" }"#;
    [
        ("ProblemCode".to_owned(), filled(words, [codes])),
        ("EventType".to_owned(), filled(words, [Event::NAMES.iter().copied().collect()])),
        ("Permission".to_owned(), filled(permission, [about.into(), built_in])),
    ]
}

/// Every code with its status and what it says.
fn problems() -> Vec<Value> {
    let form = r#"{ "code": "$0", "status": "$1", "title": "$2" }"#;
    let one = |code: &str, title: &str| filled(form, [code.into(), status_of(code).into(), title.into()]);
    let decided = Reason::ALL.iter().map(|reason| one(reason.code(), reason.title()));
    decided.chain([one("unavailable", UNAVAILABLE)]).collect()
}
