//! Searching members: the words by which one is found, and what a search asks for.
//!
//! Owns the folding, which both sides go through: case, accents and punctuation do not count, nor does the order of words.
//! Never walks a store: stores keep the words, and look up the beginnings of them.

mod letters;

use super::email::Email;
use super::spelling::{is_invisible, is_virama};
use super::table::Set;
use letters::LETTERS;

/// What a search asks for: members who have, for each of its words, one that begins so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    first: String,
    others: Vec<String>,
}

/// More words than this are not asked for.
const MOST: usize = 8;

impl Search {
    /// Reads what was typed; `None` for nothing but white space.
    ///
    /// ```
    /// use guildhall::domain::search::Search;
    /// assert_eq!(Search::parse("Zoë  O'Neil"), Search::parse("oneil zoe"));
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let words: Set<String> = text.split_whitespace().flat_map(asked).take(MOST).collect();
        // The longest finds the fewest.
        let first = words.iter().max_by_key(|word| word.len())?.clone();
        let others = words.into_iter().filter(|word| *word != first).collect();
        Some(Search { first, others })
    }

    /// The word that is looked up; a member stands in the list where the first word is that begins so.
    pub fn first(&self) -> &str {
        &self.first
    }

    /// The words that a member must have besides.
    pub fn others(&self) -> &[String] {
        &self.others
    }

    /// Where a member with these words stands in the list, if found.
    pub fn place(&self, words: Set<String>) -> Option<String> {
        let has = |other: &String| words.iter().any(|word| word.starts_with(other.as_str()));
        let found = self.others.iter().all(has);
        words.into_iter().find(|word| found && word.starts_with(&self.first))
    }
}

/// From a word on, and up to what is above every text that begins so: no character comes after the last one.
pub fn range(word: &str) -> [String; 2] {
    [word.to_owned(), [word, "\u{10ffff}"].concat()]
}

/// What one piece of a search stands for. Whatever holds an `@` is the beginning of an address; a piece with a digit is
/// one word, as ids are kept.
fn asked(piece: &str) -> Vec<String> {
    if piece.contains('@') {
        return vec![Email::parse(piece).map_or_else(|_| piece.to_lowercase(), |email| email.canonical().to_owned())];
    }
    let folded = Folding::default().of(piece);
    let words = if has_digit(&folded) { vec![joined(&folded)] } else { parts(&folded) };
    if words.is_empty() { vec![piece.to_lowercase()] } else { words }
}

/// The words of a name: each piece whole, in its parts, and with umlauts written out (`Müller` is `muller` and `mueller`).
pub fn words_of_name(name: &str) -> impl Iterator<Item = String> {
    let whole = Folding::default();
    let forms = [whole, Folding { apart: true, ..whole }, Folding { digraphs: true, ..whole }];
    name.split_whitespace().flat_map(move |piece| {
        let folded = forms.map(|form| form.of(piece));
        let mut words: Vec<String> =
            folded.iter().flat_map(|text| [vec![joined(text)], parts(text)].concat()).collect();
        words.retain(|word| !word.is_empty());
        if words.is_empty() || piece.contains('@') {
            words.push(piece.to_lowercase());
        }
        words
    })
}

/// The words of an id, or of an address before its `@`: whole, and in its parts if it has no digit.
pub fn words_of_id(id: &str) -> impl Iterator<Item = String> {
    id.split_whitespace().flat_map(|piece| {
        let folded = Folding::default().of(piece);
        let parts = if has_digit(&folded) { Vec::new() } else { parts(&folded) };
        let words = [vec![joined(&folded)], parts].concat();
        words.into_iter().filter(|word| !word.is_empty())
    })
}

/// The words of an address: its canonical form, how it was written in another script, and what stands before its `@`.
pub fn words_of_email(email: &Email) -> impl Iterator<Item = String> {
    let written = Some(email.as_str()).filter(|text| !text.is_ascii()).map(str::to_lowercase);
    let local = email.canonical().split('@').next().unwrap_or_default();
    [Some(email.canonical().to_owned()), written].into_iter().flatten().chain(words_of_id(local).collect::<Vec<_>>())
}

fn joined(folded: &str) -> String {
    folded.split(' ').collect()
}

