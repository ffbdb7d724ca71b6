//! The caller, and the choice that the caller made.

use crate::app::ports::{Cache, Entropy, Failure, Invited, InvitedFilter, Reach, Store};
use crate::domain::command::OrganizationRef;
use crate::domain::denial::Reason;
use crate::domain::next_path::NextPath;
use crate::domain::organization::OrganizationState;
use crate::domain::resolve::{Hint, Hints, Named, Resolution, Source, resolve as resolve_hints};
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
    // Memberships, and nothing that only a platform admin sees.
    let reach = Reach { all: true, platform_admin: false, deleted: false, ..call.reach()? };
    let me = call.app.store.me(&reach, principal.verified_email(), call.app.now).await?;
    let seen = me.seen.shown_by(call.freshness.proof);
    let current = match resolve_hints(&call.hints, &seen) {
        Resolution::Resolved(found, _) | Resolution::Redirect(found, _) => present::current(found, call.catalog()),
        _ => Value::Null,
    };
    let open = me.invitations.iter().filter(|invited| call.app.stands(invited));
    let invitations: Vec<Value> = open.map(|invited| present::received(invited, call.app.now)).collect();
    Ok(Answer::json(
        200,
        &json!({
            "principal": present::principal(principal),
            "memberships": seen.affiliations.iter().map(|found| present::affiliation(found, call.catalog())).collect::<Vec<_>>(),
            "roles": present::held_roles(&seen.affiliations, call.catalog()),
            // The list of organizations has the others, by page.
            "hasMoreMemberships": seen.affiliations.len() >= MOST,
            "invitations": invitations,
            "currentOrganization": current,
        }),
    ))
}

/// `GET /v1/me/invitations`: by verified address; without one there are none. What nobody could accept
/// any more is left out.
pub async fn invitations<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let principal = call.principal()?;
    let query = call.query(&["limit", "cursor"])?;
    let cursors = Cursors::new(&call.app.config.keys, &["my invitations", principal.user_id.as_str()]);
    let (before, limit) = (cursors.place(&query)?, query.limit()?);
    let now = call.app.now;
    let rows = match principal.verified_email() {
        Some(email) => {
            let filter = InvitedFilter { email: email.clone(), now, before, limit: limit.saturating_add(1) };
            call.app.store.invitations_for(&filter).await?
        }
        None => Vec::new(),
    };
    let position = |row: &Invited| json!(row.invitation.id);
    let show = |row: &Invited| call.app.stands(row).then(|| present::received(row, now));
    Ok(Answer::json(200, &cursors.page_of_some(rows, limit, position, show)))
}

/// `PUT /v1/me/current-organization`: remembers a choice. Nothing is ever decided by it alone. The way
/// back is checked and handed back: whoever asked may go there.
pub async fn choose<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let user = call.principal()?.user_id.clone();
    call.query(&[])?;
    call.require_real()?;
    let mut fields = Fields::of(call.request)?;
    let reference = fields.text("organization", OrganizationRef::parse_given)?;
    let next = fields.maybe_text("next", NextPath::parse)?;
    fields.end()?;
    let named = Named::Organization(reference);
    let hints = Hints { explicit: vec![Hint { source: Source::Remembered, named }], ..Hints::default() };
    let seen = call.app.store.seen(&Reach::of(&user, &hints, call.app.now)).await?.shown_by(call.freshness.proof);
    let resolution = resolve_hints(&hints, &seen);
    let shown = present::with(present::resolution(&resolution, call.catalog()), "next", json!(next));
    let chosen = resolution.require()?;
    chosen.require_in_force()?;
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
