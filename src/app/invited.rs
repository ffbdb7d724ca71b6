//! Invitations as the invited person sees them.
//!
//! Owns the rule that what is shown as open could be accepted: the question is the one that accepting
//! asks, of the same facts. Never answers one.

use super::execute::App;
use super::ports::{Failure, Invited, Store};
use crate::domain::command::InvitationKey;
use crate::domain::decide::require_standing;
use crate::domain::denial::Reason;
use crate::domain::facts::Needs;

impl<S: Store, C, E> App<'_, S, C, E> {
    /// The open invitation that a key names, for whoever holds its token.
    ///
    /// # Errors
    /// `invitation_invalid`, and whatever nobody could accept it for.
    pub async fn preview(&self, key: &InvitationKey) -> Result<Invited, Failure> {
        let facts = self.store.load(&Needs::of_invitation(key.clone()), None).await?.facts;
        let invited = Invited::among(&facts, key).ok_or(Reason::InvitationInvalid)?;
        require_standing(&self.config.policy, &facts, &invited.invitation, self.now)?;
        Ok(invited)
    }

    /// Whether somebody could accept an invitation now.
    pub fn stands(&self, invited: &Invited) -> bool {
        require_standing(&self.config.policy, &invited.facts(), &invited.invitation, self.now).is_ok()
    }
}
