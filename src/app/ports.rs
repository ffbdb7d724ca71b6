//! What the use cases need from outside, as traits.
//!
//! Owns the contract of a store. An adapter executes; if it has to decide, the contract is wrong.

pub use super::audit::{AuditFilter, LogPart, Recorded};
pub use super::domains::rows::*;
pub use super::door_rows::*;
pub use super::installation::*;
pub use super::rows::*;
pub use super::team_rows::{TeamMemberFilter, TeamRow, TeamView};
pub use super::touched::{Group, MOST_COUNTED, Touched};
pub use super::webhooks::{
    Delivery, DeliveryFilter, DeliveryId, DueDelivery, Emission, Emitted, Fault, Settlement, Sick, WebhookFilter,
    WebhookStore,
};

use super::authentication::fetched::Fetched;
use super::authentication::{Authenticated, Request, Verify};
use crate::domain::claim::Domain;
use crate::domain::denial::{Denial, Reason};
use crate::domain::domain_name::DomainName;
use crate::domain::email::Email;
use crate::domain::facts::Needs;
use crate::domain::id::{DomainId, MessageId, OrganizationId, TeamId, UserId};
use crate::domain::invitation::Invitation;
use crate::domain::organization::Organization;
use crate::domain::resolve::Seen;
use crate::domain::slug::Slug;
use crate::domain::suppression::Suppression;
use crate::domain::time::Timestamp;
use std::pin::Pin;

/// Our fault: something that should have worked did not. Opaque to clients, logged where it is born.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unavailable: {0}")]
pub struct Unavailable(pub String);

impl Unavailable {
    /// The text for a database whose schema is older than the program.
    const MIGRATIONS: &str = "the database lacks migrations: run `npx wrangler d1 migrations apply DB`";

    /// The database lacks migrations.
    pub fn without_migrations() -> Self {
        Unavailable(Self::MIGRATIONS.to_owned())
    }

    /// Whether the database lacks migrations: no request can help before its operator applies them.
    pub fn lacks_migrations(&self) -> bool {
        self.0 == Self::MIGRATIONS
    }
}

