//! Clients that meet, in every order a seed can make: each call of the store is a point at which
//! another client may go on. And the canaries: two naive ways of storing that must be caught here,
//! or this harness proves nothing.

use crate::support::SeededEntropy;
use crate::support::dump::dump;
use crate::support::invariants::broken;
use crate::support::random::person;
use crate::support::site::{Site, request, settings};
use crate::support::sqlite;
use guildhall::app::config::Settings;
use guildhall::app::ports::*;
use guildhall::domain::claim::Domain;
use guildhall::domain::command::{OrganizationRef, Target};
use guildhall::domain::domain_name::DomainName;
use guildhall::domain::email::Email;
use guildhall::domain::facts::{Facts, Needs};
use guildhall::domain::id::{DomainId, LinkId, OrganizationId, TeamId, UserId};
use guildhall::domain::invitation::Invitation;
use guildhall::domain::join_request::JoinRequest;
use guildhall::domain::link::InvitationLink;
use guildhall::domain::organization::Organization;
use guildhall::domain::resolve::Seen;
use guildhall::domain::slug::Slug;
use guildhall::domain::suppression::Suppression;
use guildhall::domain::time::Timestamp;
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::{Value, json};
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// A store at whose calls others may go on. A naive one stores what was decided on old facts.
pub struct Shared<S> {
    pub store: S,
    pub naive: bool,
}

/// Lets somebody else go on, once.
async fn pause() {
    let mut paused = false;
    std::future::poll_fn(|_| if std::mem::replace(&mut paused, true) { Poll::Ready(()) } else { Poll::Pending }).await;
}

impl<S: DoorStore> DoorStore for Shared<S> {
    async fn links(&self, reach: &Reach, filter: &LinkFilter) -> Result<Tenant<Vec<InvitationLink>>, Unavailable> {
        self.store.links(reach, filter).await
    }
    async fn link(&self, reach: &Reach, id: LinkId) -> Result<Tenant<Option<InvitationLink>>, Unavailable> {
        self.store.link(reach, id).await
    }
    async fn join_requests(
        &self,
        reach: &Reach,
        filter: &JoinRequestFilter,
    ) -> Result<Tenant<Vec<JoinRequest>>, Unavailable> {
        self.store.join_requests(reach, filter).await
    }
    async fn join_requests_of(&self, filter: &RequestedFilter) -> Result<Vec<Requested>, Unavailable> {
        self.store.join_requests_of(filter).await
    }
}

impl<S: Store> Store for Shared<S> {
    async fn load(&self, needs: &Needs, receipt: Option<&ReceiptKey>) -> Result<Loaded, Unavailable> {
        pause().await;
        self.store.load(needs, receipt).await
    }

    async fn commit(&self, commit: &Commit) -> Result<Committed, Unavailable> {
        pause().await;
        let mut commit = commit.clone();
        if self.naive {
            let facts = self.facts(&commit).await?;
            commit.base = facts.version();
            commit.after.organization.iter_mut().for_each(|organization| organization.version = commit.base + 1);
            commit.entry.seq = commit.base + 1;
            commit.entry = commit.entry.sealed(commit.organization, facts.head);
        }
        self.store.commit(&commit).await
    }

    async fn pause(&self, _milliseconds: u32) {
        pause().await;
    }

