//! Invitations as a state machine.
//!
//! Owns when an invitation is open, and to whom. `pending` is the only state that moves; expiry is
//! one question, [`Invitation::is_open`], asked of one stored instant.

use super::denial::{Denial, Reason, echo};
use super::email::Email;
use super::id::{InvitationId, OrganizationId, TeamId, UserId};
use super::role::Roles;
use super::secret::SecretDigest;
use super::table::Set;
use super::text::{Locale, Message};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// An invitation of one address to one organization. Serde form = stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// To where.
    pub organization: OrganizationId,
    /// Whom.
    pub email: Email,
    /// With which roles.
    pub roles: Roles,
    /// Into which teams besides, as far as they are there when it is accepted.
    #[serde(default, skip_serializing_if = "Set::is_empty")]
    pub teams: Set<TeamId>,
    /// Who vouches for it. When this member loses the power to grant the roles, it is void.
    pub invited_by: UserId,
    /// Where it stands.
    pub state: InvitationState,
    /// The digest of the present token; a resend rotates it.
    pub digest: SecretDigest,
    /// How many tokens it has had.
    pub generation: u32,
    /// What the inviter says.
    pub message: Option<Message>,
    /// In which language to say it.
    pub locale: Option<Locale>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it cannot be accepted.
    pub expires_at: Timestamp,
    /// Who answered it.
    pub answered_by: Option<UserId>,
    /// When it left `pending`.
    pub closed_at: Option<Timestamp>,
}

/// Where an invitation stands. All but `Pending` are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationState {
    /// Waits for an answer; may have expired, see [`Invitation::is_open`].
    Pending,
    /// Its one use is done.
    Accepted,
    /// The invited person said no.
    Declined,
    /// Withdrawn, or replaced by a newer one.
    Revoked,
    /// Closed by the sweep after its time.
    Expired,
}

impl InvitationState {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            InvitationState::Pending => "pending",
            InvitationState::Accepted => "accepted",
            InvitationState::Declined => "declined",
            InvitationState::Revoked => "revoked",
            InvitationState::Expired => "expired",
        }
    }

    /// Reads a public name.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        [Self::Pending, Self::Accepted, Self::Declined, Self::Revoked, Self::Expired]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| Denial::because(Reason::InvalidValue, format!("there is no state `{}`", echo(text))))
    }
}

impl Invitation {
    /// Whether it can be accepted at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.state == InvitationState::Pending && now < self.expires_at
    }

    /// The state to show at `now`: a pending one past its time is expired, swept or not.
    pub fn state_at(&self, now: Timestamp) -> InvitationState {
        match self.state {
            InvitationState::Pending if !self.is_open(now) => InvitationState::Expired,
            state => state,
        }
    }

    /// Refuses what is not open.
    ///
    /// # Errors
    /// `invitation_expired`, `invitation_revoked`, `invitation_used`.
    pub fn require_open(&self, now: Timestamp) -> Result<(), Denial> {
        match self.state_at(now) {
            InvitationState::Pending => Ok(()),
            InvitationState::Expired => Err(Reason::InvitationExpired.into()),
            InvitationState::Revoked => Err(Reason::InvitationRevoked.into()),
            InvitationState::Accepted | InvitationState::Declined => Err(Reason::InvitationUsed.into()),
        }
    }
}
