//! The way back: whatever is let through leads to the same origin, however a browser reads it.

use guildhall::domain::next_path::NextPath;
use proptest::prelude::*;

const ELSEWHERE: &[&str] = &[
    "",
    "songs",
    "./songs",
    "?page=2",
    "#top",
    "http://evil.example/",
    "HTTPS://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:a@b.c",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "/\\/evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "\u{0}//evil.example",
    "\u{feff}//evil.example",
    "/\u{7f}/evil.example",
    "/\u{85}/evil.example",
    "/\u{2028}/evil.example",
    "/\u{ff0f}/evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/a/..//evil.example",
    "/a/../..//evil.example",
    "/./\\evil.example",
    "/%2e//evil.example",
    "/%2E%2e//evil.example",
    "/.%2e//evil.example",
    "/a/%2e%2e//evil.example",
    "/a//b",
    "/@evil.example/..//x",
    "/songs\r\nset-cookie: a=b",
    "/songs\r\n\r\n<script>",
    "/söngs",
    "/x\u{202e}y",
];

const HERE: &[&str] = &[
    "/",
    "/songs",
    "/songs/1/",
    "/songs?page=2&q=a%20b",
    "/songs?next=//evil.example",
    "/songs?next=https://evil.example/",
    "/songs#//evil.example",
    "/@evil.example",
    "/%2Fevil.example",
    "/%5Cevil.example",
    "/evil.example:443",
    "/...",
    "/.well-known/x",
    "/a/.b/c..",
];

#[test]
fn what_leads_elsewhere_is_refused_and_what_stays_is_not() {
    for text in ELSEWHERE {
        let denial = NextPath::parse(text).expect_err(text);
        assert_eq!(denial.reason.code(), "next_invalid", "{text:?}");
    }
    for text in HERE {
        assert_eq!(NextPath::parse(text).unwrap().as_str(), *text);
    }
    assert!(NextPath::parse(&format!("/{}", "a".repeat(2047))).is_ok());
    assert!(NextPath::parse(&format!("/{}", "a".repeat(2048))).is_err());
}

/// What a browser does with a text that begins with a slash, as the URL standard tells it: white space
/// around is cut off, tabs and line breaks go, `\` is `/`, dot segments go; what then begins with two
/// slashes is another host, at once or when somebody hands on the path alone.
fn leaves(text: &str) -> bool {
    let text: String = text.trim_matches(|c: char| c <= ' ').chars().filter(|c| !"\t\n\r".contains(*c)).collect();
    let path = text.split(['?', '#']).next().unwrap_or_default().replace('\\', "/");
    if !path.starts_with('/') || path.starts_with("//") {
        return true;
    }
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/').skip(1) {
        match segment.to_ascii_lowercase().replace("%2e", ".").as_str() {
            "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    kept.len() > 1 && kept[0].is_empty()
}

proptest! {
    #[test]
    fn no_way_back_leaves(text in "[/\\\\.%2eE?#@:a \t\r\n]{0,12}") {
        if let Ok(next) = NextPath::parse(&text) {
            prop_assert!(!leaves(next.as_str()), "{:?}", text);
            prop_assert!(next.as_str().starts_with('/'));
        }
    }

    #[test]
    fn any_text_is_judged(text in any::<String>()) {
        if let Ok(next) = NextPath::parse(&text) {
            prop_assert_eq!(next.as_str(), text.as_str());
            prop_assert!(!leaves(&text));
        }
    }
}
