//! What an operator chose that rules depend on.
//!
//! Owns the values and their defaults. Never reads a setting (`app::config` does).

use super::claim::DomainLimits;
use super::door_limits::DoorLimits;
use super::permission::Catalog;
use super::quota::InvitationLimits;
use super::reserved::ReservedSlugs;
use super::team::TeamLimits;
use super::webhook::WebhookLimits;

/// The operator's choices, handed to every decision beside the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How many teams there are, and how deep.
    pub teams: TeamLimits,
    /// How many are invited how often, and for how long.
    pub invitations: InvitationLimits,
    /// The permissions that exist: the built-in ones and the application's.
    pub catalog: Catalog,
    /// The slugs that no organization takes.
    pub reserved: ReservedSlugs,
    /// How many may come in by which other door.
    pub doors: DoorLimits,
    /// How many domains are kept, and how their proofs are watched.
    pub domains: DomainLimits,
    /// How many webhooks there are, and when one is given up.
    pub webhooks: WebhookLimits,
    /// How long a deleted organization can be restored, in seconds; 0 leaves nothing of it at once.
    pub deletion_grace: i64,
    /// The most organizations that one user may own.
    pub max_owned: u32,
}

/// Thirty days.
pub const DEFAULT_DELETION_GRACE: i64 = 30 * 24 * 60 * 60;

/// The most organizations that one user may own when nothing else is said.
pub const DEFAULT_MAX_OWNED: u32 = 100;

impl Default for Policy {
    fn default() -> Self {
        Policy {
            teams: TeamLimits::default(),
            catalog: Catalog::default(),
            invitations: InvitationLimits::default(),
            reserved: ReservedSlugs::default(),
            doors: DoorLimits::default(),
            domains: DomainLimits::default(),
            webhooks: WebhookLimits::default(),
            deletion_grace: DEFAULT_DELETION_GRACE,
            max_owned: DEFAULT_MAX_OWNED,
        }
    }
}
