//! What a dump does not say of itself: which site it is from, and what its users are called here.

use crate::domain::denial::{Denial, Reason};

/// Where a dump comes from. Repeat an import with the same values: under others, the same rows are
/// other people and other organizations.
///
/// ```
/// use guildhall::app::django::{Source, UserKey};
/// assert_eq!(Source::from(UserKey::Pk), Source { user_key: UserKey::Pk, site: None });
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// Which field of a user becomes the id here.
    pub user_key: UserKey,
    /// Which of several Django sites this is.
    pub site: Option<SiteName>,
}

impl From<UserKey> for Source {
    fn from(user_key: UserKey) -> Self {
        Source { user_key, site: None }
    }
}

/// Which field of a Django user becomes the id here: the one that the identity provider will send.
/// Repeat an import with the same one: under another key the same people are other users.
///
/// ```
/// use guildhall::app::django::UserKey;
/// assert_eq!(UserKey::parse("pk"), Ok(UserKey::Pk));
/// assert_eq!(UserKey::default(), UserKey::Username);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserKey {
    /// The username.
    #[default]
    Username,
    /// The primary key, as text.
    Pk,
    /// The e-mail address, in canonical form (lower case).
    Email,
}

impl UserKey {
    /// Reads `username`, `pk` or `email`.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        match text {
            "username" => Ok(UserKey::Username),
            "pk" => Ok(UserKey::Pk),
            "email" => Ok(UserKey::Email),
            _ => Err(Denial::about(Reason::InvalidValue, "userId", "`username`, `pk` or `email` is expected")),
        }
    }
}

const MAX_SITE: usize = 100;

/// What the operator calls one of several Django sites. Rule: rows with the same primary key and
/// instant of creation are one organization, unless the names of their sites differ. Reason: sites
/// that began as copies of one database have such rows, and only the operator knows.
///
/// ```
/// use guildhall::app::django::SiteName;
/// assert_eq!(SiteName::parse("eu.example.com").unwrap().as_str(), "eu.example.com");
/// assert!(SiteName::parse("EU").is_err() && SiteName::parse("").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteName(String);

impl SiteName {
    /// Reads 1 to 100 of `a-z`, `0-9`, `.`, `-` and `_`; a host name fits.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
        if !text.is_empty() && text.len() <= MAX_SITE && text.bytes().all(known) {
            return Ok(SiteName(text.to_owned()));
        }
        let rule = "1 to 100 of a-z, 0-9, `.`, `-` and `_` are expected";
        Err(Denial::about(Reason::InvalidValue, "site", rule))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
