//! Reads across organizations, for an operator's back end.
//!
//! Owns one statement for each question, each a walk along one index that ends with the page.

use super::executor::{Executor, Param, Statement};
use super::shape::{membership, organization};
use super::{SqlStore, list};
use crate::app::ports::{
    Backlog, Enlisted, FailingWebhook, Feed, InstallationFilter, InstallationStore, MOST_FAILING, MOST_WAITING,
    Operations, OrganizationPlace, PlacedOrganization, Positioned, Tick, Unavailable, Wanted,
};
use crate::domain::email::Email;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::search::range;
use crate::domain::time::Timestamp;

/// One standing; a page of several is merged from one statement each.
const BY_NAME: &str = concat!(
    "SELECT json_object('key', o.name_key, 'organization', ",
    organization!(),
    ") AS j FROM organizations o INDEXED BY organizations_by_standing \
     WHERE o.standing = ?1 AND (o.name_key, o.id) > (?2, ?3) ORDER BY o.name_key, o.id LIMIT ?4"
);
const BY_ID: &str = concat!(
    "SELECT json_object('key', o.name_key, 'organization', ",
    organization!(),
    ") AS j FROM organizations o WHERE o.id = ?1 AND (o.name_key, o.id) > (?2, ?3) \
     AND o.standing IN (SELECT value FROM json_each(?4))"
);
/// An organization that several words find stands where the first of them does. The longest word that is asked for is
/// looked up; the others are looked for among the words of those that it finds.
const FOUND: &str = concat!(
    "SELECT json_object('key', w.word, 'organization', ",
    organization!(),
    ") AS j FROM organization_words w INDEXED BY organization_words_by_word \
     CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = w.organization \
     WHERE w.word < ?2 AND (w.word, w.organization) > (?3, ?4) \
     AND o.standing IN (SELECT value FROM json_each(?6)) \
     AND NOT EXISTS (SELECT 1 FROM organization_words v WHERE v.organization = w.organization \
     AND v.word >= ?1 AND v.word < w.word) \
     AND NOT EXISTS (SELECT 1 FROM json_each(?7) f WHERE NOT EXISTS (SELECT 1 FROM organization_words v \
     WHERE v.organization = w.organization AND v.word >= f.value ->> 0 AND v.word < f.value ->> 1)) \
     ORDER BY w.word, w.organization LIMIT ?5"
);

/// Each user once, however many organizations know the address: from one to the next along the index.
const USERS_OF_ADDRESS: &str = "WITH RECURSIVE u (user) AS (SELECT (SELECT user FROM memberships \
     INDEXED BY memberships_by_proven_address WHERE email_verified = 1 AND email_key = ?1 AND user >= ?2 \
     ORDER BY user LIMIT 1) UNION ALL SELECT (SELECT m.user FROM memberships m \
     INDEXED BY memberships_by_proven_address WHERE m.email_verified = 1 AND m.email_key = ?1 AND m.user > u.user \
     ORDER BY m.user LIMIT 1) FROM u WHERE u.user IS NOT NULL LIMIT ?3) \
     SELECT json_quote(user) AS j FROM u WHERE user IS NOT NULL";
const MEMBERSHIPS: &str = concat!(
    "SELECT json_object('membership', ",
    membership!(),
    ", 'organization', ",
    organization!(),
    ") AS j FROM memberships m INDEXED BY memberships_by_user \
     CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = m.organization \
     WHERE m.user = ?1 AND m.organization > ?2 ORDER BY m.organization LIMIT ?3"
);

/// The position of the newest event. Entries of a purged organization are gone; its tombstone keeps the last one's.
macro_rules! last_position {
    () => {
        "max(COALESCE((SELECT MAX(position) FROM commits), 0), COALESCE((SELECT MAX(position) FROM tombstones), 0))"
    };
}

const LAST_POSITION: &str = concat!("SELECT json_quote(", last_position!(), ") AS j");
/// Entries that end after the place; of the first of them, the events after the place.
const FEED: &str = "SELECT json_object('position', c.position - json_array_length(c.events) + 1 + e.key, 'recorded', \
     json_object('organization', c.organization, 'seq', c.seq, 'index', e.key, 'at', c.at, 'actor', c.actor, \
     'actorKind', c.actor_kind, 'operator', c.operator, 'action', c.action, 'hash', c.hash, 'event', json(e.value))) AS j \
     FROM commits c INDEXED BY commits_by_position CROSS JOIN json_each(c.events) e \
     WHERE c.position > ?1 AND c.position - json_array_length(c.events) + 1 + e.key > ?1 \
     ORDER BY c.position, e.key LIMIT ?2";
