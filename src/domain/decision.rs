//! Decisions: what a permitted command changes, who must hear of it, and what to answer.

use super::domain_name::DomainName;
use super::email::Email;
use super::event::Event;
use super::id::{DomainId, InvitationId, JoinRequestId, LinkId, MessageId, RoleId, TeamId, UserId, WebhookId};
use super::import::ImportStatus;
use super::organization::Organization;
use super::role::{RoleKey, Roles};
use super::slug::Slug;
use super::suppression::Suppression;
use super::text::{Locale, Message, Name};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The answer to a permitted command. "Nothing to do" is no events and an outcome, never an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// What happens.
    pub events: Vec<Event>,
    /// Who must hear of it.
    pub notices: Vec<Notice>,
    /// What the command came to.
    pub outcome: Outcome,
}

impl Decision {
    /// Events without anybody to tell.
    pub fn quiet(events: Vec<Event>, outcome: Outcome) -> Self {
        Decision { events, notices: Vec::new(), outcome }
    }
}

/// What a command came to; details are read from the facts after the events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Outcome {
    /// An organization exists that did not.
    Created,
    /// The organization is as asked.
    Organization,
    /// The organization is gone.
    Deleted,
    /// The member is as asked.
    Member {
        /// Who.
        user: UserId,
        /// Whether the membership is new.
        created: bool,
    },
    /// The member is gone.
    Removed,
    /// The user is gone from this organization.
    Erased {
        /// How many memberships ended: one or none.
        memberships: usize,
        /// How many invitations were withdrawn.
        invitations: usize,
        /// How many requests to join were closed: one or none.
        join_requests: usize,
    },
    /// The invitation is as asked.
    Invitation {
        /// Which.
        invitation: InvitationId,
    },
    /// Each of many invitations came to something of its own.
    Invitations {
        /// In the order of the command.
        lines: Vec<InvitedLine>,
    },
    /// The invitation is accepted; the user is a member.
    Joined {
        /// Which.
        invitation: InvitationId,
        /// Who.
        user: UserId,
    },
    /// The invitation is declined.
    Declined {
        /// Which.
        invitation: InvitationId,
        /// What is kept of the wish not to be invited again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        suppression: Option<Suppression>,
    },
    /// An invitation is on its way to the caller's own address.
    Invited {
        /// Which.
        invitation: InvitationId,
    },
    /// The domain is as asked.
    Domain {
        /// Which.
        domain: DomainId,
        /// Whether the claim is new.
        created: bool,
    },
    /// The claim is gone.
    DomainDeleted {
        /// Which.
        domain: DomainId,
    },
    /// The role is as asked.
    Role {
        /// Which.
        key: RoleKey,
    },
    /// The role is gone.
    RoleDeleted {
        /// Which.
        role: RoleId,
        /// How many members had it and have another one now.
        moved: u32,
        /// How many had it in a team, counted for each team.
        moved_in_teams: u32,
    },
    /// The team is as asked.
    Team {
        /// Which.
        team: TeamId,
    },
    /// The team is gone, with those below it.
    TeamDeleted {
        /// Which.
        team: TeamId,
        /// How many were below it.
        below: usize,
    },
    /// The member of the team is as asked.
    TeamMember {
        /// Which team.
        team: TeamId,
        /// Who.
        user: UserId,
    },
    /// The member of the team is gone from it.
    TeamMemberRemoved {
        /// Which team.
        team: TeamId,
        /// Who.
        user: UserId,
    },
    /// The link is as asked.
    Link {
        /// Which.
        link: LinkId,
    },
    /// The link is gone.
    LinkDeleted {
        /// Which.
        link: LinkId,
    },
    /// The user came in by a link, or was in already.
    JoinedByLink {
        /// Which.
        link: LinkId,
        /// Who.
        user: UserId,
    },
    /// The request is as asked.
    JoinRequest {
        /// Which.
        request: JoinRequestId,
    },
    /// A mail is on its way to whoever registered.
    Registered {
        /// From when on it is too late.
        expires_at: Timestamp,
    },
    /// The webhook is as asked.
    Webhook {
        /// Which.
        webhook: WebhookId,
    },
    /// The webhook is gone.
    WebhookDeleted {
        /// Which.
        webhook: WebhookId,
    },
    /// A message that says nothing is on its way.
    WebhookTested {
        /// To which.
        webhook: WebhookId,
        /// The message.
        message: MessageId,
    },
    /// What was past its time was closed.
    Swept {
        /// How many.
        closed: usize,
    },
    /// An organization was imported.
    Imported {
        /// What became of it.
        status: ImportStatus,
        /// How many members are new.
        added: usize,
    },
}

