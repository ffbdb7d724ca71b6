//! Names of hosts in every script, mapped to the ASCII form in which they are compared (UTS #46).
//!
//! Owns when the mapping is asked, what may be handed to it, and what it may answer. Never maps by itself: the
//! tables weigh 53 kB in wasm and every runtime has them, behind `URL`. Never says whether a name is a domain:
//! the callers check the ASCII form, because whatever is compared must be what was checked.

use super::spelling::is_invisible;
use std::sync::OnceLock;

/// Maps a name by UTS #46 as the URL standard does (non-transitional); `None` for a name that has no ASCII form.
/// It never sees `ẞ`, which older runtimes (Node 20) map to `ss` and newer ones, as `ß` itself, to `ß` (Unicode 15.1).
pub type Mapping = fn(&str) -> Option<String>;

static INSTALLED: OnceLock<Mapping> = OnceLock::new();

/// Installs the runtime's mapping. The first one stays: two forms of one name in one process would be two people.
pub fn install(mapping: Mapping) {
    INSTALLED.get_or_init(|| mapping);
}

/// The longest name that is mapped, in characters: no longer one has an ASCII form of 253.
const MAX_CHARS: usize = 253;

/// The form of a name that comparisons use: lower case, each label of another script in its `xn--` form.
///
/// Rule: letters of different scripts that look alike stay different names; none is folded into another. A name in
/// ASCII letters is its own form, an `xn--` label included: runtimes differ in which of those they decode. Without an
/// installed mapping a name in another script has no form.
///
/// ```
/// use guildhall::domain::host_name::to_ascii;
/// assert_eq!(to_ascii("MÜNCHEN.example").as_deref(), Some("xn--mnchen-3ya.example"));
/// assert_eq!(to_ascii("Acme.EXAMPLE").as_deref(), Some("acme.example"));
/// ```
pub fn to_ascii(name: &str) -> Option<String> {
    if name.is_ascii() {
        return Some(name.to_ascii_lowercase());
    }
    let plain = name.chars().count() <= MAX_CHARS && name.chars().all(may_be_mapped) && has_one_direction(name);
    let map = mapping().filter(|_| plain)?;
    map(&name.replace('ẞ', "ß")).filter(|mapped| is_mapped(mapped))
}

/// What separates labels (UTS #46 §2.3): the full stop, the ideographic one, the full-width and the half-width one.
pub const DOTS: [char; 4] = ['.', '\u{3002}', '\u{ff0e}', '\u{ff61}'];

/// Rule (RFC 5893 §2, the part that readers see): beside a label that is written from right to left every label begins
/// with a letter, and such a label has letters of that direction only. Node 20's `URL` does not look at directions.
fn has_one_direction(name: &str) -> bool {
    let from_right = |char: char| {
        let blocks = ['\u{590}'..='\u{8ff}', '\u{fb1d}'..='\u{fdff}', '\u{fe70}'..='\u{fefe}'];
        let planes = ['\u{10800}'..='\u{10fff}', '\u{1e800}'..='\u{1efff}'];
        blocks.iter().chain(&planes).any(|range| range.contains(&char))
    };
    let mixed =
        |label: &str| label.chars().any(from_right) && label.chars().any(|c| c.is_alphabetic() && !from_right(c));
    let begins = |label: &str| label.chars().next().is_none_or(char::is_alphabetic);
    !name.chars().any(from_right) || name.split(DOTS).all(|label| begins(label) && !mixed(label))
}

/// Whether a last label makes its name the address of a machine to readers of URLs: decimal, or hexadecimal as `0x7f`.
pub fn is_number(label: &str) -> bool {
    let hex = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    let is_hex = hex.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    is_hex || (!label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Rule: what an address bar reads as more than a name never gets there: `%` is decoded, `\t` dropped, `/`, `@` and
/// `:` end a name. Characters that no reader sees are refused, although the mapping drops them; joiners are left to it.
fn may_be_mapped(char: char) -> bool {
    if char.is_ascii() {
        return char.is_ascii_alphanumeric() || char == '-' || char == '.';
    }
    matches!(char, '\u{200c}' | '\u{200d}') || !(is_invisible(char) || char.is_whitespace())
}

/// Full-width letters become ASCII ones, and some become what a name cannot hold: `℀` is `a/c`.
fn is_mapped(name: &str) -> bool {
    let plain = name.bytes().all(|byte| byte == b'-' || byte == b'.' || byte.is_ascii_alphanumeric());
    plain && !name.rsplit('.').find(|label| !label.is_empty()).is_some_and(is_number)
}

fn mapping() -> Option<Mapping> {
    INSTALLED.get().copied().or(BUILT_IN)
}

#[cfg(not(target_family = "wasm"))]
const BUILT_IN: Option<Mapping> = Some(native);
#[cfg(target_family = "wasm")]
const BUILT_IN: Option<Mapping> = None;

/// The URL standard's own choice of flags, as `URL` makes it.
#[cfg(not(target_family = "wasm"))]
fn native(name: &str) -> Option<String> {
    let ascii = idna::domain_to_ascii_cow(name.as_bytes(), idna::AsciiDenyList::URL).ok()?;
    Some(ascii.into_owned())
}
