//! Claiming, proving, opening and giving up domains.

use super::Case;
use crate::domain::claim::{Domain, DomainPolicy, DomainState, record_name};
use crate::domain::command::{ChangeDomain, ClaimDomain, DeleteDomain, RecheckDomain, VerifyDomain};
use crate::domain::decision::{Decision, Notice, NoticeKind, Outcome};
use crate::domain::denial::{Denial, Reason, counted, echo};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::DomainId;
use crate::domain::permission::Permission;
use crate::domain::policy::Policy;
use crate::domain::role::Roles;
use crate::domain::time::Timestamp;

/// Claims a domain. Rule: a claim is nothing yet, so that others may claim the same name; only within
/// one organization a name is claimed once.
pub(super) fn claim(case: &Case<'_>, claim: &ClaimDomain) -> Result<Decision, Denial> {
    case.require(Permission::DomainCreate)?;
    require_power(case, claim.policy)?;
    if case.facts.domains.values().any(|domain| domain.name == claim.name) {
        let detail = format!("`{}` is claimed here already", echo(claim.name.as_str()));
        return Err(Denial::about(Reason::DomainTaken, "name", detail));
    }
    let most = case.policy.domains.most;
    if case.facts.domains.len() >= most {
        return Err(Denial::because(
            Reason::DomainLimitReached,
            format!("at most {} {} kept", counted(most, "domain"), if most == 1 { "is" } else { "are" }),
        ));
    }
    let domain = Domain {
        id: claim.domain,
        organization: case.organization.id,
        name: claim.name.clone(),
        state: DomainState::Pending,
        policy: claim.policy,
        challenge: claim.challenge.clone(),
        verified_at: None,
        checked_at: None,
        missing_since: None,
        recheck_at: None,
        created_by: case.actor.user_id.clone(),
        created_at: case.now,
    };
    Ok(Decision::quiet(vec![Event::DomainCreated { domain }], Outcome::Domain { domain: claim.domain, created: true }))
}

/// Rule: a door through which people become members is opened by those only who may make members.
fn require_power(case: &Case<'_>, policy: DomainPolicy) -> Result<(), Denial> {
    match policy {
        DomainPolicy::Off | DomainPolicy::Request => Ok(()),
        DomainPolicy::Invite | DomainPolicy::Join => {
            case.require_grant(&Roles::member()).map_err(|denial| denial.at("policy"))
        }
    }
}

/// Verifies a claim. Rule: the proof decides, and among those who have it the first.
pub(super) fn verify(case: &Case<'_>, verify: &VerifyDomain) -> Result<Decision, Denial> {
    case.require(Permission::DomainUpdate)?;
    let domain = find(case, verify.domain).ok().filter(|domain| domain.name == verify.name).ok_or(Reason::NotFound)?;
    let outcome = Outcome::Domain { domain: domain.id, created: false };
    if !domain.is_proven_by(&verify.found) {
        return Err(not_proven(domain));
    }
    if case.facts.domain_holders.get(&domain.name).is_some_and(|holder| *holder != case.organization.id) {
        let detail = format!(
            "`{}` is verified by another organization; it must give the domain up first",
            echo(domain.name.as_str())
        );
        return Err(Denial::because(Reason::DomainTaken, detail));
    }
    let seen = domain.seen(case.now, &case.policy.domains);
    let event = match (domain.is_verified(), domain.missing_since) {
        (true, None) => None,
        (true, Some(_)) => Some(Event::DomainChecked { domain: seen }),
        (false, _) => Some(Event::DomainVerified { domain: seen }),
    };
    Ok(Decision::quiet(event.into_iter().collect(), outcome))
}

fn not_proven(domain: &Domain) -> Denial {
    let (name, value) = (record_name(&domain.name), domain.record_value());
    Denial::because(Reason::DomainNotProven, format!("no TXT record at `{name}` says `{value}`"))
}

pub(super) fn change(case: &Case<'_>, change: &ChangeDomain) -> Result<Decision, Denial> {
    case.require(Permission::DomainUpdate)?;
    let domain = find(case, change.domain)?;
    require_power(case, change.policy)?;
    let changed = Domain { policy: change.policy, ..domain.clone() };
    let event = (changed != *domain).then_some(Event::DomainChanged { domain: changed });
    Ok(Decision::quiet(event.into_iter().collect(), Outcome::Domain { domain: domain.id, created: false }))
}

pub(super) fn delete(case: &Case<'_>, delete: &DeleteDomain) -> Result<Decision, Denial> {
    case.require(Permission::DomainDelete)?;
    let domain = find(case, delete.domain)?.id;
    Ok(Decision::quiet(vec![Event::DomainDeleted { domain }], Outcome::DomainDeleted { domain }))
}

fn find<'a>(case: &'a Case<'_>, id: DomainId) -> Result<&'a Domain, Denial> {
    case.facts.domains.get(&id).ok_or_else(|| Reason::NotFound.into())
}

/// Looks at a proof again. The installation asks, not a person: no scope. What has changed meanwhile
/// is no error. The owner hears of it when the proof goes missing and when it has been for too long.
pub(super) fn recheck(policy: &Policy, facts: &Facts, recheck: &RecheckDomain, now: Timestamp) -> Decision {
    let outcome = Outcome::Domain { domain: recheck.domain, created: false };
    let verified = facts.domains.get(&recheck.domain).filter(|domain| domain.is_verified());
    let due = verified.filter(|domain| domain.recheck_at.is_none_or(|at| at <= now));
    let Some(before) = due else { return Decision::quiet(Vec::new(), outcome) };
    if before.is_proven_by(&recheck.found) {
        let event = Event::DomainChecked { domain: before.seen(now, &policy.domains) };
        return Decision::quiet(vec![event], outcome);
    }
    let domain = before.missed(now, &policy.domains);
    if !domain.is_verified() {
        let notices = tell_owner(facts, &domain, NoticeKind::DomainLapsed);
        return Decision { events: vec![Event::DomainLapsed { domain }], notices, outcome };
    }
    let newly = before.missing_since.is_none();
    let mut notices = if newly { tell_owner(facts, &domain, NoticeKind::DomainMissing) } else { Vec::new() };
    let end = domain.missing_since.map(|since| since.plus_seconds(policy.domains.grace));
    notices.iter_mut().for_each(|notice| notice.expires_at = end);
    Decision { events: vec![Event::DomainChecked { domain }], notices, outcome }
}

/// A notice to the owner, if the address is known. An organization that is deleted has nobody to tell.
fn tell_owner(facts: &Facts, domain: &Domain, kind: NoticeKind) -> Vec<Notice> {
    let Some(organization) = facts.standing() else { return Vec::new() };
    let to = facts.members.get(&organization.owner).and_then(|owner| owner.email.clone());
    let notice = to.map(|to| Notice::new(kind, to, organization, String::new()));
    notice.into_iter().map(|notice| Notice { domain: Some(domain.name.clone()), ..notice }).collect()
}
