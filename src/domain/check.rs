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
    /// The rule that decided: `granted_by_role`, `platform_admin`, `permission_denied`, `membership_suspended`,
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
    let granting = member.and_then(|member| member.powers(catalog).granting(permission).cloned());
    let (code, rule) = reason(granting.is_some(), member);
    let (allowed, permission) = (granting.is_some(), catalog.name(permission));
    // No role of theirs grants it.
    let granted_by = granting.filter(|_| member.is_some_and(|member| !member.platform_admin));
    Decided { permission, allowed, code, rule, granted_by, missing: (!allowed).then_some(permission) }
}

fn reason(allowed: bool, member: Option<&Affiliation>) -> (&'static str, &'static str) {
    match member {
        None => ("not_a_member", "whoever is not a member may do nothing"),
        Some(member) if !member.platform_admin && member.membership_state == MembershipState::Suspended => {
            ("membership_suspended", "a suspended membership allows nothing")
        }
        Some(member) if member.platform_admin => ("platform_admin", "a platform admin may do everything"),
        Some(_) if allowed => ("granted_by_role", "one of the member's roles allows it"),
        Some(_) => ("permission_denied", "none of the member's roles allows it"),
    }
}
