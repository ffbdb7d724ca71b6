//! Slugs: the short names of organizations in addresses.
//!
//! Owns their rule (a DNS label, so that a slug can be a host name's first part) and the suggestion from a
//! name. Never decides which slug is free (facts say that) or what an installation reserves besides the built-in
//! list ([`super::reserved`] does).

use super::denial::{Denial, Reason};
use super::reserved::is_built_in;
use serde::{Deserialize, Serialize};
use std::fmt;

/// 2 to 63 of `a-z`, `0-9` and `-`, neither starting nor ending with a dash, not on the built-in list.
///
/// ```
/// use guildhall::domain::slug::Slug;
/// assert!(Slug::parse("foo-fighters").is_ok());
/// assert_eq!(Slug::parse("admin").unwrap_err().reason.code(), "slug_reserved");
/// assert_eq!(Slug::suggest("Föö Fíghterß").as_str(), "foo-fighterss");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Slug(String);

/// What a suggestion starts from when a name has no Latin letter or digit.
const FALLBACK: &str = "organization";

impl Slug {
    /// The longest slug: a DNS label.
    pub const MAX_BYTES: usize = 63;

    /// Checks a slug that is to be taken. Nothing is folded: what is stored is what was sent.
    ///
    /// # Errors
    /// `slug_invalid`; `slug_reserved` for what the built-in list has.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        if !Slug::has_shape(text) {
            let rule = "a slug has 2 to 63 of `a-z`, `0-9` and `-`, and neither starts nor ends with `-`";
            return Err(Denial::because(Reason::SlugInvalid, rule));
        }
        if is_built_in(text) {
            return Err(Denial::because(Reason::SlugReserved, format!("`{text}` is reserved")));
        }
        Ok(Slug(text.to_owned()))
    }

    /// Checks the form of a slug that an organization may have already: the rule that reserves it may be younger.
    ///
    /// # Errors
    /// `slug_invalid`.
    pub fn parse_held(text: &str) -> Result<Self, Denial> {
        if Slug::has_shape(text) { Ok(Slug(text.to_owned())) } else { Slug::parse(text) }
    }

    /// Whether it is a DNS label that no registrar reads as punycode (`xn--…`).
    pub fn has_shape(text: &str) -> bool {
        let ends = [text.bytes().next(), text.bytes().next_back()];
        (2..=Slug::MAX_BYTES).contains(&text.len())
            && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            && !ends.contains(&Some(b'-'))
            && text.as_bytes().get(2..4) != Some(b"--")
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The slug that a name asks for: Latin letters folded to ASCII, all else a dash.
    /// A reserved or too short result is completed (`admin` -> `admin-org`), an empty one replaced.
    pub fn suggest(name: &str) -> Slug {
        let base = fold(name);
        let complete = match base.len() {
            0 => FALLBACK.to_owned(),
            1 => format!("{base}-org"),
            _ => base,
        };
        Slug::parse(&complete)
            .or_else(|_| Slug::parse(&format!("{complete}-org")))
            .unwrap_or_else(|_| Slug(FALLBACK.to_owned()))
    }

    /// `acme` -> `acme-2`, cut so that the whole still fits.
    #[must_use]
    pub fn with_suffix(&self, suffix: &str) -> Slug {
        let room = Self::MAX_BYTES.saturating_sub(suffix.len()).saturating_sub(1);
        let base: String = self.0.chars().take(room).collect();
        Slug(format!("{}-{suffix}", base.trim_end_matches('-')))
    }
}

fn fold(name: &str) -> String {
    let mut slug = String::new();
    for piece in name.chars().map(fold_char) {
        match piece {
            Folded::Drop => {}
            Folded::Dash if slug.is_empty() || slug.ends_with('-') => {}
            Folded::Dash => slug.push('-'),
            Folded::Letter(letter) => slug.push(letter),
            Folded::Text(text) => slug.push_str(text),
        }
    }
    slug.truncate(Slug::MAX_BYTES.saturating_sub(4));
    slug.trim_end_matches('-').to_owned()
}

