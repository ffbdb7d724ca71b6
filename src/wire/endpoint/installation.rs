//! What an operator's back end asks across organizations.
//!
//! Owns one function for each question. Each begins with the scope that the caller needs.

use crate::app::installation::EnlistedPlace;
use crate::app::ports::{
    Cache, Entropy, Failure, InstallationFilter, OrganizationPlace, PlacedOrganization, Positioned, Store, UserQuery,
    Wanted,
};
use crate::domain::denial::{Denial, Reason};
use crate::domain::email::Email;
use crate::domain::id::{OrganizationId, UserId};
use crate::wire::answer::Answer;
use crate::wire::call::Call;
use crate::wire::operator::OperatorScope;
use crate::wire::present::{self, installation};
use crate::wire::query::{Cursors, Query, position, searched};
use serde_json::json;

/// `GET /v1/organizations?all=true`
pub async fn organizations<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    query: &Query,
) -> Result<Answer, Failure> {
    let user = call.require_operator(OperatorScope::Read)?.user_id.clone();
    let include = query.get("include").unwrap_or_default();
    let q = query.get("q").unwrap_or_default();
    let cursors = Cursors::new(&call.app.config.keys, &["all-organizations", user.as_str(), include, q]);
    let (after, limit) = (cursors.place::<OrganizationPlace>(query)?, query.limit()?);
    let filter = InstallationFilter {
        wanted: query.read("q", wanted)?.unwrap_or(Wanted::All),
        inactive: include.contains("inactive"),
        deleted: include.contains("deleted"),
        after,
        limit: limit.saturating_add(1),
    };
    let mut rows = call.app.store.all_organizations(&filter).await?;
    let next = cursors.cut(&mut rows, limit, |row: &PlacedOrganization| json!(row.place()));
    Ok(Answer::json(200, &installation::organizations(&rows, next)))
}

/// What is whole an id is one; everything else is words.
fn wanted(text: &str) -> Result<Wanted, Denial> {
    match OrganizationId::try_from(text.trim().to_owned()) {
        Ok(id) => Ok(Wanted::Id(id)),
        Err(_) => searched(text).map(Wanted::Search),
    }
}

/// `GET /v1/users?q=`
pub async fn users<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let caller = call.require_operator(OperatorScope::Read)?.user_id.clone();
    let query = call.query(&["q", "limit", "cursor"])?;
    let q = query.get("q").ok_or_else(|| Denial::about(Reason::MissingField, "q", "say whom to look for"))?;
    let wanted = user_query(q)?;
    let cursors = Cursors::new(&call.app.config.keys, &["users", caller.as_str(), q]);
    let (after, limit) = (cursors.place::<EnlistedPlace>(&query)?, query.limit()?);
    let (rows, more) = call.app.find_users(&wanted, after.as_ref(), limit).await?;
    let last = rows.last().filter(|_| more);
    let next = last.map(|row| cursors.seal(&json!([row.membership.user, row.membership.organization])));
    Ok(Answer::json(200, &installation::users(&rows, next)))
}

/// A text can be an id and an address at once. Rule: an internal id is no user's.
fn user_query(text: &str) -> Result<UserQuery, Denial> {
    let id = UserId::parse(text).ok().filter(|id| !id.is_internal());
    let query = UserQuery { id, email: Email::parse(text).ok() };
    if query == UserQuery::default() {
        return Err(Denial::about(Reason::InvalidValue, "q", "`q` is a user's id or a whole address"));
    }
    Ok(query)
}

/// `GET /v1/events`: events of all organizations, in the one order in which they were committed.
pub async fn events<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let user = call.require_operator(OperatorScope::Read)?.user_id.clone();
    let query = call.query(&["after", "limit", "cursor"])?;
    let after = query.read("after", position)?.unwrap_or(0);
    let cursors = Cursors::new(&call.app.config.keys, &["all-events", user.as_str(), &after.to_string()]);
    let (place, limit) = (cursors.place::<[u64; 1]>(&query)?, query.limit()?);
    let from = place.map_or(after, |[place]| place);
    let feed = call.app.store.feed(from, limit.saturating_add(1)).await?;
    let shown = |event: &Positioned| {
        let recorded = present::event::recorded(&event.recorded);
        present::with(recorded, "position", json!(event.position))
    };
    let page = cursors.page(feed.events, limit, |event| json!([event.position]), shown);
    Ok(Answer::json(200, &present::with(page, "lastPosition", json!(feed.last_position))))
}

/// `GET /v1/operations`: whether mails, webhooks and the clock do their work.
pub async fn operations<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    call.require_operator(OperatorScope::Read)?;
    call.query(&[])?;
    Ok(Answer::json(200, &installation::operations(&call.app.store.operations().await?)))
}
