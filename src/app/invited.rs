//! Invitations as the invited person sees them.
//!
//! Owns the rule that what is shown as open could be accepted: the question is the one that accepting
//! asks, of the same facts. Never answers one.

use super::execute::App;
use super::ports::{Failure, Invited, LinkPreview, Store, Unavailable};
use crate::domain::command::{InvitationKey, OrganizationRef, Target};
use crate::domain::decide::{is_link_vouched_for, is_vouched_for, require_link_standing, require_standing};
use crate::domain::denial::Reason;
use crate::domain::facts::{Facts, Needs};
use crate::domain::id::{InvitationId, LinkId, OrganizationId, UserId};
use crate::domain::invitation::Invitation;
use crate::domain::link::InvitationLink;
use crate::domain::secret::SecretDigest;
use crate::domain::table::Set;

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

    /// The link that lets in by a token, for whoever holds it.
    ///
    /// # Errors
    /// `invitation_invalid`, and whatever lets nobody in by it.
    pub async fn preview_link(&self, digest: &SecretDigest) -> Result<LinkPreview, Failure> {
        let facts = self.store.load(&Needs::of_link(digest.clone()), None).await?.facts;
        let found = LinkPreview::among(&facts, digest).ok_or(Reason::InvitationInvalid)?;
        require_link_standing(&self.config.policy, &facts, &found.link, self.now)?;
        Ok(found)
    }

    /// Those of an organization's invitations that wait for an answer in vain: whoever vouches for them could not
    /// give them any more. One read, whatever is on the page.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the store fails.
    pub async fn void_invitations(&self, rows: &[Invitation]) -> Result<Set<InvitationId>, Failure> {
        let open: Vec<&Invitation> = rows.iter().filter(|row| row.is_open(self.now)).collect();
        let Some(facts) = self.inviters(open.iter().map(|row| (row.organization, &row.invited_by))).await? else {
            return Ok(Set::new());
        };
        let vouched = |row: &Invitation| is_vouched_for(&self.config.policy.catalog, &facts, row, self.now);
        Ok(open.into_iter().filter(|row| !vouched(row)).map(|row| row.id).collect())
    }

    /// The same of its links.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the store fails.
    pub async fn void_links(&self, rows: &[InvitationLink]) -> Result<Set<LinkId>, Failure> {
        let open: Vec<&InvitationLink> = rows.iter().filter(|row| row.require_open(self.now).is_ok()).collect();
        let Some(facts) = self.inviters(open.iter().map(|row| (row.organization, &row.invited_by))).await? else {
            return Ok(Set::new());
        };
        let vouched = |row: &InvitationLink| is_link_vouched_for(&self.config.policy.catalog, &facts, row, self.now);
        Ok(open.into_iter().filter(|row| !vouched(row)).map(|row| row.id).collect())
    }

    /// The memberships of whoever invites, and the roles; `None` when nobody does.
    async fn inviters(
        &self,
        rows: impl Iterator<Item = (OrganizationId, &UserId)>,
    ) -> Result<Option<Facts>, Unavailable> {
        let (organizations, users): (Vec<OrganizationId>, Set<&UserId>) = rows.unzip();
        let Some(organization) = organizations.first() else { return Ok(None) };
        let target = Target::Organization(OrganizationRef::Id(*organization));
        let needs = Needs { members: users.into_iter().cloned().collect(), ..Needs::of(target) };
        Ok(Some(self.store.load(&needs, None).await?.facts))
    }

    /// Whether somebody could accept an invitation now.
    pub fn stands(&self, invited: &Invited) -> bool {
        require_standing(&self.config.policy, &invited.facts(), &invited.invitation, self.now).is_ok()
    }
}
