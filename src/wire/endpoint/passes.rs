//! Passes, passports, and the keys that check them.

use crate::app::config::Config;
use crate::app::pass::{Omitted, PassOrder};
use crate::app::ports::{Cache, Entropy, Failure, Store};
use crate::domain::denial::{Denial, Reason};
use crate::domain::pass::{LONGEST, Member, Pass, Statement};
use crate::domain::time::Timestamp;
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::Call;
use serde_json::{Value, json};

/// The longest name of an audience, in characters.
const LONGEST_AUDIENCE: usize = 256;

/// For how many seconds the keys may be kept: no longer than a pass lives.
const KEYS_LIFETIME: u32 = 300;

/// `POST /v1/organizations/{org}/passes`: changes nothing and is kept nowhere, so that an
/// `Idempotency-Key` is not needed; whoever asks again gets another pass.
pub async fn create<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let caller = call.principal()?;
    let order = order(call)?;
    let signed = call.app.sign_pass(caller, (&call.hints, call.freshness), order).await?;
    let Pass { statement, member, more_teams, .. } = &signed.said;
    let mut shown = shown(&signed.token, statement);
    shown.extend(fields(json!({
        "organizationId": member.organization,
        "slug": member.slug,
        "version": member.version,
        "epoch": member.epoch,
        "hasMoreTeams": more_teams,
    })));
    Ok(Answer::json(201, &Value::Object(shown)).at_version(member.version))
}

/// `POST /v1/me/passport`: the same for all memberships; those for which there is no pass are named.
pub async fn passport<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let caller = call.principal()?;
    let order = order(call)?;
    let (signed, omitted) = call.app.sign_passport(caller, order).await?;
    let mut shown = shown(&signed.token, &signed.said.statement);
    let card = |member: &Member| {
        json!({
            "organizationId": member.organization,
            "slug": member.slug,
            "version": member.version,
            "epoch": member.epoch,
        })
    };
    let left_out =
        |omitted: &Omitted| json!({ "organizationId": omitted.organization, "code": omitted.denial.reason.code() });
    shown.extend(fields(json!({
        "organizations": signed.said.members.iter().map(card).collect::<Vec<_>>(),
        "omitted": omitted.iter().map(left_out).collect::<Vec<_>>(),
        "hasMore": signed.said.more,
    })));
    Ok(Answer::json(201, &Value::Object(shown)))
}

/// `GET /.well-known/jwks.json`: public keys alone, the one that signs now first.
pub fn jwks(config: &Config) -> Answer {
    let keys = config.public_pass_keys();
    let jwk = |key: &crate::domain::pass::PublicKey| json!({ "kty": "OKP", "crv": "Ed25519", "x": key.x(), "kid": key.kid(), "alg": "EdDSA", "use": "sig" });
    let body = json!({ "keys": keys.keys().iter().map(jwk).collect::<Vec<_>>() });
    let names: Vec<String> = keys.keys().iter().map(crate::domain::pass::PublicKey::kid).collect();
    let digest = crate::app::keys::fingerprint(&names.iter().map(String::as_bytes).collect::<Vec<_>>());
    let tag = format!("\"{}\"", digest.get(..32).unwrap_or_default());
    // Anybody's page may check passes.
    Answer::key_set(&body)
        .public_for(KEYS_LIFETIME)
        .with("etag", tag)
        .with("access-control-allow-origin", "*".to_owned())
}

fn order<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<PassOrder, Denial> {
    call.query(&[])?;
    call.require_real()?;
    let mut fields = Fields::optional_of(call.request)?;
    fields.refuse_null(&["audience", "expiresIn"])?;
    let longest = i64::try_from(LONGEST).unwrap_or(i64::MAX);
    let audience = fields.maybe_text("audience", audience)?;
    let lifetime = fields.maybe_number("expiresIn", 1..=longest)?.unwrap_or(longest);
    fields.end()?;
    Ok(PassOrder { audience, lifetime: lifetime.unsigned_abs() })
}

fn audience(text: &str) -> Result<String, Denial> {
    let sized = (1..=LONGEST_AUDIENCE).contains(&text.chars().count());
    if sized && !text.contains(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(Denial::because(Reason::InvalidValue, "an audience has 1 to 256 characters, no control characters"))
}

fn shown(token: &str, statement: &Statement) -> serde_json::Map<String, Value> {
    let instant = |seconds: u64| Timestamp::from_millis(0).plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX));
    fields(json!({
        "id": statement.id,
        "token": token,
        "audience": statement.audience,
        "userId": statement.user,
        "issuedAt": instant(statement.issued_at).to_string(),
        "expiresAt": instant(statement.expires_at).to_string(),
    }))
}

fn fields(object: Value) -> serde_json::Map<String, Value> {
    if let Value::Object(fields) = object { fields } else { serde_json::Map::new() }
}
