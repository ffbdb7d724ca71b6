//! Checking: may this member do that, and why.
//!
//! Owns the explanation of a decision. The answer itself is what the roles say; nothing is asked
//! here that is not in an [`Affiliation`] or a [`Standing`].

use super::id::TeamId;
use super::membership::MembershipState;
use super::permission::{Catalog, Permission};
use super::resolve::Affiliation;
use super::role::RoleKey;
use super::team::Standing;
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
    /// The team in which that role is held; none when it is held in the organization as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted_in: Option<TeamId>,
    /// The permission that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<&'a str>,
}

/// Decides for the organization as a whole.
pub fn decide<'a>(permission: Permission, member: Option<&Affiliation>, catalog: &'a Catalog) -> Decided<'a> {
    let standing = member.map(|member| Standing::in_organization(member.powers(catalog)));
    decide_standing(permission, member, &standing.unwrap_or_default(), catalog)
}

/// Decides for wherever a member's standing is, the organization or a team. Rule: whoever is not a member
/// may do nothing, and neither may who is suspended.
pub fn decide_standing<'a>(
    permission: Permission,
    member: Option<&Affiliation>,
    standing: &Standing,
    catalog: &'a Catalog,
) -> Decided<'a> {
    let works = member.is_some_and(|member| member.require_in_force().is_ok());
    let granting = standing.granting(permission).filter(|_| works);
    let (granted_by, granted_in) = granting.map(|(key, team)| (key.clone(), team)).unzip();
    let granted_in = granted_in.flatten();
    let (code, rule) = reason(granted_by.is_some(), granted_in.is_some(), member);
    let (allowed, permission) = (granted_by.is_some(), catalog.name(permission));
    // No role of theirs grants it.
    let granted_by = granted_by.filter(|_| member.is_some_and(|member| !member.platform_admin));
    let missing = (!allowed).then_some(permission);
    Decided { permission, allowed, code, rule, granted_by, granted_in, missing }
}

fn reason(allowed: bool, in_team: bool, member: Option<&Affiliation>) -> (&'static str, &'static str) {
    match member {
        None => ("not_a_member", "whoever is not a member may do nothing"),
        Some(member) if !member.platform_admin && member.membership_state == MembershipState::Suspended => {
            ("membership_suspended", "a suspended membership allows nothing")
        }
        Some(member) if member.platform_admin => ("platform_admin", "a platform admin may do everything"),
        Some(_) if in_team => ("granted_by_role", "a role held in the team, or in one above it, allows it"),
        Some(_) if allowed => ("granted_by_role", "one of the member's roles allows it"),
        Some(_) => ("permission_denied", "none of the member's roles allows it"),
    }
}
