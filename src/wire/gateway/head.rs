//! The headers of a request on its way to the origin.
//!
//! Owns what is taken away and what is put there. Rule: whatever begins with `guildhall` is ours to say, in
//! whatever spelling; a client's own never gets through, so that the origin may believe what it reads.

use crate::app::authentication::dev;
use crate::app::gateway::Standing;
use crate::app::operator_keys;
use crate::domain::id::OrganizationId;
use crate::domain::pass::Pass;
use crate::domain::permission::{Catalog, PermissionSet};
use crate::domain::slug::Slug;
use crate::wire::cookie;
use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, CONNECTION, COOKIE, ORIGIN,
};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What is between two neighbours and nobody else (RFC 9110, 7.6.1), and what the sender makes anew.
const HOP_BY_HOP: [&str; 12] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "content-length",
    "host",
    "expect",
];

/// What says where the request was sent to: ours to say.
const DESCRIBED: [&str; 4] = ["forwarded", "x-forwarded-host", "x-forwarded-proto", "x-request-id"];

/// What a value of ours never holds as it is: `decodeURIComponent` gives back what was meant.
const ESCAPED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%').add(b',');

/// The headers of a client that the origin gets.
pub fn passed_on(sent: &HeaderMap) -> HeaderMap {
    let between = between_neighbours(sent);
    let mut kept = HeaderMap::new();
    for (name, value) in sent {
        let dropped = is_ours(name) || between.contains(name) || DESCRIBED.contains(&name.as_str());
        let value = match *name {
            _ if dropped => None,
            COOKIE => without_our_cookies(value),
            AUTHORIZATION => Some(value.clone()).filter(|value| !is_our_credential(value.as_bytes())),
            _ => Some(value.clone()),
        };
        if let Some(value) = value {
            kept.append(name.clone(), value);
        }
    }
    kept
}

/// Whether an `Authorization` is for Guildhall alone: it would open more in the origin's log than the origin may do.
fn is_our_credential(header: &[u8]) -> bool {
    dev::is_session(header) || operator_keys::is_in(header)
}

/// What a preflight says.
const PREFLIGHT: [HeaderName; 3] = [ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_REQUEST_HEADERS];

/// The headers of a preflight that the origin gets: what it says, and what Guildhall described.
pub fn of_preflight(sent: &HeaderMap, described: &HeaderMap) -> HeaderMap {
    let mut kept = HeaderMap::new();
    for name in &PREFLIGHT {
        sent.get_all(name).iter().for_each(|value| {
            kept.append(name.clone(), value.clone());
        });
    }
    for name in DESCRIBED {
        if let Some(value) = described.get(name) {
            kept.insert(HeaderName::from_static(name), value.clone());
        }
    }
    kept
}

/// Whether only Guildhall may say it. Servers that make variables of headers do not tell `-`, `_` and `.` apart.
pub fn is_ours(name: &HeaderName) -> bool {
    name.as_str().starts_with("guildhall")
}

/// The headers that end here, those that `Connection` names among them.
pub fn between_neighbours(headers: &HeaderMap) -> Vec<HeaderName> {
    let named = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let named = named.flat_map(|text| text.split(',')).filter_map(|name| name.trim().parse().ok());
    HOP_BY_HOP.into_iter().map(HeaderName::from_static).chain(named).collect()
}

/// The cookies that are not Guildhall's; `None` if none is left.
fn without_our_cookies(value: &HeaderValue) -> Option<HeaderValue> {
    let pairs = value.as_bytes().split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let others: Vec<&[u8]> = pairs.filter(|pair| !pair.is_empty() && !cookie::is_ours(pair)).collect();
    if others.is_empty() { None } else { HeaderValue::from_bytes(&others.join(&b"; "[..])).ok() }
}

/// Says where the request was sent to, and what its answer will call it.
pub fn describe(headers: &mut HeaderMap, uri: &Uri, request_id: &str) {
    let authority = uri.authority().map(|authority| authority.as_str().to_owned());
    put(headers, "x-forwarded-host", authority);
    put(headers, "x-forwarded-proto", uri.scheme_str().map(str::to_owned));
    put(headers, "x-request-id", Some(request_id.to_owned()));
}

/// Says who is calling, and in which organization.
pub fn vouch(headers: &mut HeaderMap, standing: &Standing, catalog: &Catalog) {
    match standing {
        Standing::Member(signed) => {
            let Pass { statement, member, .. } = &signed.said;
            place(headers, member.organization, &member.slug, member.version);
            let roles: Vec<&str> = member.roles.iter().map(|held| held.key.as_str()).collect();
            person(headers, statement.user.as_str(), &roles, (catalog, member.permissions));
            put(headers, "guildhall-pass", Some(signed.token.clone()));
        }
        Standing::PlatformAdmin(found) => {
            place(headers, found.organization, &found.slug, found.version);
            person(headers, found.user.as_str(), &[], (catalog, found.powers(catalog).permissions()));
            put(headers, "guildhall-platform-admin", Some("true".to_owned()));
        }
        Standing::Visitor(found) => place(headers, found.id, &found.slug, found.version),
        Standing::Nobody => {}
    }
}

