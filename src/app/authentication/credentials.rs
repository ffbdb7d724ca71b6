//! The credential of a request.
//!
//! Owns which headers are credentials and which of them wins. Rule: explicit ones (`Authorization`,
//! `Guildhall-Principal`) win over those that browsers send by themselves; two explicit ones are a conflict, because
//! each reader would choose another.

use super::{dev, invalid};
use crate::app::operator_keys;
use crate::domain::denial::{Denial, Reason};
use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE};

/// The header of a principal that a trusted caller signed.
pub const PRINCIPAL: &str = crate::app::upstream::HEADER;

/// What a request brings along to say who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential<'a> {
    /// Nothing.
    None,
    /// A bearer token.
    Bearer(&'a str),
    /// The cookie of a development session.
    SessionCookie(&'a str),
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
    /// The credential among the headers of a request.
    ///
    /// # Errors
    /// `unauthenticated` for an `Authorization` of another form, `credentials_conflict` for two explicit credentials.
    pub fn of(headers: &'a HeaderMap) -> Result<Self, Denial> {
        let mut sent = headers.get_all(AUTHORIZATION).iter();
        let bearer = sent.next();
        if sent.next().is_some() || (bearer.is_some() && headers.contains_key(PRINCIPAL)) {
            return Err(Reason::CredentialsConflict.into());
        }
        let mut signed = headers.get_all(PRINCIPAL).iter();
        if let Some(header) = signed.next() {
            let one = header.to_str().ok().filter(|_| signed.next().is_none());
            return one.map(Credential::Principal).ok_or_else(|| invalid("`Guildhall-Principal` is not one signature"));
        }
        match bearer {
            Some(value) => {
                let token = bearer_token(value.to_str().unwrap_or_default())?;
                let is_key = token.starts_with(operator_keys::PREFIX);
                Ok(if is_key { Credential::OperatorKey(token) } else { Credential::Bearer(token) })
            }
            None => Ok(cookie(headers, dev::COOKIE).map_or(Credential::None, Credential::SessionCookie)),
        }
    }
}

fn bearer_token(header: &str) -> Result<&str, Denial> {
    let (scheme, token) = header.split_once(' ').unwrap_or_default();
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(token.trim())
    } else {
        Err(invalid("`Authorization` is not `Bearer` and a token"))
    }
}

/// The value of a cookie; `None` when it is absent or sent twice.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let texts = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value);
    values.next().filter(|_| values.next().is_none())
}
