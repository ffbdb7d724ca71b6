//! Roles, the permission table, and the one rule about handing power on.
//!
//! Owns what each role allows and [`can_grant`]. Never stores `owner` in a member's roles: who owns
//! an organization is said in one place, the organization itself.

use super::denial::{Denial, Reason};
use super::permission::{Permission, PermissionSet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A role of a member. Closed: an unknown stored role is a decode error, an unknown sent one is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Exactly one member; everything.
    Owner,
    /// All but deleting the organization and moving its ownership.
    Admin,
    /// Sees the organization, its members and teams.
    Member,
}

const OWNER_ONLY: [Permission; 2] = [Permission::OrganizationDelete, Permission::OrganizationTransfer];
const OF_MEMBERS: [Permission; 3] = [Permission::OrganizationRead, Permission::MemberRead, Permission::TeamRead];

impl Role {
    /// Every built-in role, from the most to the least power.
    pub const ALL: [Role; 3] = [Role::Owner, Role::Admin, Role::Member];

    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Admin => "admin",
            Role::Member => "member",
        }
    }

    /// Reads a public name.
    ///
    /// # Errors
    /// `unknown_role`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let found = Role::ALL.into_iter().find(|role| role.as_str() == text);
        found.ok_or_else(|| Denial::because(Reason::UnknownRole, format!("there is no role `{text}`")))
    }

    /// What the role allows.
    pub fn permissions(self) -> PermissionSet {
        match self {
            Role::Owner => PermissionSet::all(),
            Role::Admin => OWNER_ONLY.iter().fold(PermissionSet::all(), |set, p| set.without(*p)),
            Role::Member => PermissionSet::of(&OF_MEMBERS),
        }
    }
}

/// The roles that can be given to a member: one or more, never `owner`.
///
/// ```
/// use guildhall::domain::role::{Role, Roles};
/// assert!(Roles::parse(&["admin"]).is_ok());
/// assert_eq!(Roles::parse(&["owner"]).unwrap_err().reason.code(), "role_not_grantable");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<Role>", try_from = "Vec<Role>")]
pub struct Roles(BTreeSet<Role>);

impl Roles {
    /// The role `admin` alone.
    pub fn admin() -> Self {
        Roles(BTreeSet::from([Role::Admin]))
    }

    /// The role `member` alone: what is given when nothing is said.
    pub fn member() -> Self {
        Roles(BTreeSet::from([Role::Member]))
    }

    /// Reads public names.
    ///
    /// # Errors
    /// `unknown_role`, `role_not_grantable` for `owner`, `invalid_value` for none.
    pub fn parse<T: AsRef<str>>(names: &[T]) -> Result<Self, Denial> {
        let roles: Result<Vec<Role>, Denial> = names.iter().map(|name| Role::parse(name.as_ref())).collect();
        Self::try_from(roles?)
    }

    /// The roles in order of power.
    pub fn iter(&self) -> impl Iterator<Item = Role> {
        self.0.iter().copied()
    }

    /// The union of what the roles allow.
    pub fn permissions(&self) -> PermissionSet {
        self.iter().fold(PermissionSet::default(), |set, role| set.union(role.permissions()))
    }
}

impl From<Roles> for Vec<Role> {
    fn from(roles: Roles) -> Vec<Role> {
        roles.iter().collect()
    }
}

impl TryFrom<Vec<Role>> for Roles {
    type Error = Denial;
    fn try_from(roles: Vec<Role>) -> Result<Self, Denial> {
        if roles.contains(&Role::Owner) {
            return Err(Reason::RoleNotGrantable.into());
        }
        if roles.is_empty() {
            return Err(Denial::because(Reason::InvalidValue, "a member has at least one role"));
        }
        Ok(Roles(roles.into_iter().collect()))
    }
}

/// Whether somebody who holds `own` may give, or take away, what amounts to `power`.
///
/// Rule: nobody hands on or touches more than they hold. Reason: otherwise every door that adds,
/// invites or edits is a ladder to the owner's power (guarantee I8). Every door asks this function.
pub fn can_grant(own: PermissionSet, power: PermissionSet) -> bool {
    own.covers(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_power() {
        let admin = Role::Admin.permissions();
        assert!(!admin.contains(Permission::OrganizationDelete));
        assert!(!admin.contains(Permission::OrganizationTransfer));
        assert!(admin.contains(Permission::ApiKeyDelete));
        assert_eq!(Role::Member.permissions().iter().count(), 3);
        assert!(can_grant(Role::Owner.permissions(), admin));
        assert!(can_grant(admin, admin));
        assert!(!can_grant(admin, Role::Owner.permissions()));
        assert!(!can_grant(Role::Member.permissions(), admin));
    }

    #[test]
    fn roles_are_a_set_and_never_empty() {
        assert!(Roles::parse::<&str>(&[]).is_err());
        assert_eq!(Roles::parse(&["chief"]).unwrap_err().reason, Reason::UnknownRole);
        assert_eq!(Roles::parse(&["member", "admin", "member"]).unwrap().iter().count(), 2);
    }
}
