//! Becoming a member of the organization that the operator named for people who are in none.
//!
//! Owns what such a person gets: plain membership, and that only once. Never asks whether they are in
//! no other organization: a command sees one organization, and whoever gives it has looked.

use super::invitation::pending_for;
use super::require_active;
use crate::domain::command::AutoJoin;
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::membership::Membership;
use crate::domain::organization::Organization;
use crate::domain::role::Roles;
use crate::domain::time::Timestamp;

/// Rule: a plain member, never an owner, within the seats. Who has left or was removed is not taken
/// back: somebody's decision stands until somebody decides otherwise.
pub(super) fn join(facts: &Facts, join: &AutoJoin, now: Timestamp) -> Result<Decision, Denial> {
    let organization = facts.organization.as_ref().ok_or(Reason::NotFound)?;
    let user = &join.user.user_id;
    if facts.members.contains_key(user) {
        return Ok(Decision::quiet(Vec::new(), Outcome::Member { user: user.clone(), created: false }));
    }
    require_active(organization)?;
    if facts.departed.contains(user) {
        return Err(Reason::AutoJoinRefused.into());
    }
    // A pending invitation of theirs holds a seat for them already.
    let invited = join.user.verified_email().and_then(|email| pending_for(facts, email));
    if invited.is_none() && !organization.has_seats(1) {
        return Err(Reason::SeatLimitReached.into());
    }
    let member = new_member(organization, join, now);
    Ok(Decision::quiet(vec![Event::MemberAdded { member }], Outcome::Member { user: user.clone(), created: true }))
}

fn new_member(organization: &Organization, join: &AutoJoin, now: Timestamp) -> Membership {
    let (user, roles) = (join.user.user_id.clone(), Roles::member());
    Membership::new(join.membership, organization.id, user, roles, now).of(&join.user)
}
