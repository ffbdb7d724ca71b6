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

    /// The compact text; keys in order.
    pub fn text(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
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

    #[test]
    fn size_and_depth_are_capped() {
        assert!(object(r#"{"plan":"pro","limits":{"a":[1,2]}}"#).is_ok());
        assert!(object(&format!(r#"{{"a":"{}"}}"#, "x".repeat(8192))).is_err());
        assert!(object(&format!(r#"{{"a":{}{}}}"#, "[".repeat(32), "]".repeat(32))).is_err());
        assert!(object(r#"{"a":["\u0000"]}"#).is_err());
        assert!(object(r#"{"a":"\\u0000"}"#).is_ok());
    }
}
