//! Members, ownership and checks.

use super::invitations::require_own_cursor;
use super::organizations::moved;
use crate::app::mint::Mint;
use crate::app::ports::{Cache, Entropy, Failure, MemberFilter, Reach, Store};
use crate::app::read::{Opened, open, require_version};
use crate::domain::command::{Action, AddMember, ChangeRoles, LeaveOrganization, RemoveMember, TransferOwnership};
use crate::domain::denial::{Denial, Reason};
use crate::domain::email::Email;
use crate::domain::id::{MembershipId, OrganizationId, UserId};
use crate::domain::membership::{Membership, permissions_of};
use crate::domain::permission::Permission;
use crate::domain::resolve::resolve;
use crate::domain::role::{Role, Roles};
use crate::domain::text::Name;
use crate::domain::time::Timestamp;
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::Call;
use crate::wire::present;
use crate::wire::query::Cursors;
use serde_json::{Value, json};

/// The most roles of a member, and permissions in a check.
const MOST: usize = 100;

/// `GET /v1/organizations/{org}/members`
pub async fn list<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let user = &call.principal()?.user_id;
    let query = call.query(&["role", "limit", "cursor"])?;
    let role = query.read("role", Role::parse)?;
    let context = ["members", user.as_str(), role.map_or("", Role::as_str)];
    let cursors = Cursors::new(&call.app.config.keys, &context);
    let (place, limit) = (cursors.read(&query, place)?, query.limit()?);
    let after = place.map(|(_, at, id)| (at, id));
    let filter = MemberFilter { role, after, limit: limit.saturating_add(1) };
    let found = call.app.store.members(&Reach::of(user, &call.hints), &filter).await?;
    let opened = open(found, &call.hints, Permission::MemberRead, call.freshness)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    require_own_cursor(place.map(|(organization, ..)| organization), &opened.affiliation)?;
    let position = |row: &Membership| json!([row.organization, row.joined_at, row.id]);
    let page = cursors.page(opened.rows, limit, position, |row| present::member(row, &opened.affiliation.owner));
    Ok(Answer::json(200, &page).at_version(opened.affiliation.version))
}

fn place(value: &Value) -> Option<(OrganizationId, Timestamp, MembershipId)> {
    serde_json::from_value(value.clone()).ok()
}

/// `GET /v1/organizations/{org}/members/{user}`
pub async fn read<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, user: &str) -> Result<Answer, Failure> {
    let caller = &call.principal()?.user_id;
    call.query(&[])?;
    let opened = member(call, &named(caller, user)?).await?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let membership = opened.rows.ok_or(Reason::NotFound)?;
    let shown = present::member(&membership, &opened.affiliation.owner);
    Ok(Answer::json(200, &shown).at_version(opened.affiliation.version))
}

async fn member<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    user: &UserId,
) -> Result<Opened<Option<Membership>>, Failure> {
    let reach = Reach::of(&call.principal()?.user_id, &call.hints);
    let found = call.app.store.member(&reach, user).await?;
    Ok(open(found, &call.hints, Permission::MemberRead, call.freshness)?)
}

/// The user that a path names: `me` is the caller; what is no user id names nobody.
fn named(caller: &UserId, text: &str) -> Result<UserId, Denial> {
    if text == "me" {
        return Ok(caller.clone());
    }
    UserId::parse(text).map_err(|_| Reason::NotFound.into())
}

/// `POST /v1/organizations/{org}/members`
pub async fn add<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, name: &str) -> Result<Answer, Failure> {
    call.principal()?;
    let query = call.query(&["ifAbsent"])?;
    let if_absent = query.word("ifAbsent", &["true", "false"])? == Some("true");
    let mut fields = Fields::of(call.request)?;
    let action = AddMember {
        membership: Mint::new(call.app.entropy, call.app.now).membership()?,
        user: fields.text("userId", UserId::parse)?,
        email: fields.maybe_text("email", Email::parse)?,
        name: fields.maybe_text("name", Name::parse)?,
        roles: roles(&mut fields)?.unwrap_or_else(Roles::member),
        if_absent,
    };
    fields.end()?;
    call.command_within(name, action.into(), None).await
}

/// The field `roles`, if it is there.
pub fn roles(fields: &mut Fields) -> Result<Option<Roles>, Denial> {
    let names = fields.maybe_texts("roles", MOST)?;
    names.map(|names| Roles::parse(&names)).transpose().map_err(|denial| denial.at("roles"))
}

