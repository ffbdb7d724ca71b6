//! Roles of the organization's own.
//!
//! Owns who may make, change and end them. Rule: a role is a grant that waits for its holder, so
//! nobody makes or touches one that allows more than they hold.

use super::Case;
use crate::domain::command::{CreateRole, DeleteRole, RoleRef, UpdateRole};
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::{Denial, Reason, counted};
use crate::domain::event::Event;
use crate::domain::permission::{Catalog, Permission, PermissionSet};
use crate::domain::role::{CustomRole, MOST_ROLES, RoleKey, Roles, permissions_listed, require_grant};
use crate::domain::table::Set;

/// Makes a role.
pub(super) fn create(case: &Case<'_>, create: &CreateRole) -> Result<Decision, Denial> {
    case.require(Permission::RoleCreate)?;
    require_free(case, &create.key)?;
    if case.facts.roles.len() >= MOST_ROLES {
        return Err(Reason::RoleLimitReached.into());
    }
    require_listed(case, &create.permissions)?;
    let role = CustomRole {
        id: create.role,
        organization: case.organization.id,
        key: create.key.clone(),
        name: create.name.clone(),
        permissions: create.permissions.clone(),
        created_at: case.now,
        updated_at: case.now,
    };
    Ok(decided(vec![Event::RoleCreated { role }], &create.key))
}

/// Refuses a key that stands for something. Rule: a role that was declared once may still be held under its key. Its
/// holders gain nothing by a name, so nobody makes another role under it before they have lost it.
fn require_free(case: &Case<'_>, key: &RoleKey) -> Result<(), Denial> {
    let taken = |detail| Err(Denial::about(Reason::RoleKeyTaken, "key", detail));
    if case.policy.catalog.roles().get(key).is_some() && !case.facts.roles.contains_key(key) {
        return taken(format!("the operator declares a role `{key}` for all organizations"));
    }
    if key.is_built_in() || case.facts.roles.contains_key(key) {
        return taken(format!("there is a role `{key}`"));
    }
    if case.facts.holders > 0 || case.facts.holders_in_teams > 0 {
        let detail = format!("members hold a role `{key}` that exists no more; give them other roles first");
        return Err(Denial::about(Reason::RoleInUse, "key", detail));
    }
    Ok(())
}

/// Changes a role. Rule: what it allowed and what it will allow must both be the caller's to give.
pub(super) fn update(case: &Case<'_>, update: &UpdateRole) -> Result<Decision, Denial> {
    case.require(Permission::RoleUpdate)?;
    let role = find(case, &update.role)?;
    require_old(case, role)?;
    let permissions = update.permissions.as_ref().unwrap_or(&role.permissions);
    if *permissions != role.permissions {
        require_listed(case, permissions)?;
        require_above_losers(case, &role.permissions, permissions)?;
    }
    let name = update.name.as_ref().unwrap_or(&role.name).clone();
    let (permissions, updated_at) = (permissions.clone(), case.now);
    let changed = name != role.name || permissions != role.permissions;
    let role = CustomRole { name, permissions, updated_at, ..role.clone() };
    let key = role.key.clone();
    let event = changed.then_some(Event::RoleChanged { role });
    Ok(decided(event.into_iter().collect(), &key))
}

/// Ends a role. Rule: nobody loses a role silently; holders are counted, or moved when told to.
pub(super) fn delete(case: &Case<'_>, delete: &DeleteRole) -> Result<Decision, Denial> {
    case.require(Permission::RoleDelete)?;
    let role = find(case, &delete.role)?;
    require_old(case, role)?;
    match &delete.move_to {
        Some(key) => {
            require_successor(case, &role.key, key)?;
            require_above_losers(case, &role.permissions, &Set::new())?;
        }
        None if case.facts.holders > 0 || case.facts.holders_in_teams > 0 => {
            return Err(Denial::about(Reason::RoleInUse, "role", in_use(case, &role.key)));
        }
        None => {}
    }
    let event = Event::RoleDeleted { role: role.id, key: role.key.clone(), moved_to: delete.move_to.clone() };
    let (moved, moved_in_teams) = (case.facts.holders, case.facts.holders_in_teams);
    Ok(Decision::quiet(vec![event], Outcome::RoleDeleted { role: role.id, moved, moved_in_teams }))
}

/// Rule: nobody touches a peer's or a superior's power. Who holds a role may be either, and there may be
/// a million of them: what holders lose, only the owner takes.
fn require_above_losers(case: &Case<'_>, old: &Set<String>, new: &Set<String>) -> Result<(), Denial> {
    let power = |listed| permissions_listed(&case.policy.catalog, listed);
    let held = case.facts.holders > 0 || case.facts.holders_in_teams > 0;
    if !held || power(new).covers(power(old)) {
        return Ok(());
    }
    case.require_owner().map_err(|_| Reason::Outranked.into())
}

fn in_use(case: &Case<'_>, key: &RoleKey) -> String {
    let (members, in_teams) = (case.facts.holders, case.facts.holders_in_teams);
    let besides =
        if in_teams > 0 { format!(", and {} it is held in a team", counted(in_teams, "time")) } else { String::new() };
    format!("{} the role `{key}`{besides}", holders(members))
}

fn holders(count: u32) -> String {
    format!("{} {}", counted(count, "member"), if count == 1 { "holds" } else { "hold" })
}

fn require_successor(case: &Case<'_>, old: &RoleKey, new: &RoleKey) -> Result<(), Denial> {
    if old == new {
        return Err(Denial::about(Reason::InvalidValue, "moveTo", "holders move to another role"));
    }
    let roles = Roles::try_from(vec![new.clone()]).map_err(|denial| denial.at("moveTo"))?;
    case.require_grant(&roles).map_err(|denial| denial.only_at("moveTo"))
}

fn find<'a>(case: &'a Case<'_>, reference: &RoleRef) -> Result<&'a CustomRole, Denial> {
    let found = match reference {
        RoleRef::Id(id) => case.facts.roles.values().find(|role| role.id == *id),
        RoleRef::Key(key) if key.is_built_in() => return Err(Reason::RoleBuiltIn.into()),
        RoleRef::Key(key) => case.facts.roles.get(key),
    };
    if let (None, RoleRef::Key(key)) = (found, reference)
        && case.policy.catalog.roles().get(key).is_some()
    {
        return Err(Reason::RoleDeclared.into());
    }
    found.ok_or_else(|| Reason::NotFound.into())
}

fn require_listed(case: &Case<'_>, listed: &Set<String>) -> Result<(), Denial> {
    let power = expand(&case.policy.catalog, listed)?;
    require_held(case, power).map_err(|denial| denial.at("permissions"))
}

/// What a role allows already must be the caller's to give.
fn require_old(case: &Case<'_>, role: &CustomRole) -> Result<(), Denial> {
    let power = permissions_listed(&case.policy.catalog, &role.permissions);
    require_held(case, power).map_err(|denial| denial.at("role"))
}

/// Rule: what is not declared is refused when it is written down, not silently denied later.
fn expand(catalog: &Catalog, listed: &Set<String>) -> Result<PermissionSet, Denial> {
    listed.iter().try_fold(PermissionSet::default(), |set, name| {
        let more = catalog.expand(name).map_err(|denial| denial.at("permissions"))?;
        Ok(set.union(more))
    })
}

fn require_held(case: &Case<'_>, power: PermissionSet) -> Result<(), Denial> {
    require_grant(&case.policy.catalog, case.scope.permissions(), power)
}

fn decided(events: Vec<Event>, key: &RoleKey) -> Decision {
    Decision::quiet(events, Outcome::Role { key: key.clone() })
}
