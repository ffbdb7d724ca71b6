//! What holds whatever the door.
//!
//! Owns the rules that every decision must pass after its own: seats, the privacy of a personal
//! organization, what an organization asks of whoever comes in, and the end of a nomination that no
//! longer holds. A door that is built later cannot forget them.

use super::ownership::void;
use crate::domain::command::{Action, Command};
use crate::domain::decision::Decision;
use crate::domain::denial::{Denial, Reason, counted};
use crate::domain::event::Event;
use crate::domain::evolve::evolve;
use crate::domain::facts::Facts;
use crate::domain::organization::Organization;
use crate::domain::requirements::Proof;
use crate::domain::time::Timestamp;

/// Passes a decision, or refuses it.
pub(super) fn guard(
    facts: &Facts,
    command: &Command,
    mut decision: Decision,
    now: Timestamp,
) -> Result<Decision, Denial> {
    let Some(before) = facts.organization.as_ref().filter(|_| !decision.events.is_empty()) else { return Ok(decision) };
    let mut after = facts.clone();
    decision.events.iter().for_each(|event| evolve(&mut after, event));
    let Some(organization) = &after.organization else { return Ok(decision) };
    require_privacy(before, organization)?;
    require_seats(before, organization)?;
    require_fit(before, command, &decision.events)?;
    decision.events.extend(void(facts, &after, now));
    Ok(decision)
}

/// Rule: nobody but its owner gets into a personal organization.
fn require_privacy(before: &Organization, after: &Organization) -> Result<(), Denial> {
    let grows = after.member_count > before.member_count || after.pending_count > before.pending_count;
    if after.personal && grows { Err(Reason::OrganizationPersonal.into()) } else { Ok(()) }
}

/// Rule: the seats taken never exceed the limit, and a limit is never set below them.
fn require_seats(before: &Organization, after: &Organization) -> Result<(), Denial> {
    let Some(limit) = after.seat_limit.filter(|limit| after.seats_used() > *limit) else { return Ok(()) };
    if (before.seat_limit, before.pending_free) == (after.seat_limit, after.pending_free) {
        return Err(Reason::SeatLimitReached.into());
    }
    let verb = if after.seats_used() == 1 { "is" } else { "are" };
    let detail = format!("{} {verb} taken, more than {limit}", counted(after.seats_used(), "seat"));
    Err(Denial::because(Reason::SeatLimitBelowUse, detail))
}

/// Rule: who comes in meets what the organization asks, or waits outside.
fn require_fit(organization: &Organization, command: &Command, events: &[Event]) -> Result<(), Denial> {
    let person = match &command.action {
        Action::AutoJoin(join) => &join.user,
        _ => &command.actor,
    };
    let comes_in = |event: &Event| matches!(event, Event::MemberAdded { member } if member.user == person.user_id);
    if events.iter().any(comes_in) { organization.requirements.require(Proof::from(person)) } else { Ok(()) }
}
