//! The ports of reading and writing, over the state.

use super::{MemoryStore, State, domains, members, teams};
use crate::app::ports::{
    Affiliated, AuditFilter, Commit, Committed, DomainFilter, Enrolled, Group, InvitationFilter, Invited,
    InvitedFilter, Joinable, Listed, Loaded, LogPart, Me, MemberFilter, OrganizationFilter, Person, Placed, Reach,
    ReceiptKey, Recorded, RoleRows, Sealed, SlugHolders, Store, SuppressionFilter, TeamMemberFilter, TeamRow, TeamView,
    Tenant, Touched, Unavailable, UpstreamNonce,
};
use crate::domain::claim::Domain;
use crate::domain::command::{InvitationKey, OrganizationRef};
use crate::domain::domain_name::DomainName;
use crate::domain::email::Email;
use crate::domain::facts::{Facts, Needs};
use crate::domain::id::{DomainId, OrganizationId, TeamId, UserId};
use crate::domain::invitation::{Invitation, InvitationState};
use crate::domain::order::sort_by_key;
use crate::domain::organization::{Organization, OrganizationState};
use crate::domain::resolve::{Affiliation, PublicOrganization, Seen};
use crate::domain::slug::Slug;
use crate::domain::suppression::Suppression;
use crate::domain::time::Timestamp;

/// The most rows that are given without being asked for by page.
const MOST: usize = 100;

impl Store for MemoryStore {
    async fn load(&self, needs: &Needs, receipt: Option<&ReceiptKey>) -> Result<Loaded, Unavailable> {
        Ok(self.state.borrow().load(needs, receipt))
    }

    async fn commit(&self, commit: &Commit) -> Result<Committed, Unavailable> {
        Ok(self.change().commit(commit))
    }

    /// One thread and no waiting: nobody to make room for.
    async fn spend(&self, nonce: &UpstreamNonce) -> Result<Committed, Unavailable> {
        if self.state.borrow().is_spent(nonce) {
            return Ok(Committed::Replayed);
        }
        self.change().spend(nonce);
        Ok(Committed::Done)
    }

    async fn pause(&self, _milliseconds: u32) {}

    async fn seen(&self, reach: &Reach) -> Result<Seen, Unavailable> {
        Ok(self.state.borrow().seen(reach))
    }

    async fn me(&self, reach: &Reach, email: Option<&Email>, now: Timestamp) -> Result<Me, Unavailable> {
        let state = self.state.borrow();
        let filter = |email: &Email| InvitedFilter { email: email.clone(), now, before: None, limit: 100 };
        let invitations = email.map(|email| state.invited(&filter(email))).unwrap_or_default();
        Ok(Me { seen: state.seen(reach), invitations })
    }

    async fn organizations(&self, filter: &OrganizationFilter) -> Result<Vec<Listed>, Unavailable> {
        Ok(self.state.borrow().listed(filter))
    }

    async fn organization(&self, reach: &Reach) -> Result<Tenant<Option<Organization>>, Unavailable> {
        Ok(self.state.borrow().tenant(reach, |facts| facts.organization.clone()))
    }

    async fn members(&self, reach: &Reach, filter: &MemberFilter) -> Result<Tenant<Vec<Placed>>, Unavailable> {
        Ok(self.state.borrow().tenant(reach, |facts| members::list(facts, filter)))
    }

    async fn roles(&self, reach: &Reach) -> Result<Tenant<RoleRows>, Unavailable> {
        Ok(self.state.borrow().tenant(reach, teams::roles))
    }

    async fn teams(&self, reach: &Reach, users: &[UserId]) -> Result<Tenant<TeamView>, Unavailable> {
        Ok(self.state.borrow().tenant(reach, |facts| teams::view(facts, users)))
    }

    async fn team_members(
        &self,
        reach: &Reach,
        filter: &TeamMemberFilter,
    ) -> Result<Tenant<(TeamView, Vec<TeamRow>)>, Unavailable> {
        let caller: Vec<UserId> = reach.user.iter().cloned().collect();
        let rows = |facts: &Facts| (teams::view(facts, &caller), teams::list(facts, filter));
        Ok(self.state.borrow().tenant(reach, rows))
    }

