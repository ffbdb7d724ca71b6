//! The audit log: its events, as pages and as lines, and whether it is what was written.

use super::invitations::require_own_cursor;
use super::organizations::moved;
use crate::app::audit::{Checkpoint, Verification};
use crate::app::ports::{AuditFilter, Cache, Entropy, Failure, Recorded, Store};
use crate::app::read::Opened;
use crate::domain::audit::EntryHash;
use crate::domain::denial::{Denial, Reason, echo};
use crate::domain::event::Event;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::permission::Permission;
use crate::domain::time::Timestamp;
use crate::wire::answer::Answer;
use crate::wire::call::Call;
use crate::wire::present;
use crate::wire::query::{Cursors, Query, version};
use serde_json::{Value, json};

/// What both lists take.
const PARAMETERS: [&str; 8] = ["after", "actor", "type", "since", "until", "order", "limit", "cursor"];

/// How many lines one answer of an export has when nothing is said, and at most.
const LINES: u32 = 1000;

/// `GET /v1/organizations/{org}/events`
pub async fn list<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let query = call.query(&PARAMETERS)?;
    let (cursors, limit) = (cursors(call, &query)?, query.limit()?);
    let opened = read(call, &query, &cursors, limit).await?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let page = cursors.page(opened.rows, limit, position, present::event::recorded);
    Ok(Answer::json(200, &page).at_version(opened.affiliation.version))
}

/// `GET /v1/organizations/{org}/events/export`: the same as lines of JSON. Where there are more, the
/// headers say how to go on.
pub async fn export<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let query = call.query(&PARAMETERS)?;
    let (cursors, limit) = (cursors(call, &query)?, query.limit_up_to(LINES, LINES)?);
    let mut opened = read(call, &query, &cursors, limit).await?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let next = cursors.cut(&mut opened.rows, limit, position);
    let lines: Vec<Value> = opened.rows.iter().map(present::event::recorded).collect();
    let answer = Answer::lines(&lines).at_version(opened.affiliation.version);
    Ok(next.into_iter().fold(answer, |answer, cursor| answer.with("guildhall-next-cursor", cursor)))
}

async fn read<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    query: &Query,
    cursors: &Cursors<'_>,
    limit: u32,
) -> Result<Opened<Vec<Recorded>>, Failure> {
    let place = cursors.place::<(OrganizationId, u64, u32)>(query)?;
    let filter = AuditFilter {
        place: place.map(|(_, seq, index)| (seq, index)),
        limit: limit.saturating_add(1),
        ..filter(query)?
    };
    let found = call.app.store.events(&call.reach()?, &filter).await?;
    let opened = call.open_rows(found, Permission::AuditRead)?;
    require_own_cursor(place.map(|(organization, ..)| organization), &opened.affiliation)?;
    Ok(opened)
}

/// A cursor belongs to a caller and to everything that the list is filtered by.
fn cursors<'a, S: Store, C: Cache, E: Entropy>(
    call: &'a Call<'_, S, C, E>,
    query: &Query,
) -> Result<Cursors<'a>, Denial> {
    let user = call.principal()?.user_id.as_str();
    let filters = PARAMETERS.iter().filter(|name| !["limit", "cursor"].contains(*name));
    let values = filters.map(|name| query.get(name).unwrap_or_default());
    let context: Vec<&str> = ["events", user].into_iter().chain(values).collect();
    Ok(Cursors::new(&call.app.config.keys, &context))
}

fn filter(query: &Query) -> Result<AuditFilter, Denial> {
    Ok(AuditFilter {
        actor: query.read("actor", UserId::parse)?,
        kind: query.read("type", kind)?,
        since: query.read("since", Timestamp::parse)?,
        until: query.read("until", Timestamp::parse)?,
        after: query.read("after", version)?.unwrap_or(0),
        newest: query.word("order", &["oldest", "newest"])? == Some("newest"),
        ..AuditFilter::default()
    })
}

fn kind(text: &str) -> Result<String, Denial> {
    if Event::NAMES.contains(&text) {
        return Ok(text.to_owned());
    }
    Err(Denial::because(Reason::InvalidValue, format!("there is no event `{}`", echo(text))))
}

fn position(event: &Recorded) -> Value {
    json!([event.organization, event.seq, event.index])
}

/// `GET /v1/organizations/{org}/events/verify`
pub async fn verify<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    call.principal()?;
    let query = call.query(&["after", "hash"])?;
    let from = Checkpoint { after: query.read("after", version)?.unwrap_or(0), hash: query.read("hash", hash)? };
    if from.hash.is_some() && query.get("after").is_none() {
        return Err(Denial::about(Reason::MissingField, "after", "say which entry had the hash").into());
    }
    let opened = call.app.verify_log(&call.reach()?, &call.hints, call.freshness, from).await?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let whole = opened.rows.broken.is_none();
    Ok(Answer::json(200, &verification(&opened.rows)).at_version_with(opened.rows.version, whole))
}

fn hash(text: &str) -> Result<EntryHash, Denial> {
    let rule = "a hash has 64 lower-case hexadecimal digits";
    EntryHash::parse(text).ok_or_else(|| Denial::because(Reason::InvalidValue, rule))
}

fn verification(found: &Verification) -> Value {
    json!({
        "valid": found.broken.is_none(),
        "complete": found.complete,
        "entries": found.entries,
        "chainedFrom": found.chained_from,
        "checkedTo": found.checked_to,
        "head": found.head,
        "version": found.version,
        "brokenAt": found.broken.map(|broken| broken.at),
        "reason": found.broken.map(|broken| broken.reason.as_str()),
    })
}
