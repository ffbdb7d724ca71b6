//! Statements that the clock drives.

use super::executor::{Executor, Statement};
use super::sending::FORGET_QUOTAS;
use super::shape::message;
use super::{SqlStore, domains};
use crate::app::ports::{Claim, DueDomain, Message, Settled, Unavailable, Upkeep};
use crate::domain::id::{MessageId, OrganizationId};
use crate::domain::time::Timestamp;

/// The tables and the view of the newest migration, and the indexes that statements name; an older schema answers with
/// fewer.
const TABLES: &str = "SELECT json_quote(name) AS j FROM sqlite_schema WHERE type IN ('table', 'index', 'view') AND name IN \
     ('organizations', 'memberships', 'invitations', 'slugs', 'commits', 'commit_types', 'tombstones', 'receipts', 'messages', \
     'invitation_quotas', 'suppressions', 'departures', 'roles', 'member_roles', 'member_words', 'domains', \
     'invitation_links', 'join_requests', 'registrations', 'teams', 'team_members', 'team_member_roles', 'team_roles', \
     'membership_epochs', 'webhooks', 'deliveries', 'member_words_progress', 'stale_member_words', 'roles_by_key', 'team_members_by_team', 'organization_words', \
     'organization_words_progress', 'ticks', 'upstream_nonces', 'organizations_by_standing', 'commits_by_position') \
     OR name = 'messages_by_recipient' AND sql LIKE '%(recipient)%'";
const TABLE_COUNT: usize = 37;

const OVERDUE: &str = "SELECT DISTINCT json_quote(organization) AS j FROM invitations \
     WHERE state = 'pending' AND expires_at <= ?1 UNION \
     SELECT json_quote(organization) FROM memberships WHERE until IS NOT NULL AND until <= ?1 UNION \
     SELECT json_quote(id) FROM organizations INDEXED BY organizations_to_ask_no_more WHERE nomination IS NOT NULL AND nomination_ends <= ?1 LIMIT ?2";
const TO_PURGE: &str = "SELECT json_quote(id) AS j FROM organizations \
     INDEXED BY organizations_to_purge WHERE deletion IS NOT NULL AND purge_at <= ?1 ORDER BY purge_at, id LIMIT ?2";
const ABANDONED: &str = "SELECT json_quote(organization) AS j FROM registrations \
     INDEXED BY registrations_by_end WHERE activated_by IS NULL AND expires_at <= ?1 ORDER BY expires_at, organization LIMIT ?2";
const FORGET_RECEIPTS: &str = "DELETE FROM receipts WHERE created_at < ?1";
const FORGET_MESSAGES: &str = "DELETE FROM messages WHERE delivered_at < ?1";
/// One statement, so that two who deliver at the same time never claim the same message.
const CLAIM: &str = concat!(
    "UPDATE messages SET due_at = ?2 WHERE id IN (SELECT id FROM messages WHERE delivered_at IS NULL \
     AND due_at <= ?1 ORDER BY due_at, id LIMIT ?3) RETURNING ",
    message!(),
    " AS j"
);
const NEWEST: &str = concat!("SELECT ", message!(), " AS j FROM messages ORDER BY id DESC LIMIT ?1");
/// What was handed over needs its seed no more.
const DELIVERED: &str = "UPDATE messages SET delivered_at = ?2, seed = NULL WHERE id = ?1";
const RETRY: &str = "UPDATE messages SET attempts = attempts + 1, due_at = ?2 WHERE id = ?1";

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("overdue organizations", OVERDUE),
        ("abandoned registrations", ABANDONED),
        ("organizations to purge", TO_PURGE),
        ("forget receipts", FORGET_RECEIPTS),
        ("forget messages", FORGET_MESSAGES),
        ("claim messages", CLAIM),
        ("newest messages", NEWEST),
        ("settle delivered message", DELIVERED),
        ("settle failed message", RETRY),
        ("count tables", TABLES),
    ]
}

impl<X: Executor> Upkeep for SqlStore<X> {
    async fn ready(&self) -> Result<(), Unavailable> {
        let tables: Vec<String> = self.run(&[Statement::new(TABLES, vec![])]).await?.many()?;
        if tables.len() == TABLE_COUNT {
            return Ok(());
        }
        Err(Unavailable::without_migrations())
    }

    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<OrganizationId>, Unavailable> {
        self.run(&[Statement::new(OVERDUE, vec![now.millis().into(), limit.into()])]).await?.many()
    }

    async fn due_domains(&self, now: Timestamp, limit: u32) -> Result<Vec<DueDomain>, Unavailable> {
        self.run(&[domains::due(now, limit)]).await?.many()
    }

    async fn abandoned(&self, now: Timestamp, limit: u32) -> Result<Vec<OrganizationId>, Unavailable> {
        self.run(&[Statement::new(ABANDONED, vec![now.millis().into(), limit.into()])]).await?.many()
    }

    async fn to_purge(&self, now: Timestamp, limit: u32) -> Result<Vec<OrganizationId>, Unavailable> {
        self.run(&[Statement::new(TO_PURGE, vec![now.millis().into(), limit.into()])]).await?.many()
    }

    async fn forget_receipts(&self, before: Timestamp) -> Result<(), Unavailable> {
        self.run(&[Statement::new(FORGET_RECEIPTS, vec![before.millis().into()])]).await.map(|_| ())
    }

    async fn forget_messages(&self, before: Timestamp) -> Result<(), Unavailable> {
        self.run(&[Statement::new(FORGET_MESSAGES, vec![before.millis().into()])]).await.map(|_| ())
    }

    async fn forget_nonces(&self, before: Timestamp) -> Result<(), Unavailable> {
        self.delete_nonces(before).await
    }

    async fn forget_quotas(&self, before: u32) -> Result<(), Unavailable> {
        self.run(&[Statement::new(FORGET_QUOTAS, vec![before.into()])]).await.map(|_| ())
    }

    async fn remake_words(&self, limit: u32) -> Result<(), Unavailable> {
        self.remake_member_words(limit).await?;
        self.make_organization_words(limit).await
    }

    async fn note_tick(&self, at: Timestamp, failures: u32, prefixes: &[&str]) -> Result<(), Unavailable> {
        self.note_run(at, failures, prefixes).await
    }

    async fn claim_messages(&self, claim: Claim) -> Result<Vec<Message>, Unavailable> {
        let params = vec![claim.now.millis().into(), claim.until.millis().into(), claim.limit.into()];
        self.run(&[Statement::new(CLAIM, params)]).await?.many()
    }

    async fn settle_message(&self, id: MessageId, settled: Settled) -> Result<(), Unavailable> {
        let (sql, at) = match settled {
            Settled::Delivered(at) => (DELIVERED, at),
            Settled::Retry(at) => (RETRY, at),
        };
        self.run(&[Statement::new(sql, vec![id.to_string().into(), at.millis().into()])]).await.map(|_| ())
    }

    async fn newest_messages(&self, limit: u32) -> Result<Vec<Message>, Unavailable> {
        self.run(&[Statement::new(NEWEST, vec![limit.into()])]).await?.many()
    }
}
