//! Commands: what a caller wants changed. One struct per verb.
//!
//! Owns their shape. Ids, digests and instants arrive inside, minted by `app::mint`, so that
//! deciding needs neither entropy nor a clock.

use super::denial::{Denial, Reason};
use super::email::Email;
use super::id::{InvitationId, MembershipId, OrganizationId, UserId};
use super::import::ImportOrganization;
use super::json_object::JsonObject;
use super::principal::Principal;
use super::role::Roles;
use super::secret::SecretDigest;
use super::slug::Slug;
use super::suppression::SuppressionScope;
use super::text::{Locale, LogoUrl, Message, Name};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A command with everything that deciding it needs besides facts and the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Command {
    /// Who wants it.
    pub actor: Principal,
    /// What it is about.
    pub target: Target,
    /// Organizations that the request names elsewhere; they must be the same one.
    #[serde(default)]
    pub hints: Vec<OrganizationRef>,
    /// The version that the caller believes to be the present one, if it matters to them.
    #[serde(default)]
    pub if_match: Option<u64>,
    /// What to do.
    pub action: Action,
}

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
    /// Reads an id or a slug; the two cannot be confused, since no slug has an underscore.
    ///
    /// # Errors
    /// `not_found`: what is neither names nothing.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        if text.starts_with(OrganizationId::PREFIX) {
            return OrganizationId::parse(text).map(OrganizationRef::Id);
        }
        let slug = Slug::try_from(text.to_owned()).map_err(|_| Denial::from(Reason::NotFound))?;
        Ok(OrganizationRef::Slug(slug))
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

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident $text:literal)+) => {
        /// What a command does.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "type")]
        pub enum Action {
            $($(#[$doc])* #[serde(rename = $text)] $name($name),)+
        }

        impl Action {
            /// The public name of the command, as the audit log shows it.
            pub fn name(&self) -> &'static str {
                match self { $(Action::$name(_) => $text,)+ }
            }
        }

        $(impl From<$name> for Action {
            fn from(action: $name) -> Action {
                Action::$name(action)
            }
        })+
    };
}

actions! {
    /// Found an organization.
    CreateOrganization "organization.create"
    /// Change its name, slug, logo, metadata or settings.
    UpdateOrganization "organization.update"
    /// Suspend it.
    DeactivateOrganization "organization.deactivate"
    /// End the suspension.
    ActivateOrganization "organization.activate"
    /// End it.
    DeleteOrganization "organization.delete"
    /// Hand it over.
    TransferOwnership "organization.transfer"
    /// Add a known user.
    AddMember "member.add"
    /// Remove a member.
    RemoveMember "member.remove"
    /// Leave.
    LeaveOrganization "member.leave"
    /// Change a member's roles.
    ChangeRoles "member.change_roles"
    /// Invite an address.
    InviteMember "invitation.create"
    /// Invite many addresses at once.
    InviteMembers "invitation.create_many"
    /// Send an invitation again, with a new token.
    ResendInvitation "invitation.resend"
    /// Withdraw an invitation.
    RevokeInvitation "invitation.revoke"
    /// Say yes.
    AcceptInvitation "invitation.accept"
    /// Say no.
    DeclineInvitation "invitation.decline"
    /// Close invitations past their time.
    ExpireInvitations "invitation.expire"
    /// Become a member of the organization for people who are in none. The installation itself asks.
    AutoJoin "member.auto_join"
    /// Take over an organization from another system.
    ImportOrganization "organization.import"
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }
    )+};
}

verbs! {
    /// Founds an organization; the caller becomes its first member and owner.
    CreateOrganization {
        /// The id of the founder's membership.
        membership: MembershipId,
        /// Its name.
        name: Name,
        /// Its slug.
        slug: SlugChoice,
        /// The application's data.
        metadata: JsonObject,
        /// The application's settings.
        settings: JsonObject,
        /// Its logo.
        logo_url: Option<LogoUrl>,
        /// How many seats it has; `None` is no limit.
        seat_limit: Option<u32>,
    }
    /// Changes what is given and nothing else.
    UpdateOrganization {
        /// The new name.
        name: Option<Name>,
        /// The new slug; the old one keeps leading here.
        slug: Option<Slug>,
        /// The new data, whole.
        metadata: Option<JsonObject>,
        /// The new settings, whole.
        settings: Option<JsonObject>,
        /// The new logo, or none.
        logo_url: Option<LogoChange>,
    }
    /// Suspends an organization.
    DeactivateOrganization {}
    /// Ends a suspension.
    ActivateOrganization {}
    /// Deletes an organization with all that belongs to it.
    DeleteOrganization {}
    /// Hands the organization to another member.
    TransferOwnership {
        /// The new owner.
        to: UserId,
    }
    /// Adds a user who is known already.
    AddMember {
        /// The id of the new membership.
        membership: MembershipId,
        /// Who.
        user: UserId,
        /// The user's address, as far as the caller knows.
        email: Option<Email>,
        /// The user's name, as far as the caller knows.
        name: Option<Name>,
        /// With which roles.
        roles: Roles,
        /// Whether an existing member is success (and stays as is) instead of a conflict.
        if_absent: bool,
    }
    /// Removes a member.
    RemoveMember {
        /// Who.
        user: UserId,
    }
    /// Ends the caller's own membership.
    LeaveOrganization {}
    /// Replaces a member's roles.
    ChangeRoles {
        /// Whose.
        user: UserId,
        /// By which.
        roles: Roles,
    }
    /// Invites an address; a pending invitation of the same address is replaced.
    InviteMember {
        /// The id of the invitation.
        invitation: InvitationId,
        /// Whom.
        email: Email,
        /// With which roles.
        roles: Roles,
        /// The digest of the token.
        digest: SecretDigest,
        /// From when on it cannot be accepted.
        expires_at: Timestamp,
        /// What the inviter says.
        message: Option<Message>,
        /// In which language.
        locale: Option<Locale>,
        /// Whether Guildhall sends the token; otherwise the caller does.
        notify: bool,
    }
    /// Invites many addresses, each as if it were invited alone after those before it; what is refused
    /// does not stop the others.
    InviteMembers {
        /// The invitations, at most [`MOST_INVITED_AT_ONCE`].
        lines: Vec<InviteMember>,
    }
    /// Sends an invitation again; every earlier token of it is void.
    ResendInvitation {
        /// Which.
        invitation: InvitationId,
        /// The digest of the new token.
        digest: SecretDigest,
        /// The new end.
        expires_at: Timestamp,
        /// Whether Guildhall sends the token; otherwise the caller does.
        notify: bool,
    }
    /// Withdraws an invitation.
    RevokeInvitation {
        /// Which.
        invitation: InvitationId,
    }
    /// Accepts the invitation that the command's target names.
    AcceptInvitation {
        /// The id of the new membership.
        membership: MembershipId,
    }
    /// Declines the invitation that the command's target names.
    DeclineInvitation {
        /// Who must not invite the address again.
        suppress: Option<SuppressionScope>,
    }
    /// Takes in somebody who is in no organization.
    AutoJoin {
        /// The id of the new membership.
        membership: MembershipId,
        /// Who.
        user: Principal,
    }
    /// Closes the organization's invitations whose time is over. The installation itself asks.
    ExpireInvitations {}
}

/// The most invitations of one command.
pub const MOST_INVITED_AT_ONCE: usize = 100;

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

/// A change of the logo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LogoChange {
    /// Take this one.
    Set(LogoUrl),
    /// Have none.
    Clear,
}
