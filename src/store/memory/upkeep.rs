//! The ports that the clock drives, over the state.

use super::{MemoryStore, State};
use crate::app::ports::{Claim, DueDomain, Message, Settled, Tick, Unavailable, Upkeep};
use crate::domain::facts::Facts;
use crate::domain::id::{MessageId, OrganizationId};
use crate::domain::invitation::InvitationState;
use crate::domain::order::{sort, sort_by_key};
use crate::domain::time::Timestamp;

impl State {
    /// The organizations of which something is over, those first of which it ended first.
    fn due(&self, now: Timestamp, limit: u32, end: impl Fn(&Facts) -> Option<Timestamp>) -> Vec<OrganizationId> {
        let ends = self.organizations.iter().filter_map(|(id, facts)| Some((end(facts)?, *id)));
        let mut over: Vec<(Timestamp, OrganizationId)> = ends.filter(|(end, _)| *end <= now).collect();
        sort(&mut over);
        over.into_iter().map(|(_, id)| id).take(usize::try_from(limit).unwrap_or(usize::MAX)).collect()
    }
}

impl Upkeep for MemoryStore {
    async fn ready(&self) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<OrganizationId>, Unavailable> {
        let state = self.state.borrow();
        let late = state.organizations.iter().filter(|(_, facts)| {
            let nomination = facts.organization.as_ref().and_then(|organization| organization.nomination.as_ref());
            let unanswered = nomination.is_some_and(|nomination| !nomination.is_open(now));
            let ended = unanswered || facts.members.values().any(|member| !member.lasts(now));
            ended || facts.invitations.values().any(|i| i.state == InvitationState::Pending && !i.is_open(now))
        });
        Ok(late.map(|(id, _)| *id).take(usize::try_from(limit).unwrap_or(usize::MAX)).collect())
    }

    async fn due_domains(&self, now: Timestamp, limit: u32) -> Result<Vec<DueDomain>, Unavailable> {
        Ok(self.state.borrow().due_domains(now, limit))
    }

    async fn abandoned(&self, now: Timestamp, limit: u32) -> Result<Vec<OrganizationId>, Unavailable> {
        let waiting = |facts: &Facts| {
            let waiting = facts.registrations.values().filter(|it| it.activated_by.is_none());
            waiting.map(|it| it.expires_at).min()
        };
        Ok(self.state.borrow().due(now, limit, waiting))
    }

    async fn to_purge(&self, now: Timestamp, limit: u32) -> Result<Vec<OrganizationId>, Unavailable> {
        let over = |facts: &Facts| facts.organization.as_ref()?.deletion.as_ref().map(|deletion| deletion.purge_at);
        Ok(self.state.borrow().due(now, limit, over))
    }

    async fn forget_receipts(&self, before: Timestamp) -> Result<(), Unavailable> {
        self.change().receipts.retain(|_, receipt| receipt.created_at >= before);
        Ok(())
    }

    async fn forget_nonces(&self, before: Timestamp) -> Result<(), Unavailable> {
        self.change().nonces.retain(|_, nonce| nonce.expires_at >= before);
        Ok(())
    }

    /// Words are made with each search.
    async fn remake_words(&self, _limit: u32) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn forget_messages(&self, before: Timestamp) -> Result<(), Unavailable> {
        self.change().messages.retain(|_, message| message.delivered_at.is_none_or(|at| at >= before));
        Ok(())
    }

    async fn forget_quotas(&self, before: u32) -> Result<(), Unavailable> {
        self.change().sent.retain(|_, usage| usage.day >= before);
        Ok(())
    }

    async fn note_tick(&self, at: Timestamp, failures: u32, _prefixes: &[&str]) -> Result<(), Unavailable> {
        let mut state = self.change();
        state.tick = Some(Tick::after(state.tick, at, failures));
        Ok(())
    }

    async fn claim_messages(&self, claim: Claim) -> Result<Vec<Message>, Unavailable> {
        let mut state = self.change();
        let waits = |message: &&mut Message| message.delivered_at.is_none() && message.due_at <= claim.now;
        let mut due: Vec<&mut Message> = state.messages.values_mut().filter(waits).collect();
        sort_by_key(&mut due, |message| (message.due_at, message.id));
        due.truncate(usize::try_from(claim.limit).unwrap_or(usize::MAX));
        due.iter_mut().for_each(|message| message.due_at = claim.until);
        Ok(due.into_iter().map(|message| message.clone()).collect())
    }

    /// What was handed over needs its seed no more.
    async fn settle_message(&self, id: MessageId, settled: Settled) -> Result<(), Unavailable> {
        if let Some(message) = self.change().messages.get_mut(&id) {
            match settled {
                Settled::Delivered(at) => {
                    message.delivered_at = Some(at);
                    message.seed = None;
                }
                Settled::Retry(at) => {
                    message.attempts = message.attempts.saturating_add(1);
                    message.due_at = at;
                }
            }
        }
        Ok(())
    }

    async fn newest_messages(&self, limit: u32) -> Result<Vec<Message>, Unavailable> {
        let state = self.state.borrow();
        let newest = state.messages.values().rev().take(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(newest.cloned().collect())
    }
}
