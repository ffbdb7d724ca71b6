//! What rows a command can need.

use crate::domain::command::{InvitationKey, RoleRef, Target};
use crate::domain::domain_name::DomainName;
use crate::domain::email::Email;
use crate::domain::id::{InvitationId, JoinRequestId, LinkId, RegistrationId, UserId};
use crate::domain::secret::SecretDigest;
use crate::domain::slug::Slug;

/// The rows that a command needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// Which organization. For an invitation: the one it leads to, with the inviter's membership.
    pub target: Target,
    /// Whose memberships.
    pub members: Vec<UserId>,
    /// Which slugs' holders.
    pub slugs: Vec<Slug>,
    /// Which invitations.
    pub invitations: InvitationNeed,
    /// The pending invitations of which addresses, besides.
    pub pending_for: Vec<Email>,
    /// Whether also the memberships of the owner and the nominee.
    pub officers: bool,
    /// Whose organizations are counted.
    pub owned: OwnedNeed,
    /// What else there is to know before invitations are sent.
    pub sending: Option<SendingNeed>,
    /// Whether it matters which of the members have been members before.
    pub departed: bool,
    /// Which role's holders are counted.
    pub holders: Option<RoleRef>,
    /// How many of the members and of the pending invitations are needed whose time ends first: what takes seats
    /// frees those that are held beyond their time.
    pub first_to_end: u32,
    /// Whether the teams are needed, with what the members asked for hold in them.
    pub teams: bool,
    /// Whether it matters which roles anybody holds in the teams.
    pub team_roles: bool,
    /// Which of the organization's domains.
    pub domains: DomainNeed,
    /// Which domains' holders.
    pub domain_names: Vec<DomainName>,
    /// Whether the webhooks.
    pub webhooks: bool,
    /// What of the other doors.
    pub doors: DoorNeeds,
}

/// What is needed of whoever is about to be sent invitations: their wishes and everybody's quotas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendingNeed {
    /// Who sends.
    pub inviter: UserId,
    /// To which addresses.
    pub to: Vec<Email>,
    /// Which invitation again.
    pub again: Option<InvitationId>,
}

impl Needs {
    /// What an answer to an invitation is decided on, but for who answers.
    pub fn of_invitation(key: InvitationKey) -> Self {
        let invitations = InvitationNeed::Key(key.clone());
        Needs { invitations, ..Needs::of(Target::Invitation(key)) }
    }

    /// What coming in by a link is decided on, but for who comes.
    pub fn of_link(digest: SecretDigest) -> Self {
        let doors = DoorNeeds { links: Some(LinkNeed::Digest(digest.clone())), ..DoorNeeds::default() };
        Needs { doors, ..Needs::of(Target::Link(digest)) }
    }

    /// The organization alone.
    pub fn of(target: Target) -> Self {
        Needs {
            target,
            members: Vec::new(),
            slugs: Vec::new(),
            invitations: InvitationNeed::Nothing,
            pending_for: Vec::new(),
            officers: false,
            owned: OwnedNeed::Nobody,
            sending: None,
            departed: false,
            holders: None,
            first_to_end: 0,
            teams: false,
            team_roles: false,
            domains: DomainNeed::Nothing,
            domain_names: Vec::new(),
            webhooks: false,
            doors: DoorNeeds::default(),
        }
    }
}

/// What a command needs of links, join requests and registrations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DoorNeeds {
    /// Whether the owner's membership is needed.
    pub owner: bool,
    /// Which links.
    pub links: Option<LinkNeed>,
    /// Which join requests.
    pub join_requests: Option<JoinRequestNeed>,
    /// Which registrations.
    pub registrations: Option<RegistrationNeed>,
}

/// Which links a command needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkNeed {
    /// This one, if it leads to the target organization.
    One(LinkId),
    /// The one with this digest, and the membership of whoever vouches for it.
    Digest(SecretDigest),
    /// All of the organization; there are at most [`LINK_CAP`].
    All,
}

/// Which join requests a command needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoinRequestNeed {
    /// This one, if it is about the target organization.
    One(JoinRequestId),
    /// The latest of this user to the target organization, and how many of theirs wait anywhere.
    LatestOf(UserId),
}

/// Which registrations a command needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistrationNeed {
    /// That of the target organization.
    OfTarget,
    /// Those of an address that wait, and how many were taken since an instant.
    Quota {
        /// The address.
        email: Email,
        /// The first id that could have been born at that instant.
        since: RegistrationId,
    },
}

/// No setting allows more links in an organization.
pub const LINK_CAP: u32 = 100;

/// No more registrations are counted.
pub const REGISTRATION_CAP: u32 = 100_000;

/// The window of the installation's quota of registrations, in milliseconds.
pub const REGISTRATION_WINDOW: u64 = 60 * 60 * 1000;

/// Whose organizations a command needs counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnedNeed {
    /// Nobody's.
    Nobody,
    /// This user's.
    Of(UserId),
    /// The owner's of the target organization.
    OfOwner,
}

/// Which invitations a command needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvitationNeed {
    /// None.
    Nothing,
    /// This one, if it leads to the target organization.
    Key(InvitationKey),
}

/// Which of the organization's domains a command needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DomainNeed {
    /// None.
    Nothing,
    /// All; there are a few.
    All,
    /// The verified one of this name.
    Verified(DomainName),
}

/// The most invitations, and the most memberships, that one sweep closes in an organization.
pub const SWEEP_LIMIT: u32 = 100;
