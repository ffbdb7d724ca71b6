//! Teams: parts of an organization, one below another, with roles that reach downwards.
//!
//! Owns the tree's rules and [`Standing`], what somebody may do in a team and where it comes from.
//! Never holds who is in a team beyond the few that a decision is about.

use super::denial::{Denial, Reason};
use super::id::{OrganizationId, TeamId, UserId};
use super::order::sort;
use super::permission::{Permission, PermissionSet};
use super::role::{Powers, RoleKey, Roles, outranks};
use super::table::{Set, Table};
use super::text::Name;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A team. Serde form = stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Whose.
    pub organization: OrganizationId,
    /// What people call it.
    pub name: Name,
    /// The team that it is a part of; `None` is the organization itself.
    pub parent: Option<TeamId>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A member of the organization in one of its teams. Serde form = stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TeamMember {
    /// Of which organization.
    pub organization: OrganizationId,
    /// In which team.
    pub team: TeamId,
    /// Who.
    pub user: UserId,
    /// The roles held in the team and in every team below it.
    pub roles: Roles,
    /// Since when.
    pub added_at: Timestamp,
}

/// How many teams there are, and how deep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeamLimits {
    /// The most teams of one organization.
    pub most: u32,
    /// The most teams from the top of a tree to its bottom.
    pub depth: u32,
}

impl Default for TeamLimits {
    fn default() -> Self {
        TeamLimits { most: 200, depth: 8 }
    }
}

impl TeamLimits {
    /// The greatest values that an operator can choose: the whole tree is read at once.
    pub const GREATEST: TeamLimits = TeamLimits { most: 1000, depth: 32 };
}

/// The teams of one organization.
pub type Teams = Table<TeamId, Team>;

/// The teams of one user, with the roles held there.
pub type HeldInTeams = Table<TeamId, TeamMember>;

/// The way from a team up to the top: the team first. Empty for a team that does not exist; ends even
/// if the tree were a circle.
pub fn way_up(teams: &Teams, team: TeamId) -> Vec<TeamId> {
    let mut way = Vec::new();
    let mut next = teams.get(&team);
    while let Some(found) = next.filter(|found| !way.contains(&found.id)) {
        way.push(found.id);
        next = found.parent.and_then(|parent| teams.get(&parent));
    }
    way
}

/// The team and all below it, each after the one that it is a part of.
pub fn and_below(teams: &Teams, team: TeamId) -> Vec<TeamId> {
    let mut found: Vec<(usize, TeamId)> = Vec::new();
    for id in teams.keys() {
        let way = way_up(teams, *id);
        found.extend(way.iter().position(|above| *above == team).map(|distance| (distance, *id)));
    }
    sort(&mut found);
    found.into_iter().map(|(_, id)| id).collect()
}

/// How many teams there are from this one down to the lowest below it.
pub fn height(teams: &Teams, team: TeamId) -> usize {
    let distance = |id: &TeamId| way_up(teams, *id).iter().position(|above| *above == team);
    teams.keys().filter_map(distance).max().map_or(0, |most| most.saturating_add(1))
}

/// Refuses a place for a team and what is below it.
///
/// Rule: a team is not below itself, and no way from the top to the bottom is too long.
///
/// # Errors
/// `not_found` for a parent that does not exist, `team_cycle`, `team_depth_reached`.
pub fn require_place(
    teams: &Teams,
    team: Option<TeamId>,
    parent: Option<TeamId>,
    limits: TeamLimits,
) -> Result<(), Denial> {
    let above = parent.map(|parent| way_up(teams, parent)).unwrap_or_default();
    if parent.is_some() && above.is_empty() {
        return Err(Denial::about(Reason::NotFound, "parentId", "there is no such team"));
    }
    if team.is_some_and(|team| above.contains(&team)) {
        return Err(Denial::about(Reason::TeamCycle, "parentId", Reason::TeamCycle.title()));
    }
    let below = team.map_or(1, |team| height(teams, team));
    let deep = u32::try_from(above.len().saturating_add(below)).unwrap_or(u32::MAX);
    if deep > limits.depth {
        let detail = format!("teams are at most {} deep", limits.depth);
        return Err(Denial::about(Reason::TeamDepthReached, "parentId", detail));
    }
    Ok(())
}

/// What somebody may do in a team: what the organization's roles allow, and what is held in each team
/// on the way down to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The organization's first, then each team's on the way down.
    levels: Vec<(Option<TeamId>, Powers)>,
}

impl Standing {
    /// In the organization as a whole.
    pub fn in_organization(powers: Powers) -> Self {
        Standing { levels: vec![(None, powers)] }
    }

    /// In a team; `held` says what is held in one team by itself. `None` when there is no such team.
    pub fn in_team(teams: &Teams, team: TeamId, powers: Powers, held: impl Fn(TeamId) -> Powers) -> Option<Self> {
        let way = way_up(teams, team);
        let down = way.iter().rev().map(|id| (Some(*id), held(*id)));
        (!way.is_empty()).then(|| Standing { levels: [(None, powers)].into_iter().chain(down).collect() })
    }

    /// Everything that is allowed there.
    pub fn permissions(&self) -> PermissionSet {
        self.levels.iter().fold(PermissionSet::default(), |set, (_, powers)| set.union(powers.permissions()))
    }

    /// The first role that allows it, from the top down, and the team in which it is held; `None` there is
    /// the organization.
    pub fn granting(&self, permission: Permission) -> Option<(&RoleKey, Option<TeamId>)> {
        self.levels.iter().find_map(|(team, powers)| Some((powers.granting(permission)?, *team)))
    }

