//! Characters that no reader sees: where they belong to the spelling, and where they make one text look like another.
//!
//! Owns that rule. Persian is spelled with U+200C and Sinhala with U+200D; emoji are joined by U+200D. Never trims and
//! never counts: `text` does. Tables of Unicode are written by `scripts/unicode-tables.mjs`.

mod tables;

use tables::{JOINING, PICTOGRAPHS, TRANSPARENT, VIRAMAS};

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';
/// A chillu of Malayalam as it was spelled before Unicode 5.1 ends in a virama and a joiner.
const MALAYALAM_VIRAMA: char = '\u{d4d}';
const FLAG: char = '\u{1f3f4}';
/// The flags of England, Scotland and Wales, all that UTS #51 knows in tags: behind a black flag the tags of a region
/// and the end. Lists of characters, because a search for a text in a text weighs 4 kB in a browser's core.
const REGIONS: [[char; 6]; 3] = [
    ['\u{e0067}', '\u{e0062}', '\u{e0065}', '\u{e006e}', '\u{e0067}', '\u{e007f}'],
    ['\u{e0067}', '\u{e0062}', '\u{e0073}', '\u{e0063}', '\u{e0074}', '\u{e007f}'],
    ['\u{e0067}', '\u{e0062}', '\u{e0077}', '\u{e006c}', '\u{e0073}', '\u{e007f}'],
];

/// Whether each invisible character of a text belongs to its spelling: a joiner between letters of a script that joins
/// (RFC 5892 A.1) or after a virama (A.2), what emoji are made of (UTS #51), a variant of a Han or Mongolian letter.
/// Rule: refused at the ends of a text, twice in a row, and inside words of all other scripts.
///
/// ```
/// use guildhall::domain::spelling::is_spelled;
/// assert!(is_spelled("می\u{200c}خواهم") && is_spelled("👩\u{200d}🚀"));
/// assert!(!is_spelled("Nir\u{200c}vana"));
/// ```
pub fn is_spelled(text: &str) -> bool {
    let chars = without_regions(&text.chars().collect::<Vec<_>>());
    chars.iter().enumerate().all(|(place, char)| {
        let (before, after) = chars.split_at_checked(place).unwrap_or_default();
        let after = after.get(1..).unwrap_or_default();
        match *char {
            NON_JOINER => joins_letters(before, after),
            JOINER => joins_letters(before, after) || joins_emoji(before, after),
            '\u{fe0e}' | '\u{fe0f}' => styles_emoji(before, after),
            '\u{e0100}'..='\u{e01ef}' => before.last().copied().is_some_and(is_han),
            '\u{180b}'..='\u{180d}' | '\u{180f}' => before.last().copied().is_some_and(is_mongolian),
            other => !is_invisible(other),
        }
    })
}

