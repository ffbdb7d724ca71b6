//! The organization itself.

use super::id::{OrganizationId, UserId};
use super::join_request::JoinRequests;
use super::json_object::JsonObject;
use super::slug::Slug;
use super::text::{LogoUrl, Name};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// An organization. Its serde form is the stored form, pinned by a test; `wire::present` alone
/// knows the public one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Organization {
    /// Its id, never handed to another.
    pub id: OrganizationId,
    /// Its present slug; former ones keep leading here.
    pub slug: Slug,
    /// What people call it; need not be unique.
    pub name: Name,
    /// Whether it works.
    pub state: OrganizationState,
    /// The one owner, always a member.
    pub owner: UserId,
    /// Grows by exactly 1 with every committed command.
    pub version: u64,
    /// What the application keeps with it.
    pub metadata: JsonObject,
    /// The application's settings of it.
    pub settings: JsonObject,
    /// Where its logo is.
    pub logo_url: Option<LogoUrl>,
    /// How many members and pending invitations it may have; `None` is no limit.
    pub seat_limit: Option<u32>,
    /// How many members it has.
    pub member_count: u32,
    /// How many invitations are pending. One that has expired counts until the sweep closes it.
    pub pending_count: u32,
    /// Whether it can be asked by people outside.
    #[serde(default)]
    pub join_requests: JoinRequests,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Whether an organization works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationState {
    /// It works.
    Active,
    /// Suspended: hidden from lists, readable by members, closed to writes.
    Inactive,
}

impl Organization {
    /// Whether `more` seats are left.
    pub fn has_seats(&self, more: u32) -> bool {
        let used = self.member_count.saturating_add(self.pending_count);
        self.seat_limit.is_none_or(|limit| used.saturating_add(more) <= limit)
    }

    /// Whether one more member has a seat, be it the one that their invitation held.
    pub fn has_room_for_member(&self) -> bool {
        self.seat_limit.is_none_or(|limit| self.member_count < limit)
    }

    /// Whether it works.
    pub fn is_active(&self) -> bool {
        self.state == OrganizationState::Active
    }
}
