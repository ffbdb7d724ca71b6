//! Closing what is past its time, at once.
//!
//! Owns one rule for every command: a membership or an invitation whose time is over is over for whoever meets
//! it, and is closed in the commit of the command that does. What no command meets the sweep closes: then the
//! installation asks, not a person: no scope, and a notice only to an owner whose nominee did not answer.

use super::ownership;
use crate::domain::command::Action;
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::Denial;
use crate::domain::event::Event;
use crate::domain::evolve::evolve;
use crate::domain::facts::Facts;
use crate::domain::invitation::{Invitation, InvitationState};
use crate::domain::membership::Membership;
use crate::domain::time::Timestamp;

/// What ends memberships and invitations among the facts. Rule: the owner's membership has no end.
fn over(facts: &Facts, now: Timestamp) -> Vec<Event> {
    let owner = facts.organization.as_ref().map(|organization| &organization.owner);
    let over = |i: &&Invitation| i.state == InvitationState::Pending && !i.is_open(now);
    let expire = |i: &Invitation| Event::InvitationExpired { invitation: i.id, at: now };
    let ended = |member: &&Membership| !member.lasts(now) && owner != Some(&member.user);
    let end = |member: &Membership| Event::MemberExpired { user: member.user.clone() };
    let invitations = facts.invitations.values().filter(over).map(expire);
    invitations.chain(facts.members.values().filter(ended).map(end)).collect()
}

/// The same for a command, with the facts as that leaves them; `None` when nothing is over. Whoever erases, purges
/// or restores deals with all that is there, and saying no needs no deadline.
pub(super) fn met(facts: &Facts, action: &Action, now: Timestamp) -> Option<(Vec<Event>, Facts)> {
    let own = matches!(
        action,
        Action::CloseOverdue(_)
            | Action::EraseUser(_)
            | Action::RestoreOrganization(_)
            | Action::PurgeOrganization(_)
            | Action::DeclineInvitation(_)
    );
    let events = if own || facts.standing().is_none() { Vec::new() } else { over(facts, now) };
    if events.is_empty() {
        return None;
    }
    let mut later = facts.clone();
    events.iter().for_each(|event| evolve(&mut later, event));
    Some((events, later))
}

/// Puts the ends first. Rule: a command that changes nothing writes nothing; then they wait for the sweep.
pub(super) fn first(mut ended: Vec<Event>, decision: Decision) -> Decision {
    if decision.events.is_empty() {
        return decision;
    }
    ended.extend(decision.events);
    Decision { events: ended, ..decision }
}

/// Closes invitations, memberships and a nomination.
pub(super) fn close(facts: &Facts, now: Timestamp) -> Result<Decision, Denial> {
    let (nomination, notices) = ownership::expire(facts, now).unzip();
    let events: Vec<Event> = over(facts, now).into_iter().chain(nomination).collect();
    let closed = events.len();
    Ok(Decision { events, notices: notices.unwrap_or_default(), outcome: Outcome::Swept { closed } })
}
