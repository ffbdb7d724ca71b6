//! JSON as tokens may have it: one value in one way.
//!
//! Owns what is refused because two readers could read it differently: names that stand twice or are
//! written with escapes, numbers that are not exact, deep nesting. The grammar is `domain::json`'s.

use crate::domain::json::Json;

/// The deepest nesting; the outermost list or object is level one.
const MAX_DEPTH: u8 = 6;

/// The largest whole number that JavaScript tells from its neighbours.
const MAX_WHOLE: u64 = (1 << 53) - 1;

/// Reads a text that is one value and nothing else.
pub fn parse(text: &str) -> Option<Json<'_>> {
    Json::within(text, MAX_DEPTH).filter(|read| read.has_plain_names())
}

/// A whole number: digits alone, at most 2^53 - 1.
pub fn whole(value: Json<'_>) -> Option<u64> {
    value.whole().filter(|whole| *whole <= MAX_WHOLE)
}

/// A text that is written without escapes.
pub fn plain(value: Json<'_>) -> Option<&str> {
    value.text()?.plain()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"\u0061":2}"#,
            r#"[{"b":{"a":1,"a":1}}]"#,
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
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_json_is_read() {
        let read = parse(" {\"a\" : [1, \"\\ud83c\\udfb8\\u00e9\\n/\", null , true] , \"b\":{} } ").unwrap();
        assert!(read.get("a").unwrap().items().unwrap().nth(1).unwrap().text().unwrap().is("🎸é\n/"));
        assert_eq!(read.get("b").unwrap().members().unwrap().count(), 0);
        assert_eq!(whole(parse("9007199254740991").unwrap()), Some(MAX_WHOLE));
        for number in ["9007199254740992", "-1", "1.0", "1e3", "-0", "0.5E-7", "99999999999999999999999"] {
            assert_eq!(whole(parse(number).unwrap()), None, "{number}");
        }
    }
}
