//! Links, join requests and registrations, over the state.

use super::{MemoryStore, State};
use crate::app::ports::{
    DoorStore, JoinRequestFilter, LinkFilter, Reach, Requested, RequestedFilter, Tenant, Unavailable,
};
use crate::domain::facts::{DoorNeeds, Facts, JoinRequestNeed, LINK_CAP, LinkNeed, REGISTRATION_CAP, RegistrationNeed};
use crate::domain::id::{LinkId, OrganizationId, UserId};
use crate::domain::join_request::JoinRequest;
use crate::domain::link::InvitationLink;
use crate::domain::order::sort_by_key;
use crate::domain::registration::Registration;
use crate::domain::secret::SecretDigest;

impl DoorStore for MemoryStore {
    async fn links(&self, reach: &Reach, filter: &LinkFilter) -> Result<Tenant<Vec<InvitationLink>>, Unavailable> {
        let earlier = |link: &&InvitationLink| filter.before.is_none_or(|before| link.id < before);
        let rows =
            |facts: &Facts| facts.links.values().rev().filter(earlier).take(size(filter.limit)).cloned().collect();
        Ok(self.state.borrow().tenant(reach, rows))
    }

    async fn link(&self, reach: &Reach, id: LinkId) -> Result<Tenant<Option<InvitationLink>>, Unavailable> {
        Ok(self.state.borrow().tenant(reach, |facts| facts.links.get(&id).cloned()))
    }

    async fn join_requests(
        &self,
        reach: &Reach,
        filter: &JoinRequestFilter,
    ) -> Result<Tenant<Vec<JoinRequest>>, Unavailable> {
        let shown = |it: &&JoinRequest| filter.state.is_none_or(|state| it.state == state);
        let earlier = |it: &&JoinRequest| filter.before.is_none_or(|before| it.id < before);
        let rows = |facts: &Facts| {
            let newest = facts.join_requests.values().rev().filter(shown).filter(earlier);
            newest.take(size(filter.limit)).cloned().collect()
        };
        Ok(self.state.borrow().tenant(reach, rows))
    }

    async fn join_requests_of(&self, filter: &RequestedFilter) -> Result<Vec<Requested>, Unavailable> {
        let state = self.state.borrow();
        let mut found: Vec<Requested> = state.organizations.values().flat_map(|f| requested(f, &filter.user)).collect();
        found.retain(|it| filter.state.is_none_or(|state| it.request.state == state));
        found.retain(|it| filter.before.is_none_or(|before| it.request.id < before));
        sort_by_key(&mut found, |it| std::cmp::Reverse(it.request.id));
        found.truncate(size(filter.limit));
        Ok(found)
    }
}

impl State {
    pub(super) fn by_link(&self, digest: &SecretDigest) -> Option<OrganizationId> {
        let leads = |facts: &Facts| facts.links.values().any(|link| link.digest == *digest);
        self.organizations.iter().find(|(_, facts)| leads(facts)).map(|(id, _)| *id)
    }

    pub(super) fn by_registration(&self, digest: &SecretDigest) -> Option<OrganizationId> {
        self.registrations().find(|found| found.digest == *digest).map(|found| found.organization)
    }

    fn registrations(&self) -> impl Iterator<Item = &Registration> {
        self.organizations.values().flat_map(|facts| facts.registrations.values())
    }

    /// What is needed of the doors, and whose memberships with it.
    pub(super) fn load_doors(&self, needs: &DoorNeeds, whole: Option<&Facts>, facts: &mut Facts) {
        if let (Some(need), Some(whole)) = (&needs.links, whole) {
            facts.links = links(whole, need).map(|link| (link.id, link.clone())).collect();
        }
        if let (Some(need), Some(whole)) = (&needs.join_requests, whole) {
            facts.join_requests = join_requests(whole, need).map(|it| (it.id, it.clone())).collect();
        }
        if let Some(JoinRequestNeed::LatestOf(user)) = &needs.join_requests {
            let all = self.organizations.values().flat_map(|facts| facts.join_requests.values());
            facts.pending_requests = number(all.filter(|it| it.user == *user && it.is_pending()).count(), 1000);
        }
        self.load_registrations(needs, whole, facts);
    }

    fn load_registrations(&self, needs: &DoorNeeds, whole: Option<&Facts>, facts: &mut Facts) {
        match &needs.registrations {
            None => {}
            Some(RegistrationNeed::OfTarget) => {
                facts.registrations = whole.map(|whole| whole.registrations.clone()).unwrap_or_default();
            }
            Some(RegistrationNeed::Quota { email, since }) => {
                let waiting = self.registrations().filter(|it| it.email == *email && it.activated_by.is_none());
                facts.registrations = waiting.map(|it| (it.id, it.clone())).collect();
                let recent = self.registrations().filter(|it| it.id >= *since).count();
                facts.recent_registrations = number(recent, REGISTRATION_CAP);
            }
        }
    }
}

/// Whose memberships go with what is needed: who vouches for a link, who asked, who owns the place.
pub(super) fn members_of<'a>(needs: &'a DoorNeeds, whole: &'a Facts) -> Vec<&'a UserId> {
    let vouching = needs.links.iter().filter(|need| matches!(need, LinkNeed::Digest(_)));
    let vouching = vouching.flat_map(|need| links(whole, need)).map(|link| &link.invited_by);
    let asking = needs.join_requests.iter().filter(|need| matches!(need, JoinRequestNeed::One(_)));
    let asking = asking.flat_map(|need| join_requests(whole, need)).map(|request| &request.user);
    let owner = whole.organization.iter().filter(|_| needs.owner).map(|organization| &organization.owner);
    vouching.chain(asking).chain(owner).collect()
}

fn links<'a>(whole: &'a Facts, need: &'a LinkNeed) -> impl Iterator<Item = &'a InvitationLink> {
    let wanted = move |link: &&InvitationLink| match need {
        LinkNeed::One(id) => link.id == *id,
        LinkNeed::Digest(digest) => link.digest == *digest,
        LinkNeed::All => true,
    };
    whole.links.values().filter(wanted).take(size(LINK_CAP))
}

fn join_requests<'a>(whole: &'a Facts, need: &'a JoinRequestNeed) -> impl Iterator<Item = &'a JoinRequest> {
    let wanted = move |request: &&JoinRequest| match need {
        JoinRequestNeed::One(id) => request.id == *id,
        JoinRequestNeed::LatestOf(user) => request.user == *user,
    };
    whole.join_requests.values().rev().filter(wanted).take(1)
}

fn requested(facts: &Facts, user: &UserId) -> Vec<Requested> {
    let Some(organization) = &facts.organization else { return Vec::new() };
    let show = |request: &JoinRequest| Requested {
        request: request.clone(),
        organization_name: organization.name.clone(),
        organization_slug: organization.slug.clone(),
    };
    facts.join_requests.values().filter(|request| request.user == *user).map(show).collect()
}

fn size(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

fn number(count: usize, most: u32) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX).min(most)
}
