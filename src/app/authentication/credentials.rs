//! The credential of a request.
//!
//! Owns which headers are credentials and which of them wins. Rule: explicit ones (`Authorization`,
//! `Guildhall-Principal`) win over those that browsers send by themselves; two explicit ones are a conflict, because
//! each reader would choose another.

use super::{dev, invalid};
use crate::domain::denial::{Denial, Reason};
use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE};

/// The header of a principal that a trusted caller signed.
pub const PRINCIPAL: &str = "guildhall-principal";
/// The header by which an operator's key acts as a user.
pub const ACT_AS: &str = "guildhall-act-as";

/// What a request brings along to say who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential<'a> {
    /// Nothing.
    None,
    /// A bearer token.
    Bearer(&'a str),
    /// The cookie of a development session.
    SessionCookie(&'a str),
    /// A header of ours that says who calls and that nothing here takes.
    Untaken(&'static str),
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
        for name in [PRINCIPAL, ACT_AS] {
            if headers.contains_key(name) {
                return Ok(Credential::Untaken(name));
            }
        }
        match bearer {
            Some(value) => bearer_token(value.to_str().unwrap_or_default()).map(Credential::Bearer),
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