    async fn seen(&self, reach: &Reach) -> Result<Seen, Unavailable> {
        self.store.seen(reach).await
    }
    async fn me(&self, reach: &Reach, email: Option<&Email>, now: Timestamp) -> Result<Me, Unavailable> {
        self.store.me(reach, email, now).await
    }
    async fn organizations(&self, filter: &OrganizationFilter) -> Result<Vec<Listed>, Unavailable> {
        self.store.organizations(filter).await
    }
    async fn organization(&self, reach: &Reach) -> Result<Tenant<Option<Organization>>, Unavailable> {
        self.store.organization(reach).await
    }
    async fn members(&self, reach: &Reach, filter: &MemberFilter) -> Result<Tenant<Vec<Placed>>, Unavailable> {
        self.store.members(reach, filter).await
    }
    async fn touched(&self, organization: OrganizationId, group: &Group, limit: u32) -> Result<Touched, Unavailable> {
        self.store.touched(organization, group, limit).await
    }
    async fn teams(&self, reach: &Reach, users: &[UserId]) -> Result<Tenant<TeamView>, Unavailable> {
        self.store.teams(reach, users).await
    }
    async fn team_members(
        &self,
        reach: &Reach,
        filter: &TeamMemberFilter,
    ) -> Result<Tenant<(TeamView, Vec<TeamRow>)>, Unavailable> {
        self.store.team_members(reach, filter).await
    }
    async fn team_member(
        &self,
        reach: &Reach,
        team: TeamId,
        user: &UserId,
    ) -> Result<Tenant<(TeamView, Option<TeamRow>)>, Unavailable> {
        self.store.team_member(reach, team, user).await
    }
    async fn pass_rows(&self, reach: &Reach) -> Result<Tenant<(TeamView, Option<u64>)>, Unavailable> {
        self.store.pass_rows(reach).await
    }
    async fn enrolled(&self, user: &UserId, now: Timestamp, limit: u32) -> Result<Vec<Enrolled>, Unavailable> {
        self.store.enrolled(user, now, limit).await
    }
    async fn member(&self, reach: &Reach, user: &UserId) -> Result<Tenant<Option<Affiliated>>, Unavailable> {
        self.store.member(reach, user).await
    }
    async fn invitations(
        &self,
        reach: &Reach,
        filter: &InvitationFilter,
    ) -> Result<Tenant<Vec<Invitation>>, Unavailable> {
        self.store.invitations(reach, filter).await
    }
    async fn invited_by(
        &self,
        organization: guildhall::domain::id::OrganizationId,
        users: &[UserId],
        limit: u32,
    ) -> Result<Vec<Invitation>, Unavailable> {
        self.store.invited_by(organization, users, limit).await
    }
    async fn events(&self, reach: &Reach, filter: &AuditFilter) -> Result<Tenant<Vec<Recorded>>, Unavailable> {
        self.store.events(reach, filter).await
    }
    async fn log(&self, reach: &Reach, from: u64, limit: u32) -> Result<Tenant<LogPart>, Unavailable> {
        self.store.log(reach, from, limit).await
    }
    async fn invitations_for(&self, filter: &InvitedFilter) -> Result<Vec<Invited>, Unavailable> {
        self.store.invitations_for(filter).await
    }
    async fn suppressions(&self, filter: &SuppressionFilter) -> Result<Vec<Suppression>, Unavailable> {
        self.store.suppressions(filter).await
    }
    async fn spend(&self, nonce: &UpstreamNonce) -> Result<Committed, Unavailable> {
        self.store.spend(nonce).await
    }
    async fn forget_suppression(
        &self,
        email: &Email,
        organization: Option<OrganizationId>,
        nonce: Option<&UpstreamNonce>,
    ) -> Result<Committed, Unavailable> {
        self.store.forget_suppression(email, organization, nonce).await
    }
    async fn domains(&self, reach: &Reach, filter: &DomainFilter) -> Result<Tenant<Vec<Domain>>, Unavailable> {
        self.store.domains(reach, filter).await
    }
    async fn domain(&self, reach: &Reach, id: DomainId) -> Result<Tenant<Option<Domain>>, Unavailable> {
        self.store.domain(reach, id).await
    }
    async fn joinable(&self, user: &UserId, name: &DomainName) -> Result<Option<Joinable>, Unavailable> {
        self.store.joinable(user, name).await
    }
    async fn person(&self, user: &UserId) -> Result<Person, Unavailable> {
        self.store.person(user).await
    }
    async fn traces(&self, user: &UserId, emails: &[Email], limit: u32) -> Result<Vec<OrganizationId>, Unavailable> {
        self.store.traces(user, emails, limit).await
    }
    async fn forget_person(&self, user: &UserId, emails: &[Email]) -> Result<(), Unavailable> {
        self.store.forget_person(user, emails).await
    }
    async fn roles(&self, reach: &Reach) -> Result<Tenant<RoleRows>, Unavailable> {
        self.store.roles(reach).await
    }
    async fn slugs(&self, user: &UserId, slugs: &[Slug], now: Timestamp) -> Result<SlugHolders, Unavailable> {
        self.store.slugs(user, slugs, now).await
    }
}

