//! The way back: where a page wants to go on after a step in between.
//!
//! Owns what may stand in a `next`. It is a path of the same site and of nothing else, whoever reads
//! it afterwards and however they read it: browsers drop tabs and line breaks, take `\` for `/`, and
//! take a path that begins with `//` for another host.

use super::denial::{Denial, Reason};
use super::text_value::text_value;
use serde::{Deserialize, Serialize};

/// A path, with query and fragment, that leads to the same origin.
///
/// ```
/// use guildhall::domain::next_path::NextPath;
/// assert_eq!(NextPath::parse("/songs?page=2#top").unwrap().as_str(), "/songs?page=2#top");
/// for elsewhere in ["//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example", "/.//evil.example"] {
///     assert!(NextPath::parse(elsewhere).is_err());
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct NextPath(String);

impl NextPath {
    /// The longest way back, in bytes.
    pub const MAX_BYTES: usize = 2048;

    /// Checks a way back. Rule: visible ASCII; one leading `/`; no `\` anywhere; in the path neither
    /// `//` nor a dot segment, for what removes those might leave `//` at the front.
    ///
    /// # Errors
    /// `next_invalid`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let plain = path.starts_with('/') && !path.contains("//") && !path.split('/').any(is_dot_segment);
        if text.len() <= Self::MAX_BYTES && visible && plain {
            return Ok(NextPath(text.to_owned()));
        }
        Err(Denial::because(Reason::NextInvalid, "a path of this site is expected, like `/songs?page=2`"))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `.` and `..`, also as the URL standard spells them otherwise.
fn is_dot_segment(segment: &str) -> bool {
    matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

text_value! { NextPath 0 }
