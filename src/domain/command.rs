//! Commands: what a caller wants changed. One struct per verb.
//!
//! Owns their shape. Ids, digests and instants arrive inside, minted by `app::mint`, so that
//! deciding needs neither entropy nor a clock.

use super::domain_name::DomainName;
use super::email::Email;
use super::id::{InvitationId, MembershipId, RoleId, TeamId, UserId};
use super::import::ImportOrganization;
use super::json_object::JsonObject;
use super::membership::{MemberKind, MembershipState};
use super::principal::Principal;
pub use super::reference::{Change, ExpectedVersion, InvitationKey, OrganizationRef, RoleRef, SlugChoice, Target};
use super::role::{RoleKey, Roles};
use super::secret::SecretDigest;
use super::suppression::SuppressionScope;
use super::table::Set;
use super::text::{Locale, LogoUrl, Message, Name, Title};
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
    /// Hosts that the request was sent to; whoever has verified one must be the same organization.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<DomainName>,
    /// The versions at which the caller means it, if that matters to them.
    #[serde(default)]
    pub if_match: Option<ExpectedVersion>,
    /// What to do.
    pub action: Action,
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
    /// Change its name, slug, logo, metadata, settings, seats or requirements.
    UpdateOrganization "organization.update"
    /// Suspend it.
    DeactivateOrganization "organization.deactivate"
    /// End the suspension.
    ActivateOrganization "organization.activate"
    /// End it, for now.
    DeleteOrganization "organization.delete"
    /// Take its end back.
    RestoreOrganization "organization.restore"
    /// End it for good.
    PurgeOrganization "organization.purge"
    /// Ask a member to take it over.
    NominateOwner "organization.nominate_owner"
    /// Take it over.
    AcceptOwnership "organization.accept_ownership"
    /// Do not take it over.
    DeclineOwnership "organization.decline_ownership"
    /// Ask nobody any more.
    WithdrawNomination "organization.withdraw_nomination"
    /// Hand it over.
    TransferOwnership "organization.transfer"
    /// Add a known user.
    AddMember "member.add"
    /// Remove a member.
    RemoveMember "member.remove"
    /// Leave.
    LeaveOrganization "member.leave"
    /// Forget a user.
    EraseUser "user.erase"
    /// Change a member's roles, title, state or term.
    UpdateMember "member.update"
    /// Make a role.
    CreateRole "role.create"
    /// Change a role.
    UpdateRole "role.update"
    /// End a role.
    DeleteRole "role.delete"
    /// Make a team.
    CreateTeam "team.create"
    /// Rename or move a team.
    UpdateTeam "team.update"
    /// End a team.
    DeleteTeam "team.delete"
    /// Put somebody into a team, or change their roles there.
    PutTeamMember "team.put_member"
    /// Take somebody out of a team.
    RemoveTeamMember "team.remove_member"
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
    /// Become a member of the organization for people who are in none. The installation itself asks.
    AutoJoin "member.auto_join"
    /// Close what is past its time.
    CloseOverdue "organization.close_overdue"
    /// Claim a domain.
    ClaimDomain "domain.create"
    /// Prove a claim.
    VerifyDomain "domain.verify"
    /// Change what a domain lets people do.
    ChangeDomain "domain.update"
    /// Give a claim up.
    DeleteDomain "domain.delete"
    /// Look at a proof again.
    RecheckDomain "domain.recheck"
    /// Make a link for many.
    CreateLink "invitation_link.create"
    /// Switch a link, or give it another end or limit.
    UpdateLink "invitation_link.update"
    /// Give a link a new token.
    RotateLink "invitation_link.rotate"
    /// End a link.
    DeleteLink "invitation_link.delete"
    /// Come in by a link.
    AcceptLink "invitation_link.accept"
    /// Ask to be let in.
    AskToJoin "join_request.create"
    /// Let in who asked.
    ApproveJoinRequest "join_request.approve"
    /// Do not let in who asked.
    DenyJoinRequest "join_request.deny"
    /// Ask no more.
    WithdrawJoinRequest "join_request.withdraw"
    /// Found an organization for somebody who is not known yet.
    RegisterOrganization "registration.create"
    /// Come and own it.
    ActivateRegistration "registration.activate"
    /// Delete an organization for which nobody came.
    ExpireRegistration "registration.expire"
    /// Make a webhook.
    CreateWebhook "webhook.create"
    /// Change a webhook.
    UpdateWebhook "webhook.update"
    /// Give a webhook a new secret.
    RotateWebhook "webhook.rotate"
    /// End a webhook.
    DeleteWebhook "webhook.delete"
    /// Send a message that says nothing.
    TestWebhook "webhook.test"
    /// Give an address up.
    DisableWebhook "webhook.disable"
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

mod domains;
mod doors;
mod lifecycle;

pub use domains::*;
pub use doors::*;
pub use lifecycle::*;

mod teams;
mod webhooks;

pub use teams::*;
pub use webhooks::*;

verbs! {
    /// Founds an organization; the caller, or the user whom a platform admin names, becomes its first member and owner.
    CreateOrganization {
        /// The id of the owner's membership.
        membership: MembershipId,
        /// Whose it is, if it is not the caller's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<UserId>,
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
        /// Whether it is the founder's alone.
        #[serde(default)]
        personal: bool,
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
        /// A person or a program.
        #[serde(default)]
        kind: MemberKind,
        /// What they are called there.
        title: Option<Title>,
        /// From when on the membership is over.
        until: Option<Timestamp>,
        /// Whether an existing member is success (and stays as is) instead of a conflict.
        if_absent: bool,
    }
    /// Removes a member.
    RemoveMember {
        /// Who.
        user: UserId,
    }
    /// Ends the caller's own membership; an owner names who owns the organization then.
    LeaveOrganization {
        /// Who owns it then.
        #[serde(default)]
        successor: Option<UserId>,
    }
    /// Changes what is given of a member and nothing else.
    UpdateMember {
        /// Who.
        user: UserId,
        /// The new roles, all of them.
        roles: Option<Roles>,
        /// The new title, or none.
        title: Option<Change<Title>>,
        /// Suspended or not.
        state: Option<MembershipState>,
        /// The new end, or none.
        until: Option<Change<Timestamp>>,
    }
    /// Makes a role of the organization's own.
    CreateRole {
        /// The id of the role.
        role: RoleId,
        /// Its key, for ever.
        key: RoleKey,
        /// What people call it.
        name: Name,
        /// What it allows: public names, or `resource:*`.
        permissions: Set<String>,
    }
    /// Changes what is given of a role and nothing else.
    UpdateRole {
        /// Which.
        role: RoleRef,
        /// The new name.
        name: Option<Name>,
        /// The new permissions, all of them.
        permissions: Option<Set<String>>,
    }
    /// Ends a role.
    DeleteRole {
        /// Which.
        role: RoleRef,
        /// The role that its holders get instead; without one, a role in use stays.
        move_to: Option<RoleKey>,
    }
    /// Invites an address; a pending invitation of the same address is replaced.
    InviteMember {
        /// The id of the invitation.
        invitation: InvitationId,
        /// Whom.
        email: Email,
        /// With which roles.
        roles: Roles,
        /// Into which teams besides.
        #[serde(default, skip_serializing_if = "Set::is_empty")]
        teams: Set<TeamId>,
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
    /// Closes the organization's invitations and memberships whose time is over. The installation
    /// itself asks.
    CloseOverdue {}
}

/// The most invitations of one command.
pub const MOST_INVITED_AT_ONCE: usize = 100;
