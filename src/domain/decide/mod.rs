//! Deciding: facts, a command and the time in; events or a refusal out.
//!
//! Owns every rule of change. Total and deterministic: the same arguments give the same answer in
//! the Worker, in the browser and in a test. Never loads, stores, mints or sends anything.

mod answer;
mod auto_join;
mod bulk;
mod domain;
mod domain_door;
mod erase;
mod guard;
mod import;
mod invitation;
mod join_request;
mod lifecycle;
mod link;
mod link_answer;
mod member;
mod organization;
mod overdue;
mod ownership;
mod registration;
mod role;
mod settle;
mod team;
mod team_member;
mod update_member;
mod webhook;

pub use answer::is_vouched_for;
pub use answer::require_standing;
pub use link_answer::{is_vouched_for as is_link_vouched_for, require_standing as require_link_standing};

use super::command::{Action, Command, OrganizationRef, Target};
use super::decision::Decision;
use super::denial::{Denial, Reason};
use super::domain_name::DomainName;
use super::facts::Facts;
use super::id::UserId;
use super::membership::Membership;
use super::organization::Organization;
use super::permission::Permission;
use super::policy::Policy;
use super::principal::{Principal, PrincipalKind};
use super::requirements::Proof;
use super::role::{Roles, outranks, require_grant};
use super::scope::Scope;
use super::time::Timestamp;

/// Decides a command.
///
/// # Errors
/// Any [`Denial`] that the command's rules name; a refused command changes nothing.
pub fn decide(policy: &Policy, facts: &Facts, command: &Command, now: Timestamp) -> Result<Decision, Denial> {
    let gone = lifecycle::hidden(facts, &command.action);
    let facts = gone.as_ref().unwrap_or(facts);
    let (ended, later) = overdue::met(facts, &command.action, now).unzip();
    let standing = later.as_ref().unwrap_or(facts);
    let decision = decide_by_itself(policy, standing, command, now)?;
    let decision = settle::settle(standing, settle::recognise(standing, command, decision), now);
    guard::guard(facts, command, overdue::first(ended.unwrap_or_default(), decision), now)
}

/// Decides by the command's own rules; what holds for all of them is asked afterwards.
fn decide_by_itself(policy: &Policy, facts: &Facts, command: &Command, now: Timestamp) -> Result<Decision, Denial> {
    match &command.action {
        Action::CreateOrganization(create) => organization::create(policy, facts, command, create, now),
        Action::UpdateOrganization(update) if organization::is_operators(&command.actor, update) => {
            organization::update_as_operator(facts, command, update)
        }
        Action::RestoreOrganization(_) => lifecycle::restore(policy, facts, command, now),
        Action::PurgeOrganization(purge) => lifecycle::purge(facts, command, purge, now),
        Action::EraseUser(erase) => erase::erase(facts, command, erase, now),
        Action::ImportOrganization(import) => import::import(policy, facts, command, import, now),
        Action::RecheckDomain(recheck) => Ok(domain::recheck(policy, facts, recheck, now)),
        Action::DisableWebhook(disable) => Ok(webhook::disable(facts, disable, now)),
        Action::CloseOverdue(_) => overdue::close(facts, now),
        Action::AutoJoin(join) => auto_join::join(facts, join, now),
        Action::AcceptInvitation(accept) => answer::accept(policy, facts, command, (accept, now)),
        Action::DeclineInvitation(decline) => answer::decline(facts, command, decline, now),
        Action::AcceptLink(accept) => link_answer::accept(policy, facts, command, (accept, now)),
        Action::AskToJoin(ask) => join_request::ask(policy, facts, command, ask, now),
        Action::WithdrawJoinRequest(withdraw) => join_request::withdraw(facts, command, withdraw, now),
        Action::RegisterOrganization(register) => registration::register(policy, facts, command, register, now),
        Action::ActivateRegistration(activate) => registration::activate(policy, facts, command, activate, now),
        Action::ExpireRegistration(_) => registration::expire(facts, command, now),
        _ => decide_inside(policy, facts, command, now),
    }
}

