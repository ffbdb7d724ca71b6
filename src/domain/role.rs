//! Roles: named sets of permissions, and the two rules about power.
//!
//! Owns the built-in roles, an organization's own ones, [`can_grant`] and [`outranks`]. Never stores
//! `owner` in a member's roles: who owns an organization is said in one place, the organization
//! itself. A role is named by its key, which never changes; its name for people may.

use super::denial::{Denial, Reason, echo};
use super::id::{OrganizationId, RoleId};
use super::permission::{Catalog, Permission, PermissionSet};
use super::table::{Set, Table};
use super::text::Name;
use super::text_value::text_value;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a role is called in code: 1 to 63 of `a-z`, `0-9`, `_` and `-`, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RoleKey(String);

text_value!(RoleKey 0);

/// Exactly one member; everything.
pub const OWNER: &str = "owner";
/// All but deleting the organization and moving its ownership.
pub const ADMIN: &str = "admin";
/// Sees the organization, its members and teams.
pub const MEMBER: &str = "member";

const OWNER_ONLY: [Permission; 2] = [Permission::OrganizationDelete, Permission::OrganizationTransfer];
const OF_MEMBERS: [Permission; 3] = [Permission::OrganizationRead, Permission::MemberRead, Permission::TeamRead];

impl RoleKey {
    /// The built-in roles, from the most to the least power.
    pub const BUILT_IN: [&'static str; 3] = [OWNER, ADMIN, MEMBER];

    /// Reads a key.
    ///
    /// # Errors
    /// `unknown_role` for text that can be no key.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        if is_key(text) { Ok(RoleKey(text.to_owned())) } else { Err(unknown(text)) }
    }

    /// The key of the one role that cannot be given.
    pub fn owner() -> Self {
        RoleKey(OWNER.to_owned())
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether every organization has it.
    pub fn is_built_in(&self) -> bool {
        Self::BUILT_IN.contains(&self.as_str())
    }
}

impl fmt::Display for RoleKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Whether a text can be a role's key.
pub fn is_key(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    let begins = text.bytes().next().is_some_and(|first| first.is_ascii_lowercase());
    begins && text.len() <= 63 && text.bytes().all(known)
}

fn unknown(text: &str) -> Denial {
    Denial::because(Reason::UnknownRole, format!("there is no role `{}`", echo(text)))
}

/// A role of an organization's own. Serde form = stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomRole {
    /// Its id.
    pub id: RoleId,
    /// Whose.
    pub organization: OrganizationId,
    /// What members hold and code asks for; never changes.
    pub key: RoleKey,
    /// What people call it.
    pub name: Name,
    /// What it allows: public names, or `resource:*`.
    pub permissions: Set<String>,
    /// Since when. A grant that is older was of another role with the same key.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The most roles that an organization can have besides the built-in ones.
pub const MOST_ROLES: usize = 50;

/// The roles of one organization, by key.
pub type CustomRoles = Table<RoleKey, CustomRole>;

/// A custom role in force: what is needed to say what it allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleGrant {
    /// Its key.
    pub key: RoleKey,
    /// What it allows: public names, or `resource:*`.
    pub permissions: Set<String>,
}

impl From<&CustomRole> for RoleGrant {
    fn from(role: &CustomRole) -> Self {
        RoleGrant { key: role.key.clone(), permissions: role.permissions.clone() }
    }
}

/// The union of what a role lists. A permission that is declared no more gives nothing.
pub fn permissions_listed(catalog: &Catalog, listed: &Set<String>) -> PermissionSet {
    listed.iter().fold(PermissionSet::default(), |set, name| set.union(catalog.expand(name).unwrap_or_default()))
}

/// What a built-in role allows, where `all` is everything that can be allowed.
pub fn built_in_permissions(all: PermissionSet, key: &str) -> Option<PermissionSet> {
    match key {
        OWNER => Some(all),
        ADMIN => Some(OWNER_ONLY.iter().fold(all, |set, permission| set.without(*permission))),
        MEMBER => Some(PermissionSet::of(&OF_MEMBERS)),
        _ => None,
    }
}

/// What a built-in role allows in an installation, with what the operator has added to it.
pub fn built_in(catalog: &Catalog, key: &RoleKey) -> Option<PermissionSet> {
    let usual = built_in_permissions(catalog.all(), key.as_str())?;
    Some(usual.union(catalog.roles().added_to(key.as_str())))
}

/// The roles that can be given to a member: one or more keys, never `owner`.
///
/// ```
/// use guildhall::domain::role::Roles;
/// assert!(Roles::parse(&["admin", "billing"]).is_ok());
/// assert_eq!(Roles::parse(&["owner"]).unwrap_err().reason.code(), "role_not_grantable");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<RoleKey>", try_from = "Vec<RoleKey>")]
pub struct Roles(Set<RoleKey>);

