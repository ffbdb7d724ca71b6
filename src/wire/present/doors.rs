//! Links, join requests and registrations.

use super::{Shown, Viewer, card, member, organization_path, permissions, with};
use crate::app::execute::Executed;
use crate::app::ports::{LinkPreview, Requested};
use crate::domain::event::Event;
use crate::domain::id::{JoinRequestId, LinkId, UserId};
use crate::domain::join_request::{JoinRequest, JoinRequestState};
use crate::domain::link::InvitationLink;
use crate::domain::permission::Catalog;
use crate::domain::registration::Registration;
use crate::domain::resolve::Affiliation;
use crate::domain::table::Set;
use crate::domain::time::Timestamp;
use crate::wire::answer::LINK_TOKEN_PLACEHOLDER;
use serde_json::{Value, json};

/// A link as the organization's members see it.
pub fn link(link: &InvitationLink, now: Timestamp) -> Value {
    json!({
        "id": link.id,
        "organizationId": link.organization,
        "roles": link.roles,
        "state": link.state_at(now).as_str(),
        "disabled": link.disabled,
        "maxUses": link.max_uses,
        "uses": link.uses,
        "allowedDomains": link.allowed_domains,
        "invitedBy": link.invited_by,
        "createdAt": link.created_at.to_string(),
        "expiresAt": link.expires_at.to_string(),
    })
}

/// The same among others, where `void` are those whose maker could not make them any more.
pub fn listed_link(row: &InvitationLink, now: Timestamp, void: &Set<LinkId>) -> Value {
    with(link(row, now), "void", json!(void.contains(&row.id)))
}

/// A link as whoever holds its token sees it: not who else has come by it.
pub fn link_preview(preview: &LinkPreview, now: Timestamp) -> Value {
    let link = &preview.link;
    json!({
        "invitation": {
            "id": link.id,
            "kind": "link",
            "state": link.state_at(now).as_str(),
            "roles": link.roles,
            "allowedDomains": link.allowed_domains,
            "expiresAt": link.expires_at.to_string(),
        },
        "organization": { "name": preview.organization_name, "slug": preview.organization_slug },
        "inviter": { "name": preview.inviter_name },
    })
}

/// A join request as those see it who could let in.
pub fn join_request(request: &JoinRequest) -> Value {
    json!({
        "id": request.id,
        "organizationId": request.organization,
        "userId": request.user,
        "email": request.email,
        "name": request.name,
        "message": request.message,
        "state": request.state.as_str(),
        "decidedBy": request.decided_by,
        "createdAt": request.created_at.to_string(),
        "closedAt": request.closed_at.map(|at| at.to_string()),
    })
}

/// A join request as the one who asked sees it: not who decided, and what the organization is called only once
/// they are let in.
pub fn requested(requested: &Requested) -> Value {
    let approved = requested.request.state == JoinRequestState::Approved;
    let organization = json!({
        "id": requested.request.organization,
        "name": approved.then_some(&requested.organization_name),
        "slug": requested.organization_slug,
    });
    with(asked(&requested.request), "organization", organization)
}

fn asked(request: &JoinRequest) -> Value {
    with(join_request(request), "decidedBy", Value::Null)
}

pub(super) fn link_answer(executed: &Executed, id: LinkId, viewer: &Viewer) -> Shown {
    let found = executed.facts.links.get(&id);
    let mut body = found.map(|found| link(found, viewer.now)).unwrap_or_default();
    if viewer.token {
        body = with(body, "token", json!(LINK_TOKEN_PLACEHOLDER));
    }
    let created = executed.events.iter().any(|event| matches!(event, Event::LinkCreated { .. }));
    let path = format!("{}/invitation-links/{id}", organization_path(executed));
    if created { (201, body, Some(path)) } else { (200, body, None) }
}

pub(super) fn joined_by_link(executed: &Executed, (id, user): (LinkId, &UserId), catalog: &Catalog) -> Shown {
    let facts = &executed.facts;
    let found = facts.organization.as_ref().zip(facts.members.get(user));
    let body = found.map(|(organization, membership)| {
        let affiliation = Affiliation::of(organization, membership, &facts.roles);
        json!({
            "linkId": id,
            "organization": card(&affiliation),
            "membership": member(membership, &organization.owner),
            "roles": affiliation.known_roles(catalog),
            "permissions": permissions(&affiliation, catalog),
        })
    });
    (200, body.unwrap_or_default(), None)
}

/// The one who asked is shown less than the one who decides; a new membership is shown with its request.
pub(super) fn request_answer(executed: &Executed, id: JoinRequestId, viewer: &Viewer) -> Shown {
    let facts = &executed.facts;
    let Some(request) = facts.join_requests.get(&id) else { return (200, json!({}), None) };
    if request.user == viewer.user {
        let created = executed.events.iter().any(|event| matches!(event, Event::JoinRequested { .. }));
        let path = format!("{}/join-requests/{id}", organization_path(executed));
        return if created { (201, asked(request), Some(path)) } else { (200, asked(request), None) };
    }
    let owner = facts.organization.as_ref().map(|organization| &organization.owner);
    let joined = facts.members.get(&request.user).zip(owner).map(|(found, owner)| member(found, owner));
    (200, with(join_request(request), "membership", joined.unwrap_or_default()), None)
}

/// Rule: the answer to a registration is the same for every address.
pub(super) fn registered(expires_at: Timestamp) -> Shown {
    (202, json!({ "state": "pending", "expiresAt": expires_at.to_string() }), None)
}

/// A registration, for the audit log of what it founded.
pub fn registration(registration: &Registration) -> Value {
    json!({
        "id": registration.id,
        "email": registration.email,
        "createdAt": registration.created_at.to_string(),
        "expiresAt": registration.expires_at.to_string(),
        "activatedBy": registration.activated_by,
    })
}
