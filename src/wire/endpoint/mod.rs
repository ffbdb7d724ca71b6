//! Endpoints: one function for each method of each resource.
//!
//! Owns the translation of a request into a use case and back. Never a rule: whether something is
//! allowed is decided in `domain`, how it is shown in `present`.

mod bulk;
mod dev;
mod domains;
mod events;
mod export;
mod installation;
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
mod wanted;
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
        (Resource::DevSession, "GET") => dev::session(call),
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
        (Resource::Users, "GET") => installation::users(call).await,
        (Resource::Events, "GET") => installation::events(call).await,
        (Resource::Operations, "GET") => installation::operations(call).await,
        (Resource::User(user), "DELETE") => ownership::erase(call, user).await,
        (Resource::Within(name, part), method) => within(call, name, part, method).await,
        _ => Err(Reason::MethodNotAllowed.into()),
    }
}

/// What is asked of one organization: a command is read and carried out, all else is looked up.
async fn within<S, C, E>(call: &Call<'_, S, C, E>, name: &str, part: &Part, method: &str) -> Result<Answer, Failure>
where
    S: Store + Upkeep,
    C: Cache,
    E: Entropy,
{
    let wanted = match (part, method) {
        (_, "GET") | (Part::Check | Part::Passes | Part::BulkInvitations, _) => None,
        (Part::VerifyDomain(id), _) => Some(domains::verify(call, id).await?),
        _ => Some(wanted::read(call, part, method)?),
    };
    match wanted {
        Some(wanted) => call.command_within(name, wanted).await,
        None => shown(call, name, part, method).await,
    }
}

async fn shown<S, C, E>(call: &Call<'_, S, C, E>, name: &str, part: &Part, method: &str) -> Result<Answer, Failure>
where
    S: Store + Upkeep,
    C: Cache,
    E: Entropy,
{
    match (part, method) {
        (Part::Check, "POST") => members::check(call).await,
        (Part::Passes, "POST") => passes::create(call).await,
        (Part::BulkInvitations, "POST") => bulk::create(call, name).await,
        (_, "GET") => looked_up(call, part).await,
        _ => Err(Reason::MethodNotAllowed.into()),
    }
}

async fn looked_up<S, C, E>(call: &Call<'_, S, C, E>, part: &Part) -> Result<Answer, Failure>
where
    S: Store + Upkeep,
    C: Cache,
    E: Entropy,
{
    match part {
        Part::Whole => organizations::read(call).await,
        Part::Settings => settings::list(call).await,
        Part::Setting(key) => settings::read(call, key).await,
        Part::Members => members::list(call).await,
        Part::Member(user) => members::read(call, user).await,
        Part::Export => export::read(call).await,
        Part::Events => events::list(call).await,
        Part::EventsVerify => events::verify(call).await,
        Part::EventsExport => events::export(call).await,
        Part::Roles => roles::list(call).await,
        Part::Role(role) => roles::read(call, role).await,
        Part::Teams => teams::list(call).await,
        Part::Team(team) => teams::read(call, team).await,
        Part::TeamMembers(team) => team_members::list(call, team).await,
        Part::TeamMember(team, user) => team_members::read(call, (team, user)).await,
        Part::Invitations => invitations::list(call).await,
        Part::Domains => domains::list(call).await,
        Part::Domain(id) => domains::read(call, id).await,
        Part::Links => links::list(call).await,
        Part::Link(id) => links::read(call, id).await,
        Part::JoinRequests => join_requests::list(call).await,
        Part::Webhooks => webhooks::list(call).await,
        Part::Webhook(id) => webhooks::read(call, id).await,
        Part::Deliveries(id) => webhooks::deliveries(call, id).await,
        _ => Err(Reason::MethodNotAllowed.into()),
    }
}
