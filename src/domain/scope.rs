//! The proof that a caller may look into an organization.
//!
//! Owns the one door: a scope is built from a membership or from nothing. Whatever
//! belongs to a tenant is released against a scope, so a forgotten check does not compile.

use super::denial::{Denial, Reason};
use super::id::{OrganizationId, UserId};
use super::membership::Membership;
use super::organization::Organization;
use super::permission::{Permission, PermissionSet};
use super::resolve::Affiliation;
use super::role::Role;

/// A caller inside an organization, at one version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    organization: OrganizationId,
    user: UserId,
    roles: Vec<Role>,
    permissions: PermissionSet,
    version: u64,
}

impl Scope {
    /// The scope of a member; nobody else has one.
    ///
    /// # Errors
    /// `not_found` when the membership is of another organization: to a stranger it does not exist.
    pub fn of(organization: &Organization, membership: &Membership) -> Result<Self, Denial> {
        if membership.organization != organization.id {
            return Err(Reason::NotFound.into());
        }
        let roles = membership.effective_roles(organization);
        let permissions = membership.permissions(organization);
        let (user, version) = (membership.user.clone(), organization.version);
        Ok(Scope { organization: organization.id, user, roles, permissions, version })
    }

    /// The scope of a caller whom resolution has found to be a member.
    pub fn of_affiliation(affiliation: &Affiliation) -> Self {
        Scope {
            organization: affiliation.organization,
            user: affiliation.user.clone(),
            roles: affiliation.roles.clone(),
            permissions: affiliation.permissions(),
            version: affiliation.version,
        }
    }

    /// Refuses what the caller's roles do not allow.
    ///
    /// # Errors
    /// `permission_denied`, naming the permission.
    pub fn require(&self, permission: Permission) -> Result<(), Denial> {
        if self.permissions.contains(permission) {
            return Ok(());
        }
        let detail = format!("`{}` is missing", permission.as_str());
        Err(Denial::because(Reason::PermissionDenied, detail))
    }

    /// The organization.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The caller.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// The caller's roles in force.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// What the caller may do.
    pub fn permissions(&self) -> PermissionSet {
        self.permissions
    }

    /// The organization's version at which this was true.
    pub fn version(&self) -> u64 {
        self.version
    }
}
