//! Commands about links for many, join requests and registrations.

use crate::domain::email::{Email, EmailDomain};
use crate::domain::id::{InvitationId, JoinRequestId, LinkId, MembershipId, RegistrationId};
use crate::domain::reference::Change;
use crate::domain::role::Roles;
use crate::domain::secret::SecretDigest;
use crate::domain::slug::Slug;
use crate::domain::text::{Message, Name};
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

verbs! {
    /// Makes a link for many.
    CreateLink {
        /// The id of the link.
        link: LinkId,
        /// With which roles.
        roles: Roles,
        /// The digest of the token.
        digest: SecretDigest,
        /// For how many people; `None` is any number.
        max_uses: Option<u32>,
        /// Of which domains one needs a verified address; none is no condition.
        allowed_domains: Vec<EmailDomain>,
        /// Whether it lets nobody in for now.
        disabled: bool,
        /// From when on it lets nobody in.
        expires_at: Timestamp,
    }
    /// Changes what is given of a link and nothing else.
    UpdateLink {
        /// Which.
        link: LinkId,
        /// Whether it lets nobody in for now.
        disabled: Option<bool>,
        /// For how many people.
        max_uses: Option<Change<u32>>,
        /// From when on it lets nobody in.
        expires_at: Option<Timestamp>,
    }
    /// Gives a link a new token; every earlier one is void.
    RotateLink {
        /// Which.
        link: LinkId,
        /// The digest of the new token.
        digest: SecretDigest,
    }
    /// Ends a link.
    DeleteLink {
        /// Which.
        link: LinkId,
    }
    /// Comes in by the link that the command's target names.
    AcceptLink {
        /// The id of the new membership.
        membership: MembershipId,
    }
    /// Asks to be let in; who asks is no member.
    AskToJoin {
        /// The id of the request.
        request: JoinRequestId,
        /// What they say.
        message: Option<Message>,
        /// What it takes to answer at once, where a verified domain says so.
        door: Option<DomainDoor>,
    }
    /// Lets in who asked.
    ApproveJoinRequest {
        /// Which request.
        request: JoinRequestId,
        /// The id of the new membership.
        membership: MembershipId,
        /// With which roles.
        roles: Roles,
    }
    /// Does not let in who asked.
    DenyJoinRequest {
        /// Which request.
        request: JoinRequestId,
        /// Whether who asked is not told by mail.
        silent: bool,
    }
    /// Takes the caller's own request back.
    WithdrawJoinRequest {
        /// Which request.
        request: JoinRequestId,
    }
    /// Founds an inactive organization that whoever gets the token activates. Nobody needs to be signed in.
    RegisterOrganization {
        /// The id of the registration.
        registration: RegistrationId,
        /// The id of the placeholder's membership.
        membership: MembershipId,
        /// The organization's name.
        name: Name,
        /// The slugs that it shall have, best first; one that was chosen stands alone.
        slugs: Vec<Slug>,
        /// The slug that it has until it is activated: one that nobody wants.
        holding: Slug,
        /// The address to which the token goes.
        email: Email,
        /// The digest of the token.
        digest: SecretDigest,
        /// From when on it cannot be activated.
        expires_at: Timestamp,
        /// How many seats it has; `None` is no limit.
        seat_limit: Option<u32>,
    }
    /// Makes the caller the owner of the organization that the command's target names.
    ActivateRegistration {
        /// The id of the caller's membership.
        membership: MembershipId,
        /// The slug in place of those that were registered.
        slug: Option<Slug>,
    }
    /// Deletes the organization if it was registered and nobody came in time. The installation itself asks.
    ExpireRegistration {}
}

/// What would be new if a verified domain answers at once, by an invitation or by membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DomainDoor {
    /// The id of the membership.
    pub membership: MembershipId,
    /// The id of the invitation.
    pub invitation: InvitationId,
    /// The digest of the invitation's token.
    pub digest: SecretDigest,
    /// From when on the invitation cannot be accepted.
    pub expires_at: Timestamp,
}