/// The most roles that one member holds.
const MOST_HELD: usize = 20;

impl Roles {
    /// The role `admin` alone.
    pub fn admin() -> Self {
        Roles(Set::from([RoleKey(ADMIN.to_owned())]))
    }

    /// The role `member` alone: what is given when nothing is said.
    pub fn member() -> Self {
        Roles(Set::from([RoleKey(MEMBER.to_owned())]))
    }

    /// Reads keys. Whether the organization has such roles is asked when they are given.
    ///
    /// # Errors
    /// `unknown_role`, `role_not_grantable` for `owner`, `invalid_value` for none or too many.
    pub fn parse<T: AsRef<str>>(names: &[T]) -> Result<Self, Denial> {
        let roles: Result<Vec<RoleKey>, Denial> = names.iter().map(|name| RoleKey::parse(name.as_ref())).collect();
        Self::try_from(roles?)
    }

    /// The keys in order.
    pub fn iter(&self) -> impl Iterator<Item = &RoleKey> {
        self.0.iter()
    }

    /// Whether the role is among them.
    pub fn contains(&self, key: &RoleKey) -> bool {
        self.0.contains(key)
    }

    /// The same roles and more of them.
    #[must_use]
    pub fn with<'a>(mut self, more: impl IntoIterator<Item = &'a RoleKey>) -> Self {
        self.0.extend(more.into_iter().cloned());
        self
    }

    /// The same roles with `new` instead of `old`; `member` when nothing would be left.
    #[must_use]
    pub fn replaced(&self, old: &RoleKey, new: Option<&RoleKey>) -> Self {
        let kept: Vec<RoleKey> = self.0.iter().filter(|key| *key != old).chain(new).cloned().collect();
        Roles::try_from(kept).unwrap_or_else(|_: Denial| Roles::member())
    }
}

impl From<Roles> for Vec<RoleKey> {
    fn from(roles: Roles) -> Vec<RoleKey> {
        roles.0.into_iter().collect()
    }
}

impl TryFrom<Vec<RoleKey>> for Roles {
    type Error = Denial;
    fn try_from(roles: Vec<RoleKey>) -> Result<Self, Denial> {
        if roles.iter().any(|key| key.as_str() == OWNER) {
            return Err(Reason::RoleNotGrantable.into());
        }
        let roles: Set<RoleKey> = roles.into_iter().collect();
        if roles.is_empty() || roles.len() > MOST_HELD {
            return Err(Denial::because(Reason::InvalidValue, "a member has 1 to 20 roles"));
        }
        Ok(Roles(roles))
    }
}

/// Roles in force, with what each of them allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Powers {
    roles: Vec<(RoleKey, PermissionSet)>,
}

impl Powers {
    /// The powers of an owner.
    pub fn of_owner(catalog: &Catalog) -> Self {
        Powers { roles: vec![(RoleKey::owner(), catalog.all())] }
    }

    /// The powers of keys, the organization's own roles found by `find`. Rule: an own role comes before a declared one
    /// of its key, and a key without a role gives nothing.
    pub fn of<'a>(
        catalog: &Catalog,
        keys: impl IntoIterator<Item = &'a RoleKey>,
        find: impl Fn(&RoleKey) -> Option<&'a Set<String>>,
    ) -> Self {
        let power = |key: &RoleKey| {
            let own = || find(key).map(|listed| permissions_listed(catalog, listed));
            let declared = || catalog.roles().get(key).map(|role| role.permissions);
            Some((key.clone(), built_in(catalog, key).or_else(own).or_else(declared)?))
        };
        Powers { roles: keys.into_iter().filter_map(power).collect() }
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Powers) -> Self {
        self.roles.extend(other.roles);
        self
    }

    /// Each role with what it allows.
    pub fn each(&self) -> impl Iterator<Item = (&RoleKey, PermissionSet)> {
        self.roles.iter().map(|(key, permissions)| (key, *permissions))
    }

    /// The union of what the roles allow.
    pub fn permissions(&self) -> PermissionSet {
        self.roles.iter().fold(PermissionSet::default(), |set, (_, permissions)| set.union(*permissions))
    }

    /// The first role that allows it.
    pub fn granting(&self, permission: Permission) -> Option<&RoleKey> {
        self.roles.iter().find(|(_, permissions)| permissions.contains(permission)).map(|(key, _)| key)
    }

    /// Whether they are an owner's.
    pub fn is_owner(&self) -> bool {
        self.roles.iter().any(|(key, _)| key.as_str() == OWNER)
    }
}

