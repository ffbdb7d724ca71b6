//! What the use cases need from outside, as traits.
//!
//! Owns the contract of a store. An adapter executes; if it has to decide, the contract is wrong.

use crate::domain::command::OrganizationRef;
use crate::domain::decision::Notice;
use crate::domain::denial::{Denial, Reason};
use crate::domain::email::Email;
use crate::domain::event::Event;
use crate::domain::facts::{Facts, Needs};
use crate::domain::id::{InvitationId, MembershipId, MessageId, OrganizationId, UserId};
use crate::domain::invitation::Invitation;
use crate::domain::membership::Membership;
use crate::domain::organization::Organization;
use crate::domain::resolve::Affiliation;
use crate::domain::role::Role;
use crate::domain::scope::Scope;
use crate::domain::secret::SecretDigest;
use crate::domain::slug::Slug;
use crate::domain::text::Name;
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Our fault: something that should have worked did not. Opaque to clients, logged where it is born.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unavailable: {0}")]
pub struct Unavailable(pub String);

/// Why a use case did not end well: the caller's fault or ours, never confused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The caller's.
    #[error(transparent)]
    Denied(#[from] Denial),
    /// Ours.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Failure::Denied(reason.into())
    }
}

/// The truth. Every method is one round trip; `commit` is one transaction.
#[expect(async_fn_in_trait, reason = "Workers and browsers have one thread; futures need not be Send")]
pub trait Store {
    /// The rows that a decision may see, and the receipt under the given key if there is one.
    async fn load(&self, needs: &Needs, receipt: Option<&ReceiptKey>) -> Result<Loaded, Unavailable>;

    /// All of a commit or nothing of it. [`Committed::Conflict`] when the organization has moved on
    /// since the load, or a unique value was taken: then nothing has changed.
    async fn commit(&self, commit: &Commit) -> Result<Committed, Unavailable>;

    /// Waits a little after a lost race, so that those who lost do not all come back at once.
    async fn pause(&self, milliseconds: u32);

    /// What resolution may see: the caller's affiliations that are asked for, or all of them.
    async fn affiliations(&self, reach: &Reach) -> Result<Vec<Affiliation>, Unavailable>;

    /// The caller's affiliations and the pending invitations of the address, at most 100 of each.
    async fn me(&self, user: &UserId, email: Option<&Email>, now: Timestamp) -> Result<Me, Unavailable>;

    /// The caller's organizations by name.
    async fn organizations(&self, filter: &OrganizationFilter) -> Result<Vec<Listed>, Unavailable>;

    /// The organization that the reach names first.
    async fn organization(&self, reach: &Reach) -> Result<Tenant<Option<Organization>>, Unavailable>;

    /// Members of it, oldest first.
    async fn members(&self, reach: &Reach, filter: &MemberFilter) -> Result<Tenant<Vec<Membership>>, Unavailable>;

    /// One member of it.
    async fn member(&self, reach: &Reach, user: &UserId) -> Result<Tenant<Option<Membership>>, Unavailable>;

    /// Invitations to it, newest first.
    async fn invitations(
        &self,
        reach: &Reach,
        filter: &InvitationFilter,
    ) -> Result<Tenant<Vec<Invitation>>, Unavailable>;

    /// Open invitations of an address, newest first.
    async fn invitations_for(&self, filter: &InvitedFilter) -> Result<Vec<Invited>, Unavailable>;

    /// The invitation with this digest, for whoever holds its token.
    async fn preview(&self, digest: &SecretDigest) -> Result<Option<Invited>, Unavailable>;

    /// Who holds these slugs, and the caller's affiliation with the holder of the first.
    async fn slugs(&self, user: &UserId, slugs: &[Slug]) -> Result<SlugHolders, Unavailable>;
}

/// The part of a store that the clock drives.
#[expect(async_fn_in_trait, reason = "Workers and browsers have one thread; futures need not be Send")]
pub trait Upkeep {
    /// Whether the store is there and its schema is the expected one; the text says what is missing.
    async fn ready(&self) -> Result<(), Unavailable>;

    /// Organizations with pending invitations past their time.
    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<OrganizationId>, Unavailable>;

    /// Forgets receipts made before an instant.
    async fn forget_receipts(&self, before: Timestamp) -> Result<(), Unavailable>;

    /// Forgets messages that were handed over before an instant.
    async fn forget_messages(&self, before: Timestamp) -> Result<(), Unavailable>;

