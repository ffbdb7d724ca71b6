//! Adding, removing and roles.

use super::Case;
use super::invitation::replaceable;
use super::ownership::leave;
use crate::domain::command::AddMember;
use crate::domain::decision::{Decision, Notice, NoticeKind, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::event::Event;
use crate::domain::id::UserId;
use crate::domain::membership::Membership;
use crate::domain::permission::Permission;
use crate::domain::time::Timestamp;

/// Adds a known user. Rule: adding is granting, so the roles must be the caller's to give.
pub(super) fn add(case: &Case<'_>, add: &AddMember) -> Result<Decision, Denial> {
    case.require(Permission::MemberAdd)?;
    if case.facts.members.contains_key(&add.user) {
        return present(add);
    }
    case.require_grant(&add.roles)?;
    // Their own pending invitation holds a seat for them already.
    let invited = add.email.as_ref().map(|email| replaceable(case, email)).transpose()?.flatten();
    if invited.is_none() && !case.organization.has_seats(1) {
        return Err(Reason::SeatLimitReached.into());
    }
    require_future(add.until, case.now)?;
    let member = new_member(case, add);
    let mut notices = notice(case, &member, NoticeKind::MemberAdded);
    notices.iter_mut().for_each(|notice| notice.roles = Some(add.roles.clone()));
    let outcome = Outcome::Member { user: add.user.clone(), created: true };
    Ok(Decision { events: vec![Event::MemberAdded { member }], notices, outcome })
}

fn new_member(case: &Case<'_>, add: &AddMember) -> Membership {
    let (id, user, roles) = (add.membership, add.user.clone(), add.roles.clone());
    Membership {
        email: add.email.clone(),
        name: add.name.clone(),
        kind: add.kind,
        title: add.title.clone(),
        until: add.until,
        ..Membership::new(id, case.organization.id, user, roles, case.now)
    }
}

/// An end that is over already would be a removal in disguise.
pub(super) fn require_future(until: Option<Timestamp>, now: Timestamp) -> Result<(), Denial> {
    match until {
        Some(until) if until <= now => {
            Err(Denial::about(Reason::InvalidValue, "until", "the end is not in the future"))
        }
        _ => Ok(()),
    }
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
        return leave(case, None);
    }
    case.require(Permission::MemberRemove)?;
    let member = case.facts.members.get(user).ok_or(Reason::NotFound)?;
    require_not_owner(case, user)?;
    case.require_rank(member)?;
    Ok(Decision {
        events: vec![Event::MemberRemoved { user: user.clone() }],
        notices: notice(case, member, NoticeKind::MemberRemoved),
        outcome: Outcome::Removed,
    })
}

pub(super) fn require_not_owner(case: &Case<'_>, user: &UserId) -> Result<(), Denial> {
    if case.organization.owner == *user { Err(Reason::OwnerRequired.into()) } else { Ok(()) }
}

/// A notice to a member whose address is known; without one there is nobody to tell.
pub(super) fn notice(case: &Case<'_>, member: &Membership, kind: NoticeKind) -> Vec<Notice> {
    let to = member.email.clone();
    to.map(|to| Notice::new(kind, to, case.organization, case.actor_name())).into_iter().collect()
}
