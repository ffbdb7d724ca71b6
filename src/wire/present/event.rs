//! Events of the audit log, as those who may read it see them.
//!
//! Owns their public names and fields. Never shows a digest, of which the log has some.

use super::lifecycle;
use crate::app::ports::Recorded;
use crate::app::trial::Sight;
use crate::domain::audit::event_id;
use crate::domain::event::{Event, about_teams, about_webhooks};
use crate::domain::id::UserId;
use crate::domain::invitation::Invitation;
use crate::domain::link::InvitationLink;
use crate::domain::membership::Membership;
use crate::domain::organization::Organization;
use crate::wire::present;
use serde_json::{Value, json};

/// An event with its place in the log.
pub fn recorded(event: &Recorded) -> Value {
    json!({
        "id": event_id(event.organization, event.seq, event.at, event.index),
        "organizationId": event.organization,
        "seq": event.seq,
        "at": event.at.to_string(),
        "actor": actor(event),
        "action": event.action,
        "type": event.event.name(),
        "data": data(&event.event),
        "hash": event.hash,
    })
}

/// By whom: an operator key is named beside the user for whom it acted.
fn actor(event: &Recorded) -> Value {
    let shown = json!({ "id": event.actor, "kind": event.actor_kind });
    event.operator.iter().fold(shown, |shown, name| present::with(shown, "via", json!({ "operator": name })))
}

/// An event that has no place in a log.
pub fn single(event: &Event) -> Value {
    json!({ "type": event.name(), "data": data(event) })
}

/// An event that would happen. Rule: of somebody whom the caller may not see it says only that it would; what
/// the answer shows of them all the same is in the answer.
pub fn tried(event: &Event, sight: &Sight) -> Value {
    let seen = match event {
        about_teams!() => person(event).is_none_or(|user| sight.of_team_member(user)),
        _ => person(event).is_none_or(|user| sight.of_member(user)),
    };
    if seen { single(event) } else { json!({ "type": event.name(), "data": {} }) }
}

/// Whom an event is about, or who stands behind it. Whoever made a thing is told with the thing, to whoever
/// changes it.
fn person(event: &Event) -> Option<&UserId> {
    match event {
        Event::MemberAdded { member } | Event::OrganizationCreated { owner: member, .. } => Some(&member.user),
        Event::TeamMemberAdded { member } => Some(&member.user),
        Event::MemberRemoved { user }
        | Event::MemberLeft { user }
        | Event::MemberErased { user }
        | Event::MemberExpired { user }
        | Event::MemberSuspended { user }
        | Event::MemberReactivated { user }
        | Event::MemberEmailVerified { user, .. }
        | Event::MemberTitleChanged { user, .. }
        | Event::MemberTermChanged { user, .. }
        | Event::RolesChanged { user, .. }
        | Event::TeamMemberRolesChanged { user, .. }
        | Event::TeamMemberRemoved { user, .. }
        | Event::InvitationAccepted { user, .. }
        | Event::InvitationDeclined { user, .. } => Some(user),
        Event::LinkUsed { link, .. } => Some(&link.invited_by),
        Event::InvitationCreated { invitation } => Some(&invitation.invited_by),
        Event::InvitationResent { invited_by, .. } => Some(invited_by),
        Event::OwnershipNominated { nomination } => Some(&nomination.to),
        Event::NominationEnded { to, .. } | Event::OwnershipTransferred { to, .. } => Some(to),
        Event::JoinRequested { request }
        | Event::JoinRequestApproved { request }
        | Event::JoinRequestDenied { request }
        | Event::JoinRequestWithdrawn { request } => Some(&request.user),
        _ => None,
    }
}

/// What an event says. No wildcard: a new event must say what it shows.
fn data(event: &Event) -> Value {
    match event {
        Event::OrganizationCreated { organization: made, owner } => {
            json!({ "organization": organization(made), "owner": member(owner) })
        }
        Event::OrganizationRenamed { name } => json!({ "name": name }),
        Event::SlugChanged { from, to } => json!({ "from": from, "to": to }),
        Event::DetailsChanged { metadata, settings, logo_url } => {
            json!({ "metadata": metadata, "settings": settings, "logoUrl": logo_url })
        }
        Event::OrganizationDeactivated {}
        | Event::OrganizationActivated {}
        | Event::OrganizationRestored {}
        | Event::OrganizationPurged {} => json!({}),
        Event::SeatsChanged { .. }
        | Event::RequirementsChanged { .. }
        | Event::OrganizationDeleted { .. }
        | Event::OwnershipNominated { .. }
        | Event::NominationEnded { .. } => lifecycle::event(event),
        Event::OwnershipTransferred { from, to } => json!({ "from": from, "to": to }),
        Event::MemberAdded { .. }
        | Event::MemberRemoved { .. }
        | Event::MemberLeft { .. }
        | Event::MemberErased { .. }
        | Event::MemberExpired { .. }
        | Event::MemberSuspended { .. }
        | Event::MemberReactivated { .. }
        | Event::MemberEmailVerified { .. }
        | Event::MemberTitleChanged { .. }
        | Event::MemberTermChanged { .. } => of_member(event),
        Event::RoleCreated { role } | Event::RoleChanged { role } => json!({ "role": present::custom_role(role) }),
        Event::RoleDeleted { role, key, moved_to } => json!({ "roleId": role, "key": key, "movedTo": moved_to }),
        about_teams!() => present::team::event(event),
        Event::RolesChanged { user, from, to } => json!({ "userId": user, "from": from, "to": to }),
        Event::InvitationCreated { .. }
        | Event::InvitationResent { .. }
        | Event::InvitationRevoked { .. }
        | Event::InvitationSuperseded { .. }
        | Event::InvitationExpired { .. }
        | Event::InvitationAccepted { .. }
        | Event::InvitationDeclined { .. } => of_invitation(event),
        Event::DomainCreated { domain }
        | Event::DomainVerified { domain }
        | Event::DomainChanged { domain }
        | Event::DomainChecked { domain }
        | Event::DomainLapsed { domain } => json!({ "domain": present::domain(domain) }),
        Event::DomainDeleted { domain } => json!({ "domainId": domain }),
        Event::LinkCreated { .. }
        | Event::LinkChanged { .. }
        | Event::LinkRotated { .. }
        | Event::LinkUsed { .. }
        | Event::LinkDeleted { .. }
        | Event::JoinRequested { .. }
        | Event::JoinRequestApproved { .. }
        | Event::JoinRequestDenied { .. }
        | Event::JoinRequestWithdrawn { .. }
        | Event::RegistrationCreated { .. }
        | Event::RegistrationActivated { .. }
        | Event::JoinRequestsSwitched { .. } => of_doors(event),
        about_webhooks!() => present::webhook::event(event),
    }
}

