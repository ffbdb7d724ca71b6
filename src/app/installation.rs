//! What an operator's back end asks across organizations.
//!
//! Owns the shapes that travel through the port and the bounds of one answer. Never asks who calls: `wire` does.

use super::audit::Recorded;
use super::execute::App;
use super::ports::{Cache, Entropy, Store, Unavailable};
use crate::domain::email::Email;
use crate::domain::id::{OrganizationId, UserId, WebhookId};
use crate::domain::membership::Membership;
use crate::domain::organization::Organization;
use crate::domain::search::Search;
use crate::domain::table::Set;
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// So many users are shown in one answer about an address. Each is one statement.
const USERS_PER_ANSWER: u32 = 10;

/// So far what waits is counted.
pub const MOST_WAITING: u32 = 1000;

/// So many failing webhooks are named.
pub const MOST_FAILING: u32 = 100;

/// Which organizations an operator looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All, by name.
    All,
    /// Those with this id.
    Id(OrganizationId),
    /// Those that a search finds by name or slug, by the word that was found.
    Search(Search),
}

/// A place in a list of all organizations: after this key and id. The key is the name's sort key; while searching,
/// the word that was found.
pub type OrganizationPlace = (String, OrganizationId);

/// Which organizations of the installation, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallationFilter {
    /// Which are looked for.
    pub wanted: Wanted,
    /// Whether suspended ones are shown.
    pub inactive: bool,
    /// Whether deleted ones are shown.
    pub deleted: bool,
    /// After this place.
    pub after: Option<OrganizationPlace>,
    /// At most so many.
    pub limit: u32,
}

impl InstallationFilter {
    /// The standings of the organizations that are shown.
    pub fn standings(&self) -> Vec<&'static str> {
        let all = [("active", true), ("inactive", self.inactive), ("deleted", self.deleted)];
        all.into_iter().filter(|(_, shown)| *shown).map(|(standing, _)| standing).collect()
    }
}

/// An organization in a list of all, with its place in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlacedOrganization {
    /// Where it stands in the list.
    pub key: String,
    /// The organization.
    pub organization: Organization,
}

impl PlacedOrganization {
    /// Its place.
    pub fn place(&self) -> OrganizationPlace {
        (self.key.clone(), self.organization.id)
    }
}

/// Who is looked for: a user by id, the users who have proven an address, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserQuery {
    /// The user with this id.
    pub id: Option<UserId>,
    /// Those who have proven this address in some organization.
    pub email: Option<Email>,
}

/// A place in a list of users' memberships.
pub type EnlistedPlace = (UserId, OrganizationId);

/// A user's membership with its organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Enlisted {
    /// The membership.
    pub membership: Membership,
    /// Where.
    pub organization: Organization,
}

/// An event with its position in the order of all events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Positioned {
    /// The position, from 1. No two events have the same, and a later commit has greater ones.
    pub position: u64,
    /// The event.
    pub recorded: Recorded,
}

/// Events of all organizations in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    /// The events.
    pub events: Vec<Positioned>,
    /// The position of the newest event that was ever committed; 0 when there was none.
    pub last_position: u64,
}

/// What waits to be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Backlog {
    /// How much; counted up to one more than [`MOST_WAITING`].
    pub count: u32,
    /// When the oldest of it was made.
    pub oldest: Option<Timestamp>,
}

/// A webhook at which nothing arrives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailingWebhook {
    /// Which.
    pub webhook: WebhookId,
    /// Whose.
    pub organization: OrganizationId,
    /// Its address.
    pub url: String,
    /// Since when.
    pub since: Timestamp,
}

/// A run of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tick {
    /// When it last ran.
    pub at: Timestamp,
    /// How many of its parts failed then.
    pub failures: u32,
    /// When it last ran without a failure.
    pub whole_at: Option<Timestamp>,
}

