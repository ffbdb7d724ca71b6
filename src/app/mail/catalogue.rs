//! What mails say, in each language.
//!
//! Owns the choice of the language, the form of a date and the filling of the gaps. A language is a text
//! file: a line for each thing to say, `key: part | part`. A mail's parts are its subject, its first
//! sentence and the label of its button; a mail without a label leads nowhere. Never knows the subject of a
//! mail.

use crate::domain::time::Timestamp;

/// The languages, by their first subtag. English comes first: it stands in for all others.
const LANGUAGES: [(&str, &str); 7] = [
    ("en", include_str!("en.txt")),
    ("de", include_str!("de.txt")),
    ("fr", include_str!("fr.txt")),
    ("es", include_str!("es.txt")),
    ("pt", include_str!("pt.txt")),
    ("it", include_str!("it.txt")),
    ("nl", include_str!("nl.txt")),
];

/// A language, with what there is to say in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    /// Its tag.
    pub tag: &'static str,
    text: &'static str,
}

impl Language {
    /// The language of a tag such as `de-CH`, if there is one: what matters is its first subtag.
    pub fn of(tag: &str) -> Option<Language> {
        let first = tag.split('-').next().unwrap_or_default();
        let found = LANGUAGES.iter().find(|(known, _)| known.eq_ignore_ascii_case(first));
        found.map(|(tag, text)| Language { tag, text })
    }

    /// The first of the tags that there is a language for, else English.
    pub fn best<'a>(tags: impl IntoIterator<Item = &'a str>) -> Language {
        let [(tag, text), ..] = LANGUAGES;
        tags.into_iter().find_map(Language::of).unwrap_or(Language { tag, text })
    }

    /// The parts of the line of a key; a part that the line does not have is empty.
    pub fn say(self, key: &str) -> [&'static str; 3] {
        let line = self.text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
        let mut parts = line.unwrap_or_default().split(" | ");
        std::array::from_fn(|_| parts.next().unwrap_or_default())
    }

    /// A date and time in UTC, to the minute, as the language writes it.
    ///
    /// Rule: seconds are dropped, never rounded up, because a deadline in a mail must not be later than the real one.
    pub fn date(self, at: Timestamp) -> String {
        let shown = at.shown();
        let [first_of_month, other, _] = self.say("date");
        let [months, ..] = self.say("months");
        let place = usize::try_from(shown.month).unwrap_or_default().saturating_sub(1);
        let month = months.split(", ").nth(place).unwrap_or_default();
        let (day, year) = (shown.day.to_string(), shown.year.to_string());
        let (hour, minute) = (format!("{:02}", shown.hour), format!("{:02}", shown.minute));
        let values = [("day", &*day), ("month", month), ("year", &*year), ("hour", &*hour), ("minute", &*minute)];
        fill(if shown.day == 1 { first_of_month } else { other }, &values)
    }
}

/// A sentence with its gaps filled, each value as it is: what stands in it fills no other gap.
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut parts = sentence.split('{');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        let value = values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        filled.push_str(value);
        filled.push_str(rest);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table::Set;

    fn lines(language: Language) -> Vec<(&'static str, Vec<&'static str>)> {
        let line = |line: &'static str| line.split_once(": ").map(|(key, parts)| (key, parts.split(" | ").collect()));
        language.text.lines().map(|text| line(text).unwrap()).collect()
    }

    fn gaps(sentence: &str) -> Set<&str> {
        sentence.split('{').skip(1).map(|part| part.split_once('}').unwrap().0).collect()
    }

    #[test]
    fn every_language_has_every_line_with_the_same_parts_and_gaps() {
        let english = Language::best([]);
        assert_eq!(english.tag, "en");
        for (tag, _) in LANGUAGES {
            let language = Language::of(tag).unwrap();
            assert_eq!(lines(language).len(), lines(english).len(), "{tag}");
            for ((key, ours), (english_key, theirs)) in lines(language).into_iter().zip(lines(english)) {
                assert_eq!((key, ours.len()), (english_key, theirs.len()), "{tag}");
                for (ours, theirs) in ours.into_iter().zip(theirs) {
                    assert!(!ours.trim().is_empty(), "{tag} {key}");
                    assert_eq!(gaps(ours), gaps(theirs), "{tag} {key}");
                }
            }
        }
    }

    #[test]
    fn every_language_has_twelve_months_each_with_its_own_name() {
        for (tag, _) in LANGUAGES {
            let [months, ..] = Language::of(tag).unwrap().say("months");
            let names: Set<&str> = months.split(", ").collect();
            assert_eq!((months.split(", ").count(), names.len()), (12, 12), "{tag}");
        }
    }

    #[test]
    fn a_date_has_the_form_of_its_language() {
        let evening = Timestamp::parse("2026-12-07T18:40:59.999Z").unwrap();
        let first = Timestamp::parse("2027-03-01T00:05:00Z").unwrap();
        for (tag, on_a_seventh, on_a_first) in [
            ("en", "7 December 2026, 18:40 UTC", "1 March 2027, 00:05 UTC"),
            ("de", "7. Dezember 2026, 18:40 Uhr UTC", "1. März 2027, 00:05 Uhr UTC"),
            ("fr", "7 décembre 2026 à 18:40 UTC", "1er mars 2027 à 00:05 UTC"),
            ("es", "7 de diciembre de 2026, 18:40 UTC", "1 de marzo de 2027, 00:05 UTC"),
            ("pt", "7 de dezembro de 2026 às 18:40 UTC", "1 de março de 2027 às 00:05 UTC"),
            ("it", "7 dicembre 2026, ore 18:40 UTC", "1º marzo 2027, ore 00:05 UTC"),
            ("nl", "7 december 2026 om 18:40 UTC", "1 maart 2027 om 00:05 UTC"),
        ] {
            let language = Language::of(tag).unwrap();
            assert_eq!((&*language.date(evening), &*language.date(first)), (on_a_seventh, on_a_first), "{tag}");
        }
        let names = (1..=12).map(|month| Timestamp::parse(&format!("2026-{month:02}-15T12:00:00Z")).unwrap());
        let english: Vec<_> = names.map(|at| Language::best([]).date(at)).collect();
        assert_eq!((&*english[0], &*english[11]), ("15 January 2026, 12:00 UTC", "15 December 2026, 12:00 UTC"));
        assert_eq!(Language::best([]).date(Timestamp::MAX), "31 December 9999, 23:59 UTC");
    }

    #[test]
    fn the_best_match_is_the_first_known_language() {
        let best = |tags: &[&str]| Language::best(tags.iter().copied()).tag;
        assert_eq!(best(&["de-CH"]), "de");
        assert_eq!(best(&["PT-br", "de"]), "pt");
        assert_eq!(best(&["ja", "nl"]), "nl");
        assert_eq!(best(&["ja", "tlh"]), "en");
        assert_eq!(best(&["deu"]), "en");
    }
    #[test]
    fn a_value_fills_no_other_gap() {
        let values = [("actor", "{organization}"), ("organization", "Nirvana | {actor}")];
        assert_eq!(fill("{actor} at {organization}.", &values), "{organization} at Nirvana | {actor}.");
        assert_eq!(fill("{missing}!", &values), "!");
    }
}
