//! Events: what has happened, in the past tense.
//!
//! Owns their shape, which is also the stored form of the audit log. [`evolve`](super::evolve) says
//! what each one means; every exhaustive match on [`Event`] is a place where none can be forgotten.

use super::claim::Domain;
use super::email::Email;
use super::id::{DomainId, InvitationId, LinkId, RoleId, TeamId, UserId, WebhookId};
use super::invitation::Invitation;
use super::join_request::{JoinRequest, JoinRequests};
use super::json_object::JsonObject;
use super::link::InvitationLink;
use super::membership::Membership;
use super::organization::{Deletion, Organization};
use super::ownership::{Nomination, NominationEnd};
use super::registration::Registration;
use super::requirements::Requirements;
use super::role::{CustomRole, RoleKey, Roles};
use super::secret::SecretDigest;
use super::slug::Slug;
use super::team::{Team, TeamMember};
use super::text::{LogoUrl, Name, Title};
use super::time::Timestamp;
use super::webhook::Webhook;
use serde::{Deserialize, Serialize};

/// The names as a list and by event. An event that is not in the list does not compile.
macro_rules! names {
    ($($text:literal $variant:ident)+) => {
        impl Event {
            /// Every event's public name.
            pub const NAMES: &'static [&'static str] = &[$($text,)+];

            /// The public name.
            pub fn name(&self) -> &'static str {
                match self { $(Event::$variant { .. } => $text,)+ }
            }
        }
    };
}

/// Every event about teams, as a pattern: where they are told apart elsewhere.
macro_rules! about_teams {
    () => {
        Event::TeamCreated { .. }
            | Event::TeamChanged { .. }
            | Event::TeamDeleted { .. }
            | Event::TeamMemberAdded { .. }
            | Event::TeamMemberRolesChanged { .. }
            | Event::TeamMemberRemoved { .. }
    };
}

/// Every event about webhooks, likewise.
macro_rules! about_webhooks {
    () => {
        Event::WebhookCreated { .. }
            | Event::WebhookChanged { .. }
            | Event::WebhookSecretRotated { .. }
            | Event::WebhookDisabled { .. }
            | Event::WebhookDeleted { .. }
    };
}

pub(crate) use {about_teams, about_webhooks};

names! {
    "organization.created" OrganizationCreated
    "organization.renamed" OrganizationRenamed
    "organization.slug_changed" SlugChanged
    "organization.details_changed" DetailsChanged
    "organization.deactivated" OrganizationDeactivated
    "organization.activated" OrganizationActivated
    "organization.seats_changed" SeatsChanged
    "organization.requirements_changed" RequirementsChanged
    "organization.deleted" OrganizationDeleted
    "organization.restored" OrganizationRestored
    "organization.purged" OrganizationPurged
    "organization.ownership_nominated" OwnershipNominated
    "organization.nomination_ended" NominationEnded
    "organization.ownership_transferred" OwnershipTransferred
    "member.added" MemberAdded
    "member.removed" MemberRemoved
    "member.left" MemberLeft
    "member.erased" MemberErased
    "member.roles_changed" RolesChanged
    "member.title_changed" MemberTitleChanged
    "member.suspended" MemberSuspended
    "member.reactivated" MemberReactivated
    "member.term_changed" MemberTermChanged
    "member.expired" MemberExpired
    "member.email_verified" MemberEmailVerified
    "role.created" RoleCreated
    "role.changed" RoleChanged
    "role.deleted" RoleDeleted
    "team.created" TeamCreated
    "team.changed" TeamChanged
    "team.deleted" TeamDeleted
    "team.member_added" TeamMemberAdded
    "team.member_roles_changed" TeamMemberRolesChanged
    "team.member_removed" TeamMemberRemoved
    "invitation.created" InvitationCreated
    "invitation.resent" InvitationResent
    "invitation.revoked" InvitationRevoked
    "invitation.superseded" InvitationSuperseded
    "invitation.accepted" InvitationAccepted
    "invitation.declined" InvitationDeclined
    "invitation.expired" InvitationExpired
    "domain.created" DomainCreated
    "domain.verified" DomainVerified
    "domain.changed" DomainChanged
    "domain.checked" DomainChecked
    "domain.lapsed" DomainLapsed
    "domain.deleted" DomainDeleted
    "invitation_link.created" LinkCreated
    "invitation_link.changed" LinkChanged
    "invitation_link.rotated" LinkRotated
    "invitation_link.used" LinkUsed
    "invitation_link.deleted" LinkDeleted
    "join_request.created" JoinRequested
    "join_request.approved" JoinRequestApproved
    "join_request.denied" JoinRequestDenied
    "join_request.withdrawn" JoinRequestWithdrawn
    "organization.join_requests_changed" JoinRequestsSwitched
    "registration.created" RegistrationCreated
    "registration.activated" RegistrationActivated
    "webhook.created" WebhookCreated
    "webhook.changed" WebhookChanged
    "webhook.secret_rotated" WebhookSecretRotated
    "webhook.disabled" WebhookDisabled
    "webhook.deleted" WebhookDeleted
}

