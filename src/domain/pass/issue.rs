//! Who gets a pass, and what it says.
//!
//! Owns the rule that a pass states power that can be used: whoever could not act in the organization
//! now gets none. Never signs.

use super::claims::{Held, Member, Pass, Passport, Statement};
use super::token::{Kind, Unsigned};
use super::{LONGEST, MOST_TEAMS};
use crate::domain::denial::{Denial, Reason};
use crate::domain::id::TeamId;
use crate::domain::organization::OrganizationState;
use crate::domain::permission::{Catalog, PermissionSet};
use crate::domain::requirements::Proof;
use crate::domain::resolve::Affiliation;
use crate::domain::role::{Powers, RoleKey, built_in_permissions};
use crate::domain::time::Timestamp;

/// What may be done in teams, those first that somebody is in themselves.
pub type Standings = Vec<(TeamId, PermissionSet)>;

/// The membership that a pass states.
///
/// Rules: it is a membership (a platform admin who has none gets none), it works, it is not over within
/// this second, the organization is active, and what it asks of whoever acts in it is met. A suspended
/// organization can be read but nothing can be done in it, and whoever believes a pass does not ask.
///
/// # Errors
/// `organization_mismatch`, `membership_suspended`, `not_found`, `organization_inactive`,
/// `email_not_verified`, `mfa_required`.
pub fn member(
    affiliation: &Affiliation,
    epoch: u64,
    (catalog, proof): (&Catalog, Proof),
    now: Timestamp,
) -> Result<Member, Denial> {
    if affiliation.platform_admin || affiliation.membership.is_none() {
        return Err(Denial::because(Reason::OrganizationMismatch, "passes are for members"));
    }
    affiliation.requirements.require(proof)?;
    affiliation.require_in_force()?;
    let until = affiliation.until.map(|until| until.unsigned_millis() / 1000);
    if !affiliation.lasts(now) || until.is_some_and(|until| until <= now.unsigned_millis() / 1000) {
        return Err(Reason::NotFound.into());
    }
    if affiliation.state == OrganizationState::Inactive {
        return Err(Reason::OrganizationInactive.into());
    }
    Ok(Member {
        organization: affiliation.organization,
        slug: affiliation.slug.clone(),
        name: affiliation.name.clone(),
        version: affiliation.version,
        epoch,
        roles: affiliation.roles.iter().filter_map(|key| held(affiliation, key, catalog)).collect(),
        permissions: affiliation.powers(catalog).permissions(),
        until,
    })
}

/// A key without a role gives nothing, and is not said. A reader knows what a built-in role allows, unless the operator
/// has added to it.
fn held(affiliation: &Affiliation, key: &RoleKey, catalog: &Catalog) -> Option<Held> {
    let own = |key: &RoleKey| affiliation.custom_roles.iter().find(|role| role.key == *key);
    let powers = Powers::of(catalog, [key], |key| own(key).map(|role| &role.permissions));
    let permissions = powers.each().next().map(|(_, permissions)| permissions)?;
    let usual = built_in_permissions(catalog.all(), key.as_str()) == Some(permissions);
    Some(Held { key: key.clone(), permissions: (!usual).then_some(permissions) })
}

/// A pass that fits, with as many teams as it can hold. Rule: it never outlives the membership.
///
/// # Errors
/// `pass_too_large` when it does not fit without any team.
pub fn unsigned_pass(
    mut statement: Statement,
    member: Member,
    teams: Standings,
    kid: &str,
) -> Result<(Pass, Unsigned), Denial> {
    statement.expires_at = statement.expires_at.min(statement.issued_at.saturating_add(LONGEST));
    statement.expires_at = statement.expires_at.min(member.until.unwrap_or(u64::MAX));
    let all = teams.len();
    let pass = |most: usize| Pass {
        statement: statement.clone(),
        member: Member { until: None, ..member.clone() },
        teams: teams.iter().take(most).copied().collect(),
        more_teams: most < all,
    };
    let sized = |most: usize| {
        let pass = pass(most);
        let unsigned = Unsigned::new(Kind::Pass, kid, &pass.claims());
        (unsigned.signed_bytes() <= Kind::Pass.most_bytes()).then_some((pass, unsigned))
    };
    let most = all.min(MOST_TEAMS);
    fitting(most, sized).ok_or_else(too_large)
}

/// A passport that fits, with as many memberships as it can hold.
///
/// # Errors
/// `pass_too_large` when it does not fit without any.
pub fn unsigned_passport(
    mut statement: Statement,
    members: Vec<Member>,
    more: bool,
    kid: &str,
) -> Result<(Passport, Unsigned), Denial> {
    statement.expires_at = statement.expires_at.min(statement.issued_at.saturating_add(LONGEST));
    let end = statement.expires_at;
    let shown = |member: &Member| Member { until: member.until.filter(|until| *until < end), ..member.clone() };
    let all = members.len();
    let sized = |most: usize| {
        let rows = members.iter().take(most).map(shown).collect();
        let passport = Passport { statement: statement.clone(), members: rows, more: more || most < all };
        let unsigned = Unsigned::new(Kind::Passport, kid, &passport.claims());
        (unsigned.signed_bytes() <= Kind::Passport.most_bytes()).then_some((passport, unsigned))
    };
    fitting(all.min(super::MOST_MEMBERSHIPS), sized).ok_or_else(too_large)
}

/// The most of something that fits, of which a smaller number always does if a greater one does.
fn fitting<T>(most: usize, sized: impl Fn(usize) -> Option<T>) -> Option<T> {
    if let Some(all) = sized(most) {
        return Some(all);
    }
    let (mut found, mut fits, mut beyond) = (sized(0)?, 0, most);
    while beyond.saturating_sub(fits) > 1 {
        let middle = usize::midpoint(fits, beyond);
        match sized(middle) {
            Some(more) => (found, fits) = (more, middle),
            None => beyond = middle,
        }
    }
    Some(found)
}

fn too_large() -> Denial {
    let detail = "the application's permissions have longer names together than a pass can hold";
    Denial::because(Reason::PassTooLarge, detail)
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn as_many_fit_as_there_is_room_for() {
        for most in [0, 1, 2, 7, 50, 100] {
            for room in 0..=most {
                assert_eq!(fitting(most, |number| (number <= room).then_some(number)), Some(room), "{room} of {most}");
            }
            assert_eq!(fitting(most, |_| None::<usize>), None);
        }
    }
}
