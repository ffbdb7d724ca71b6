//! Presentation: the only place that knows the public field names.
//!
//! Never shows a digest; a token stands as a placeholder that is filled when the answer leaves.

pub mod bulk;
mod domain;
mod doors;
pub mod event;
mod held;
pub mod installation;
mod lifecycle;
mod resolution;
mod role;
pub mod team;
mod trial;
pub mod webhook;

pub use domain::{domain, joinable};
pub use doors::{join_request, link, link_preview, listed_link, registration, requested};
pub use held::held_roles;
use resolution::card;
pub use resolution::{View, findings, offer, resolution};
pub use role::{built_in_role, custom_role, declared_role, unknown_role};
pub use trial::{erasure, trial};
pub use webhook::{delivery, outgoing, webhook};

/// Status, body, and where what was made can be found.
type Shown = (u16, Value, Option<String>);

use super::answer::{Presented, TOKEN_PLACEHOLDER};
use super::query::page;
use crate::app::execute::Executed;
use crate::app::ports::{Invited, Listed};
use crate::domain::decision::Outcome;
use crate::domain::id::{DomainId, InvitationId, UserId};
use crate::domain::invitation::Invitation;
use crate::domain::membership::Membership;
use crate::domain::organization::Organization;
use crate::domain::permission::{Catalog, Permission};
use crate::domain::principal::Principal;
use crate::domain::requirements::Proof;
use crate::domain::resolve::Affiliation;
use crate::domain::role::RoleKey;
use crate::domain::suppression::Suppression;
use crate::domain::table::Set;
use crate::domain::time::Timestamp;
use serde_json::{Value, json};

/// What a command's answer depends on besides what it did.
#[derive(Debug, Clone)]
pub struct Viewer<'a> {
    /// Who looks.
    pub user: UserId,
    /// Whether they are an operator.
    pub platform_admin: bool,
    /// When.
    pub now: Timestamp,
    /// The permissions that exist.
    pub catalog: &'a Catalog,
    /// Whether the answer shows the token that the command made.
    pub token: bool,
}

/// The answer to a command.
pub fn executed(executed: &Executed, viewer: &Viewer<'_>) -> Presented {
    let (status, body, location) = match &executed.outcome {
        Outcome::Created => (201, own_organization(executed, viewer), Some(organization_path(executed))),
        Outcome::Organization => (200, own_organization(executed, viewer), None),
        Outcome::Deleted => (200, lifecycle::deleted(executed), None),
        // Told of all organizations together.
        Outcome::Erased { .. } => (200, json!({}), None),
        Outcome::Removed => (200, json!({ "organizationId": executed.organization, "removed": true }), None),
        Outcome::Member { user, created } => member_answer(executed, user, *created),
        Outcome::Invitation { invitation } => invitation_answer(executed, *invitation, viewer),
        // Shown by line, with what the lines of the request said: see `bulk`.
        Outcome::Invitations { lines } => (200, json!({ "data": lines }), None),
        Outcome::Joined { invitation, user } => joined(executed, (*invitation, user), viewer.catalog),
        // Less than members see: whoever holds a link may say no to it.
        Outcome::Declined { invitation, suppression } => {
            let suppressed = suppression.as_ref().map(|wish| wish.scope().as_str());
            (200, json!({ "invitationId": invitation, "state": "declined", "suppressed": suppressed }), None)
        }
        Outcome::Role { key } => role_answer(executed, key),
        Outcome::RoleDeleted { role, moved, moved_in_teams: in_teams } => {
            let moved = json!({ "id": role, "deleted": true, "membersMoved": moved, "teamMembersMoved": in_teams });
            (200, moved, None)
        }
        Outcome::Team { team } => team::answer(executed, *team),
        Outcome::TeamDeleted { team, below } => {
            (200, json!({ "id": team, "deleted": true, "subteamsDeleted": below }), None)
        }
        Outcome::TeamMember { team, user } => team::member_answer(executed, *team, user),
        Outcome::TeamMemberRemoved { team, user } => {
            (200, json!({ "teamId": team, "userId": user, "removed": true }), None)
        }
        Outcome::Invited { invitation } => (202, json!({ "state": "invited", "invitationId": invitation }), None),
        Outcome::Domain { domain, created } => domain_answer(executed, *domain, *created),
        Outcome::DomainDeleted { domain } => (200, json!({ "id": domain, "deleted": true }), None),
        Outcome::Link { link } => doors::link_answer(executed, *link, viewer),
        Outcome::LinkDeleted { link } => (200, json!({ "id": link, "deleted": true }), None),
        Outcome::JoinedByLink { link, user } => doors::joined_by_link(executed, (*link, user), viewer.catalog),
        Outcome::JoinRequest { request } => doors::request_answer(executed, *request, viewer),
        Outcome::Registered { expires_at } => doors::registered(*expires_at),
        Outcome::Webhook { webhook: id } => webhook::answer(executed, *id, viewer),
        Outcome::WebhookDeleted { webhook } => (200, json!({ "id": webhook, "deleted": true }), None),
        Outcome::WebhookTested { webhook: id, message } => webhook::tested(executed, (*id, *message), viewer.now),
        Outcome::Swept { closed } => (200, json!({ "closed": closed }), None),
        Outcome::Imported { status, added } => (200, json!({ "status": status, "membersAdded": added }), None),
    };
    let version = Some(executed.version).filter(|_| !is_strangers(executed, viewer));
    let body = version.into_iter().fold(body, |body, version| with(body, "version", json!(version)));
    Presented { status, body, version, location }
}

