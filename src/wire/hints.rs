//! Hints: where a request names its organization, read without look-ups.
//!
//! Owns the reading; `domain::resolve` owns the rule. Never trusts a hint: it only says where.

use super::cookie;
use super::route::{Path, Resource};
use crate::app::config::Config;
use crate::app::keys::{Keys, Purpose};
use crate::domain::domain_name::DomainName;
use crate::domain::host;
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
    /// As it is sent, with or without a port.
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

/// `{slug}.BASE_DOMAIN`, or a domain of an organization's own. Rule: the installation's own host names no
/// organization, wherever it lies, or an installation below its own base domain could not be used. Neither does the
/// base domain itself, an address, or a name of this machine.
fn from_host(host: Option<&str>, settings: &ResolutionSettings) -> Option<Hint> {
    let host = host::canonical(host?)?;
    // More dots than the root's make a name that no server has.
    let bare = host.trim_end_matches('.');
    let base = settings.base_domain.as_deref();
    if settings.own_host.as_deref() == Some(bare) || base == Some(bare) {
        return None;
    }
    match base.and_then(|base| host::below(bare, base)) {
        Some(label) if bare == host => Some(Hint::read(Source::Host, label)),
        Some(_) => Some(Hint { source: Source::Host, named: Named::Unreadable }),
        None => {
            let host = DomainName::parse(&host).ok().filter(|_| bare == host)?;
            Some(Hint { source: Source::Host, named: Named::Domain(host) })
        }
    }
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

    fn host_hint(host: &str, own: &str, base: &str) -> Option<Named> {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let settings =
            ResolutionSettings { base_domain: text(base), own_host: text(own), ..ResolutionSettings::default() };
        from_host(Some(host), &settings).map(|hint| hint.named)
    }

    fn slug(text: &str) -> Option<Named> {
        Some(Hint::read(Source::Host, text).named)
    }

    #[test]
    fn own_host_below_the_base_domain_names_no_organization() {
        for (own, base) in [("app.localhost", "localhost"), ("app.example.com", "example.com")] {
            for host in [own.to_owned(), own.to_uppercase(), format!("{own}."), format!("{own}.:8812")] {
                assert_eq!(host_hint(&host, own, base), None, "{host}");
            }
            assert_eq!(host_hint(&format!("acme.{base}"), own, base), slug("acme"));
            assert_eq!(host_hint(&format!("acme.{own}"), own, base), slug("acme.app"));
        }
        assert_eq!(host_hint("api.eu.example.com", "api.eu.example.com", "example.com"), None);
        assert_eq!(host_hint("app.example.com", "other.example", "example.com"), slug("app"));
    }

    #[test]
    fn host_is_read_alike_with_capitals_a_port_and_the_root_dot() {
        for host in [
            "acme.example.com",
            "ACME.Example.COM",
            "acme.example.com.",
            "acme.example.com:8443",
            "Acme.example.com.:80",
        ] {
            assert_eq!(host_hint(host, "app.example.com", "example.com"), slug("acme"), "{host}");
        }
        let domain = DomainName::parse("nirvana.org").ok().map(Named::Domain);
        for host in ["nirvana.org", "NIRVANA.org", "nirvana.org.", "nirvana.org.:8443"] {
            assert_eq!(host_hint(host, "app.example.com", "example.com"), domain, "{host}");
        }
        for host in ["acme.example.com..", "acme..example.com", ".example.com", "a_b.example.com", "x.acme.example.com"]
        {
            assert_eq!(host_hint(host, "app.example.com", "example.com"), Some(Named::Unreadable), "{host}");
        }
        for host in ["example.com.", "example.com..", "nirvana.org..", "notexample.com..", "", ".", ":80"] {
            assert_eq!(host_hint(host, "app.example.com", "example.com"), None, "{host}");
        }
    }

    #[test]
    fn what_names_nothing_is_still_a_hint() {
        assert_eq!(names("https://x.example/?org=a&org=b", None), [(Source::Query, false)]);
        assert_eq!(names("https://x.example/", Some("!!")), [(Source::Header, false)]);
        assert_eq!(names("https://a.b.guildhall.example/", None), [(Source::Host, false)]);
    }
}
