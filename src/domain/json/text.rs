//! Texts, whose escapes stand for characters.
//!
//! Owns unescaping and comparing. Never checks one: the grammar has.

use super::grammar::Cursor;
use std::borrow::Cow;

/// A text of a JSON document, without its quotes. Equal is what stands for the same characters.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    raw: &'a str,
    /// Whether a backslash begins an escape.
    escapes: bool,
}

impl<'a> Text<'a> {
    /// The text between quotes; `None` for another kind of value.
    pub(super) fn quoted(text: &'a str) -> Option<Self> {
        text.strip_prefix('"')?.strip_suffix('"').map(|raw| Text { raw, escapes: true })
    }

    /// A text that is in no document.
    pub fn verbatim(text: &'a str) -> Self {
        Text { raw: text, escapes: false }
    }

    /// Whether it stands for these characters.
    pub fn is(self, text: &str) -> bool {
        self.chars().eq(text.chars())
    }

    /// As it is written, when that is what it stands for: without any escape.
    pub fn plain(self) -> Option<&'a str> {
        let escaped = self.escapes && self.raw.bytes().any(|byte| byte == b'\\');
        (!escaped).then_some(self.raw)
    }

    /// As it is written, with its escapes: what may stand between quotes, if it was read there.
    pub fn raw(self) -> &'a str {
        self.raw
    }

    /// What it stands for.
    pub fn read(self) -> Cow<'a, str> {
        self.plain().map_or_else(|| self.chars().collect::<String>().into(), Cow::Borrowed)
    }

    /// The characters that it stands for.
    pub fn chars(self) -> Chars<'a> {
        Chars { rest: self.raw, escapes: self.escapes }
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.chars().eq(other.chars())
    }
}

impl Eq for Text<'_> {}

/// See [`Text::chars`].
#[derive(Debug, Clone)]
pub struct Chars<'a> {
    rest: &'a str,
    escapes: bool,
}

impl Iterator for Chars<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let first = chars.next()?;
        self.rest = chars.as_str();
        if first != '\\' || !self.escapes {
            return Some(first);
        }
        let mut cursor = Cursor::of(self.rest);
        let char = cursor.escaped()?;
        self.rest = cursor.rest_of(self.rest)?;
        Some(char)
    }
}
