//! Presentation: the only place that knows the public field names.
//!
//! Never shows a digest; a token stands as a placeholder that is filled when the answer leaves.

pub mod bulk;
pub mod event;
mod resolution;

pub use resolution::{findings, offer, resolution};

use super::answer::{Presented, TOKEN_PLACEHOLDER};
use crate::app::execute::Executed;
use crate::app::ports::{Invited, Listed};
use crate::domain::decision::Outcome;
use crate::domain::id::UserId;
use crate::domain::invitation::Invitation;
use crate::domain::membership::{Membership, permissions_of};
use crate::domain::organization::{Organization, OrganizationState};
use crate::domain::permission::PermissionSet;
use crate::domain::principal::Principal;
use crate::domain::resolve::Affiliation;
use crate::domain::role::Role;
use crate::domain::suppression::Suppression;
use crate::domain::time::Timestamp;
use serde_json::{Value, json};

/// What a command's answer depends on besides what it did.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Who looks.
    pub user: UserId,
    /// When.
    pub now: Timestamp,
    /// Whether the answer shows the token that the command made.
    pub token: bool,
}

/// The answer to a command.
pub fn executed(executed: &Executed, viewer: &Viewer) -> Presented {
    let (status, body, location) = match &executed.outcome {
        Outcome::Created => (201, own_organization(executed, viewer), Some(organization_path(executed))),
        Outcome::Organization => (200, own_organization(executed, viewer), None),
        Outcome::Deleted => (200, json!({ "id": executed.organization, "deleted": true }), None),
        Outcome::Removed => (200, json!({ "organizationId": executed.organization, "removed": true }), None),
        Outcome::Member { user, created } => member_answer(executed, user, *created),
        Outcome::Invitation { invitation } => invitation_answer(executed, *invitation, viewer),
        // Shown by line, with what the lines of the request said: see `bulk`.
        Outcome::Invitations { lines } => (200, json!({ "data": lines }), None),
        Outcome::Joined { invitation, user } => joined(executed, *invitation, user),
        // Less than members see: whoever holds a link may say no to it.
        Outcome::Declined { invitation, suppression } => {
            let suppressed = suppression.as_ref().map(|wish| wish.scope().as_str());
            (200, json!({ "invitationId": invitation, "state": "declined", "suppressed": suppressed }), None)
        }
        Outcome::Swept { closed } => (200, json!({ "closed": closed }), None),
        Outcome::Imported { status, added } => (200, json!({ "status": status, "membersAdded": added }), None),
    };
    let version = executed.version;
    Presented { status, body: with(body, "version", json!(version)), version, location }
}

fn organization_path(executed: &Executed) -> String {
    format!("/v1/organizations/{}", executed.organization)
}

fn own_organization(executed: &Executed, viewer: &Viewer) -> Value {
    let Some(organization) = &executed.facts.organization else { return json!({}) };
    let roles = executed.facts.members.get(&viewer.user).map(|member| member.effective_roles(organization));
    self::organization(organization, &roles.unwrap_or_default())
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
    viewer: &Viewer,
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

fn joined(executed: &Executed, id: crate::domain::id::InvitationId, user: &UserId) -> (u16, Value, Option<String>) {
    let facts = &executed.facts;
    let found = facts.organization.as_ref().zip(facts.members.get(user));
    let body = found.map(|(organization, membership)| {
        let roles = membership.effective_roles(organization);
        json!({
            "invitationId": id,
            "organization": card(&Affiliation::of(organization, membership)),
            "membership": member(membership, &organization.owner),
            "roles": roles,
            "permissions": permissions(permissions_of(&roles)),
        })
    });
    (200, body.unwrap_or_default(), None)
}

/// An organization as one of its members sees it.
pub fn organization(organization: &Organization, roles: &[Role]) -> Value {
    json!({
        "id": organization.id,
        "slug": organization.slug,
        "name": organization.name,
        "state": state(organization.state),
        "ownerId": organization.owner,
        "version": organization.version,
        "metadata": organization.metadata,
        "settings": organization.settings,
        "logoUrl": organization.logo_url,
        "memberCount": organization.member_count,
        "pendingInvitationCount": organization.pending_count,
        "seatLimit": organization.seat_limit,
        "createdAt": organization.created_at.to_string(),
        "updatedAt": organization.updated_at.to_string(),
        "roles": roles,
        "permissions": permissions(permissions_of(roles)),
    })
}

/// An organization in a list of the caller's.
pub fn listed(listed: &Listed) -> Value {
    organization(&listed.organization, &listed.roles())
}

/// A member.
pub fn member(membership: &Membership, owner: &UserId) -> Value {
    let roles = if membership.user == *owner { vec![Role::Owner] } else { membership.roles.iter().collect() };
    json!({
        "id": membership.id,
        "organizationId": membership.organization,
        "userId": membership.user,
        "email": membership.email,
        "name": membership.name,
        "roles": roles,
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
        "organization": { "id": invitation.organization, "name": invited.organization_name, "slug": invited.organization_slug },
        "inviter": { "name": invited.inviter_name },
        "createdAt": invitation.created_at.to_string(),
        "expiresAt": invitation.expires_at.to_string(),
    })
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
        "organization": { "name": invited.organization_name, "slug": invited.organization_slug },
        "inviter": { "name": invited.inviter_name },
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
        "name": principal.name,
        "kind": principal.kind,
    })
}

/// One of the caller's memberships.
pub fn affiliation(affiliation: &Affiliation) -> Value {
    json!({
        "id": affiliation.membership,
        "organization": card(affiliation),
        "roles": affiliation.roles,
        "permissions": permissions(affiliation.permissions()),
        "version": affiliation.version,
    })
}

fn card(affiliation: &Affiliation) -> Value {
    json!({
        "id": affiliation.organization,
        "slug": affiliation.slug,
        "name": affiliation.name,
        "state": state(affiliation.state),
        "ownerId": affiliation.owner,
        "version": affiliation.version,
    })
}

/// Permissions by their public names.
pub fn permissions(set: PermissionSet) -> Vec<&'static str> {
    set.iter().map(|permission| permission.as_str()).collect()
}

fn state(state: OrganizationState) -> &'static str {
    match state {
        OrganizationState::Active => "active",
        OrganizationState::Inactive => "inactive",
    }
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
