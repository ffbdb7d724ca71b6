//! Roles as the organization's members see them: built in, declared by the operator, its own, or unknown.

use crate::domain::declared_roles::DeclaredRole;
use crate::domain::permission::Catalog;
use crate::domain::role::{CustomRole, RoleKey, built_in};
use crate::domain::text::Name;
use serde_json::{Value, json};

/// A role of an organization's own.
pub fn custom_role(role: &CustomRole) -> Value {
    json!({
        "id": role.id,
        "key": role.key,
        "name": role.name,
        "permissions": role.permissions,
        "builtIn": false,
        "declared": false,
        "createdAt": role.created_at.to_string(),
        "updatedAt": role.updated_at.to_string(),
    })
}

/// A role that every organization has, with what the operator has added to it.
pub fn built_in_role(key: &RoleKey, catalog: &Catalog) -> Value {
    let allowed = built_in(catalog, key).unwrap_or_default();
    let permissions = catalog.names(allowed);
    json!({ "id": null, "key": key, "name": key, "permissions": permissions, "builtIn": true, "declared": false })
}

/// A role that the operator declares.
pub fn declared_role(key: &RoleKey, role: &DeclaredRole) -> Value {
    let (name, permissions) = (role.name.as_ref().map_or(key.as_str(), Name::as_str), &role.listed);
    json!({ "id": null, "key": key, "name": name, "permissions": permissions, "builtIn": false, "declared": true })
}

/// A key that members hold and no role has any more: it allows nothing.
pub fn unknown_role(key: &RoleKey) -> Value {
    json!({
        "id": null,
        "key": key,
        "name": key,
        "permissions": [],
        "builtIn": false,
        "declared": false,
        "unknown": true,
    })
}
