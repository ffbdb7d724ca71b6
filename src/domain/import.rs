//! Taking over an organization from another system, as one command.
//!
//! Owns the shape of what is taken over. Never reads a foreign format (`app::django` does).

use super::email::Email;
use super::id::{MembershipId, UserId};
use super::json_object::JsonObject;
use super::organization::OrganizationState;
use super::role::Roles;
use super::slug::Slug;
use super::text::Name;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// An organization of another system, complete with owner and members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportOrganization {
    /// Its name.
    pub name: Name,
    /// Slugs to try, best first.
    pub slugs: Vec<Slug>,
    /// Whether it works.
    pub state: OrganizationState,
    /// Its data.
    pub metadata: JsonObject,
    /// Its settings.
    pub settings: JsonObject,
    /// When it was created there.
    pub created_at: Timestamp,
    /// Its owner, who must be among the members.
    pub owner: UserId,
    /// Its members, the owner included, each user once.
    pub members: Vec<ImportMember>,
}

/// A member of an imported organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportMember {
    /// The id of the membership here.
    pub membership: MembershipId,
    /// Who.
    pub user: UserId,
    /// The address there.
    pub email: Option<Email>,
    /// The name there.
    pub name: Option<Name>,
    /// The roles here.
    pub roles: Roles,
    /// Since when.
    pub joined_at: Timestamp,
}

/// What became of an imported organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportStatus {
    /// It is new here.
    Created,
    /// It was here; members were missing and have been added.
    Extended,
    /// It was here with all its members.
    Unchanged,
    /// It was imported once and deleted here since; it stays deleted.
    Deleted,
}
