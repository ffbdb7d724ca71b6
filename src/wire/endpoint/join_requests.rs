//! Join requests, from both ends.

use super::invitations::require_own_cursor;
use super::members::roles;
use super::organizations::moved;
use crate::app::mint::Mint;
use crate::app::ports::{Cache, Entropy, Failure, JoinRequestFilter, Requested, RequestedFilter, Store};
use crate::domain::command::{ApproveJoinRequest, AskToJoin, DenyJoinRequest, DomainDoor, WithdrawJoinRequest};
use crate::domain::id::{JoinRequestId, OrganizationId};
use crate::domain::join_request::{JoinRequest, JoinRequestState};
use crate::domain::permission::Permission;
use crate::domain::role::Roles;
use crate::domain::text::Message;
use crate::wire::answer::Answer;
use crate::wire::call::{Call, SeedUse, Wanted};
use crate::wire::present;
use crate::wire::query::Cursors;
use serde_json::json;

/// `GET /v1/organizations/{org}/join-requests`: for those who could let them in.
pub async fn list<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let user = &call.principal()?.user_id;
    let query = call.query(&["state", "limit", "cursor"])?;
    let state = query.read("state", JoinRequestState::parse)?;
    let context = ["join requests", user.as_str(), state.map_or("", JoinRequestState::as_str)];
    let cursors = Cursors::new(&call.app.config.keys, &context);
    let (place, limit) = (cursors.place::<(OrganizationId, JoinRequestId)>(&query)?, query.limit()?);
    let filter = JoinRequestFilter { state, before: place.map(|(_, id)| id), limit: limit.saturating_add(1) };
    let found = call.app.store.join_requests(&call.reach()?, &filter).await?;
    let opened = call.open_rows(found, Permission::MemberAdd)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    require_own_cursor(place.map(|(organization, _)| organization), &opened.affiliation)?;
    let position = |row: &JoinRequest| json!([row.organization, row.id]);
    let page = cursors.page(opened.rows, limit, position, present::join_request);
    Ok(Answer::json(200, &page).at_version(opened.affiliation.version))
}

/// `GET /v1/me/join-requests`
pub async fn mine<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let user = call.principal()?.user_id.clone();
    let query = call.query(&["state", "limit", "cursor"])?;
    let state = query.read("state", JoinRequestState::parse)?;
    let context = ["my join requests", user.as_str(), state.map_or("", JoinRequestState::as_str)];
    let cursors = Cursors::new(&call.app.config.keys, &context);
    let (before, limit) = (cursors.place(&query)?, query.limit()?);
    let filter = RequestedFilter { user, state, before, limit: limit.saturating_add(1) };
    let rows = call.app.store.join_requests_of(&filter).await?;
    let position = |row: &Requested| json!(row.request.id);
    Ok(Answer::json(200, &cursors.page(rows, limit, position, present::requested)))
}

/// `POST /v1/organizations/{org}/join-requests`: asks, or comes in at once where the domain of the
/// caller's verified address opens the door. Not tried out: it would tell without a trace who can be asked.
pub fn ask<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    let mut fields = call.optional_body()?;
    call.require_real()?;
    let mint = Mint::new(call.app.entropy, call.app.now);
    let token = mint.invitation_token(&call.app.config.keys)?;
    let message = fields.maybe_text("message", Message::parse)?;
    fields.end()?;
    let door = DomainDoor {
        membership: mint.membership()?,
        invitation: mint.invitation()?,
        digest: token.digest,
        expires_at: call.app.now.plus_seconds(call.app.config.policy.invitations.lifetime),
    };
    let action = AskToJoin { request: mint.join_request()?, message, door: Some(door) };
    Ok(Wanted::with(action, SeedUse { seed: token.seed, shown: false }))
}

/// `POST /v1/organizations/{org}/join-requests/{id}/approve`
pub fn approve<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    let mut fields = call.optional_body()?;
    let membership = Mint::new(call.app.entropy, call.app.now).membership()?;
    let roles = roles(&mut fields)?.unwrap_or_else(Roles::member);
    fields.end()?;
    let action = ApproveJoinRequest { request: JoinRequestId::parse(id)?, membership, roles };
    Ok(action.into())
}

/// `POST /v1/organizations/{org}/join-requests/{id}/deny`
pub fn deny<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    let mut fields = call.optional_body()?;
    let silent = fields.maybe_bool("silent")?.unwrap_or(false);
    fields.end()?;
    Ok(DenyJoinRequest { request: JoinRequestId::parse(id)?, silent }.into())
}

/// `DELETE /v1/organizations/{org}/join-requests/{id}` and `POST …/withdraw`
pub fn withdraw<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    call.bare()?;
    Ok(WithdrawJoinRequest { request: JoinRequestId::parse(id)? }.into())
}
