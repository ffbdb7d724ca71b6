//! How requests name things, and how they say what shall become of a value.

use super::denial::{Denial, Reason};
use super::id::{InvitationId, OrganizationId, RoleId};
use super::role::RoleKey;
use super::secret::SecretDigest;
use super::slug::Slug;
use super::table::Set;
use serde::{Deserialize, Serialize};

/// What a command is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Target {
    /// An organization that does not exist yet.
    New(OrganizationId),
    /// An existing one.
    Organization(OrganizationRef),
    /// The organization that an invitation leads to.
    Invitation(InvitationKey),
    /// The organization that the invitation link with this digest leads to.
    Link(SecretDigest),
    /// The organization that the registration with this digest founded.
    Registration(SecretDigest),
}

/// How a request names an organization: by id or by slug.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum OrganizationRef {
    /// By id.
    Id(OrganizationId),
    /// By present or former slug.
    Slug(Slug),
}

impl OrganizationRef {
    /// Reads an id or a slug; the two cannot be confused, since no slug has an underscore. Rule: a slug in capitals
    /// is the slug in lower case, in a path, header, parameter or body as in a host, where capitals never count.
    ///
    /// # Errors
    /// `not_found`: what is neither names nothing.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        if text.starts_with(OrganizationId::PREFIX) {
            return OrganizationId::parse(text).map(OrganizationRef::Id);
        }
        let slug = Slug::try_from(text.to_ascii_lowercase()).map_err(|_| Denial::from(Reason::NotFound))?;
        Ok(OrganizationRef::Slug(slug))
    }
}

/// The versions of an organization at which a change is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ExpectedVersion {
    /// This one.
    One(u64),
    /// Any of these; of none, no version will do.
    Any(Set<u64>),
}

impl ExpectedVersion {
    /// Whether the change is meant at a version.
    pub fn includes(&self, version: u64) -> bool {
        match self {
            ExpectedVersion::One(expected) => *expected == version,
            ExpectedVersion::Any(expected) => expected.contains(&version),
        }
    }
}

impl OrganizationRef {
    /// Reads an id or a slug that stands in a body, where it is a value like any other.
    ///
    /// # Errors
    /// `invalid_value` for text that can be neither.
    pub fn parse_given(text: &str) -> Result<Self, Denial> {
        let form = "an organization's id or slug is expected";
        Self::parse(text).map_err(|_| Denial::because(Reason::InvalidValue, form))
    }
}

impl From<OrganizationRef> for String {
    fn from(reference: OrganizationRef) -> String {
        match reference {
            OrganizationRef::Id(id) => id.into(),
            OrganizationRef::Slug(slug) => slug.into(),
        }
    }
}

impl TryFrom<String> for OrganizationRef {
    type Error = Denial;
    fn try_from(text: String) -> Result<Self, Denial> {
        Self::parse(&text)
    }
}

/// How an answer names its invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum InvitationKey {
    /// By id: the caller's verified address must be the invited one.
    Id(InvitationId),
    /// By the digest of a token: who holds the token was sent it.
    Digest(SecretDigest),
}

/// How a new organization gets its slug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SlugChoice {
    /// This one or none.
    Exact(Slug),
    /// The first of these that is free.
    FirstFree(Vec<Slug>),
}

impl SlugChoice {
    /// The slugs that could be chosen.
    pub fn candidates(&self) -> &[Slug] {
        match self {
            SlugChoice::Exact(slug) => std::slice::from_ref(slug),
            SlugChoice::FirstFree(slugs) => slugs,
        }
    }
}

/// How a request names a role: by id or by key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum RoleRef {
    /// By id.
    Id(RoleId),
    /// By key.
    Key(RoleKey),
}

impl RoleRef {
    /// Reads an id or a key.
    ///
    /// # Errors
    /// `not_found`: what is neither names nothing.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let id = RoleId::parse(text).map(RoleRef::Id);
        id.or_else(|_| RoleKey::parse(text).map(RoleRef::Key)).map_err(|_| Reason::NotFound.into())
    }
}

impl From<RoleRef> for String {
    fn from(reference: RoleRef) -> String {
        match reference {
            RoleRef::Id(id) => id.into(),
            RoleRef::Key(key) => key.into(),
        }
    }
}

impl TryFrom<String> for RoleRef {
    type Error = Denial;
    fn try_from(text: String) -> Result<Self, Denial> {
        Self::parse(&text)
    }
}

/// A change of something that may be absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Change<T> {
    /// Take this one.
    Set(T),
    /// Have none.
    Clear,
}

impl<T> Change<T> {
    /// What is there after the change.
    pub fn value(&self) -> Option<&T> {
        match self {
            Change::Set(value) => Some(value),
            Change::Clear => None,
        }
    }
}
