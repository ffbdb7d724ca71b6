//! The development mode, and the import from Django.

use crate::app::authentication::dev;
use crate::app::django::{SiteName, Source, UserKey};
use crate::app::mail::compose;
use crate::app::ports::{Cache, Entropy, Failure, Store, Upkeep};
use crate::domain::email::Email;
use crate::domain::id::UserId;
use crate::domain::order::sort_by_key;
use crate::domain::principal::{Principal, PrincipalKind};
use crate::domain::text::Name;
use crate::wire::answer::Answer;
use crate::wire::body::{Fields, require_body};
use crate::wire::call::Call;
use crate::wire::query::page;
use crate::wire::{cookie, origin, present};
use http::header::ORIGIN;
use serde_json::json;

/// How many messages the outbox shows.
const NEWEST: u32 = 100;

/// `POST /dev/session`: whoever says who they are is believed.
pub fn sign_in<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    if call.request.headers().contains_key(ORIGIN) {
        origin::require_own_origin(call.app.config, call.request)?;
    }
    call.require_real()?;
    let mut fields = Fields::of(call.request)?;
    let user_id = fields.text("userId", UserId::parse_external)?;
    let email = fields.maybe_text("email", Email::parse)?;
    let name = fields.maybe_text("name", Name::parse)?;
    let email_verified = fields.maybe_bool("emailVerified")?.unwrap_or(true) && email.is_some();
    let mfa = fields.maybe_bool("mfa")?.unwrap_or(false);
    let platform_admin = fields.maybe_bool("platformAdmin")?.unwrap_or(false);
    fields.end()?;
    let kind = if platform_admin { PrincipalKind::PlatformAdmin } else { PrincipalKind::User };
    let principal = Principal { email, email_verified, mfa, name, ..Principal::new(user_id, kind) };
    let token = dev::token(call.app.config, &principal, call.app.now);
    let cookie = cookie::set(dev::COOKIE, &token, dev::LIFETIME);
    let body = json!({ "token": token, "principal": present::principal(&principal) });
    Ok(Answer::json(201, &body).with("set-cookie", cookie))
}

/// `GET /dev/session`: the caller, or null for an anonymous request. Rule: that is an answer and no
/// refusal, because a browser logs each refusal as an error, and the console asks for every visitor.
pub fn session<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    call.query(&[])?;
    let principal = call.principal().ok().map(present::principal);
    Ok(Answer::json(200, &json!({ "principal": principal })))
}

/// `DELETE /dev/session`
pub fn sign_out() -> Answer {
    Answer::empty(204)
        .with("set-cookie", cookie::clear(dev::COOKIE))
        .with("set-cookie", cookie::clear(cookie::CURRENT_ORGANIZATION))
}

/// `GET /dev/outbox`: the mails and webhooks that would have gone out, newest first.
pub async fn outbox<S: Store + Upkeep, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    call.query(&[])?;
    let messages = call.app.store.newest_messages(NEWEST).await?;
    let deliveries = call.app.store.newest_deliveries(NEWEST).await?;
    let mails = messages.iter().map(|message| (message.created_at, json!(compose(call.app.config, message))));
    let webhooks =
        deliveries.iter().map(|due| (due.delivery.created_at, present::outgoing(call.app.config, due, call.app.now)));
    let mut all: Vec<_> = mails.chain(webhooks).collect();
    // Of the same instant: mails first, each kind in its own order.
    sort_by_key(&mut all, |(at, _)| std::cmp::Reverse(*at));
    let data: Vec<_> = all.into_iter().map(|(_, shown)| shown).take(NEWEST as usize).collect();
    Ok(Answer::json(200, &page(data, None)))
}

/// `POST /v1/imports/django`: a whole `dumpdata` file, by a platform admin. It is repeatable by
/// nature, so it takes no idempotency key.
pub async fn import_django<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let actor = call.principal()?;
    let query = call.query(&["userId", "site"])?;
    let user_key = query.read("userId", UserKey::parse)?.unwrap_or_default();
    let source = Source { user_key, site: query.read("site", SiteName::parse)? };
    call.require_real()?;
    require_body(call.request)?;
    let report = call.app.import_django(actor, call.request.body(), source).await?;
    Ok(Answer::json(200, &json!(report)))
}