    async fn team_member(
        &self,
        reach: &Reach,
        team: TeamId,
        user: &UserId,
    ) -> Result<Tenant<(TeamView, Option<TeamRow>)>, Unavailable> {
        let caller: Vec<UserId> = reach.user.iter().cloned().collect();
        let rows = |facts: &Facts| (teams::view(facts, &caller), teams::one(facts, team, user));
        Ok(self.state.borrow().tenant(reach, rows))
    }

    async fn pass_rows(&self, reach: &Reach) -> Result<Tenant<(TeamView, Option<u64>)>, Unavailable> {
        let state = self.state.borrow();
        Ok(state.tenant(reach, |facts| state.pass_rows(facts, reach.user.as_ref())))
    }

    async fn enrolled(&self, user: &UserId, now: Timestamp, limit: u32) -> Result<Vec<Enrolled>, Unavailable> {
        Ok(self.state.borrow().enrolled(user, now, limit))
    }

    async fn member(&self, reach: &Reach, user: &UserId) -> Result<Tenant<Option<Affiliated>>, Unavailable> {
        Ok(self.state.borrow().tenant(reach, |facts| affiliated(facts, user)))
    }

    async fn invitations(
        &self,
        reach: &Reach,
        filter: &InvitationFilter,
    ) -> Result<Tenant<Vec<Invitation>>, Unavailable> {
        Ok(self.state.borrow().tenant(reach, |facts| invitations(facts, filter)))
    }

    async fn invited_by(
        &self,
        organization: OrganizationId,
        users: &[UserId],
        limit: u32,
    ) -> Result<Vec<Invitation>, Unavailable> {
        let state = self.state.borrow();
        let Some(facts) = state.organizations.get(&organization) else { return Ok(Vec::new()) };
        let pending = facts.invitations.values().filter(|i| i.state == InvitationState::Pending);
        let by = |user: &UserId| {
            let user = user.clone();
            pending.clone().filter(move |invitation| invitation.invited_by == user)
        };
        Ok(users.iter().flat_map(by).take(size(limit)).cloned().collect())
    }

    async fn touched(&self, organization: OrganizationId, group: &Group, limit: u32) -> Result<Touched, Unavailable> {
        let state = self.state.borrow();
        Ok(state.organizations.get(&organization).map(|facts| teams::touched(facts, group, limit)).unwrap_or_default())
    }

    async fn events(&self, reach: &Reach, filter: &AuditFilter) -> Result<Tenant<Vec<Recorded>>, Unavailable> {
        let state = self.state.borrow();
        Ok(state.tenant(reach, |facts| state.events(facts, filter)))
    }

    async fn log(&self, reach: &Reach, from: u64, limit: u32) -> Result<Tenant<LogPart>, Unavailable> {
        let state = self.state.borrow();
        Ok(state.tenant(reach, |facts| state.log(facts, from, limit)))
    }

    async fn invitations_for(&self, filter: &InvitedFilter) -> Result<Vec<Invited>, Unavailable> {
        Ok(self.state.borrow().invited(filter))
    }

    async fn suppressions(&self, filter: &SuppressionFilter) -> Result<Vec<Suppression>, Unavailable> {
        Ok(self.state.borrow().suppressions(filter))
    }

    async fn forget_suppression(
        &self,
        email: &Email,
        organization: Option<OrganizationId>,
        nonce: Option<&UpstreamNonce>,
    ) -> Result<Committed, Unavailable> {
        if nonce.is_some_and(|nonce| self.state.borrow().is_spent(nonce)) {
            return Ok(Committed::Replayed);
        }
        let mut state = self.change();
        nonce.into_iter().for_each(|nonce| state.spend(nonce));
        state.suppressions.remove(&(email.canonical().to_owned(), organization));
        Ok(Committed::Done)
    }

    async fn domains(&self, reach: &Reach, filter: &DomainFilter) -> Result<Tenant<Vec<Domain>>, Unavailable> {
        Ok(self.state.borrow().tenant(reach, |facts| domains::listed(facts, filter)))
    }

