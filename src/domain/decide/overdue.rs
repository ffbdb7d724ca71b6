//! Closing what is past its time. The installation asks, not a person: no scope, and a notice
//! only to an owner whose nominee did not answer.

use super::ownership;
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::Denial;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::invitation::{Invitation, InvitationState};
use crate::domain::membership::Membership;
use crate::domain::time::Timestamp;

/// Closes invitations, memberships and a nomination. Rule: the owner's membership has no end.
pub(super) fn close(facts: &Facts, now: Timestamp) -> Result<Decision, Denial> {
    let owner = facts.organization.as_ref().map(|organization| &organization.owner);
    let over = |i: &&Invitation| i.state == InvitationState::Pending && !i.is_open(now);
    let expire = |i: &Invitation| Event::InvitationExpired { invitation: i.id, at: now };
    let ended = |member: &&Membership| !member.lasts(now) && owner != Some(&member.user);
    let end = |member: &Membership| Event::MemberExpired { user: member.user.clone() };
    let invitations = facts.invitations.values().filter(over).map(expire);
    let members = facts.members.values().filter(ended).map(end);
    let (nomination, notices) = ownership::expire(facts, now).unzip();
    let events: Vec<Event> = invitations.chain(members).chain(nomination).collect();
    let closed = events.len();
    Ok(Decision { events, notices: notices.unwrap_or_default(), outcome: Outcome::Swept { closed } })
}