/// Rule: who is outside and asks to be let in learns of their request, and nothing of the organization.
fn is_strangers(executed: &Executed, viewer: &Viewer<'_>) -> bool {
    let asks = matches!(executed.outcome, Outcome::JoinRequest { .. } | Outcome::Invited { .. });
    let inside = executed.facts.members.contains_key(&viewer.user) || viewer.platform_admin;
    asks && !inside
}

fn domain_answer(executed: &Executed, id: DomainId, created: bool) -> (u16, Value, Option<String>) {
    let shown = executed.facts.domains.get(&id).map(domain).unwrap_or_default();
    let path = format!("{}/domains/{id}", organization_path(executed));
    if created { (201, shown, Some(path)) } else { (200, shown, None) }
}

fn organization_path(executed: &Executed) -> String {
    format!("/v1/organizations/{}", executed.organization)
}

fn own_organization(executed: &Executed, viewer: &Viewer<'_>) -> Value {
    let facts = &executed.facts;
    let found = facts.organization.as_ref().zip(facts.members.get(&viewer.user));
    let shown = found.map(|(organization, member)| {
        self::organization(organization, &Affiliation::of(organization, member, &facts.roles), viewer.catalog)
    });
    // Who is no member and may change it all the same is an operator.
    shown.or_else(|| facts.organization.as_ref().map(itself)).unwrap_or_else(|| json!({}))
}

fn role_answer(executed: &Executed, key: &RoleKey) -> (u16, Value, Option<String>) {
    let shown = executed.facts.roles.get(key).map(custom_role).unwrap_or_default();
    let created = executed.events.iter().any(|event| matches!(event, crate::domain::event::Event::RoleCreated { .. }));
    let path = format!("{}/roles/{key}", organization_path(executed));
    if created { (201, shown, Some(path)) } else { (200, shown, None) }
}

fn member_answer(executed: &Executed, user: &UserId, created: bool) -> (u16, Value, Option<String>) {
    let owner = executed.facts.organization.as_ref().map(|organization| &organization.owner);
    let shown = executed.facts.members.get(user).zip(owner).map(|(found, owner)| member(found, owner));
    let path = format!("{}/members/{}", organization_path(executed), encode(user.as_str()));
    let body = with(shown.unwrap_or_default(), "created", json!(created));
    if created { (201, body, Some(path)) } else { (200, body, None) }
}

fn invitation_answer(
    executed: &Executed,
    id: crate::domain::id::InvitationId,
    viewer: &Viewer<'_>,
) -> (u16, Value, Option<String>) {
    let found = executed.facts.invitations.get(&id);
    let mut body = found.map(|found| invitation(found, viewer.now)).unwrap_or_default();
    if viewer.token {
        body = with(body, "token", json!(TOKEN_PLACEHOLDER));
    }
    let created =
        executed.events.iter().any(|event| matches!(event, crate::domain::event::Event::InvitationCreated { .. }));
    let path = format!("{}/invitations/{id}", organization_path(executed));
    if created { (201, body, Some(path)) } else { (200, body, None) }
}

