//! Forms: pieces of the document as they stand in it, with gaps.
//!
//! Owns the filling. A piece that is written as text is a third of the code that would build it.

use crate::domain::json;
use crate::domain::json_object::object_of;
use serde_json::Value;

/// A form whose texts `$0`, `$1` and so on stand for values.
pub fn filled<const N: usize>(form: &str, gaps: [Value; N]) -> Value {
    fill(json::value(form).unwrap_or_default(), &gaps)
}

/// What stands elsewhere in the document.
pub fn refers(kind: &str, name: &str) -> Value {
    filled(r#"{ "$ref": "$0" }"#, [["#/components/", kind, "/", name].concat().into()])
}

fn fill(form: Value, gaps: &[Value]) -> Value {
    match form {
        Value::String(text) => gap(&text, gaps).cloned().unwrap_or(Value::String(text)),
        Value::Array(items) => Value::Array(items.into_iter().map(|item| fill(item, gaps)).collect()),
        Value::Object(fields) => {
            Value::Object(object_of(fields.into_iter().map(|(name, value)| (name, fill(value, gaps)))))
        }
        other => other,
    }
}

fn gap<'a>(text: &str, gaps: &'a [Value]) -> Option<&'a Value> {
    gaps.get(text.strip_prefix('$')?.parse::<usize>().ok()?)
}
