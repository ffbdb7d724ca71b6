//! The roles that are held in what an answer lists, each with its permissions.
//!
//! Owns the one form in which an answer about several organizations says what may be done: a membership
//! names its roles by their keys, and the answer says once what each role allows. Reason: the permissions
//! of a built-in role are the same in every organization, and repeated they were most of such an answer.
//!
//! Typed, like resolution: the browser's core writes it too.

use crate::domain::id::OrganizationId;
use crate::domain::permission::{Catalog, PermissionSet};
use crate::domain::resolve::Affiliation;
use crate::domain::role::RoleKey;
use serde::Serialize;

/// A role with what it allows.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldRole<'a> {
    /// Whose role it is; `None` for a built-in or a declared one, which is the same everywhere.
    organization_id: Option<OrganizationId>,
    key: RoleKey,
    permissions: Vec<&'a str>,
}

impl<'a> HeldRole<'a> {
    fn of(
        organization_id: Option<OrganizationId>,
        key: &RoleKey,
        (set, catalog): (PermissionSet, &'a Catalog),
    ) -> Self {
        HeldRole { organization_id, key: key.clone(), permissions: catalog.names(set) }
    }
}

/// The roles by which something may be done in what is listed: the built-in ones first, then those that the operator
/// declares, then the organizations' own.
///
/// Rule: a membership that gives no power (suspended, or while the session lacks what is asked) adds no role, and
/// a platform admin's power is no role. Reason: who reads the roles alone learns of no permission that is not held.
pub fn held_roles<'a, 'b>(
    affiliations: impl IntoIterator<Item = &'b Affiliation>,
    catalog: &'a Catalog,
) -> Vec<HeldRole<'a>> {
    let (mut everywhere, mut own) = (Vec::<HeldRole<'a>>::new(), Vec::new());
    for held in affiliations {
        for (key, set) in held.powers_of_roles(catalog).each() {
            if held.has_own(key) && !key.is_built_in() {
                own.push(HeldRole::of(Some(held.organization), key, (set, catalog)));
                continue;
            }
            let place = everywhere.iter().take_while(|role| rank(&role.key) < rank(key)).count();
            if everywhere.get(place).is_none_or(|role| role.key != *key) {
                everywhere.insert(place, HeldRole::of(None, key, (set, catalog)));
            }
        }
    }
    everywhere.append(&mut own);
    everywhere
}

/// Built-in roles come in their order, declared ones behind them in the order of their keys.
fn rank(key: &RoleKey) -> (usize, &RoleKey) {
    let built_in = RoleKey::BUILT_IN.iter().position(|name| key.as_str() == *name);
    (built_in.unwrap_or(RoleKey::BUILT_IN.len()), key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn affiliation(number: u8, roles: &[&str], more: Value) -> Affiliation {
        let mut form = json!({
            "organization": format!("org_01890a5d0c007000800000000000000{number}"), "slug": "nirvana", "name": "Nirvana",
            "state": "active", "owner": "kurt", "version": 1, "user": "dave",
            "membership": "mem_01890a5d0c0070008000000000000001", "roles": roles,
        });
        form.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        serde_json::from_value(form).unwrap()
    }

    fn shown(affiliations: &[Affiliation], declared: &[&str]) -> Vec<(Option<char>, String, String)> {
        let catalog = Catalog::declare(declared).unwrap();
        let place = |role: &HeldRole<'_>| role.organization_id.and_then(|id| id.to_string().chars().last());
        let line = |role: HeldRole<'_>| (place(&role), role.key.to_string(), role.permissions.join(" "));
        held_roles(affiliations, &catalog).into_iter().map(line).collect()
    }

    #[test]
    fn undeclared_permission_of_a_role_is_not_listed() {
        let custom = json!({ "customRoles": [{ "key": "billing", "permissions": ["invoice:read", "invoice:*", "report:read"] }] });
        let found = [affiliation(1, &["billing"], custom)];
        let all = (Some('1'), "billing".to_owned(), "invoice:read invoice:pay".to_owned());
        assert_eq!(shown(&found, &["invoice:read", "invoice:pay"]), [all]);
        assert_eq!(shown(&found, &[]), [(Some('1'), "billing".to_owned(), String::new())]);
    }

    #[test]
    fn built_in_roles_come_first_and_once() {
        let found = [
            affiliation(1, &["member"], json!({})),
            affiliation(2, &["owner"], json!({})),
            affiliation(3, &["member"], json!({})),
        ];
        let keys: Vec<_> = shown(&found, &[]).into_iter().map(|(place, key, _)| (place, key)).collect();
        assert_eq!(keys, [(None, "owner".to_owned()), (None, "member".to_owned())]);
    }

    #[test]
    fn powerless_membership_lists_no_role() {
        let custom = json!([{ "key": "billing", "permissions": ["audit:read"] }]);
        for more in [
            json!({ "membershipState": "suspended", "customRoles": custom }),
            json!({ "unmet": { "mfa": true, "verifiedEmail": false }, "customRoles": custom }),
        ] {
            assert_eq!(shown(&[affiliation(1, &["admin", "billing"], more)], &[]), []);
        }
        // The key without its role, as when it was ended: nothing.
        assert_eq!(shown(&[affiliation(1, &["ghost"], json!({}))], &[]), []);
        let admin = [affiliation(1, &["member"], json!({ "platformAdmin": true }))];
        assert_eq!(
            shown(&admin, &[]),
            [(None, "member".to_owned(), "organization:read member:read team:read".to_owned())]
        );
    }
}
