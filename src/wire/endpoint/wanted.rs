//! Commands about one organization, by the part of it and the method.
//!
//! Owns which of them a request wants. Reading one waits for nothing: whether it may be carried out is asked
//! afterwards, in one place.

use super::{domains, invitations, join_requests, links, members, organizations, ownership, roles};
use super::{team_members, teams, webhooks};
use crate::app::ports::{Cache, Entropy, Failure, Store};
use crate::domain::denial::Reason;
use crate::wire::call::{Call, Wanted};
use crate::wire::route::Part;

/// Reads the command that a request wants.
///
/// # Errors
/// What its reading is refused with; `method_not_allowed` for what is no command.
pub fn read<S, C, E>(call: &Call<'_, S, C, E>, part: &Part, method: &str) -> Result<Wanted, Failure>
where
    S: Store,
    C: Cache,
    E: Entropy,
{
    match (part, method) {
        (Part::Whole, "PATCH") => organizations::update(call),
        (Part::Whole, "DELETE") => organizations::delete(call),
        (Part::Deactivate, "POST") => organizations::deactivate(call),
        (Part::Activate, "POST") => organizations::activate(call),
        (Part::Restore, "POST") => organizations::restore(call),
        (Part::Purge, "POST") => organizations::purge(call),
        (Part::Transfer, "POST") => ownership::transfer(call),
        (Part::Transfer, "DELETE") => ownership::withdraw(call),
        (Part::TransferAccept, "POST") => ownership::accept(call),
        (Part::TransferDecline, "POST") => ownership::decline(call),
        (Part::Members, "POST") => members::add(call),
        (Part::Member(user), "PATCH") => members::change(call, user),
        (Part::Member(user), "DELETE") => members::remove(call, user),
        (Part::Roles, "POST") => roles::create(call),
        (Part::Role(role), "PATCH") => roles::update(call, role),
        (Part::Role(role), "DELETE") => roles::delete(call, role),
        (Part::Invitations, "POST") => invitations::create(call),
        (Part::Invitation(id), "DELETE") => invitations::revoke(call, id),
        (Part::Resend(id), "POST") => invitations::resend(call, id),
        (Part::Links, "POST") => links::create(call),
        (Part::Link(id), "PATCH") => links::update(call, id),
        (Part::Link(id), "DELETE") => links::delete(call, id),
        (Part::Rotate(id), "POST") => links::rotate(call, id),
        (Part::JoinRequests, "POST") => join_requests::ask(call),
        (Part::JoinRequest(id), "DELETE") | (Part::Withdraw(id), "POST") => join_requests::withdraw(call, id),
        (Part::Approve(id), "POST") => join_requests::approve(call, id),
        (Part::Deny(id), "POST") => join_requests::deny(call, id),
        (part, method) => elsewhere(call, part, method),
    }
}

fn elsewhere<S, C, E>(call: &Call<'_, S, C, E>, part: &Part, method: &str) -> Result<Wanted, Failure>
where
    S: Store,
    C: Cache,
    E: Entropy,
{
    match (part, method) {
        (Part::Domains, "POST") => domains::claim(call),
        (Part::Domain(id), "PATCH") => domains::change(call, id),
        (Part::Domain(id), "DELETE") => domains::delete(call, id),
        (Part::Teams, "POST") => teams::create(call),
        (Part::Team(team), "PATCH") => teams::update(call, team),
        (Part::Team(team), "DELETE") => teams::delete(call, team),
        (Part::TeamMember(team, user), "PUT") => team_members::put(call, (team, user)),
        (Part::TeamMember(team, user), "DELETE") => team_members::remove(call, (team, user)),
        (Part::Webhooks, "POST") => webhooks::create(call),
        (Part::Webhook(id), "PATCH") => webhooks::update(call, id),
        (Part::Webhook(id), "DELETE") => webhooks::delete(call, id),
        (Part::RotateWebhook(id), "POST") => webhooks::rotate(call, id),
        (Part::TestWebhook(id), "POST") => webhooks::test(call, id),
        _ => Err(Reason::MethodNotAllowed.into()),
    }
}
