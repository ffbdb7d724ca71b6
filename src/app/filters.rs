//! Which rows of a list are asked for, and from where on.

use crate::domain::email::Email;
use crate::domain::id::{InvitationId, MembershipId, OrganizationId, TeamId, UserId};
use crate::domain::invitation::InvitationState;
use crate::domain::membership::{Membership, MembershipState};
use crate::domain::role::RoleKey;
use crate::domain::search::Search;
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Which of the caller's organizations, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationFilter {
    /// Whose.
    pub user: UserId,
    /// The present.
    pub now: Timestamp,
    /// Whether suspended ones are shown.
    pub inactive: bool,
    /// Whether deleted ones are shown, to their owner.
    pub deleted: bool,
    /// After this sort key and id.
    pub after: Option<(String, OrganizationId)>,
    /// At most so many.
    pub limit: u32,
}

/// In which order members come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberSort {
    /// Oldest first.
    Joined,
    /// By name; those without one first.
    Name,
}

/// A place in a list of members: after this key and id. The key is an instant as 15 digits, or a name
/// in lower case; while searching, the word that was found.
pub type MemberPlace = (String, MembershipId);

/// A member in a list, with its place in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Placed {
    /// Where it stands in the list.
    pub key: String,
    /// The member.
    pub member: Membership,
}

/// Which members, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberFilter {
    /// Only holders of this role.
    pub role: Option<RoleKey>,
    /// Only those in this state.
    pub state: Option<MembershipState>,
    /// Only those in this team.
    pub team: Option<TeamId>,
    /// Only those whom it finds.
    pub search: Option<Search>,
    /// In which order.
    pub sort: MemberSort,
    /// After this place.
    pub after: Option<MemberPlace>,
    /// At most so many.
    pub limit: u32,
}

/// Which invitations, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationFilter {
    /// Only those in this state, as it shows at `now`.
    pub state: Option<InvitationState>,
    /// The present.
    pub now: Timestamp,
    /// Before this id (ids are sorted by birth).
    pub before: Option<InvitationId>,
    /// At most so many.
    pub limit: u32,
}

/// Whose wishes not to be invited, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuppressionFilter {
    /// Whose.
    pub email: Email,
    /// After this organization; `None` begins with the wish that is about all.
    pub after: Option<Option<OrganizationId>>,
    /// At most so many.
    pub limit: u32,
}

/// Whose invitations, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitedFilter {
    /// Whose.
    pub email: Email,
    /// The present.
    pub now: Timestamp,
    /// Before this id.
    pub before: Option<InvitationId>,
    /// At most so many.
    pub limit: u32,
}
