//! Invitations as a state machine.
//!
//! Owns when an invitation is open, and to whom. `pending` is the only state that moves; expiry is
//! one question, [`Invitation::is_open`], asked of one stored instant.

use super::denial::{Denial, Reason, echo};
use super::email::Email;
use super::id::{InvitationId, OrganizationId, TeamId, UserId};
use super::role::{RoleKey, Roles};
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
    /// Those of them that the operator declared when it was made. Another role under the same key is not meant.
    #[serde(default, skip_serializing_if = "Set::is_empty")]
    pub declared_roles: Set<RoleKey>,
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn invitation(state: InvitationState) -> Invitation {
        let invitation = json!({
            "id": "inv_00000000000170008000000000000000", "organization": "org_00000000000170008000000000000000",
            "email": "krist@nirvana.com", "roles": ["member"], "invitedBy": "kurt", "state": "pending",
            "digest": "0a".repeat(32), "generation": 1, "message": null, "locale": null, "createdAt": 4, "expiresAt": 9,
            "answeredBy": null, "closedAt": null,
        });
        Invitation { state, ..serde_json::from_value(invitation).unwrap() }
    }

    #[test]
    fn a_pending_invitation_is_expired_at_its_end_and_open_the_millisecond_before() {
        let pending = invitation(InvitationState::Pending);
        let shown = [8, 9, 10].map(|millis| pending.state_at(Timestamp::from_millis(millis)));
        assert_eq!(shown, [InvitationState::Pending, InvitationState::Expired, InvitationState::Expired]);
        let open = [8, 9, 10].map(|millis| pending.is_open(Timestamp::from_millis(millis)));
        assert_eq!(open, [true, false, false]);
        let refused = pending.require_open(Timestamp::from_millis(9)).unwrap_err().reason;
        assert_eq!(refused, Reason::InvitationExpired);
    }

    #[test]
    fn a_closed_invitation_keeps_its_state_and_is_never_open() {
        for (state, reason) in [
            (InvitationState::Accepted, Reason::InvitationUsed),
            (InvitationState::Declined, Reason::InvitationUsed),
            (InvitationState::Revoked, Reason::InvitationRevoked),
            (InvitationState::Expired, Reason::InvitationExpired),
        ] {
            let closed = invitation(state);
            for now in [8, 9, 10].map(Timestamp::from_millis) {
                assert_eq!((closed.state_at(now), closed.is_open(now)), (state, false));
                assert_eq!(closed.require_open(now).unwrap_err().reason, reason);
            }
        }
    }

    #[test]
    fn a_state_is_read_by_its_public_name_alone() {
        use InvitationState::*;
        for state in [Pending, Accepted, Declined, Revoked, Expired] {
            assert_eq!(InvitationState::parse(state.as_str()), Ok(state));
        }
        assert_eq!(InvitationState::parse("open").unwrap_err().reason, Reason::InvalidValue);
    }
}
