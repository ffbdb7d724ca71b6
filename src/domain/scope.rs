//! The proof that a caller may look into an organization.
//!
//! Owns the doors: a scope is built from a membership, or from being a platform admin. Whatever
//! belongs to a tenant is released against a scope, so a forgotten check does not compile.

use super::denial::{Denial, Reason};
use super::facts::Facts;
use super::id::{OrganizationId, UserId};
use super::membership::Membership;
use super::organization::Organization;
use super::permission::{Catalog, Permission, PermissionSet};
use super::principal::{Principal, PrincipalKind};
use super::resolve::Affiliation;
use super::role::Powers;
use super::time::Timestamp;

/// A caller inside an organization, at one version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    organization: OrganizationId,
    user: UserId,
    powers: Powers,
    permissions: PermissionSet,
    version: u64,
}

impl Scope {
    /// The scope of a member whose membership is in force; nobody else has one.
    ///
    /// # Errors
    /// `not_found` when the membership is of another organization or over: to a stranger it does not
    /// exist. `membership_suspended`.
    pub fn of(
        catalog: &Catalog,
        facts: &Facts,
        organization: &Organization,
        membership: &Membership,
        now: Timestamp,
    ) -> Result<Self, Denial> {
        if membership.organization != organization.id {
            return Err(Reason::NotFound.into());
        }
        membership.require_in_force(now)?;
        let powers = facts.powers_held(catalog, membership);
        let (user, version) = (membership.user.clone(), organization.version);
        Ok(Scope { organization: organization.id, user, permissions: powers.permissions(), powers, version })
    }

    /// The scope of a member who asks for nothing but to go: no permission at all. Rule: nobody is kept by
    /// being suspended.
    ///
    /// # Errors
    /// `not_found` when the membership is of another organization or over.
    pub fn of_departing(organization: &Organization, membership: &Membership, now: Timestamp) -> Result<Self, Denial> {
        if membership.organization != organization.id || !membership.lasts(now) {
            return Err(Reason::NotFound.into());
        }
        let (powers, user) = (Powers::default(), membership.user.clone());
        Ok(Scope {
            organization: organization.id,
            user,
            permissions: powers.permissions(),
            powers,
            version: organization.version,
        })
    }

    /// The scope of a platform admin, who passes where a member with every permission would. The one
    /// other door: it opens for this kind of caller alone, and the audit log keeps the kind.
    ///
    /// # Errors
    /// `not_found` for anybody else.
    pub fn of_platform_admin(
        catalog: &Catalog,
        organization: &Organization,
        caller: &Principal,
    ) -> Result<Self, Denial> {
        if caller.kind != PrincipalKind::PlatformAdmin {
            return Err(Reason::NotFound.into());
        }
        let powers = Powers::of_owner(catalog);
        let (user, version) = (caller.user_id.clone(), organization.version);
        Ok(Scope { organization: organization.id, user, permissions: powers.permissions(), powers, version })
    }

    /// The scope of a caller whom resolution has found to be a member.
    ///
    /// # Errors
    /// `membership_suspended`.
    pub fn of_affiliation(catalog: &Catalog, affiliation: &Affiliation) -> Result<Self, Denial> {
        affiliation.require_in_force()?;
        let powers = affiliation.powers(catalog);
        Ok(Scope {
            organization: affiliation.organization,
            user: affiliation.user.clone(),
            permissions: powers.permissions(),
            powers,
            version: affiliation.version,
        })
    }

    /// Refuses what the caller's roles do not allow.
    ///
    /// # Errors
    /// `permission_denied`, naming the permission.
    pub fn require(&self, catalog: &Catalog, permission: Permission) -> Result<(), Denial> {
        self.require_all(catalog, &[permission])
    }

    /// The same of several permissions.
    ///
    /// # Errors
    /// `permission_denied`, naming each of them that is missing.
    pub fn require_all(&self, catalog: &Catalog, permissions: &[Permission]) -> Result<(), Denial> {
        catalog.require(self.permissions, PermissionSet::of(permissions), Reason::PermissionDenied)
    }

    /// The organization.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The caller.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// The caller's roles in force, with what each allows.
    pub fn powers(&self) -> &Powers {
        &self.powers
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
