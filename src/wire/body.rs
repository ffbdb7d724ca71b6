//! Bodies: bytes in, checked fields out.
//!
//! Owns the caps and the rule that an unknown field is refused: a field that nobody reads is either
//! a mistake or an attempt. One value is read by one function, and its error names the field.

use super::Request;
use crate::domain::command::Change;
use crate::domain::denial::{Denial, Reason, echo};
use crate::domain::json::{Unreadable, value_of};
use crate::domain::json_object::{JsonObject, depth};
use serde_json::{Map, Value};

/// The fields of a body that have not been read yet.
#[derive(Debug)]
pub struct Fields {
    rest: Map<String, Value>,
}

impl Fields {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// `body_too_large`, `unsupported_media_type`, `malformed_json` for what is no object and for no body at all,
    /// `malformed_request` for an object that has a name twice.
    pub fn of(request: &Request) -> Result<Self, Denial> {
        require_body(request)?;
        require_no_mark(request.body())?;
        let value = value_of(request.body()).map_err(|fault| match fault {
            Unreadable::Malformed(what) => Denial::because(Reason::MalformedJson, what),
            Unreadable::Duplicate(name) => Denial::duplicate(&name),
        })?;
        if depth(&value) > JsonObject::MAX_DEPTH {
            return Err(Denial::because(Reason::MalformedJson, "the body is nested too deeply"));
        }
        match value {
            Value::Object(rest) => Ok(Fields { rest }),
            _ => Err(Denial::because(Reason::MalformedJson, "a JSON object is expected")),
        }
    }

    /// The fields of a body that may be absent altogether. White space alone is no body.
    ///
    /// # Errors
    /// As [`Fields::of`], but for no body at all.
    pub fn optional_of(request: &Request) -> Result<Self, Denial> {
        require_size(request)?;
        if is_blank(request) { Ok(Fields { rest: Map::new() }) } else { Fields::of(request) }
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// `missing_field`, `invalid_value`, or what `parse` says; each names the field.
    pub fn text<T>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, Denial>) -> Result<T, Denial> {
        let missing = || Denial::about(Reason::MissingField, name, format!("`{name}` is missing"));
        self.maybe_text(name, parse)?.ok_or_else(missing)
    }

