//! Metadata and settings: JSON objects that Guildhall keeps and never interprets.

use super::denial::{Denial, Reason};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A JSON object of at most 8 kB as compact text and at most 32 levels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JsonObject(Map<String, Value>);

impl JsonObject {
    /// The largest compact text, in bytes.
    pub const MAX_BYTES: usize = 8192;
    /// The deepest nesting; the object itself is level one.
    pub const MAX_DEPTH: usize = 32;

    /// Checks size, depth and text.
    ///
    /// # Errors
    /// `metadata_invalid`.
    pub fn from_map(map: Map<String, Value>) -> Result<Self, Denial> {
        let object = JsonObject(map);
        let deep = depth_of_map(&object.0) > Self::MAX_DEPTH;
        if deep || object.text().len() > Self::MAX_BYTES || has_nul(&object.0) {
            let rule = "an object of at most 8 kB and 32 levels, without NUL characters, is expected";
            return Err(Denial::because(Reason::MetadataInvalid, rule));
        }
        Ok(object)
    }

    /// The object after a JSON merge patch (RFC 7386): null removes a key, objects are merged, all
    /// else is replaced.
    ///
    /// # Errors
    /// `metadata_invalid` when the result is too large or too deep.
    pub fn patched(&self, patch: &JsonObject) -> Result<Self, Denial> {
        let mut merged = self.0.clone();
        merge(&mut merged, &patch.0);
        Self::from_map(merged)
    }

    /// The value of a key; `fallback` when there is no such key. A stored null is null.
    ///
    /// ```
    /// use guildhall::domain::json_object::JsonObject;
    /// let settings: JsonObject = serde_json::from_str(r#"{"theme":null}"#).unwrap();
    /// assert_eq!(settings.setting("theme", "dark".into()), serde_json::Value::Null);
    /// assert_eq!(settings.setting("limit", 7.into()), 7);
    /// ```
    pub fn setting(&self, key: &str, fallback: Value) -> Value {
        self.get(key).cloned().unwrap_or(fallback)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The compact text; keys in order.
    pub fn text(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}

/// A JSON object of these entries, put in one by one: collecting them would link a sort for each kind of them.
pub fn object_of(entries: impl IntoIterator<Item = (String, Value)>) -> Map<String, Value> {
    let mut object = Map::new();
    object.extend(entries);
    object
}

/// Depth is bounded: both sides were checked when they came in.
fn merge(target: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (key, value) in patch {
        match value {
            Value::Null => {
                target.remove(key);
            }
            Value::Object(inner) => {
                let mut below = match target.remove(key) {
                    Some(Value::Object(known)) => known,
                    _ => Map::new(),
                };
                merge(&mut below, inner);
                target.insert(key.clone(), Value::Object(below));
            }
            plain => {
                target.insert(key.clone(), plain.clone());
            }
        }
    }
}

/// SQLite ends a text at a NUL.
fn has_nul(map: &Map<String, Value>) -> bool {
    map.iter().any(|(name, value)| name.contains('\0') || holds_nul(value))
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(map) => has_nul(map),
        _ => false,
    }
}

/// How many levels of arrays and objects a value has.
pub fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(depth).max().unwrap_or(0).saturating_add(1),
        Value::Object(map) => depth_of_map(map),
        _ => 0,
    }
}

fn depth_of_map(map: &Map<String, Value>) -> usize {
    map.values().map(depth).max().unwrap_or(0).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Result<JsonObject, Denial> {
        JsonObject::from_map(serde_json::from_str(text).unwrap())
    }

    /// The examples of RFC 7386, appendix A, as far as both sides are objects.
    #[test]
    fn a_patch_merges() {
        for (target, patch, merged) in [
            (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"a":null}"#, r#"{}"#),
            (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
            (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
            (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
            (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"a":1,"e":null}"#),
            (r#"{}"#, r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
        ] {
            assert_eq!(object(target).unwrap().patched(&object(patch).unwrap()), object(merged), "{target} + {patch}");
        }
        let half = format!(r#"{{"a":"{}"}}"#, "x".repeat(5000));
        let other = format!(r#"{{"b":"{}"}}"#, "x".repeat(5000));
        assert!(object(&half).unwrap().patched(&object(&other).unwrap()).is_err());
    }

    #[test]
    fn size_and_depth_are_capped() {
        assert!(object(r#"{"plan":"pro","limits":{"a":[1,2]}}"#).is_ok());
        assert!(object(&format!(r#"{{"a":"{}"}}"#, "x".repeat(8192))).is_err());
        assert!(object(&format!(r#"{{"a":{}{}}}"#, "[".repeat(32), "]".repeat(32))).is_err());
        assert!(object(r#"{"a":["\u0000"]}"#).is_err());
        assert!(object(r#"{"a":"\\u0000"}"#).is_ok());
    }
}