/// Something that happened to one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[expect(missing_docs, reason = "the fields say what they are; each variant has its sentence")]
pub enum Event {
    /// An organization was founded, with its first member and owner.
    #[serde(rename = "organization.created")]
    OrganizationCreated { organization: Box<Organization>, owner: Membership },
    /// It has another name.
    #[serde(rename = "organization.renamed")]
    OrganizationRenamed { name: Name },
    /// It has another slug; the old one keeps leading to it.
    #[serde(rename = "organization.slug_changed")]
    SlugChanged { from: Slug, to: Slug },
    /// Logo, data or settings were replaced.
    #[serde(rename = "organization.details_changed")]
    DetailsChanged { metadata: JsonObject, settings: JsonObject, logo_url: Option<LogoUrl> },
    /// It was suspended.
    #[serde(rename = "organization.deactivated")]
    OrganizationDeactivated {},
    /// Its suspension ended.
    #[serde(rename = "organization.activated")]
    OrganizationActivated {},
    /// It has other seats.
    #[serde(rename = "organization.seats_changed")]
    SeatsChanged { seat_limit: Option<u32>, pending_free: bool },
    /// It asks something else of whoever acts in it.
    #[serde(rename = "organization.requirements_changed")]
    RequirementsChanged { requirements: Requirements },
    /// It is deleted; until its end it can be restored.
    #[serde(rename = "organization.deleted")]
    OrganizationDeleted { deletion: Deletion },
    /// Its deletion was taken back.
    #[serde(rename = "organization.restored")]
    OrganizationRestored {},
    /// It is gone, with all that belonged to it.
    #[serde(rename = "organization.purged")]
    OrganizationPurged {},
    /// A member was asked to take it over.
    #[serde(rename = "organization.ownership_nominated")]
    OwnershipNominated { nomination: Nomination },
    /// Nobody is asked any more.
    #[serde(rename = "organization.nomination_ended")]
    NominationEnded { to: UserId, reason: NominationEnd },
    /// It has another owner; the former one stays as admin.
    #[serde(rename = "organization.ownership_transferred")]
    OwnershipTransferred { from: UserId, to: UserId },
    /// Somebody became a member.
    #[serde(rename = "member.added")]
    MemberAdded { member: Membership },
    /// A member was removed.
    #[serde(rename = "member.removed")]
    MemberRemoved { user: UserId },
    /// A member left.
    #[serde(rename = "member.left")]
    MemberLeft { user: UserId },
    /// A user was erased from the installation, and was a member.
    #[serde(rename = "member.erased")]
    MemberErased { user: UserId },
    /// A member has other roles.
    #[serde(rename = "member.roles_changed")]
    RolesChanged { user: UserId, from: Roles, to: Roles },
    /// A member has another title, or none.
    #[serde(rename = "member.title_changed")]
    MemberTitleChanged { user: UserId, title: Option<Title> },
    /// A member was suspended: kept, without power.
    #[serde(rename = "member.suspended")]
    MemberSuspended { user: UserId },
    /// A member's suspension ended.
    #[serde(rename = "member.reactivated")]
    MemberReactivated { user: UserId },
    /// A membership has another end, or none.
    #[serde(rename = "member.term_changed")]
    MemberTermChanged { user: UserId, until: Option<Timestamp> },
    /// A membership's time was over.
    #[serde(rename = "member.expired")]
    MemberExpired { user: UserId },
    /// A member's address is proven; another one that was known before gives way to it.
    #[serde(rename = "member.email_verified")]
    MemberEmailVerified { user: UserId, email: Email },
    /// A role was made.
    #[serde(rename = "role.created")]
    RoleCreated { role: CustomRole },
    /// A role has another name or other permissions.
    #[serde(rename = "role.changed")]
    RoleChanged { role: CustomRole },
    /// A role is gone; its holders have the other one instead, if one is said.
    #[serde(rename = "role.deleted")]
    RoleDeleted { role: RoleId, key: RoleKey, moved_to: Option<RoleKey> },
    /// A team was made.
    #[serde(rename = "team.created")]
    TeamCreated { team: Team },
    /// A team has another name or another place.
    #[serde(rename = "team.changed")]
    TeamChanged { team: Team },
    /// A team is gone, and with it what was held in it.
    #[serde(rename = "team.deleted")]
    TeamDeleted { team: TeamId },
    /// A member of the organization came into a team.
    #[serde(rename = "team.member_added")]
    TeamMemberAdded { member: TeamMember },
    /// Somebody holds other roles in a team.
    #[serde(rename = "team.member_roles_changed")]
    TeamMemberRolesChanged { team: TeamId, user: UserId, from: Roles, to: Roles },
    /// Somebody left a team or was taken out of it.
    #[serde(rename = "team.member_removed")]
    TeamMemberRemoved { team: TeamId, user: UserId },
    /// An address was invited.
    #[serde(rename = "invitation.created")]
    InvitationCreated { invitation: Invitation },
    /// An invitation has a new token and a new end, and whoever sent it again vouches for it now.
    #[serde(rename = "invitation.resent")]
    InvitationResent {
        invitation: InvitationId,
        invited_by: UserId,
        digest: SecretDigest,
        generation: u32,
        expires_at: Timestamp,
    },
    /// An invitation was withdrawn.
    #[serde(rename = "invitation.revoked")]
    InvitationRevoked { invitation: InvitationId, at: Timestamp },
    /// An invitation gave way to what happened in the same commit: a newer one of the same address,
    /// or the address's owner became a member another way.
    #[serde(rename = "invitation.superseded")]
    InvitationSuperseded { invitation: InvitationId, at: Timestamp },
    /// An invitation was accepted.
    #[serde(rename = "invitation.accepted")]
    InvitationAccepted { invitation: InvitationId, user: UserId, at: Timestamp },
    /// An invitation was declined.
    #[serde(rename = "invitation.declined")]
    InvitationDeclined { invitation: InvitationId, user: UserId, at: Timestamp },
    /// An invitation's time was over.
    #[serde(rename = "invitation.expired")]
    InvitationExpired { invitation: InvitationId, at: Timestamp },
    /// A domain was claimed.
    #[serde(rename = "domain.created")]
    DomainCreated { domain: Domain },
    /// A claim was proven.
    #[serde(rename = "domain.verified")]
    DomainVerified { domain: Domain },
    /// A domain lets people do something else.
    #[serde(rename = "domain.changed")]
    DomainChanged { domain: Domain },
    /// A verified domain's proof was looked for again: it is there, or it is missing for now.
    #[serde(rename = "domain.checked")]
    DomainChecked { domain: Domain },
    /// A verified domain's proof has been missing for too long.
    #[serde(rename = "domain.lapsed")]
    DomainLapsed { domain: Domain },
    /// A claim was given up.
    #[serde(rename = "domain.deleted")]
    DomainDeleted { domain: DomainId },
    /// A link for many was made.
    #[serde(rename = "invitation_link.created")]
    LinkCreated { link: InvitationLink },
    /// A link has another end or limit, or was switched.
    #[serde(rename = "invitation_link.changed")]
    LinkChanged { link: InvitationLink },
    /// A link has a new token, and whoever rotated it vouches for it now.
    #[serde(rename = "invitation_link.rotated")]
    LinkRotated { link: InvitationLink },
    /// Somebody came in by a link.
    #[serde(rename = "invitation_link.used")]
    LinkUsed { link: InvitationLink, user: UserId },
    /// A link is gone.
    #[serde(rename = "invitation_link.deleted")]
    LinkDeleted { link: LinkId },
    /// Somebody asked to be let in.
    #[serde(rename = "join_request.created")]
    JoinRequested { request: JoinRequest },
    /// They were let in.
    #[serde(rename = "join_request.approved")]
    JoinRequestApproved { request: JoinRequest },
    /// They were not.
    #[serde(rename = "join_request.denied")]
    JoinRequestDenied { request: JoinRequest },
    /// They thought better of it.
    #[serde(rename = "join_request.withdrawn")]
    JoinRequestWithdrawn { request: JoinRequest },
    /// Whether it can be asked has changed.
    #[serde(rename = "organization.join_requests_changed")]
    JoinRequestsSwitched { to: JoinRequests },
    /// Somebody not yet known registered it.
    #[serde(rename = "registration.created")]
    RegistrationCreated { registration: Registration },
    /// They came, and own it now.
    #[serde(rename = "registration.activated")]
    RegistrationActivated { registration: Registration },
    /// A webhook was made.
    #[serde(rename = "webhook.created")]
    WebhookCreated { webhook: Webhook },
    /// A webhook has another address, other events or another description, or hears again.
    #[serde(rename = "webhook.changed")]
    WebhookChanged { webhook: Webhook },
    /// A webhook has a new secret.
    #[serde(rename = "webhook.secret_rotated")]
    WebhookSecretRotated { webhook: Webhook },
    /// Nothing is sent to a webhook any more.
    #[serde(rename = "webhook.disabled")]
    WebhookDisabled { webhook: Webhook },
    /// A webhook is gone.
    #[serde(rename = "webhook.deleted")]
    WebhookDeleted { webhook: WebhookId },
}
