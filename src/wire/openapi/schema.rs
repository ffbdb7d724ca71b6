//! The short notation of schemas, and what it stands for.
//!
//! A word is a primitive (`text`, `number`, `bool`, `time`, `any`, `null`) or the name of a schema; `[Word]` is
//! a list of them, `Word?` may be null. An object has `fields` (a name with `?` may be absent), those of
//! another one (`with`) but for some (`without`), or is a `list`, a `map`, a choice of `words`, `one` of
//! several, or a `page` of a list (whose `fields` stand beside the list). `is` refers to another notation, to say more of it. Whatever else
//! stands there is JSON Schema as it is, `about` its description.

use super::form::{filled, refers};
use crate::domain::json_object::object_of;
use crate::domain::table::Table;
use serde_json::{Map, Value};

/// Notations by name.
pub type Named = Table<String, Value>;

const NOTATION: [&str; 11] =
    ["is", "fields", "with", "without", "list", "map", "words", "one", "page", "null", "about"];

const LIST: &str = r#"{ "type": "array", "items": "$0" }"#;

const PAGE: &str = r#"{
  "type": "object",
  "properties": {
    "data": { "type": "array", "items": "$0" },
    "nextCursor": { "type": ["string", "null"], "description": "the `cursor` of the next page, if there is one" },
    "hasMore": { "type": "boolean" }
  },
  "required": ["data", "hasMore", "nextCursor"]
}"#;

/// The JSON Schema of a notation.
pub fn expand(note: &Value, named: &Named) -> Value {
    match note {
        Value::String(word) => expand_word(word),
        Value::Object(note) => expand_object(note, named),
        other => other.clone(),
    }
}

fn expand_word(word: &str) -> Value {
    if let Some(inner) = word.strip_suffix('?') {
        return or_null(expand_word(inner));
    }
    if let Some(inner) = word.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return filled(LIST, [expand_word(inner)]);
    }
    let form = match word {
        "text" => r#"{ "type": "string" }"#,
        "number" => r#"{ "type": "integer" }"#,
        "bool" => r#"{ "type": "boolean" }"#,
        "time" => r#"{ "type": "string", "format": "date-time" }"#,
        "any" => "{}",
        "null" => r#"{ "type": "null" }"#,
        name => return refers("schemas", name),
    };
    filled(form, [])
}

fn or_null(schema: Value) -> Value {
    match schema.get("type").cloned() {
        Some(Value::String(kind)) if schema.get("enum").is_none() => {
            set(schema, "type", filled(r#"["$0", "null"]"#, [kind.into()]))
        }
        _ => filled(r#"{ "anyOf": ["$0", { "type": "null" }] }"#, [schema]),
    }
}

fn set(mut schema: Value, name: &str, value: Value) -> Value {
    if let Some(fields) = schema.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
    schema
}

fn expand_object(note: &Map<String, Value>, named: &Named) -> Value {
    let more = note.iter().filter(|(name, _)| !NOTATION.contains(&name.as_str()));
    let about = note.get("about").map(|about| ("description".to_owned(), about.clone()));
    let more = more.map(|(name, value)| (name.clone(), value.clone())).chain(about);
    let made = more.fold(base(note, named), |made, (name, value)| set(made, &name, value));
    if note.get("null") == Some(&Value::Bool(true)) { or_null(made) } else { made }
}

fn base(note: &Map<String, Value>, named: &Named) -> Value {
    let inner = |note: &Value| expand(note, named);
    let each = |notes: &Value| notes.as_array().into_iter().flatten().map(inner).collect::<Vec<_>>();
    let kind = ["is", "list", "map", "words", "one", "page"].iter().find_map(|kind| Some((*kind, note.get(*kind)?)));
    match kind {
        Some(("is", other)) => inner(other),
        Some(("list", other)) => filled(LIST, [inner(other)]),
        Some(("map", other)) => filled(r#"{ "type": "object", "additionalProperties": "$0" }"#, [inner(other)]),
        Some(("words", words)) => filled(r#"{ "type": "string", "enum": "$0" }"#, [words.clone()]),
        Some(("one", others)) => filled(r#"{ "anyOf": "$0" }"#, [each(others).into()]),
        Some((_, other)) => page(inner(other), note, named),
        None if note.contains_key("fields") || note.contains_key("with") => object(note, named),
        None => filled("{}", []),
    }
}

/// A page of a list, with the fields that stand beside it.
fn page(item: Value, note: &Map<String, Value>, named: &Named) -> Value {
    let mut page = filled(PAGE, [item]);
    let beside = object(note, named);
    let (fields, needed) = (beside.get("properties").and_then(Value::as_object), beside.get("required"));
    if let Some(all) = page.get_mut("properties").and_then(Value::as_object_mut) {
        all.extend(fields.into_iter().flatten().map(|(name, schema)| (name.clone(), schema.clone())));
    }
    if let Some(all) = page.get_mut("required").and_then(Value::as_array_mut) {
        all.extend(needed.and_then(Value::as_array).into_iter().flatten().cloned());
    }
    page
}

fn object(note: &Map<String, Value>, named: &Named) -> Value {
    let fields = fields(note, named);
    let properties = object_of(fields.iter().map(|(name, (note, _))| (name.clone(), expand(note, named))));
    let required = fields.iter().filter(|(_, (_, needed))| *needed).map(|(name, _)| Value::from(name.as_str()));
    let form = r#"{ "type": "object", "properties": "$0", "required": "$1" }"#;
    filled(form, [properties.into(), Value::Array(required.collect())])
}

/// The fields by name, each with its notation and whether it is always there.
fn fields<'a>(note: &'a Map<String, Value>, named: &'a Named) -> Table<String, (&'a Value, bool)> {
    let other = note.get("with").and_then(Value::as_str).and_then(|name| named.get(name)).and_then(Value::as_object);
    let mut all = other.map(|other| fields(other, named)).unwrap_or_default();
    let without = note.get("without").and_then(Value::as_array);
    let without: Vec<&str> = without.into_iter().flatten().filter_map(Value::as_str).collect();
    all.retain(|name, _| !without.contains(&name.as_str()));
    let own = note.get("fields").and_then(Value::as_object);
    all.extend(own.into_iter().flatten().map(|(name, note)| match name.strip_suffix('?') {
        Some(bare) => (bare.to_owned(), (note, false)),
        None => (name.clone(), (note, true)),
    }));
    all
}