    /// Claims messages that wait for delivery: until the claim's end they are due for nobody else.
    async fn claim_messages(&self, claim: Claim) -> Result<Vec<Message>, Unavailable>;

    /// Records what became of an attempt to deliver.
    async fn settle_message(&self, id: MessageId, settled: Settled) -> Result<(), Unavailable>;

    /// The newest messages, delivered or not.
    async fn newest_messages(&self, limit: u32) -> Result<Vec<Message>, Unavailable>;
}

/// A hint store: may lose, may lag, may fail; never the truth.
#[expect(async_fn_in_trait, reason = "Workers and browsers have one thread; futures need not be Send")]
pub trait Cache {
    /// What was put, or `None`; a failure is `None`.
    async fn get(&self, key: &str) -> Option<String>;
    /// Puts a value for `seconds` (at least 60); a failure is silent here and logged where it is born.
    async fn put(&self, key: &str, value: &str, seconds: u64);
}

/// Randomness.
pub trait Entropy {
    /// Fills a buffer with random bytes.
    ///
    /// # Errors
    /// [`Unavailable`] when the system has none to give.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Unavailable>;
}

/// Whoever sends messages.
#[expect(async_fn_in_trait, reason = "Workers and browsers have one thread; futures need not be Send")]
pub trait Messenger {
    /// Hands a message over; it counts as delivered when this succeeds.
    async fn deliver(&self, message: &crate::app::mail::Mail) -> Result<(), Unavailable>;
}

/// What [`Store::load`] found.
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
    /// By whom.
    pub actor: UserId,
    /// The command's name.
    pub action: &'static str,
    /// What happened; nothing when only a receipt is to be kept.
    pub events: Vec<Event>,
    /// The facts after the events.
    pub after: Facts,
    /// Whom to tell.
    pub messages: Vec<Message>,
    /// The answer to keep under an idempotency key.
    pub receipt: Option<Receipt>,
}

impl Commit {
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
}

/// An idempotency key, whose it is, and what it was first used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptKey {
    /// Whose.
    pub user: UserId,
    /// The key as sent.
    pub key: String,
    /// The digest of method, path and body.
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
    /// The digest of method, path and body.
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
    /// The caller.
    pub user: UserId,
    /// The organizations named; a tenant's rows are those of the first.
    pub asked: Vec<OrganizationRef>,
    /// Whether all of the caller's memberships are needed (at most 100 are given).
    pub all: bool,
}

/// The rows of a tenant, with what resolution needs to open them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant<T> {
    /// The caller's affiliations with the organizations asked for.
    pub affiliations: Vec<Affiliation>,
    /// The rows of the first of them.
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
    /// The caller's affiliations.
    pub affiliations: Vec<Affiliation>,
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
}

impl Listed {
    /// The caller's roles in force.
    pub fn roles(&self) -> Vec<Role> {
        self.membership.effective_roles(&self.organization)
    }
}

/// An invitation as the invited person may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// The organization's name.
    pub organization_name: Name,
    /// The organization's slug.
    pub organization_slug: Slug,
    /// The inviter's name, while they are a member.
    pub inviter_name: Option<Name>,
}

/// Who holds some slugs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SlugHolders {
    /// The holders of the slugs that have one.
    pub holders: BTreeMap<Slug, OrganizationId>,
    /// The caller's affiliation with the first slug's holder.
    pub affiliation: Option<Affiliation>,
}

/// Which of the caller's organizations, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationFilter {
    /// Whose.
    pub user: UserId,
    /// Whether suspended ones are shown.
    pub inactive: bool,
    /// After this sort key and id.
    pub after: Option<(String, OrganizationId)>,
    /// At most so many.
    pub limit: u32,
}

/// Which members, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberFilter {
    /// Only holders of this role.
    pub role: Option<Role>,
    /// After this instant and id.
    pub after: Option<(Timestamp, MembershipId)>,
    /// At most so many.
    pub limit: u32,
}

/// Which invitations, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationFilter {
    /// Only those in this state, as it shows at `now`.
    pub state: Option<crate::domain::invitation::InvitationState>,
    /// The present.
    pub now: Timestamp,
    /// Before this id (ids are sorted by birth).
    pub before: Option<InvitationId>,
    /// At most so many.
    pub limit: u32,
}

/// Whose invitations, from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitedFilter {
    /// Whose.
    pub email: Email,
    /// The present.
    pub now: Timestamp,
    /// Before this id.
    pub before: Option<InvitationId>,
    /// At most so many.
    pub limit: u32,
}
