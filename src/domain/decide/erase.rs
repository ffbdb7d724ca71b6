//! Erasing a user from one organization.
//!
//! Owns what goes. The audit log keeps the user's id, and nobody is sent a message.

use super::lifecycle::is_operator;
use crate::domain::command::{Command, EraseUser};
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::invitation::InvitationState;
use crate::domain::join_request::{JoinRequest, JoinRequestState};
use crate::domain::time::Timestamp;

/// Ends the membership and withdraws what waits at the user's addresses. Rule: an operator's to do,
/// and never at the price of an organization without its owner, deleted or not.
pub(super) fn erase(facts: &Facts, command: &Command, erase: &EraseUser, now: Timestamp) -> Result<Decision, Denial> {
    if !is_operator(&command.actor) {
        return Err(Denial::because(Reason::PermissionDenied, "only a platform admin erases a user"));
    }
    let organization = facts.organization.as_ref().ok_or(Reason::NotFound)?;
    if organization.owner == erase.user {
        return Err(Denial::naming(Reason::UserOwnsOrganizations, vec![organization.card()]));
    }
    let member = facts.members.contains_key(&erase.user);
    let removed = member.then(|| Event::MemberErased { user: erase.user.clone() });
    let theirs = facts
        .invitations
        .values()
        .filter(|invitation| invitation.state == InvitationState::Pending && erase.emails.contains(&invitation.email));
    let withdrawn: Vec<Event> =
        theirs.map(|invitation| Event::InvitationRevoked { invitation: invitation.id, at: now }).collect();
    let asked = facts.join_requests.values().filter(|request| request.user == erase.user && request.is_pending());
    let closed: Vec<Event> =
        asked.map(|request| Event::JoinRequestWithdrawn { request: forgotten(request, now) }).collect();
    let (memberships, invitations, join_requests) = (usize::from(member), withdrawn.len(), closed.len());
    let outcome = Outcome::Erased { memberships, invitations, join_requests };
    Ok(Decision::quiet(withdrawn.into_iter().chain(closed).chain(removed).collect(), outcome))
}

/// A closed request without what it said of the person.
fn forgotten(request: &JoinRequest, now: Timestamp) -> JoinRequest {
    let closed = request.closed(JoinRequestState::Withdrawn, &request.user, now);
    JoinRequest { email: None, name: None, message: None, ..closed }
}
