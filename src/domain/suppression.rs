//! "Never invite me again."
//!
//! Owns what is kept of such a wish: the address, how far it reaches, and what its owner needs to
//! recognise it. It is the person's, not the organization's: it outlives the organization.

use super::denial::{Denial, Reason};
use super::email::Email;
use super::id::OrganizationId;
use super::organization::Organization;
use super::text::Name;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How far a wish not to be invited reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuppressionScope {
    /// To the organization whose invitation is declined.
    Organization,
    /// To all organizations.
    Everywhere,
}

impl SuppressionScope {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            SuppressionScope::Organization => "organization",
            SuppressionScope::Everywhere => "everywhere",
        }
    }

    /// Reads a public name.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        match text {
            "organization" => Ok(SuppressionScope::Organization),
            "everywhere" => Ok(SuppressionScope::Everywhere),
            _ => Err(Denial::because(Reason::InvalidValue, "`organization` or `everywhere` is expected")),
        }
    }
}

/// An address that is not to be invited. Serde form = stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Suppression {
    /// Whose, in canonical form.
    pub address: Email,
    /// By which organization; `None` is by any.
    pub organization: Option<OrganizationId>,
    /// What that organization was called when it was declined; its later names are its members' to know.
    pub organization_name: Option<Name>,
    /// Since when.
    pub since: Timestamp,
}

impl Suppression {
    /// The wish of an address about an organization, or about all.
    pub fn new(email: &Email, scope: SuppressionScope, organization: &Organization, since: Timestamp) -> Self {
        let named = (scope == SuppressionScope::Organization).then_some(organization);
        Suppression {
            address: email.in_canonical_form(),
            organization: named.map(|organization| organization.id),
            organization_name: named.map(|organization| organization.name.clone()),
            since,
        }
    }

    /// How far it reaches.
    pub fn scope(&self) -> SuppressionScope {
        if self.organization.is_some() { SuppressionScope::Organization } else { SuppressionScope::Everywhere }
    }

    /// Whether it keeps an organization from inviting.
    pub fn holds_for(&self, organization: OrganizationId) -> bool {
        self.organization.is_none_or(|own| own == organization)
    }
}