fn of_member(event: &Event) -> Value {
    match event {
        Event::MemberAdded { member: added } => json!({ "member": member(added) }),
        Event::MemberRemoved { user }
        | Event::MemberLeft { user }
        | Event::MemberErased { user }
        | Event::MemberExpired { user }
        | Event::MemberSuspended { user }
        | Event::MemberReactivated { user } => json!({ "userId": user }),
        Event::MemberEmailVerified { user, email } => json!({ "userId": user, "email": email }),
        Event::MemberTitleChanged { user, title } => json!({ "userId": user, "title": title }),
        Event::MemberTermChanged { user, until } => {
            json!({ "userId": user, "until": until.map(|until| until.to_string()) })
        }
        _ => json!({}),
    }
}

fn of_invitation(event: &Event) -> Value {
    match event {
        Event::InvitationCreated { invitation: made } => json!({ "invitation": invitation(made) }),
        Event::InvitationResent { invitation, invited_by, generation, expires_at, digest: _ } => json!({
            "invitationId": invitation,
            "invitedBy": invited_by,
            "generation": generation,
            "expiresAt": expires_at.to_string(),
        }),
        Event::InvitationRevoked { invitation, at: _ }
        | Event::InvitationSuperseded { invitation, at: _ }
        | Event::InvitationExpired { invitation, at: _ } => json!({ "invitationId": invitation }),
        Event::InvitationAccepted { invitation, user, at: _ }
        | Event::InvitationDeclined { invitation, user, at: _ } => {
            json!({ "invitationId": invitation, "userId": user })
        }
        _ => json!({}),
    }
}

fn of_doors(event: &Event) -> Value {
    match event {
        Event::LinkCreated { link: made } | Event::LinkChanged { link: made } | Event::LinkRotated { link: made } => {
            json!({ "link": link(made) })
        }
        Event::LinkUsed { link, user } => json!({ "linkId": link.id, "userId": user, "uses": link.uses }),
        Event::LinkDeleted { link } => json!({ "linkId": link }),
        Event::JoinRequested { request }
        | Event::JoinRequestApproved { request }
        | Event::JoinRequestDenied { request }
        | Event::JoinRequestWithdrawn { request } => json!({ "joinRequest": present::join_request(request) }),
        Event::RegistrationCreated { registration } | Event::RegistrationActivated { registration } => {
            json!({ "registration": present::registration(registration) })
        }
        Event::JoinRequestsSwitched { to } => json!({ "joinRequests": to }),
        _ => json!({}),
    }
}

/// What it is at which instant is not said: the log says what was done.
fn link(made: &InvitationLink) -> Value {
    let mut shown = present::link(made, made.created_at);
    shown.as_object_mut().map(|fields| fields.remove("state"));
    shown
}

fn organization(made: &Organization) -> Value {
    json!({
        "id": made.id,
        "slug": made.slug,
        "name": made.name,
        "state": made.state,
        "ownerId": made.owner,
        "metadata": made.metadata,
        "settings": made.settings,
        "logoUrl": made.logo_url,
        "seatLimit": made.seat_limit,
        "personal": made.personal,
    })
}

/// As it was stored: who owns the organization is said by the organization.
fn member(added: &Membership) -> Value {
    json!({
        "id": added.id,
        "userId": added.user,
        "email": added.email,
        "emailVerified": added.email_verified,
        "name": added.name,
        "roles": added.roles,
        "kind": added.kind,
        "title": added.title,
        "until": added.until.map(|until| until.to_string()),
        "joinedAt": added.joined_at.to_string(),
    })
}

fn invitation(made: &Invitation) -> Value {
    let mut shown = present::invitation(made, made.created_at);
    shown.as_object_mut().map(|fields| fields.remove("organizationId"));
    shown
}