/// Why a use case did not end well: the caller's fault, ours, or neither's, never confused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The caller's.
    #[error(transparent)]
    Denied(#[from] Denial),
    /// Neither's: others write to the same organization at this moment. The refusal is `organization_busy`.
    #[error(transparent)]
    Busy(Denial),
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
pub trait Store: DoorStore + WebhookStore + InstallationStore {
    /// The rows that a decision may see, and the receipt under the given key if there is one.
    async fn load(&self, needs: &Needs, receipt: Option<&ReceiptKey>) -> Result<Loaded, Unavailable>;

    /// All of a commit or nothing of it. [`Committed::Conflict`] when the organization has moved on
    /// since the load, or a unique value was taken; [`Committed::Replayed`] when the commit's nonce is stored
    /// already: then nothing has changed.
    async fn commit(&self, commit: &Commit) -> Result<Committed, Unavailable>;

    /// Stores a nonce that nothing else is written with: [`Committed::Done`], or [`Committed::Replayed`].
    async fn spend(&self, nonce: &UpstreamNonce) -> Result<Committed, Unavailable>;

    /// Waits a little after a lost race, so that those who lost do not all come back at once.
    async fn pause(&self, milliseconds: u32);

    /// What resolution may see: the caller's affiliations that are asked for or all of them, the
    /// holders of the hosts, and the organization that the operator offers.
    async fn seen(&self, reach: &Reach) -> Result<Seen, Unavailable>;

    /// The caller's affiliations and the pending invitations of the address, at most 100 of each.
    async fn me(&self, reach: &Reach, email: Option<&Email>, now: Timestamp) -> Result<Me, Unavailable>;

    /// The caller's organizations by name.
    async fn organizations(&self, filter: &OrganizationFilter) -> Result<Vec<Listed>, Unavailable>;

    /// The organization that the reach names first.
    async fn organization(&self, reach: &Reach) -> Result<Tenant<Option<Organization>>, Unavailable>;

    /// Members of it, in the order asked for.
    async fn members(&self, reach: &Reach, filter: &MemberFilter) -> Result<Tenant<Vec<Placed>>, Unavailable>;

    /// Its custom roles, by key.
    async fn roles(&self, reach: &Reach) -> Result<Tenant<RoleRows>, Unavailable>;

    /// Its teams, with what these users are and hold in them.
    async fn teams(&self, reach: &Reach, users: &[UserId]) -> Result<Tenant<TeamView>, Unavailable>;

    /// Who is in a team, or in any, by team and user, beside what the caller holds in the teams.
    async fn team_members(
        &self,
        reach: &Reach,
        filter: &TeamMemberFilter,
    ) -> Result<Tenant<(TeamView, Vec<TeamRow>)>, Unavailable>;

    /// Somebody in a team, beside what the caller holds in the teams.
    async fn team_member(
        &self,
        reach: &Reach,
        team: TeamId,
        user: &UserId,
    ) -> Result<Tenant<(TeamView, Option<TeamRow>)>, Unavailable>;

    /// Its teams and what the caller holds in them, with the version at which the caller's membership last
    /// changed in power or state.
    async fn pass_rows(&self, reach: &Reach) -> Result<Tenant<(TeamView, Option<u64>)>, Unavailable>;

    /// The user's memberships in what is not deleted, the active ones first, by name.
    async fn enrolled(&self, user: &UserId, now: Timestamp, limit: u32) -> Result<Vec<Enrolled>, Unavailable>;

    /// One member of it, with what the member's custom roles allow.
    async fn member(&self, reach: &Reach, user: &UserId) -> Result<Tenant<Option<Affiliated>>, Unavailable>;

    /// Invitations to it, newest first.
    async fn invitations(
        &self,
        reach: &Reach,
        filter: &InvitationFilter,
    ) -> Result<Tenant<Vec<Invitation>>, Unavailable>;

    /// Pending invitations by these members, for a rehearsal: by member, oldest first.
    async fn invited_by(
        &self,
        organization: OrganizationId,
        users: &[UserId],
        limit: u32,
    ) -> Result<Vec<Invitation>, Unavailable>;

    /// The first of those whom a change touches together, for a rehearsal.
    async fn touched(&self, organization: OrganizationId, group: &Group, limit: u32) -> Result<Touched, Unavailable>;

    /// Events of it, in the order of the log or the other way round.
    async fn events(&self, reach: &Reach, filter: &AuditFilter) -> Result<Tenant<Vec<Recorded>>, Unavailable>;

    /// Entries of its log from one on, oldest first, and what it remembers of the log.
    async fn log(&self, reach: &Reach, from: u64, limit: u32) -> Result<Tenant<LogPart>, Unavailable>;

    /// Open invitations of an address, newest first.
    async fn invitations_for(&self, filter: &InvitedFilter) -> Result<Vec<Invited>, Unavailable>;

    /// The wishes of an address not to be invited, the one about all first, then by organization.
    async fn suppressions(&self, filter: &SuppressionFilter) -> Result<Vec<Suppression>, Unavailable>;

    /// Forgets such a wish; `None` is the one about all. [`Committed::Replayed`] when the nonce is stored already.
    async fn forget_suppression(
        &self,
        email: &Email,
        organization: Option<OrganizationId>,
        nonce: Option<&UpstreamNonce>,
    ) -> Result<Committed, Unavailable>;

    /// Domains that it claims, oldest first.
    async fn domains(&self, reach: &Reach, filter: &DomainFilter) -> Result<Tenant<Vec<Domain>>, Unavailable>;

    /// One domain that it claims.
    async fn domain(&self, reach: &Reach, id: DomainId) -> Result<Tenant<Option<Domain>>, Unavailable>;

    /// The active organization that has verified the domain, if the user is not in it.
    async fn joinable(&self, user: &UserId, name: &DomainName) -> Result<Option<Joinable>, Unavailable>;

    /// What stands in the way of erasing a user, and the addresses that memberships know.
    async fn person(&self, user: &UserId) -> Result<Person, Unavailable>;

    /// Organizations that invite one of the addresses or are asked by the user, and then those with the
    /// user as a member.
    async fn traces(&self, user: &UserId, emails: &[Email], limit: u32) -> Result<Vec<OrganizationId>, Unavailable>;

    /// Forgets the user's receipts and departures, and the messages to the addresses.
    async fn forget_person(&self, user: &UserId, emails: &[Email]) -> Result<(), Unavailable>;

    /// Who holds these slugs, and the caller's affiliation with the holder of the first.
    async fn slugs(&self, user: &UserId, slugs: &[Slug], now: Timestamp) -> Result<SlugHolders, Unavailable>;
}

/// The part of a store that the clock drives.
#[expect(async_fn_in_trait, reason = "Workers and browsers have one thread; futures need not be Send")]
pub trait Upkeep {
    /// Whether the store is there and its schema is the expected one; the text says what is missing.
    async fn ready(&self) -> Result<(), Unavailable>;

    /// Organizations with pending invitations or memberships past their time.
    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<OrganizationId>, Unavailable>;

    /// Verified domains whose proof is to be looked for again, those first that are due longest.
    async fn due_domains(&self, now: Timestamp, limit: u32) -> Result<Vec<DueDomain>, Unavailable>;
    /// Organizations whose registration nobody activated in time.
    async fn abandoned(&self, now: Timestamp, limit: u32) -> Result<Vec<OrganizationId>, Unavailable>;

    /// Deleted organizations that can be restored no more.
    async fn to_purge(&self, now: Timestamp, limit: u32) -> Result<Vec<OrganizationId>, Unavailable>;

    /// Forgets receipts made before an instant.
    async fn forget_receipts(&self, before: Timestamp) -> Result<(), Unavailable>;

    /// Forgets nonces whose signatures have expired before an instant.
    async fn forget_nonces(&self, before: Timestamp) -> Result<(), Unavailable>;

    /// Forgets messages that were handed over before an instant.
    async fn forget_messages(&self, before: Timestamp) -> Result<(), Unavailable>;

    /// Forgets what was sent before a day.
    async fn forget_quotas(&self, before: u32) -> Result<(), Unavailable>;

    /// Makes the words anew by which so many members are found, if they were made under an older rule.
    async fn remake_words(&self, limit: u32) -> Result<(), Unavailable>;

    /// Notes a run of the clock, how many of its parts failed, and what the user ids of the authenticators begin with: a
    /// deployment is checked against every prefix that was ever noted. Memory, which is not deployed, keeps none.
    async fn note_tick(&self, at: Timestamp, failures: u32, prefixes: &[&str]) -> Result<(), Unavailable>;

    /// Claims messages that wait for delivery: until the claim's end they are due for nobody else.
    async fn claim_messages(&self, claim: Claim) -> Result<Vec<Message>, Unavailable>;

    /// Records what became of an attempt to deliver.
    async fn settle_message(&self, id: MessageId, settled: Settled) -> Result<(), Unavailable>;

    /// The newest messages, delivered or not.
    async fn newest_messages(&self, limit: u32) -> Result<Vec<Message>, Unavailable>;
}

/// Whoever finds out who calls: asked once for each request, before anything else.
#[expect(async_fn_in_trait, reason = "Workers and browsers have one thread; futures need not be Send")]
pub trait Authenticator {
    /// The caller of a request, `None` for an anonymous one, or the refusal of its credential.
    async fn authenticate(&self, request: &Request) -> Authenticated;
}

/// What checking a token needs from outside.
#[expect(async_fn_in_trait, reason = "Workers and browsers have one thread; futures need not be Send")]
pub trait TokenWork {
    /// Asks an address for JSON: no redirect, at most [`MAX_BYTES`](crate::app::authentication::fetched::MAX_BYTES)
    /// within [`FETCH_TIMEOUT`](crate::app::authentication::fetched::FETCH_TIMEOUT), past every cache.
    async fn fetch(&self, url: &str) -> Fetched;

    /// Whether a signature is right. A key that the runtime does not take makes none right.
    async fn verify(&self, verify: &Verify) -> bool;

    /// Waits a little.
    async fn pause(&self, milliseconds: u32);

    /// The clock.
    fn now(&self) -> Timestamp;

    /// Tells the operator's log.
    fn warn(&self, text: &str);
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

    /// What makes ids of one millisecond differ. Where one process makes them all, they can be in the order of their
    /// making.
    ///
    /// # Errors
    /// As [`Entropy::fill`].
    fn id(&self) -> Result<[u8; 10], Unavailable> {
        let mut bytes = [0; 10];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }
}

/// Whoever asks the DNS. A boxed future, so that it can stand behind a reference: a look-up over the
/// network is not where an allocation counts.
pub trait Dns {
    /// The values of the TXT records of a name. [`Unavailable`] when the resolver does not answer.
    fn txt<'a>(&'a self, name: &'a str) -> Asked<'a>;
}

/// A question to the DNS on its way.
pub type Asked<'a> = Pin<Box<dyn Future<Output = Result<TxtRecords, Unavailable>> + 'a>>;

/// The server that verifies answers to the challenge. Boxed for the same reason.
pub trait ChallengeServer {
    /// What it answers with status 200: no redirect, at most [`MAX_BYTES`](crate::app::challenge::MAX_BYTES) within
    /// [`TIMEOUT`](crate::app::challenge::TIMEOUT).
    fn ask<'a>(&'a self, call: &'a ChallengeCall) -> Answered<'a>;

    /// Tells the operator's log.
    fn warn(&self, text: &str);
}

/// The answer of a challenge's server on its way.
pub type Answered<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, Unavailable>> + 'a>>;

/// A POST request to the challenge's server. Its body may hold a secret: it is not for the log.
#[derive(Clone, PartialEq, Eq)]
pub struct ChallengeCall {
    /// The address; `None` is the service that is bound for it.
    pub url: Option<String>,
    /// The media type of the body.
    pub media_type: &'static str,
    /// The body.
    pub body: String,
}

/// Whoever sends messages.
#[expect(async_fn_in_trait, reason = "Workers and browsers have one thread; futures need not be Send")]
pub trait Messenger {
    /// Hands a message over; it counts as delivered when this succeeds.
    async fn deliver(&self, message: &crate::app::mail::Mail) -> Result<(), Unavailable>;
}

/// Whoever sends webhooks. It follows no redirect, waits for no longer than
/// [`TIMEOUT`](crate::app::webhooks::TIMEOUT) and reads no body.
#[expect(async_fn_in_trait, reason = "Workers and browsers have one thread; futures need not be Send")]
pub trait Sender {
    /// Sends a request.
    async fn send(&self, call: &crate::app::webhooks::Call) -> Sent;
}

/// What sending a webhook came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// An answer with this status.
    Answered(u16),
    /// None in time.
    TimedOut,
    /// None at all.
    Unreachable,
}
