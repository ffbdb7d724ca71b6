//! Settling what a new membership makes pointless.
//!
//! Owns one rule for every door through which somebody comes in: an invitation that waits for the
//! address of somebody who is a member now gives way, in the same commit, so that no second seat is
//! held for them and no link stays open.

use super::invitation::pending_for;
use crate::domain::decision::Decision;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::InvitationId;
use crate::domain::time::Timestamp;

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
    if let Event::MemberAdded { member } = event { member.email.as_ref() } else { None }
}

fn answers(event: &Event, id: InvitationId) -> bool {
    matches!(event, Event::InvitationAccepted { invitation, .. } | Event::InvitationSuperseded { invitation, .. }
        if *invitation == id)
}
