//! Asking to be let in, and deciding about it.

use super::answer::require_seat;
use super::invitation::pending_for;
use super::{Case, display_name, domain_door};
use crate::domain::claim::DomainPolicy;
use crate::domain::command::{ApproveJoinRequest, AskToJoin, Command, DenyJoinRequest, WithdrawJoinRequest};
use crate::domain::decision::{Decision, Notice, NoticeKind, Outcome};
use crate::domain::denial::{Denial, Reason, counted};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::JoinRequestId;
use crate::domain::join_request::{JoinRequest, JoinRequestState, JoinRequests};
use crate::domain::membership::Membership;
use crate::domain::organization::Organization;
use crate::domain::permission::Permission;
use crate::domain::policy::Policy;
use crate::domain::time::Timestamp;

/// Asks. A verified domain may answer at once, and lets ask where others may not. Rule: an
/// organization that cannot be asked looks like one that does not exist; a member may
/// know that it does.
pub(super) fn ask(
    policy: &Policy,
    facts: &Facts,
    command: &Command,
    ask: &AskToJoin,
    now: Timestamp,
) -> Result<Decision, Denial> {
    let organization = facts.organization.as_ref().ok_or(Reason::NotFound)?;
    let actor = &command.actor;
    if facts.members.contains_key(&actor.user_id) {
        return Err(Reason::AlreadyMember.into());
    }
    let invited = domain_door::policy(facts, actor) != DomainPolicy::Off;
    let closed = organization.personal || (organization.join_requests == JoinRequests::Off && !invited);
    if closed || !organization.is_active() {
        return Err(Reason::NotFound.into());
    }
    if let Some(answer) = domain_door::answer(policy, facts, command, (ask, now))? {
        return Ok(answer);
    }
    require_turn(policy, facts, now)?;
    let request = JoinRequest {
        id: ask.request,
        organization: organization.id,
        user: actor.user_id.clone(),
        email: actor.verified_email().cloned(),
        name: actor.name.clone(),
        message: ask.message.clone(),
        state: JoinRequestState::Pending,
        created_at: now,
        decided_by: None,
        closed_at: None,
    };
    let notices = tell_owner(facts, organization, &request);
    let outcome = Outcome::JoinRequest { request: request.id };
    Ok(Decision { events: vec![Event::JoinRequested { request }], notices, outcome })
}

/// Rule: one request waits at a time, not too many anywhere, and a no is not asked away.
fn require_turn(policy: &Policy, facts: &Facts, now: Timestamp) -> Result<(), Denial> {
    let limits = &policy.doors;
    let latest = facts.join_requests.values().max_by_key(|request| request.id);
    if latest.is_some_and(JoinRequest::is_pending) {
        return Err(Reason::JoinRequestPending.into());
    }
    let denied = latest.filter(|request| request.state == JoinRequestState::Denied);
    let end = denied.and_then(|request| request.closed_at).map(|at| at.plus_seconds(limits.join_request_cooldown));
    if let Some(end) = end.filter(|end| now < *end) {
        return Err(Denial::from(Reason::JoinRequestCooldown).until(end, now));
    }
    if facts.pending_requests >= limits.join_requests {
        let verb = if facts.pending_requests == 1 { "waits" } else { "wait" };
        let detail = format!("{} of yours {verb}; withdraw one", counted(facts.pending_requests, "request"));
        return Err(Denial::because(Reason::JoinRequestQuota, detail));
    }
    Ok(())
}

