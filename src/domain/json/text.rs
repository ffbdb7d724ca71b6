//! Texts, whose escapes stand for characters.

use super::grammar::unescape;
use std::borrow::Cow;

/// A text of a JSON document, without its quotes. Equal is what stands for the same characters.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    /// The text between quotes; `None` for another kind of value.
    pub(super) fn quoted(text: &'a str) -> Option<Self> {
        text.strip_prefix('"')?.strip_suffix('"').map(Text)
    }

    /// Whether it stands for these characters.
    pub fn is(self, text: &str) -> bool {
        self.chars().eq(text.chars())
    }

    /// As it is written, when that is what it stands for: without any escape.
    pub fn plain(self) -> Option<&'a str> {
        (!self.0.contains('\\')).then_some(self.0)
    }

    /// What it stands for.
    pub fn read(self) -> Cow<'a, str> {
        self.plain().map_or_else(|| self.chars().collect::<String>().into(), Cow::Borrowed)
    }

    fn chars(self) -> Chars<'a> {
        Chars { rest: self.0 }
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.chars().eq(other.chars())
    }
}

impl Eq for Text<'_> {}

struct Chars<'a> {
    rest: &'a str,
}

impl Iterator for Chars<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let first = chars.next()?;
        self.rest = chars.as_str();
        if first != '\\' {
            return Some(first);
        }
        let (char, rest) = unescape(self.rest)?;
        self.rest = rest;
        Some(char)
    }
}
