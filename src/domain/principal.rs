//! Who is calling, as an authenticator vouches for it.

use super::email::Email;
use super::id::UserId;
use super::text::Name;
use serde::{Deserialize, Serialize};

/// The caller. Every authenticator gives the same value; none of them lives here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Principal {
    /// The id that the identity provider gave.
    pub user_id: UserId,
    /// The address, if the provider told one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Whether the provider has proof that the address is the user's.
    #[serde(default)]
    pub email_verified: bool,
    /// Whether this session was opened with a second factor.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mfa: bool,
    /// The name, if the provider told one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// What kind of caller this is.
    #[serde(default)]
    pub kind: PrincipalKind,
}

impl Principal {
    /// The address, when it is proven. Rule: an unverified address proves nothing.
    pub fn verified_email(&self) -> Option<&Email> {
        self.email.as_ref().filter(|_| self.email_verified)
    }
}

/// What kind of caller a principal is. Closed: an unknown kind is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    /// A person.
    #[default]
    User,
    /// A program.
    Service,
    /// An operator of the whole installation. Not a member of anything by that.
    PlatformAdmin,
    /// The installation itself: its clock. No authenticator gives this kind.
    System,
}

impl PrincipalKind {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            PrincipalKind::User => "user",
            PrincipalKind::Service => "service",
            PrincipalKind::PlatformAdmin => "platform_admin",
            PrincipalKind::System => "system",
        }
    }
}
