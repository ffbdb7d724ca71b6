//! What travels through the ports about teams.

use super::rows::Affiliated;
use crate::domain::id::{TeamId, UserId};
use crate::domain::membership::Membership;
use crate::domain::permission::Catalog;
use crate::domain::resolve::Affiliation;
use crate::domain::role::{CustomRole, Powers, RoleKey};
use crate::domain::table::Table;
use crate::domain::team::{HeldInTeams, Standing, TeamMember, Teams};
use serde::{Deserialize, Serialize};

/// The teams of an organization, and what a few users are and hold in them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TeamView {
    /// All of them.
    pub teams: Teams,
    /// What the users asked for hold in them.
    pub held: Table<UserId, HeldInTeams>,
    /// The organization's custom roles.
    pub roles: Vec<CustomRole>,
    /// Those of the users asked for who are members.
    pub members: Vec<Affiliated>,
}

impl TeamView {
    /// What a member may do in a team; `None` when there is no such team. A suspended member may nothing.
    pub fn standing(&self, catalog: &Catalog, member: &Affiliation, team: TeamId) -> Option<Standing> {
        let powers = member.powers(catalog);
        let works = member.require_in_force().is_ok();
        let held = self.held.get(&member.user).filter(|_| works);
        let in_one = |id: TeamId| held.and_then(|held| held.get(&id)).map(|found| self.powers(catalog, found));
        Standing::in_team(&self.teams, team, powers, |id| in_one(id).unwrap_or_default())
    }

    fn powers(&self, catalog: &Catalog, member: &TeamMember) -> Powers {
        let find = |key: &RoleKey| self.roles.iter().find(|role| role.key == *key).map(|role| &role.permissions);
        Powers::of(catalog, member.roles.iter(), find)
    }
}

/// Somebody in a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TeamRow {
    /// What is held there.
    pub member: TeamMember,
    /// Who that is.
    pub membership: Membership,
}

/// Who in a team, or in any, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamMemberFilter {
    /// In which team; `None` is in any of them.
    pub team: Option<TeamId>,
    /// After this user of this team.
    pub after: Option<(TeamId, UserId)>,
    /// At most so many.
    pub limit: u32,
}
