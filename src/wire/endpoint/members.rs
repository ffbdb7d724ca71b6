//! Members and checks.

use super::invitations::require_own_cursor;
use super::organizations::moved;
use super::team_members;
use crate::app::mint::Mint;
use crate::app::ports::{Affiliated, Cache, Entropy, Failure, MemberFilter, MemberSort, Placed, Store};
use crate::app::read::{Opened, require_version};
use crate::domain::check::{Decided, decide};
use crate::domain::command::{AddMember, LeaveOrganization, RemoveMember, UpdateMember};
use crate::domain::denial::{Denial, Reason};
use crate::domain::email::Email;
use crate::domain::id::{MembershipId, OrganizationId, TeamId, UserId};
use crate::domain::membership::{MemberKind, MembershipState};
use crate::domain::permission::Permission;
use crate::domain::resolve::{Affiliation, resolve};
use crate::domain::role::{RoleKey, Roles};
use crate::domain::text::{Name, Title};
use crate::domain::time::Timestamp;
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::{Call, Wanted};
use crate::wire::present;
use crate::wire::query::{Cursors, Query, searched};
use serde_json::json;

/// The most roles of a member, and permissions in a check.
const MOST: usize = 100;

/// `GET /v1/organizations/{org}/members`
pub async fn list<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let user = &call.principal()?.user_id;
    let query = call.query(&["role", "state", "team", "q", "sort", "limit", "cursor"])?;
    let filter = filter(&query)?;
    let context = [
        "members",
        user.as_str(),
        &format!("{:?}", (&filter.role, filter.state, filter.team, &filter.search, filter.sort)),
    ];
    let cursors = Cursors::new(&call.app.config.keys, &context);
    let (place, limit) = (cursors.place::<(OrganizationId, String, MembershipId)>(&query)?, query.limit()?);
    let after = place.as_ref().map(|(_, key, id)| (key.clone(), *id));
    let filter = MemberFilter { after, limit: limit.saturating_add(1), ..filter };
    let found = call.app.store.members(&call.reach()?, &filter).await?;
    let opened = call.open_rows(found, Permission::MemberRead)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    if let Some(team) = filter.team {
        require_team(call, team).await?;
    }
    if let Some(role) = filter.role.as_ref().filter(|role| opened.rows.is_empty() && !role.is_built_in()) {
        require_role(call, role).await?;
    }
    require_own_cursor(place.map(|(organization, ..)| organization), &opened.affiliation)?;
    let position = |row: &Placed| json!([row.member.organization, row.key, row.member.id]);
    let shown = |row: &Placed| present::member(&row.member, &opened.affiliation.owner);
    let page = cursors.page(opened.rows, limit, position, shown);
    Ok(Answer::json(200, &page).at_version(opened.affiliation.version))
}

/// Rule: a team that does not exist is an error, never a list of nobody, and who may not see a team does not
/// see who is in it.
async fn require_team<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, team: TeamId) -> Result<(), Failure> {
    let found = call.app.store.teams(&call.reach()?, &[call.principal()?.user_id.clone()]).await?;
    let opened = call.open_inside(found)?;
    let allowed = super::teams::require(call.catalog(), &opened.rows, (&opened.affiliation, team));
    Ok(allowed.map_err(|denial| denial.at("team"))?)
}

/// Rule: a role that does not exist is an error, never a list of nobody. Asked only when nobody holds it.
async fn require_role<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, role: &RoleKey) -> Result<(), Failure> {
    let found = call.app.store.roles(&call.reach()?).await?;
    let opened = call.open_rows(found, Permission::MemberRead)?;
    let is_own = opened.rows.own.iter().any(|known| known.key == *role);
    if is_own || opened.rows.held.contains(role) || call.catalog().roles().get(role).is_some() {
        return Ok(());
    }
    Err(Denial::about(Reason::UnknownRole, "role", format!("there is no role `{role}`")).into())
}

fn filter(query: &Query) -> Result<MemberFilter, Denial> {
    let search = query.read("q", searched)?;
    let sort = match query.word("sort", &["joined", "name"])? {
        Some("name") => MemberSort::Name,
        _ => MemberSort::Joined,
    };
    let (role, state) = (query.read("role", RoleKey::parse)?, query.read("state", MembershipState::parse)?);
    let team = query.read("team", TeamId::parse_given)?;
    Ok(MemberFilter { role, state, team, search, sort, after: None, limit: 0 })
}

/// `GET /v1/organizations/{org}/members/{user}`
pub async fn read<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, user: &str) -> Result<Answer, Failure> {
    let caller = &call.principal()?.user_id;
    call.query(&[])?;
    let opened = member(call, &named(caller, user)?).await?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let membership = opened.rows.ok_or(Reason::NotFound)?.membership;
    let shown = present::member(&membership, &opened.affiliation.owner);
    Ok(Answer::json(200, &shown).at_version(opened.affiliation.version))
}

async fn member<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    user: &UserId,
) -> Result<Opened<Option<Affiliated>>, Failure> {
    let reach = call.reach()?;
    let found = call.app.store.member(&reach, user).await?;
    Ok(call.open_rows(found, Permission::MemberRead)?)
}

/// The user that a path names: `me` is the caller; what is no user id names nobody.
pub fn named(caller: &UserId, text: &str) -> Result<UserId, Denial> {
    if text == "me" {
        return Ok(caller.clone());
    }
    UserId::parse(text).map_err(|_| Reason::NotFound.into())
}

