//! The development authenticator: the caller says who it is, and is believed.
//!
//! Owns the token of such a session. It answers on loopback hosts only, a rule that `wire` keeps for every request.

use super::{Caller, invalid};
use crate::app::config::Config;
use crate::app::keys::Purpose;
use crate::domain::denial::Denial;
use crate::domain::principal::Principal;
use crate::domain::read::{read, records};
use crate::domain::time::Timestamp;
use serde::Serialize;

/// The cookie of a session.
pub const COOKIE: &str = "__Host-guildhall_session";

/// How long a session lasts, in seconds.
pub const LIFETIME: i64 = 12 * 60 * 60;

/// The longest token that is read, in bytes.
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

/// Whether a text has the form of a session's token.
pub fn is_token(text: &str) -> bool {
    text.starts_with(PREFIX)
}

/// Whether an `Authorization` is a session's, in whatever form it is written.
pub fn is_session(header: &[u8]) -> bool {
    header.split(u8::is_ascii_whitespace).any(|word| word.starts_with(PREFIX.as_bytes()))
}

/// A session's token.
pub fn token(config: &Config, principal: &Principal, now: Timestamp) -> String {
    let session = Session { principal: principal.clone(), expires_at: now.plus_seconds(LIFETIME) };
    let payload = serde_json::to_string(&session).unwrap_or_default();
    format!("{PREFIX}{}", config.keys.seal(Purpose::DevSession, "", &payload))
}

/// The caller of a session whose token is a bearer token.
///
/// # Errors
/// `unauthenticated` for a token that is not valid or has run out.
pub fn by_bearer(config: &Config, token: &str, now: Timestamp) -> Result<Caller, Denial> {
    let principal = open(config, token, now).ok_or_else(|| invalid("the token is not valid, or has run out"))?;
    Ok(Caller::explicit(principal))
}

/// The caller of a session whose token is a cookie. Rule: a cookie that has run out makes an anonymous request,
/// because the browser sends it by itself.
pub fn by_cookie(config: &Config, token: &str, now: Timestamp) -> Option<Caller> {
    open(config, token, now).map(Caller::ambient)
}

fn open(config: &Config, token: &str, now: Timestamp) -> Option<Principal> {
    let sealed = token.strip_prefix(PREFIX).filter(|_| token.len() <= MAX_BYTES)?;
    let payload = config.keys.unseal(Purpose::DevSession, "", sealed)?;
    let session: Session = read(&payload)?;
    (now < session.expires_at).then_some(session.principal)
}