/// Control, bidirectional, zero-width, separator, tag and variation characters, joiners among them.
pub fn is_invisible(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{2800}' | '\u{fe00}'..='\u{fe0f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether the sign binds a consonant to the next.
pub fn is_virama(char: char) -> bool {
    is_in(VIRAMAS, char)
}

fn joins_letters(before: &[char], after: &[char]) -> bool {
    let Some(last) = before.last().copied() else { return false };
    let next = after.first().copied();
    let seen = next.is_some_and(|next| !is_invisible(next) && !next.is_whitespace());
    if is_virama(last) {
        return seen || (next.is_none_or(char::is_whitespace) && last == MALAYALAM_VIRAMA);
    }
    let letter = |char: &&char| !is_in(TRANSPARENT, **char);
    let joining = |char: Option<&char>| char.is_some_and(|char| is_in(JOINING, *char));
    joining(before.iter().rev().find(letter)) && joining(after.iter().find(letter))
}

/// Each side is a pictograph; the one before may have its style or the colour of its skin.
fn joins_emoji(before: &[char], after: &[char]) -> bool {
    let mut rest = before.iter().rev().copied().skip_while(|char| *char == '\u{fe0f}');
    rest.next().is_some_and(is_pictograph) && after.first().copied().is_some_and(is_pictograph)
}

/// After a pictograph, or inside a keycap: `1`, the style, U+20E3.
fn styles_emoji(before: &[char], after: &[char]) -> bool {
    let key = |char: char| char.is_ascii_digit() || char == '#' || char == '*';
    match before.last().copied() {
        Some(base) if key(base) => after.first() == Some(&'\u{20e3}'),
        base => base.is_some_and(is_pictograph),
    }
}

/// The text with a black flag in place of each flag of a region.
fn without_regions(mut rest: &[char]) -> Vec<char> {
    let mut kept = Vec::with_capacity(rest.len());
    while let Some((first, behind)) = rest.split_first() {
        let region = REGIONS.iter().find(|region| *first == FLAG && behind.starts_with(*region));
        kept.push(*first);
        rest = region.and_then(|region| behind.get(region.len()..)).unwrap_or(behind);
    }
    kept
}

fn is_pictograph(char: char) -> bool {
    is_in(PICTOGRAPHS, char)
}

fn is_han(char: char) -> bool {
    matches!(char, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_mongolian(char: char) -> bool {
    matches!(char, '\u{1807}' | '\u{1820}'..='\u{1878}' | '\u{1880}'..='\u{18aa}')
}

/// Whether a character is in one of the runs. They are lengths in LEB128, by turns of what is not in a run and of what
/// is, from U+0000 on: pairs of characters weigh four times as much in a browser's core.
fn is_in(runs: &[u8], char: char) -> bool {
    let (mut left, mut inside) = (u32::from(char), false);
    let (mut length, mut shift) = (0_u32, 0_u32);
    for byte in runs {
        length |= u32::from(byte & 0x7f).wrapping_shl(shift);
        shift = shift.saturating_add(7);
        if byte & 0x80 == 0 {
            let Some(rest) = left.checked_sub(length) else { return inside };
            (left, inside, length, shift) = (rest, !inside, 0, 0);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_the_spelling_is_accepted() {
        for text in [
            "می\u{200c}خواهم",
            "نرم\u{200c}افزار\u{200c}ها",
            "خانه\u{64e}\u{200c}ام",
            "ශ්\u{200d}රී ලංකා",
            "ක්\u{200d}ෂ",
            "क्\u{200c}ष",
            "र\u{94d}\u{200d}य",
            "മോഹന\u{d4d}\u{200d}",
            "অ\u{9cd}\u{200c}ড",
            "👩\u{200d}🚀 Apollo",
            "👩🏽\u{200d}🚀",
            "❤\u{fe0f}\u{200d}🔥",
            "🏳\u{fe0f}\u{200d}🌈",
            "👨\u{200d}👩\u{200d}👧\u{200d}👦",
            "1\u{fe0f}\u{20e3} Team",
            "☎\u{fe0e}",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "🏴\u{200d}☠\u{fe0f}",
            "🇩🇪",
            "葛\u{e0100}城市",
            "ᠰ\u{180b}",
            "日本",
        ] {
            assert!(is_spelled(text), "{text:?}");
        }
    }

    #[test]
    fn what_makes_one_text_look_like_another_is_refused() {
        for text in [
            "Nir\u{200c}vana",
            "Nir\u{200d}vana",
            "\u{200c}می",
            "می\u{200c}",
            "می\u{200c} خواهم",
            "می\u{200c}\u{200c}خواهم",
            "می\u{200c}\u{200d}خواهم",
            "ක්\u{200d}",
            "ක්\u{200d}\u{200d}ෂ",
            "ک\u{200c}a",
            "日\u{200d}本",
            "👩\u{200d}",
            "👩\u{200d}a",
            "a\u{200d}🚀",
            "👩\u{200d}\u{200d}🚀",
            "a\u{fe0f}",
            "1\u{fe0f}",
            "❤\u{fe0f}\u{fe0f}",
            "\u{1f3f4}\u{e0067}\u{e007f}",
            "a\u{e0067}",
            "a\u{e0100}",
            "a\u{180b}",
            "a\u{200b}b",
            "a\u{202e}b",
            "a\u{ad}b",
        ] {
            assert!(!is_spelled(text), "{text:?}");
        }
    }

    #[test]
    fn tables_hold_whole_runs_and_nothing_beyond() {
        for (runs, first, last, count) in [
            (JOINING, '\u{620}', '\u{1e943}', 773),
            (TRANSPARENT, '\u{610}', '\u{1e94b}', 197),
            (VIRAMAS, '\u{94d}', '\u{1612f}', 69),
            (PICTOGRAPHS, '\u{a9}', '\u{1fffd}', 2853),
        ] {
            let all: Vec<char> = ('\0'..=char::MAX).filter(|char| is_in(runs, *char)).collect();
            assert_eq!((all.first(), all.last(), all.len()), (Some(&first), Some(&last), count));
        }
    }
}
