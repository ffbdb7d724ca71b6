//! Invitation links: one token for many people.
//!
//! Owns whether a link lets in at an instant, and whose address fits. It takes no seat before
//! somebody uses it, and it always has an end: a link that nobody remembers must not live for ever.

use super::denial::{Denial, Reason};
use super::email::{Email, EmailDomain};
use super::id::{LinkId, OrganizationId, UserId};
use super::principal::Principal;
use super::role::{RoleKey, Roles};
use super::secret::SecretDigest;
use super::table::Set;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A link to one organization. Serde form = stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InvitationLink {
    /// Its id.
    pub id: LinkId,
    /// To where.
    pub organization: OrganizationId,
    /// With which roles.
    pub roles: Roles,
    /// Those of them that the operator declared when it was made. Another role under the same key is not meant.
    #[serde(default, skip_serializing_if = "Set::is_empty")]
    pub declared_roles: Set<RoleKey>,
    /// Who vouches for it. When this member loses the power to grant the roles, it is void.
    pub invited_by: UserId,
    /// The digest of the present token; rotating replaces it.
    pub digest: SecretDigest,
    /// How many tokens it has had.
    pub generation: u32,
    /// How many people may use it; `None` is any number.
    pub max_uses: Option<u32>,
    /// How many have.
    pub uses: u32,
    /// The domains of which a verified address is needed; none is no condition.
    pub allowed_domains: Vec<EmailDomain>,
    /// Whether it lets nobody in for now.
    pub disabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it lets nobody in.
    pub expires_at: Timestamp,
}

/// What a link is at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// It lets people in.
    Active,
    /// It was switched off.
    Disabled,
    /// Its time is over.
    Expired,
    /// Everybody it was for has come.
    Used,
}

impl LinkState {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            LinkState::Active => "active",
            LinkState::Disabled => "disabled",
            LinkState::Expired => "expired",
            LinkState::Used => "used",
        }
    }
}

impl InvitationLink {
    /// The most domains of a link.
    pub const MOST_DOMAINS: usize = 20;

    /// What it is at `now`.
    pub fn state_at(&self, now: Timestamp) -> LinkState {
        if self.disabled {
            LinkState::Disabled
        } else if now >= self.expires_at {
            LinkState::Expired
        } else if self.max_uses.is_some_and(|most| self.uses >= most) {
            LinkState::Used
        } else {
            LinkState::Active
        }
    }

    /// Refuses one that lets nobody in.
    ///
    /// # Errors
    /// `link_disabled`, `invitation_expired`, `invitation_used`.
    pub fn require_open(&self, now: Timestamp) -> Result<(), Denial> {
        match self.state_at(now) {
            LinkState::Active => Ok(()),
            LinkState::Disabled => Err(Reason::LinkDisabled.into()),
            LinkState::Expired => Err(Reason::InvitationExpired.into()),
            LinkState::Used => {
                Err(Denial::because(Reason::InvitationUsed, "the link has been used as often as it may"))
            }
        }
    }

    /// Refuses whoever has no *verified* address in one of the domains. An unverified one proves nothing.
    ///
    /// # Errors
    /// `email_not_verified`, `invitation_not_for_you`.
    pub fn require_address(&self, actor: &Principal) -> Result<(), Denial> {
        let fits = |email: &Email| self.allowed_domains.iter().any(|domain| domain.is_of(email));
        match (&actor.email, actor.verified_email()) {
            _ if self.allowed_domains.is_empty() => Ok(()),
            (_, Some(verified)) if fits(verified) => Ok(()),
            (Some(claimed), None) if fits(claimed) => Err(Reason::EmailNotVerified.into()),
            _ => {
                let detail = "the link is for verified addresses of certain domains";
                Err(Denial::because(Reason::InvitationNotForYou, detail))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn link(max_uses: Option<u32>, uses: u32) -> InvitationLink {
        let link = json!({
            "id": "lnk_00000000000170008000000000000000", "organization": "org_00000000000170008000000000000000",
            "roles": ["member"], "invitedBy": "kurt", "digest": "0a".repeat(32), "generation": 1, "maxUses": max_uses,
            "uses": uses, "allowedDomains": [], "disabled": false, "createdAt": 4, "expiresAt": 9,
        });
        serde_json::from_value(link).unwrap()
    }

    #[test]
    fn a_link_is_expired_at_its_end_and_active_the_millisecond_before() {
        let shown = [8, 9, 10].map(|millis| link(None, 7).state_at(Timestamp::from_millis(millis)));
        assert_eq!(shown, [LinkState::Active, LinkState::Expired, LinkState::Expired]);
        let refused = link(None, 7).require_open(Timestamp::from_millis(9)).unwrap_err().reason;
        assert_eq!(refused, Reason::InvitationExpired);
    }

    #[test]
    fn a_link_for_three_is_used_up_by_the_third() {
        let shown = [2, 3, 4].map(|uses| link(Some(3), uses).state_at(Timestamp::from_millis(8)));
        assert_eq!(shown, [LinkState::Active, LinkState::Used, LinkState::Used]);
        let refused = link(Some(3), 3).require_open(Timestamp::from_millis(8)).unwrap_err().reason;
        assert_eq!(refused, Reason::InvitationUsed);
    }

    #[test]
    fn a_disabled_link_says_so_before_anything_else() {
        for (uses, now) in [(2, 8), (3, 8), (2, 9)] {
            let disabled = InvitationLink { disabled: true, ..link(Some(3), uses) };
            assert_eq!(disabled.state_at(Timestamp::from_millis(now)), LinkState::Disabled);
            assert_eq!(disabled.require_open(Timestamp::from_millis(now)).unwrap_err().reason, Reason::LinkDisabled);
        }
    }
}