/// Lets in. Rule: approving is adding, with all that adding asks for. Who has become a member by
/// another door meanwhile stays as they are.
pub(super) fn approve(case: &Case<'_>, approve: &ApproveJoinRequest) -> Result<Decision, Denial> {
    case.require(Permission::MemberAdd)?;
    let request = find(case.facts, approve.request)?;
    let outcome = Outcome::JoinRequest { request: request.id };
    if request.state == JoinRequestState::Approved {
        return Ok(Decision::quiet(Vec::new(), outcome));
    }
    require_pending(request)?;
    case.require_grant(&approve.roles).map_err(|denial| denial.at("roles"))?;
    let closed = request.closed(JoinRequestState::Approved, &case.actor.user_id, case.now);
    let mut events = vec![Event::JoinRequestApproved { request: closed }];
    if !case.facts.members.contains_key(&request.user) {
        // A pending invitation of theirs holds a seat for them already, and gives way.
        if request.email.as_ref().and_then(|email| pending_for(case.facts, email)).is_none() {
            require_seat(case.organization)?;
        }
        events.push(Event::MemberAdded { member: new_member(case, approve, request) });
    }
    let mut notices = tell_asker(case, request, NoticeKind::JoinRequestApproved);
    notices.iter_mut().for_each(|notice| notice.roles = Some(approve.roles.clone()));
    Ok(Decision { events, notices, outcome })
}

fn new_member(case: &Case<'_>, approve: &ApproveJoinRequest, request: &JoinRequest) -> Membership {
    let (user, roles) = (request.user.clone(), approve.roles.clone());
    // A request keeps no address but a proven one.
    let known = Membership {
        name: request.name.clone(),
        ..Membership::new(approve.membership, case.organization.id, user, roles, case.now)
    };
    known.proven(request.email.clone())
}

/// Does not let in.
pub(super) fn deny(case: &Case<'_>, deny: &DenyJoinRequest) -> Result<Decision, Denial> {
    case.require(Permission::MemberAdd)?;
    let request = find(case.facts, deny.request)?;
    let outcome = Outcome::JoinRequest { request: request.id };
    if request.state == JoinRequestState::Denied {
        return Ok(Decision::quiet(Vec::new(), outcome));
    }
    require_pending(request)?;
    let closed = request.closed(JoinRequestState::Denied, &case.actor.user_id, case.now);
    let notices = if deny.silent { Vec::new() } else { tell_asker(case, request, NoticeKind::JoinRequestDenied) };
    Ok(Decision { events: vec![Event::JoinRequestDenied { request: closed }], notices, outcome })
}

/// Takes a request back. Only the one who asked; to everybody else it does not exist. Allowed whatever
/// has become of the organization: asking no more needs nobody's leave.
pub(super) fn withdraw(
    facts: &Facts,
    command: &Command,
    withdraw: &WithdrawJoinRequest,
    now: Timestamp,
) -> Result<Decision, Denial> {
    let user = &command.actor.user_id;
    let request = find(facts, withdraw.request)?;
    if request.user != *user {
        return Err(Reason::NotFound.into());
    }
    let outcome = Outcome::JoinRequest { request: request.id };
    if request.state == JoinRequestState::Withdrawn {
        return Ok(Decision::quiet(Vec::new(), outcome));
    }
    require_pending(request)?;
    let closed = request.closed(JoinRequestState::Withdrawn, user, now);
    Ok(Decision::quiet(vec![Event::JoinRequestWithdrawn { request: closed }], outcome))
}

fn find(facts: &Facts, id: JoinRequestId) -> Result<&JoinRequest, Denial> {
    facts.join_requests.get(&id).ok_or_else(|| Reason::NotFound.into())
}

fn require_pending(request: &JoinRequest) -> Result<(), Denial> {
    if request.is_pending() { Ok(()) } else { Err(Reason::JoinRequestClosed.into()) }
}

fn tell_owner(facts: &Facts, organization: &Organization, request: &JoinRequest) -> Vec<Notice> {
    let to = facts.members.get(&organization.owner).and_then(|owner| owner.verified_email().cloned());
    let who = display_name(request.name.as_ref().map(|name| name.as_str()), "Somebody");
    let notice = to.map(|to| Notice::new(NoticeKind::JoinRequestReceived, to, organization, who));
    notice.into_iter().map(|notice| Notice { message: request.message.clone(), ..notice }).collect()
}

fn tell_asker(case: &Case<'_>, request: &JoinRequest, kind: NoticeKind) -> Vec<Notice> {
    let to = request.email.clone();
    to.map(|to| Notice::new(kind, to, case.organization, case.actor_name())).into_iter().collect()
}