    async fn domain(&self, reach: &Reach, id: DomainId) -> Result<Tenant<Option<Domain>>, Unavailable> {
        Ok(self.state.borrow().tenant(reach, |facts| facts.domains.get(&id).cloned()))
    }

    async fn joinable(&self, user: &UserId, name: &DomainName) -> Result<Option<Joinable>, Unavailable> {
        Ok(self.state.borrow().joinable(user, name))
    }

    async fn person(&self, user: &UserId) -> Result<Person, Unavailable> {
        Ok(self.state.borrow().person(user))
    }

    async fn traces(&self, user: &UserId, emails: &[Email], limit: u32) -> Result<Vec<OrganizationId>, Unavailable> {
        Ok(self.state.borrow().traces(user, emails, limit))
    }

    async fn forget_person(&self, user: &UserId, emails: &[Email]) -> Result<(), Unavailable> {
        self.change().forget_person(user, emails);
        Ok(())
    }

    async fn slugs(&self, user: &UserId, slugs: &[Slug], now: Timestamp) -> Result<SlugHolders, Unavailable> {
        let state = self.state.borrow();
        let holders = slugs.iter().filter_map(|slug| Some((slug.clone(), *state.slugs.get(slug)?))).collect();
        let asked = slugs.iter().take(1).cloned().map(OrganizationRef::Slug).collect();
        let reach = Reach::named(user, asked, now);
        Ok(SlugHolders { holders, affiliation: state.affiliations(user, &reach).into_iter().next() })
    }
}

impl State {
    fn affiliation(&self, (user, now): (&UserId, Timestamp), reference: &OrganizationRef) -> Option<Affiliation> {
        let facts = self.organizations.get(&self.find(reference)?)?;
        let mut affiliation = affiliation(facts, user)?;
        if !affiliation.lasts(now) {
            return None;
        }
        if let OrganizationRef::Slug(slug) = reference {
            affiliation.former_slugs.extend(Some(slug.clone()).filter(|slug| *slug != affiliation.slug));
        }
        Some(affiliation)
    }

    fn seen(&self, reach: &Reach) -> Seen {
        let offered = reach.offer.as_ref().and_then(|offer| self.find(offer));
        let offered = offered.and_then(|id| self.organizations.get(&id)?.organization.as_ref());
        let offered = offered.filter(|organization| organization.deletion.is_none());
        let (signed_in, offered) = (reach.user.is_some(), offered.map(PublicOrganization::of));
        let affiliations = reach.user.iter().flat_map(|user| self.affiliations(user, reach)).collect();
        let hosts = self.domain_holders(&reach.hosts);
        Seen { signed_in, affiliations, hosts, ..Seen::default() }.with_offer(offered)
    }

    fn affiliations(&self, user: &UserId, reach: &Reach) -> Vec<Affiliation> {
        let held = self.domain_holders(&reach.hosts).into_values().map(OrganizationRef::Id);
        let asked = reach.asked.iter().cloned().chain(held);
        let asked = asked.filter_map(|reference| self.affiliation((user, reach.now), &reference));
        let mut all: Vec<Affiliation> = Vec::new();
        if reach.all {
            all = self.organizations.values().filter_map(|facts| affiliation(facts, user)).collect();
            all.retain(|affiliation| affiliation.lasts(reach.now));
            sort_by_key(&mut all, |a| (a.state != OrganizationState::Active, a.name.sort_key(), a.organization));
            all.truncate(MOST);
        }
        let mine = crate::store::join_affiliations(asked.chain(all));
        let named = reach.asked.iter().filter(|_| reach.platform_admin);
        crate::store::oversee(mine, named.filter_map(|reference| self.overseen((user, reach.deleted), reference)))
    }

