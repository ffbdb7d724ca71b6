//! Endpoints: one function for each method of each resource.
//!
//! Owns the translation of a request into a use case and back. Never a rule: whether something is
//! allowed is decided in `domain`, how it is shown in `present`.

mod bulk;
mod dev;
mod domains;
mod events;
mod export;
mod invitations;
mod join_requests;
mod links;
mod me;
mod members;
mod organizations;
mod ownership;
mod passes;
mod registrations;
mod resolve;
mod roles;
mod settings;
mod suppressions;
mod team_members;
mod teams;
mod webhooks;

pub use passes::jwks;

use super::answer::Answer;
use super::call::Call;
use super::route::{Part, Resource};
use crate::app::ports::{Cache, Entropy, Failure, Store, Upkeep};
use crate::domain::denial::Reason;

/// Answers a call.
///
/// # Errors
/// What the endpoint is refused with.
pub async fn answer<S, C, E>(call: &Call<'_, S, C, E>, resource: &Resource, method: &str) -> Result<Answer, Failure>
where
    S: Store + Upkeep,
    C: Cache,
    E: Entropy,
{
    match (resource, method) {
        (Resource::DevSession, "POST") => dev::sign_in(call),
        (Resource::DevSession, "DELETE") => Ok(dev::sign_out()),
        (Resource::DevOutbox, "GET") => dev::outbox(call).await,
        (Resource::DevDns, "PUT") => domains::put_dns(call).await,
        (Resource::ImportDjango, "POST") => dev::import_django(call).await,
        (Resource::Me, "GET") => me::read(call).await,
        (Resource::Passport, "POST") => passes::passport(call).await,
        (Resource::MyInvitations, "GET") => me::invitations(call).await,
        (Resource::MySuppressions, "GET") => suppressions::list(call).await,
        (Resource::MySuppression(about), "DELETE") => suppressions::forget(call, about).await,
        (Resource::JoinableOrganizations, "GET") => domains::joinable(call).await,
        (Resource::MyJoinRequests, "GET") => join_requests::mine(call).await,
        (Resource::Registrations, "POST") => registrations::create(call).await,
        (Resource::Activation, "POST") => registrations::activate(call).await,
        (Resource::CurrentOrganization, "PUT") => me::choose(call).await,
        (Resource::CurrentOrganization, "DELETE") => me::forget(call),
        (Resource::Resolve, "GET") => resolve::read(call).await,
        (Resource::Resolve, "POST") => resolve::settle(call).await,
        (Resource::Slug(slug), "GET") => organizations::slug(call, slug).await,
        (Resource::Organizations, "GET") => organizations::list(call).await,
        (Resource::Organizations, "POST") => organizations::create(call).await,
        (Resource::Preview, "POST") => invitations::preview(call).await,
        (Resource::Accept, "POST") => invitations::accept(call).await,
        (Resource::Decline, "POST") => invitations::decline(call).await,
        (Resource::User(user), "DELETE") => ownership::erase(call, user).await,
        (Resource::Within(name, part), method) => within(call, name, part, method).await,
        _ => Err(Reason::MethodNotAllowed.into()),
    }
}

async fn within<S, C, E>(call: &Call<'_, S, C, E>, name: &str, part: &Part, method: &str) -> Result<Answer, Failure>
where
    S: Store + Upkeep,
    C: Cache,
    E: Entropy,
{
    match (part, method) {
        (Part::Whole, "GET") => organizations::read(call).await,
        (Part::Whole, "PATCH") => organizations::update(call, name).await,
        (Part::Whole, "DELETE") => organizations::delete(call, name).await,
        (Part::Deactivate, "POST") => organizations::deactivate(call, name).await,
        (Part::Activate, "POST") => organizations::activate(call, name).await,
        (Part::Restore, "POST") => organizations::restore(call, name).await,
        (Part::Purge, "POST") => organizations::purge(call, name).await,
        (Part::Settings, "GET") => settings::list(call).await,
        (Part::Setting(key), "GET") => settings::read(call, key).await,
        (Part::Transfer, "POST") => ownership::transfer(call, name).await,
        (Part::Transfer, "DELETE") => ownership::withdraw(call, name).await,
        (Part::TransferAccept, "POST") => ownership::accept(call, name).await,
        (Part::TransferDecline, "POST") => ownership::decline(call, name).await,
        (Part::Check, "POST") => members::check(call).await,
        (Part::Passes, "POST") => passes::create(call).await,
        (Part::Members, "GET") => members::list(call).await,
        (Part::Members, "POST") => members::add(call, name).await,
        (Part::Member(user), "GET") => members::read(call, user).await,
        (Part::Member(user), "PATCH") => members::change(call, name, user).await,
        (Part::Member(user), "DELETE") => members::remove(call, name, user).await,
        (Part::Export, "GET") => export::read(call).await,
        (Part::Events, "GET") => events::list(call).await,
        (Part::EventsVerify, "GET") => events::verify(call).await,
        (Part::EventsExport, "GET") => events::export(call).await,
        (Part::Roles, "GET") => roles::list(call).await,
        (Part::Roles, "POST") => roles::create(call, name).await,
        (Part::Role(role), "GET") => roles::read(call, role).await,
        (Part::Role(role), "PATCH") => roles::update(call, name, role).await,
        (Part::Role(role), "DELETE") => roles::delete(call, name, role).await,
        (Part::Teams | Part::Team(_) | Part::TeamMembers(_) | Part::TeamMember(..), method) => {
            in_teams(call, name, part, method).await
        }
        (Part::Invitations, "GET") => invitations::list(call).await,
        (Part::Invitations, "POST") => invitations::create(call, name).await,
        (Part::BulkInvitations, "POST") => bulk::create(call, name).await,
        (Part::Invitation(id), "DELETE") => invitations::revoke(call, name, id).await,
        (Part::Resend(id), "POST") => invitations::resend(call, name, id).await,
        (Part::Domains | Part::Domain(_) | Part::VerifyDomain(_), method) => in_domains(call, name, part, method).await,
        (Part::Links, "GET") => links::list(call).await,
        (Part::Links, "POST") => links::create(call, name).await,
        (Part::Link(id), "GET") => links::read(call, id).await,
        (Part::Link(id), "PATCH") => links::update(call, name, id).await,
        (Part::Link(id), "DELETE") => links::delete(call, name, id).await,
        (Part::Rotate(id), "POST") => links::rotate(call, name, id).await,
        (Part::JoinRequests, "GET") => join_requests::list(call).await,
        (Part::JoinRequests, "POST") => join_requests::ask(call, name).await,
        (Part::JoinRequest(id), "DELETE") | (Part::Withdraw(id), "POST") => {
            join_requests::withdraw(call, name, id).await
        }
        (Part::Approve(id), "POST") => join_requests::approve(call, name, id).await,
        (Part::Deny(id), "POST") => join_requests::deny(call, name, id).await,
        (part, method) => in_webhooks(call, name, part, method).await,
    }
}

async fn in_domains<S, C, E>(call: &Call<'_, S, C, E>, name: &str, part: &Part, method: &str) -> Result<Answer, Failure>
where
    S: Store + Upkeep,
    C: Cache,
    E: Entropy,
{
    match (part, method) {
        (Part::Domains, "GET") => domains::list(call).await,
        (Part::Domains, "POST") => domains::claim(call, name).await,
        (Part::Domain(id), "GET") => domains::read(call, id).await,
        (Part::Domain(id), "PATCH") => domains::change(call, name, id).await,
        (Part::Domain(id), "DELETE") => domains::delete(call, name, id).await,
        (Part::VerifyDomain(id), "POST") => domains::verify(call, name, id).await,
        _ => Err(Reason::MethodNotAllowed.into()),
    }
}

async fn in_teams<S, C, E>(call: &Call<'_, S, C, E>, name: &str, part: &Part, method: &str) -> Result<Answer, Failure>
where
    S: Store + Upkeep,
    C: Cache,
    E: Entropy,
{
    match (part, method) {
        (Part::Teams, "GET") => teams::list(call).await,
        (Part::Teams, "POST") => teams::create(call, name).await,
        (Part::Team(team), "GET") => teams::read(call, team).await,
        (Part::Team(team), "PATCH") => teams::update(call, name, team).await,
        (Part::Team(team), "DELETE") => teams::delete(call, name, team).await,
        (Part::TeamMembers(team), "GET") => team_members::list(call, team).await,
        (Part::TeamMember(team, user), "GET") => team_members::read(call, (team, user)).await,
        (Part::TeamMember(team, user), "PUT") => team_members::put(call, name, (team, user)).await,
        (Part::TeamMember(team, user), "DELETE") => team_members::remove(call, name, (team, user)).await,
        _ => Err(Reason::MethodNotAllowed.into()),
    }
}

async fn in_webhooks<S, C, E>(
    call: &Call<'_, S, C, E>,
    name: &str,
    part: &Part,
    method: &str,
) -> Result<Answer, Failure>
where
    S: Store + Upkeep,
    C: Cache,
    E: Entropy,
{
    match (part, method) {
        (Part::Webhooks, "GET") => webhooks::list(call).await,
        (Part::Webhooks, "POST") => webhooks::create(call, name).await,
        (Part::Webhook(id), "GET") => webhooks::read(call, id).await,
        (Part::Webhook(id), "PATCH") => webhooks::update(call, name, id).await,
        (Part::Webhook(id), "DELETE") => webhooks::delete(call, name, id).await,
        (Part::RotateWebhook(id), "POST") => webhooks::rotate(call, name, id).await,
        (Part::TestWebhook(id), "POST") => webhooks::test(call, name, id).await,
        (Part::Deliveries(id), "GET") => webhooks::deliveries(call, id).await,
        _ => Err(Reason::MethodNotAllowed.into()),
    }
}
