//! What a verified domain opens to somebody who asks.
//!
//! Owns the two policies that answer at once: `invite` and `join`. `request` lets ask, which
//! `join_request` does.

use super::answer::require_seat;
use super::invitation::pending_for;
use crate::domain::claim::{DomainPolicy, policy_for};
use crate::domain::command::{AskToJoin, Command, DomainDoor};
use crate::domain::decision::{Decision, Notice, NoticeKind, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::email::Email;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::invitation::{Invitation, InvitationState};
use crate::domain::membership::Membership;
use crate::domain::organization::Organization;
use crate::domain::policy::Policy;
use crate::domain::principal::Principal;
use crate::domain::quota;
use crate::domain::role::Roles;
use crate::domain::table::Set;
use crate::domain::time::Timestamp;

/// What the caller's address opens. Rule: who has left or was removed may ask and no more: somebody's
/// decision stands until somebody decides otherwise.
pub(super) fn policy(facts: &Facts, actor: &Principal) -> DomainPolicy {
    match policy_for(facts.domains.values(), actor) {
        DomainPolicy::Invite | DomainPolicy::Join if facts.departed.contains(&actor.user_id) => DomainPolicy::Request,
        policy => policy,
    }
}

/// Answers at once, if the domain says so; `None` leaves it at asking.
pub(super) fn answer(
    policy: &Policy,
    facts: &Facts,
    command: &Command,
    (ask, now): (&AskToJoin, Timestamp),
) -> Result<Option<Decision>, Denial> {
    let organization = facts.organization.as_ref().ok_or(Reason::NotFound)?;
    let (Some(door), Some(email)) = (&ask.door, command.actor.verified_email()) else { return Ok(None) };
    match self::policy(facts, &command.actor) {
        DomainPolicy::Join => join(facts, organization, &command.actor, (door, email, now)).map(Some),
        DomainPolicy::Invite => {
            let person = &command.actor.user_id;
            quota::require(facts, &policy.invitations, (organization.id, person, email), now)?;
            quota::require_pending(organization.pending_count, &policy.invitations, now)?;
            invite(facts, organization, (door, email, now)).map(Some)
        }
        DomainPolicy::Off | DomainPolicy::Request => Ok(None),
    }
}

/// Rule: a plain member, within the seats. An invitation that waits for the same address holds one.
fn join(
    facts: &Facts,
    organization: &Organization,
    actor: &Principal,
    (door, email, now): (&DomainDoor, &Email, Timestamp),
) -> Result<Decision, Denial> {
    if pending_for(facts, email).is_none() {
        require_seat(organization)?;
    }
    let user = actor.user_id.clone();
    let member = Membership::new(door.membership, organization.id, user.clone(), Roles::member(), now).of(actor);
    Ok(Decision::quiet(vec![Event::MemberAdded { member }], Outcome::Member { user, created: true }))
}

/// Rule: the owner vouches, for the domain is the organization's. Sent to the proven address alone, and
/// not to one that asked to be left alone.
fn invite(
    facts: &Facts,
    organization: &Organization,
    (door, email, now): (&DomainDoor, &Email, Timestamp),
) -> Result<Decision, Denial> {
    if facts.suppressed.contains(email) {
        let detail = "this address does not want to be invited; say otherwise first";
        return Err(Denial::because(Reason::RecipientSuppressed, detail));
    }
    let invited = pending_for(facts, email);
    if invited.is_none() && !organization.has_seat_for_invitation() {
        return Err(Reason::SeatLimitReached.into());
    }
    let invitation = invitation(organization, (door, email, now));
    let notice = Notice {
        invitation: Some(invitation.id),
        roles: Some(invitation.roles.clone()),
        expires_at: Some(invitation.expires_at),
        ..Notice::new(NoticeKind::Invitation, email.clone(), organization, organization.name.as_str().to_owned())
    };
    let outcome = Outcome::Invited { invitation: invitation.id };
    let superseded = invited.map(|invitation| Event::InvitationSuperseded { invitation, at: now });
    let events = superseded.into_iter().chain([Event::InvitationCreated { invitation }]).collect();
    Ok(Decision { events, notices: vec![notice], outcome })
}

fn invitation(organization: &Organization, (door, email, now): (&DomainDoor, &Email, Timestamp)) -> Invitation {
    Invitation {
        id: door.invitation,
        organization: organization.id,
        email: email.clone(),
        roles: Roles::member(),
        declared_roles: Set::new(),
        teams: Set::new(),
        invited_by: organization.owner.clone(),
        state: InvitationState::Pending,
        digest: door.digest.clone(),
        generation: 1,
        message: None,
        locale: None,
        created_at: now,
        expires_at: door.expires_at,
        answered_by: None,
        closed_at: None,
    }
}
