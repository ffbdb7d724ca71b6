//! What an organization asks of whoever acts in it, and what a caller's session proves.
//!
//! Owns the one question whether somebody meets it. Never asks an operator or a program: a platform
//! admin answers for the installation, and a service has neither a mailbox nor a second factor.

use super::denial::{Denial, Reason, echo};
use super::principal::{Principal, PrincipalKind};
use serde::{Deserialize, Serialize};

/// What an organization asks of its members.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Requirements {
    /// A verified address.
    #[serde(default)]
    pub verified_email: bool,
    /// A second factor in this session.
    #[serde(default)]
    pub mfa: bool,
}

/// What a caller's session proves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Proof {
    verified_email: bool,
    mfa: bool,
    exempt: bool,
}

impl From<&Principal> for Proof {
    fn from(principal: &Principal) -> Self {
        Proof {
            verified_email: principal.verified_email().is_some(),
            mfa: principal.mfa,
            exempt: principal.kind != PrincipalKind::User,
        }
    }
}

impl Requirements {
    /// Whether nothing is asked.
    pub fn is_nothing(&self) -> bool {
        *self == Requirements::default()
    }

    /// What of them a session does not prove.
    #[must_use]
    pub fn unmet(self, proof: Proof) -> Requirements {
        if proof.exempt {
            return Requirements::default();
        }
        Requirements { verified_email: self.verified_email && !proof.verified_email, mfa: self.mfa && !proof.mfa }
    }

    /// The public names of what is asked.
    pub fn names(self) -> Vec<&'static str> {
        let named = [(self.verified_email, "verifiedEmail"), (self.mfa, "mfa")];
        named.into_iter().filter_map(|(asked, name)| asked.then_some(name)).collect()
    }

    /// Reads public names.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn of_names(names: &[String]) -> Result<Self, Denial> {
        names.iter().try_fold(Requirements::default(), |all, name| match name.as_str() {
            "verifiedEmail" => Ok(Requirements { verified_email: true, ..all }),
            "mfa" => Ok(Requirements { mfa: true, ..all }),
            other => Err(Denial::because(Reason::InvalidValue, format!("`{}` is nothing that is asked", echo(other)))),
        })
    }

    /// Refuses whoever does not meet them.
    ///
    /// ```
    /// use guildhall::domain::requirements::{Proof, Requirements};
    /// let strict = Requirements { mfa: true, ..Requirements::default() };
    /// assert_eq!(strict.require(Proof::default()).unwrap_err().reason.code(), "mfa_required");
    /// ```
    ///
    /// # Errors
    /// `email_not_verified`, `mfa_required`.
    pub fn require(&self, proof: Proof) -> Result<(), Denial> {
        self.unmet(proof).require_none()
    }

    /// Refuses while anything is left.
    ///
    /// # Errors
    /// `email_not_verified`, `mfa_required`.
    pub fn require_none(self) -> Result<(), Denial> {
        if self.verified_email {
            let detail = "the organization asks its members for a verified address";
            return Err(Denial::because(Reason::EmailNotVerified, detail));
        }
        if self.mfa { Err(Reason::MfaRequired.into()) } else { Ok(()) }
    }
}