fn joined(
    executed: &Executed,
    (id, user): (crate::domain::id::InvitationId, &UserId),
    catalog: &Catalog,
) -> (u16, Value, Option<String>) {
    let facts = &executed.facts;
    let found = facts.organization.as_ref().zip(facts.members.get(user));
    let body = found.map(|(organization, membership)| {
        let affiliation = Affiliation::of(organization, membership, &facts.roles);
        json!({
            "invitationId": id,
            "organization": card(&affiliation),
            "membership": member(membership, &organization.owner),
            "roles": affiliation.known_roles(catalog),
            "permissions": permissions(&affiliation, catalog),
        })
    });
    (200, body.unwrap_or_default(), None)
}

/// An organization as one of its members sees it, with what they may do there.
pub fn organization(organization: &Organization, affiliation: &Affiliation, catalog: &Catalog) -> Value {
    with(seen(organization, affiliation, catalog), "permissions", json!(permissions(affiliation, catalog)))
}

/// An organization as one of its members sees it.
fn seen(organization: &Organization, affiliation: &Affiliation, catalog: &Catalog) -> Value {
    let shown = with_roles(itself(organization), affiliation, catalog);
    let manages = affiliation.powers(catalog).permissions().contains(Permission::OrganizationUpdate);
    lifecycle::with_confidential(shown, organization, (&affiliation.user, manages))
}

/// What an organization is, whoever looks.
fn itself(organization: &Organization) -> Value {
    json!({
        "id": organization.id,
        "slug": organization.slug,
        "name": organization.name,
        "state": organization.standing(),
        "ownerId": organization.owner,
        "version": organization.version,
        "metadata": organization.metadata,
        "logoUrl": organization.logo_url,
        "memberCount": organization.member_count,
        "pendingInvitationCount": organization.pending_count,
        "seatLimit": organization.seat_limit,
        "joinRequests": organization.join_requests.as_str(),
        "countPending": !organization.pending_free,
        "personal": organization.personal,
        "requirements": organization.requirements,
        "deletedAt": organization.deletion.as_ref().map(|deletion| deletion.at.to_string()),
        "deletedBy": organization.deletion.as_ref().map(|deletion| &deletion.by),
        "purgeAt": organization.deletion.as_ref().map(|deletion| deletion.purge_at.to_string()),
        "createdAt": organization.created_at.to_string(),
        "updatedAt": organization.updated_at.to_string(),
    })
}

/// A page of the caller's organizations, and what the roles in it allow.
pub fn organizations(rows: &[Listed], next: Option<String>, (catalog, proof): (&Catalog, Proof)) -> Value {
    let affiliations: Vec<Affiliation> = rows.iter().map(|row| row.affiliation().shown_by(proof)).collect();
    let shown =
        rows.iter().zip(&affiliations).map(|(row, affiliation)| listed(&row.organization, affiliation, catalog));
    with(page(shown.collect(), next), "roles", json!(held_roles(&affiliations, catalog)))
}

/// An organization in a list of the caller's. Rule: a list shows no more than reading it would; of what the
/// caller may not read, that they are in it and why they may not.
fn listed(organization: &Organization, affiliation: &Affiliation, catalog: &Catalog) -> Value {
    let shown = seen(organization, affiliation, catalog);
    if affiliation.require_in_force().is_ok() {
        return shown;
    }
    let shown = with(lifecycle::outside(shown), "membershipState", json!(affiliation.membership_state));
    with(shown, "requirementsMissing", json!(affiliation.unmet.names()))
}

/// A member.
pub fn member(membership: &Membership, owner: &UserId) -> Value {
    let roles =
        if membership.user == *owner { vec![RoleKey::owner()] } else { membership.roles.iter().cloned().collect() };
    json!({
        "id": membership.id,
        "organizationId": membership.organization,
        "userId": membership.user,
        "email": membership.email,
        "emailVerified": membership.email_verified,
        "name": membership.name,
        "roles": roles,
        "state": membership.state,
        "kind": membership.kind,
        "title": membership.title,
        "until": membership.until.map(|until| until.to_string()),
        "joinedAt": membership.joined_at.to_string(),
    })
}

