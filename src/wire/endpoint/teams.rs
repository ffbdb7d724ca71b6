//! Teams.

use super::members::named_in_query;
use super::organizations::moved;
use crate::app::mint::Mint;
use crate::app::ports::{Cache, Entropy, Failure, Store, TeamView};
use crate::app::read::Opened;
use crate::domain::command::{CreateTeam, DeleteTeam, UpdateTeam};
use crate::domain::denial::{Denial, Reason};
use crate::domain::id::TeamId;
use crate::domain::order::sort_by_key;
use crate::domain::permission::{Catalog, Permission, PermissionSet};
use crate::domain::resolve::Affiliation;
use crate::domain::team::Team;
use crate::domain::text::Name;
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::{Call, Wanted};
use crate::wire::present;
use crate::wire::query::page;
use serde_json::Value;

/// `GET /v1/organizations/{org}/teams`: those that the caller may see, by name; with `userId` those that
/// somebody is in.
pub async fn list<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let caller = call.principal()?.user_id.clone();
    let query = call.query(&["userId"])?;
    let user = query.read("userId", |text| named_in_query(&caller, text))?;
    let asked = [Some(caller), user.clone()].into_iter().flatten().collect::<Vec<_>>();
    let found = call.app.store.teams(&call.reach()?, &asked).await?;
    let opened = call.open_inside(found)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let held = user.as_ref().map(|user| opened.rows.held.get(user).cloned().unwrap_or_default());
    let mut shown = visible(&opened, call.catalog())?;
    shown.retain(|team| held.as_ref().is_none_or(|held| held.contains_key(&team.id)));
    sort_by_key(&mut shown, |team| (team.name.sort_key(), team.id));
    let data: Vec<Value> = shown.into_iter().map(present::team::team).collect();
    let version = opened.affiliation.version;
    Ok(Answer::json(200, &page(data, None)).at_version(version))
}

/// Rule: whoever may see teams nowhere is refused; others see those that they may.
fn visible<'a>(opened: &'a Opened<TeamView>, catalog: &Catalog) -> Result<Vec<&'a Team>, Denial> {
    let (view, member) = (&opened.rows, &opened.affiliation);
    let seen = |team: &&Team| require(catalog, view, (member, team.id)).is_ok();
    let shown: Vec<&Team> = view.teams.values().filter(seen).collect();
    if shown.is_empty() {
        require_read(catalog, member.powers(catalog).permissions())?;
    }
    Ok(shown)
}

/// Refuses whoever may not see a team.
///
/// # Errors
/// `not_found` for a team that does not exist, `permission_denied`.
pub fn require(catalog: &Catalog, view: &TeamView, (member, team): (&Affiliation, TeamId)) -> Result<(), Denial> {
    let standing = view.standing(catalog, member, team).ok_or(Reason::NotFound)?;
    require_read(catalog, standing.permissions())
}

fn require_read(catalog: &Catalog, held: PermissionSet) -> Result<(), Denial> {
    catalog.require(held, PermissionSet::of(&[Permission::TeamRead]), Reason::PermissionDenied)
}

/// `GET /v1/organizations/{org}/teams/{team}`
pub async fn read<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, team: &str) -> Result<Answer, Failure> {
    let caller = call.principal()?.user_id.clone();
    call.query(&[])?;
    let found = call.app.store.teams(&call.reach()?, &[caller]).await?;
    let opened = call.open_inside(found)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let id = TeamId::parse(team)?;
    require(call.catalog(), &opened.rows, (&opened.affiliation, id))?;
    let shown = opened.rows.teams.get(&id).map(present::team::team).ok_or(Reason::NotFound)?;
    Ok(Answer::json(200, &shown).at_version(opened.affiliation.version))
}

/// `POST /v1/organizations/{org}/teams`
pub fn create<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    let mut fields = call.body()?;
    let action = CreateTeam {
        team: Mint::new(call.app.entropy, call.app.now).team()?,
        name: fields.text("name", Name::parse)?,
        parent: fields.maybe_text("parentId", TeamId::parse_given)?,
    };
    fields.end()?;
    Ok(action.into())
}

/// `PATCH /v1/organizations/{org}/teams/{team}`: `parentId` moves it, null to the top.
pub fn update<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, team: &str) -> Result<Wanted, Failure> {
    let mut fields = call.body()?;
    fields.refuse_null(&["name"])?;
    fields.require_any(&["name", "parentId"])?;
    let action = UpdateTeam {
        team: TeamId::parse(team)?,
        name: fields.maybe_text("name", Name::parse)?,
        parent: fields.change("parentId", TeamId::parse_given)?,
    };
    fields.end()?;
    Ok(action.into())
}

/// `DELETE /v1/organizations/{org}/teams/{team}`: with `cascade=true` the teams below it end too.
pub fn delete<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, team: &str) -> Result<Wanted, Failure> {
    call.principal()?;
    let query = call.query(&["cascade"])?;
    let cascade = query.word("cascade", &["true", "false"])? == Some("true");
    Fields::optional_of(call.request)?.end()?;
    let action = DeleteTeam { team: TeamId::parse(team)?, cascade };
    Ok(action.into())
}