/// Whether somebody who holds `own` may give what amounts to `power`.
///
/// Rule: nobody hands on more than they hold. Reason: otherwise every door that adds, invites or
/// edits is a ladder to the owner's power (GUARANTEES.md). Every door asks this function.
pub fn can_grant(own: PermissionSet, power: PermissionSet) -> bool {
    own.covers(power)
}

/// Refuses to give what amounts to `power`, by the rule of [`can_grant`].
///
/// # Errors
/// `cannot_grant`, naming the permissions that are missing.
pub fn require_grant(catalog: &Catalog, own: PermissionSet, power: PermissionSet) -> Result<(), Denial> {
    catalog.require(own, power, Reason::CannotGrant)
}

/// Whether somebody may remove, suspend or change somebody else.
///
/// Rule: nobody touches a peer or a superior; only the owner has no peer. Reason: two admins could
/// otherwise throw each other out, and whoever is faster owns the place in all but name.
pub fn outranks(own: &Powers, other: &Powers) -> bool {
    let (mine, theirs) = (own.permissions(), other.permissions());
    !other.is_owner() && (own.is_owner() || (mine.covers(theirs) && mine != theirs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn powers(keys: &[&str]) -> Powers {
        let keys: Vec<RoleKey> = keys.iter().map(|key| RoleKey::parse(key).unwrap()).collect();
        Powers::of(&Catalog::default(), &keys, |_| None)
    }

    #[test]
    fn the_table_of_power() {
        let (owner, admin, member) = (powers(&[OWNER]), powers(&[ADMIN]), powers(&[MEMBER]));
        assert!(!admin.permissions().contains(Permission::OrganizationDelete));
        assert!(!admin.permissions().contains(Permission::OrganizationTransfer));
        assert!(admin.permissions().contains(Permission::ApiKeyDelete));
        assert_eq!(member.permissions().iter().count(), 3);
        assert!(can_grant(admin.permissions(), admin.permissions()));
        assert!(!can_grant(admin.permissions(), owner.permissions()));
        assert!(!can_grant(member.permissions(), admin.permissions()));
        assert!(outranks(&owner, &admin) && outranks(&admin, &member));
        assert!(!outranks(&admin, &admin) && !outranks(&admin, &owner) && !outranks(&owner, &owner));
        assert_eq!(powers(&["ghost"]).permissions(), PermissionSet::default());
    }

    #[test]
    fn an_owner_in_all_but_name_is_still_below_the_owner() {
        let listed: Set<String> =
            Permission::BUILT_IN.iter().filter_map(|p| p.built_in_name()).map(str::to_owned).collect();
        let key = RoleKey::parse("co-owner").unwrap();
        let twin = Powers::of(&Catalog::default(), [&key], |_| Some(&listed));
        assert!(outranks(&powers(&[OWNER]), &twin));
        assert!(!outranks(&twin, &twin) && !outranks(&twin, &powers(&[OWNER])));
    }

    #[test]
    fn roles_are_a_set_and_never_empty() {
        assert!(Roles::parse::<&str>(&[]).is_err());
        assert_eq!(Roles::parse(&["Chief!"]).unwrap_err().reason, Reason::UnknownRole);
        assert_eq!(Roles::parse(&["member", "admin", "member"]).unwrap().iter().count(), 2);
    }

    #[test]
    fn a_key_has_1_to_63_of_its_characters_and_begins_with_a_letter() {
        let (longest, too_long) = ("k".repeat(63), "k".repeat(64));
        for key in ["a", "billing", "b2", "co-owner", "co_owner", "a-", "z9_-0", &longest] {
            assert!(is_key(key) && RoleKey::parse(key).is_ok(), "{key}");
        }
        for key in [
            "", "2b", "_a", "-a", "Billing", "bIlling", "bill ing", "bill.ing", "a:b", "a/b", "bílling", "a\n",
            &too_long,
        ] {
            assert!(!is_key(key), "{key}");
            assert_eq!(RoleKey::parse(key).unwrap_err().reason, Reason::UnknownRole, "{key}");
        }
    }

    #[test]
    fn a_member_holds_20_roles_and_not_21() {
        let names: Vec<String> = (1..=21).map(|number| format!("role-{number}")).collect();
        let (twenty, all) = (&names[..20], &names[..]);
        assert_eq!(Roles::parse(twenty).unwrap().iter().count(), 20);
        assert_eq!(Roles::parse(all).unwrap_err().reason, Reason::InvalidValue);
        let twice: Vec<&String> = twenty.iter().chain(twenty).collect();
        assert_eq!(Roles::parse(&twice).unwrap().iter().count(), 20);
    }
}