enum Folded {
    Drop,
    Dash,
    Letter(char),
    Text(&'static str),
}

/// Latin letters with marks, small and large, grouped by what they fold to. Unicode's own table of capitals weighs
/// 6 kB (gz) in a browser's core; a crate for all scripts weighs
/// 165 kB in wasm (measured); a name without a Latin letter gets the fallback and may be renamed.
const LATIN: &[(&str, &str)] = &[
    ("a", "àáâãāăąǎÀÁÂÃĀĂĄǍ"),
    ("ae", "æäÆÄ"),
    ("c", "çćĉċčÇĆĈĊČ"),
    ("d", "ďđðĎĐÐ"),
    ("e", "èéêëēĕėęěÈÉÊËĒĔĖĘĚ"),
    ("g", "ĝğġģĜĞĠĢ"),
    ("h", "ĥħĤĦ"),
    ("i", "ìíîïĩīĭįıİÌÍÎÏĨĪĬĮ"),
    ("j", "ĵĴ"),
    ("k", "ķĸĶ"),
    ("l", "ĺļľŀłĹĻĽĿŁ"),
    ("n", "ñńņňŋÑŃŅŇŊ"),
    ("o", "òóôõöøōŏőÒÓÔÕÖØŌŎŐ"),
    ("oe", "œŒ"),
    ("r", "ŕŗřŔŖŘ"),
    ("s", "śŝşšșŚŜŞŠȘ"),
    ("ss", "ßẞ"),
    ("t", "ţťŧțŢŤŦȚ"),
    ("th", "þÞ"),
    ("u", "ùúûüũūŭůűųÙÚÛÜŨŪŬŮŰŲ"),
    ("w", "ŵŴ"),
    ("y", "ýÿŷÝŸŶ"),
    ("z", "źżžŹŻŽ"),
];

fn fold_char(char: char) -> Folded {
    match char {
        'a'..='z' | '0'..='9' => Folded::Letter(char),
        'A'..='Z' => Folded::Letter(char.to_ascii_lowercase()),
        '\'' | '’' | '\u{300}'..='\u{36f}' => Folded::Drop,
        _ => fold_latin(char),
    }
}

fn fold_latin(char: char) -> Folded {
    let hit = LATIN.iter().find(|(_, letters)| letters.chars().any(|letter| letter == char));
    hit.map_or(Folded::Dash, |(text, _)| Folded::Text(text))
}

impl fmt::Display for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> String {
        slug.0
    }
}

/// For slugs that come from outside; a stored slug may be older than the reserved list.
impl TryFrom<String> for Slug {
    type Error = Denial;
    fn try_from(text: String) -> Result<Self, Denial> {
        Slug::parse_held(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_a_dns_label() {
        let longest = "a".repeat(63);
        for text in ["ab", "a-b", "2tone", "a--b-c", &longest] {
            assert!(Slug::parse(text).is_ok() == (text != "xn--a"), "{text}");
        }
        let long = "a".repeat(64);
        for text in ["", "a", "-ab", "ab-", "Ab", "a_b", "a.b", "ab\n", "xn--a", "ä", &long] {
            assert_eq!(Slug::parse(text).unwrap_err().reason, Reason::SlugInvalid, "{text:?}");
        }
    }

    #[test]
    fn suggestions_are_slugs() {
        for (name, slug) in [
            ("Foo Fighters", "foo-fighters"),
            ("  Hello__World -- X  ", "hello-world-x"),
            ("日本", "organization"),
            ("!!!", "organization"),
            ("Q", "q-org"),
            ("Admin", "admin-org"),
            ("Motörhead", "motorhead"),
            ("L'Œuvre", "loeuvre"),
            ("ab  cd", "ab-cd"),
        ] {
            assert_eq!(Slug::suggest(name).as_str(), slug, "{name}");
        }
        assert_eq!(Slug::suggest(&"x".repeat(200)).with_suffix("12").as_str().len(), 62);
    }
}
