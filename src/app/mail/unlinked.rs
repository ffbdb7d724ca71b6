//! Text of other people, in a form that mail programs show as text.
//!
//! Owns which words look like links, and how they are broken up. Never escapes: the HTML part does that.

/// Letters that mail programs and browsers read as the dot of a host name.
const DOTS: [char; 3] = ['.', '\u{2024}', '\u{ff0e}'];

/// Full stops of Chinese and Japanese sentences, which browsers read as dots of a host name too.
const IDEOGRAPHIC_STOPS: [char; 2] = ['\u{3002}', '\u{ff61}'];

const AT_SIGNS: [char; 3] = ['@', '\u{fe6b}', '\u{ff20}'];

/// One line in which no mail program finds a link: `www.evil.example` -> `www evil example`.
///
/// Rule: otherwise the person who names an organization would choose a link in a mail from us. Control
/// characters become spaces, so that no name adds a line to a subject.
pub fn unlinked(text: &str) -> String {
    let line = text.replace(char::is_control, " ");
    let words = line.split(' ').map(|word| if looks_like_link(word) { broken_up(word) } else { word.to_owned() });
    words.collect::<Vec<_>>().join(" ")
}

/// An address of any scheme, a mail address, or letters on both sides of a dot.
fn looks_like_link(word: &str) -> bool {
    let has_text = |part: &&str| part.chars().any(char::is_alphanumeric);
    word.contains("://")
        || word.contains(AT_SIGNS)
        || word.split(DOTS).filter(has_text).count() > 1
        || word.split(IDEOGRAPHIC_STOPS).skip(1).any(|part| part.starts_with(|char: char| char.is_ascii_alphanumeric()))
}

fn broken_up(word: &str) -> String {
    let breaks = |char: char| {
        matches!(char, ':' | '/')
            || DOTS.contains(&char)
            || IDEOGRAPHIC_STOPS.contains(&char)
            || AT_SIGNS.contains(&char)
    };
    word.split(breaks).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_become_links() {
        for (text, shown) in [
            ("Foo Fighters, Inc.", "Foo Fighters, Inc."),
            ("Win at www.evil.example", "Win at www evil example"),
            ("https://evil.example/x", "https evil example x"),
            ("javascript://evil", "javascript evil"),
            ("me@evil", "me evil"),
            ("me\u{ff20}evil", "me evil"),
            ("evil\u{ff0e}example", "evil example"),
            ("evil\u{3002}example", "evil example"),
            ("モーニング娘。", "モーニング娘。"),
            ("来てください。一緒に", "来てください。一緒に"),
        ] {
            assert_eq!(unlinked(text), shown);
        }
    }

    #[test]
    fn control_characters_become_spaces() {
        assert_eq!(unlinked("a\r\nBcc: x\u{0}y\tz"), "a  Bcc: x y z");
    }
}
