//! Settling what a new membership makes pointless.
//!
//! Owns one rule for every door through which somebody comes in: an invitation that waits for the
//! proven address of somebody who is a member now gives way, in the same commit, so that no second seat
//! is held for them and no link stays open. An address that somebody else entered closes nothing.

use super::invitation::pending_for;
use crate::domain::command::Command;
use crate::domain::decision::Decision;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::{InvitationId, UserId};
use crate::domain::time::Timestamp;

/// Keeps the address that the caller proves, where the membership has another one or an unproven one: whoever
/// acts says who they are, and a command that changes something is written anyway.
pub(super) fn recognise(facts: &Facts, command: &Command, mut decision: Decision) -> Decision {
    let proven = command.actor.verified_email().zip(facts.members.get(&command.actor.user_id));
    let news = proven.filter(|(email, member)| member.verified_email().is_none_or(|known| known != *email));
    let Some((email, member)) = news.filter(|_| !decision.events.is_empty()) else { return decision };
    if !decision.events.iter().any(|event| ends(event, &member.user)) {
        let event = Event::MemberEmailVerified { user: member.user.clone(), email: email.clone() };
        decision.events.push(event);
    }
    decision
}

fn ends(event: &Event, member: &UserId) -> bool {
    match event {
        Event::MemberRemoved { user }
        | Event::MemberLeft { user }
        | Event::MemberErased { user }
        | Event::MemberExpired { user } => user == member,
        Event::OrganizationDeleted { .. } | Event::OrganizationPurged {} => true,
        _ => false,
    }
}

/// Puts before the memberships what gives way to them: where seats are short, one is free first.
pub(super) fn settle(facts: &Facts, mut decision: Decision, now: Timestamp) -> Decision {
    let waiting = decision.events.iter().filter_map(address).filter_map(|email| pending_for(facts, email));
    let superseded: Vec<Event> = waiting
        .filter(|id| !decision.events.iter().any(|event| answers(event, *id)))
        .map(|invitation| Event::InvitationSuperseded { invitation, at: now })
        .collect();
    decision.events.splice(0..0, superseded);
    decision
}

fn address(event: &Event) -> Option<&crate::domain::email::Email> {
    match event {
        Event::MemberAdded { member } => member.verified_email(),
        Event::MemberEmailVerified { email, .. } => Some(email),
        _ => None,
    }
}

fn answers(event: &Event, id: InvitationId) -> bool {
    match event {
        Event::InvitationAccepted { invitation, .. }
        | Event::InvitationDeclined { invitation, .. }
        | Event::InvitationSuperseded { invitation, .. }
        | Event::InvitationRevoked { invitation, .. }
        | Event::InvitationExpired { invitation, .. }
        | Event::InvitationResent { invitation, .. } => *invitation == id,
        _ => false,
    }
}
