//! What travels through the ports about domains.

use crate::domain::claim::{Domain, DomainPolicy};
use crate::domain::denial::Denial;
use crate::domain::domain_name::DomainName;
use crate::domain::id::{DomainId, OrganizationId};
use crate::domain::json::Json;
use crate::domain::read::FromJson;
use crate::domain::slug::Slug;
use crate::domain::text::{LogoUrl, Name};
use serde::{Deserialize, Serialize};

/// Which domains, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainFilter {
    /// After this id (ids are sorted by birth).
    pub after: Option<DomainId>,
    /// At most so many.
    pub limit: u32,
}

/// An organization that a domain may lead into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Joinable {
    /// Which.
    pub organization: OrganizationId,
    /// Its name.
    pub name: Name,
    /// Its slug.
    pub slug: Slug,
    /// Its logo.
    pub logo_url: Option<LogoUrl>,
    /// The domain.
    pub domain: Domain,
}

impl Joinable {
    /// What the domain lets people do.
    pub fn policy(&self) -> DomainPolicy {
        self.domain.policy
    }
}

/// A verified domain whose proof is to be looked for again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DueDomain {
    /// Whose.
    pub organization: OrganizationId,
    /// Which.
    pub domain: DomainId,
    /// Its name.
    pub name: DomainName,
}

/// What the DNS answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TxtRecords {
    /// These values; none, when there is no such record or no such name.
    Found(Vec<String>),
    /// The name's own servers do not answer, or answer nonsense.
    Broken,
}

impl FromJson for TxtRecords {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        match value.get("found") {
            Some(values) => FromJson::read(values).map(TxtRecords::Found),
            None => Ok(TxtRecords::Broken),
        }
    }
}
