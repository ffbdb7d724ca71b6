//! Roles that the operator declares for all organizations.
//!
//! Owns what a declared role allows, what `member` and `admin` hold in addition, and which roles a founder keeps.
//! Never stores a declaration: the setting `ROLES` says it anew at each start, so what is declared no more allows
//! nothing at once. An organization's own role comes before a declared one of the same key.

mod read;

use super::permission::PermissionSet;
use super::role::{ADMIN, MEMBER, RoleKey, Roles};
use super::table::Set;
use super::text::Name;

/// A role of every organization that has no own role with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredRole {
    /// The name that people read; without one it is the key.
    pub name: Option<Name>,
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
    /// In the order of the keys. There are few: a list is less code than a table, and the browser loads it.
    roles: Vec<(RoleKey, DeclaredRole)>,
    member: PermissionSet,
    admin: PermissionSet,
    creator: Set<RoleKey>,
}

impl DeclaredRoles {
    /// The most roles that an operator can declare.
    pub const MOST: usize = 50;

    /// The role with a key.
    pub fn get(&self, key: &RoleKey) -> Option<&DeclaredRole> {
        self.roles.iter().find(|(known, _)| known == key).map(|(_, role)| role)
    }

    /// Every declared role, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&RoleKey, &DeclaredRole)> {
        self.roles.iter().map(|(key, role)| (key, role))
    }

    /// Declares one more role. Of two with one key the first stays.
    pub fn declare(&mut self, key: RoleKey, role: DeclaredRole) {
        if self.get(&key).is_none() {
            let later = self.roles.iter().position(|(known, _)| *known > key);
            self.roles.insert(later.unwrap_or(self.roles.len()), (key, role));
        }
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
