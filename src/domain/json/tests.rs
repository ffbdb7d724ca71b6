//! The grammar is `serde_json`'s, value for value.

use super::*;
use proptest::prelude::*;
use serde_json::Value;

fn shown(json: Json<'_>) -> Value {
    if let Some(members) = json.members() {
        return members.map(|(name, value)| (name.read().into_owned(), shown(value))).collect();
    }
    if let Some(items) = json.items() {
        return items.map(shown).collect();
    }
    match json.text() {
        Some(text) => text.read().into(),
        None => serde_json::from_str(json.as_str()).unwrap(),
    }
}

fn agrees(text: &str) {
    let expected: Option<Value> = serde_json::from_str(text).ok();
    assert_eq!(Json::parse(text).map(shown), expected, "{text}");
    agrees_as_value(text);
}

/// As texts: minus zero is equal to zero.
fn agrees_as_value(text: &str) {
    let expected: Result<Value, _> = serde_json::from_str(text);
    assert_eq!(value(text).map(|value| value.to_string()), expected.ok().map(|value| value.to_string()), "{text}");
    let told = serde_json::from_str::<Value>(text).map_err(|error| Unreadable::Malformed(error.to_string()));
    assert_eq!(value_of(text.as_bytes()).err(), told.err(), "{text}");
}

/// Texts that are JSON and texts that nearly are.
const TEXTS: &[&str] = &[
    "",
    " ",
    "null",
    "nul",
    "nulll",
    "true",
    "false",
    "0",
    "-0",
    "01",
    "-",
    "1.",
    ".5",
    "1.5",
    "1e5",
    "1E+5",
    "1e",
    "+1",
    "\"\"",
    "\"",
    "\"a",
    "\"\\\"\"",
    "\"\\q\"",
    "\"\\u12\"",
    "\"\\u00e9\"",
    "\"\\ud83d\\ude00\"",
    "\"\\udbff\\udfff\"",
    "\"\\ud83d\"",
    "\"\\ude00\"",
    "\"\\ud83d\\u0041\"",
    "\"\\ud83dx\"",
    "\"\n\"",
    "\"\\n\\/\\b\\f\\r\\t\\\\\"",
    "\"é\u{1F600}\"",
    "[]",
    "[ ]",
    "[1]",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1, [2], {}]",
    "{}",
    "{ }",
    "{\"a\":1}",
    "{\"a\" : 1 , \"b\":[]}",
    "{\"a\":1,}",
    "{a:1}",
    "{\"a\"}",
    "{\"a\":}",
    "[1}",
    "{1:2}",
    " [1] ",
    "[1] x",
    "\u{feff}[]",
    "[1]\u{a0}",
    "NaN",
    "'a'",
    "\"\\u+123\"",
    "\"\\u 123\"",
    "{\"a\":1 \"b\":2}",
    "\"\u{7f}\"",
    "\"a\\u0000b\"",
];

#[test]
fn what_is_json_is_read_and_nothing_else() {
    for text in TEXTS {
        agrees(text);
    }
}

#[test]
fn numbers_are_kept_as_serde_json_keeps_them() {
    for text in [
        "-0",
        "0.0",
        "-0.0",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "1e2",
        "0.1",
        "1.0",
        "123456789.123456789e-30",
        "1e308",
        "1e309",
        "-1e309",
        "1e-400",
    ] {
        agrees_as_value(text);
        agrees_as_value(&format!("[{text}, {text}]"));
        agrees_as_value(&format!("{{\"a\":{text},\"b\":1}}"));
    }
}

#[test]
fn what_is_wrong_is_said_in_words() {
    for bytes in [
        b"{\"a\":}".as_slice(),
        b"",
        b"[1e400]",
        b"[\n\n 1, -1e999 ]",
        &[b'['; 200],
        b"{\"a\":\n1,}",
        b"\xff",
        b"[\"a\nb\"]",
    ] {
        let expected = serde_json::from_slice::<Value>(bytes).unwrap_err().to_string();
        assert_eq!(value_of(bytes), Err(Unreadable::Malformed(expected)));
    }
}

#[test]
fn a_name_that_stands_twice_is_refused_and_named() {
    for (text, name) in [
        (r#"{"a":1,"a":1}"#, "a"),
        (r#"[{"x":{"long name":null , "\u006cong name":2}}]"#, "long name"),
        (r#"{"":[],"b":{},"":0}"#, ""),
    ] {
        assert_eq!(value_of(text.as_bytes()), Err(Unreadable::Duplicate(name.to_owned())), "{text}");
        assert_eq!(value(text), None);
    }
    assert!(value(r#"{"a":{"a":1},"b":{"a":[{"a":1},{"a":1}]}}"#).is_some());
}

#[test]
fn depth_is_bounded_as_serde_json_bounds_it() {
    for levels in [126, 127, 128, 5_000] {
        agrees(&("[".repeat(levels) + &"]".repeat(levels)));
        agrees(&("{\"a\":".repeat(levels) + "1" + &"}".repeat(levels)));
    }
}

#[test]
fn an_object_with_too_many_names_is_refused_at_once() {
    let object = |count: usize| {
        let members: Vec<String> = (0..count).map(|number| format!("\"{number}\":1")).collect();
        format!("{{\"a\":{{{}}}}}", members.join(","))
    };
    let plain = |text: &str| Json::parse(text).unwrap().has_plain_names();
    assert!(plain(&object(Json::MOST_NAMES)));
    assert!(!plain(&object(Json::MOST_NAMES + 1)));
}

#[test]
fn names_that_stand_twice_or_are_escaped_are_found_at_any_depth() {
    let unique = |text| Json::parse(text).unwrap().has_plain_names();
    assert!(unique(r#"{"a":{"a":1},"b":[{"a":1},{"a":"\u0061"}]}"#));
    for text in [r#"{"a":1,"a":1}"#, r#"{"b":2,"\u0061":1}"#, r#"[1,{"b":{"x":[{"c":1,"c":2}]}}]"#] {
        assert!(!unique(text), "{text}");
    }
}

#[test]
fn whole_numbers_are_read_exactly() {
    let whole = |text| Json::parse(text).unwrap().whole();
    assert_eq!(whole("18446744073709551615"), Some(u64::MAX));
    for text in ["18446744073709551616", "-1", "1.0", "1e3", "\"1\"", "null", "-0"] {
        assert_eq!(whole(text), None, "{text}");
    }
    let part = |text| Json::parse(text).unwrap().whole_part();
    assert_eq!([part("7.00"), part("7.01"), part("7")], [Some((7, false)), Some((7, true)), Some((7, false))]);
    assert_eq!([part("7e1"), part("7.1e1"), part("-7.5"), part("\"7\"")], [None; 4]);
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(".{0,4}", inner, 0..5).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_serde_json_writes_is_read_back(value in any_value()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            prop_assert_eq!(Json::parse(&text).map(shown), Some(value.clone()));
        }
    }

    #[test]
    fn whatever_is_cut_or_changed_is_judged_alike(value in any_value(), at in 0usize..64, with in "[\\[\\]{},:\"0-9a\\\\u ]{0,2}") {
        let mut chars: Vec<char> = value.to_string().chars().collect();
        let at = at.min(chars.len());
        let end = at.saturating_add(1).min(chars.len());
        chars.splice(at..end, with.chars());
        let text: String = chars.into_iter().collect();
        // A change can make two names of one object equal: `serde_json` takes the last, and here it is refused by design.
        prop_assume!(!matches!(value_of(text.as_bytes()), Err(Unreadable::Duplicate(_))));
        agrees(&text);
    }
}
