//! The credential of a request.
//!
//! Owns which headers are credentials and which of them wins. Rule: explicit ones (`Authorization`,
//! `Guildhall-Principal`) win over those that browsers send by themselves; two explicit ones are a conflict, because
//! each reader would choose another.

use super::{dev, invalid};
use crate::app::config::{AuthSettings, Channel};
use crate::app::operator_keys;
use crate::domain::denial::{Denial, Reason};
use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderValue};

/// The header of a principal that a trusted caller signed.
pub const PRINCIPAL: &str = crate::app::upstream::HEADER;
/// The header in which Cloudflare Access vouches for the browser's user.
const ACCESS: &str = "cf-access-jwt-assertion";

/// What a request brings along to say who calls, and who is to judge it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential<'a> {
    /// Nothing.
    None,
    /// The token of a development session.
    Session(&'a str),
    /// The cookie of a development session.
    SessionCookie(&'a str),
    /// A token of an issuer, and the way by which it came.
    Token(&'a str, Channel),
    /// An operator key, or what looks like one.
    OperatorKey(&'a str),
    /// A principal that a trusted caller signed.
    Principal(&'a str),
}

/// The user in whose name a request with an operator key is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ActAs<'a> {
    /// The user's id, as sent.
    pub user: Option<&'a str>,
    /// The user's proven address, as sent.
    pub email: Option<&'a str>,
}

impl<'a> ActAs<'a> {
    /// What the headers of a request say.
    ///
    /// # Errors
    /// `malformed_request` for a header that is sent twice or is no visible ASCII.
    pub fn of(headers: &'a HeaderMap) -> Result<Self, Denial> {
        let one = |name: &'static str| {
            let mut sent = headers.get_all(name).iter();
            let Some(first) = sent.next() else { return Ok(None) };
            let text = first.to_str().ok().filter(|_| sent.next().is_none());
            let rule = || Denial::about(Reason::MalformedRequest, name, "one value in visible ASCII is expected");
            text.map(Some).ok_or_else(rule)
        };
        Ok(ActAs { user: one(operator_keys::ACT_AS)?, email: one(operator_keys::ACT_AS_EMAIL)? })
    }

    /// Whether the request says anything.
    pub fn is_sent(&self) -> bool {
        self.user.is_some() || self.email.is_some()
    }
}

impl<'a> Credential<'a> {
    /// The credential among the headers of a request. A credential that browsers send by themselves and that no
    /// authenticator takes is none: it belongs to another application of the host.
    ///
    /// # Errors
    /// `unauthenticated` for an explicit credential that no authenticator takes, `credentials_conflict` for two.
    pub fn of(headers: &'a HeaderMap, auth: &AuthSettings) -> Result<Self, Denial> {
        let sent = headers.get_all(AUTHORIZATION).iter().count();
        if sent.saturating_add(headers.get_all(PRINCIPAL).iter().count()) > 1 {
            return Err(Reason::CredentialsConflict.into());
        }
        if let Some(header) = headers.get(PRINCIPAL) {
            let text = header.to_str().ok().map(Credential::Principal);
            return text.ok_or_else(|| invalid("`Guildhall-Principal` is not one signature"));
        }
        match headers.get(AUTHORIZATION) {
            Some(value) => explicit(value, auth),
            None => Ok(ambient(headers, auth)),
        }
    }
}

fn explicit<'a>(header: &'a HeaderValue, auth: &AuthSettings) -> Result<Credential<'a>, Denial> {
    let (scheme, token) = header.to_str().unwrap_or_default().split_once(' ').unwrap_or_default();
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(invalid("`Authorization` is not `Bearer` and a token"));
    }
    if token.starts_with(operator_keys::PREFIX) {
        return Ok(Credential::OperatorKey(token));
    }
    match dev::is_token(token) {
        true if auth.has_dev() => Ok(Credential::Session(token)),
        false if auth.takes(Channel::Authorization) => Ok(Credential::Token(token, Channel::Authorization)),
        _ => Err(invalid("no authenticator takes the bearer token")),
    }
}

fn ambient<'a>(headers: &'a HeaderMap, auth: &AuthSettings) -> Credential<'a> {
    let access = headers.get(ACCESS).filter(|_| auth.takes(Channel::Access));
    let cookie = || cookie(headers, dev::COOKIE).filter(|_| auth.has_dev());
    match access {
        Some(value) => Credential::Token(value.to_str().unwrap_or_default(), Channel::Access),
        None => cookie().map_or(Credential::None, Credential::SessionCookie),
    }
}

/// The value of a cookie; `None` when it is absent or sent twice.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let texts = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value);
    values.next().filter(|_| values.next().is_none())
}