    /// A text that may be absent or null.
    ///
    /// # Errors
    /// `invalid_value`, or what `parse` says; each names the field.
    pub fn maybe_text<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Denial>,
    ) -> Result<Option<T>, Denial> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => parse(&text).map(Some).map_err(|denial| denial.at(name)),
            Some(_) => Err(expected(name, "a text")),
        }
    }

    /// A truth value that may be absent.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn maybe_bool(&mut self, name: &'static str) -> Result<Option<bool>, Denial> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(value)),
            Some(_) => Err(expected(name, "true or false")),
        }
    }

    /// A whole number within bounds that may be absent.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn maybe_number(
        &mut self,
        name: &'static str,
        bounds: std::ops::RangeInclusive<i64>,
    ) -> Result<Option<i64>, Denial> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let number = whole(&value).filter(|number| bounds.contains(number));
        let wanted = || expected(name, &format!("a whole number from {} to {}", bounds.start(), bounds.end()));
        number.map(Some).ok_or_else(wanted)
    }

    /// A list of texts that may be absent, each read by a function.
    ///
    /// # Errors
    /// `invalid_value`, or what `parse` says; each names the field.
    pub fn maybe_list<T>(
        &mut self,
        name: &'static str,
        most: usize,
        parse: impl Fn(&str) -> Result<T, Denial>,
    ) -> Result<Option<Vec<T>>, Denial> {
        let Some(texts) = self.maybe_texts(name, most)? else { return Ok(None) };
        let values: Result<Vec<T>, Denial> = texts.iter().map(|text| parse(text)).collect();
        values.map(Some).map_err(|denial| denial.at(name))
    }

    /// A list of texts that may be absent.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn maybe_texts(&mut self, name: &'static str, most: usize) -> Result<Option<Vec<String>>, Denial> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let wanted = || expected(name, &format!("a list of at most {most} texts"));
        let text = |value| if let Value::String(text) = value { Some(text) } else { None };
        let Value::Array(items) = value else { return Err(wanted()) };
        let texts: Option<Vec<String>> = items.into_iter().map(text).collect();
        texts.filter(|texts| texts.len() <= most).map(Some).ok_or_else(wanted)
    }

    /// A list of objects that must be there, each to be read by itself; what is none is refused alone.
    ///
    /// # Errors
    /// `missing_field`, `invalid_value` for no list, an empty one or one that is too long.
    pub fn objects(&mut self, name: &'static str, most: usize) -> Result<Vec<Result<Fields, Denial>>, Denial> {
        let each = |value| match value {
            Value::Object(rest) => Ok(Fields { rest }),
            _ => Err(Denial::because(Reason::InvalidValue, "an object is expected")),
        };
        match self.take(name) {
            None => Err(Denial::about(Reason::MissingField, name, format!("`{name}` is missing"))),
            Some(Value::Array(items)) if (1..=most).contains(&items.len()) => Ok(items.into_iter().map(each).collect()),
            Some(_) => Err(expected(name, &format!("a list of 1 to {most} objects"))),
        }
    }

    /// An object that may be absent.
    ///
    /// # Errors
    /// `invalid_value`, `metadata_invalid`.
    pub fn maybe_object(&mut self, name: &'static str) -> Result<Option<JsonObject>, Denial> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Object(map)) => JsonObject::from_map(map).map(Some).map_err(|denial| denial.at(name)),
            Some(_) => Err(expected(name, "an object")),
        }
    }

    /// The fields of an object that may be absent: then it has none.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn maybe_fields(&mut self, name: &'static str) -> Result<Fields, Denial> {
        match self.take(name) {
            None => Ok(Fields { rest: Map::new() }),
            Some(Value::Object(rest)) => Ok(Fields { rest }),
            Some(_) => Err(expected(name, "an object")),
        }
    }

    /// Refuses null where there is nothing to clear: it would otherwise pass for absent.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn refuse_null(&self, names: &[&'static str]) -> Result<(), Denial> {
        let cleared = names.iter().find(|name| self.rest.get(**name).is_some_and(Value::is_null));
        cleared.map_or(Ok(()), |name| Err(expected(name, "something: it cannot be cleared")))
    }

    /// Refuses a change that names nothing to change.
    ///
    /// # Errors
    /// `missing_field`.
    pub fn require_any(&self, names: &[&'static str]) -> Result<(), Denial> {
        if !self.rest.is_empty() {
            return Ok(());
        }
        Err(Denial::because(Reason::MissingField, format!("give at least one of {}", names.join(", "))))
    }

    /// Whether a field is there as an explicit null; it counts as read.
    pub fn is_null(&mut self, name: &str) -> bool {
        let null = self.rest.get(name).is_some_and(Value::is_null);
        if null {
            self.rest.remove(name);
        }
        null
    }

    /// A change: absent is none, null clears, a text sets.
    ///
    /// # Errors
    /// What `parse` says, with the field's name; `invalid_value` for another type.
    pub fn change<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Denial>,
    ) -> Result<Option<Change<T>>, Denial> {
        if self.is_null(name) {
            return Ok(Some(Change::Clear));
        }
        Ok(self.maybe_text(name, parse)?.map(Change::Set))
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// `unknown_field` for whatever is left.
    pub fn end(self) -> Result<(), Denial> {
        match self.rest.into_iter().next() {
            None => Ok(()),
            Some((name, _)) => {
                let name = echo(&name);
                let detail = format!("`{name}` is not known here");
                Err(Denial::about(Reason::UnknownField, name.into_owned(), detail))
            }
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.rest.remove(name).filter(|value| !value.is_null())
    }
}

/// The greatest number up to which every whole number is a double.
const GREATEST_EXACT: f64 = 9_007_199_254_740_991.0;

/// JSON Schema's `integer`: `83`, `83.0` and `8.3e1` are one number.
fn whole(value: &Value) -> Option<i64> {
    let exact = |number: &f64| number.fract() == 0.0 && number.abs() <= GREATEST_EXACT;
    // In this range every whole number is exact in both types.
    value.as_i64().or_else(|| value.as_f64().filter(exact).map(|number| number as i64))
}

/// Whether there is nothing but the white space of JSON.
fn is_blank(request: &Request) -> bool {
    request.body().iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

fn expected(name: &'static str, what: &str) -> Denial {
    Denial::about(Reason::InvalidValue, name, format!("`{name}` is expected to be {what}"))
}

/// A body that is there, of a size and kind that is read.
///
/// # Errors
/// `body_too_large`, `malformed_json` for no body at all, `unsupported_media_type`.
pub fn require_body(request: &Request) -> Result<(), Denial> {
    require_size(request)?;
    if is_blank(request) {
        return Err(Denial::because(Reason::MalformedJson, "a JSON body is expected"));
    }
    require_json(request)
}

/// Rule: a body is the UTF-8 of JSON and nothing before it (RFC 8259 §8.1). A reader would call the mark, which is
/// invisible, an unexpected value.
fn require_no_mark(body: &[u8]) -> Result<(), Denial> {
    let detail = match body {
        [0xef, 0xbb, 0xbf, ..] => "the body begins with a byte order mark; send it without",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            "the body begins with the byte order mark of another encoding than UTF-8; send it as UTF-8, without a mark"
        }
        _ => return Ok(()),
    };
    Err(Denial::because(Reason::MalformedJson, detail))
}

/// Rule: only JSON, so that a form on another site cannot make a browser send a command.
///
/// # Errors
/// `unsupported_media_type`.
fn require_json(request: &Request) -> Result<(), Denial> {
    let text = request.headers().get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = text.and_then(|text| text.split(';').next()).map(|text| text.trim().to_ascii_lowercase());
    if essence.as_deref() == Some("application/json") { Ok(()) } else { Err(Reason::UnsupportedMediaType.into()) }
}

/// # Errors
/// `body_too_large`.
fn require_size(request: &Request) -> Result<(), Denial> {
    let limit = super::body_limit(request.uri().path());
    if request.body().len() <= limit {
        return Ok(());
    }
    Err(Denial::because(Reason::BodyTooLarge, format!("at most {limit} bytes of body are accepted here")))
}
