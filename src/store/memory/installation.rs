//! Reads across organizations, over the state.

use super::audit::recorded;
use super::read::size;
use super::{Logged, MemoryStore, State};
use crate::app::ports::{
    Backlog, Commit, Delivery, Enlisted, FailingWebhook, Feed, InstallationFilter, InstallationStore, MOST_FAILING,
    MOST_WAITING, Operations, PlacedOrganization, Positioned, Unavailable, Wanted,
};
use crate::domain::email::Email;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::{OrganizationId, UserId, WebhookId};
use crate::domain::order::sort_by_key;
use crate::domain::organization::{Organization, words_of};
use crate::domain::table::Set;
use crate::domain::time::Timestamp;

impl InstallationStore for MemoryStore {
    async fn all_organizations(&self, filter: &InstallationFilter) -> Result<Vec<PlacedOrganization>, Unavailable> {
        Ok(self.state.borrow().all_organizations(filter))
    }

    async fn users_of_address(
        &self,
        email: &Email,
        from: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<UserId>, Unavailable> {
        let state = self.state.borrow();
        let members = state.organizations.values().flat_map(|facts| facts.members.values());
        let proven = members.filter(|member| member.verified_email() == Some(email)).map(|member| member.user.clone());
        let users: Set<UserId> = proven.filter(|user| from.is_none_or(|from| user >= from)).collect();
        Ok(users.into_iter().take(size(limit)).collect())
    }

    async fn memberships_of(
        &self,
        users: &[(UserId, Option<OrganizationId>)],
        limit: u32,
    ) -> Result<Vec<Enlisted>, Unavailable> {
        let state = self.state.borrow();
        let of_one = |(user, after): &(UserId, Option<OrganizationId>)| -> Vec<Enlisted> {
            let later = state.organizations.iter().filter(|(id, _)| after.is_none_or(|after| **id > after));
            later.filter_map(|(_, facts)| enlisted(facts, user)).take(size(limit)).collect()
        };
        Ok(users.iter().flat_map(of_one).collect())
    }

    async fn feed(&self, after: u64, limit: u32) -> Result<Feed, Unavailable> {
        Ok(self.state.borrow().feed(after, limit))
    }

    async fn operations(&self) -> Result<Operations, Unavailable> {
        Ok(self.state.borrow().operations())
    }
}

fn enlisted(facts: &Facts, user: &UserId) -> Option<Enlisted> {
    Some(Enlisted { membership: facts.members.get(user)?.clone(), organization: facts.organization.clone()? })
}

impl State {
    fn all_organizations(&self, filter: &InstallationFilter) -> Vec<PlacedOrganization> {
        let standings = filter.standings();
        let all = self.organizations.values().filter_map(|facts| facts.organization.as_ref());
        let shown = all.filter(|organization| standings.contains(&organization.standing()));
        let placed = |organization: &Organization| {
            Some(PlacedOrganization { key: key(organization, &filter.wanted)?, organization: organization.clone() })
        };
        let mut rows: Vec<PlacedOrganization> = shown.filter_map(placed).collect();
        rows.retain(|row| filter.after.as_ref().is_none_or(|after| row.place() > *after));
        crate::store::first_organizations(rows, filter.limit)
    }

    fn feed(&self, after: u64, limit: u32) -> Feed {
        let entries = self.order.since(&after.saturating_add(1)).filter_map(|(_, place)| {
            let logged = self.commits.get(place)?;
            Some((place.0, logged))
        });
        let events = entries.flat_map(|(organization, logged)| positioned(organization, logged));
        let purges = self.purges.since(&after.saturating_add(1)).map(|(_, purge)| purge.clone());
        let events = events.filter(|event| event.position > after).take(size(limit));
        let events = crate::store::first_events(events.chain(purges).collect(), limit);
        Feed { events, last_position: self.last_position }
    }

    /// Gives an entry its place behind all others.
    pub(super) fn place(&mut self, events: &[Event]) -> u64 {
        let count = u64::try_from(events.len()).unwrap_or(u64::MAX);
        self.last_position = self.last_position.saturating_add(count);
        self.last_position
    }

    /// What is to be said of an organization that goes.
    pub(super) fn note_purge(&mut self, commit: &Commit) {
        let position = self.place(&commit.events);
        let logged = Logged { entry: commit.entry.clone(), events: commit.events.clone(), position };
        let purge = positioned(commit.organization, &logged).last();
        self.purges.extend(purge.map(|purge| (position, purge)));
    }

    fn operations(&self) -> Operations {
        let mails = self.messages.values().filter(|message| message.delivered_at.is_none());
        let deliveries = self.deliveries.values().filter(|delivery| delivery.due_at.is_some());
        let mut failing: Vec<FailingWebhook> =
            self.failing.iter().filter_map(|(id, since)| self.failing_webhook(*id, *since)).collect();
        sort_by_key(&mut failing, |found| (found.since, found.webhook));
        failing.truncate(size(MOST_FAILING.saturating_add(1)));
        Operations {
            mails: backlog(mails.map(|message| message.created_at)),
            deliveries: backlog(deliveries.map(|delivery: &Delivery| delivery.created_at)),
            failing,
            tick: self.tick,
        }
    }

    fn failing_webhook(&self, id: WebhookId, since: Timestamp) -> Option<FailingWebhook> {
        let webhook = self.organizations.values().find_map(|facts| facts.webhooks.get(&id))?;
        let (organization, url) = (webhook.organization, webhook.url.as_str().to_owned());
        Some(FailingWebhook { webhook: id, organization, url, since })
    }
}

/// Where an organization stands in the list; nowhere if it is not looked for.
fn key(organization: &Organization, wanted: &Wanted) -> Option<String> {
    match wanted {
        Wanted::All => Some(organization.name.sort_key()),
        Wanted::Id(id) => (organization.id == *id).then(|| organization.name.sort_key()),
        Wanted::Search(search) => search.place(words_of(&organization.name, &organization.slug)),
    }
}

/// The events of an entry; the last has the entry's position.
fn positioned(organization: OrganizationId, logged: &Logged) -> impl Iterator<Item = Positioned> {
    let count = u64::try_from(logged.events.len()).unwrap_or(u64::MAX);
    let before = logged.position.saturating_sub(count);
    (1u64..)
        .zip(recorded(organization, logged))
        .map(move |(place, recorded)| Positioned { position: before.saturating_add(place), recorded })
}

fn backlog(made: impl Iterator<Item = Timestamp> + Clone) -> Backlog {
    let count = made.clone().take(size(MOST_WAITING.saturating_add(1))).count();
    Backlog { count: u32::try_from(count).unwrap_or(u32::MAX), oldest: made.min() }
}
