//! Handing an organization over: at once, by nomination, or on leaving.
//!
//! Owns who can be an owner. The new owner holds everything at once, because the owner's power
//! follows the organization's one owner and is stored nowhere else; the former one stays as admin.

use super::Case;
use super::member::notice;
use crate::domain::command::{NominateOwner, TransferOwnership};
use crate::domain::decision::{Decision, Notice, NoticeKind, Outcome};
use crate::domain::denial::{Denial, Reason, counted, echo};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::UserId;
use crate::domain::membership::{MemberKind, Membership};
use crate::domain::organization::Organization;
use crate::domain::ownership::{Nomination, NominationEnd};
use crate::domain::permission::Permission;
use crate::domain::policy::Policy;
use crate::domain::role::{RoleKey, Roles};
use crate::domain::time::Timestamp;

/// Hands the organization over at once. Rule: only to a member who can own, and only while nothing is
/// asked of members: what another one's session proves is not known here.
pub(super) fn transfer(case: &Case<'_>, transfer: &TransferOwnership) -> Result<Decision, Denial> {
    case.require(Permission::OrganizationTransfer)?;
    case.require_owner()?;
    let from = case.organization.owner.clone();
    if transfer.to == from {
        return Ok(Decision::quiet(Vec::new(), Outcome::Organization));
    }
    let heir = heir_at_once(case, &transfer.to, "userId")?;
    let kept = case.facts.members.get(&from).and_then(|owner| kept_beside(case.policy, case.facts, owner));
    let moved = Event::OwnershipTransferred { from, to: transfer.to.clone() };
    Ok(Decision {
        events: [moved].into_iter().chain(kept).collect(),
        notices: notice(case, heir, NoticeKind::OwnershipReceived),
        outcome: Outcome::Organization,
    })
}

/// Asks a member to take over. Nothing moves before they say yes; a second nomination replaces the
/// first.
pub(super) fn nominate(case: &Case<'_>, nominate: &NominateOwner) -> Result<Decision, Denial> {
    case.require(Permission::OrganizationTransfer)?;
    case.require_owner()?;
    let owner = &case.organization.owner;
    if nominate.to == *owner {
        return Ok(Decision::quiet(Vec::new(), Outcome::Organization));
    }
    let heir = heir(case, &nominate.to, "userId")?;
    let nomination = Nomination {
        to: nominate.to.clone(),
        by: owner.clone(),
        created_at: case.now,
        expires_at: nominate.expires_at,
    };
    let mut notices = notice(case, heir, NoticeKind::OwnershipOffered);
    notices.iter_mut().for_each(|notice| notice.expires_at = Some(nominate.expires_at));
    let replaced = case.organization.nomination.as_ref().map(|old| ended(old, NominationEnd::Withdrawn));
    let events = replaced.into_iter().chain([Event::OwnershipNominated { nomination }]).collect();
    Ok(Decision { events, notices, outcome: Outcome::Organization })
}

/// The nominee takes over. Saying yes twice is saying yes.
pub(super) fn accept(case: &Case<'_>) -> Result<Decision, Denial> {
    case.require_active()?;
    let (organization, user) = (case.organization, &case.actor.user_id);
    if organization.nomination.is_none() && organization.owner == *user {
        return Ok(Decision::quiet(Vec::new(), Outcome::Organization));
    }
    let nomination = own_nomination(case)?;
    if !nomination.is_open(case.now) {
        return Err(Reason::NominationExpired.into());
    }
    heir(case, user, "userId")?;
    let from = organization.owner.clone();
    let kept = case.facts.members.get(&from).and_then(|owner| kept_beside(case.policy, case.facts, owner));
    let moved = Event::OwnershipTransferred { from, to: user.clone() };
    Ok(Decision {
        events: [ended(nomination, NominationEnd::Accepted), moved].into_iter().chain(kept).collect(),
        notices: tell(
            case.facts,
            &organization.owner,
            organization,
            (NoticeKind::OwnershipAccepted, case.actor_name()),
        ),
        outcome: Outcome::Organization,
    })
}

