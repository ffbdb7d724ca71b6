//! JSON, read where it stands.
//!
//! Owns the strict grammar (RFC 8259) over a text that is already in memory: nothing is copied, no
//! number is converted before somebody asks, names that stand twice can be refused. Why not
//! `serde_json` everywhere: its values, maps and floats weigh 30 kB (gz) in a browser's core that
//! reads a dozen fields. Never writes.

mod grammar;
mod text;
mod value;

use grammar::Cursor;
pub use text::Text;
pub use value::{Unreadable, value, value_of};

/// One value, known to be well-formed.
///
/// ```
/// use guildhall::domain::json::Json;
/// let json = Json::parse(r#" {"name": "Kurt", "seats": [1, 2]} "#).unwrap();
/// let (name, value) = json.members().unwrap().next().unwrap();
/// assert!(name.is("name") && value.text().unwrap().is("Kurt"));
/// assert!(Json::parse("{\"half\": \"\\ud800\"}").is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// The most levels of lists and objects within each other.
    pub const MAX_DEPTH: u8 = 127;

    /// Checks a whole text; `None` for anything but one value, and for what is too deep.
    pub fn parse(text: &'a str) -> Option<Self> {
        Self::within(text, Self::MAX_DEPTH)
    }

    /// The same for a text that may have fewer levels.
    pub fn within(text: &'a str, depth: u8) -> Option<Self> {
        let (value, rest) = first(text, depth)?;
        rest.is_empty().then_some(value)
    }

    /// The value as it is written.
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Whether it is null.
    pub fn is_null(self) -> bool {
        self.0 == "null"
    }

    /// A boolean.
    pub fn boolean(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// A whole number of at least zero, written without point or exponent.
    pub fn whole(self) -> Option<u64> {
        let digits = self.0.bytes().all(|byte| byte.is_ascii_digit());
        if digits { self.0.parse().ok() } else { None }
    }

    /// The whole part of a number of at least zero, and whether there is more behind the point.
    /// An exponent is not read: no whole number that fits is written with one.
    pub fn whole_part(self) -> Option<(u64, bool)> {
        let (whole, fraction) = self.0.split_once('.').unwrap_or((self.0, ""));
        let digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
        let more = fraction.bytes().any(|byte| byte != b'0');
        if digits { Json(whole).whole().map(|whole| (whole, more)) } else { None }
    }

    /// A text.
    pub fn text(self) -> Option<Text<'a>> {
        Text::quoted(self.0)
    }

    /// The members of an object, in the order in which they are written.
    pub fn members(self) -> Option<Members<'a>> {
        self.0.strip_prefix('{').map(|rest| Members { rest })
    }

    /// The items of a list.
    pub fn items(self) -> Option<Items<'a>> {
        self.0.strip_prefix('[').map(|rest| Items { rest })
    }

    /// What an object has under a name that is written without escapes; the first, if there are several.
    pub fn get(self, name: &str) -> Option<Json<'a>> {
        self.members()?.find(|(known, _)| known.plain() == Some(name)).map(|(_, value)| value)
    }

    /// The most names of an object that is asked whether each stands once: far more than any token has. Comparing
    /// all with all costs as little as reading them, then.
    pub const MOST_NAMES: usize = 64;

    /// Whether every object in it has each name once, and written without escapes; and no more than
    /// [`Json::MOST_NAMES`].
    pub fn has_plain_names(self) -> bool {
        if let Some(mut items) = self.items() {
            return items.all(Json::has_plain_names);
        }
        let mut names = [""; Self::MOST_NAMES];
        for (place, (name, value)) in self.members().into_iter().flatten().enumerate() {
            let again = names.iter().take(place).any(|known| *known == name.raw());
            let Some(free) = names.get_mut(place).filter(|_| !again) else { return false };
            *free = name.raw();
            if name.plain().is_none() || !value.has_plain_names() {
                return false;
            }
        }
        true
    }
}

/// The value that a text begins with, and what stands behind it and the white space there.
fn first(text: &str, depth: u8) -> Option<(Json<'_>, &str)> {
    cut(text, |cursor| cursor.value(depth))
}

/// The same for whatever walks over a value.
fn cut(text: &str, walk: impl Fn(&mut Cursor<'_>) -> Option<()>) -> Option<(Json<'_>, &str)> {
    let mut cursor = Cursor::of(text);
    cursor.space();
    let start = cursor.rest_of(text)?;
    walk(&mut cursor)?;
    let value = start.get(..start.len().wrapping_sub(cursor.left()))?;
    cursor.space();
    Some((Json(value), cursor.rest_of(text)?))
}

/// Takes the next value of a list or object off its rest, and the comma behind it.
fn take<'a>(rest: &mut &'a str) -> Option<Json<'a>> {
    let (value, behind) = cut(rest, |cursor| cursor.pass_over())?;
    *rest = behind.strip_prefix([',', ':']).unwrap_or(behind);
    Some(value)
}

/// See [`Json::members`].
#[derive(Debug, Clone)]
pub struct Members<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Text<'a>, Json<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let name = take(&mut self.rest)?.text()?;
        Some((name, take(&mut self.rest)?))
    }
}

/// See [`Json::items`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Items<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Items<'a> {
    type Item = Json<'a>;

    fn next(&mut self) -> Option<Json<'a>> {
        take(&mut self.rest)
    }
}

#[cfg(test)]
mod tests;
