//! Reading the declarations: `{"billing": {"name", "permissions"}, "member": {"adds"}, "admin": {"adds"}, "creator": {"roles"}}`.
//!
//! Rule: every mistake names its place, because one object holds the roles of a whole installation.

use super::{DeclaredRole, DeclaredRoles};
use crate::domain::denial::{Denial, Reason, echo};
use crate::domain::json::Json;
use crate::domain::permission::{Catalog, PermissionSet};
use crate::domain::read::{Fields, within};
use crate::domain::role::{ADMIN, MEMBER, OWNER, RoleKey};
use crate::domain::table::Set;
use crate::domain::text::Name;

/// The entry that says which roles a founder keeps. No declared role has this key.
const CREATOR: &str = "creator";

/// The most roles that a founder keeps besides `admin`.
const MOST_OF_CREATOR: usize = 10;

impl DeclaredRoles {
    /// Reads the text of all declarations.
    ///
    /// # Errors
    /// `invalid_value`, `unknown_field`, `missing_field`, `unknown_role` or `unknown_permission`; `param` is the place.
    pub fn parse(text: &str, catalog: &Catalog) -> Result<Self, Denial> {
        let json = Json::parse(text).ok_or_else(|| invalid("a JSON object is expected"))?;
        Self::read(json, catalog)
    }

    /// Reads all declarations.
    ///
    /// # Errors
    /// As [`DeclaredRoles::parse`].
    pub fn read(json: Json<'_>, catalog: &Catalog) -> Result<Self, Denial> {
        let entries = json.members().ok_or_else(|| invalid("a JSON object is expected"))?;
        // Three entries are no roles: `member`, `admin` and `creator`.
        if entries.clone().count() > Self::MOST.saturating_add(3) {
            return Err(invalid("at most 50 roles can be declared"));
        }
        if !json.has_plain_names() {
            return Err(invalid("a name stands twice in one object, or is written with an escape"));
        }
        let mut declared = DeclaredRoles::default();
        for (name, value) in entries {
            let name = name.read();
            declared.take(&name, value, catalog).map_err(|denial| within(&name, denial))?;
        }
        declared.require_bounds()?;
        Ok(declared)
    }

    fn take(&mut self, name: &str, value: Json<'_>, catalog: &Catalog) -> Result<(), Denial> {
        let mut fields = Fields::of(value)?;
        match name {
            OWNER => return Err(invalid("the owner holds every permission; nothing can be declared about it")),
            MEMBER | ADMIN => {
                let adds: Set<String> = fields.take("adds").map_err(|denial| hint(denial, "`adds`"))?;
                self.add(name, expand(catalog, &adds, "adds")?);
                end(&fields, "`adds` alone is expected of a built-in role")?;
            }
            CREATOR => {
                self.creator = fields.take("roles").map_err(|denial| hint(denial, "`roles`"))?;
                end(&fields, "`roles` alone is expected of the creator")?;
            }
            key => {
                let key = RoleKey::parse(key).map_err(|_| invalid(KEY_RULE))?;
                let name: Option<Name> = fields.take("name")?;
                let listed: Set<String> = fields.take("permissions")?;
                let permissions = expand(catalog, &listed, "permissions")?;
                end(&fields, "`name` and `permissions` are expected of a role")?;
                self.declare(key, DeclaredRole { name, listed, permissions });
            }
        }
        Ok(())
    }

    /// Rule: a founder keeps declared roles alone. An organization that is being founded has no own role yet.
    fn require_bounds(&self) -> Result<(), Denial> {
        if self.roles.len() > Self::MOST {
            return Err(invalid("at most 50 roles can be declared"));
        }
        if self.creator.len() > MOST_OF_CREATOR {
            return Err(Denial::about(Reason::InvalidValue, "creator.roles", "at most 10 roles are possible"));
        }
        match self.creator.iter().find(|key| self.get(key).is_none()) {
            None => Ok(()),
            Some(key) => {
                let detail = format!("there is no declared role `{}`", echo(key.as_str()));
                Err(Denial::about(Reason::UnknownRole, "creator.roles", detail))
            }
        }
    }
}

const KEY_RULE: &str = "a role's key has 1 to 63 of `a-z`, `0-9`, `_` and `-`, beginning with a letter";

fn invalid(rule: &'static str) -> Denial {
    Denial::because(Reason::InvalidValue, rule)
}

/// The same refusal; of a field that is missing, with the one that is expected there.
fn hint(denial: Denial, expected: &str) -> Denial {
    if denial.reason != Reason::MissingField {
        return denial;
    }
    let param = denial.param.clone().unwrap_or_default();
    Denial::about(Reason::MissingField, param, format!("{expected} is expected here"))
}