/// Decides a command of a member about the member's organization.
fn decide_inside(policy: &Policy, facts: &Facts, command: &Command, now: Timestamp) -> Result<Decision, Denial> {
    let case = Case::open(policy, facts, command, now)?;
    match &command.action {
        Action::UpdateOrganization(update) => organization::update(&case, update),
        Action::DeactivateOrganization(_) => organization::deactivate(&case),
        Action::ActivateOrganization(_) => organization::activate(&case),
        Action::DeleteOrganization(_) => lifecycle::delete(&case),
        Action::TransferOwnership(transfer) => ownership::transfer(&case, transfer),
        Action::NominateOwner(nominate) => ownership::nominate(&case, nominate),
        Action::AcceptOwnership(_) => ownership::accept(&case),
        Action::DeclineOwnership(_) => ownership::decline(&case),
        Action::WithdrawNomination(_) => ownership::withdraw(&case),
        Action::AddMember(add) => member::add(&case, add),
        Action::RemoveMember(remove) => member::remove(&case, &remove.user),
        Action::LeaveOrganization(leave) => ownership::leave(&case, leave.successor.as_ref()),
        Action::UpdateMember(update) => update_member::update(&case, update),
        Action::CreateRole(create) => role::create(&case, create),
        Action::UpdateRole(update) => role::update(&case, update),
        Action::DeleteRole(delete) => role::delete(&case, delete),
        Action::CreateTeam(create) => team::create(&case, create),
        Action::UpdateTeam(update) => team::update(&case, update),
        Action::DeleteTeam(delete) => team::delete(&case, delete),
        Action::PutTeamMember(put) => team_member::put(&case, put),
        Action::RemoveTeamMember(remove) => team_member::remove(&case, remove),
        Action::InviteMember(invite) => invitation::invite(&case, invite),
        Action::InviteMembers(many) => bulk::invite(&case, many),
        Action::ResendInvitation(resend) => invitation::resend(&case, resend),
        Action::RevokeInvitation(revoke) => invitation::revoke(&case, revoke),
        Action::ClaimDomain(claim) => domain::claim(&case, claim),
        Action::VerifyDomain(verify) => domain::verify(&case, verify),
        Action::ChangeDomain(change) => domain::change(&case, change),
        Action::DeleteDomain(delete) => domain::delete(&case, delete),
        Action::CreateLink(create) => link::create(&case, create),
        Action::UpdateLink(update) => link::update(&case, update),
        Action::RotateLink(rotate) => link::rotate(&case, rotate),
        Action::DeleteLink(delete) => link::delete(&case, delete),
        Action::CreateWebhook(create) => webhook::create(&case, create),
        Action::UpdateWebhook(update) => webhook::update(&case, update),
        Action::RotateWebhook(rotate) => webhook::rotate(&case, rotate),
        Action::DeleteWebhook(delete) => webhook::delete(&case, delete),
        Action::TestWebhook(test) => webhook::test(&case, test),
        Action::ApproveJoinRequest(approve) => join_request::approve(&case, approve),
        Action::DenyJoinRequest(deny) => join_request::deny(&case, deny),
        _ => Err(Reason::MalformedRequest.into()),
    }
}

/// A command whose caller has been let into the organization that it is about.
struct Case<'a> {
    policy: &'a Policy,
    facts: &'a Facts,
    organization: &'a Organization,
    actor: &'a Principal,
    /// The caller's membership; a platform admin may have none.
    member: Option<&'a Membership>,
    scope: Scope,
    now: Timestamp,
}

impl<'a> Case<'a> {
    /// Lets the caller in. Rule: who is neither a member nor a platform admin learns nothing, not even
    /// that it exists.
    fn open(policy: &'a Policy, facts: &'a Facts, command: &'a Command, now: Timestamp) -> Result<Self, Denial> {
        let organization = facts.organization.as_ref().ok_or(Reason::NotFound)?;
        let actor = &command.actor;
        let member = facts.members.get(&actor.user_id).filter(|_| !actor.user_id.is_internal());
        let leaving = is_way_out(command);
        let scope = match member {
            Some(member) if leaving && actor.kind != PrincipalKind::PlatformAdmin => {
                Scope::of_departing(organization, member, now)?
            }
            Some(member) if actor.kind != PrincipalKind::PlatformAdmin => {
                Scope::of(&policy.catalog, facts, organization, member, now)?
            }
            _ => Scope::of_platform_admin(&policy.catalog, organization, actor)?,
        };
        if !leaving {
            organization.requirements.require(Proof::from(actor))?;
        }
        require_agreement(command, facts, organization)?;
        require_version(command, organization)?;
        Ok(Case { policy, facts, organization, actor, member, scope, now })
    }

