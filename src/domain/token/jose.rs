//! JSON of foreign makers: tokens and key sets.
//!
//! Owns the bounds of what is read. Rule: each name stands once in its object. A name may be written with escapes
//! (some makers write `\/`): names are compared by the characters that they stand for.

use crate::domain::json::Json;
use crate::domain::table::Set;
use std::borrow::Cow;

/// The deepest nesting; the outermost object is level one.
const MAX_DEPTH: u8 = 32;

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JoseFault {
    /// It is no JSON object, or nested too deeply.
    NoObject,
    /// A name stands twice in one object.
    DuplicateName,
}

/// The members of an object, found by name without another walk over its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Members<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Members<'a> {
    /// Those of a text in which each name stands once, at every level.
    pub fn checked(text: &'a str) -> Result<Self, JoseFault> {
        let members = Self::of(text)?;
        let mut names: Set<&str> = Set::new();
        let unique = members.0.iter().all(|(name, value)| names.insert(name) && has_unique_names(*value));
        if unique { Ok(members) } else { Err(JoseFault::DuplicateName) }
    }

    /// Those of a text that has been checked before.
    pub fn of(text: &'a str) -> Result<Self, JoseFault> {
        let members = unchecked_object(text)?.members().ok_or(JoseFault::NoObject)?;
        Ok(Members(members.map(|(name, value)| (name.read(), value)).collect()))
    }

    /// The value under a name, however the name is written.
    pub fn get(&self, name: &str) -> Option<Json<'a>> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    /// The text under a name; `None` if it is absent or no text.
    pub fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        Some(self.get(name)?.text()?.read())
    }
}

/// Reads an object in which each name stands once, at every level.
pub(super) fn object(text: &str) -> Result<Json<'_>, JoseFault> {
    let read = unchecked_object(text)?;
    if has_unique_names(read) { Ok(read) } else { Err(JoseFault::DuplicateName) }
}

/// The same for a text whose names have been checked before, or are checked one object at a time.
pub(super) fn unchecked_object(text: &str) -> Result<Json<'_>, JoseFault> {
    Json::within(text, MAX_DEPTH).filter(|read| read.members().is_some()).ok_or(JoseFault::NoObject)
}

/// Whether each name stands once, at every level.
pub(super) fn has_unique_names(value: Json<'_>) -> bool {
    if let Some(mut items) = value.items() {
        return items.all(has_unique_names);
    }
    let mut names: Set<Cow<'_, str>> = Set::new();
    value.members().into_iter().flatten().all(|(name, value)| names.insert(name.read()) && has_unique_names(value))
}

/// The value under a name, however the name is written.
pub(super) fn get<'a>(object: Json<'a>, name: &str) -> Option<Json<'a>> {
    object.members()?.find(|(known, _)| known.is(name)).map(|(_, value)| value)
}

/// The text under a name; `None` if it is absent or no text.
pub(super) fn text<'a>(object: Json<'a>, name: &str) -> Option<Cow<'a, str>> {
    Some(get(object, name)?.text()?.read())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_stands_twice_is_found_at_every_level_and_in_every_spelling() {
        let twice = [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"x":[{"a\/b":1,"a/b":2}]}"#,
            r#"{"x":{"y":{"😀":1,"\ud83d\ude00":1}}}"#,
        ];
        for text in twice {
            assert_eq!(object(text), Err(JoseFault::DuplicateName), "{text}");
            assert_eq!(Members::checked(text), Err(JoseFault::DuplicateName), "{text}");
        }
        assert!(object(r#"{"a":{"a":1},"A":2,"https:\/\/example.com\/email":"x"}"#).is_ok());
    }

    #[test]
    fn anything_but_an_object_is_refused() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(40), "]".repeat(40));
        for text in ["", "[]", "1", "null", "{", "{} {}", "{\"a\":\"\\ud800\"}", &deep] {
            assert_eq!(object(text), Err(JoseFault::NoObject), "{text}");
            assert_eq!(Members::checked(text), Err(JoseFault::NoObject), "{text}");
        }
    }

    #[test]
    fn a_value_is_found_under_a_name_with_escapes() {
        let read = object(r#"{"https:\/\/example.com\/email":"x\u0040example.com"}"#).unwrap();
        assert_eq!(text(read, "https://example.com/email").as_deref(), Some("x@example.com"));
        assert_eq!(text(read, "email"), None);
        let members = Members::checked(read.as_str()).unwrap();
        assert_eq!(members.text("https://example.com/email").as_deref(), Some("x@example.com"));
        assert_eq!((members.get("email"), members.get("")), (None, None));
    }
}
