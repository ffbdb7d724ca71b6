//! What travels through the ports: loaded facts, commits, messages, sealed rows.
//!
//! Owns their shapes. Never says how they are kept (`store`) or shown (`wire::present`).

pub use super::filters::{
    InvitationFilter, InvitedFilter, MemberFilter, MemberPlace, MemberSort, OrganizationFilter, Placed,
    SuppressionFilter,
};
pub use super::webhooks::Emission;
use crate::domain::audit::AuditEntry;
use crate::domain::command::{InvitationKey, OrganizationRef};
use crate::domain::decision::Notice;
use crate::domain::domain_name::DomainName;
use crate::domain::email::Email;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::{MessageId, OrganizationId, UserId};
use crate::domain::invitation::Invitation;
use crate::domain::membership::Membership;
use crate::domain::operator::OperatorName;
use crate::domain::organization::Organization;
use crate::domain::ownership::OrganizationCard;
use crate::domain::quota::Charge;
use crate::domain::resolve::{Affiliation, Seen};
use crate::domain::role::{CustomRole, CustomRoles, RoleKey};
use crate::domain::scope::Scope;
use crate::domain::slug::Slug;
use crate::domain::suppression::Suppression;
use crate::domain::table::{Set, Table};
use crate::domain::text::Name;
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What `Store::load` found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The facts.
    pub facts: Facts,
    /// The receipt, when one was asked for and is there.
    pub receipt: Option<Receipt>,
}

/// A change to one organization, to be stored whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Which organization.
    pub organization: OrganizationId,
    /// The version that was decided on; 0 for one that did not exist.
    pub base: u64,
    /// When.
    pub at: Timestamp,
    /// The most organizations that whoever becomes an owner may own; `None` is no limit.
    pub max_owned: Option<u32>,
    /// What happened; nothing when only a receipt is to be kept.
    pub events: Vec<Event>,
    /// The entry of the audit log, sealed behind the head that was decided on.
    pub entry: AuditEntry,
    /// The facts after the events.
    pub after: Facts,
    /// What webhooks are told of.
    pub emission: Emission,
    /// Whom to tell.
    pub messages: Vec<Message>,
    /// What the invitations among the events are counted to.
    pub charges: Vec<Charge>,
    /// Who is not to be invited any more.
    pub suppression: Option<Suppression>,
    /// The answer to keep under an idempotency key.
    pub receipt: Option<Receipt>,
    /// The nonce of the signature that the request came with.
    pub nonce: Option<UpstreamNonce>,
}

impl Commit {
    /// Whether there is nothing to store.
    pub fn is_empty(&self) -> bool {
        let told = self.receipt.is_some() || self.suppression.is_some() || self.emission.test.is_some();
        self.events.is_empty() && !told && self.nonce.is_none()
    }

    /// The version after this commit.
    pub fn version(&self) -> u64 {
        if self.events.is_empty() { self.base } else { self.base.saturating_add(1) }
    }
}

/// What became of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// It is stored.
    Done,
    /// It lost a race and left no trace.
    Conflict,
    /// The signature of its request was used before; it left no trace.
    Replayed,
}

/// The nonce of a request that an upstream signed. It is stored with what the request writes, so that the same
/// signature writes once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpstreamNonce {
    /// The id of the key that signed.
    pub key: String,
    /// The nonce as sent.
    pub nonce: String,
    /// From when on the signature counts no more, whatever the clocks of two isolates say.
    pub expires_at: Timestamp,
}

/// How a request came to write: what its writes record besides their actor.
#[derive(Debug, Clone, Copy, Default)]
pub struct Provenance<'a> {
    /// The operator key that it came with.
    pub operator: Option<&'a OperatorName>,
    /// The nonce of its signature, until a write has stored it.
    pub nonce: Option<&'a UpstreamNonce>,
}

/// An idempotency key, whose it is, and what it was first used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptKey {
    /// Whose.
    pub user: UserId,
    /// The key as sent.
    pub key: String,
    /// The digest of path, body and the caller's power.
    pub fingerprint: String,
}

/// The kept answer of a command. The answer is opaque here; a token in it is kept as its seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Receipt {
    /// Whose.
    pub user: UserId,
    /// The key as sent.
    pub key: String,
    /// The digest of path, body and the caller's power.
    pub fingerprint: String,
    /// The answer.
    pub answer: String,
    /// The seed of the token that the answer shows, if it shows one.
    pub seed: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
}

/// A message in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Message {
    /// Its id; receivers drop what they have seen.
    pub id: MessageId,
    /// About which organization.
    pub organization: OrganizationId,
    /// The organization's version with which it was made.
    pub version: u64,
    /// What it says.
    pub notice: Notice,
    /// The seed of the token that it carries, if it carries one.
    pub seed: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was handed over.
    pub delivered_at: Option<Timestamp>,
    /// How often handing it over has failed.
    pub attempts: u32,
    /// When to try next.
    pub due_at: Timestamp,
}

