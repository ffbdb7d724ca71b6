//! Coming in by a link.

use super::answer::{Offer, require_authority, require_seat};
use super::invitation::pending_for;
use super::require_active;
use crate::domain::command::{AcceptLink, Command, Target};
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::link::InvitationLink;
use crate::domain::membership::Membership;
use crate::domain::permission::Catalog;
use crate::domain::policy::Policy;
use crate::domain::time::Timestamp;

/// Refuses a link that lets nobody in, whoever they are. A preview asks the same question.
///
/// # Errors
/// `link_disabled`, `invitation_expired`, `invitation_used`, `organization_inactive`, `invitation_revoked`.
pub fn require_standing(policy: &Policy, facts: &Facts, link: &InvitationLink, now: Timestamp) -> Result<(), Denial> {
    link.require_open(now)?;
    require_active(facts.organization.as_ref().ok_or(Reason::InvitationInvalid)?)?;
    require_authority(&policy.catalog, facts, &Offer::of_link(link), now)
}

/// Whether its maker, as the facts have them, could make it now.
pub fn is_vouched_for(catalog: &Catalog, facts: &Facts, link: &InvitationLink, now: Timestamp) -> bool {
    require_authority(catalog, facts, &Offer::of_link(link), now).is_ok()
}

/// Lets in. Rule: one use is one membership, in one commit. Who is in already, by this link or by any
/// other door, is told so and uses nothing up: a link is clicked twice.
pub(super) fn accept(
    policy: &Policy,
    facts: &Facts,
    command: &Command,
    (accept, now): (&AcceptLink, Timestamp),
) -> Result<Decision, Denial> {
    let Target::Link(digest) = &command.target else { return Err(Reason::MalformedRequest.into()) };
    let organization = facts.organization.as_ref().ok_or(Reason::InvitationInvalid)?;
    let link = facts.links.values().find(|link| link.digest == *digest).ok_or(Reason::InvitationInvalid)?;
    let actor = &command.actor;
    let outcome = Outcome::JoinedByLink { link: link.id, user: actor.user_id.clone() };
    if let Some(member) = facts.members.get(&actor.user_id) {
        member.require_in_force(now)?;
        return Ok(Decision::quiet(Vec::new(), outcome));
    }
    require_standing(policy, facts, link, now)?;
    link.require_address(actor)?;
    // A pending invitation of theirs holds a seat for them already.
    if actor.verified_email().and_then(|email| pending_for(facts, email)).is_none() {
        require_seat(organization)?;
    }
    let (user, roles) = (actor.user_id.clone(), link.roles.clone());
    let member = Membership::new(accept.membership, organization.id, user, roles, now).of(actor);
    let used = InvitationLink { uses: link.uses.saturating_add(1), ..link.clone() };
    let used = Event::LinkUsed { link: used, user: actor.user_id.clone() };
    Ok(Decision::quiet(vec![used, Event::MemberAdded { member }], outcome))
}