/// The nominee does not take over. Allowed after its time and in a suspended organization, too:
/// saying no needs no deadline and nobody's leave.
pub(super) fn decline(case: &Case<'_>) -> Result<Decision, Denial> {
    let (organization, nomination) = (case.organization, own_nomination(case)?);
    Ok(Decision {
        events: vec![ended(nomination, NominationEnd::Declined)],
        notices: tell(
            case.facts,
            &organization.owner,
            organization,
            (NoticeKind::OwnershipDeclined, case.actor_name()),
        ),
        outcome: Outcome::Organization,
    })
}

/// The owner takes the nomination back; where there is none, that is success. Allowed in a suspended
/// organization, too: it ends something and begins nothing.
pub(super) fn withdraw(case: &Case<'_>) -> Result<Decision, Denial> {
    case.require_held(Permission::OrganizationTransfer)?;
    case.require_owner()?;
    let organization = case.organization;
    let Some(nomination) = &organization.nomination else {
        return Ok(Decision::quiet(Vec::new(), Outcome::Organization));
    };
    Ok(Decision {
        events: vec![ended(nomination, NominationEnd::Withdrawn)],
        notices: tell(case.facts, &nomination.to, organization, (NoticeKind::OwnershipWithdrawn, case.actor_name())),
        outcome: Outcome::Organization,
    })
}

/// Closes the nomination whose time is over, and tells the owner.
pub(super) fn expire(facts: &Facts, now: Timestamp) -> Option<(Event, Vec<Notice>)> {
    let organization = facts.organization.as_ref()?;
    let nomination = organization.nomination.as_ref().filter(|nomination| !nomination.is_open(now))?;
    let nominee = facts.members.get(&nomination.to).and_then(|member| member.name.as_ref());
    let name = super::display_name(nominee.map(|name| name.as_str()), "The nominee");
    let notices = tell(facts, &organization.owner, organization, (NoticeKind::OwnershipExpired, name));
    Some((ended(nomination, NominationEnd::Expired), notices))
}

/// Ends the caller's own membership; needs no permission, only that somebody owns the place: an
/// owner names who does from now on, in the same command. Rule: nobody is kept by a suspension, of the
/// organization or of themselves; handing over is no leaving, and waits.
pub(super) fn leave(case: &Case<'_>, successor: Option<&UserId>) -> Result<Decision, Denial> {
    // A platform admin who is no member has nothing to leave.
    let user = case.member.ok_or(Reason::NotFound)?.user.clone();
    let is_owner = case.organization.owner == user;
    match successor {
        None if is_owner && case.organization.personal => Err(Reason::OrganizationPersonal.into()),
        None if is_owner => Err(Reason::OwnerRequired.into()),
        None => Ok(Decision::quiet(vec![Event::MemberLeft { user }], Outcome::Removed)),
        Some(to) if is_owner && *to != user => {
            case.require_active()?;
            let heir = heir_at_once(case, to, "successor")?;
            let moved = Event::OwnershipTransferred { from: user.clone(), to: to.clone() };
            Ok(Decision {
                events: vec![moved, Event::MemberLeft { user }],
                notices: notice(case, heir, NoticeKind::OwnershipReceived),
                outcome: Outcome::Removed,
            })
        }
        Some(_) => {
            let rule = "only the owner names a successor, and another member";
            Err(Denial::about(Reason::InvalidValue, "successor", rule))
        }
    }
}

/// Gives a member the declared roles that were stored beside the ownership, once it has moved and left `admin`. `None`
/// when there are none. Rule: a key that has become an own role of the organization, or nobody's, is not kept.
pub(super) fn kept_beside(policy: &Policy, facts: &Facts, owner: &Membership) -> Option<Event> {
    let declared = |key: &&RoleKey| policy.catalog.roles().get(key).is_some() && !facts.roles.contains_key(*key);
    let from = Roles::admin();
    let to = from.clone().with(owner.roles.iter().filter(declared));
    (to != from).then(|| Event::RolesChanged { user: owner.user.clone(), from, to })
}