    /// Whether somebody may touch what somebody else holds there.
    ///
    /// Rule: they hold no less there, and on the way down there is a place from which they outrank the
    /// other. So the organization's admin stands above a team's, a team's above that of a team below
    /// it, and two of one team are peers.
    pub fn outranks(&self, other: &Standing) -> bool {
        let above = |(mine, theirs): (&Powers, &Powers)| outranks(mine, theirs);
        let no_less = self.permissions().covers(other.permissions());
        no_less && self.on_the_way().iter().zip(&other.on_the_way()).any(above)
    }

    /// All that is held at each place of the way, with what is held above it.
    fn on_the_way(&self) -> Vec<Powers> {
        let mut held = Powers::default();
        let mut more = |powers: &Powers| {
            held = std::mem::take(&mut held).and(powers.clone());
            held.clone()
        };
        self.levels.iter().map(|(_, powers)| more(powers)).collect()
    }
}

/// The teams above a new place that are not above the old one: whoever holds a role in them gains power.
pub fn gained_from(teams: &Teams, old: Option<TeamId>, new: Option<TeamId>) -> Set<TeamId> {
    let above = |place: Option<TeamId>| place.map(|team| way_up(teams, team)).unwrap_or_default();
    let before = above(old);
    above(new).into_iter().filter(|team| !before.contains(team)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::Catalog;

    fn id(number: u8) -> TeamId {
        TeamId::from_parts(u64::from(number), &[number; 10])
    }

    /// Teams as pairs of a number and the parent's.
    fn teams(pairs: &[(u8, u8)]) -> Teams {
        let at = Timestamp::from_millis(0);
        let organization = OrganizationId::from_parts(0, &[0; 10]);
        let team = |(number, parent): &(u8, u8)| Team {
            id: id(*number),
            organization,
            name: Name::parse("Team").unwrap(),
            parent: (*parent > 0).then(|| id(*parent)),
            created_at: at,
            updated_at: at,
        };
        pairs.iter().map(|pair| (id(pair.0), team(pair))).collect()
    }

    fn powers(keys: &[&str]) -> Powers {
        let keys: Vec<RoleKey> = keys.iter().map(|key| RoleKey::parse(key).unwrap()).collect();
        Powers::of(&Catalog::default(), &keys, |_| None)
    }

    #[test]
    fn ways_go_up_and_subtrees_down() {
        let teams = teams(&[(1, 0), (2, 1), (3, 2), (4, 1), (5, 0)]);
        assert_eq!(way_up(&teams, id(3)), [id(3), id(2), id(1)]);
        assert_eq!(and_below(&teams, id(1)), [id(1), id(2), id(4), id(3)]);
        assert_eq!((height(&teams, id(1)), height(&teams, id(5)), height(&teams, id(9))), (3, 1, 0));
        assert!(way_up(&teams, id(9)).is_empty());
        assert_eq!(gained_from(&teams, Some(id(4)), Some(id(3))), Set::from([id(2), id(3)]));
    }

    /// No command can store one; reading must end all the same.
    #[test]
    fn a_circle_ends() {
        let teams = teams(&[(1, 2), (2, 1)]);
        assert_eq!(way_up(&teams, id(1)).len(), 2);
        assert_eq!(and_below(&teams, id(1)).len(), 2);
    }

    #[test]
    fn a_place_is_refused_by_name() {
        let teams = teams(&[(1, 0), (2, 1), (3, 0), (4, 3)]);
        let limits = TeamLimits { depth: 3, ..TeamLimits::default() };
        let place = |team: Option<u8>, parent: u8| {
            let refused = require_place(&teams, team.map(id), Some(id(parent)), limits);
            refused.err().map(|denial| denial.reason)
        };
        assert_eq!(place(None, 2), None);
        assert_eq!(place(None, 9), Some(Reason::NotFound));
        assert_eq!(place(Some(1), 1), Some(Reason::TeamCycle));
        assert_eq!(place(Some(1), 2), Some(Reason::TeamCycle));
        assert_eq!(place(Some(3), 1), None);
        assert_eq!(place(Some(3), 2), Some(Reason::TeamDepthReached));
    }

    #[test]
    fn whoever_stands_higher_outranks() {
        let teams = teams(&[(1, 0), (2, 1)]);
        let standing = |organization: &[&str], upper: &[&str], lower: &[&str]| {
            let held = |team: TeamId| powers(if team == id(1) { upper } else { lower });
            Standing::in_team(&teams, id(2), powers(organization), held).unwrap()
        };
        let admin = standing(&["admin"], &[], &["member"]);
        let upper = standing(&["member"], &["admin"], &[]);
        let lower = standing(&["member"], &[], &["admin"]);
        let plain = standing(&["member"], &[], &["member"]);
        let owner = standing(&["owner"], &[], &[]);
        assert!(owner.outranks(&admin) && admin.outranks(&upper) && upper.outranks(&lower) && lower.outranks(&plain));
        assert!(!lower.outranks(&lower) && !lower.outranks(&upper) && !upper.outranks(&admin));
        assert!(!admin.outranks(&owner) && !plain.outranks(&lower));
        assert_eq!(lower.granting(Permission::TeamUpdate).map(|(_, team)| team), Some(Some(id(2))));
        assert_eq!(admin.granting(Permission::TeamUpdate).map(|(_, team)| team), Some(None));
    }
}
