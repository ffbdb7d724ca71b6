//! Changing a member: roles, title, suspension, term.
//!
//! Owns the rule that whoever changes a member outranks them and gives no more than they hold. Of
//! their own membership people may only give power up.

use super::Case;
use super::member::{require_future, require_not_owner};
use crate::domain::command::{Change, UpdateMember};
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::event::Event;
use crate::domain::membership::{Membership, MembershipState};
use crate::domain::permission::Permission;

/// Changes what differs. The owner's title can be changed; the owner's power cannot.
pub(super) fn update(case: &Case<'_>, update: &UpdateMember) -> Result<Decision, Denial> {
    case.require(Permission::MemberUpdate)?;
    let member = case.facts.members.get(&update.user).ok_or(Reason::NotFound)?;
    let power = update.roles.is_some() || update.state.is_some() || update.until.is_some();
    if power {
        require_not_owner(case, &update.user)?;
    }
    require_rank(case, update, member)?;
    if let Some(roles) = &update.roles {
        case.require_grant(roles).map_err(|denial| denial.at("roles"))?;
    }
    require_future(update.until.as_ref().and_then(Change::value).copied(), case.now)?;
    let outcome = Outcome::Member { user: update.user.clone(), created: false };
    Ok(Decision::quiet(changes(member, update), outcome))
}

/// Rule: nobody suspends themselves or ends their own term; that is what leaving is for.
fn require_rank(case: &Case<'_>, update: &UpdateMember, member: &Membership) -> Result<(), Denial> {
    let own = member.user == case.actor.user_id;
    if own && update.state.is_none() && update.until.is_none() {
        return Ok(());
    }
    case.require_rank(member)
}

fn changes(member: &Membership, update: &UpdateMember) -> Vec<Event> {
    let user = || member.user.clone();
    let roles = update.roles.as_ref().filter(|roles| **roles != member.roles);
    let title = update.title.as_ref().map(|change| change.value().cloned()).filter(|title| *title != member.title);
    let until = update.until.as_ref().map(|change| change.value().copied()).filter(|until| *until != member.until);
    let state = update.state.filter(|state| *state != member.state);
    let suspended = |state: MembershipState| match state {
        MembershipState::Suspended => Event::MemberSuspended { user: user() },
        MembershipState::Active => Event::MemberReactivated { user: user() },
    };
    let changed = [
        roles.map(|to| Event::RolesChanged { user: user(), from: member.roles.clone(), to: to.clone() }),
        title.map(|title| Event::MemberTitleChanged { user: user(), title }),
        until.map(|until| Event::MemberTermChanged { user: user(), until }),
        state.map(suspended),
    ];
    changed.into_iter().flatten().collect()
}
