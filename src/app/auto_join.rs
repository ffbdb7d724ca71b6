//! Taking people who are in no organization into the one that the operator named for them.
//!
//! Owns who gives the command: the installation itself, so that the audit log does not say that the
//! new member let themselves in. Never acts on a read: whoever asks to join says so.

use super::execute::{App, Done, Executed, Order};
use super::mint::Mint;
use super::ports::{Cache, Entropy, Failure, Store, Unavailable};
use super::trial::not_tried;
use crate::domain::command::{AutoJoin, Command, OrganizationRef, Target};
use crate::domain::decide::decide;
use crate::domain::denial::Denial;
use crate::domain::facts::needs;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::principal::{Principal, PrincipalKind};

impl<S: Store, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// Whether the caller would be taken in, or why not. Changes nothing.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the store fails.
    pub async fn would_join(
        &self,
        caller: &Principal,
        organization: OrganizationId,
    ) -> Result<Option<Denial>, Failure> {
        let command = self.auto_join_command(caller, organization)?;
        let loaded = self.store.load(&needs(&command), None).await?;
        Ok(decide(&self.config.policy, &loaded.facts, &command, self.now).err())
    }

    /// Takes the caller in. Repeatable: a member stays as they are.
    ///
    /// # Errors
    /// `auto_join_refused`, `seat_limit_reached`, `organization_inactive`, `not_found`.
    pub async fn join_automatically(
        &self,
        caller: &Principal,
        organization: OrganizationId,
    ) -> Result<Box<Executed>, Failure> {
        let command = self.auto_join_command(caller, organization)?;
        let order =
            Order { command, seed: None, shown: false, receipt: None, challenge: None, render: &|_| String::new() };
        match self.execute(&order).await? {
            Done::Now(executed) => Ok(executed),
            Done::Would(_) => Err(not_tried().into()),
            Done::Before(_) => Err(Unavailable("a command without a key was answered before".to_owned()).into()),
        }
    }

    fn auto_join_command(&self, caller: &Principal, organization: OrganizationId) -> Result<Command, Failure> {
        let membership = Mint::new(self.entropy, self.now).membership()?;
        let actor =
            Principal::new(UserId::parse(&format!("{}auto-join", UserId::INSTALLATION))?, PrincipalKind::System);
        let target = Target::Organization(OrganizationRef::Id(organization));
        let action = AutoJoin { membership, user: caller.clone() }.into();
        Ok(Command { actor, target, hints: Vec::new(), hosts: Vec::new(), if_match: None, action })
    }
}
