//! Claims become a principal.
//!
//! Owns the mapping. Rules: without a user id there is no principal; an address or a name that Guildhall cannot hold
//! is left out; a token under delegation (`act`, RFC 8693) proves neither an address, a second factor nor a sign-in, and
//! makes no platform admin.

use super::claims::{Condition, Proof};
use super::fault::{TokenFault, TokenFaultCode};
use super::issuer::Issuer;
use super::jose::Members;
use super::number::{Round, time};
use crate::domain::denial::echo;
use crate::domain::email::Email;
use crate::domain::json::Json;
use crate::domain::principal::{IssuerName, Principal, PrincipalKind};
use crate::domain::read::instant_at;
use crate::domain::text::Name;
use crate::domain::time::Timestamp;

/// What the id of a program begins with whose `sub` is empty, behind the issuer's prefix. No other caller of the issuer
/// has such an id, so that the id of a program never meets the `sub` of a person.
const PROGRAM: &str = "service:";

/// The principal of a token that keeps every other rule.
pub(super) fn principal(claims: &Members<'_>, issuer: &Issuer) -> Result<Principal, TokenFault> {
    let rules = &issuer.claims;
    let holds = |conditions: &[Condition]| conditions.iter().any(|condition| condition.holds(claims));
    let (given, is_program) = user(claims, issuer)?;
    let delegated = claims.get("act").is_some();
    let email = rules.email.as_ref().and_then(|path| path.text(claims)).and_then(|text| Email::parse(&text).ok());
    let kind = match &rules.platform_admin {
        Some(condition) if !delegated && condition.holds(claims) => PrincipalKind::PlatformAdmin,
        _ if is_program || holds(&rules.service) => PrincipalKind::Service,
        _ => PrincipalKind::User,
    };
    Ok(Principal {
        user_id: issuer.users.user_id(&given)?,
        email_verified: email.is_some() && !delegated && is_proven(claims, &rules.email_verified),
        email,
        mfa: !delegated && holds(&rules.mfa),
        name: rules.name.as_ref().and_then(|path| path.text(claims)).and_then(|text| Name::parse(&text).ok()),
        kind,
        issuer: IssuerName::parse(&issuer.name).ok(),
        signed_in_at: time(claims, "auth_time", Round::Down)?.filter(|_| !delegated).and_then(instant),
    })
}

/// The instant at a count of seconds; `None` for one that no clock shows.
fn instant(seconds: u64) -> Option<Timestamp> {
    seconds.checked_mul(1000).and_then(instant_at)
}

/// The issuer's id of the caller, and whether it is a program's by the shape of the token.
fn user(claims: &Members<'_>, issuer: &Issuer) -> Result<(String, bool), TokenFault> {
    let rules = &issuer.claims;
    let is_empty = claims.text("sub").is_some_and(|sub| sub.is_empty());
    if is_empty {
        let service = rules.service_id.as_ref().and_then(|path| path.text(claims));
        return service
            .map(|id| ([PROGRAM, &id].concat(), true))
            .ok_or_else(|| TokenFault::invalid("sub", "a text that is not empty"));
    }
    let path = &rules.user_id;
    let value = path.find(claims).ok_or_else(|| TokenFault::missing(&path.to_string()))?;
    let text = value.text().map(|text| text.read().into_owned()).filter(|text| !text.is_empty());
    let id = text.ok_or_else(|| TokenFault::invalid(&path.to_string(), "a text that is not empty"))?;
    if rules.service_id.is_some() && id.starts_with(PROGRAM) {
        let detail = format!("the user id `{}` begins with `{PROGRAM}`, as those of programs do", echo(&id));
        return Err(TokenFault::new(TokenFaultCode::UserRefused, detail));
    }
    Ok((id, false))
}

fn is_proven(claims: &Members<'_>, proof: &Proof) -> bool {
    let is_true = |value: Json<'_>| value.boolean() == Some(true) || value.text().is_some_and(|text| text.is("true"));
    match proof {
        Proof::Always => true,
        Proof::Never => false,
        Proof::Claim(path) => path.find(claims).is_some_and(is_true),
    }
}
