//! Checking: may this member do that, and why.
//!
//! Owns the explanation of a decision. The answer itself is what the roles say; nothing is asked
//! here that is not in an [`Affiliation`].

use super::membership::MembershipState;
use super::permission::{Catalog, Permission};
use super::resolve::Affiliation;
use super::role::RoleKey;
use serde::Serialize;

/// A decision that explains itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decided<'a> {
    /// What was asked.
    pub permission: &'a str,
    /// The answer.
    pub allowed: bool,
    /// The rule that decided: `granted_by_role`, `permission_denied`, `membership_suspended`,
    /// `not_a_member`.
    pub code: &'static str,
    /// The same for people.
    pub rule: &'static str,
    /// The first role that allows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted_by: Option<RoleKey>,
    /// The permission that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<&'a str>,
}

/// Decides. Rule: whoever is not a member may do nothing, and neither may who is suspended.
pub fn decide<'a>(permission: Permission, member: Option<&Affiliation>, catalog: &'a Catalog) -> Decided<'a> {
    let granted_by = member.and_then(|member| member.powers(catalog).granting(permission).cloned());
    let (code, rule) = reason(granted_by.is_some(), member);
    let (allowed, permission) = (granted_by.is_some(), catalog.name(permission));
    Decided { permission, allowed, code, rule, granted_by, missing: (!allowed).then_some(permission) }
}

fn reason(allowed: bool, member: Option<&Affiliation>) -> (&'static str, &'static str) {
    match member {
        None => ("not_a_member", "whoever is not a member may do nothing"),
        Some(member) if member.membership_state == MembershipState::Suspended => {
            ("membership_suspended", "a suspended membership allows nothing")
        }
        Some(_) if allowed => ("granted_by_role", "one of the member's roles allows it"),
        Some(_) => ("permission_denied", "none of the member's roles allows it"),
    }
}
