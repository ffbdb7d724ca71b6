//! Ownership on its way: a nomination, and what a user owns.
//!
//! Owns when a nomination stands. Who owns an organization is said in the organization alone.

use super::id::{OrganizationId, UserId};
use super::slug::Slug;
use super::text::Name;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A member whom the owner asked to take over. Kept in the organization, at most one at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Nomination {
    /// Whom.
    pub to: UserId,
    /// The owner who asked. It is void when somebody else owns the organization.
    pub by: UserId,
    /// Since when.
    pub created_at: Timestamp,
    /// From when on it cannot be accepted.
    pub expires_at: Timestamp,
}

impl Nomination {
    /// Whether it can be accepted at `now`, as far as its time goes.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// How a nomination came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NominationEnd {
    /// The nominee said yes; the organization is theirs.
    Accepted,
    /// The nominee said no.
    Declined,
    /// The owner took it back, or nominated anew.
    Withdrawn,
    /// Its time was over.
    Expired,
    /// The nominee is no member in force any more, or the nominator owns nothing here any more.
    Void,
}

/// An organization by its names, for somebody who must know which one is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganizationCard {
    /// Its id.
    pub id: OrganizationId,
    /// Its slug.
    pub slug: Slug,
    /// Its name.
    pub name: Name,
}

/// What a user owns, as far as a rule asks. Deleted organizations do not count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Owned {
    /// How many organizations.
    pub count: u32,
    /// Their personal one.
    pub personal: Option<OrganizationCard>,
}

impl Owned {
    /// Whether there is nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Owned::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_nomination_is_over_at_its_end_and_open_the_millisecond_before() {
        let nomination = json!({ "to": "krist", "by": "kurt", "createdAt": 1, "expiresAt": 9 });
        let nomination: Nomination = serde_json::from_value(nomination).unwrap();
        let open = [8, 9, 10].map(|millis| nomination.is_open(Timestamp::from_millis(millis)));
        assert_eq!(open, [true, false, false]);
    }

    #[test]
    fn a_user_owns_something_when_they_own_one_or_have_a_personal_one() {
        assert!(Owned::default().is_nothing());
        assert!(!Owned { count: 1, personal: None }.is_nothing());
    }
}