/// A claim on messages that are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The present.
    pub now: Timestamp,
    /// How long the messages are the claimant's.
    pub until: Timestamp,
    /// At most so many.
    pub limit: u32,
}

/// What became of an attempt to deliver a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It was handed over.
    Delivered(Timestamp),
    /// It failed; try again then.
    Retry(Timestamp),
}

/// How far a caller reaches: who, and which organizations the request names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The caller; `None` is nobody.
    pub user: Option<UserId>,
    /// The organizations named; a tenant's rows are those of the first.
    pub asked: Vec<OrganizationRef>,
    /// The hosts whose holders are named.
    pub hosts: Vec<DomainName>,
    /// Whether all of the caller's memberships are needed (at most 100 are given).
    pub all: bool,
    /// Whether the caller is a platform admin, who reaches whatever is named.
    pub platform_admin: bool,
    /// Whether a platform admin reaches what is deleted as well. Reading does, resolution does not.
    pub deleted: bool,
    /// What the operator's settings offer to such a caller.
    pub offer: Option<OrganizationRef>,
    /// The present: a membership whose time is over is none.
    pub now: Timestamp,
}

/// The rows of a tenant, with what resolution needs to open them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant<T> {
    /// The caller's affiliations with the organizations asked for, and who holds the hosts.
    pub seen: Seen,
    /// The rows of the first organization asked for.
    pub sealed: Sealed<T>,
}

/// Rows that only a scope opens, so that they cannot be shown before the caller is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed<T> {
    rows: T,
}

impl<T> Sealed<T> {
    /// Seals rows.
    pub fn new(rows: T) -> Self {
        Sealed { rows }
    }

    /// Opens rows for somebody who may see them.
    pub fn open(self, _proof: &Scope) -> T {
        self.rows
    }
}

/// What `GET /v1/me` shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Me {
    /// The caller's affiliations, and who holds the hosts.
    pub seen: Seen,
    /// Open invitations of the caller's address.
    pub invitations: Vec<Invited>,
}

/// An organization of the caller's, in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// The organization.
    pub organization: Organization,
    /// The caller's membership.
    pub membership: Membership,
    /// Those custom roles that the caller holds.
    pub roles: Vec<CustomRole>,
}

impl Listed {
    /// The caller's affiliation.
    pub fn affiliation(&self) -> Affiliation {
        let roles: CustomRoles = self.roles.iter().map(|role| (role.key.clone(), role.clone())).collect();
        Affiliation::of(&self.organization, &self.membership, &roles)
    }
}

/// The roles of an organization's own, and the keys that are held in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleRows {
    /// Its own roles, by key.
    pub own: Vec<CustomRole>,
    /// Every key that a member holds, in the organization or in a team, whether a role has it or not.
    pub held: Set<RoleKey>,
}

/// One of a user's memberships, and the version at which it last changed in power or state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Enrolled {
    /// The membership, as resolution sees it.
    pub affiliation: Affiliation,
    /// The version.
    pub epoch: u64,
}

/// A member with what resolution sees of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Affiliated {
    /// The membership.
    pub membership: Membership,
    /// What it amounts to.
    pub affiliation: Affiliation,
}

/// An invitation as the invited person may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// Where it leads.
    pub organization: Organization,
    /// Who vouches for it, while they are a member.
    pub inviter: Option<Membership>,
    /// The custom roles that it promises and that the inviter holds.
    pub roles: Vec<CustomRole>,
}

impl Invited {
    /// The facts that an answer to it would be decided on.
    pub fn facts(&self) -> Facts {
        let members = self.inviter.iter().map(|inviter| (inviter.user.clone(), inviter.clone()));
        Facts {
            organization: Some(self.organization.clone()),
            members: members.collect(),
            roles: self.roles.iter().map(|role| (role.key.clone(), role.clone())).collect(),
            invitations: Table::from([(self.invitation.id, self.invitation.clone())]),
            ..Facts::default()
        }
    }

    /// What facts tell of the invitation that a key names.
    pub fn among(facts: &Facts, key: &InvitationKey) -> Option<Self> {
        let invitation = facts.invitation(key)?.clone();
        let inviter = facts.members.get(&invitation.invited_by).cloned();
        let roles = facts.roles.values().cloned().collect();
        let organization = facts.standing()?.clone();
        Some(Invited { organization, inviter, invitation, roles })
    }

    /// The inviter's name.
    pub fn inviter_name(&self) -> Option<&Name> {
        self.inviter.as_ref().and_then(|inviter| inviter.name.as_ref())
    }
}

/// Who holds some slugs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SlugHolders {
    /// The holders of the slugs that have one.
    pub holders: Table<Slug, OrganizationId>,
    /// The caller's affiliation with the first slug's holder.
    pub affiliation: Option<Affiliation>,
}

/// A user, as far as erasing asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// What the user owns, deleted or not; at most 100.
    pub owned: Vec<OrganizationCard>,
    /// The addresses that the user has proven in some organization.
    pub emails: Vec<Email>,
}
