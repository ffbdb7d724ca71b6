//! Permissions: what may be done to what.
//!
//! Owns the closed list of built-in permissions, `resource:action`, and sets of them.

use super::declared_roles::DeclaredRoles;
use super::denial::{Denial, Reason, echo};

macro_rules! permissions {
    ($($name:ident $text:literal)+) => {
        /// One thing that a role can allow.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Permission {
            $(#[doc = concat!("`", $text, "`")] $name,)+
            /// One that the application declared, by its place in the [`Catalog`].
            Application(u8),
        }

        impl Permission {
            /// Every built-in permission, in the order of the documentation.
            pub const BUILT_IN: &'static [Permission] = &[$(Permission::$name,)+];

            /// The public name of a built-in one, `resource:action`; a [`Catalog`] knows the others'.
            pub fn built_in_name(self) -> Option<&'static str> {
                match self {
                    $(Permission::$name => Some($text),)+
                    Permission::Application(_) => None,
                }
            }

            /// Its place among all permissions.
            fn place(self) -> usize {
                match self {
                    Permission::Application(number) => Self::BUILT_IN.len().saturating_add(usize::from(number)),
                    built_in => Self::BUILT_IN.iter().position(|other| *other == built_in).unwrap_or(usize::MAX),
                }
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

/// The permissions that exist: the built-in ones and those that the application declares. With them the roles that the
/// operator declares for all organizations.
///
/// ```
/// use guildhall::domain::permission::Catalog;
/// let catalog = Catalog::declare(&["invoice:read", "invoice:pay"]).unwrap();
/// assert!(catalog.parse("invoice:read").is_ok());
/// assert_eq!(catalog.parse("invoice:burn").unwrap_err().reason.code(), "unknown_permission");
/// assert_eq!(catalog.expand("invoice:*").unwrap().iter().count(), 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    application: Vec<String>,
    roles: DeclaredRoles,
}

impl Catalog {
    /// The most permissions that an application can declare.
    pub const MOST: usize = 192;

    /// The built-in permissions and these.
    ///
    /// # Errors
    /// `invalid_value`, naming each of the first ten permissions at fault: for what is no `resource:action`, for a
    /// built-in resource, and for two that differ by capitals only; also for too many.
    pub fn declare<T: AsRef<str>>(names: &[T]) -> Result<Self, Denial> {
        let (mut application, mut wrong) = (Vec::<String>::new(), Vec::new());
        for name in names.iter().map(AsRef::as_ref) {
            let known = application.iter().find(|known| known.eq_ignore_ascii_case(name));
            match (fault(name), known) {
                (Some(rule), _) => wrong.push((name, rule)),
                (None, Some(known)) if known == name => {}
                (None, Some(_)) => wrong.push((name, "another name differs from it by capitals only")),
                (None, None) => application.push(name.to_owned()),
            }
        }
        if !wrong.is_empty() {
            return Err(undeclarable(&wrong));
        }
        if application.len() > Self::MOST {
            return Err(Denial::because(Reason::InvalidValue, "at most 192 permissions can be declared"));
        }
        Ok(Catalog { application, roles: DeclaredRoles::default() })
    }

    /// The same permissions with roles for all organizations.
    #[must_use]
    pub fn with_roles(self, roles: DeclaredRoles) -> Self {
        Catalog { roles, ..self }
    }

    /// The roles that the operator declares for all organizations.
    pub fn roles(&self) -> &DeclaredRoles {
        &self.roles
    }

    /// Reads a public name.
    ///
    /// # Errors
    /// `unknown_permission`: what is not declared is an error, never a silent no.
    pub fn parse(&self, text: &str) -> Result<Permission, Denial> {
        self.permissions().find(|permission| self.name(*permission) == text).ok_or_else(|| unknown(text))
    }

    /// Reads what a role may list: a public name, or `resource:*` for all of a resource.
    ///
    /// # Errors
    /// `unknown_permission`, also for a resource without any.
    pub fn expand(&self, text: &str) -> Result<PermissionSet, Denial> {
        let Some(resource) = text.strip_suffix('*').filter(|resource| resource.ends_with(':')) else {
            return self.parse(text).map(|permission| PermissionSet::of(&[permission]));
        };
        let of_it = self.permissions().filter(|permission| self.name(*permission).starts_with(resource));
        let set = of_it.fold(PermissionSet::default(), PermissionSet::with);
        if set == PermissionSet::default() { Err(unknown(text)) } else { Ok(set) }
    }

    /// The public name.
    pub fn name(&self, permission: Permission) -> &str {
        match permission {
            Permission::Application(number) => self.application.get(usize::from(number)).map_or("", String::as_str),
            built_in => built_in.built_in_name().unwrap_or_default(),
        }
    }

    /// The application's permissions, by name and in order.
    pub fn application(&self) -> &[String] {
        &self.application
    }

    /// Every permission, the built-in ones first.
    pub fn permissions(&self) -> impl Iterator<Item = Permission> {
        let declared = (0..self.application.len()).filter_map(|number| u8::try_from(number).ok());
        Permission::BUILT_IN.iter().copied().chain(declared.map(Permission::Application))
    }

    /// All of them, as a set.
    pub fn all(&self) -> PermissionSet {
        self.permissions().fold(PermissionSet::default(), PermissionSet::with)
    }

    /// Refuses who lacks some of what is wanted.
    ///
    /// # Errors
    /// A refusal for `reason` that names each permission of `wanted` that is not in `held`.
    pub fn require(&self, held: PermissionSet, wanted: PermissionSet, reason: Reason) -> Result<(), Denial> {
        if held.covers(wanted) {
            return Ok(());
        }
        let missing = wanted.iter().filter(|permission| !held.contains(*permission));
        let names = missing.map(|permission| self.name(permission).to_owned());
        Err(Denial::lacking(reason, names.filter(|name| !name.is_empty()).collect()))
    }

    /// The public names of a set, in the order of the catalog.
    pub fn names(&self, set: PermissionSet) -> Vec<&str> {
        set.iter().map(|permission| self.name(permission)).filter(|name| !name.is_empty()).collect()
    }
}

/// How many permissions at fault are named at once.
const NAMED: usize = 10;

fn undeclarable(wrong: &[(&str, &str)]) -> Denial {
    let told = |(name, rule): &(&str, &str)| format!("the permission `{}` cannot be declared: {rule}", echo(name));
    let more = wrong.len().saturating_sub(NAMED);
    let rest = (more > 0).then(|| format!("and {more} more cannot be declared"));
    let all: Vec<String> = wrong.iter().take(NAMED).map(told).chain(rest).collect();
    Denial::because(Reason::InvalidValue, all.join("; "))
}

fn unknown(text: &str) -> Denial {
    let declared = "the setting `PERMISSIONS` declares the application's own";
    Denial::because(Reason::UnknownPermission, format!("there is no permission `{}`; {declared}", echo(text)))
}

/// Whether an application can declare it: `resource:action` of a resource that is not built in.
pub fn can_be_declared(name: &str) -> bool {
    fault(name).is_none()
}

/// What is wrong with a name that is to be declared. Rule: people write permissions with hyphens, dots, underscores
/// and capitals inside, so both halves take them; the first letter, the one colon and the length stay fixed. A
/// built-in resource is refused in capitals too: `Member:remove` would be taken for `member:remove`.
fn fault(name: &str) -> Option<&'static str> {
    match name.split_once(':') {
        Some((resource, action)) if is_word(resource) && is_word(action) => {
            is_built_in_resource(resource).then_some("its resource is built in; name one of the application's own")
        }
        _ => Some(
            "`resource:action` is expected, each half a letter and then at most 62 of `A-Z`, `a-z`, `0-9`, `.`, `_` and `-`",
        ),
    }
}

fn is_word(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    text.len() <= 63 && text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.bytes().all(known)
}

fn is_built_in_resource(resource: &str) -> bool {
    let mut names = Permission::BUILT_IN.iter().filter_map(|permission| permission.built_in_name());
    names.any(|name| name.split_once(':').is_some_and(|(known, _)| known.eq_ignore_ascii_case(resource)))
}

/// How many words of 64 bits a set has: room for [`Catalog::MOST`] besides the built-in ones.
const WORDS: usize = 4;

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PermissionSet([u64; WORDS]);

impl PermissionSet {
    /// The set of the given permissions.
    pub fn of(permissions: &[Permission]) -> Self {
        permissions.iter().copied().fold(Self::default(), Self::with)
    }

    /// The same set with `permission`.
    #[must_use]
    pub fn with(self, permission: Permission) -> Self {
        self.with_place(permission.place())
    }

    /// The set of one; a place beyond the last is in no set.
    fn only(permission: Permission) -> Self {
        Self::default().with_place(permission.place())
    }

    /// The same set with what stands at a place in the order of the catalog; beyond the last one nothing does.
    #[must_use]
    pub fn with_place(mut self, place: usize) -> Self {
        if let Some(word) = self.0.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
        self
    }

    /// Whether the set has what stands at a place.
    pub fn has_place(self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word & (1 << (place % 64)) != 0)
    }

    fn zip(self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        let mut words = self.0;
        words.iter_mut().zip(other.0).for_each(|(word, other)| *word = join(*word, other));
        PermissionSet(words)
    }

    /// The same set without `permission`.
    #[must_use]
    pub fn without(self, permission: Permission) -> Self {
        self.zip(Self::only(permission), |word, other| word & !other)
    }

    /// What either set allows.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        self.zip(other, |word, other| word | other)
    }

    /// Whether the set allows it.
    pub fn contains(self, permission: Permission) -> bool {
        self.has_place(permission.place())
    }

    /// Whether the set allows all that `other` allows.
    pub fn covers(self, other: Self) -> bool {
        self.union(other) == self
    }

    /// The places of the set's permissions in the order of the catalog.
    pub fn places(self) -> impl Iterator<Item = usize> {
        (0..WORDS * 64).filter(move |place| self.has_place(*place))
    }

    /// The permissions of the set, in the order of the catalog.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        let declared = (0..Catalog::MOST).filter_map(|number| u8::try_from(number).ok()).map(Permission::Application);
        Permission::BUILT_IN.iter().copied().chain(declared).filter(move |permission| self.contains(*permission))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_permission_has_its_own_bit_and_name() {
        let names: Vec<String> = (0..Catalog::MOST).map(|number| format!("thing:do_{number}")).collect();
        let catalog = Catalog::declare(&names).unwrap();
        for permission in catalog.permissions() {
            assert_eq!(catalog.parse(catalog.name(permission)), Ok(permission));
            assert_eq!(PermissionSet::of(&[permission]).iter().collect::<Vec<_>>(), [permission]);
        }
        assert_eq!(catalog.all().iter().count(), Permission::BUILT_IN.len() + Catalog::MOST);
        assert!(Permission::BUILT_IN.len() < 64);
    }

    #[test]
    fn what_is_not_declared_is_an_error() {
        let catalog = Catalog::declare(&["invoice:read", "invoice:read"]).unwrap();
        for text in ["invoice:pay", "invoices:*", "organization", "*", "*:*", "organization:*x", ""] {
            assert!(catalog.expand(text).is_err(), "{text}");
        }
        assert_eq!(catalog.names(catalog.expand("invoice:*").unwrap()), ["invoice:read"]);
        assert!(catalog.parse("organization:*").is_err());
        for name in ["member:fly", "invoice", "invoice:*", ":read", "a:b:c"] {
            assert!(Catalog::declare(&[name]).is_err(), "{name}");
        }
    }

    #[test]
    fn names_are_declared_as_people_write_them() {
        let names = [
            "Invoice:read",
            "invoice-line:mark-paid",
            "billing.invoices:read.all",
            "crm_v2:bulkExport",
            "purchaseOrder:approve_final",
            "A:b",
            "x1.y-z_:Q9",
        ];
        let catalog = Catalog::declare(&names).unwrap();
        for name in names {
            let permission = catalog.parse(name).unwrap();
            assert_eq!(catalog.name(permission), name);
            assert!(can_be_declared(name));
        }
        assert_eq!(catalog.names(catalog.expand("billing.invoices:*").unwrap()), ["billing.invoices:read.all"]);
        assert!(catalog.parse("invoice:read").is_err(), "capitals count");
        assert!(catalog.expand("billing:*").is_err(), "a dot ends no resource");
    }

    #[test]
    fn names_that_cannot_be_declared_are_refused_by_name_with_the_alphabet() {
        let long = format!("{}:read", "x".repeat(64));
        for name in [
            "Invoice.read",
            "invoice-pay",
            "org:x:y",
            "invoice: read",
            "invoice:",
            "2fa:reset",
            "-a:b",
            "a:.b",
            "rechnung:prüfen",
            "a:b*",
            "*:read",
            "a/b:c",
            "",
            &long,
        ] {
            let denial = Catalog::declare(&["fine:name", name]).unwrap_err();
            assert!(denial.detail.contains(&format!("`{}`", name.chars().take(100).collect::<String>())), "{name}");
            assert!(denial.detail.contains("`A-Z`, `a-z`, `0-9`, `.`, `_` and `-`"), "{name}: {}", denial.detail);
        }
        for names in [["Member:remove", "a:b"], ["ORGANIZATION:read", "a:b"], ["Api_Key:x", "a:b"], ["a:b", "a:B"]] {
            assert!(Catalog::declare(&names).is_err(), "{names:?}");
        }
    }

    #[test]
    fn each_permission_that_cannot_be_declared_is_named_up_to_ten() {
        let detail = |names: &[&str]| Catalog::declare(names).unwrap_err().detail.to_string();
        let told = detail(&["invoice:read", "invoice", "member:eat", "Invoice:read"]);
        let places = ["`invoice`", "`member:eat`", "`Invoice:read`"].map(|name| told.find(name).unwrap());
        assert!(places.is_sorted() && !told.contains("`invoice:read`") && !told.contains("more"), "{told}");
        let many = detail(&["x"; 12]);
        assert_eq!(
            (many.matches("`x`").count(), many.ends_with("and 2 more cannot be declared")),
            (10, true),
            "{many}"
        );
    }
}
