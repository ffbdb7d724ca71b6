//! A row of a dump: `{model, pk, fields}`.
//!
//! Owns how values are read. Never knows what they mean.

use super::at;
use super::findings::{Checked, Findings, quoted};
use crate::domain::time::Timestamp;
use serde_json::{Map, Value};

/// One row.
pub(super) struct Row {
    /// Where it stands, for people: `auth.user[2]`, or `auth.user[#7]` for the dump's seventh row.
    pub(super) at: String,
    /// Its primary key, which `--natural-primary` leaves out for users.
    pub(super) pk: Option<String>,
    /// Its model, in lower case.
    pub(super) model: String,
    fields: Map<String, Value>,
}

/// How a row names another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reference {
    /// By primary key. Rule: keys are compared as text, so that numbers and UUIDs are one kind.
    Pk(String),
    /// By natural key of one part (`--natural-foreign`): a user's login name.
    NaturalKey(String),
}

impl Row {
    /// Reads the dump's row of this number.
    pub(super) fn read(value: Value, number: usize) -> Checked<Self> {
        let rule = || "an object with `model` and `fields` is expected".to_owned();
        let Value::Object(mut object) = value else { return Err(rule()) };
        let model = object.get("model").and_then(Value::as_str).map(str::to_ascii_lowercase).ok_or_else(rule)?;
        let Some(Value::Object(fields)) = object.remove("fields") else { return Err(rule()) };
        let pk = object.get("pk").and_then(key_text);
        let place = pk.clone().unwrap_or_else(|| format!("#{number}"));
        Ok(Row { at: at(&model, &place), pk, model, fields })
    }

    /// Whether the row has a field of this name.
    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// A field as it stands; `null` for one that is not there.
    pub(super) fn value(&self, field: &str) -> &Value {
        self.fields.get(field).unwrap_or(&Value::Null)
    }

    /// A text; empty for one that is not there.
    pub(super) fn text(&self, field: &str) -> Checked<&str> {
        match self.value(field) {
            Value::Null => Ok(""),
            value => value.as_str().ok_or_else(|| format!("`{field}` must be text")),
        }
    }

    /// A truth value; the model's default for one that is not there.
    pub(super) fn flag(&self, field: &str, default: bool) -> Checked<bool> {
        match self.value(field) {
            Value::Null => Ok(default),
            value => value.as_bool().ok_or_else(|| format!("`{field}` must be true or false")),
        }
    }

    /// An instant. Without an offset (`USE_TZ = False`) it is read as UTC, and a note says so.
    pub(super) fn instant(&self, field: &str, findings: &mut Findings) -> Checked<Timestamp> {
        let text = self.text(field)?.replacen(' ', "T", 1);
        let clock = text.split_once('T').map_or("", |(_, clock)| clock);
        let naive = !clock.contains(['Z', 'z', '+', '-']);
        let whole = if naive { format!("{text}Z") } else { text.clone() };
        let rule = "an ISO 8601 time from 1970 on is expected";
        let at = Timestamp::parse(&whole).map_err(|_| format!("`{field}` is {}; {rule}", quoted(&text)))?;
        if naive {
            findings.note("times without an offset were read as UTC: a dump does not tell `TIME_ZONE`".to_owned());
        }
        Ok(at)
    }

    /// The row that a field names.
    pub(super) fn reference(&self, field: &str) -> Checked<Reference> {
        let reference = match self.value(field) {
            Value::Array(parts) => match parts.as_slice() {
                [part] => key_text(part).map(Reference::NaturalKey),
                _ => None,
            },
            value => key_text(value).map(Reference::Pk),
        };
        reference.ok_or_else(|| format!("`{field}` names nothing; a primary key is expected"))
    }

    /// The primary key that a field names.
    pub(super) fn pk_of(&self, field: &str) -> Checked<String> {
        match self.reference(field)? {
            Reference::Pk(pk) => Ok(pk),
            Reference::NaturalKey(key) => {
                let mend = "only users are found by natural key; dump without `--natural-foreign`";
                Err(format!("`{field}` is the natural key {}; {mend}", quoted(&key)))
            }
        }
    }
}

fn key_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}
