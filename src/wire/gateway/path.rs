//! Whose a path is.
//!
//! Owns the list of what is never the origin's, and the rule that a path is read in one way or not at all.

use super::super::route::segments;
use crate::domain::denial::{Denial, Reason};

/// Who answers to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The API.
    Guildhall,
    /// The files of the console and the reference.
    Pages,
    /// The application behind Guildhall.
    Origin,
}

/// Whose a raw path is, with an origin or without one. What stands below `/o/{slug}` is judged without that.
pub fn whose(path: &str, has_origin: bool) -> Whose {
    let decoded = segments(path).unwrap_or_default();
    let parts: Vec<&str> = decoded.iter().map(String::as_str).collect();
    let rest = if let ["o", _, rest @ ..] = parts.as_slice() { rest } else { parts.as_slice() };
    match rest {
        ["v1" | "dev", ..] | ["healthz" | "readyz" | "openapi.json"] | [".well-known", "jwks.json"] => Whose::Guildhall,
        ["docs", ..] if rest.len() == parts.len() => Whose::Pages,
        _ if has_origin => Whose::Origin,
        _ => Whose::Pages,
    }
}

/// Refuses a path that the origin might read otherwise than it was read here: what was resolved would then
/// not be what is served.
///
/// # Errors
/// `malformed_request`.
pub fn require_plain(path: &str) -> Result<(), Denial> {
    let dotted = |segment: &String| segment.split(['/', '\\']).any(|part| matches!(part, "." | ".."));
    let plain = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && segments(path).is_some_and(|segments| !segments.iter().any(dotted));
    if plain {
        return Ok(());
    }
    Err(Denial::because(Reason::MalformedRequest, "the path can be read in more than one way"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guildhalls_is_never_the_origins() {
        for path in [
            "/v1",
            "/v1/",
            "/v1/nothing",
            "/%761/me",
            "/dev/session",
            "/healthz",
            "/readyz",
            "/openapi.json",
            "/.well-known/jwks.json",
            "/o/acme/v1/me",
            "/o/acme/%64ev/outbox",
        ] {
            assert_eq!(whose(path, true), Whose::Guildhall, "{path}");
            assert_eq!(whose(path, false), Whose::Guildhall, "{path}");
        }
        assert_eq!(whose("/docs", true), Whose::Pages);
        assert_eq!(whose("/docs/main.js", true), Whose::Pages);
    }

    #[test]
    fn everything_else_is_the_origins_if_there_is_one() {
        let paths = ["/", "/v2", "/v1x", "/V1/me", "/healthz/", "/.well-known/security.txt", "/o/acme", "/o/acme/docs"];
        for path in paths {
            assert_eq!(whose(path, true), Whose::Origin, "{path}");
            assert_eq!(whose(path, false), Whose::Pages, "{path}");
        }
    }

    #[test]
    fn a_path_is_read_in_one_way_or_not_at_all() {
        for path in [
            "//evil.example",
            "/a/../b",
            "/a/%2e%2E/b",
            "/a/.%2e/b",
            "/a/./b",
            "/a/..",
            "/a\\..\\b",
            "/a/..%2fb",
            "/a/x%5c..%5cb",
            "/o/acme/%ff",
            "/o/acme/%00",
            "*",
            "",
        ] {
            assert_eq!(require_plain(path).unwrap_err().reason, Reason::MalformedRequest, "{path}");
        }
        for path in ["/", "/a/b.css", "/o/acme/", "/a//b", "/a%2Fb", "/...", "/%C3%A9"] {
            assert_eq!(require_plain(path), Ok(()), "{path}");
        }
    }
}
