//! The audit log, read: single events by index, and entries in a row.

use super::executor::{Executor, Param};
use super::shape::inside;
use super::{Decoder, SqlStore};
use crate::app::ports::{AuditFilter, LogPart, Reach, Recorded, Tenant, Unavailable};
use crate::domain::audit::{AuditEntry, EntryHash};
use crate::domain::time::Timestamp;
use serde::Deserialize;

/// No entry has a greater number: integers stay below 2^53.
const END: u64 = 9_007_199_254_740_991;

/// Events of the entries that `$from` leads to. A span of time is turned into a span of entries first,
/// since times never go back; so each step is a search, and a page costs what it shows.
macro_rules! events {
    ($from:literal, $filter:literal, $behind:literal, $order:literal) => {
        concat!(
            "SELECT json_object('organization', c.organization, 'seq', c.seq, 'index', e.key, 'at', c.at, \
             'actor', c.actor, 'actorKind', c.actor_kind, 'operator', c.operator, 'action', c.action, 'hash', c.hash, \
             'event', json(e.value)) AS j FROM ",
            $from,
            ".organization = ",
            inside!(),
            $filter,
            ".seq >= max(?4, CASE WHEN ?8 IS NULL THEN 0 ELSE COALESCE((SELECT seq FROM commits WHERE organization = ",
            inside!(),
            " AND at >= ?8 ORDER BY at, seq LIMIT 1), 9007199254740991) END)",
            $filter,
            ".seq <= min(?5, CASE WHEN ?9 IS NULL THEN 9007199254740991 ELSE COALESCE((SELECT seq FROM commits \
             WHERE organization = ",
            inside!(),
            " AND at < ?9 ORDER BY at DESC, seq DESC LIMIT 1), 0) END) \
             AND (?8 IS NULL OR c.at >= ?8) AND (?9 IS NULL OR c.at < ?9) \
             AND (?11 IS NULL OR c.actor = ?11) AND (?12 IS NULL OR e.value ->> 'type' = ?12)",
            $behind,
            $order,
            " LIMIT ?10"
        )
    };
}

/// The four ways in, in one order.
macro_rules! ways {
    ($behind:literal, $by_entry:literal, $by_type:literal) => {
        [
            events!("commits c CROSS JOIN json_each(c.events) e WHERE c", " AND c", $behind, $by_entry),
            events!(
                "commits c INDEXED BY commits_by_actor CROSS JOIN json_each(c.events) e WHERE c.actor = ?11 AND c",
                " AND c",
                $behind,
                $by_entry
            ),
            events!(
                "commit_types t CROSS JOIN commits c ON c.organization = t.organization AND c.seq = t.seq \
                 CROSS JOIN json_each(c.events) e WHERE t.type = ?12 AND t",
                " AND t",
                $behind,
                $by_type
            ),
            events!(
                "commit_types t INDEXED BY commit_types_by_actor CROSS JOIN commits c \
                 ON c.organization = t.organization AND c.seq = t.seq CROSS JOIN json_each(c.events) e \
                 WHERE t.actor = ?11 AND t.type = ?12 AND t",
                " AND t",
                $behind,
                $by_type
            ),
        ]
    };
}

const OLDEST: [&str; 4] = ways!(" AND (c.seq > ?6 OR e.key > ?7)", " ORDER BY c.seq, e.key", " ORDER BY t.seq, e.key");
const NEWEST: [&str; 4] =
    ways!(" AND (c.seq < ?6 OR e.key < ?7)", " ORDER BY c.seq DESC, e.key DESC", " ORDER BY t.seq DESC, e.key DESC");

/// Entries in a row, each with the end of the log: one statement, so that both are of one moment.
const LOG: &str = concat!(
    "SELECT json_object('version', o.version, 'head', o.head, 'entry', CASE WHEN c.seq IS NULL THEN NULL ELSE \
     json_object('seq', c.seq, 'at', c.at, 'actor', c.actor, 'actorKind', c.actor_kind, 'operator', c.operator, 'action', c.action, \
     'events', c.events, 'prevHash', c.prev_hash, 'hash', c.hash) END) AS j \
     FROM organizations o INDEXED BY sqlite_autoindex_organizations_1 LEFT JOIN commits c ON c.organization = o.id AND c.seq >= ?4 WHERE o.id = ",
    inside!(),
    " ORDER BY c.seq LIMIT ?5"
);

/// One row of it.
#[derive(Deserialize)]
struct LogRow {
    version: u64,
    head: Option<EntryHash>,
    entry: Option<AuditEntry>,
}

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    let [all, by_actor, by_type, by_both] = OLDEST;
    let [newest, newest_by_actor, newest_by_type, newest_by_both] = NEWEST;
    vec![
        ("list events", all),
        ("list events of an actor", by_actor),
        ("list events of a type", by_type),
        ("list events of an actor and a type", by_both),
        ("list newest events", newest),
        ("list newest events of an actor", newest_by_actor),
        ("list newest events of a type", newest_by_type),
        ("list newest events of an actor and a type", newest_by_both),
        ("read entries of a log", LOG),
    ]
}

impl<X: Executor> SqlStore<X> {
    pub(super) async fn read_events(
        &self,
        reach: &Reach,
        filter: &AuditFilter,
    ) -> Result<Tenant<Vec<Recorded>>, Unavailable> {
        self.tenant(reach, (statement(filter), params(filter)), Decoder::many).await
    }

    pub(super) async fn read_log(&self, reach: &Reach, from: u64, limit: u32) -> Result<Tenant<LogPart>, Unavailable> {
        self.tenant(reach, (LOG, vec![from.into(), limit.into()]), |decoder| Ok(part(decoder.many()?))).await
    }
}

fn part(rows: Vec<LogRow>) -> LogPart {
    let end = rows.first().map(|row| (row.version, row.head.clone()));
    let (version, head) = end.unwrap_or_default();
    LogPart { version, head, entries: rows.into_iter().filter_map(|row| row.entry).collect() }
}

fn statement(filter: &AuditFilter) -> &'static str {
    let [all, by_actor, by_type, by_both] = if filter.newest { NEWEST } else { OLDEST };
    match (&filter.actor, &filter.kind) {
        (None, None) => all,
        (Some(_), None) => by_actor,
        (None, Some(_)) => by_type,
        (Some(_), Some(_)) => by_both,
    }
}

fn params(filter: &AuditFilter) -> Vec<Param> {
    let start = filter.after.saturating_add(1);
    let (first, last, place) = match (filter.place, filter.newest) {
        (None, false) => (start, END, (None, None)),
        (None, true) => (start, END, (Some(END), None)),
        (Some((seq, index)), false) => (start.max(seq), END, (Some(seq), Some(index))),
        (Some((seq, index)), true) => (start, seq, (Some(seq), Some(index))),
    };
    vec![
        first.into(),
        last.into(),
        place.0.unwrap_or(0).into(),
        place.1.map_or(Param::Integer(-1), Param::from),
        filter.since.map(Timestamp::millis).into(),
        filter.until.map(Timestamp::millis).into(),
        filter.limit.into(),
        filter.actor.as_ref().map(|actor| actor.as_str()).into(),
        filter.kind.as_deref().into(),
    ]
}
