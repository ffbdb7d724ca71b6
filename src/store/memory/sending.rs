//! What keeps people from being invited too often, or at all, over the state.

use super::State;
use crate::app::ports::{Commit, Message, SuppressionFilter};
use crate::domain::decision::NoticeKind;
use crate::domain::email::Email;
use crate::domain::event::Event;
use crate::domain::facts::{Facts, SendingNeed};
use crate::domain::id::OrganizationId;
use crate::domain::quota::QuotaSubject;
use crate::domain::suppression::Suppression;

impl State {
    /// Those of the addresses in `need` that are members' or that the organization must not invite, and
    /// what was sent lately.
    pub(super) fn sending(
        &self,
        facts: &mut Facts,
        (organization, whole): (OrganizationId, &Facts),
        need: &SendingNeed,
    ) {
        let again = need.again.and_then(|id| facts.invitations.get(&id)).map(|invitation| invitation.email.clone());
        let to: Vec<Email> = need.to.iter().cloned().chain(again).collect();
        let subjects = to.iter().map(QuotaSubject::recipient);
        let others = [QuotaSubject::organization(organization), QuotaSubject::inviter(&need.inviter)];
        let subjects = subjects.chain(others).filter_map(|subject| Some((subject.clone(), *self.sent.get(&subject)?)));
        facts.sent = subjects.collect();
        let joined = |email: &&Email| whole.members.values().any(|member| member.verified_email() == Some(*email));
        facts.joined = to.iter().filter(joined).cloned().collect();
        facts.suppressed = to.into_iter().filter(|email| self.is_suppressed(email, organization)).collect();
    }

    fn is_suppressed(&self, email: &Email, organization: OrganizationId) -> bool {
        let wish = |about: Option<OrganizationId>| (email.canonical().to_owned(), about);
        self.suppressions.contains_key(&wish(None)) || self.suppressions.contains_key(&wish(Some(organization)))
    }

    /// Whether a commit invites somebody who does not want it, or too often.
    pub(super) fn bothers(&self, commit: &Commit) -> bool {
        let invited = commit.events.iter().filter_map(|event| match event {
            Event::InvitationCreated { invitation } => Some(invitation),
            Event::InvitationResent { invitation, .. } => commit.after.invitations.get(invitation),
            _ => None,
        });
        let mut unwelcome = invited.filter(|invitation| self.is_suppressed(&invitation.email, commit.organization));
        let too_often =
            |charge: &crate::domain::quota::Charge| charge.on(self.sent.get(&charge.subject).copied()).is_none();
        unwelcome.next().is_some() || commit.charges.iter().any(too_often)
    }

    pub(super) fn count(&mut self, commit: &Commit) {
        for charge in &commit.charges {
            let usage = charge.on(self.sent.get(&charge.subject).copied());
            self.sent.extend(usage.map(|usage| (charge.subject.clone(), usage)));
        }
    }

    /// A wish is kept once, and what waits for the address is not sent any more.
    pub(super) fn suppress(&mut self, wish: &Suppression) {
        let key = (wish.address.canonical().to_owned(), wish.organization);
        if !self.suppressions.contains_key(&key) {
            self.suppressions.insert(key, wish.clone());
        }
        let unwanted = |message: &Message| {
            message.delivered_at.is_none()
                && message.notice.kind == NoticeKind::Invitation
                && message.notice.to == wish.address
                && wish.holds_for(message.organization)
        };
        self.messages.retain(|_, message| !unwanted(message));
    }

    pub(super) fn suppressions(&self, filter: &SuppressionFilter) -> Vec<Suppression> {
        let own = self.suppressions.iter().filter(|((address, _), _)| address == filter.email.canonical());
        let later = own.filter(|((_, about), _)| filter.after.is_none_or(|after| *about > after));
        later.take(usize::try_from(filter.limit).unwrap_or(usize::MAX)).map(|(_, wish)| wish.clone()).collect()
    }
}
