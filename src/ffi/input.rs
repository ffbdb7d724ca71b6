//! Input: a JSON object, of which every field is read once and by name.
//!
//! Owns the wording of what cannot be read. Never lets serde's wording out as it is: that names Rust
//! types and repeats input of any length.

use crate::domain::denial::{Denial, Reason};
use crate::domain::time::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The longest part of a reason that may repeat what was handed in, in characters.
const MAX_DETAIL: usize = 200;

/// The fields that have not been read yet.
pub struct Input {
    rest: Map<String, Value>,
}

impl Input {
    /// Reads the text of an object.
    ///
    /// # Errors
    /// `invalid_value` for anything else, text with half a surrogate pair or nested deeper than 128 levels included.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        match serde_json::from_str(text) {
            Ok(Value::Object(rest)) => Ok(Input { rest }),
            Ok(_) => Err(Denial::because(Reason::InvalidValue, "an object is expected")),
            Err(_) => Err(Denial::because(Reason::InvalidValue, "broken Unicode or too deep a nesting cannot be read")),
        }
    }

    /// A field that must be there.
    ///
    /// # Errors
    /// `missing_field`, `invalid_value`; each names the field.
    pub fn take<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, Denial> {
        let missing = || Denial::about(Reason::MissingField, name, format!("`{name}` is missing"));
        self.maybe(name)?.ok_or_else(missing)
    }

    /// A field that may be absent or null.
    ///
    /// # Errors
    /// `invalid_value`, naming the field.
    pub fn maybe<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, Denial> {
        let Some(value) = self.rest.remove(name).filter(|value| !value.is_null()) else { return Ok(None) };
        let read = serde_json::from_value(value).map(Some);
        read.map_err(|error| Denial::about(Reason::InvalidValue, name, readable(&error)))
    }

    /// An instant, as RFC 3339 text or as milliseconds since 1970 (a fraction is dropped).
    ///
    /// # Errors
    /// `missing_field`, `invalid_value`; each names the field.
    pub fn instant(&mut self, name: &'static str) -> Result<Timestamp, Denial> {
        let value: Value = self.take(name)?;
        let rule = || Denial::about(Reason::InvalidValue, name, "RFC 3339 text or milliseconds since 1970 are expected");
        match (&value, value.as_f64()) {
            (Value::String(text), _) => Timestamp::parse(text).map_err(|denial| denial.at(name)),
            (_, Some(millis)) => instant_of(millis).ok_or_else(rule),
            _ => Err(rule()),
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// `unknown_field` for whatever is left: a misspelt field would otherwise be silently ignored.
    pub fn end(self) -> Result<(), Denial> {
        match self.rest.into_iter().next() {
            None => Ok(()),
            Some((name, _)) => {
                let detail = shortened(&format!("`{name}` is not known here"));
                Err(Denial::about(Reason::UnknownField, shortened(&name), detail))
            }
        }
    }
}

/// The instant at a count of milliseconds; `None` for what has no text form.
pub fn instant_of(millis: f64) -> Option<Timestamp> {
    let last = Timestamp::MAX.millis();
    // In this range every whole number is exact in both types.
    (0.0..=last as f64).contains(&millis).then(|| Timestamp::from_millis(millis as i64))
}

/// What serde says without the names of our types: "invalid type: integer `1`, expected struct Facts".
fn readable(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let names_type = |wanted: &str| wanted.contains("struct ") || wanted.contains("enum ");
    match text.split_once(", expected ") {
        Some((found, wanted)) if names_type(wanted) => shortened(found),
        _ => shortened(&text),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_DETAIL) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_objects_are_read_and_every_field_of_them() {
        for text in ["", "null", "[]", "1", "{", r#"{"a":"\ud800"}"#, &"[".repeat(500)] {
            assert_eq!(Input::parse(text).err().map(|denial| denial.reason), Some(Reason::InvalidValue), "{text}");
        }
        let mut input = Input::parse(r#"{"a":1,"b":null,"c":2}"#).unwrap();
        assert_eq!(input.take::<u32>("a"), Ok(1));
        assert_eq!(input.take::<u32>("b").unwrap_err().reason, Reason::MissingField);
        assert_eq!(input.end().unwrap_err().param.as_deref(), Some("c"));
    }

    #[test]
    fn an_instant_is_text_or_a_number() {
        let instant = |text: &str| Input::parse(text).unwrap().instant("now").map(Timestamp::millis);
        assert_eq!(instant(r#"{"now":"1970-01-01T00:00:01Z"}"#), Ok(1000));
        assert_eq!(instant(r#"{"now":1000.9}"#), Ok(1000));
        for text in [r#"{"now":"soon"}"#, r#"{"now":-1}"#, r#"{"now":1e300}"#, r#"{"now":[]}"#, r#"{"now":true}"#] {
            assert_eq!(instant(text).unwrap_err().param.as_deref(), Some("now"), "{text}");
        }
        assert_eq!(instant(r#"{"now":null}"#).unwrap_err().reason, Reason::MissingField);
    }

    #[test]
    fn wordings_are_short_and_without_our_types() {
        let facts = |value: &str| {
            let mut input = Input::parse(&format!(r#"{{"facts":{value}}}"#)).unwrap();
            input.take::<crate::domain::facts::Facts>("facts").unwrap_err().detail.into_owned()
        };
        assert_eq!(facts("1"), "invalid type: integer `1`");
        assert_eq!(facts(r#"{"deleted":1}"#), "invalid type: integer `1`, expected a boolean");
        assert!(facts(&format!(r#"{{"deleted":"{}"}}"#, "ä".repeat(1000))).chars().count() <= MAX_DETAIL + 1);
    }
}