impl Tick {
    /// The state after a run, given the one before it. Rule: a slower run that ends later does not turn the clock back.
    pub fn after(before: Option<Tick>, at: Timestamp, failures: u32) -> Tick {
        let whole_before = before.and_then(|before| before.whole_at);
        let whole_at = if failures == 0 { whole_before.max(Some(at)) } else { whole_before };
        match before.filter(|before| before.at > at) {
            Some(later) => Tick { whole_at, ..later },
            None => Tick { at, failures, whole_at },
        }
    }
}

/// Whether the installation does its work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operations {
    /// Mails that wait.
    pub mails: Backlog,
    /// Deliveries of webhooks that wait.
    pub deliveries: Backlog,
    /// Webhooks at which nothing arrives, those first that fail longest; one more than [`MOST_FAILING`] at most.
    pub failing: Vec<FailingWebhook>,
    /// The last run of the clock; `None` when it never ran.
    pub tick: Option<Tick>,
}

/// The part of a store that reads across organizations. Every method is one round trip, and what it reads is of one
/// moment.
#[expect(async_fn_in_trait, reason = "Workers and browsers have one thread; futures need not be Send")]
pub trait InstallationStore {
    /// Organizations, whoever is in them, in the order of their places.
    async fn all_organizations(&self, filter: &InstallationFilter) -> Result<Vec<PlacedOrganization>, Unavailable>;

    /// Those who have proven an address, by id and from `from` on.
    async fn users_of_address(
        &self,
        email: &Email,
        from: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<UserId>, Unavailable>;

    /// The memberships of these users, each user's after an organization, by organization: at most so many of each.
    async fn memberships_of(
        &self,
        users: &[(UserId, Option<OrganizationId>)],
        limit: u32,
    ) -> Result<Vec<Enlisted>, Unavailable>;

    /// Events of all organizations after a position, in their order.
    async fn feed(&self, after: u64, limit: u32) -> Result<Feed, Unavailable>;

    /// What waits, what fails, and when the clock last ran.
    async fn operations(&self) -> Result<Operations, Unavailable>;
}

impl<S: Store, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// The memberships of those who are looked for, by user and organization, and whether there are more. An answer may
    /// hold fewer than `limit` although there are more.
    ///
    /// # Errors
    /// [`Unavailable`] when the store fails.
    pub async fn find_users(
        &self,
        query: &UserQuery,
        after: Option<&EnlistedPlace>,
        limit: u32,
    ) -> Result<(Vec<Enlisted>, bool), Unavailable> {
        let from = after.map(|(user, _)| user);
        let mut users: Set<UserId> =
            query.id.iter().filter(|id| from.is_none_or(|from| *id >= from)).cloned().collect();
        if let Some(email) = &query.email {
            let most = USERS_PER_ANSWER.saturating_add(1);
            users.extend(self.store.users_of_address(email, from, most).await?);
        }
        let shown = usize::try_from(USERS_PER_ANSWER).unwrap_or(usize::MAX);
        let begins = |user: UserId| {
            let place = after.filter(|(other, _)| *other == user).map(|(_, organization)| *organization);
            (user, place)
        };
        let left = users.len() > shown;
        let asked: Vec<_> = users.into_iter().take(shown).map(begins).collect();
        let mut rows = self.store.memberships_of(&asked, limit.saturating_add(1)).await?;
        let size = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = left || rows.len() > size;
        rows.truncate(size);
        Ok((rows, more))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn a_failed_run_keeps_when_the_last_whole_one_was() {
        let first = Tick::after(None, at(1), 0);
        assert_eq!(first, Tick { at: at(1), failures: 0, whole_at: Some(at(1)) });
        let failed = Tick::after(Some(first), at(2), 3);
        assert_eq!(failed, Tick { at: at(2), failures: 3, whole_at: Some(at(1)) });
        assert_eq!(Tick::after(None, at(2), 3).whole_at, None);
    }

    #[test]
    fn a_run_that_ends_late_does_not_turn_the_clock_back() {
        let newest = Tick { at: at(9), failures: 1, whole_at: None };
        assert_eq!(Tick::after(Some(newest), at(5), 0), Tick { whole_at: Some(at(5)), ..newest });
    }
}
