//! Reserved slugs: the names that no organization takes.
//!
//! Owns the built-in list, the patterns that an operator adds, and the suggestion that avoids both. Never says
//! which slug is free (facts do), and never takes a slug from an organization: one that is older than the rule
//! that reserves its slug keeps it.

use super::denial::{Denial, Reason, echo};
use super::slug::Slug;

/// The built-in list, one name a line, sorted: `docs/slugs.md` shows it.
pub const BUILT_IN: &str = include_str!("reserved.txt");

/// What a suggestion starts from when nothing else is left.
const LAST_RESORT: &str = "organization";

/// The longest pattern, in bytes: a slug has at most 63.
const LONGEST_PATTERN: usize = 63;

/// Of the built-in list, the names under which hosts are often numbered: `ns9` and `mx04` are reserved like `ns`.
const NUMBERED: [&str; 20] = [
    "api", "app", "cdn", "db", "dev", "dns", "ftp", "host", "imap", "mail", "mx", "node", "ns", "pop", "server",
    "smtp", "staging", "vpn", "web", "www",
];

/// The digits that such a number has at most.
const LONGEST_NUMBER: usize = 3;

/// Whether the built-in list has it, or has it without the number of a host.
pub fn is_built_in(text: &str) -> bool {
    let stem = text.trim_end_matches(|char: char| char.is_ascii_digit());
    let is_numbered = text.len().saturating_sub(stem.len()) <= LONGEST_NUMBER && NUMBERED.contains(&stem);
    is_numbered || BUILT_IN.lines().any(|name| name == text)
}

/// The slugs that an installation reserves: the built-in ones, those that match a pattern of the operator's, and
/// the labels of the installation's own hosts.
///
/// ```
/// use guildhall::domain::reserved::ReservedSlugs;
/// let reserved = ReservedSlugs::parse("acme-* *grafana*").unwrap().with_labels(["acme2".to_owned()]);
/// assert!(reserved.has("acme-eu") && reserved.has("my-grafana-2") && reserved.has("acme2") && reserved.has("admin"));
/// assert!(!reserved.has("acme"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReservedSlugs {
    patterns: Vec<String>,
    labels: Vec<String>,
}

impl ReservedSlugs {
    /// Reads patterns that are separated by white space or commas: slugs in which a `*` stands for any characters,
    /// also for none.
    ///
    /// # Errors
    /// `invalid_value`, naming the pattern; also for one that would reserve every slug.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let words = text.split(|char: char| char.is_whitespace() || char == ',').filter(|word| !word.is_empty());
        let patterns: Vec<String> = words.map(str::to_ascii_lowercase).collect();
        match patterns.iter().find_map(|pattern| Some((pattern, fault(pattern)?))) {
            None => Ok(ReservedSlugs { patterns, labels: Vec::new() }),
            Some((pattern, rule)) => Err(Denial::because(
                Reason::InvalidValue,
                format!("`{}` is no pattern of slugs: {rule}", echo(pattern)),
            )),
        }
    }

    /// The same and labels of hosts that are the installation's own.
    #[must_use]
    pub fn with_labels(mut self, labels: impl IntoIterator<Item = String>) -> Self {
        self.labels.extend(labels);
        self
    }

    /// Whether a slug is reserved.
    pub fn has(&self, slug: &str) -> bool {
        is_built_in(slug)
            || self.labels.iter().any(|label| label == slug)
            || self.patterns.iter().any(|pattern| covers(pattern, slug))
    }

    /// Refuses a slug that an organization wants to take.
    ///
    /// # Errors
    /// `slug_reserved`.
    pub fn require_unreserved(&self, slug: &Slug) -> Result<(), Denial> {
        if !self.has(slug.as_str()) {
            return Ok(());
        }
        Err(Denial::about(Reason::SlugReserved, "slug", format!("`{slug}` is reserved")))
    }

    /// The slug that a name asks for, or the nearest one that is not reserved: `grafana` -> `grafana-org`, and
    /// `organization` where a pattern covers that too.
    pub fn suggest(&self, name: &str) -> Slug {
        let first = Slug::suggest(name);
        let completed = || Some(first.with_suffix("org"));
        let replaced = || Slug::parse(LAST_RESORT).ok();
        [Some(first.clone()), completed(), replaced()]
            .into_iter()
            .flatten()
            .find(|slug| !self.has(slug.as_str()))
            .unwrap_or(first)
    }
}

