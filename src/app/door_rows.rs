//! What travels through the ports of links, join requests and registrations.

use super::rows::{Reach, Tenant};
use crate::app::ports::Unavailable;
use crate::domain::facts::Facts;
use crate::domain::id::{JoinRequestId, LinkId, UserId};
use crate::domain::join_request::{JoinRequest, JoinRequestState};
use crate::domain::link::InvitationLink;
use crate::domain::secret::SecretDigest;
use crate::domain::slug::Slug;
use crate::domain::text::Name;
use serde::{Deserialize, Serialize};

/// The part of the truth that is about links and join requests. Every method is one round trip.
#[expect(async_fn_in_trait, reason = "Workers and browsers have one thread; futures need not be Send")]
pub trait DoorStore {
    /// Links to an organization, newest first.
    async fn links(&self, reach: &Reach, filter: &LinkFilter) -> Result<Tenant<Vec<InvitationLink>>, Unavailable>;

    /// One of them.
    async fn link(&self, reach: &Reach, id: LinkId) -> Result<Tenant<Option<InvitationLink>>, Unavailable>;

    /// Requests to an organization, newest first.
    async fn join_requests(
        &self,
        reach: &Reach,
        filter: &JoinRequestFilter,
    ) -> Result<Tenant<Vec<JoinRequest>>, Unavailable>;

    /// Requests of a user, newest first.
    async fn join_requests_of(&self, filter: &RequestedFilter) -> Result<Vec<Requested>, Unavailable>;
}

/// A link as whoever holds its token may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkPreview {
    /// The link.
    pub link: InvitationLink,
    /// The organization's name.
    pub organization_name: Name,
    /// The organization's slug.
    pub organization_slug: Slug,
    /// The name of whoever vouches for it, while they are a member.
    pub inviter_name: Option<Name>,
}

impl LinkPreview {
    /// What facts tell of the link with this digest.
    pub fn among(facts: &Facts, digest: &SecretDigest) -> Option<Self> {
        let link = facts.links.values().find(|link| link.digest == *digest)?;
        let organization = facts.standing()?;
        let inviter = facts.members.get(&link.invited_by);
        Some(LinkPreview {
            link: link.clone(),
            organization_name: organization.name.clone(),
            organization_slug: organization.slug.clone(),
            inviter_name: inviter.and_then(|member| member.name.clone()),
        })
    }
}

/// A join request as the one who asked may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Requested {
    /// The request.
    pub request: JoinRequest,
    /// The organization's name.
    pub organization_name: Name,
    /// The organization's slug.
    pub organization_slug: Slug,
}

/// Which links, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkFilter {
    /// Before this id (ids are sorted by birth).
    pub before: Option<LinkId>,
    /// At most so many.
    pub limit: u32,
}

/// Which join requests to an organization, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinRequestFilter {
    /// Only those in this state.
    pub state: Option<JoinRequestState>,
    /// Before this id.
    pub before: Option<JoinRequestId>,
    /// At most so many.
    pub limit: u32,
}

/// Which join requests of a user, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedFilter {
    /// Whose.
    pub user: UserId,
    /// Only those in this state.
    pub state: Option<JoinRequestState>,
    /// Before this id.
    pub before: Option<JoinRequestId>,
    /// At most so many.
    pub limit: u32,
}
