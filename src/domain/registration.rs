//! Registrations: an organization founded for somebody who is not known yet.
//!
//! Owns when one can be activated. Until then the organization is real and inactive, and its owner is
//! a placeholder that nobody can be: no authenticator gives such an id.

use super::denial::{Denial, Reason};
use super::email::Email;
use super::id::{OrganizationId, RegistrationId, UserId};
use super::secret::SecretDigest;
use super::slug::Slug;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A registration of one organization. Serde form = stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Registration {
    /// Its id.
    pub id: RegistrationId,
    /// The organization that it founded; its token activates this one and no other.
    pub organization: OrganizationId,
    /// The address to which the token went.
    pub email: Email,
    /// The slugs that the organization shall have, best first. None is taken before somebody has
    /// proven to be there: slugs are never free again, and anybody may register.
    pub slugs: Vec<Slug>,
    /// The digest of the token.
    pub digest: SecretDigest,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it cannot be activated.
    pub expires_at: Timestamp,
    /// Who activated it.
    pub activated_by: Option<UserId>,
}

impl Registration {
    /// Whether it can be activated at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.activated_by.is_none() && now < self.expires_at
    }

    /// The owner of an organization before it is activated.
    ///
    /// # Errors
    /// None that can happen: the form is that of a user id.
    pub fn placeholder(id: RegistrationId) -> Result<UserId, Denial> {
        UserId::parse(&format!("{}{id}", UserId::REGISTRATION))
    }

    /// Refuses what cannot be activated.
    ///
    /// # Errors
    /// `registration_used`, `registration_expired`.
    pub fn require_open(&self, now: Timestamp) -> Result<(), Denial> {
        match self.activated_by {
            Some(_) => Err(Reason::RegistrationUsed.into()),
            None if self.is_open(now) => Ok(()),
            None => Err(Reason::RegistrationExpired.into()),
        }
    }
}
