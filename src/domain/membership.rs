//! A user's membership in an organization.

use super::email::Email;
use super::id::{MembershipId, OrganizationId, UserId};
use super::organization::Organization;
use super::permission::PermissionSet;
use super::role::{Role, Roles};
use super::text::Name;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A membership: at most one for each organization and user. Serde form = stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Membership {
    /// Its id; a user who leaves and comes back gets another.
    pub id: MembershipId,
    /// Where.
    pub organization: OrganizationId,
    /// Who.
    pub user: UserId,
    /// The member's address, as last vouched for or entered.
    pub email: Option<Email>,
    /// The member's name, as last vouched for or entered.
    pub name: Option<Name>,
    /// The roles given; the owner's power comes from the organization, not from here.
    pub roles: Roles,
    /// Since when.
    pub joined_at: Timestamp,
}

impl Membership {
    /// The roles in force: the owner's are `owner` alone, which contains all others.
    pub fn effective_roles(&self, organization: &Organization) -> Vec<Role> {
        if organization.owner == self.user { vec![Role::Owner] } else { self.roles.iter().collect() }
    }

    /// What the member may do in `organization`.
    pub fn permissions(&self, organization: &Organization) -> PermissionSet {
        permissions_of(&self.effective_roles(organization))
    }
}

/// The union of what the roles allow.
pub fn permissions_of(roles: &[Role]) -> PermissionSet {
    roles.iter().fold(PermissionSet::default(), |set, role| set.union(role.permissions()))
}
