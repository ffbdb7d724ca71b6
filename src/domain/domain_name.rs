//! Names of domains, in the one form in which they are compared.
//!
//! Owns what a name is. A name in another script is kept in its `xn--` form (`host_name`), so that what
//! is claimed is, letter for letter, what is looked up. Never says whether somebody may claim it:
//! whole registries and mail providers are on a list that `app::domains` keeps.

use super::denial::{Denial, Reason};
use super::host_name::{is_number, to_ascii};
use super::text_value::text_value;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A DNS name of two or more labels, in lower case, without a trailing dot.
///
/// ```
/// use guildhall::domain::domain_name::DomainName;
/// assert_eq!(DomainName::parse(" Nirvana.COM. ").unwrap().as_str(), "nirvana.com");
/// assert_eq!(DomainName::parse("bücher.example").unwrap().as_str(), "xn--bcher-kva.example");
/// assert!(DomainName::parse("localhost").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct DomainName(String);

/// Tops below which a name means something else in every network, or nothing (RFC 6761, 6762, 7686,
/// 8375, 9476; `internal` by ICANN). `example` and `test` stay: they lead nowhere, and tests want names.
const NOBODYS: &[&str] = &["alt", "arpa", "internal", "invalid", "local", "localhost", "onion"];

impl DomainName {
    /// The longest name, in bytes (RFC 1035 §2.3.4, without the root's dot).
    pub const MAX_BYTES: usize = 253;

    /// Checks a name from outside.
    ///
    /// # Errors
    /// `domain_invalid`, saying which rule is broken.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let unmapped = || Denial::because(Reason::DomainInvalid, "the name has no form in ASCII letters (UTS #46)");
        let mapped = to_ascii(text.trim()).ok_or_else(unmapped)?;
        let name = mapped.strip_suffix('.').map(str::to_owned).unwrap_or(mapped);
        match fault(&name) {
            None => Ok(DomainName(name)),
            Some(rule) => Err(Denial::because(Reason::DomainInvalid, rule)),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name without its first label; `None` when that is a single label.
    pub fn parent(&self) -> Option<&str> {
        self.0.split_once('.').map(|(_, parent)| parent).filter(|parent| parent.contains(['.']))
    }

    /// Whether it is `other` or a name below it.
    pub fn is_within(&self, other: &str) -> bool {
        self.0.strip_suffix(other).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

text_value!(DomainName 0);

/// What is wrong with a name in lower case.
fn fault(name: &str) -> Option<&'static str> {
    let top = name.rsplit('.').next().unwrap_or_default();
    let rules = [
        (name.len() > DomainName::MAX_BYTES, "a name has at most 253 characters"),
        (!name.contains(['.']), "a name like `example.com` is expected"),
        (!name.split('.').all(is_label), "each label has 1 to 63 letters, digits and inner dashes"),
        (!top.bytes().any(|byte| byte.is_ascii_alphabetic()) || is_number(top), "an address of a machine is no name"),
        (NOBODYS.contains(&top), "names below this top belong to nobody"),
    ];
    rules.into_iter().find(|(broken, _)| *broken).map(|(_, rule)| rule)
}

/// Letters, digits and inner dashes; dashes third and fourth mean an encoding, of which `xn--` is known.
fn is_label(label: &str) -> bool {
    let reserved = label.get(2..4) == Some("--") && !label.starts_with("xn--");
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && !reserved
        && label.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_form() {
        for text in ["nirvana.com", "NIRVANA.com", "nirvana.com.", "\tnirvana.com "] {
            assert_eq!(DomainName::parse(text).unwrap().as_str(), "nirvana.com", "{text}");
        }
        assert_eq!(DomainName::parse("a.b.co.uk").unwrap().parent(), Some("b.co.uk"));
        assert_eq!(DomainName::parse("nirvana.com").unwrap().parent(), None);
        assert_eq!(DomainName::parse("BÜCHER。example."), DomainName::parse("xn--bcher-kva.example"));
    }

    #[test]
    fn what_is_no_name_of_anybodys_is_refused() {
        let (long_label, long) = (format!("{}.com", "x".repeat(64)), format!("{}com", "abcdefg.".repeat(32)));
        for text in [
            "",
            ".",
            "com",
            "localhost",
            "a.localhost",
            "printer.local",
            "db.internal",
            "x.onion",
            "1.in-addr.arpa",
            "127.0.0.1",
            "1.2.3",
            "[::1]",
            "::1",
            "a..com",
            ".a.com",
            "a.com..",
            "-a.com",
            "a-.com",
            "a_b.com",
            "_dmarc.a.com",
            "*.a.com",
            "ab--c.com",
            "bü cher.example",
            "bücher.example/x",
            "nirvana.com/x",
            "https://nirvana.com",
            "nirvana.com:443",
            "kurt@nirvana.com",
            "a b.com",
            "a.com\0",
            &long_label,
            &long,
        ] {
            let refused = DomainName::parse(text).map_err(|denial| denial.reason);
            assert_eq!(refused, Err(Reason::DomainInvalid), "{text:?}");
        }
    }

    #[test]
    fn within_is_by_whole_labels() {
        let name = DomainName::parse("a.nirvana.com").unwrap();
        assert!(name.is_within("nirvana.com") && name.is_within("a.nirvana.com"));
        assert!(!name.is_within("vana.com") && !name.is_within("b.a.nirvana.com"));
    }
}