/// The user that a parameter names: `me` is the caller.
///
/// # Errors
/// `user_id_invalid`.
pub fn named_in_query(caller: &UserId, text: &str) -> Result<UserId, Denial> {
    if text == "me" { Ok(caller.clone()) } else { UserId::parse(text) }
}

/// `POST /v1/organizations/{org}/members`
pub fn add<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    call.principal()?;
    let query = call.query(&["ifAbsent"])?;
    let if_absent = query.word("ifAbsent", &["true", "false"])? == Some("true");
    let mut fields = Fields::of(call.request)?;
    let action = AddMember {
        membership: Mint::new(call.app.entropy, call.app.now).membership()?,
        user: fields.text("userId", UserId::parse_external)?,
        email: fields.maybe_text("email", Email::parse)?,
        name: fields.maybe_text("name", Name::parse)?,
        roles: roles(&mut fields)?.unwrap_or_else(Roles::member),
        kind: fields.maybe_text("kind", MemberKind::parse)?.unwrap_or_default(),
        title: fields.maybe_text("title", Title::parse)?,
        until: fields.maybe_text("until", Timestamp::parse)?,
        if_absent,
    };
    fields.end()?;
    Ok(action.into())
}

/// The field `roles`, if it is there.
pub fn roles(fields: &mut Fields) -> Result<Option<Roles>, Denial> {
    let names = fields.maybe_texts("roles", MOST)?;
    names.map(|names| Roles::parse(&names)).transpose().map_err(|denial| denial.at("roles"))
}

/// `PATCH /v1/organizations/{org}/members/{user}`
pub fn change<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, user: &str) -> Result<Wanted, Failure> {
    let caller = &call.principal()?.user_id;
    call.query(&[])?;
    let user = named(caller, user)?;
    let mut fields = Fields::of(call.request)?;
    fields.refuse_null(&["roles", "state"])?;
    fields.require_any(&["roles", "title", "state", "until"])?;
    let action = UpdateMember {
        user,
        roles: roles(&mut fields)?,
        title: fields.change("title", Title::parse)?,
        state: fields.maybe_text("state", MembershipState::parse)?,
        until: fields.change("until", Timestamp::parse)?,
    };
    fields.end()?;
    Ok(action.into())
}

/// `DELETE /v1/organizations/{org}/members/{user}`
pub fn remove<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, user: &str) -> Result<Wanted, Failure> {
    let caller = &call.principal()?.user_id;
    call.query(&[])?;
    let user = named(caller, user)?;
    let mut fields = Fields::optional_of(call.request)?;
    let successor = fields.maybe_text("successor", UserId::parse)?;
    fields.end()?;
    if user == *caller {
        return Ok(LeaveOrganization { successor }.into());
    }
    if successor.is_some() {
        let rule = "a successor is named by an owner who leaves, not where somebody else is removed";
        return Err(Denial::about(Reason::InvalidValue, "successor", rule).into());
    }
    Ok(RemoveMember { user }.into())
}

/// `POST /v1/organizations/{org}/check`: what the caller, or another member, may do.
pub async fn check<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let caller = call.principal()?.user_id.clone();
    call.query(&[])?;
    call.require_real()?;
    let mut fields = Fields::of(call.request)?;
    let wanted = fields.maybe_texts("permissions", MOST)?;
    let wanted =
        wanted.ok_or_else(|| Denial::about(Reason::MissingField, "permissions", "`permissions` is missing"))?;
    if wanted.is_empty() {
        // Nothing asked for would be allowed to anybody.
        return Err(Denial::about(Reason::InvalidValue, "permissions", "ask for at least one permission").into());
    }
    let catalog = call.catalog();
    let wanted: Result<Vec<Permission>, Denial> = wanted.iter().map(|text| catalog.parse(text)).collect();
    let wanted = wanted.map_err(|denial| denial.at("permissions"))?;
    let other = fields.maybe_text("userId", UserId::parse)?.filter(|user| *user != caller);
    let team = fields.maybe_text("team", TeamId::parse_given)?;
    fields.end()?;
    if let Some(team) = team {
        return team_members::check(call, &wanted, (other, team)).await;
    }
    let (found, version) = match other {
        None => own(call).await?,
        Some(user) => others(call, &user).await?,
    };
    let decisions: Vec<Decided<'_>> = wanted.iter().map(|wanted| decide(*wanted, found.as_ref(), catalog)).collect();
    Ok(team_members::present_decisions(&decisions, version))
}

async fn own<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<(Option<Affiliation>, u64), Failure> {
    let seen = call.app.seen(Some(call.principal()?), &call.hints, call.freshness).await?;
    let mine = resolve(&call.hints, &seen).require()?;
    mine.unmet.require_none()?;
    require_version(mine.version, call.freshness)?;
    Ok((Some(mine.clone()), mine.version))
}

/// Rule: whoever is not a member may do nothing; that is an answer, not an error.
async fn others<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    user: &UserId,
) -> Result<(Option<Affiliation>, u64), Failure> {
    let opened = member(call, user).await?;
    let affiliation = opened.rows.map(|found| found.affiliation).filter(|found| found.lasts(call.app.now));
    Ok((affiliation, opened.affiliation.version))
}
