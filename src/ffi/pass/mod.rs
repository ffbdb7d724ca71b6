//! Passes from outside: taken apart, believed, and asked.
//!
//! Owns the shapes. The rule by which one is believed and what it answers are `domain::pass`'s. Whoever
//! calls [`believe`] has checked the signature: `pkg/` does, with WebCrypto, or with [`verify`]. A question is JSON
//! and so is its answer, `{"value": …}` or `{"error": {code, title, message, param?}}`; neither needs memory besides
//! the places that are handed in, for in a browser's file for passes an allocator would weigh more than the rule.

mod answer;
mod said;

use crate::domain::denial::{Denial, Reason};
use crate::domain::json::Json;
use crate::domain::pass::{Decision, Expectations, KeySet, Kind, PassFault, Question, Undecided, Unverified, find_key};
use crate::domain::read::Fields;
use crate::domain::read::instant_at;
pub use answer::Answer;
use said::Said;

/// Bytes in which the longest token can be taken apart.
pub const ROOM: usize = Kind::Passport.most_bytes();

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Refusal {
    code: &'static str,
    title: &'static str,
    param: Option<&'static str>,
}

impl From<PassFault> for Refusal {
    fn from(fault: PassFault) -> Self {
        Refusal { code: fault.code(), title: fault.sentence(), param: None }
    }
}

impl From<Undecided> for Refusal {
    fn from(why: Undecided) -> Self {
        let param = match why {
            Undecided::UnknownPermission => Some("permission"),
            Undecided::TeamNotInPass => Some("team"),
            Undecided::PassInvalid | Undecided::NotFound => None,
        };
        Refusal { code: why.code(), title: why.sentence(), param }
    }
}

/// What is missing or of another kind.
fn wrong(param: &'static str) -> Refusal {
    Refusal { code: "invalid_value", title: "a value breaks its rule", param: Some(param) }
}

/// The key by which a pass is to be checked: `{token, passport?, jwks, names}` -> its `x`. The names are the
/// thumbprints (RFC 7638) of the keys by their `x`.
///
/// Errors: `pass_invalid`, `pass_unknown_key`; `invalid_value` at `jwks` for what is no set of public keys.
pub fn open(question: &str, room: &mut [u8], answer: &mut Answer<'_>) {
    reply(question, answer, &mut |asked, answer| {
        let name = |x: &str| plain(asked.get("names")?.get(x)?);
        let (jwks, kid) = (asked.get("jwks").ok_or(wrong("jwks"))?, token(asked, room)?.kid());
        let set = find_key(jwks.as_str(), kid, &|x, wanted| name(x) == Some(wanted));
        let x = set.ok_or(wrong("jwks"))?.ok_or(PassFault::PassUnknownKey)?;
        answer.push(&["\"", x, "\""]);
        Ok(())
    });
}

/// What a pass says whose signature has been checked: `{token, passport?, audience?, issuer?, now, leeway?,
/// minVersion?, minEpoch?}` -> `{id, issuer, audience, userId, issuedAt, expiresAt, ends, permissions, members, teams,
/// more}`, times in milliseconds.
///
/// Errors: those of [`PassFault`].
pub fn believe(question: &str, room: &mut [u8], answer: &mut Answer<'_>) {
    reply(question, answer, &mut |asked, answer| {
        let text = |name: &str| asked.get(name).and_then(Json::text);
        let whole = |name: &str| asked.get(name).and_then(Json::whole);
        let now = asked.get("now").and_then(Json::whole_part).and_then(|(millis, _)| instant_at(millis));
        let expected = Expectations {
            audience: text("audience"),
            issuer: text("issuer"),
            now: now.ok_or(wrong("now"))?,
            leeway: whole("leeway").unwrap_or_default(),
            min_version: whole("minVersion"),
            min_epoch: whole("minEpoch"),
        };
        let mut said = Said::begin(answer);
        let stated = token(asked, room)?.vouched()?.believe(&expected, &mut said)?;
        said.end(&stated, expected.leeway);
        Ok(())
    });
}

/// Why a believed pass answers as it does: `{token, passport?, organization?, permission, team?}` ->
/// `{permission, allowed, code, grantedBy?, missing?}`.
///
/// Errors: those of [`Undecided`].
pub fn explain(question: &str, room: &mut [u8], answer: &mut Answer<'_>) {
    reply(question, answer, &mut |asked, answer| {
        let text = |name: &str| asked.get(name).map(|value| plain(value).unwrap_or_default());
        let permission = text("permission").unwrap_or_default();
        let question = Question { organization: text("organization"), team: text("team"), permission };
        let decision = token(asked, room)?.vouched()?.decide(&question)?;
        write(answer, permission, &decision);
        Ok(())
    });
}

fn write(answer: &mut Answer<'_>, permission: &str, decision: &Decision<'_>) {
    let allowed = if decision.allowed { "true" } else { "false" };
    answer.push(&["{\"permission\":\"", permission, "\",\"allowed\":", allowed, ",\"code\":\"", decision.code, "\""]);
    if let Some(role) = decision.granted_by {
        answer.push(&[",\"grantedBy\":\"", role, "\""]);
    }
    if !decision.allowed {
        answer.push(&[",\"missing\":\"", permission, "\""]);
    }
    answer.push(&["}"]);
}

/// A text without escapes.
fn plain(value: Json<'_>) -> Option<&str> {
    value.text()?.plain()
}

fn token<'a>(asked: Json<'a>, room: &'a mut [u8]) -> Result<Unverified<'a>, Refusal> {
    let token = asked.get("token").and_then(plain);
    let passport = asked.get("passport").and_then(Json::boolean).unwrap_or_default();
    let kind = if passport { Kind::Passport } else { Kind::Pass };
    Ok(Unverified::open(token.unwrap_or_default(), kind, room)?)
}

/// One of the three functions.
type Function<'f> = &'f mut dyn FnMut(Json<'_>, &mut Answer<'_>) -> Result<(), Refusal>;

fn reply(question: &str, answer: &mut Answer<'_>, function: Function<'_>) {
    answer.clear();
    answer.push(&["{\"value\":"]);
    let asked = Json::parse(question).ok_or(wrong("question"));
    let done = asked.and_then(|asked| function(asked, answer));
    if let Err(Refusal { code, title, param }) = done.and_then(|()| Ok(answer.require_room()?)) {
        answer.clear();
        answer.push(&["{\"error\":{\"code\":\"", code, "\",\"title\":\"", title, "\",\"message\":\"", title, "\""]);
        if let Some(param) = param {
            answer.push(&[",\"param\":\"", param, "\""]);
        }
        answer.push(&["}"]);
    }
    answer.push(&["}"]);
}

/// `{token, passport?, jwks}` -> `true`, where the runtime has no Ed25519 of its own.
///
/// # Errors
/// As [`open`]; `pass_invalid` for another signature.
pub fn verify(fields: &mut Fields<'_>) -> Result<bool, Denial> {
    let kind = if fields.or_default("passport")? { Kind::Passport } else { Kind::Pass };
    let (token, set): (String, _) = (fields.take("token")?, fields.any("jwks"));
    let keys = set.and_then(|set| KeySet::parse(set.as_str()));
    let keys = keys.ok_or_else(|| Denial::about(Reason::InvalidValue, "jwks", "a set of public keys is expected"))?;
    Unverified::open(&token, kind, &mut kind.room())?.verify(&keys)?;
    Ok(true)
}

#[cfg(test)]
mod tests;
