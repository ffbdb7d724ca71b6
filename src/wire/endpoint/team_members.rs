//! Who is in a team, and what may be done there.

use super::invitations::require_own_cursor;
use super::members::{named, roles};
use super::organizations::moved;
use super::teams::require;
use crate::app::ports::{Cache, Entropy, Failure, Store, TeamMemberFilter, TeamRow};
use crate::app::read::require_version;
use crate::domain::check::{Decided, decide_standing};
use crate::domain::command::{PutTeamMember, RemoveTeamMember};
use crate::domain::denial::{Denial, Reason};
use crate::domain::id::{OrganizationId, TeamId, UserId};
use crate::domain::membership::MembershipState;
use crate::domain::permission::Permission;
use crate::domain::resolve::{Affiliation, resolve};
use crate::domain::team::Standing;
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::{Call, Wanted};
use crate::wire::present;
use crate::wire::query::Cursors;
use serde_json::json;

/// `GET /v1/organizations/{org}/teams/{team}/members`
pub async fn list<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, team: &str) -> Result<Answer, Failure> {
    let user = &call.principal()?.user_id;
    let query = call.query(&["limit", "cursor"])?;
    let cursors = Cursors::new(&call.app.config.keys, &["team members", user.as_str(), team]);
    let (place, limit) = (cursors.place::<(OrganizationId, UserId)>(&query)?, query.limit()?);
    let id = TeamId::parse(team)?;
    let after = place.as_ref().map(|(_, user)| (id, user.clone()));
    let filter = TeamMemberFilter { team: Some(id), after, limit: limit.saturating_add(1) };
    let found = call.app.store.team_members(&call.reach()?, &filter).await?;
    let opened = call.open_inside(found)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let (view, rows) = opened.rows;
    require(call.catalog(), &view, (&opened.affiliation, id))?;
    require_own_cursor(place.map(|(organization, _)| organization), &opened.affiliation)?;
    let position = |row: &TeamRow| json!([row.member.organization, row.member.user]);
    let page = cursors.page(rows, limit, position, present::team::row);
    Ok(Answer::json(200, &page).at_version(opened.affiliation.version))
}

/// `GET /v1/organizations/{org}/teams/{team}/members/{user}`
pub async fn read<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    (team, user): (&str, &str),
) -> Result<Answer, Failure> {
    let caller = &call.principal()?.user_id;
    call.query(&[])?;
    let (id, user) = (TeamId::parse(team)?, named(caller, user)?);
    let found = call.app.store.team_member(&call.reach()?, id, &user).await?;
    let opened = call.open_inside(found)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let (view, row) = opened.rows;
    require(call.catalog(), &view, (&opened.affiliation, id))?;
    let shown = present::team::row(&row.ok_or(Reason::NotFound)?);
    Ok(Answer::json(200, &shown).at_version(opened.affiliation.version))
}

/// `PUT /v1/organizations/{org}/teams/{team}/members/{user}`
pub fn put<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    (team, user): (&str, &str),
) -> Result<Wanted, Failure> {
    let caller = &call.principal()?.user_id;
    call.query(&[])?;
    let (team, user) = (TeamId::parse(team)?, named(caller, user)?);
    let mut fields = Fields::optional_of(call.request)?;
    fields.refuse_null(&["roles"])?;
    let roles = roles(&mut fields)?;
    fields.end()?;
    Ok(PutTeamMember { team, user, roles }.into())
}

/// `DELETE /v1/organizations/{org}/teams/{team}/members/{user}`
pub fn remove<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    (team, user): (&str, &str),
) -> Result<Wanted, Failure> {
    let caller = &call.principal()?.user_id;
    call.query(&[])?;
    let (team, user) = (TeamId::parse(team)?, named(caller, user)?);
    Fields::optional_of(call.request)?.end()?;
    Ok(RemoveTeamMember { team, user }.into())
}

/// `POST /v1/organizations/{org}/check` with `team`: what the caller, or another member, may do there.
pub async fn check<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    wanted: &[Permission],
    (other, id): (Option<UserId>, TeamId),
) -> Result<Answer, Failure> {
    let caller = call.principal()?.user_id.clone();
    let own = other.is_none();
    let user = other.clone().unwrap_or_else(|| caller.clone());
    let found = call.app.store.teams(&call.reach()?, &[caller, user.clone()]).await?;
    if other.is_none()
        && let Some(answer) = suspended(call, &found.seen, wanted)?
    {
        return Ok(answer);
    }
    let opened = match other {
        Some(_) => call.open_rows(found, Permission::MemberRead)?,
        None => call.open_inside(found)?,
    };
    let there = opened.rows.teams.contains_key(&id);
    there.then_some(()).ok_or_else(|| Denial::from(Reason::NotFound).at("team"))?;
    let others = opened.rows.members.iter().find(|found| found.membership.user == user);
    let others = others.map(|found| &found.affiliation).filter(|found| found.lasts(call.app.now));
    let member = if own { Some(opened.affiliation.as_ref()) } else { others };
    let standing = member.and_then(|member| opened.rows.standing(call.catalog(), member, id)).unwrap_or_default();
    Ok(answer(call, wanted, (member, &standing), opened.affiliation.version))
}

/// Rule: whoever is suspended may do nothing in any team, and does not learn which there are.
fn suspended<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    seen: &crate::domain::resolve::Seen,
    wanted: &[Permission],
) -> Result<Option<Answer>, Denial> {
    let resolution = resolve(&call.hints, seen);
    let mine = resolution.require()?;
    if mine.membership_state == MembershipState::Active {
        return Ok(None);
    }
    require_version(mine.version, call.freshness)?;
    Ok(Some(answer(call, wanted, (Some(mine), &Standing::default()), mine.version)))
}

fn answer<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    wanted: &[Permission],
    (member, standing): (Option<&Affiliation>, &Standing),
    version: u64,
) -> Answer {
    let decided = |wanted: &Permission| decide_standing(*wanted, member, standing, call.catalog());
    let decisions: Vec<Decided<'_>> = wanted.iter().map(decided).collect();
    present_decisions(&decisions, version)
}

/// The answer to a check.
pub fn present_decisions(decisions: &[Decided<'_>], version: u64) -> Answer {
    let allowed = decisions.iter().all(|decision| decision.allowed);
    let body = json!({ "allowed": allowed, "decisions": decisions, "version": version });
    Answer::json(200, &body).at_version(version)
}
