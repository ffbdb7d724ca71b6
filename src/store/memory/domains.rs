//! Domains, over the state.

use super::State;
use super::read::size;
use crate::app::ports::{Commit, DomainFilter, DueDomain, Joinable};
use crate::domain::claim::Domain;
use crate::domain::domain_name::DomainName;
use crate::domain::event::Event;
use crate::domain::facts::{DomainNeed, Facts};
use crate::domain::id::{DomainId, OrganizationId, UserId};
use crate::domain::order::sort_by_key;
use crate::domain::table::Table;
use crate::domain::time::Timestamp;

impl State {
    /// Whose the verified ones of some domains are.
    pub(super) fn domain_holders(&self, names: &[DomainName]) -> Table<DomainName, OrganizationId> {
        names.iter().filter_map(|name| Some((name.clone(), self.domain_holder(name)?))).collect()
    }

    fn domain_holder(&self, name: &DomainName) -> Option<OrganizationId> {
        self.verified().find(|domain| domain.name == *name).map(|domain| domain.organization)
    }

    pub(super) fn verified(&self) -> impl Iterator<Item = &Domain> {
        let all = self.organizations.values().flat_map(|facts| facts.domains.values());
        all.filter(|domain| domain.is_verified())
    }

    /// Whether a commit would verify what another organization has verified.
    pub(super) fn takes_domain(&self, commit: &Commit) -> bool {
        let verified = commit.events.iter().filter_map(|event| match event {
            Event::DomainVerified { domain } => Some(&domain.name),
            _ => None,
        });
        let mut holders = verified.filter_map(|name| self.domain_holder(name));
        holders.any(|holder| holder != commit.organization)
    }

    pub(super) fn due_domains(&self, now: Timestamp, limit: u32) -> Vec<DueDomain> {
        let mut due: Vec<&Domain> =
            self.verified().filter(|domain| domain.recheck_at.is_some_and(|at| at <= now)).collect();
        sort_by_key(&mut due, |domain| (domain.recheck_at, domain.id));
        due.truncate(size(limit));
        let row = |domain: &Domain| DueDomain {
            organization: domain.organization,
            domain: domain.id,
            name: domain.name.clone(),
        };
        due.into_iter().map(row).collect()
    }

    pub(super) fn joinable(&self, user: &UserId, name: &DomainName) -> Option<Joinable> {
        let domain = self.verified().find(|domain| domain.name == *name)?;
        let facts = self.organizations.get(&domain.organization)?;
        let organization = facts.organization.as_ref().filter(|organization| organization.is_active())?;
        let outside = !facts.members.contains_key(user);
        outside.then(|| Joinable {
            organization: organization.id,
            name: organization.name.clone(),
            slug: organization.slug.clone(),
            logo_url: organization.logo_url.clone(),
            domain: domain.clone(),
        })
    }
}

/// The domains of an organization that a command needs.
pub(super) fn needed(whole: &Facts, need: &DomainNeed) -> Table<DomainId, Domain> {
    let wanted = |domain: &&Domain| match need {
        DomainNeed::Nothing => false,
        DomainNeed::All => true,
        DomainNeed::Verified(name) => domain.is_verified() && domain.name == *name,
    };
    whole.domains.values().filter(wanted).map(|domain| (domain.id, domain.clone())).collect()
}

pub(super) fn listed(facts: &Facts, filter: &DomainFilter) -> Vec<Domain> {
    let later = |domain: &&Domain| filter.after.is_none_or(|after| domain.id > after);
    facts.domains.values().filter(later).take(size(filter.limit)).cloned().collect()
}
