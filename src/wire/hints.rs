//! Hints: where a request names its organization, read without look-ups.
//!
//! Owns the reading; `domain::resolve` owns the rule. Never trusts a hint: it only says where.

use super::cookie;
use super::route::{Path, Resource};
use crate::app::config::Config;
use crate::app::keys::{Keys, Purpose};
use crate::domain::command::OrganizationRef;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::resolve::{Hint, Hints, Source};
use http::{HeaderMap, Uri};

/// The header that names an organization.
pub const ORGANIZATION_HEADER: &str = "guildhall-organization";
/// The query parameter that names an organization.
pub const ORGANIZATION_PARAMETER: &str = "org";

/// Everything that names an organization outright, in the order of precedence for reporting.
pub fn explicit(uri: &Uri, headers: &HeaderMap, base_domain: Option<&str>) -> Vec<Hint> {
    let path = Path::parse(uri.path());
    let within = if let Some(Resource::Within(name, _)) = path.resource { Some(name) } else { None };
    let named = [
        (Source::Path, within),
        (Source::Path, path.prefix),
        (Source::Header, from_headers(headers)),
        (Source::Query, from_query(uri)),
        (Source::Host, from_host(uri, base_domain)),
    ];
    named.into_iter().filter_map(|(source, name)| Some(hint(source, &name?))).collect()
}

fn hint(source: Source, name: &str) -> Hint {
    Hint { source, reference: OrganizationRef::parse(name).ok() }
}

/// A header that is sent twice or is not text names nothing, which spoils the request.
fn from_headers(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(ORGANIZATION_HEADER).iter();
    let first = values.next()?;
    let text = first.to_str().unwrap_or_default();
    Some(if values.next().is_some() { String::new() } else { text.trim().to_owned() })
}

fn from_query(uri: &Uri) -> Option<String> {
    let pairs = form_urlencoded::parse(uri.query()?.as_bytes());
    let mut values = pairs.filter(|(key, _)| key == ORGANIZATION_PARAMETER).map(|(_, value)| value.into_owned());
    let first = values.next()?;
    Some(if values.next().is_some() { String::new() } else { first })
}

/// `{slug}.BASE_DOMAIN`; the base domain itself and any other host name nothing.
fn from_host(uri: &Uri, base_domain: Option<&str>) -> Option<String> {
    let host = uri.host()?.to_ascii_lowercase();
    let label = host.strip_suffix(base_domain?)?.strip_suffix('.')?;
    Some(label.to_owned())
}

/// All hints of a caller's request.
pub fn read(uri: &Uri, headers: &HeaderMap, config: &Config, user: Option<&UserId>) -> Hints {
    let choice = cookie::read(headers, cookie::CURRENT_ORGANIZATION);
    let remembered = user.zip(choice).and_then(|(user, text)| recall(&config.keys, user, text));
    Hints { explicit: explicit(uri, headers, config.base_domain.as_deref()), remembered }
}

/// The value of the cookie that remembers a choice. Bound to the user: another who signs in on the
/// same device does not inherit it.
pub fn remember(keys: &Keys, user: &UserId, organization: OrganizationId) -> String {
    keys.seal(Purpose::CurrentOrganization, user.as_str(), &organization.to_string())
}

/// A choice that was tampered with, or is somebody else's, is no choice.
fn recall(keys: &Keys, user: &UserId, text: &str) -> Option<OrganizationId> {
    let id = keys.unseal(Purpose::CurrentOrganization, user.as_str(), text)?;
    OrganizationId::parse(&id).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(uri: &str, header: Option<&str>) -> Vec<(Source, bool)> {
        let mut headers = HeaderMap::new();
        if let Some(value) = header {
            headers.insert(ORGANIZATION_HEADER, value.parse().unwrap());
        }
        let hints = explicit(&uri.parse().unwrap(), &headers, Some("guildhall.example"));
        hints.into_iter().map(|hint| (hint.source, hint.reference.is_some())).collect()
    }

    #[test]
    fn each_place_is_read() {
        assert_eq!(names("https://x.example/o/nirvana/v1/resolve", None), [(Source::Path, true)]);
        assert_eq!(names("https://x.example/v1/organizations/nirvana", None), [(Source::Path, true)]);
        assert_eq!(
            names("https://x.example/?org=nirvana", Some("scream")),
            [(Source::Header, true), (Source::Query, true)]
        );
        assert_eq!(names("https://nirvana.guildhall.example/", None), [(Source::Host, true)]);
        assert_eq!(names("https://guildhall.example/", None), []);
        assert_eq!(names("https://evilguildhall.example/", None), []);
    }

    #[test]
    fn what_names_nothing_is_still_a_hint() {
        assert_eq!(names("https://x.example/?org=a&org=b", None), [(Source::Query, false)]);
        assert_eq!(names("https://x.example/", Some("!!")), [(Source::Header, false)]);
        assert_eq!(names("https://a.b.guildhall.example/", None), [(Source::Host, false)]);
    }
}