const PURGES: &str = "SELECT json_object('position', t.position, 'recorded', json_object('organization', \
     t.organization, 'seq', t.version, 'index', t.place, 'at', t.deleted_at, 'actor', t.deleted_by, 'actorKind', \
     t.actor_kind, 'operator', t.operator, 'action', t.action, 'hash', t.head, 'event', json_object('type', 'organization.purged'))) AS j \
     FROM tombstones t INDEXED BY tombstones_by_position WHERE t.position > ?1 ORDER BY t.position LIMIT ?2";

const MAILS: &str = "SELECT json_object('count', (SELECT COUNT(*) FROM (SELECT 1 FROM messages \
     INDEXED BY messages_waiting WHERE delivered_at IS NULL AND created_at >= 0 LIMIT ?1)), 'oldest', \
     (SELECT created_at FROM messages INDEXED BY messages_waiting WHERE delivered_at IS NULL AND created_at >= 0 \
     ORDER BY created_at LIMIT 1)) AS j";
const DELIVERIES: &str = "SELECT json_object('count', (SELECT COUNT(*) FROM (SELECT 1 FROM deliveries \
     INDEXED BY deliveries_waiting WHERE due_at IS NOT NULL AND created_at >= 0 LIMIT ?1)), 'oldest', \
     (SELECT created_at FROM deliveries INDEXED BY deliveries_waiting WHERE due_at IS NOT NULL AND created_at >= 0 \
     ORDER BY created_at LIMIT 1)) AS j";
const FAILING: &str = "SELECT json_object('webhook', id, 'organization', organization, 'url', body ->> 'url', \
     'since', failing_since) AS j FROM webhooks INDEXED BY webhooks_failing WHERE failing_since >= 0 \
     ORDER BY failing_since, id LIMIT ?1";
const TICK: &str =
    "SELECT json_object('at', at, 'failures', failures, 'wholeAt', whole_at) AS j FROM ticks WHERE id = 1";
/// The same as `Tick::after`, in one statement: two runs may end at once. Prefixes that were noted once stay.
const TICKED: &str = "INSERT INTO ticks (id, at, failures, whole_at, users) VALUES (1, ?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE \
     SET failures = CASE WHEN ticks.at > excluded.at THEN ticks.failures ELSE excluded.failures END, \
     at = max(ticks.at, excluded.at), whole_at = CASE WHEN ticks.whole_at IS NULL THEN excluded.whole_at \
     ELSE max(ticks.whole_at, COALESCE(excluded.whole_at, 0)) END, \
     users = (SELECT json_group_array(value) FROM \
     (SELECT value FROM json_each(ticks.users) UNION SELECT value FROM json_each(?4)))";

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("list all organizations", BY_NAME),
        ("find an organization by id", BY_ID),
        ("search all organizations", FOUND),
        ("list users of an address", USERS_OF_ADDRESS),
        ("list memberships of a user", MEMBERSHIPS),
        ("read the last position", LAST_POSITION),
        ("list events of all organizations", FEED),
        ("list purges", PURGES),
        ("count mails that wait", MAILS),
        ("count deliveries that wait", DELIVERIES),
        ("list failing webhooks", FAILING),
        ("read the last tick", TICK),
        ("note a tick", TICKED),
    ]
}

