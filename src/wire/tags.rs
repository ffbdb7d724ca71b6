//! Entity tags (RFC 9110 §8.8.3) in `If-Match` and `If-None-Match`.
//!
//! Owns their grammar and how they compare. Weak tags compare like strong ones: what stands between a client and the
//! installation weakens a tag when it compresses an answer, and a version is the same version all the same.

use crate::domain::denial::{Denial, Reason};
use crate::domain::reference::ExpectedVersion;
use crate::domain::table::Set;
use http::header::{HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH};

/// What a header names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    /// `*`: whatever there is.
    Any,
    /// The opaque parts, without quotes.
    Listed(Vec<String>),
}

/// The versions in `If-Match`; `None` for none, and for `*`, which any version of what is there matches. A tag that
/// is no version of ours matches none.
///
/// # Errors
/// `malformed_request` for what is no list of entity tags: a write that was meant to be guarded is never unguarded.
pub fn if_match(headers: &HeaderMap) -> Result<Option<ExpectedVersion>, Denial> {
    let Some(text) = joined(headers, &IF_MATCH) else { return Ok(None) };
    match read(&text) {
        Some(Tags::Any) => Ok(None),
        Some(Tags::Listed(tags)) => {
            let versions: Set<u64> = tags.iter().filter_map(|tag| version_of(tag)).collect();
            Ok(Some(ExpectedVersion::Any(versions)))
        }
        None => {
            let rule = "`If-Match` is `*` or a list of quoted entity tags, like `\"v3\"`";
            Err(Denial::about(Reason::MalformedRequest, "If-Match", rule))
        }
    }
}

/// Whether a reader has what is tagged so already. A header that cannot be read is ignored: the reader gets the whole.
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let own = tag.trim_start_matches("W/").trim_matches('"');
    match joined(headers, &IF_NONE_MATCH).and_then(|text| read(&text)) {
        Some(Tags::Any) => true,
        Some(Tags::Listed(tags)) => tags.iter().any(|known| known == own),
        None => false,
    }
}

/// Lines of one header are one list.
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<Vec<u8>> {
    let lines: Vec<&[u8]> = headers.get_all(name).iter().map(http::HeaderValue::as_bytes).collect();
    (!lines.is_empty()).then(|| lines.join(b",".as_slice()))
}

fn read(text: &[u8]) -> Option<Tags> {
    if text.trim_ascii() == b"*" {
        return Some(Tags::Any);
    }
    let mut tags = Vec::new();
    let mut rest = text.trim_ascii_start();
    while !rest.is_empty() {
        // A list may have empty elements.
        if let Some(behind) = rest.strip_prefix(b",") {
            rest = behind.trim_ascii_start();
            continue;
        }
        let quoted = rest.strip_prefix(b"W/").unwrap_or(rest).strip_prefix(b"\"")?;
        let end = quoted.iter().position(|byte| *byte == b'"')?;
        let (tag, behind) = quoted.split_at_checked(end)?;
        if !tag.iter().all(|byte| matches!(byte, 0x21 | 0x23..=0x7e | 0x80..)) {
            return None;
        }
        tags.push(String::from_utf8_lossy(tag).into_owned());
        rest = behind.strip_prefix(b"\"")?.trim_ascii_start();
        if !rest.is_empty() && !rest.starts_with(b",") {
            return None;
        }
    }
    (!tags.is_empty()).then_some(Tags::Listed(tags))
}

/// `v3`, or `v3-` and a digest: what is shown at a version may depend on the time besides.
fn version_of(tag: &str) -> Option<u64> {
    let number = tag.strip_prefix('v')?;
    let digits = number.split_once('-').map_or(number, |(digits, _)| digits);
    digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &HeaderName, lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (name.clone(), line.parse().unwrap())).collect()
    }

    fn versions(lines: &[&str]) -> Result<Option<Vec<u64>>, Reason> {
        let found = if_match(&headers(&IF_MATCH, lines)).map_err(|denial| denial.reason)?;
        Ok(found.map(|found| (0..10).filter(|version| found.includes(*version)).collect()))
    }

    #[test]
    fn lists_weak_tags_and_several_lines_name_versions() {
        assert_eq!(versions(&[]), Ok(None));
        assert_eq!(versions(&["*"]), Ok(None));
        for lines in [
            ["\"v3\""].as_slice(),
            &["W/\"v3\""],
            &["\"v0\", \"v3\""],
            &["\"x,y\",,W/\"v3-00ff\" , "],
            &["\"gzip\"", "\"v3\""],
        ] {
            assert_eq!(versions(lines).map(|found| found.unwrap().contains(&3)), Ok(true), "{lines:?}");
        }
        assert_eq!(versions(&["\"v1\", W/\"v2\"", "\"v4\""]), Ok(Some(vec![1, 2, 4])));
        assert_eq!(versions(&["\"other\", \"v+1\", \"v\", \"v99999999999999999999999\""]), Ok(Some(vec![])));
    }

    #[test]
    fn what_is_no_list_of_tags_is_refused() {
        for text in ["v3", "3", "\"v3", "w/\"v3\"", "\"v3\" \"v4\"", "*, \"v3\"", "", ",", "\"v 3\"", "W/v3"] {
            assert_eq!(versions(&[text]), Err(Reason::MalformedRequest), "{text}");
        }
    }

    #[test]
    fn a_reader_has_what_one_of_its_tags_names() {
        let known = |text: &str| is_known(&headers(&IF_NONE_MATCH, &[text]), "\"v3\"");
        assert!(known("\"v3\"") && known("W/\"v3\"") && known("*") && known("\"a\", \"v3\""));
        assert!(!known("\"v4\"") && !known("v3") && !known("\"v3-0f\"") && !known("\"a,v3\""));
        assert!(!is_known(&HeaderMap::new(), "\"v3\""));
    }
}
