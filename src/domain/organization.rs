//! The organization itself.

use super::id::{OrganizationId, UserId};
use super::join_request::JoinRequests;
use super::json_object::JsonObject;
use super::ownership::{Nomination, OrganizationCard};
use super::requirements::Requirements;
use super::search;
use super::slug::Slug;
use super::table::Set;
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
    /// Whether pending invitations hold no seat.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending_free: bool,
    /// How many members it has.
    pub member_count: u32,
    /// How many invitations are pending. One that has expired counts until the sweep closes it.
    pub pending_count: u32,
    /// Whether it can be asked by people outside.
    #[serde(default)]
    pub join_requests: JoinRequests,
    /// Whether it is its owner's alone: nobody else ever gets in, and it is never handed over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub personal: bool,
    /// What it asks of whoever acts in it.
    #[serde(default, skip_serializing_if = "Requirements::is_nothing")]
    pub requirements: Requirements,
    /// Whom the owner asked to take over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nomination: Option<Nomination>,
    /// Since when and until when it is deleted; to everybody but its owner it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion: Option<Deletion>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A deletion that can still be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Deletion {
    /// Who deleted it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// From when on nothing of it is left.
    pub purge_at: Timestamp,
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
    /// A working organization of one member, with nothing in it.
    pub fn new(id: OrganizationId, slug: Slug, name: Name, owner: UserId, at: Timestamp) -> Self {
        Organization {
            id,
            slug,
            name,
            state: OrganizationState::Active,
            owner,
            version: 0,
            metadata: JsonObject::default(),
            settings: JsonObject::default(),
            logo_url: None,
            seat_limit: None,
            pending_free: false,
            member_count: 1,
            pending_count: 0,
            join_requests: JoinRequests::default(),
            personal: false,
            requirements: Requirements::default(),
            nomination: None,
            deletion: None,
            created_at: at,
            updated_at: at,
        }
    }

    /// How many seats are taken.
    pub fn seats_used(&self) -> u32 {
        self.member_count.saturating_add(if self.pending_free { 0 } else { self.pending_count })
    }

    /// Whether `more` members find a seat.
    pub fn has_seats(&self, more: u32) -> bool {
        self.seat_limit.is_none_or(|limit| self.seats_used().saturating_add(more) <= limit)
    }

    /// Whether one more invitation may be pending.
    pub fn has_seat_for_invitation(&self) -> bool {
        self.pending_free || self.has_seats(1)
    }

    /// Whether one more member has a seat, be it the one that their invitation held.
    pub fn has_room_for_member(&self) -> bool {
        self.seat_limit.is_none_or(|limit| self.member_count < limit)
    }

    /// Whether it works.
    pub fn is_active(&self) -> bool {
        self.state == OrganizationState::Active && self.deletion.is_none()
    }

    /// `active` or `inactive`; `deleted` while it can be restored.
    pub fn standing(&self) -> &'static str {
        match (&self.deletion, self.state) {
            (Some(_), _) => "deleted",
            (None, OrganizationState::Active) => "active",
            (None, OrganizationState::Inactive) => "inactive",
        }
    }

    /// Its names.
    pub fn card(&self) -> OrganizationCard {
        OrganizationCard { id: self.id, slug: self.slug.clone(), name: self.name.clone() }
    }
}

/// More words than this are not kept of one organization.
const MOST_WORDS: usize = 48;

/// The words by which an organization with this name and slug is found.
pub fn words_of(name: &Name, slug: &Slug) -> Set<String> {
    let words = search::words_of_name(name.as_str()).chain(search::words_of_id(slug.as_str()));
    words.take(MOST_WORDS).collect()
}
