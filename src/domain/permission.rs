//! Permissions: what may be done to what.
//!
//! Owns the closed list of built-in permissions, `resource:action`, and sets of them.

use super::denial::{Denial, Reason};

macro_rules! permissions {
    ($($name:ident $text:literal)+) => {
        /// One thing that a role can allow.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Permission {
            $(#[doc = concat!("`", $text, "`")] $name,)+
        }

        impl Permission {
            /// Every built-in permission, in the order of the documentation.
            pub const ALL: &'static [Permission] = &[$(Permission::$name,)+];

            /// The public name, `resource:action`.
            pub fn as_str(self) -> &'static str {
                match self { $(Permission::$name => $text,)+ }
            }
        }
    };
}

permissions! {
    OrganizationRead "organization:read"
    OrganizationUpdate "organization:update"
    OrganizationDeactivate "organization:deactivate"
    OrganizationDelete "organization:delete"
    OrganizationTransfer "organization:transfer"
    MemberRead "member:read"
    MemberAdd "member:add"
    MemberUpdate "member:update"
    MemberRemove "member:remove"
    InvitationRead "invitation:read"
    InvitationCreate "invitation:create"
    InvitationRevoke "invitation:revoke"
    RoleRead "role:read"
    RoleCreate "role:create"
    RoleUpdate "role:update"
    RoleDelete "role:delete"
    TeamRead "team:read"
    TeamCreate "team:create"
    TeamUpdate "team:update"
    TeamDelete "team:delete"
    DomainRead "domain:read"
    DomainCreate "domain:create"
    DomainUpdate "domain:update"
    DomainDelete "domain:delete"
    WebhookRead "webhook:read"
    WebhookCreate "webhook:create"
    WebhookUpdate "webhook:update"
    WebhookDelete "webhook:delete"
    AuditRead "audit:read"
    ApiKeyRead "api_key:read"
    ApiKeyCreate "api_key:create"
    ApiKeyDelete "api_key:delete"
}

impl Permission {
    /// Reads a public name.
    ///
    /// # Errors
    /// `unknown_permission`: what is not declared is an error, never a silent no.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let found = Self::ALL.iter().find(|permission| permission.as_str() == text);
        found
            .copied()
            .ok_or_else(|| Denial::because(Reason::UnknownPermission, format!("there is no permission `{text}`")))
    }

    /// One bit of a [`PermissionSet`]; there are fewer than 64 permissions.
    fn bit(self) -> u64 {
        1u64.checked_shl(self as u32).unwrap_or(0)
    }
}

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PermissionSet(u64);

impl PermissionSet {
    /// The set of the given permissions.
    pub fn of(permissions: &[Permission]) -> Self {
        permissions.iter().fold(Self::default(), |set, permission| set.with(*permission))
    }

    /// Every permission.
    pub fn all() -> Self {
        Self::of(Permission::ALL)
    }

    fn with(self, permission: Permission) -> Self {
        PermissionSet(self.0 | permission.bit())
    }

    /// The same set without `permission`.
    #[must_use]
    pub fn without(self, permission: Permission) -> Self {
        PermissionSet(self.0 & !permission.bit())
    }

    /// What either set allows.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        PermissionSet(self.0 | other.0)
    }

    /// Whether the set allows it.
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// Whether the set allows all that `other` allows.
    pub fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// The permissions of the set, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_permission_has_its_own_bit_and_name() {
        assert!(Permission::ALL.len() < 64);
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.as_str()), Ok(*permission));
            assert_eq!(PermissionSet::of(&[*permission]).iter().collect::<Vec<_>>(), [*permission]);
        }
        assert!(Permission::parse("organization:*").is_err());
    }
}