fn named(filter: &InstallationFilter) -> Vec<Statement> {
    let text = |(key, id): OrganizationPlace| (key, id.to_string());
    let (key, id) = filter.after.clone().map_or_else(Default::default, text);
    let place: [Param; 2] = [key.into(), id.into()];
    let standings = filter.standings();
    match &filter.wanted {
        Wanted::All => {
            let one = |standing: &&str| {
                let params = [vec![(*standing).into()], place.to_vec(), vec![filter.limit.into()]].concat();
                Statement::new(BY_NAME, params)
            };
            standings.iter().map(one).collect()
        }
        Wanted::Id(id) => {
            let params = [vec![id.to_string().into()], place.to_vec(), vec![list(&standings)]].concat();
            vec![Statement::new(BY_ID, params)]
        }
        Wanted::Search(search) => {
            let [first, end] = range(search.first());
            let others: Vec<[String; 2]> = search.others().iter().map(|word| range(word)).collect();
            // Before the first of them: the word that is asked for itself, and an id that comes before every id.
            let (key, id) = filter.after.clone().map_or_else(|| (first.clone(), String::new()), text);
            let place: Vec<Param> = vec![first.into(), end.into(), key.into(), id.into()];
            let more = vec![filter.limit.into(), list(&standings), list(&others)];
            vec![Statement::new(FOUND, [place, more].concat())]
        }
    }
}

impl<X: Executor> InstallationStore for SqlStore<X> {
    async fn all_organizations(&self, filter: &InstallationFilter) -> Result<Vec<PlacedOrganization>, Unavailable> {
        let batch = named(filter);
        let mut decoder = self.run(&batch).await?;
        let mut rows: Vec<PlacedOrganization> = Vec::new();
        for _ in &batch {
            rows.append(&mut decoder.many()?);
        }
        Ok(crate::store::first_organizations(rows, filter.limit))
    }

    async fn users_of_address(
        &self,
        email: &Email,
        from: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<UserId>, Unavailable> {
        let from = from.map(UserId::as_str).unwrap_or_default();
        let params = vec![email.canonical().into(), from.into(), limit.into()];
        self.run(&[Statement::new(USERS_OF_ADDRESS, params)]).await?.many()
    }

    async fn memberships_of(
        &self,
        users: &[(UserId, Option<OrganizationId>)],
        limit: u32,
    ) -> Result<Vec<Enlisted>, Unavailable> {
        let one = |(user, after): &(UserId, Option<OrganizationId>)| {
            let after = after.map(|id| id.to_string()).unwrap_or_default();
            Statement::new(MEMBERSHIPS, vec![user.as_str().into(), after.into(), limit.into()])
        };
        let batch: Vec<Statement> = users.iter().map(one).collect();
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let mut decoder = self.run(&batch).await?;
        let mut rows = Vec::new();
        for _ in &batch {
            rows.append(&mut decoder.many()?);
        }
        Ok(rows)
    }

    /// One batch is one transaction: a purge between two reads would be skipped.
    async fn feed(&self, after: u64, limit: u32) -> Result<Feed, Unavailable> {
        let page = |sql| Statement::new(sql, vec![after.into(), limit.into()]);
        let mut decoder = self.run(&[page(FEED), page(PURGES), Statement::new(LAST_POSITION, vec![])]).await?;
        let (events, purges): (Vec<Positioned>, Vec<Positioned>) = (decoder.many()?, decoder.many()?);
        let last_position = decoder.one()?.unwrap_or_default();
        Ok(Feed { events: crate::store::first_events([events, purges].concat(), limit), last_position })
    }

    async fn operations(&self) -> Result<Operations, Unavailable> {
        let counted = |sql| Statement::new(sql, vec![MOST_WAITING.saturating_add(1).into()]);
        let failing = Statement::new(FAILING, vec![MOST_FAILING.saturating_add(1).into()]);
        let batch = [counted(MAILS), counted(DELIVERIES), failing, Statement::new(TICK, vec![])];
        let mut decoder = self.run(&batch).await?;
        let (mails, deliveries): (Option<Backlog>, Option<Backlog>) = (decoder.one()?, decoder.one()?);
        let (failing, tick): (Vec<FailingWebhook>, Option<Tick>) = (decoder.many()?, decoder.one()?);
        let (mails, deliveries) = (mails.unwrap_or_default(), deliveries.unwrap_or_default());
        Ok(Operations { mails, deliveries, failing, tick })
    }
}

impl<X: Executor> SqlStore<X> {
    /// Notes a run of the clock.
    pub(super) async fn note_run(&self, at: Timestamp, failures: u32, prefixes: &[&str]) -> Result<(), Unavailable> {
        let whole_at = (failures == 0).then(|| at.millis());
        let params = vec![at.millis().into(), failures.into(), whole_at.into(), list(prefixes)];
        self.run(&[Statement::new(TICKED, params)]).await.map(|_| ())
    }
}

pub(super) use last_position;
