//! Roles: the built-in ones, those that the operator declares, and an organization's own.

use super::organizations::moved;
use crate::app::mint::Mint;
use crate::app::ports::{Cache, Entropy, Failure, RoleRows, Store};
use crate::domain::command::{CreateRole, DeleteRole, RoleRef, UpdateRole};
use crate::domain::denial::{Denial, Reason};
use crate::domain::permission::{Catalog, Permission};
use crate::domain::role::RoleKey;
use crate::domain::table::Set;
use crate::domain::text::Name;
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::{Call, Wanted};
use crate::wire::present;
use crate::wire::query::{page, said_once};
use serde_json::Value;

/// The most permissions that a role lists.
const MOST: usize = 250;

/// `GET /v1/organizations/{org}/roles`: the built-in ones first, then those of the operator, then the organization's own,
/// then the keys that members hold and no role has any more. A declared role whose key an own role has is not there.
pub async fn list<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    call.query(&[])?;
    let found = call.app.store.roles(&call.reach()?).await?;
    let opened = call.open_rows(found, Permission::RoleRead)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let built_in = RoleKey::BUILT_IN.iter().filter_map(|key| RoleKey::parse(key).ok());
    let declared = call.catalog().roles().iter().map(|(key, _)| key.clone());
    let own = opened.rows.own.iter().map(|role| role.key.clone());
    let declared = declared.filter(|key| opened.rows.own.iter().all(|role| role.key != *key));
    let named: Vec<RoleKey> = built_in.chain(declared).chain(own).collect();
    let held = opened.rows.held.iter().filter(|key| !named.contains(key));
    let data: Vec<Value> =
        named.iter().chain(held).filter_map(|key| role_of(key, &opened.rows, call.catalog())).collect();
    let version = opened.affiliation.version;
    Ok(Answer::json(200, &page(data, None)).at_version(version))
}

/// `GET /v1/organizations/{org}/roles/{role}`
pub async fn read<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, role: &str) -> Result<Answer, Failure> {
    call.query(&[])?;
    let found = call.app.store.roles(&call.reach()?).await?;
    let opened = call.open_rows(found, Permission::RoleRead)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let shown = match RoleRef::parse(role)? {
        RoleRef::Key(key) => role_of(&key, &opened.rows, call.catalog()),
        RoleRef::Id(id) => opened.rows.own.iter().find(|role| role.id == id).map(present::custom_role),
    };
    Ok(Answer::json(200, &shown.ok_or(Reason::NotFound)?).at_version(opened.affiliation.version))
}

/// The role that a key names in an organization. Rule: its own role comes before a declared one, and a key that is held
/// without a role is shown as unknown.
fn role_of(key: &RoleKey, rows: &RoleRows, catalog: &Catalog) -> Option<Value> {
    if key.is_built_in() {
        return Some(present::built_in_role(key, catalog));
    }
    let own = rows.own.iter().find(|role| role.key == *key).map(present::custom_role);
    let declared = || catalog.roles().get(key).map(|role| present::declared_role(key, role));
    let unknown = || rows.held.contains(key).then(|| present::unknown_role(key));
    own.or_else(declared).or_else(unknown)
}

/// `POST /v1/organizations/{org}/roles`
pub fn create<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    let mut fields = call.body()?;
    let key = fields.text("key", key)?;
    let action = CreateRole {
        role: Mint::new(call.app.entropy, call.app.now).role()?,
        name: fields.maybe_text("name", Name::parse)?.map_or_else(|| Name::parse(key.as_str()), Ok)?,
        key,
        permissions: permissions(&mut fields)?.unwrap_or_default(),
    };
    fields.end()?;
    Ok(action.into())
}

/// A key that is being chosen, not named: what breaks the rule is invalid, not unknown.
fn key(text: &str) -> Result<RoleKey, Denial> {
    let rule = "a key has 1 to 63 of `a-z`, `0-9`, `_` and `-`, beginning with a letter";
    RoleKey::parse(text).map_err(|_| Denial::because(Reason::InvalidValue, rule))
}

fn permissions(fields: &mut Fields) -> Result<Option<Set<String>>, Denial> {
    Ok(fields.maybe_texts("permissions", MOST)?.map(|listed| listed.into_iter().collect()))
}

/// `PATCH /v1/organizations/{org}/roles/{role}`
pub fn update<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, role: &str) -> Result<Wanted, Failure> {
    let mut fields = call.body()?;
    fields.refuse_null(&["name", "permissions"])?;
    let action = UpdateRole {
        role: RoleRef::parse(role)?,
        name: fields.maybe_text("name", Name::parse)?,
        permissions: permissions(&mut fields)?,
    };
    fields.end()?;
    Ok(action.into())
}

/// `DELETE /v1/organizations/{org}/roles/{role}`: with `moveTo` its holders get that role instead.
pub fn delete<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, role: &str) -> Result<Wanted, Failure> {
    call.principal()?;
    let query = call.query(&["moveTo"])?;
    let mut fields = Fields::optional_of(call.request)?;
    let in_body = fields.maybe_text("moveTo", RoleKey::parse)?;
    fields.end()?;
    let move_to = said_once("moveTo", in_body, query.read("moveTo", RoleKey::parse)?)?;
    let action = DeleteRole { role: RoleRef::parse(role)?, move_to };
    Ok(action.into())
}
