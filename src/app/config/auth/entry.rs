//! One object of a setting, read field by field.
//!
//! Owns the words for what is wrong: the place (`AUTH[1].audience`), the rule, and for an unknown name the nearest one
//! that is known. A name is known once it was asked for.

use super::nearest;
use crate::app::config::ConfigError;
use crate::domain::denial::echo;
use serde_json::{Map, Value};

/// An object on its way to a value.
#[derive(Debug)]
pub struct Entry {
    setting: &'static str,
    place: String,
    fields: Map<String, Value>,
    known: Vec<&'static str>,
}

impl Entry {
    /// The object at a place of a setting.
    ///
    /// # Errors
    /// [`ConfigError`] for a value of another kind.
    pub fn of(setting: &'static str, place: String, value: Value) -> Result<Self, ConfigError> {
        match value {
            Value::Object(fields) => Ok(Entry { setting, place, fields, known: Vec::new() }),
            _ => Err(ConfigError::Refused(setting, format!("{place}: an object is expected"))),
        }
    }

    /// Where it stands.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The setting that it stands in.
    pub fn setting(&self) -> &'static str {
        self.setting
    }

    /// Whether a field is there that is read later.
    pub fn has(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(|value| !value.is_null())
    }

    /// A field as it is; `null` is an absent one.
    pub fn value(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.fields.remove(name).filter(|value| !value.is_null())
    }

    /// A text.
    ///
    /// # Errors
    /// [`ConfigError`] for a value of another kind, and for an empty text.
    pub fn text(&mut self, name: &'static str) -> Result<Option<String>, ConfigError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Err(self.refused(name, "it is empty")),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.refused(name, "a text is expected")),
        }
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// As [`Entry::text`], and for an absent one. A name that was probably meant for it is named instead.
    pub fn required(&mut self, name: &'static str) -> Result<String, ConfigError> {
        match self.text(name)? {
            Some(text) => Ok(text),
            None => {
                let meant = self.fields.keys().find(|given| nearest(given, [name]).is_some()).cloned();
                Err(meant.map_or_else(|| self.missing(name), |given| self.unknown(&given)))
            }
        }
    }

    /// Texts: one, or a list of them.
    ///
    /// # Errors
    /// [`ConfigError`] for a value of another kind, an empty text and an empty list.
    pub fn texts(&mut self, name: &'static str) -> Result<Option<Vec<String>>, ConfigError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let values = if let Value::Array(values) = value { values } else { vec![value] };
        let text = |value: Value| if let Value::String(text) = value { Some(text) } else { None };
        let texts: Option<Vec<String>> = values.into_iter().map(text).collect();
        let texts = texts.ok_or_else(|| self.refused(name, "a text, or a list of texts, is expected"))?;
        if texts.is_empty() || texts.iter().any(|text| text.trim().is_empty()) {
            return Err(self.refused(name, "at least one text is expected, and none of them empty"));
        }
        Ok(Some(texts))
    }

    /// One of the words.
    ///
    /// # Errors
    /// [`ConfigError`] for any other value, with the nearest word.
    pub fn word(&mut self, name: &'static str, words: &[&'static str]) -> Result<Option<&'static str>, ConfigError> {
        let Some(given) = self.text(name)? else { return Ok(None) };
        match words.iter().find(|word| **word == given) {
            Some(word) => Ok(Some(word)),
            None => {
                let meant = nearest(&given, words.iter().copied());
                let meant = meant.map(|word| format!("; did you mean \"{word}\"?")).unwrap_or_default();
                let (given, all) = (echo(&given), words.join(", "));
                Err(self.refused(name, &format!("`{given}` is not one of {all}{meant}")))
            }
        }
    }

    /// A whole number within bounds.
    ///
    /// # Errors
    /// [`ConfigError`] for any other value.
    pub fn whole(
        &mut self,
        name: &'static str,
        bounds: std::ops::RangeInclusive<u32>,
    ) -> Result<Option<u32>, ConfigError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let number =
            value.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| bounds.contains(number));
        let rule = format!("a whole number from {} to {} is expected", bounds.start(), bounds.end());
        number.map(Some).ok_or_else(|| self.refused(name, &rule))
    }

    /// True or false.
    ///
    /// # Errors
    /// [`ConfigError`] for any other value.
    pub fn flag(&mut self, name: &'static str) -> Result<Option<bool>, ConfigError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(self.refused(name, "true or false is expected")),
        }
    }

    /// An object within this one.
    ///
    /// # Errors
    /// [`ConfigError`] for a value of another kind.
    pub fn within(&mut self, name: &'static str) -> Result<Option<Entry>, ConfigError> {
        let place = format!("{}.{name}", self.place);
        let setting = self.setting;
        self.value(name).map(|value| Entry::of(setting, place, value)).transpose()
    }

    /// A field that breaks a rule.
    pub fn refused(&self, name: &str, rule: &str) -> ConfigError {
        ConfigError::Refused(self.setting, format!("{}.{name}: {rule}", self.place))
    }

    /// A field that is missing.
    pub fn missing(&self, name: &str) -> ConfigError {
        ConfigError::Refused(self.setting, format!("{}.{name} is missing", self.place))
    }

    fn unknown(&self, name: &str) -> ConfigError {
        let meant = nearest(name, self.known.iter().copied());
        let meant = meant.map(|word| format!("; did you mean \"{word}\"?")).unwrap_or_default();
        ConfigError::Refused(self.setting, format!("{}.{} is unknown{meant}", self.place, echo(name)))
    }

    /// The end of the object.
    ///
    /// # Errors
    /// [`ConfigError`] for a field that was not asked for, with the nearest name that was.
    pub fn end(self) -> Result<(), ConfigError> {
        match self.fields.keys().next() {
            None => Ok(()),
            Some(name) => Err(self.unknown(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(value: Value) -> Entry {
        Entry::of("AUTH", "AUTH[1]".to_owned(), value).unwrap()
    }

    #[test]
    fn fields_are_read_by_kind_and_refused_by_place() {
        let mut read = entry(json!({ "audience": ["a", "b"], "leeway": 30, "on": true, "claims": { "name": "n" } }));
        assert_eq!(read.texts("audience").unwrap().unwrap(), ["a", "b"]);
        assert_eq!(read.whole("leeway", 0..=120).unwrap(), Some(30));
        assert_eq!(read.flag("on").unwrap(), Some(true));
        let mut claims = read.within("claims").unwrap().unwrap();
        assert_eq!(claims.text("name").unwrap().as_deref(), Some("n"));
        assert_eq!(claims.place(), "AUTH[1].claims");
        assert!(claims.end().is_ok() && read.end().is_ok());
    }

    #[test]
    fn wrong_fields_are_named() {
        let said = |error: ConfigError| error.to_string().replace("the setting AUTH is wrong: ", "");
        let mut read = entry(json!({ "audience": [], "leeway": 121, "on": "yes", "kind": "userr", "audiense": 1 }));
        assert!(said(read.texts("audience").unwrap_err()).starts_with("AUTH[1].audience: at least one text"));
        let number = said(read.whole("leeway", 0..=120).unwrap_err());
        assert_eq!(number, "AUTH[1].leeway: a whole number from 0 to 120 is expected");
        assert_eq!(said(read.flag("on").unwrap_err()), "AUTH[1].on: true or false is expected");
        let word = said(read.word("kind", &["user", "service"]).unwrap_err());
        assert_eq!(word, "AUTH[1].kind: `userr` is not one of user, service; did you mean \"user\"?");
        assert_eq!(said(read.end().unwrap_err()), "AUTH[1].audiense is unknown; did you mean \"audience\"?");
    }
}