    /// The same caller's case on the facts as a part of the command has left them.
    fn after<'b>(&'b self, facts: &'b Facts) -> Result<Case<'b>, Denial> {
        let organization = facts.organization.as_ref().ok_or(Reason::NotFound)?;
        let (policy, actor, member) = (self.policy, self.actor, self.member);
        let (scope, now) = (self.scope.clone(), self.now);
        Ok(Case { policy, facts, organization, actor, member, scope, now })
    }

    /// Who vouches for what the caller offers to others. Rule: what a platform admin offers is the
    /// owner's to vouch for, since an operator's power is in no fact that could be asked again later.
    fn voucher(&self) -> UserId {
        match self.actor.kind {
            PrincipalKind::PlatformAdmin => self.organization.owner.clone(),
            _ => self.actor.user_id.clone(),
        }
    }

    /// Refuses a caller without the permission, and then any write to a suspended organization.
    fn require(&self, permission: Permission) -> Result<(), Denial> {
        self.require_held(permission)?;
        self.require_active()
    }

    /// Refuses a caller without the permission.
    fn require_held(&self, permission: Permission) -> Result<(), Denial> {
        self.scope.require(&self.policy.catalog, permission)
    }

    /// Refuses roles that do not exist, or allow more than is the caller's to give.
    fn require_grant(&self, roles: &Roles) -> Result<(), Denial> {
        let power = self.facts.powers_of(&self.policy.catalog, roles)?.permissions();
        require_grant(&self.policy.catalog, self.scope.permissions(), power)
    }

    /// Refuses whoever is neither the owner nor a platform admin, whatever their roles allow: one
    /// person is accountable.
    fn require_owner(&self) -> Result<(), Denial> {
        if self.organization.owner == self.actor.user_id || lifecycle::is_operator(self.actor) {
            return Ok(());
        }
        Err(Denial::because(Reason::PermissionDenied, "only the owner does this"))
    }

    /// Refuses to touch somebody whom the caller does not outrank.
    fn require_rank(&self, member: &Membership) -> Result<(), Denial> {
        let theirs = self.facts.powers_held(&self.policy.catalog, member);
        if outranks(self.scope.powers(), &theirs) { Ok(()) } else { Err(Reason::Outranked.into()) }
    }

    fn require_active(&self) -> Result<(), Denial> {
        require_active(self.organization)
    }

    /// The caller as other people may see them.
    fn actor_name(&self) -> String {
        display_name(
            self.member.and_then(|member| member.name.as_ref()).or(self.actor.name.as_ref()).map(|name| name.as_str()),
            "A member",
        )
    }
}

/// Rule: saying no and going need nothing but oneself.
fn is_way_out(command: &Command) -> bool {
    match &command.action {
        Action::LeaveOrganization(_) | Action::DeclineOwnership(_) => true,
        Action::RemoveMember(remove) => remove.user == command.actor.user_id,
        _ => false,
    }
}

fn require_active(organization: &Organization) -> Result<(), Denial> {
    if organization.is_active() { Ok(()) } else { Err(Reason::OrganizationInactive.into()) }
}

/// Rule: hints that disagree are an error, never a choice (a confused deputy would pick the wrong one).
fn require_agreement(command: &Command, facts: &Facts, organization: &Organization) -> Result<(), Denial> {
    let agrees = |hint: &OrganizationRef| match hint {
        OrganizationRef::Id(id) => *id == organization.id,
        OrganizationRef::Slug(slug) => *slug == organization.slug,
    };
    // A host that nobody has proven to be theirs names nothing.
    let holds = |host: &DomainName| facts.domain_holders.get(host).is_none_or(|holder| *holder == organization.id);
    let agreed = command.hints.iter().all(agrees) && command.hosts.iter().all(holds);
    if agreed { Ok(()) } else { Err(Reason::OrganizationAmbiguous.into()) }
}

/// Refuses a command that is meant at other versions than the present one.
fn require_version(command: &Command, organization: &Organization) -> Result<(), Denial> {
    let version = organization.version;
    if command.if_match.as_ref().is_none_or(|expected| expected.includes(version)) {
        return Ok(());
    }
    Err(Denial::because(Reason::VersionMismatch, format!("it is at version {version}")))
}

/// A name for mails; nobody's address is handed on for want of a name.
fn display_name(name: Option<&str>, otherwise: &str) -> String {
    name.unwrap_or(otherwise).to_owned()
}

/// The organization id that a founding command brings along.
fn new_id(command: &Command) -> Result<super::id::OrganizationId, Denial> {
    match command.target {
        Target::New(id) => Ok(id),
        _ => Err(Reason::MalformedRequest.into()),
    }
}

#[cfg(test)]
mod tests;
