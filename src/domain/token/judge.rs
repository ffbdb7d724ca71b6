//! The rules for a token whose signature is right.
//!
//! Owns their order: the required claims and their types, the audience, the parties, the use, the times, the user.

use super::claims::Condition;
use super::fault::{TokenFault, TokenFaultCode};
use super::issuer::{Audience, Issuer};
use super::jose::Members;
use super::map::principal;
use super::number::{Round, time};
use super::read::Unverified;
use crate::domain::denial::echo;
use crate::domain::json::Json;
use crate::domain::principal::Principal;
use crate::domain::time::Timestamp;

/// The caller whom a token names. The signature must have been checked with the key of [`KeySet::choose`].
///
/// [`KeySet::choose`]: super::KeySet::choose
///
/// # Errors
/// [`TokenFault`] for the first rule that is broken.
pub fn judge(token: &Unverified, issuer: &Issuer, now: Timestamp) -> Result<Principal, TokenFault> {
    if !issuer.matches(token.issuer()) {
        let detail = format!("wrong issuer, found `{}`", echo(token.issuer()));
        return Err(TokenFault::new(TokenFaultCode::WrongIssuer, detail));
    }
    let claims = &token.claims()?;
    let expires = time(claims, "exp", Round::Down)?.ok_or_else(|| TokenFault::missing("exp"))?;
    let begins = [time(claims, "nbf", Round::Up)?, time(claims, "iat", Round::Up)?];
    let subject = claims.get("sub").ok_or_else(|| TokenFault::missing("sub"))?;
    subject.text().ok_or_else(|| TokenFault::invalid("sub", "a text"))?;
    require_audience(claims, &issuer.audience)?;
    require_listed(claims, "azp", &issuer.authorized_parties, TokenFaultCode::WrongParty)?;
    require_listed(claims, "client_id", &issuer.client_ids, TokenFaultCode::WrongClient)?;
    issuer.uses.iter().try_for_each(|condition| require_use(claims, condition))?;
    require_time(begins, expires, issuer.leeway.seconds(), now)?;
    principal(claims, issuer)
}

impl Unverified {
    /// When the token expires, without leeway; `None` if it does not say so in a way that counts.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires?
            .checked_mul(1000)
            .map(|millis| i64::try_from(millis).unwrap_or(i64::MAX))
            .map(Timestamp::from_millis)
    }
}

/// The audiences of a token: `aud` is a text or a list of texts.
fn audiences(claims: &Members<'_>) -> Result<Vec<String>, TokenFault> {
    let Some(value) = claims.get("aud") else { return Ok(Vec::new()) };
    let text = |value: Json<'_>| value.text().map(|text| text.read().into_owned());
    let all = match value.items() {
        Some(items) => items.map(text).collect(),
        None => text(value).map(|one| vec![one]),
    };
    all.ok_or_else(|| TokenFault::invalid("aud", "a text or a list of texts"))
}

fn require_audience(claims: &Members<'_>, audience: &Audience) -> Result<(), TokenFault> {
    let found = audiences(claims)?;
    let Audience::OneOf(expected) = audience else { return Ok(()) };
    if found.is_empty() {
        let detail = format!("the claim `aud` is missing, expected {}", listed(expected, "or"));
        return Err(TokenFault::new(TokenFaultCode::ClaimMissing, detail));
    }
    if found.iter().any(|one| expected.contains(one)) {
        return Ok(());
    }
    let detail = format!("wrong audience, expected {}, found {}", listed(expected, "or"), listed(&found, "and"));
    Err(TokenFault::new(TokenFaultCode::WrongAudience, detail))
}

/// Requires that a claim is one of the configured texts, if there are some.
fn require_listed(
    claims: &Members<'_>,
    claim: &str,
    expected: &[String],
    code: TokenFaultCode,
) -> Result<(), TokenFault> {
    let found = match claims.get(claim) {
        None if expected.is_empty() => return Ok(()),
        None => {
            let detail = format!("the claim `{claim}` is missing, expected {}", listed(expected, "or"));
            return Err(TokenFault::new(TokenFaultCode::ClaimMissing, detail));
        }
        Some(value) => value.text().ok_or_else(|| TokenFault::invalid(claim, "a text"))?.read(),
    };
    if expected.is_empty() || expected.iter().any(|known| *known == found) {
        return Ok(());
    }
    let detail = format!("wrong `{claim}`, expected {}, found `{}`", listed(expected, "or"), echo(&found));
    Err(TokenFault::new(code, detail))
}

fn require_use(claims: &Members<'_>, condition: &Condition) -> Result<(), TokenFault> {
    if condition.holds(claims) {
        return Ok(());
    }
    let found = match condition.path.find(claims) {
        Some(value) => format!("found {}", echo(value.as_str())),
        None => "it is missing".to_owned(),
    };
    let expected = condition.expectation(|values| listed(values, "or"));
    let detail = format!("wrong `{}`, expected {expected}, {found}", condition.path);
    Err(TokenFault::new(TokenFaultCode::WrongUse, detail))
}

/// Checks `nbf` and `iat`, then `exp`. A token expires at `exp`, not after it (RFC 7519, 4.1.4).
fn require_time(begins: [Option<u64>; 2], expires: u64, leeway: u64, now: Timestamp) -> Result<(), TokenFault> {
    let now = now.unsigned_millis() / 1000;
    for (begin, what) in begins.into_iter().zip(["valid", "issued"]) {
        if let Some(ahead) = begin.and_then(|begin| begin.checked_sub(now)).filter(|ahead| *ahead > leeway) {
            let detail = format!("{what} only in {ahead} s; check the clock of the issuer");
            return Err(TokenFault::new(TokenFaultCode::NotYetValid, detail));
        }
    }
    match now.checked_sub(expires).filter(|late| *late >= leeway) {
        Some(late) => Err(TokenFault::new(TokenFaultCode::Expired, format!("expired {late} s ago"))),
        None => Ok(()),
    }
}

/// The most texts that a sentence shows.
const MAX_SHOWN: usize = 3;

fn listed(texts: &[String], word: &str) -> String {
    let shown: Vec<String> = texts.iter().take(MAX_SHOWN).map(|text| format!("`{}`", echo(text))).collect();
    let more = if texts.len() > MAX_SHOWN { format!(" {word} others") } else { String::new() };
    [shown.join(&format!(" {word} ")), more].concat()
}
