//! Erasing a user from the whole installation.
//!
//! Owns the order: first what waits at the user's addresses and for the user's answer, then the memberships that say which
//! addresses those are, each organization by a command of its own. Repeatable: what a call leaves
//! over, because it was much or because it failed, the next one finds. Never deletes an organization.

use super::contention;
use super::execute::{App, Done, Order};
use super::ports::{Cache, Entropy, Failure, Store};
use super::trial::Offers;
use crate::domain::command::{Action, Command, EraseUser, OrganizationRef, Target};
use crate::domain::decision::Outcome;
use crate::domain::denial::{Denial, Reason};
use crate::domain::email::Email;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::principal::{Principal, PrincipalKind};

/// How many organizations one call goes through; a Worker's request has only so many statements.
pub const ORGANIZATIONS_PER_CALL: u32 = 25;

/// What was erased, and whether that was all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// The organizations that were touched.
    pub organizations: Vec<OrganizationId>,
    /// How many memberships ended.
    pub memberships: usize,
    /// How many invitations were withdrawn.
    pub invitations: usize,
    /// How many requests to join were closed.
    pub join_requests: usize,
    /// Under a dry run, the invitations and links that would become void: the user vouches for them.
    pub broken: Offers,
    /// Whether nothing is left; otherwise repeat.
    pub complete: bool,
}

impl<S: Store, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// Erases a user: memberships, invitations of the addresses that memberships and the caller
    /// know, kept answers and mails. What the audit logs recorded stays.
    ///
    /// # Errors
    /// `permission_denied` for anybody but a platform admin; `user_owns_organizations`, naming them;
    /// [`Failure::Unavailable`] when the store fails.
    pub async fn erase_user(&self, actor: &Principal, user: &UserId, emails: &[Email]) -> Result<Erased, Failure> {
        if actor.kind != PrincipalKind::PlatformAdmin {
            return Err(Denial::because(Reason::PermissionDenied, "only a platform admin erases a user").into());
        }
        let person = self.store.person(user).await?;
        if !person.owned.is_empty() {
            return Err(Denial::naming(Reason::UserOwnsOrganizations, person.owned).into());
        }
        let known: Vec<Email> = emails.iter().cloned().chain(person.emails).collect();
        let limit = ORGANIZATIONS_PER_CALL.saturating_add(1);
        let mut found = self.store.traces(user, &known, limit).await?;
        let complete = found.len() < usize::try_from(limit).unwrap_or(usize::MAX);
        found.truncate(usize::try_from(ORGANIZATIONS_PER_CALL).unwrap_or(usize::MAX));
        let mut erased = Erased { complete, ..Erased::default() };
        let app = self.spent().await?;
        for organization in found {
            let erase = EraseUser { user: user.clone(), emails: known.clone() };
            app.erase_in(actor, organization, erase, &mut erased).await.map_err(contention::midway)?;
        }
        // The one thing here that is written without a command.
        if !self.dry_run {
            self.store.forget_person(user, &known).await?;
        }
        Ok(erased)
    }

    async fn erase_in(
        &self,
        actor: &Principal,
        organization: OrganizationId,
        erase: EraseUser,
        erased: &mut Erased,
    ) -> Result<(), Failure> {
        let target = Target::Organization(OrganizationRef::Id(organization));
        let action = Action::EraseUser(erase);
        let command =
            Command { actor: actor.clone(), target, hints: Vec::new(), hosts: Vec::new(), if_match: None, action };
        let order =
            Order { command, seed: None, shown: false, receipt: None, challenge: None, render: &|_| String::new() };
        let outcome = match self.execute(&order).await? {
            Done::Now(executed) => executed.outcome,
            Done::Would(trial) => {
                erased.broken.invitations.extend(trial.broken.invitations);
                erased.broken.links.extend(trial.broken.links);
                trial.executed.outcome
            }
            Done::Before(_) => return Ok(()),
        };
        if let Outcome::Erased { memberships, invitations, join_requests } = outcome {
            erased.organizations.push(organization);
            erased.memberships = erased.memberships.saturating_add(memberships);
            erased.invitations = erased.invitations.saturating_add(invitations);
            erased.join_requests = erased.join_requests.saturating_add(join_requests);
        }
        Ok(())
    }
}
