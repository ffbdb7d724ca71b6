//! Adding, removing and roles.

use super::Case;
use super::answer::require_seat;
use super::ownership::leave;
use crate::domain::command::AddMember;
use crate::domain::decision::{Decision, Notice, NoticeKind, Outcome};
use crate::domain::denial::{Denial, Reason, echo};
use crate::domain::email::Email;
use crate::domain::event::Event;
use crate::domain::id::UserId;
use crate::domain::membership::Membership;
use crate::domain::permission::Permission;
use crate::domain::quota;
use crate::domain::time::Timestamp;

/// Adds a known user. Rule: adding is granting, so the roles must be the caller's to give.
pub(super) fn add(case: &Case<'_>, add: &AddMember) -> Result<Decision, Denial> {
    case.require(Permission::MemberAdd)?;
    if case.facts.members.contains_key(&add.user) {
        return present(add);
    }
    add.user.require_trimmed().map_err(|denial| denial.at("userId"))?;
    case.require_grant(&add.roles).map_err(|denial| denial.at("roles"))?;
    // Whether an invitation that waits for the address is theirs is not known: it keeps its seat.
    require_seat(case.organization)?;
    require_future(add.until, case.now)?;
    let member = new_member(case, add);
    let notices = welcome(case, add);
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
        let detail = format!("`{}` is already a member", echo(add.user.as_str()));
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

/// The one notice that goes to an address that somebody entered: whoever is added hears of it, and by whom.
/// It counts like an invitation, and whoever asked not to be invited hears nothing.
fn welcome(case: &Case<'_>, add: &AddMember) -> Vec<Notice> {
    let (organization, actor) = (case.organization.id, &case.actor.user_id);
    let limits = &case.policy.invitations;
    let allowed = |email: &Email| quota::require(case.facts, limits, (organization, actor, email), case.now).is_ok();
    let to = add.email.clone().filter(|email| !case.facts.suppressed.contains(email) && allowed(email));
    let notice = to.map(|to| Notice::new(NoticeKind::MemberAdded, to, case.organization, case.actor_name()));
    notice.into_iter().map(|notice| Notice { roles: Some(add.roles.clone()), ..notice }).collect()
}

/// A notice to a member whose address is proven; without one there is nobody to tell.
pub(super) fn notice(case: &Case<'_>, member: &Membership, kind: NoticeKind) -> Vec<Notice> {
    let to = member.verified_email().cloned();
    to.map(|to| Notice::new(kind, to, case.organization, case.actor_name())).into_iter().collect()
}
