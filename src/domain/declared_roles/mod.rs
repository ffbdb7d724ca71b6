//! Roles that the operator declares for all organizations.
//!
//! Owns what a declared role allows, what `member` and `admin` hold in addition, and which roles a founder keeps.
//! Never stores a declaration: the setting `ROLES` says it anew at each start, so what is declared no more allows
//! nothing at once. An organization's own role comes before a declared one of the same key.

mod read;

use super::permission::PermissionSet;
use super::role::{ADMIN, MEMBER, RoleKey, Roles};
use super::table::{Set, Table};
use super::text::Name;

/// A role of every organization that has no own role with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredRole {
    /// The name that people read.
    pub name: Name,
    /// The permissions as they are declared: public names, or `resource:*`.
    pub listed: Set<String>,
    /// The same as a set.
    pub permissions: PermissionSet,
}

/// All declarations of an installation.
///
/// ```
/// use guildhall::domain::declared_roles::DeclaredRoles;
/// use guildhall::domain::permission::Catalog;
/// let catalog = Catalog::declare(&["invoice:read"]).unwrap();
/// let text = r#"{"billing": {"name": "Billing", "permissions": ["invoice:*"]}, "member": {"adds": ["invoice:read"]}}"#;
/// assert!(DeclaredRoles::parse(text, &catalog).is_ok());
/// let wrong = DeclaredRoles::parse(r#"{"billing": {"permissions": ["invoice:burn"]}}"#, &catalog);
/// assert_eq!(wrong.unwrap_err().param.as_deref(), Some("billing.permissions"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeclaredRoles {
    roles: Table<RoleKey, DeclaredRole>,
    member: PermissionSet,
    admin: PermissionSet,
    creator: Set<RoleKey>,
}

impl DeclaredRoles {
    /// The most roles that an operator can declare.
    pub const MOST: usize = 50;

    /// The role with a key.
    pub fn get(&self, key: &RoleKey) -> Option<&DeclaredRole> {
        self.roles.get(key)
    }

    /// Every declared role, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&RoleKey, &DeclaredRole)> {
        self.roles.iter()
    }

    /// Declares one more role.
    pub fn declare(&mut self, key: RoleKey, role: DeclaredRole) {
        self.roles.insert(key, role);
    }

    /// Adds permissions to the built-in role `member` or `admin`; an owner holds everything already.
    pub fn add(&mut self, key: &str, more: PermissionSet) {
        match key {
            MEMBER => self.member = self.member.union(more),
            ADMIN => self.admin = self.admin.union(more),
            _ => {}
        }
    }

    /// The permissions that a built-in role holds in addition.
    pub fn added_to(&self, key: &str) -> PermissionSet {
        match key {
            MEMBER => self.member,
            ADMIN => self.admin,
            _ => PermissionSet::default(),
        }
    }

    /// The roles that are stored for a founder beside the ownership: `admin`, and those that `creator` names.
    pub fn of_founder(&self) -> Roles {
        Roles::admin().with(self.creator.iter())
    }
}