/// The nomination of the caller. To others there is none.
fn own_nomination<'a>(case: &'a Case<'_>) -> Result<&'a Nomination, Denial> {
    let organization = case.organization;
    let stands = |nomination: &&Nomination| nomination.to == case.actor.user_id && nomination.by == organization.owner;
    organization.nomination.as_ref().filter(stands).ok_or_else(|| Reason::NominationNotFound.into())
}

/// A member who may be the next owner.
fn heir<'a>(case: &'a Case<'_>, user: &UserId, field: &'static str) -> Result<&'a Membership, Denial> {
    if case.organization.personal {
        return Err(Reason::OrganizationPersonal.into());
    }
    let Some(heir) = case.facts.members.get(user) else {
        let detail = format!("`{}` is not a member of this organization", echo(user.as_str()));
        return Err(Denial::about(Reason::OrganizationMismatch, field, detail));
    };
    require_fit(heir, case.now).map_err(|denial| denial.at(field))?;
    require_room(case.policy, case.facts).map(|()| heir)
}

/// A member who may be the owner without being asked. Rule: an owner who does not meet what the
/// organization asks would be locked out, and everybody who needs the owner with them; so whoever takes
/// over shows it by accepting.
fn heir_at_once<'a>(case: &'a Case<'_>, user: &UserId, field: &'static str) -> Result<&'a Membership, Denial> {
    let heir = heir(case, user, field)?;
    if case.organization.requirements.is_nothing() {
        return Ok(heir);
    }
    Err(Denial::from(Reason::NominationRequired).at(field))
}

/// Rule: an owner is a person whose membership works and has no end; otherwise the organization would
/// some day be without one.
fn require_fit(heir: &Membership, now: Timestamp) -> Result<(), Denial> {
    heir.require_in_force(now)?;
    if heir.kind == MemberKind::Human && heir.until.is_none() {
        return Ok(());
    }
    Err(Denial::because(Reason::OwnerUnfit, "a program, or a member whose time ends, cannot own an organization"))
}

/// Rule: nobody owns more organizations than the operator allows. The store holds the same limit in
/// its write batch, so that two foundings at the same time cannot pass it together.
pub(super) fn require_room(policy: &Policy, facts: &Facts) -> Result<(), Denial> {
    if facts.owned.count < policy.max_owned {
        return Ok(());
    }
    let detail = format!("nobody owns more than {} here", counted(policy.max_owned, "organization"));
    Err(Denial::because(Reason::OrganizationLimitReached, detail))
}

/// What ends a nomination that no longer holds after a commit, if it is not ended by itself.
pub(super) fn void(before: &Facts, after: &Facts, now: Timestamp) -> Option<Event> {
    let organization = after.organization.as_ref()?;
    let nomination = organization.nomination.as_ref()?;
    let known = before.members.contains_key(&nomination.to);
    let lost = known && after.members.get(&nomination.to).is_none_or(|nominee| require_fit(nominee, now).is_err());
    let void = lost || organization.owner != nomination.by || organization.deletion.is_some();
    void.then(|| ended(nomination, NominationEnd::Void))
}

fn ended(nomination: &Nomination, reason: NominationEnd) -> Event {
    Event::NominationEnded { to: nomination.to.clone(), reason }
}

/// A notice to a member, if their address is proven.
fn tell(facts: &Facts, user: &UserId, organization: &Organization, (kind, who): (NoticeKind, String)) -> Vec<Notice> {
    let to = facts.members.get(user).and_then(|member| member.verified_email().cloned());
    to.map(|to| Notice::new(kind, to, organization, who)).into_iter().collect()
}
