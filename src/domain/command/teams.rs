//! Commands about teams.

use crate::domain::command::Change;
use crate::domain::id::{TeamId, UserId};
use crate::domain::role::Roles;
use crate::domain::text::Name;
use serde::{Deserialize, Serialize};

verbs! {
    /// Makes a team.
    CreateTeam {
        /// The id of the team.
        team: TeamId,
        /// What people call it.
        name: Name,
        /// The team that it is a part of.
        parent: Option<TeamId>,
    }
    /// Changes what is given of a team and nothing else.
    UpdateTeam {
        /// Which.
        team: TeamId,
        /// The new name.
        name: Option<Name>,
        /// The new place: a part of this team, or of none.
        parent: Option<Change<TeamId>>,
    }
    /// Ends a team.
    DeleteTeam {
        /// Which.
        team: TeamId,
        /// Whether the teams below it end too; without that, a team with teams below it stays.
        cascade: bool,
    }
    /// Puts a member of the organization into a team, or changes the roles held there.
    PutTeamMember {
        /// Which team.
        team: TeamId,
        /// Who.
        user: UserId,
        /// The roles held there, all of them; without any, a new one is plain member and others keep theirs.
        roles: Option<Roles>,
    }
    /// Takes somebody out of a team.
    RemoveTeamMember {
        /// Which team.
        team: TeamId,
        /// Who.
        user: UserId,
    }
}