/// What one of many invitations came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum InvitedLine {
    /// It is there.
    Created {
        /// Which.
        invitation: InvitationId,
    },
    /// It is there, in place of an older one of the same address.
    Replaced {
        /// Which.
        invitation: InvitationId,
        /// The older one.
        superseded: InvitationId,
    },
    /// It was refused, as it would have been alone.
    Refused {
        /// The stable code.
        code: String,
        /// What happened, for a person.
        detail: String,
        /// The field at fault, when there is one.
        param: Option<String>,
        /// The permissions that the caller lacks.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing: Vec<String>,
    },
}

/// A message to somebody, complete but for the token, which the domain never holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Notice {
    /// What it says.
    pub kind: NoticeKind,
    /// To whom.
    pub to: Email,
    /// The invitation that it carries the token of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<InvitationId>,
    /// The organization's name.
    pub organization_name: Name,
    /// The organization's slug.
    pub organization_slug: Slug,
    /// Who caused it, as the reader may see them.
    pub actor: String,
    /// The domain it is about. Shown as it is: the organization has proven that it is theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<DomainName>,
    /// The roles that the reader gets.
    pub roles: Option<Roles>,
    /// What the inviter says.
    pub message: Option<Message>,
    /// In which language to say it.
    pub locale: Option<Locale>,
    /// From when on it is too late.
    pub expires_at: Option<Timestamp>,
}

/// What a notice says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// You are invited. Carries a token.
    Invitation,
    /// Your invitation was accepted.
    InvitationAccepted,
    /// You were added.
    MemberAdded,
    /// You were removed.
    MemberRemoved,
    /// You own it now.
    OwnershipReceived,
    /// Somebody asks to be let in.
    JoinRequestReceived,
    /// You were let in.
    JoinRequestApproved,
    /// You were not let in.
    JoinRequestDenied,
    /// Your organization waits for you. Carries a token.
    Registration,
    /// You are asked to take it over.
    OwnershipOffered,
    /// Nobody asks you to take it over any more.
    OwnershipWithdrawn,
    /// Your nominee took it over.
    OwnershipAccepted,
    /// Your nominee did not take it over.
    OwnershipDeclined,
    /// Your nominee did not answer in time.
    OwnershipExpired,
    /// The proof of your organization's domain is missing.
    DomainMissing,
    /// The proof was missing for too long.
    DomainLapsed,
}

impl NoticeKind {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            NoticeKind::Invitation => "invitation",
            NoticeKind::InvitationAccepted => "invitation_accepted",
            NoticeKind::MemberAdded => "member_added",
            NoticeKind::MemberRemoved => "member_removed",
            NoticeKind::OwnershipReceived => "ownership_received",
            NoticeKind::JoinRequestReceived => "join_request_received",
            NoticeKind::JoinRequestApproved => "join_request_approved",
            NoticeKind::JoinRequestDenied => "join_request_denied",
            NoticeKind::Registration => "registration",
            NoticeKind::OwnershipOffered => "ownership_offered",
            NoticeKind::OwnershipWithdrawn => "ownership_withdrawn",
            NoticeKind::OwnershipAccepted => "ownership_accepted",
            NoticeKind::OwnershipDeclined => "ownership_declined",
            NoticeKind::OwnershipExpired => "ownership_expired",
            NoticeKind::DomainMissing => "domain_missing",
            NoticeKind::DomainLapsed => "domain_lapsed",
        }
    }
}

impl Notice {
    /// A notice with nothing in it but what every notice has.
    pub fn new(kind: NoticeKind, to: Email, organization: &Organization, actor: String) -> Self {
        Notice {
            kind,
            to,
            invitation: None,
            organization_name: organization.name.clone(),
            organization_slug: organization.slug.clone(),
            actor,
            domain: None,
            roles: None,
            message: None,
            locale: None,
            expires_at: None,
        }
    }
}