fn fault(pattern: &str) -> Option<&'static str> {
    let known = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'*');
    let rules = [
        (!pattern.bytes().all(known), "it has `a-z`, `0-9`, `-` and `*`"),
        (pattern.len() > LONGEST_PATTERN, "it has at most 63 characters"),
        (pattern.bytes().all(|byte| byte == b'*'), "it would reserve every slug"),
    ];
    rules.into_iter().find(|(broken, _)| *broken).map(|(_, rule)| rule)
}

/// Whether a pattern covers a text: what stands between its stars is found from left to right.
fn covers(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(after) = after(rest, part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

/// What stands behind the first place of a part. Compared by bytes: a search for a text weighs 4 kB in a browser's core.
fn after<'a>(text: &'a str, part: &str) -> Option<&'a str> {
    (0..=text.len()).find_map(|place| text.get(place..)?.strip_prefix(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_list_is_sorted_slugs_without_doubles() {
        let names: Vec<&str> = BUILT_IN.lines().collect();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "sorted, each once");
        assert!(names.iter().all(|name| Slug::has_shape(name)), "each could be a slug");
    }

    #[test]
    fn documentation_shows_the_whole_list() {
        let page = include_str!("../../docs/slugs.md");
        let block = page.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
        let shown: Vec<&str> = block.split_whitespace().collect();
        assert_eq!(shown, BUILT_IN.lines().collect::<Vec<_>>());
    }

    #[test]
    fn names_of_mailboxes_and_hosts_are_reserved() {
        let mailboxes =
            "info marketing sales support abuse noc security postmaster hostmaster usenet news webmaster www uucp ftp";
        let hosts =
            "origin staging grafana mx ns1 vpn sso git gateway kibana jenkins ldap cpanel autodiscover turn ntp";
        for name in mailboxes.split(' ').chain(hosts.split(' ')) {
            assert_eq!(Slug::parse(name).unwrap_err().reason, Reason::SlugReserved, "{name}");
        }
        for name in ["ns9", "mx04", "smtp2", "cdn12", "dev1", "web007", "www4"] {
            assert_eq!(Slug::parse(name).unwrap_err().reason, Reason::SlugReserved, "{name}");
        }
        for name in ["acme", "nirvana", "grafana-labs", "origins", "mx5x", "web2000", "team9", "sales-team", "9ns"] {
            assert!(Slug::parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, covered, free) in [
            ("acme", vec!["acme"], vec!["acme-2", "acm", "xacme"]),
            ("acme*", vec!["acme", "acme-2", "acmes"], vec!["acm", "xacme"]),
            ("*acme", vec!["acme", "x-acme", "acme-acme"], vec!["acme-2"]),
            ("*acme*", vec!["acme", "x-acme-y"], vec!["acm-e"]),
            ("a*c*e", vec!["ace", "abcde", "acce"], vec!["ac", "ae", "aec"]),
            ("**ab**", vec!["ab", "xaby"], vec!["a-b"]),
            ("ab*ba", vec!["abba", "ab-ba"], vec!["aba"]),
        ] {
            covered.iter().for_each(|text| assert!(covers(pattern, text), "{pattern} {text}"));
            free.iter().for_each(|text| assert!(!covers(pattern, text), "{pattern} {text}"));
        }
    }

    #[test]
    fn a_wrong_pattern_is_refused_by_name() {
        for text in ["*", "ok ***", "a.b", "ok,foo?", "[ab]", "a_b", "münchen", "/x", "a|b", &"a".repeat(64)] {
            let denial = ReservedSlugs::parse(text).unwrap_err();
            let wrong = text.rsplit([' ', ',']).next().unwrap();
            assert!(denial.detail.contains(&format!("`{wrong}`")), "{text}: {}", denial.detail);
        }
        assert_eq!(ReservedSlugs::parse(" , \n\t"), Ok(ReservedSlugs::default()));
        assert!(ReservedSlugs::parse("ACME-*\r\nfoo").unwrap().has("acme-1"));
    }

    #[test]
    fn a_suggestion_avoids_what_is_reserved() {
        for (patterns, name, slug) in [
            ("", "Grafana", "grafana-org"),
            ("acme", "Acme", "acme-org"),
            ("acme*", "Acme", "organization"),
            ("acme*", "Other", "other"),
            ("o*", "Other", "other"),
        ] {
            let reserved = ReservedSlugs::parse(patterns).unwrap();
            assert_eq!(reserved.suggest(name).as_str(), slug, "{patterns} {name}");
        }
    }
}
