//! The version at which each membership last changed in power or state.
//!
//! Owns what counts as such a change: the membership's roles, state and end, ownership, and what is held
//! in teams. In SQL triggers keep the same.

use super::State;
use crate::app::ports::{Commit, Enrolled, TeamView};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::{OrganizationId, TeamId, UserId};
use crate::domain::membership::MembershipState;
use crate::domain::order::sort_by_key;
use crate::domain::organization::OrganizationState;
use crate::domain::role::Roles;
use crate::domain::table::{Set, Table};
use crate::domain::time::Timestamp;

/// What somebody holds.
#[derive(PartialEq)]
pub(super) struct Power {
    roles: Roles,
    state: MembershipState,
    until: Option<Timestamp>,
    owner: bool,
    in_teams: Table<TeamId, Roles>,
}

type Powers = Table<UserId, Power>;

fn power(facts: &Facts, user: &UserId) -> Option<Power> {
    let member = facts.members.get(user)?;
    let owner = facts.organization.as_ref().is_some_and(|organization| organization.owner == *user);
    let held = facts.team_members.get(user).into_iter().flatten();
    let in_teams = held.map(|(team, member)| (*team, member.roles.clone())).collect();
    Some(Power { roles: member.roles.clone(), state: member.state, until: member.until, owner, in_teams })
}

/// Whom a commit may concern: `None` is everybody.
fn concerned(events: &[Event]) -> Option<Set<&UserId>> {
    let mut users = Set::new();
    for event in events {
        match event {
            Event::RoleDeleted { .. } | Event::TeamDeleted { .. } => return None,
            Event::OrganizationCreated { owner: member, .. } | Event::MemberAdded { member } => {
                users.insert(&member.user);
            }
            Event::TeamMemberAdded { member } => {
                users.insert(&member.user);
            }
            Event::OwnershipTransferred { from, to } => users.extend([from, to]),
            Event::MemberRemoved { user }
            | Event::MemberLeft { user }
            | Event::MemberErased { user }
            | Event::MemberExpired { user }
            | Event::RolesChanged { user, .. }
            | Event::MemberSuspended { user }
            | Event::MemberReactivated { user }
            | Event::MemberTermChanged { user, .. }
            | Event::TeamMemberRolesChanged { user, .. }
            | Event::TeamMemberRemoved { user, .. } => {
                users.insert(user);
            }
            _ => {}
        }
    }
    Some(users)
}

impl State {
    /// What those hold whom a commit may concern.
    pub(super) fn powers(&self, commit: &Commit) -> Powers {
        let Some(facts) = self.organizations.get(&commit.organization) else { return Powers::new() };
        let of = |user: &UserId| Some((user.clone(), power(facts, user)?));
        match concerned(&commit.events) {
            Some(users) => users.into_iter().filter_map(of).collect(),
            None => facts.members.keys().filter_map(of).collect(),
        }
    }

    /// After the events: who holds something else than before.
    pub(super) fn note_epochs(&mut self, commit: &Commit, before: &Powers) {
        let after = self.powers(commit);
        for user in before.keys().filter(|user| !after.contains_key(*user)) {
            self.epochs.remove(&(commit.organization, user.clone()));
        }
        for (user, _) in after.iter().filter(|(user, power)| before.get(*user) != Some(power)) {
            self.epochs.insert((commit.organization, user.clone()), commit.version());
        }
    }

    pub(super) fn epoch(&self, organization: OrganizationId, user: &UserId) -> Option<u64> {
        self.epochs.get(&(organization, user.clone())).copied()
    }

    pub(super) fn pass_rows(&self, facts: &Facts, user: Option<&UserId>) -> (TeamView, Option<u64>) {
        let users: Vec<UserId> = user.into_iter().cloned().collect();
        let organization = facts.organization.as_ref().map(|organization| organization.id);
        let epoch = organization.zip(user).and_then(|(organization, user)| self.epoch(organization, user));
        (super::teams::view(facts, &users), epoch)
    }

    pub(super) fn enrolled(&self, user: &UserId, now: Timestamp, limit: u32) -> Vec<Enrolled> {
        let standing = self.organizations.values().filter(|facts| facts.standing().is_some());
        let found = standing.filter_map(|facts| super::read::affiliated(facts, user));
        let mut all: Vec<_> = found.map(|found| found.affiliation).filter(|found| found.lasts(now)).collect();
        sort_by_key(&mut all, |a| (a.state != OrganizationState::Active, a.name.sort_key(), a.organization));
        all.truncate(super::read::size(limit));
        let with_epoch = |affiliation: crate::domain::resolve::Affiliation| Enrolled {
            epoch: self.epoch(affiliation.organization, user).unwrap_or_default(),
            affiliation,
        };
        all.into_iter().map(with_epoch).collect()
    }
}
