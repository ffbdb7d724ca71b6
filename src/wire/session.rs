//! Who is calling.
//!
//! Owns the reading of credentials and the development mode's sessions. A credential that is there
//! and wrong is *invalid*, never *absent*: nobody falls back to another one.

use super::{Request, cookie};
use crate::app::config::{AuthMode, Caller, Config, is_loopback, same_origin};
use crate::app::keys::Purpose;
use crate::domain::denial::{Denial, Reason};
use crate::domain::host;
use crate::domain::principal::Principal;
use crate::domain::read::{read, records};
use crate::domain::time::Timestamp;
use http::header::{AUTHORIZATION, ORIGIN};
use serde::Serialize;

/// How long a development session lasts, in seconds.
pub const LIFETIME: i64 = 12 * 60 * 60;

/// The longest credential that is read, in bytes.
const MAX_BYTES: usize = 8192;

const PREFIX: &str = "ghs_";

#[derive(Serialize)]
struct Session {
    principal: Principal,
    expires_at: Timestamp,
}

records! {
    Session { principal, expires_at, }
}

/// The caller of a request; `None` for nobody.
///
/// # Errors
/// `unauthenticated` for a bearer token that is not valid.
pub fn caller(config: &Config, request: &Request, now: Timestamp) -> Result<Option<Caller>, Denial> {
    let mut bearer = request.headers().get_all(AUTHORIZATION).iter();
    match (bearer.next(), bearer.next()) {
        (None, _) => Ok(by_cookie(config, request, now)),
        (Some(value), None) => by_bearer(config, value.to_str().unwrap_or_default(), now).map(Some),
        (Some(_), Some(_)) => Err(invalid()),
    }
}

fn by_bearer(config: &Config, header: &str, now: Timestamp) -> Result<Caller, Denial> {
    let (scheme, token) = header.split_once(' ').ok_or_else(invalid)?;
    let principal = open(config, token.trim(), now).filter(|_| scheme.eq_ignore_ascii_case("bearer"));
    Ok(Caller { principal: principal.ok_or_else(invalid)?, by_cookie: false })
}

/// A cookie that has run out is nobody: the browser sends it unasked.
fn by_cookie(config: &Config, request: &Request, now: Timestamp) -> Option<Caller> {
    let token = cookie::read(request.headers(), cookie::SESSION)?;
    Some(Caller { principal: open(config, token, now)?, by_cookie: true })
}

fn invalid() -> Denial {
    Denial::because(Reason::Unauthenticated, "the token is not valid, or has run out")
}

/// Whether an `Authorization` is a session's: it is ours to read, and nobody else's.
pub fn is_session(header: &[u8]) -> bool {
    header.split(u8::is_ascii_whitespace).any(|word| word.starts_with(PREFIX.as_bytes()))
}

/// A session's token.
pub fn token(config: &Config, principal: &Principal, now: Timestamp) -> String {
    let session = Session { principal: principal.clone(), expires_at: now.plus_seconds(LIFETIME) };
    let payload = serde_json::to_string(&session).unwrap_or_default();
    format!("{PREFIX}{}", config.keys.seal(Purpose::DevSession, "", &payload))
}

fn open(config: &Config, token: &str, now: Timestamp) -> Option<Principal> {
    let sealed = token.strip_prefix(PREFIX).filter(|_| token.len() <= MAX_BYTES)?;
    let payload = config.keys.unseal(Purpose::DevSession, "", sealed)?;
    let session: Session = read(&payload)?;
    (now < session.expires_at).then_some(session.principal)
}

/// Rule: the mode in which anybody says who they are answers on this machine's own names only, so
/// that neither a network nor a rebound DNS name reaches it.
///
/// # Errors
/// `permission_denied` for any other host.
pub fn require_dev_host(config: &Config, request: &Request) -> Result<(), Denial> {
    let local = request.uri().host().and_then(host::canonical).is_some_and(|host| is_loopback(&host));
    match config.auth {
        AuthMode::Dev if !local => {
            Err(Denial::because(Reason::PermissionDenied, "the development mode answers on loopback hosts only"))
        }
        AuthMode::Dev | AuthMode::Embedded => Ok(()),
    }
}

/// Rule: what a cookie vouches for must come from our own pages. In the development mode, whose
/// hosts are all this machine, that is also the very origin that the request was sent to.
///
/// # Errors
/// `origin_mismatch`.
pub fn require_own_origin(config: &Config, request: &Request) -> Result<(), Denial> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let own = match (header(ORIGIN.as_str()), header("sec-fetch-site")) {
        (Some(origin), _) => same_origin(origin, &config.public_origin) || is_sent_to(config, request, origin),
        (None, site) => site == Some("same-origin"),
    };
    if own { Ok(()) } else { Err(Reason::OriginMismatch.into()) }
}

fn is_sent_to(config: &Config, request: &Request, origin: &str) -> bool {
    let uri = request.uri();
    let own = uri.scheme_str().zip(uri.authority()).map(|(scheme, authority)| format!("{scheme}://{authority}"));
    config.auth == AuthMode::Dev && own.is_some_and(|own| same_origin(&own, origin))
}