fn place(headers: &mut HeaderMap, organization: OrganizationId, slug: &Slug, version: u64) {
    put(headers, "guildhall-organization", Some(organization.to_string()));
    put(headers, "guildhall-organization-slug", Some(slug.as_str().to_owned()));
    put(headers, "guildhall-version", Some(version.to_string()));
}

fn person(headers: &mut HeaderMap, user: &str, roles: &[&str], (catalog, permissions): (&Catalog, PermissionSet)) {
    put(headers, "guildhall-user", Some(utf8_percent_encode(user, ESCAPED).to_string()));
    put(headers, "guildhall-roles", Some(roles.join(",")));
    put(headers, "guildhall-permissions", Some(catalog.names(permissions).join(",")));
}

/// What is empty is not said.
fn put(headers: &mut HeaderMap, name: &'static str, value: Option<String>) {
    let value = value.filter(|value| !value.is_empty()).and_then(|value| HeaderValue::try_from(value).ok());
    if let Some(value) = value {
        headers.insert(HeaderName::from_static(name), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(lines: &[(&str, &[u8])]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_bytes(value).unwrap());
        }
        headers
    }

    #[test]
    fn what_a_client_says_in_our_name_is_dropped() {
        let lines = [
            "Guildhall-User",
            "guildhall-user",
            "GUILDHALL-ROLES",
            "guildhall_user",
            "GuildHall_Permissions",
            "guildhall.pass",
            "Guildhall",
            "guildhall-anything-to-come",
        ];
        let lines: Vec<(&str, &[u8])> = lines.iter().map(|name| (*name, b"forged".as_slice())).collect();
        assert_eq!(passed_on(&sent(&lines)), HeaderMap::new());
    }

    #[test]
    fn what_is_between_neighbours_is_dropped() {
        let kept = passed_on(&sent(&[
            ("Connection", b"keep-alive, X-Secret"),
            ("Connection", b"guildhall-user"),
            ("X-Secret", b"1"),
            ("Keep-Alive", b"5"),
            ("Upgrade", b"websocket"),
            ("TE", b"trailers"),
            ("Transfer-Encoding", b"chunked"),
            ("Content-Length", b"3"),
            ("Host", b"x.example"),
            ("X-Forwarded-Host", b"evil.example"),
            ("Accept", b"text/html"),
            ("X-Many", b"1"),
            ("X-Many", b"\xff"),
        ]));
        assert_eq!(kept, sent(&[("accept", b"text/html"), ("x-many", b"1"), ("x-many", b"\xff")]));
    }

    #[test]
    fn our_sessions_stay_here() {
        let kept = passed_on(&sent(&[
            ("Cookie", b"a=1;__Host-guildhall_session=x ; __host-Guildhall_organization=y;; b=\xff"),
            ("Cookie", b" __Host-guildhall_session=z"),
            ("Authorization", b"Bearer ghs_abc"),
            ("Authorization", b"bearer \t ghs_abc"),
            ("Authorization", b"ghs_abc"),
            ("Authorization", b"Bearer eyJghs_x.ghs_"),
        ]));
        assert_eq!(kept, sent(&[("cookie", b"a=1; b=\xff"), ("authorization", b"Bearer eyJghs_x.ghs_")]));
    }

    #[test]
    fn an_operator_key_stays_here_and_another_systems_token_goes_on() {
        let key = format!("Bearer {}", operator_keys::key_of(&[7; 32]));
        let kept = passed_on(&sent(&[("Authorization", key.as_bytes()), ("Guildhall-Act-As", b"kurt")]));
        assert_eq!(kept, HeaderMap::new());
        let foreign = sent(&[("authorization", b"Bearer gho_16C7e42F292c6912E7710c838347Ae178B4a")]);
        assert_eq!(passed_on(&foreign), foreign);
    }

    #[test]
    fn any_user_id_fits_and_is_read_back() {
        for user in ["auth0|abc", "kürt %2C, \"x\"", "名前", "a b"] {
            let mut headers = HeaderMap::new();
            person(&mut headers, user, &[], (&Catalog::declare::<&str>(&[]).unwrap(), PermissionSet::default()));
            let value = headers.get("guildhall-user").unwrap().to_str().unwrap();
            assert_eq!(percent_encoding::percent_decode_str(value).decode_utf8().unwrap(), user);
            assert!(value.bytes().all(|byte| byte.is_ascii_graphic()));
            assert!(!headers.contains_key("guildhall-roles"), "what is empty is not said");
        }
    }
}
