//! One user across organizations, over the state.

use super::State;
use crate::app::ports::Person;
use crate::domain::email::Email;
use crate::domain::facts::Facts;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::invitation::InvitationState;
use crate::domain::order::sort_by_key;

impl State {
    pub(super) fn person(&self, user: &UserId) -> Person {
        let all = self.organizations.values();
        let owned = all.clone().filter_map(|facts| facts.organization.as_ref()).filter(|o| o.owner == *user);
        let mut emails: Vec<Email> = all
            .filter_map(|facts| facts.members.get(user))
            .filter_map(|member| member.verified_email().cloned())
            .collect();
        sort_by_key(&mut emails, |email| email.as_str().to_owned());
        emails.dedup_by(|one, other| one.as_str() == other.as_str());
        Person { owned: owned.take(100).map(|organization| organization.card()).collect(), emails }
    }

    pub(super) fn traces(&self, user: &UserId, emails: &[Email], limit: u32) -> Vec<OrganizationId> {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let invites = |facts: &Facts| {
            facts.invitations.values().any(|i| i.state == InvitationState::Pending && emails.contains(&i.email))
        };
        let all = self.organizations.iter();
        let inviting =
            all.clone().filter(|(_, facts)| invites(facts)).map(|(id, _)| *id).take(most).collect::<Vec<_>>();
        let asks = |facts: &Facts| facts.join_requests.values().any(|it| it.user == *user && it.is_pending());
        let asked: Vec<OrganizationId> =
            all.clone().filter(|(_, facts)| asks(facts)).map(|(id, _)| *id).take(most).collect();
        let member_of = all.filter(|(_, facts)| facts.members.contains_key(user)).map(|(id, _)| *id).take(most);
        crate::store::join_traces([inviting, asked].concat(), member_of.collect(), limit)
    }

    pub(super) fn forget_person(&mut self, user: &UserId, emails: &[Email]) {
        self.receipts.retain(|(owner, _), _| owner != user);
        self.organizations.values_mut().for_each(|facts| facts.departed.retain(|other| other != user));
        self.messages.retain(|_, message| !emails.contains(&message.notice.to));
    }
}
