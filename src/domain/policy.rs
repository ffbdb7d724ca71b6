//! What an operator chose that rules depend on.
//!
//! Owns the values and their defaults. Never reads a setting (`app::config` does).

use super::door_limits::DoorLimits;
use super::permission::Catalog;
use super::quota::InvitationLimits;

/// The operator's choices, handed to every decision beside the facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// How many are invited how often, and for how long.
    pub invitations: InvitationLimits,
    /// The permissions that exist: the built-in ones and the application's.
    pub catalog: Catalog,
    /// How many may come in by which other door.
    pub doors: DoorLimits,
}