fn parts(folded: &str) -> Vec<String> {
    folded.split(' ').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn has_digit(folded: &str) -> bool {
    folded.contains(char::is_numeric)
}

/// How a piece of text loses what does not count; what separates its parts becomes a space.
#[derive(Debug, Clone, Copy, Default)]
struct Folding {
    /// Whether an apostrophe separates: `O'Neil` is found as `neil`, too.
    apart: bool,
    /// Whether umlauts and the like are written with two letters.
    digraphs: bool,
}

/// Letters that German, Danish and Norwegian write with two where there is no key for them.
const DIGRAPHS: &[(char, &str)] = &[('ä', "ae"), ('ö', "oe"), ('ü', "ue"), ('å', "aa"), ('ø', "oe")];

impl Folding {
    fn of(self, piece: &str) -> String {
        let mut text = String::new();
        piece.to_lowercase().chars().for_each(|char| self.push(char, &mut text));
        text
    }

    fn push(self, char: char, text: &mut String) {
        let digraph = DIGRAPHS.iter().find(|(letter, _)| self.digraphs && *letter == char);
        match char {
            '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´' | '＇' => text.push_str(if self.apart { " " } else { "" }),
            '\u{308}' if self.digraphs && text.ends_with(['a', 'o', 'u']) => text.push('e'),
            '\u{ff01}'..='\u{ff5e}' => self.push(half_width(char), text),
            '\u{ac00}'..='\u{d7a3}' => text.extend(jamo(char)),
            _ if is_mark(char) || is_invisible(char) => {}
            _ if digraph.is_some() => text.push_str(digraph.map_or("", |(_, two)| two)),
            _ if char.is_alphanumeric() || is_virama(char) => push_letter(char, text),
            _ => text.push(' '),
        }
    }
}

fn push_letter(char: char, text: &mut String) {
    let plain = LETTERS.iter().find(|(_, letters)| !char.is_ascii() && letters.contains(char));
    match plain {
        Some((base, _)) => text.push_str(base),
        None => text.push(char),
    }
}

/// The ASCII character of a full-width one.
fn half_width(char: char) -> char {
    u32::from(char).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(' ').to_ascii_lowercase()
}

/// The letters of a syllable of Hangul (Unicode §3.12), which some systems send apart.
fn jamo(syllable: char) -> impl Iterator<Item = char> {
    let index = u32::from(syllable).saturating_sub(0xac00);
    let (lead, rest) = (index / 588, index % 588);
    let (vowel, tail) = (rest / 28, rest % 28);
    let last = (tail > 0).then_some(tail.saturating_add(0x11a7));
    let codes = [Some(lead.saturating_add(0x1100)), Some(vowel.saturating_add(0x1161)), last];
    codes.into_iter().flatten().filter_map(char::from_u32)
}

/// Marks that a search leaves out: accents, points of Hebrew, vowels of Arabic, dots of Indic consonants, voicing of
/// kana, and the line that stretches Arabic words.
fn is_mark(char: char) -> bool {
    matches!(char,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}'
        | '\u{5c4}'..='\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{6e7}'..='\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{711}'
        | '\u{730}'..='\u{74a}' | '\u{8d3}'..='\u{8ff}' | '\u{93c}' | '\u{9bc}' | '\u{a3c}' | '\u{abc}' | '\u{b3c}'
        | '\u{cbc}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{3099}'..='\u{309a}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(name: &str, text: &str) -> bool {
        Search::parse(text).unwrap().place(words_of_name(name).collect()).is_some()
    }

    #[test]
    fn punctuation_order_spacing_and_accents_do_not_count() {
        for (name, asked) in [
            ("O'Neil", "O'Neil|o’neil|ONEIL|neil|onei|o neil"),
            ("D’Angelo", "d'angelo|dangelo|angelo"),
            ("Smith-Jones", "Smith-Jones|smith jones|jones smith|smithjones|Jones|smith‐jones"),
            ("Ada King Lovelace", "ada  lovelace|lovelace ada|ada-king|LOVE ad|king,ada"),
            ("Zoë", "zoe|Zoë|ZOË|zo\u{308}e|zoe\u{308}"),
            ("Zoe\u{308}", "zoë|zoe"),
            ("Müller", "muller|Müller|mueller|MÜLLER|Mu\u{308}ller"),
            ("Mu\u{308}ller", "mueller|müller"),
            ("Łukasz Wałęsa", "lukasz|walesa|wałęsa|LUKASZ WALESA"),
            ("İbrahim Işık", "ibrahim|isik|ışık|IŞIK|İBRAHİM"),
            ("Strauß", "strauss|strauß|STRAUẞ|STRAUSS"),
            ("Nguyễn Văn Đức", "nguyen van duc|Đức|nguyễn|duc nguyen"),
            ("Søren Ærø Åse", "soren|soeren|sören|aero|ase|aase|ÆRØ"),
            ("Γιώργος Παπαδόπουλος", "γιωργος|ΓΙΏΡΓΟΣ|παπαδοπουλος γιώργοσ"),
            ("Фёдор Андрей", "федор|ФЁДОР|андреи\u{306}|Андрей"),
            ("محمّد", "محمد"),
            ("أحمد", "احمد"),
            ("علی", "علي"),
            ("می\u{200c}خواهم", "میخواهم"),
            ("שָׁלוֹם", "שלום"),
            ("ガク", "カク|カ\u{3099}ク"),
            ("김철수", "\u{1100}\u{1175}\u{11b7}|김"),
            ("Ａｄａ", "ada"),
            ("R2-D2", "r2-d2|r2d2|D2"),
            ("🎸", "🎸"),
            ("Pat@Work", "pat@work|work"),
        ] {
            for text in asked.split('|') {
                assert!(finds(name, text), "{name} by {text}");
            }
        }
    }

    #[test]
    fn other_letters_find_nobody() {
        for (name, asked) in [
            ("O'Neil", "onail|eil"),
            ("Smith-Jones", "smith-james|ones"),
            ("Müller", "miller|mueler"),
            ("Łukasz", "ukasz"),
            ("Ada Lovelace", "ada grace|love lace x"),
            ("日本", "本"),
        ] {
            for text in asked.split('|') {
                assert!(!finds(name, text), "{name} by {text}");
            }
        }
        assert!(Search::parse(" \t").is_none());
    }

    #[test]
    fn ids_and_addresses_are_found_by_their_beginning() {
        let email = Email::parse("Dave.Grohl@MÜNCHEN.example").unwrap();
        let ids = ["mary-jane", "auth0|5f7c-81", "550e8400-e29b-41d4"].map(words_of_id);
        let words: Set<String> = words_of_email(&email).chain(ids.into_iter().flatten()).collect();
        for text in [
            "dave.grohl@münchen.example",
            "dave.grohl@mün",
            "dave.grohl@xn--mn",
            "dave.grohl",
            "grohl",
            "mary-jane",
            "auth0|5f7c",
            "550E8400-e29b",
        ] {
            assert!(Search::parse(text).unwrap().place(words.clone()).is_some(), "{text}");
        }
        assert!(Search::parse("dave@münchen.example").unwrap().place(words).is_none());
    }
}