impl<S: Store> Shared<S> {
    async fn facts(&self, commit: &Commit) -> Result<Facts, Unavailable> {
        let target = Target::Organization(OrganizationRef::Id(commit.organization));
        Ok(self.store.load(&Needs::of(target), None).await?.facts)
    }
}

impl<S: Upkeep> Upkeep for Shared<S> {
    async fn ready(&self) -> Result<(), Unavailable> {
        self.store.ready().await
    }
    async fn remake_words(&self, limit: u32) -> Result<(), Unavailable> {
        self.store.remake_words(limit).await
    }
    async fn note_tick(&self, at: Timestamp, failures: u32, prefixes: &[&str]) -> Result<(), Unavailable> {
        self.store.note_tick(at, failures, prefixes).await
    }
    async fn overdue(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<guildhall::domain::id::OrganizationId>, Unavailable> {
        self.store.overdue(now, limit).await
    }
    async fn due_domains(&self, now: Timestamp, limit: u32) -> Result<Vec<DueDomain>, Unavailable> {
        self.store.due_domains(now, limit).await
    }
    async fn abandoned(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<guildhall::domain::id::OrganizationId>, Unavailable> {
        self.store.abandoned(now, limit).await
    }

    async fn to_purge(&self, now: Timestamp, limit: u32) -> Result<Vec<OrganizationId>, Unavailable> {
        self.store.to_purge(now, limit).await
    }
    async fn forget_receipts(&self, before: Timestamp) -> Result<(), Unavailable> {
        self.store.forget_receipts(before).await
    }
    async fn forget_nonces(&self, before: Timestamp) -> Result<(), Unavailable> {
        self.store.forget_nonces(before).await
    }
    async fn forget_messages(&self, before: Timestamp) -> Result<(), Unavailable> {
        self.store.forget_messages(before).await
    }
    async fn forget_quotas(&self, before: u32) -> Result<(), Unavailable> {
        self.store.forget_quotas(before).await
    }
    async fn claim_messages(&self, claim: Claim) -> Result<Vec<Message>, Unavailable> {
        self.store.claim_messages(claim).await
    }
    async fn settle_message(&self, id: guildhall::domain::id::MessageId, settled: Settled) -> Result<(), Unavailable> {
        self.store.settle_message(id, settled).await
    }
    async fn newest_messages(&self, limit: u32) -> Result<Vec<Message>, Unavailable> {
        self.store.newest_messages(limit).await
    }
}

/// Runs the clients to their ends, the next step always by one that the seed picks.
pub fn interleave<'a>(random: &SeededEntropy, mut clients: Vec<Pin<Box<dyn Future<Output = u16> + 'a>>>) -> Vec<u16> {
    let mut context = Context::from_waker(Waker::noop());
    let mut statuses = Vec::new();
    while !clients.is_empty() {
        let index = random.below(clients.len() as u64) as usize;
        if let Poll::Ready(status) = pin!(&mut clients[index]).poll(&mut context) {
            statuses.push(status);
            drop(clients.remove(index));
        }
    }
    statuses
}

pub type Asks = Vec<(&'static str, &'static str, &'static str, Value)>;

/// A site with an organization of kurt's, krist and dave as admins.
pub fn site<S: Store + Upkeep>(store: S, naive: bool, seats: Option<&str>) -> Site<Shared<S>> {
    let settings = Settings { seat_limit: seats.map(str::to_owned), ..settings() };
    let site = Site::with(Shared { store, naive: false }, &settings);
    let token = block_on(site.sign_in(&person("kurt")));
    let send = |path: &str, body: Value| run_pausing(site.send(request("POST", path, Some(&token), Some(&body))));
    assert_eq!(send("/v1/organizations", json!({ "name": "Nirvana" })).status, 201);
    for user in ["krist", "dave"] {
        let body = json!({ "userId": user, "roles": ["admin"] });
        assert_eq!(send("/v1/organizations/nirvana/members", body).status, 201);
    }
    Site { store: Shared { naive, ..site.store }, ..site }
}

/// `pause` wakes nobody, so one client alone is simply polled again.
pub fn run_pausing<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// Paths are those within organizations, unless they are whole.
fn full(path: &str) -> String {
    if path.starts_with("/v1") { path.to_owned() } else { format!("/v1/organizations{path}") }
}

pub fn race<S: Store + Upkeep>(site: &Site<Shared<S>>, seed: u64, asks: &Asks) -> Vec<u16> {
    let client = |(who, method, path, body): &(&'static str, &'static str, &'static str, Value)| {
        let (body, path) = (body.clone(), full(path));
        let (who, method) = (*who, *method);
        Box::pin(async move {
            let token = site.sign_in(&person(who)).await;
            let body = Some(&body).filter(|body| !body.is_null());
            site.send(request(method, &path, Some(&token), body)).await.status
        }) as Pin<Box<dyn Future<Output = u16>>>
    };
    interleave(&SeededEntropy::new(seed), asks.iter().map(client).collect())
}

/// Ownership moves to somebody who leaves at the same time.
fn owners() -> Asks {
    vec![
        ("kurt", "POST", "/nirvana/transfer", json!({ "userId": "krist" })),
        ("krist", "DELETE", "/nirvana/members/me", Value::Null),
        ("dave", "DELETE", "/nirvana/members/krist", Value::Null),
    ]
}

/// More people than seats.
fn seats() -> Asks {
    let add = |user: &str| ("kurt", "POST", "/nirvana/members", json!({ "userId": user }));
    let invite = ("dave", "POST", "/nirvana/invitations", json!({ "email": "x@nirvana.com" }));
    vec![add("a"), add("b"), add("c"), invite]
}

pub const SEEDS: u64 = 300;

fn first_break(naive: bool, seats: Option<&str>, asks: &Asks) -> Option<String> {
    (0..SEEDS).find_map(|seed| {
        let site = site(MemoryStore::default(), naive, seats);
        race(&site, seed, asks);
        broken(&site.store.store.dump()).map(|promise| format!("seed {seed}: {promise}"))
    })
}

#[test]
fn no_order_of_events_breaks_a_promise() {
    assert_eq!(first_break(false, None, &owners()), None);
    assert_eq!(first_break(false, Some("4"), &seats()), None);
}

#[test]
fn the_canary_that_moves_ownership_on_old_facts_is_caught() {
    let caught = first_break(true, None, &owners()).unwrap();
    assert!(caught.contains("I1"), "{caught}");
}

#[test]
fn the_canary_that_checks_seats_and_then_inserts_is_caught() {
    let caught = first_break(true, Some("4"), &seats()).unwrap();
    assert!(caught.contains("I2"), "{caught}");
}

/// The same naive writers on SQL: the schema itself refuses what they would store.
#[test]
fn the_schema_stops_the_canaries() {
    for (limit, asks) in [(None, owners()), (Some("4"), seats())] {
        for seed in 0..SEEDS / 4 {
            let site = site(sqlite::open(), true, limit);
            race(&site, seed, &asks);
            assert_eq!(broken(&dump(&site.store.store)), None, "seed {seed}");
        }
    }
}

/// Whoever is demoted while adding somebody has either done it before or is refused.
#[test]
fn who_is_demoted_adds_nobody_afterwards() {
    let asks: Asks = vec![
        ("kurt", "PATCH", "/nirvana/members/krist", json!({ "roles": ["member"] })),
        ("krist", "POST", "/nirvana/members", json!({ "userId": "chad" })),
    ];
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..SEEDS {
        let site = site(MemoryStore::default(), false, None);
        let mut statuses = race(&site, seed, &asks);
        statuses.sort_unstable();
        assert!([[200, 201], [200, 403]].contains(&[statuses[0], statuses[1]]), "seed {seed}: {statuses:?}");
        seen.insert(statuses);
    }
    assert_eq!(seen.len(), 2, "only one order was tried");
}
