//! What mails say, in each language.
//!
//! Owns the choice of the language and the filling of the gaps. A language is a text file: a line for each
//! thing to say, `key: one half | the other`, a mail's halves being its subject and its text. Never knows
//! what a mail is about.

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

    /// Both halves of what is said under a key.
    pub fn say(self, key: &str) -> (&'static str, &'static str) {
        let line = self.text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
        line.and_then(|line| line.split_once(" | ")).unwrap_or_default()
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

    fn keys(text: &str) -> Vec<&str> {
        text.lines().map(|line| line.split_once(": ").unwrap().0).collect()
    }

    fn gaps(sentence: &str) -> Set<&str> {
        sentence.split('{').skip(1).map(|part| part.split_once('}').unwrap().0).collect()
    }

    #[test]
    fn every_language_says_everything_with_the_same_gaps() {
        let english = Language::best([]);
        assert_eq!(english.tag, "en");
        for (tag, text) in LANGUAGES {
            let language = Language::of(tag).unwrap();
            assert_eq!(keys(text), keys(english.text), "{tag}");
            for key in keys(text) {
                let (ours, theirs) = (language.say(key), english.say(key));
                assert!(!ours.0.is_empty() && !ours.1.is_empty() && !ours.1.contains(" | "), "{tag} {key}");
                assert_eq!(gaps(ours.0), gaps(theirs.0), "{tag} {key}");
                assert_eq!(gaps(ours.1), gaps(theirs.1), "{tag} {key}");
            }
        }
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
