//! The end of an organization: deleting, restoring, and leaving nothing of it.
//!
//! Owns who may do so and when. To everybody else a deleted organization is one that never was
//! ([`hidden`]): every other command is decided as if it were not there.

use super::{Case, require_agreement, require_version};
use crate::domain::command::{Action, Command, PurgeOrganization};
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::organization::{Deletion, Organization};
use crate::domain::permission::Permission;
use crate::domain::policy::Policy;
use crate::domain::principal::{Principal, PrincipalKind};
use crate::domain::requirements::Proof;
use crate::domain::time::Timestamp;

/// What a command may see of a deleted organization: nothing but that there was one. `None` where
/// it is not deleted, or the command is one of the few that reach it.
pub(super) fn hidden(facts: &Facts, action: &Action) -> Option<Facts> {
    let deleted = facts.organization.as_ref().is_some_and(|organization| organization.deletion.is_some());
    let reaches = matches!(
        action,
        Action::RestoreOrganization(_)
            | Action::PurgeOrganization(_)
            | Action::EraseUser(_)
            | Action::CloseOverdue(_)
            | Action::RecheckDomain(_)
            | Action::WithdrawJoinRequest(_)
    );
    let gone = || Facts { deleted: true, slugs: facts.slugs.clone(), owned: facts.owned.clone(), ..Facts::default() };
    (deleted && !reaches).then(gone)
}

/// Rule: a suspended organization can still be deleted; its owner must be able to end it. For the
/// grace period it is gone for everybody, and its owner can have it back.
pub(super) fn delete(case: &Case<'_>) -> Result<Decision, Denial> {
    case.require_held(Permission::OrganizationDelete)?;
    let grace = case.policy.deletion_grace;
    let deletion = Deletion { by: case.actor.user_id.clone(), at: case.now, purge_at: case.now.plus_seconds(grace) };
    let at_once = (grace <= 0).then_some(Event::OrganizationPurged {});
    let events = [Event::OrganizationDeleted { deletion }].into_iter().chain(at_once).collect();
    Ok(Decision::quiet(events, Outcome::Deleted))
}

/// Takes a deletion back. Rule: the owner's to ask, or an operator's; to others nothing is there.
pub(super) fn restore(policy: &Policy, facts: &Facts, command: &Command, now: Timestamp) -> Result<Decision, Denial> {
    let organization = facts.organization.as_ref().ok_or(Reason::NotFound)?;
    let Some(deletion) = &organization.deletion else { return restore_nothing(policy, facts, command, now) };
    let actor = &command.actor;
    let may = organization.owner == actor.user_id || is_operator(actor);
    if !may || now >= deletion.purge_at {
        return Err(Reason::NotFound.into());
    }
    organization.requirements.require(Proof::from(actor))?;
    require_agreement(command, facts, organization)?;
    require_version(command, organization)?;
    require_place(policy, facts, organization)?;
    Ok(Decision::quiet(vec![Event::OrganizationRestored {}], Outcome::Organization))
}

/// What is not deleted is as asked, for somebody who could have deleted it.
fn restore_nothing(policy: &Policy, facts: &Facts, command: &Command, now: Timestamp) -> Result<Decision, Denial> {
    let case = Case::open(policy, facts, command, now)?;
    case.require_held(Permission::OrganizationDelete)?;
    Ok(Decision::quiet(Vec::new(), Outcome::Organization))
}

/// Rule: what was founded meanwhile counts, for the limit as for the one personal organization.
fn require_place(policy: &Policy, facts: &Facts, organization: &Organization) -> Result<(), Denial> {
    if let (true, Some(other)) = (organization.personal, &facts.owned.personal) {
        return Err(Denial::naming(Reason::PersonalOrganizationExists, vec![other.clone()]));
    }
    super::ownership::require_room(policy, facts)
}

/// Leaves nothing of a deleted organization: when its time is over, or when an operator says so.
pub(super) fn purge(
    facts: &Facts,
    command: &Command,
    purge: &PurgeOrganization,
    now: Timestamp,
) -> Result<Decision, Denial> {
    if purge.early && !is_operator(&command.actor) {
        return Err(Reason::NotFound.into());
    }
    let organization = facts.organization.as_ref().ok_or(Reason::NotFound)?;
    let deletion = organization.deletion.as_ref().ok_or(Reason::NotFound)?;
    require_version(command, organization)?;
    let due = purge.early || now >= deletion.purge_at;
    let event = due.then_some(Event::OrganizationPurged {});
    Ok(Decision::quiet(event.into_iter().collect(), Outcome::Deleted))
}

/// Whether somebody answers for the whole installation.
pub(super) fn is_operator(actor: &Principal) -> bool {
    actor.kind == PrincipalKind::PlatformAdmin
}
