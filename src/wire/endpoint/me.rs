//! The caller, and the organization of the caller's request.

use super::invitations::place;
use crate::app::ports::{Cache, Entropy, Failure, Invited, InvitedFilter, Reach, Store};
use crate::app::read::require_version;
use crate::domain::command::OrganizationRef;
use crate::domain::denial::{Denial, Reason};
use crate::domain::organization::OrganizationState;
use crate::domain::resolve::{Hint, Hints, Resolution, Source, resolve as resolve_hints};
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::Call;
use crate::wire::query::Cursors;
use crate::wire::{cookie, hints, present};
use serde_json::{Value, json};

/// How many memberships are shown at once.
const MOST: usize = 100;

/// How long a choice is remembered, in seconds.
const CHOICE_LIFETIME: i64 = 365 * 24 * 60 * 60;

/// `GET /v1/me`
pub async fn read<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let principal = call.principal()?;
    call.query(&[])?;
    let reach = Reach { all: true, ..Reach::of(&principal.user_id, &call.hints) };
    let me = call.app.store.me(&reach, principal.verified_email(), call.app.now).await?;
    let current = match resolve_hints(&call.hints, &me.affiliations) {
        Resolution::Resolved(found, _) | Resolution::Redirect(found, _) => present::affiliation(found),
        _ => Value::Null,
    };
    Ok(Answer::json(
        200,
        &json!({
            "principal": present::principal(principal),
            "memberships": me.affiliations.iter().map(present::affiliation).collect::<Vec<_>>(),
        // The list of organizations has the others, by page.
        "hasMoreMemberships": me.affiliations.len() >= MOST,
            "invitations": me.invitations.iter().map(|invited| present::received(invited, call.app.now)).collect::<Vec<_>>(),
            "currentOrganization": current,
        }),
    ))
}

/// `GET /v1/me/invitations`: by verified address; without one there are none.
pub async fn invitations<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let principal = call.principal()?;
    let query = call.query(&["limit", "cursor"])?;
    let cursors = Cursors::new(&call.app.config.keys, &["my invitations", principal.user_id.as_str()]);
    let (before, limit) = (cursors.read(&query, place)?, query.limit()?);
    let now = call.app.now;
    let rows = match principal.verified_email() {
        Some(email) => {
            let filter = InvitedFilter { email: email.clone(), now, before, limit: limit.saturating_add(1) };
            call.app.store.invitations_for(&filter).await?
        }
        None => Vec::new(),
    };
    let position = |row: &Invited| json!(row.invitation.id);
    Ok(Answer::json(200, &cursors.page(rows, limit, position, |row| present::received(row, now))))
}

/// `PUT /v1/me/current-organization`: remembers a choice. Nothing is ever decided by it alone.
pub async fn choose<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let user = call.principal()?.user_id.clone();
    call.query(&[])?;
    let mut fields = Fields::of(call.request)?;
    let reference = fields.text("organization", OrganizationRef::parse)?;
    fields.end()?;
    let hints =
        Hints { explicit: vec![Hint { source: Source::Remembered, reference: Some(reference) }], remembered: None };
    let found = call.app.store.affiliations(&Reach::of(&user, &hints)).await?;
    let resolution = resolve_hints(&hints, &found);
    let shown = present::resolution(&resolution);
    let chosen = resolution.require()?;
    if chosen.state == OrganizationState::Inactive {
        // It would never be chosen on the caller's behalf.
        return Err(Reason::OrganizationInactive.into());
    }
    let value = hints::remember(&call.app.config.keys, &user, chosen.organization);
    let cookie = cookie::set(cookie::CURRENT_ORGANIZATION, &value, CHOICE_LIFETIME);
    Ok(Answer::json(200, &shown).at_version(chosen.version).with("set-cookie", cookie))
}

/// `DELETE /v1/me/current-organization`
pub fn forget<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    call.principal()?;
    call.query(&[])?;
    Ok(Answer::empty(204).with("set-cookie", cookie::clear(cookie::CURRENT_ORGANIZATION)))
}

/// `GET /v1/resolve`: the organization of this request.
pub async fn resolve<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    call.query(&[])?;
    let Some(caller) = &call.caller else { return anonymous(&call.hints).map_err(Failure::from) };
    let found = call.app.affiliations(&caller.principal.user_id, &call.hints, call.freshness).await?;
    let resolution = resolve_hints(&call.hints, &found);
    let answer = Answer::json(200, &present::resolution(&resolution));
    match resolution {
        Resolution::Unknown => Err(Reason::NotFound.into()),
        Resolution::Resolved(found, _) | Resolution::Redirect(found, _) => {
            require_version(found.version, call.freshness)?;
            Ok(answer.at_version(found.version).with("guildhall-organization", found.organization.to_string()))
        }
        Resolution::Choose(_) | Resolution::None | Resolution::Ambiguous => Ok(answer),
    }
}

/// Nobody has an organization; who names one must say who they are first.
fn anonymous(hints: &Hints) -> Result<Answer, Denial> {
    if hints.explicit.is_empty() {
        Ok(Answer::json(200, &present::resolution(&Resolution::None)))
    } else {
        Err(Reason::Unauthenticated.into())
    }
}
