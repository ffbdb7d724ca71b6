//! What travels through the ports about those whom one change touches together.

use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::TeamId;
use crate::domain::membership::Membership;
use crate::domain::role::RoleKey;
use crate::domain::table::Set;
use crate::domain::team::TeamMember;

/// Those whom a change touches without naming them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Group {
    /// Whoever holds a role, in the organization or in a team. Not the owner: what is stored beside the
    /// owner's power is not in force.
    Holders(RoleKey),
    /// Whoever is in one of these teams.
    Teams(Vec<TeamId>),
}

/// The first of them, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Members, those first who joined first.
    pub members: Vec<Membership>,
    /// What is held in teams, by team and user.
    pub in_teams: Vec<TeamMember>,
    /// How often a member of a team is touched; counted no further than [`MOST_COUNTED`].
    pub in_teams_count: u32,
}

/// So far who is in teams is counted.
pub const MOST_COUNTED: u32 = 10_000;

impl Group {
    /// Whom events touch without naming them. A role that only gets another name touches nobody.
    pub fn of(events: &[Event], before: &Facts) -> Option<Group> {
        let teams: Set<TeamId> = events.iter().filter_map(ended_team).collect();
        if !teams.is_empty() {
            return Some(Group::Teams(teams.into_iter().collect()));
        }
        events.iter().find_map(|event| match event {
            Event::RoleDeleted { key, .. } => Some(Group::Holders(key.clone())),
            Event::RoleChanged { role } => {
                let old = before.roles.get(&role.key).map(|old| &old.permissions);
                (old != Some(&role.permissions)).then(|| Group::Holders(role.key.clone()))
            }
            _ => None,
        })
    }
}

fn ended_team(event: &Event) -> Option<TeamId> {
    if let Event::TeamDeleted { team } = event { Some(*team) } else { None }
}
