//! What a believed pass answers.
//!
//! Owns the decision, which equals `check`'s for the same membership at the same version. What a pass
//! does not know is an error, never a silent no.

use super::claims::{Held, Member, Pass};
use crate::domain::id::TeamId;
use crate::domain::permission::{Catalog, Permission, PermissionSet};
use crate::domain::role::{RoleKey, built_in_permissions};

/// A decision that explains itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<'a> {
    /// The answer.
    pub allowed: bool,
    /// The rule that decided: `granted_by_role` or `permission_denied`.
    pub code: &'static str,
    /// The first of the organization's roles that allows it; none where only a team's does, for a pass
    /// does not say by which.
    pub granted_by: Option<&'a RoleKey>,
}

/// Why a pass gives no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecided {
    /// There is no such permission.
    UnknownPermission,
    /// The pass does not speak of the team: ask the installation.
    TeamNotInPass,
}

impl Undecided {
    /// The stable public code, in snake_case.
    pub fn code(self) -> &'static str {
        match self {
            Undecided::UnknownPermission => "unknown_permission",
            Undecided::TeamNotInPass => "team_not_in_pass",
        }
    }
}

impl Member {
    /// Decides for the organization as a whole; `catalog` is the statement's.
    ///
    /// # Errors
    /// [`Undecided::UnknownPermission`].
    pub fn decide(&self, permission: &str, catalog: &Catalog) -> Result<Decision<'_>, Undecided> {
        let permission = catalog.parse(permission).map_err(|_| Undecided::UnknownPermission)?;
        Ok(self.decision(permission, self.permissions, catalog))
    }

    fn decision(&self, permission: Permission, allowed: PermissionSet, catalog: &Catalog) -> Decision<'_> {
        let allowed = allowed.contains(permission);
        let granting = |held: &&Held| held.allowed(catalog).contains(permission);
        let granted_by = self.roles.iter().find(granting).map(|held| &held.key).filter(|_| allowed);
        let code = if allowed { "granted_by_role" } else { "permission_denied" };
        Decision { allowed, code, granted_by }
    }
}

impl Pass {
    /// Decides for the organization, or for a team of it that the pass speaks of.
    ///
    /// # Errors
    /// [`Undecided`].
    pub fn decide(&self, permission: &str, team: Option<TeamId>) -> Result<Decision<'_>, Undecided> {
        let (member, catalog) = (&self.member, &self.statement.catalog);
        let Some(team) = team else { return member.decide(permission, catalog) };
        let permission = catalog.parse(permission).map_err(|_| Undecided::UnknownPermission)?;
        let allowed = self.teams.get(&team).ok_or(Undecided::TeamNotInPass)?;
        Ok(member.decision(permission, *allowed, catalog))
    }
}

impl Held {
    fn allowed(&self, catalog: &Catalog) -> PermissionSet {
        self.permissions.or_else(|| built_in_permissions(catalog, &self.key)).unwrap_or_default()
    }
}
