//! Who is calling, as an authenticator vouches for it.

use super::denial::{Denial, Reason};
use super::email::Email;
use super::id::UserId;
use super::text::Name;
use super::text_value::text_value;
use super::time::Timestamp;
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
    /// Which issuer of the configuration vouches for it; the development authenticator names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<IssuerName>,
    /// When the user signed in at the issuer, if the issuer told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_in_at: Option<Timestamp>,
}

impl Principal {
    /// A principal of which nothing is known but its id and its kind.
    pub fn new(user_id: UserId, kind: PrincipalKind) -> Self {
        Principal {
            user_id,
            email: None,
            email_verified: false,
            mfa: false,
            name: None,
            kind,
            issuer: None,
            signed_in_at: None,
        }
    }

    /// The address, when it is proven. Rule: an unverified address proves nothing.
    pub fn verified_email(&self) -> Option<&Email> {
        self.email.as_ref().filter(|_| self.email_verified)
    }
}

/// The name of an issuer, as the operator chose it: 1 to 64 lower-case letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct IssuerName(String);

text_value! { IssuerName 0 }

impl IssuerName {
    /// Reads a name.
    ///
    /// # Errors
    /// `invalid_value` for a text that breaks the rule.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
        if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
            return Ok(IssuerName(text.to_owned()));
        }
        let rule = "an issuer's name has 1 to 64 lower-case letters, digits, `-`, `_` and `.`";
        Err(Denial::because(Reason::InvalidValue, rule))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
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
