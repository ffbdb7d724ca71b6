//! Where a request names its organization, and what is known when it does.

use super::affiliation::{Affiliation, PublicOrganization};
use crate::domain::command::OrganizationRef;
use crate::domain::domain_name::DomainName;
use crate::domain::id::OrganizationId;
use crate::domain::requirements::Proof;
use crate::domain::table::Table;
use serde::{Deserialize, Serialize};

/// Where in a request an organization was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The path: `/o/{slug}/…` or `/v1/organizations/{org}`.
    Path,
    /// The header `Guildhall-Organization`.
    Header,
    /// The query parameter `org`.
    Query,
    /// The host: the label before the base domain, or a verified domain of the organization's own.
    Host,
    /// A membership pass, verified before.
    Pass,
    /// The choice that the caller made before (a signed cookie).
    Remembered,
    /// Nowhere: it is the caller's only one.
    Only,
    /// Nowhere: it is the one that nobody in particular is shown.
    Fallback,
    /// Nowhere: it is the one that people without any become members of.
    AutoJoin,
}

/// What a place in the request names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// An organization, by id or by slug.
    Organization(OrganizationRef),
    /// Whoever has proven that this host is theirs; nobody, if nobody has.
    Domain(DomainName),
    /// Nothing: the text is neither an id nor a slug. It still counts.
    Unreadable,
}

/// A place in the request that names an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Where.
    pub source: Source,
    /// What.
    pub named: Named,
}

impl Hint {
    /// The hint that a text is.
    pub fn read(source: Source, text: &str) -> Self {
        let named = OrganizationRef::parse(text).map_or(Named::Unreadable, Named::Organization);
        Hint { source, named }
    }
}

/// What a request says about its organization.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// Named outright, in the order in which a winner is reported.
    pub explicit: Vec<Hint>,
    /// Chosen before.
    pub remembered: Option<OrganizationId>,
    /// Whether the path is one that has no organization, whatever else the request says.
    pub skipped: bool,
}

impl Hints {
    /// The same with the organization of a pass. The pass must have been verified.
    #[must_use]
    pub fn with_pass(mut self, organization: OrganizationId) -> Self {
        let named = Named::Organization(OrganizationRef::Id(organization));
        self.explicit.push(Hint { source: Source::Pass, named });
        self
    }

    /// The organizations named outright, as far as the text can name one.
    pub fn references(&self) -> Vec<OrganizationRef> {
        let reference = |hint: &Hint| match &hint.named {
            Named::Organization(reference) => Some(reference.clone()),
            Named::Domain(_) | Named::Unreadable => None,
        };
        self.explicit.iter().filter_map(reference).collect()
    }

    /// The hosts whose holder must be known.
    pub fn hosts(&self) -> Vec<DomainName> {
        let host = |hint: &Hint| if let Named::Domain(host) = &hint.named { Some(host.clone()) } else { None };
        self.explicit.iter().filter_map(host).collect()
    }

    /// Whether nothing is named for certain: a host may turn out to be nobody's.
    pub fn may_name_none(&self) -> bool {
        self.explicit.iter().all(|hint| matches!(hint.named, Named::Domain(_)))
    }
}

/// What is known when a request is resolved. Nothing in it opens anything by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Whether somebody is calling.
    pub signed_in: bool,
    /// The caller's memberships: those that the request asks for, or all of them.
    pub affiliations: Vec<Affiliation>,
    /// Who has proven to hold the hosts that the request was sent to.
    pub hosts: Table<DomainName, OrganizationId>,
    /// The organization that nobody in particular is shown, if the operator named one.
    pub fallback: Option<PublicOrganization>,
    /// The organization that people without any become members of, if the operator named one.
    pub auto_join: Option<PublicOrganization>,
}

impl Seen {
    /// What is known of a caller when nothing but memberships matters.
    pub fn of(affiliations: Vec<Affiliation>) -> Self {
        Seen { signed_in: true, affiliations, ..Seen::default() }
    }

    /// The same as far as the caller's session goes.
    #[must_use]
    pub fn shown_by(mut self, proof: Proof) -> Self {
        self.affiliations = self.affiliations.into_iter().map(|affiliation| affiliation.shown_by(proof)).collect();
        self
    }

    /// The same with what the operator offers to such a caller.
    #[must_use]
    pub fn with_offer(mut self, offer: Option<PublicOrganization>) -> Self {
        let place = if self.signed_in { &mut self.auto_join } else { &mut self.fallback };
        *place = offer;
        self
    }
}