/// An invitation as the organization's members see it.
pub fn invitation(invitation: &Invitation, now: Timestamp) -> Value {
    json!({
        "id": invitation.id,
        "organizationId": invitation.organization,
        "email": invitation.email,
        "roles": invitation.roles,
        "teams": invitation.teams,
        "state": invitation.state_at(now).as_str(),
        "invitedBy": invitation.invited_by,
        "message": invitation.message,
        "locale": invitation.locale,
        "createdAt": invitation.created_at.to_string(),
        "expiresAt": invitation.expires_at.to_string(),
        "closedAt": invitation.closed_at.map(|at| at.to_string()),
    })
}

/// An invitation as the invited person sees it, signed in under the invited address.
pub fn received(invited: &Invited, now: Timestamp) -> Value {
    let invitation = &invited.invitation;
    json!({
        "id": invitation.id,
        "state": invitation.state_at(now).as_str(),
        "email": invitation.email,
        "roles": invitation.roles,
        "message": invitation.message,
        "organization": { "id": invitation.organization, "name": invited.organization.name, "slug": invited.organization.slug },
        "inviter": { "name": invited.inviter_name() },
        "createdAt": invitation.created_at.to_string(),
        "expiresAt": invitation.expires_at.to_string(),
    })
}

/// An invitation among others, where `void` are those whose inviter could not give them any more.
pub fn listed_invitation(row: &Invitation, now: Timestamp, void: &Set<InvitationId>) -> Value {
    with(invitation(row, now), "void", json!(void.contains(&row.id)))
}

/// An invitation as whoever holds its token sees it, before they say who they are.
pub fn preview(invited: &Invited, now: Timestamp) -> Value {
    let invitation = &invited.invitation;
    json!({
        "invitation": {
            "id": invitation.id,
            "state": invitation.state_at(now).as_str(),
            "roles": invitation.roles,
            "message": invitation.message,
            "maskedEmail": invitation.email.masked(),
            "expiresAt": invitation.expires_at.to_string(),
        },
        "organization": { "name": invited.organization.name, "slug": invited.organization.slug },
        "inviter": { "name": invited.inviter_name() },
    })
}

/// A wish of the caller's not to be invited.
pub fn suppression(wish: &Suppression) -> Value {
    let organization = wish.organization.map(|id| json!({ "id": id, "name": wish.organization_name }));
    json!({ "scope": wish.scope().as_str(), "organization": organization, "since": wish.since.to_string() })
}

/// The caller.
pub fn principal(principal: &Principal) -> Value {
    json!({
        "userId": principal.user_id,
        "email": principal.email,
        "emailVerified": principal.email_verified,
        "mfa": principal.mfa,
        "name": principal.name,
        "kind": principal.kind,
    })
}

/// The caller's roles, and the keys beside them that name no role any more, where there are some.
fn with_roles(body: Value, affiliation: &Affiliation, catalog: &Catalog) -> Value {
    let body = with(body, "roles", json!(affiliation.known_roles(catalog)));
    let unknown = affiliation.unknown_roles(catalog);
    if unknown.is_empty() { body } else { with(body, "unknownRoles", json!(unknown)) }
}

/// One of the caller's memberships, among others: what its roles allow is said beside them ([`held_roles`]).
pub fn affiliation(affiliation: &Affiliation, catalog: &Catalog) -> Value {
    let shown = json!({
        "id": affiliation.membership,
        "organization": card(affiliation),
        "state": affiliation.membership_state,
        "until": affiliation.until.map(|until| until.to_string()),
        "requirementsMissing": affiliation.unmet.names(),
        "version": affiliation.version,
    });
    with_roles(shown, affiliation, catalog)
}

/// What the caller is in the organization of a request, and may do there.
pub fn current(found: &Affiliation, catalog: &Catalog) -> Value {
    with(affiliation(found, catalog), "permissions", json!(permissions(found, catalog)))
}

/// What an affiliation allows, by public names.
pub fn permissions<'a>(affiliation: &Affiliation, catalog: &'a Catalog) -> Vec<&'a str> {
    catalog.names(affiliation.powers(catalog).permissions())
}

/// The same body with a field more.
pub fn with(mut body: Value, name: &str, value: Value) -> Value {
    if let Some(fields) = body.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
    body
}

/// A path segment; user ids may hold anything.
fn encode(segment: &str) -> String {
    percent_encoding::utf8_percent_encode(segment, percent_encoding::NON_ALPHANUMERIC).to_string()
}
