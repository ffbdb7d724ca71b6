//! What an operator chose about resolution.

use crate::domain::command::OrganizationRef;
use crate::domain::denial::{Denial, Reason, echo};

/// The operator's choices: how hosts and paths are read, and what stands in for an organization.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResolutionSettings {
    /// The domain whose first label names an organization, if hosts do; lower case.
    pub base_domain: Option<String>,
    /// The installation's own host, which names none.
    pub own_host: Option<String>,
    /// Paths that have no organization.
    pub skip_paths: SkipPaths,
    /// What callers who are nobody in particular are shown.
    pub fallback: Option<OrganizationRef>,
    /// What people without any organization become members of.
    pub auto_join: Option<OrganizationRef>,
}

/// Paths that have no organization: static files, health checks, the sign-in page.
///
/// ```
/// use guildhall::domain::resolve::SkipPaths;
/// let skip = SkipPaths::parse("/assets/* /login").unwrap();
/// assert!(skip.contains("/assets/logo.svg") && skip.contains("/login"));
/// assert!(!skip.contains("/login/now") && !skip.contains("/assets/../admin"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SkipPaths(Vec<String>);

/// What Guildhall itself answers to is always resolved.
const OWN: [&str; 3] = ["/v1", "/o", "/dev"];

impl SkipPaths {
    /// Reads paths that are separated by white space or commas; a `*` at the end stands for all below.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let words = text.split(|char: char| char.is_whitespace() || char == ',');
        let paths = words.filter(|path| !path.is_empty()).map(str::to_owned);
        let paths: Vec<String> = paths.collect();
        match paths.iter().find(|path| !is_pattern(path)) {
            None => Ok(SkipPaths(paths)),
            Some(path) => Err(Denial::because(Reason::InvalidValue, format!("`{}` cannot be skipped", echo(path)))),
        }
    }

    /// Whether a raw path is one of them. Rule: what could be read in two ways is none of them, for
    /// whoever serves the path may read it the other way.
    pub fn contains(&self, path: &str) -> bool {
        let plain = is_plain(path) && !path.contains(['%', '\\']);
        plain && self.0.iter().any(|pattern| covers(pattern, path))
    }
}

fn covers(pattern: &str, path: &str) -> bool {
    pattern.strip_suffix('*').map_or(path == pattern, |prefix| path.starts_with(prefix))
}

/// Whether no segment is left out or leads elsewhere. The last one may be empty.
fn is_plain(path: &str) -> bool {
    let doubled = path.as_bytes().windows(2).any(|pair| pair == b"//");
    !doubled && !path.split('/').any(|segment| matches!(segment, "." | ".."))
}

fn is_pattern(text: &str) -> bool {
    let path = text.strip_suffix("/*").unwrap_or(text);
    let visible = path.bytes().all(|byte| byte.is_ascii_graphic() && !b"*%\\?#".contains(&byte));
    let own = OWN.iter().any(|own| path == *own || path.strip_prefix(own).is_some_and(|rest| rest.starts_with('/')));
    path.starts_with('/') && text != "/*" && visible && is_plain(path) && !own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_skipped_is_refused() {
        for text in
            ["assets", "/*", "*", "/a*b", "/v1", "/v1/me", "/o/*", "/dev/outbox", "//x", "/a/../b", "/%41", "/a?b"]
        {
            assert!(SkipPaths::parse(text).is_err(), "{text}");
        }
        assert_eq!(SkipPaths::parse(" , "), Ok(SkipPaths::default()));
        assert!(SkipPaths::parse("/v10,/other\r\n\t/").is_ok());
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_not_skipped() {
        let skip = SkipPaths::parse("/assets/*").unwrap();
        for path in ["/assets", "/assets/%2e%2e/admin", "/assets//x", "/assets/./x", "/assets/..\\x", "/Assets/x"] {
            assert!(!skip.contains(path), "{path}");
        }
        assert!(skip.contains("/assets/") && skip.contains("/assets/a/b.css"));
    }
}
