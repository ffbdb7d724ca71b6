//! JSON as tokens may have it: one value in one way.
//!
//! Owns what is refused because two readers could read it differently: names that stand twice, numbers that
//! are not exact, deep nesting. The grammar is `domain::json`'s.

use crate::domain::json;

/// The deepest nesting; the value itself is level one.
const MAX_DEPTH: u8 = 6;

/// The largest whole number that JavaScript tells from its neighbours.
const MAX_WHOLE: u64 = (1 << 53) - 1;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// Digits alone, at most 2^53 - 1.
    Whole(u64),
    /// Any other number: no claim of ours has one.
    Number,
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object; every name once.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a text that is one value and nothing else.
    pub fn parse(text: &str) -> Option<Json> {
        let read = json::Json::parse(text).filter(|read| read.has_unique_names())?;
        Json::of(read, MAX_DEPTH)
    }

    fn of(read: json::Json<'_>, depth: u8) -> Option<Json> {
        let below = depth.checked_sub(1)?;
        if let Some(mut members) = read.members() {
            let field = |(name, value): (json::Text<'_>, _)| Some((name.read().into_owned(), Json::of(value, below)?));
            return members.try_fold(Vec::new(), |all, member| with(all, field(member))).map(Json::Object);
        }
        if let Some(mut items) = read.items() {
            return items.try_fold(Vec::new(), |all, item| with(all, Json::of(item, below))).map(Json::List);
        }
        Some(Json::leaf(read))
    }

    fn leaf(read: json::Json<'_>) -> Json {
        match (read.text(), read.boolean(), read.whole().filter(|whole| *whole <= MAX_WHOLE)) {
            (Some(text), ..) => Json::Text(text.read().into_owned()),
            (_, Some(flag), _) => Json::Bool(flag),
            (.., Some(whole)) => Json::Whole(whole),
            _ if read.is_null() => Json::Null,
            _ => Json::Number,
        }
    }

    /// A text.
    pub fn text(&self) -> Option<&str> {
        if let Json::Text(text) = self { Some(text) } else { None }
    }

    /// A whole number.
    pub fn whole(&self) -> Option<u64> {
        if let Json::Whole(number) = self { Some(*number) } else { None }
    }

    /// A list.
    pub fn list(&self) -> Option<&[Json]> {
        if let Json::List(items) = self { Some(items) } else { None }
    }

    /// What an object has under a name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let Json::Object(fields) = self else { return None };
        fields.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The names of an object.
    pub fn names(&self) -> Option<impl Iterator<Item = &str>> {
        let Json::Object(fields) = self else { return None };
        Some(fields.iter().map(|(name, _)| name.as_str()))
    }
}

fn with<T>(mut all: Vec<T>, one: Option<T>) -> Option<Vec<T>> {
    all.push(one?);
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            "{} {}",
            "{}x",
            "",
            " ",
            "{",
            r#"{"a"}"#,
            r#"{"a":}"#,
            "[1,]",
            r#"{"a":1,}"#,
            "01",
            "-",
            "1.",
            ".5",
            "+1",
            "1e",
            "--1",
            "NaN",
            "nul",
            "True",
            r#""\ud800""#,
            r#""\udc00\ud800""#,
            r#""\ud800\ud800""#,
            "\"\u{1}\"",
            r#""\x""#,
            r#""\u12""#,
            "'a'",
            "\"a",
            "[[[[[[[]]]]]]]",
            "{a:1}",
            "// c\n1",
            "\u{feff}1",
        ] {
            assert_eq!(Json::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_json_is_read() {
        let read = Json::parse(" {\"a\" : [1, \"\\ud83c\\udfb8\\u00e9\\n/\", null , true] , \"b\":{} } ").unwrap();
        assert_eq!(read.get("a").unwrap().list().unwrap()[1].text(), Some("🎸é\n/"));
        assert_eq!(read.get("b").unwrap().names().unwrap().count(), 0);
        assert_eq!(Json::parse("9007199254740991"), Some(Json::Whole(MAX_WHOLE)));
        for number in ["9007199254740992", "-1", "1.0", "1e3", "-0", "0.5E-7", "99999999999999999999999"] {
            assert_eq!(Json::parse(number), Some(Json::Number), "{number}");
        }
    }
}
