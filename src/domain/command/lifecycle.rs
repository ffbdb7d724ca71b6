//! Commands about an organization's life and its owner, and about erasing a user.

use crate::domain::email::Email;
use crate::domain::id::UserId;
use crate::domain::join_request::JoinRequests;
use crate::domain::json_object::JsonObject;
use crate::domain::reference::Change;
use crate::domain::slug::Slug;
use crate::domain::text::{LogoUrl, Name};
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

verbs! {
    /// Changes what is given and nothing else.
    #[derive(Default)]
    UpdateOrganization {
        /// The new name.
        name: Option<Name>,
        /// The new slug; the old one keeps leading here.
        slug: Option<Slug>,
        /// What changes in the data: a merge patch.
        metadata: Option<JsonObject>,
        /// What changes in the settings: a merge patch.
        settings: Option<JsonObject>,
        /// The new logo, or none.
        logo_url: Option<Change<LogoUrl>>,
        /// Whether it can be asked by people outside.
        join_requests: Option<JoinRequests>,
        /// The new limit of seats, or none. Only a platform admin changes it.
        seat_limit: Option<Change<u32>>,
        /// Whether pending invitations hold seats.
        count_pending: Option<bool>,
        /// Whether members need a verified address.
        require_verified_email: Option<bool>,
        /// Whether members need a second factor.
        require_mfa: Option<bool>,
    }
    /// Suspends an organization.
    DeactivateOrganization {}
    /// Ends a suspension.
    ActivateOrganization {}
    /// Deletes an organization; until the grace period is over it can be restored.
    DeleteOrganization {}
    /// Takes a deletion back.
    RestoreOrganization {}
    /// Leaves nothing of a deleted organization but its id and slugs, which stay taken.
    PurgeOrganization {
        /// Whether it happens before its time, as a platform admin may ask; else the installation asks.
        early: bool,
    }
    /// Asks a member to take the organization over.
    NominateOwner {
        /// Whom.
        to: UserId,
        /// From when on it cannot be accepted.
        expires_at: Timestamp,
    }
    /// The nominee takes the organization over.
    AcceptOwnership {}
    /// The nominee does not.
    DeclineOwnership {}
    /// The owner takes the nomination back.
    WithdrawNomination {}
    /// Hands the organization to another member.
    TransferOwnership {
        /// The new owner.
        to: UserId,
    }
    /// Ends a user's membership and withdraws the invitations of the user's addresses: one step of
    /// erasing the user from the installation.
    EraseUser {
        /// Who.
        user: UserId,
        /// The addresses that are known to be the user's.
        emails: Vec<Email>,
    }
}