fn end(fields: &Fields<'_>, expected: &'static str) -> Result<(), Denial> {
    let known =
        |denial: Denial| Denial::about(Reason::UnknownField, denial.param.clone().unwrap_or_default(), expected);
    fields.end().map_err(known)
}

/// Rule: what is not declared as a permission is refused where it is written down, as in an organization's own role.
fn expand(catalog: &Catalog, listed: &Set<String>, field: &'static str) -> Result<PermissionSet, Denial> {
    let known = |set: PermissionSet, name: &String| Ok(set.union(catalog.expand(name)?));
    listed.iter().try_fold(PermissionSet::default(), known).map_err(|denial: Denial| denial.at(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::Permission;

    fn catalog() -> Catalog {
        Catalog::declare(&["invoice:read", "invoice:pay"]).unwrap()
    }

    fn refused(text: &str) -> (&'static str, Option<String>, String) {
        let denial = DeclaredRoles::parse(text, &catalog()).unwrap_err();
        (denial.reason.code(), denial.param.clone().map(std::borrow::Cow::into_owned), denial.detail.to_string())
    }

    #[test]
    fn declarations_are_read_whole() {
        let text = r#"{ "billing": { "name": "Billing", "permissions": ["invoice:*"] }, "viewer": { "permissions": [] },
            "member": { "adds": ["invoice:read"] }, "admin": { "adds": ["organization:delete"] }, "creator": { "roles": ["billing"] } }"#;
        let declared = DeclaredRoles::parse(text, &catalog()).unwrap();
        let keys: Vec<&str> = declared.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["billing", "viewer"]);
        let billing = declared.get(&RoleKey::parse("billing").unwrap()).unwrap();
        assert_eq!((billing.name.as_ref().map(Name::as_str), billing.permissions.iter().count()), (Some("Billing"), 2));
        assert_eq!(declared.get(&RoleKey::parse("viewer").unwrap()).unwrap().name, None);
        assert!(declared.added_to(MEMBER).contains(Permission::Application(0)));
        assert!(declared.added_to(ADMIN).contains(Permission::OrganizationDelete));
        assert_eq!(declared.added_to(OWNER), PermissionSet::default());
        let founder: Vec<String> = declared.of_founder().iter().map(ToString::to_string).collect();
        assert_eq!(founder, ["admin", "billing"]);
    }

    #[test]
    fn every_mistake_names_its_place() {
        for (text, code, param) in [
            ("", "invalid_value", None),
            ("[]", "invalid_value", None),
            (r#"{"billing": 1}"#, "invalid_value", Some("billing")),
            (r#"{"Billing": {"permissions": []}}"#, "invalid_value", Some("Billing")),
            (r#"{"billing": {}}"#, "missing_field", Some("billing.permissions")),
            (r#"{"billing": {"permissions": "invoice:read"}}"#, "invalid_value", Some("billing.permissions")),
            (r#"{"billing": {"permissions": ["invoice:burn"]}}"#, "unknown_permission", Some("billing.permissions")),
            (r#"{"billing": {"permissions": [], "name": ""}}"#, "name_invalid", Some("billing.name")),
            (r#"{"billing": {"permissions": [], "permision": []}}"#, "unknown_field", Some("billing.permision")),
            (r#"{"member": {"permissions": []}}"#, "missing_field", Some("member.adds")),
            (r#"{"member": {"adds": ["x:y"]}}"#, "unknown_permission", Some("member.adds")),
            (r#"{"admin": {"adds": [], "name": "Chief"}}"#, "unknown_field", Some("admin.name")),
            (r#"{"owner": {"adds": []}}"#, "invalid_value", Some("owner")),
            (r#"{"creator": {}}"#, "missing_field", Some("creator.roles")),
            (r#"{"creator": {"roles": ["billing"]}}"#, "unknown_role", Some("creator.roles")),
            (r#"{"creator": {"roles": ["Bad key"]}}"#, "unknown_role", Some("creator.roles")),
            (r#"{"a": {"permissions": []}, "a": {"permissions": []}}"#, "invalid_value", None),
            (r#"{"a": {"permissions": [], "permissions": ["invoice:pay"]}}"#, "invalid_value", None),
        ] {
            let (found, place, detail) = refused(text);
            assert_eq!((found, place.as_deref()), (code, param), "{text}: {detail}");
        }
    }

    #[test]
    fn fifty_roles_are_declared_and_not_fifty_one() {
        let text = |count: usize| {
            let roles: Vec<String> =
                (0..count).map(|number| format!(r#""role-{number}": {{"permissions": []}}"#)).collect();
            format!("{{{}}}", roles.join(","))
        };
        assert!(DeclaredRoles::parse(&text(50), &catalog()).is_ok());
        assert_eq!(refused(&text(51)).0, "invalid_value");
        assert_eq!(refused(&text(60)).0, "invalid_value");
    }
}
