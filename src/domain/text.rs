//! Text that people write: names and messages.
//!
//! Owns which characters may stand in them. Never escapes for a medium: HTML and mail do that.

use super::denial::{Denial, Reason};
use super::email::is_domain;
use super::spelling::{is_invisible, is_spelled};
use super::text_value::text_value;
use serde::{Deserialize, Serialize};

/// Texts that come from a row as well as from outside. Rule: one that was stored while U+FE0F was taken anywhere is still
/// read; a row that cannot be read would lock its organization.
macro_rules! stored_text {
    ($($name:ident $lines:literal)+) => {$(
        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Denial;
            fn try_from(text: String) -> Result<Self, Denial> {
                if was_taken(&text, Self::MAX_CHARS, $lines) { Ok($name(text)) } else { $name::parse(&text) }
            }
        }
    )+};
}

/// A name of an organization or a person: 1 to 200 characters on one line, trimmed, a tab taken for a space, without
/// invisible characters that are no spelling (they make one name look like another).
///
/// ```
/// use guildhall::domain::text::Name;
/// assert_eq!(Name::parse("  Foo\tFighters ").unwrap().as_str(), "Foo Fighters");
/// assert!(Name::parse("Nir\u{200b}vana").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Name(String);

impl Name {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 200;

    /// Trims and checks a name.
    ///
    /// # Errors
    /// `name_invalid`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let text = text.trim().replace('\t', " ");
        if !fits(&text, Self::MAX_CHARS) || !is_spelled(&text) {
            let rule = "a name has 1 to 200 characters on one line, none of them invisible";
            return Err(Denial::because(Reason::NameInvalid, rule));
        }
        Ok(Name(text))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What lists sort by: the same text in lower case.
    pub fn sort_key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// What a member is called in an organization: 1 to 100 characters, otherwise as a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Title(String);

impl Title {
    /// The longest title, in characters.
    pub const MAX_CHARS: usize = 100;

    /// Trims and checks a title.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let short = |name: &Name| name.0.chars().count() <= Self::MAX_CHARS;
        let rule = "a title has 1 to 100 characters on one line, none of them invisible";
        let name = Name::parse(text).ok().filter(short);
        name.map(|name| Title(name.0)).ok_or_else(|| Denial::because(Reason::InvalidValue, rule))
    }
}

/// A message of an inviter: at most 1,000 characters, trimmed, in lines. Rule: every way to end a line (CR LF, a CR
/// alone) becomes LF, and a tab a space, because browsers and Windows send them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Message(String);

impl Message {
    /// The longest message, in characters.
    pub const MAX_CHARS: usize = 1000;

    /// Trims and checks a message.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let text = text.trim().replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
        if !fits(&text, Self::MAX_CHARS) || !text.split('\n').all(is_spelled) {
            let rule = "a message has 1 to 1000 characters, none of them invisible";
            return Err(Denial::because(Reason::InvalidValue, rule));
        }
        Ok(Message(text))
    }

    /// The message as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A language tag for messages: letters, digits and dashes, 2 to 35 characters (RFC 5646 §4.4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Locale(String);

impl Locale {
    /// Checks a language tag's shape; which languages have texts is the mails' matter.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let subtags_fit = text.split('-').all(|subtag| (1..=8).contains(&subtag.len()));
        let letters = text.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric());
        if !(2..=35).contains(&text.len()) || !letters || !subtags_fit {
            return Err(Denial::because(Reason::InvalidValue, "a language tag is expected"));
        }
        Ok(Locale(text.to_owned()))
    }
}

/// An https address of a logo, at most 2,000 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct LogoUrl(String);

impl LogoUrl {
    /// Checks an address.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>\\`".contains(&byte));
        let authority = text.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
        let named = authority.is_some_and(is_authority);
        if text.len() > 2000 || !visible || !named {
            return Err(Denial::because(Reason::InvalidValue, "an https address is expected"));
        }
        Ok(LogoUrl(text.to_owned()))
    }
}

/// A DNS name, perhaps with a port; no user, no IP literal.
fn is_authority(authority: &str) -> bool {
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    is_domain(host) && port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
}

text_value!(Locale 0 LogoUrl 0);
stored_text!(Name "" Title "" Message "\n");

/// Whether a text can be a stored one.
fn was_taken(text: &str, most: usize, lines: &str) -> bool {
    let seen = |char: char| char == '\u{fe0f}' || lines.chars().any(|line| line == char) || !is_invisible(char);
    fits(text, most) && text.trim() == text && text.chars().all(seen)
}

fn fits(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_what_people_are_called() {
        assert_eq!(Name::try_from("Nirvana\u{fe0f}".to_owned()).unwrap().as_str(), "Nirvana\u{fe0f}");
        assert!(Name::parse("Nirvana\u{fe0f}").is_err() && Name::parse("a\rb").is_err());
        for name in ["Nirvana", "می\u{200c}خواهم", "日本", "Föö Fíghterß", "O'Brien & Sons", "a"] {
            assert!(Name::parse(name).is_ok(), "{name}");
        }
        let long = "x".repeat(201);
        for name in ["", "   ", "a\nb", "a\u{0}b", "a\u{202e}b", "a\u{200d}b", &long] {
            assert!(Name::parse(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn messages_have_lines_and_locales_have_shape() {
        assert!(Message::parse("hello\nworld").is_ok());
        for text in ["hello\r\nworld", "hello\rworld", " hello\nworld\r\n"] {
            assert_eq!(Message::parse(text).unwrap().as_str(), "hello\nworld");
        }
        assert_eq!(Message::parse("a\tb\n\r\nc").unwrap().as_str(), "a b\n\nc");
        assert!(Message::parse("hello\u{b}world").is_err() && Message::parse("می\u{200c}\nخواهم").is_err());
        assert!(Locale::parse("de-CH").is_ok());
        assert!(Locale::parse("../etc").is_err());
    }

    #[test]
    fn a_logo_is_fetched_over_https_from_a_named_host() {
        assert!(LogoUrl::parse("https://cdn.example/logo.svg?v=1").is_ok());
        for text in [
            "http://a.example/x",
            "https://",
            "https://:443/x",
            "https://a:b:c/",
            "https://.",
            "https://a..b/",
            "https://u@h/x",
            "javascript:1",
            "https://a b",
        ] {
            assert!(LogoUrl::parse(text).is_err(), "{text}");
        }
    }
}