/// `PATCH /v1/organizations/{org}/members/{user}`
pub async fn change<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    name: &str,
    user: &str,
) -> Result<Answer, Failure> {
    let user = named(&call.principal()?.user_id, user)?;
    call.query(&[])?;
    let mut fields = Fields::of(call.request)?;
    let roles =
        roles(&mut fields)?.ok_or_else(|| Denial::about(Reason::MissingField, "roles", "`roles` is missing"))?;
    fields.end()?;
    call.command_within(name, ChangeRoles { user, roles }.into(), None).await
}

/// `DELETE /v1/organizations/{org}/members/{user}`
pub async fn remove<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    name: &str,
    user: &str,
) -> Result<Answer, Failure> {
    let caller = &call.principal()?.user_id;
    call.query(&[])?;
    let user = named(caller, user)?;
    Fields::optional_of(call.request)?.end()?;
    let action: Action = if user == *caller { LeaveOrganization {}.into() } else { RemoveMember { user }.into() };
    call.command_within(name, action, None).await
}

/// `POST /v1/organizations/{org}/transfer`
pub async fn transfer<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, name: &str) -> Result<Answer, Failure> {
    call.principal()?;
    call.query(&[])?;
    let mut fields = Fields::of(call.request)?;
    let action = TransferOwnership { to: fields.text("userId", UserId::parse)? };
    fields.end()?;
    call.command_within(name, action.into(), None).await
}

/// `POST /v1/organizations/{org}/check`: what the caller, or another member, may do.
pub async fn check<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let caller = call.principal()?.user_id.clone();
    call.query(&[])?;
    let mut fields = Fields::of(call.request)?;
    let wanted = fields.maybe_texts("permissions", MOST)?;
    let wanted =
        wanted.ok_or_else(|| Denial::about(Reason::MissingField, "permissions", "`permissions` is missing"))?;
    if wanted.is_empty() {
        // Nothing asked for would be allowed to anybody.
        return Err(Denial::about(Reason::InvalidValue, "permissions", "ask for at least one permission").into());
    }
    let wanted: Result<Vec<Permission>, Denial> = wanted.iter().map(|text| Permission::parse(text)).collect();
    let wanted = wanted.map_err(|denial| denial.at("permissions"))?;
    let other = fields.maybe_text("userId", UserId::parse)?.filter(|user| *user != caller);
    fields.end()?;
    let (roles, version) = match other {
        None => own_roles(call).await?,
        Some(user) => member_roles(call, &user).await?,
    };
    let decisions: Vec<Value> = wanted.iter().map(|permission| decision(*permission, &roles)).collect();
    let allowed = wanted.iter().all(|permission| permissions_of(&roles).contains(*permission));
    Ok(Answer::json(200, &json!({ "allowed": allowed, "decisions": decisions, "version": version }))
        .at_version(version))
}

async fn own_roles<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<(Vec<Role>, u64), Failure> {
    let seen = call.app.seen(Some(call.principal()?), &call.hints, call.freshness).await?;
    let mine = resolve(&call.hints, &seen).require()?;
    require_version(mine.version, call.freshness)?;
    Ok((mine.roles.clone(), mine.version))
}

/// Rule: whoever is not a member may do nothing; that is an answer, not an error.
async fn member_roles<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    user: &UserId,
) -> Result<(Vec<Role>, u64), Failure> {
    let opened = member(call, user).await?;
    let owner = &opened.affiliation.owner;
    let roles =
        opened.rows.map(|found| if found.user == *owner { vec![Role::Owner] } else { found.roles.iter().collect() });
    Ok((roles.unwrap_or_default(), opened.affiliation.version))
}

/// A decision explains itself: which role granted it, or what is missing.
fn decision(permission: Permission, roles: &[Role]) -> Value {
    let granting = roles.iter().find(|role| role.permissions().contains(permission));
    match granting {
        Some(role) => {
            json!({ "permission": permission.as_str(), "allowed": true, "code": "granted_by_role", "grantedBy": role })
        }
        None if roles.is_empty() => {
            json!({ "permission": permission.as_str(), "allowed": false, "code": "not_a_member", "missing": permission.as_str() })
        }
        None => {
            json!({ "permission": permission.as_str(), "allowed": false, "code": "permission_denied", "missing": permission.as_str() })
        }
    }
}
