//! Adding, removing, leaving, roles, and handing the organization over.

use super::Case;
use super::invitation::pending_for;
use crate::domain::command::{AddMember, ChangeRoles, TransferOwnership};
use crate::domain::decision::{Decision, Notice, NoticeKind, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::event::Event;
use crate::domain::id::UserId;
use crate::domain::membership::Membership;
use crate::domain::permission::{Permission, PermissionSet};
use crate::domain::role::can_grant;

/// Adds a known user. Rule: adding is granting, so the roles must be the caller's to give.
pub(super) fn add(case: &Case<'_>, add: &AddMember) -> Result<Decision, Denial> {
    case.require(Permission::MemberAdd)?;
    if case.facts.members.contains_key(&add.user) {
        return present(add);
    }
    require_grant(case, add.roles.permissions())?;
    // Their own pending invitation holds a seat for them already.
    let invited = add.email.as_ref().and_then(|email| pending_for(case.facts, email));
    if invited.is_none() && !case.organization.has_seats(1) {
        return Err(Reason::SeatLimitReached.into());
    }
    let member = Membership {
        id: add.membership,
        organization: case.organization.id,
        user: add.user.clone(),
        email: add.email.clone(),
        name: add.name.clone(),
        roles: add.roles.clone(),
        joined_at: case.now,
    };
    let mut notices = notice(case, &member, NoticeKind::MemberAdded);
    notices.iter_mut().for_each(|notice| notice.roles = Some(add.roles.clone()));
    let outcome = Outcome::Member { user: add.user.clone(), created: true };
    let superseded = invited.map(|invitation| Event::InvitationSuperseded { invitation, at: case.now });
    let events = superseded.into_iter().chain([Event::MemberAdded { member }]).collect();
    Ok(Decision { events, notices, outcome })
}

/// An existing member is left exactly as is: adding never promotes.
fn present(add: &AddMember) -> Result<Decision, Denial> {
    if !add.if_absent {
        let detail = format!("`{}` is already a member", add.user);
        return Err(Denial::about(Reason::AlreadyMember, "userId", detail));
    }
    let outcome = Outcome::Member { user: add.user.clone(), created: false };
    Ok(Decision::quiet(Vec::new(), outcome))
}

/// Removes a member. Rule: the owner stays until ownership has moved.
pub(super) fn remove(case: &Case<'_>, user: &UserId) -> Result<Decision, Denial> {
    if *user == case.actor.user_id {
        return leave(case);
    }
    case.require(Permission::MemberRemove)?;
    let member = case.facts.members.get(user).ok_or(Reason::NotFound)?;
    require_not_owner(case, user)?;
    require_grant(case, member.permissions(case.organization))?;
    Ok(Decision {
        events: vec![Event::MemberRemoved { user: user.clone() }],
        notices: notice(case, member, NoticeKind::MemberRemoved),
        outcome: Outcome::Removed,
    })
}

/// Ends the caller's own membership; needs no permission, only that somebody still owns the place.
pub(super) fn leave(case: &Case<'_>) -> Result<Decision, Denial> {
    case.require_active()?;
    let user = case.actor.user_id.clone();
    require_not_owner(case, &user)?;
    Ok(Decision::quiet(vec![Event::MemberLeft { user }], Outcome::Removed))
}

/// Changes roles. Rule: both what is taken away and what is given must be the caller's to give.
pub(super) fn change_roles(case: &Case<'_>, change: &ChangeRoles) -> Result<Decision, Denial> {
    case.require(Permission::MemberUpdate)?;
    let member = case.facts.members.get(&change.user).ok_or(Reason::NotFound)?;
    require_not_owner(case, &change.user)?;
    require_grant(case, member.permissions(case.organization).union(change.roles.permissions()))?;
    let outcome = Outcome::Member { user: change.user.clone(), created: false };
    if member.roles == change.roles {
        return Ok(Decision::quiet(Vec::new(), outcome));
    }
    let (user, from, to) = (change.user.clone(), member.roles.clone(), change.roles.clone());
    Ok(Decision::quiet(vec![Event::RolesChanged { user, from, to }], outcome))
}

/// Hands the organization over. Rule: only to a member, and the new owner holds everything at once,
/// because the owner's power follows the organization's one owner and is stored nowhere else.
pub(super) fn transfer(case: &Case<'_>, transfer: &TransferOwnership) -> Result<Decision, Denial> {
    case.require(Permission::OrganizationTransfer)?;
    let from = case.organization.owner.clone();
    if transfer.to == from {
        return Ok(Decision::quiet(Vec::new(), Outcome::Organization));
    }
    let Some(heir) = case.facts.members.get(&transfer.to) else {
        let detail = format!("`{}` is not a member of this organization", transfer.to);
        return Err(Denial::about(Reason::OrganizationMismatch, "userId", detail));
    };
    Ok(Decision {
        events: vec![Event::OwnershipTransferred { from, to: transfer.to.clone() }],
        notices: notice(case, heir, NoticeKind::OwnershipReceived),
        outcome: Outcome::Organization,
    })
}

fn require_not_owner(case: &Case<'_>, user: &UserId) -> Result<(), Denial> {
    if case.organization.owner == *user { Err(Reason::OwnerRequired.into()) } else { Ok(()) }
}

pub(super) fn require_grant(case: &Case<'_>, power: PermissionSet) -> Result<(), Denial> {
    if can_grant(case.scope.permissions(), power) { Ok(()) } else { Err(Reason::CannotGrant.into()) }
}

/// A notice to a member whose address is known; without one there is nobody to tell.
fn notice(case: &Case<'_>, member: &Membership, kind: NoticeKind) -> Vec<Notice> {
    let to = member.email.clone();
    to.map(|to| Notice::new(kind, to, case.organization, case.actor_name())).into_iter().collect()
}
