//! Hints: where a request names its organization, read without look-ups.
//!
//! Owns the reading; `domain::resolve` owns the rule. Never trusts a hint: it only says where.

use super::cookie;
use super::route::{Path, Resource};
use crate::app::config::Config;
use crate::app::keys::{Keys, Purpose};
use crate::domain::domain_name::DomainName;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::resolve::{Hint, Hints, Named, ResolutionSettings, Source};
use http::{HeaderMap, Uri};

/// The header that names an organization.
pub const ORGANIZATION_HEADER: &str = "guildhall-organization";
/// The query parameter that names an organization.
pub const ORGANIZATION_PARAMETER: &str = "org";

/// What of a request is looked at: borrowed, from whatever a runtime's request is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<'a> {
    /// Without a port.
    pub host: Option<&'a str>,
    /// As it is sent, percent-encoded.
    pub path: &'a str,
    /// Without its question mark.
    pub query: Option<&'a str>,
    /// The value of each header that names an organization; empty for one that is no text.
    pub named: Vec<&'a str>,
}

impl<'a> Place<'a> {
    /// The place of a request as it arrived.
    pub fn of(uri: &'a Uri, headers: &'a HeaderMap) -> Self {
        let named = headers.get_all(ORGANIZATION_HEADER).iter().map(|value| value.to_str().unwrap_or_default());
        Place { host: uri.host(), path: uri.path(), query: uri.query(), named: named.collect() }
    }
}

/// Everything that a request itself says, in the order of precedence for reporting.
pub fn of(place: &Place<'_>, settings: &ResolutionSettings) -> Hints {
    let path = Path::parse(place.path);
    let within = if let Some(Resource::Within(name, _)) = path.resource { Some(name) } else { None };
    let named = [
        (Source::Path, within),
        (Source::Path, path.prefix),
        (Source::Header, from_headers(&place.named)),
        (Source::Query, from_query(place.query)),
    ];
    let texts = named.into_iter().filter_map(|(source, name)| Some(Hint::read(source, &name?)));
    let explicit = texts.chain(from_host(place.host, settings)).collect();
    Hints { explicit, remembered: None, skipped: settings.skip_paths.contains(place.path) }
}

/// A header that is sent twice or is not text names nothing, which spoils the request.
fn from_headers(named: &[&str]) -> Option<String> {
    match named {
        [] => None,
        [once] => Some(once.trim().to_owned()),
        _ => Some(String::new()),
    }
}

fn from_query(query: Option<&str>) -> Option<String> {
    let pairs = form_urlencoded::parse(query?.as_bytes());
    let mut values = pairs.filter(|(key, _)| key == ORGANIZATION_PARAMETER).map(|(_, value)| value.into_owned());
    let first = values.next()?;
    Some(if values.next().is_some() { String::new() } else { first })
}

/// `{slug}.BASE_DOMAIN`, or a domain of an organization's own. The installation's own host, the base
/// domain, addresses and this machine's own names are nobody's.
fn from_host(host: Option<&str>, settings: &ResolutionSettings) -> Option<Hint> {
    let host = host?.to_ascii_lowercase();
    let base = settings.base_domain.as_deref();
    if let Some(label) = base.and_then(|base| host.strip_suffix(base)).and_then(|rest| rest.strip_suffix('.')) {
        return Some(Hint::read(Source::Host, label));
    }
    let ours = base == Some(&host) || settings.own_host.as_ref() == Some(&host);
    let host = DomainName::parse(&host).ok().filter(|_| !ours)?;
    Some(Hint { source: Source::Host, named: Named::Domain(host) })
}

/// All hints of a caller's request.
pub fn read(uri: &Uri, headers: &HeaderMap, config: &Config, user: Option<&UserId>) -> Hints {
    let choice = cookie::read(headers, cookie::CURRENT_ORGANIZATION);
    let remembered = user.zip(choice).and_then(|(user, text)| recall(&config.keys, user, text));
    Hints { remembered, ..of(&Place::of(uri, headers), &config.resolution) }
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
        let settings = ResolutionSettings {
            base_domain: Some("guildhall.example".to_owned()),
            own_host: Some("x.example".to_owned()),
            ..ResolutionSettings::default()
        };
        let hints = of(&Place::of(&uri.parse().unwrap(), &headers), &settings);
        hints.explicit.into_iter().map(|hint| (hint.source, hint.named != Named::Unreadable)).collect()
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
        assert_eq!(names("https://nirvana.com/", None), [(Source::Host, true)]);
        for nobodys in ["guildhall.example", "x.example", "localhost", "nirvana.localhost", "127.0.0.1:8787", "[::1]"] {
            assert_eq!(names(&format!("https://{nobodys}/"), None), [], "{nobodys}");
        }
    }

    #[test]
    fn what_names_nothing_is_still_a_hint() {
        assert_eq!(names("https://x.example/?org=a&org=b", None), [(Source::Query, false)]);
        assert_eq!(names("https://x.example/", Some("!!")), [(Source::Header, false)]);
        assert_eq!(names("https://a.b.guildhall.example/", None), [(Source::Host, false)]);
    }
}
