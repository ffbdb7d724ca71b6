//! Text that people write: names and messages.
//!
//! Owns which characters may stand in them. Never escapes for a medium: HTML and mail do that.

use super::denial::{Denial, Reason};
use super::email::is_domain;
use super::text_value::text_value;
use serde::{Deserialize, Serialize};

/// A name of an organization or a person: 1 to 200 characters on one line, trimmed, without
/// control, bidirectional or zero-width characters (they make one name look like another).
///
/// ```
/// use guildhall::domain::text::Name;
/// assert_eq!(Name::parse("  Foo Fighters ").unwrap().as_str(), "Foo Fighters");
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
        let text = text.trim();
        let length = text.chars().count();
        if length == 0 || length > Self::MAX_CHARS || text.chars().any(is_invisible) {
            let rule = "a name has 1 to 200 characters on one line, none of them invisible";
            return Err(Denial::because(Reason::NameInvalid, rule));
        }
        Ok(Name(text.to_owned()))
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

/// A message of an inviter: at most 1,000 characters, trimmed, line breaks allowed.
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
        let text = text.trim();
        let length = text.chars().count();
        let deceptive = text.chars().any(|char| char != '\n' && is_invisible(char));
        if length == 0 || length > Self::MAX_CHARS || deceptive {
            let rule = "a message has 1 to 1000 characters, none of them invisible";
            return Err(Denial::because(Reason::InvalidValue, rule));
        }
        Ok(Message(text.to_owned()))
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

text_value!(Name 0 Title 0 Message 0 Locale 0 LogoUrl 0);

/// Control, bidirectional, zero-width, separator, tag and variation characters.
pub(super) fn is_invisible(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{2800}' | '\u{fe00}'..='\u{fe0e}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_what_people_are_called() {
        for name in ["Nirvana", "日本", "Föö Fíghterß", "O'Brien & Sons", "a"] {
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
        assert!(Message::parse("hello\rworld").is_err());
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