    fn overseen(&self, (user, deleted): (&UserId, bool), reference: &OrganizationRef) -> Option<Affiliation> {
        let found = self.organizations.get(&self.find(reference)?)?.organization.as_ref()?;
        let organization = Some(found).filter(|found| deleted || found.deletion.is_none())?;
        let mut affiliation = Affiliation::of_platform_admin(organization, user);
        if let OrganizationRef::Slug(slug) = reference {
            affiliation.former_slugs.extend(Some(slug.clone()).filter(|slug| *slug != affiliation.slug));
        }
        Some(affiliation)
    }

    pub(super) fn tenant<T: Default>(&self, reach: &Reach, rows: impl FnOnce(&Facts) -> T) -> Tenant<T> {
        let id = reach.asked.first().and_then(|reference| self.find(reference));
        let facts = id.and_then(|id| self.organizations.get(&id));
        let inside = facts
            .zip(reach.user.as_ref())
            .filter(|(facts, user)| affiliation(facts, user).is_some() || reach.platform_admin);
        let sealed = Sealed::new(inside.map(|(facts, _)| rows(facts)).unwrap_or_default());
        Tenant { seen: self.seen(reach), sealed }
    }

    fn listed(&self, filter: &OrganizationFilter) -> Vec<Listed> {
        let mut found: Vec<Listed> =
            self.organizations.values().filter_map(|facts| listed(facts, &filter.user)).collect();
        found.retain(|listed| listed.membership.lasts(filter.now));
        found.retain(|listed| is_shown(&listed.organization, filter));
        sort_by_key(&mut found, position);
        found.retain(|listed| filter.after.as_ref().is_none_or(|after| position(listed) > *after));
        found.truncate(size(filter.limit));
        found
    }

    fn invited(&self, filter: &InvitedFilter) -> Vec<Invited> {
        let of = |facts: &Facts| -> Vec<Invited> {
            let open = facts.invitations.values().filter(|i| i.is_open(filter.now) && i.email == filter.email);
            open.filter_map(|invitation| Invited::among(facts, &InvitationKey::Id(invitation.id))).collect()
        };
        let active =
            self.organizations.values().filter(|f| f.organization.as_ref().is_some_and(Organization::is_active));
        let mut found: Vec<Invited> = active.flat_map(of).collect();
        found.retain(|invited| filter.before.is_none_or(|before| invited.invitation.id < before));
        sort_by_key(&mut found, |invited| std::cmp::Reverse(invited.invitation.id));
        found.truncate(size(filter.limit));
        found
    }
}

pub(super) fn size(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

fn position(listed: &Listed) -> (String, crate::domain::id::OrganizationId) {
    (listed.organization.name.sort_key(), listed.organization.id)
}

/// What is deleted affiliates nobody.
fn affiliation(facts: &Facts, user: &UserId) -> Option<Affiliation> {
    let organization = facts.standing()?;
    Some(Affiliation::of(organization, facts.members.get(user)?, &facts.roles))
}

fn listed(facts: &Facts, user: &UserId) -> Option<Listed> {
    let (organization, membership) = (facts.organization.clone()?, facts.members.get(user)?.clone());
    let held = membership.roles.iter().filter_map(|key| facts.roles.get(key));
    Some(Listed { roles: held.cloned().collect(), organization, membership })
}

fn is_shown(organization: &Organization, filter: &OrganizationFilter) -> bool {
    match organization.deletion {
        Some(_) => filter.deleted && organization.owner == filter.user,
        None => filter.inactive || organization.is_active(),
    }
}

pub(super) fn affiliated(facts: &Facts, user: &UserId) -> Option<Affiliated> {
    let (organization, membership) = (facts.organization.as_ref()?, facts.members.get(user)?.clone());
    let affiliation = Affiliation::of(organization, &membership, &facts.roles);
    Some(Affiliated { membership, affiliation })
}

fn invitations(facts: &Facts, filter: &InvitationFilter) -> Vec<Invitation> {
    let shown = |i: &&Invitation| filter.state.is_none_or(|state| i.state_at(filter.now) == state);
    let earlier = |i: &&Invitation| filter.before.is_none_or(|before| i.id < before);
    let newest_first = facts.invitations.values().rev().filter(shown).filter(earlier);
    newest_first.take(size(filter.limit)).cloned().collect()
}
