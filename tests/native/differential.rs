//! The memory store and the SQL store are indistinguishable: the same random requests get the same
//! answers, byte for byte, and leave the same state, in which every promise holds.

use crate::support::SeededEntropy;
use crate::support::dump::dump;
use crate::support::invariants::broken;
use crate::support::random::{Ask, PEOPLE, ask, person};
use crate::support::site::{Reply, Site, request, settings};
use crate::support::snapshot::{filled, restored};
use crate::support::sqlite::{self, Sqlite};
use crate::support::{random_domains, random_doors, random_lifecycle, random_teams, random_webhooks};
use guildhall::app::config::Settings;
use guildhall::app::ports::{Messenger, Store, Unavailable, Upkeep};
use guildhall::store::memory::MemoryStore;
use guildhall::store::sql::SqlStore;
use pollster::block_on;
use std::collections::{BTreeMap, BTreeSet};

struct Pair {
    memory: Site<MemoryStore>,
    sql: Site<SqlStore<Sqlite>>,
    tokens: BTreeMap<&'static str, String>,
}

impl Pair {
    fn new(seats: Option<u32>) -> Self {
        let settings = Settings {
            seat_limit: seats.map(|seats| seats.to_string()),
            invitations_per_recipient_and_day: seats.map(|_| "1".to_owned()),
            team_depth: Some("3".to_owned()),
            teams_per_organization: Some("6".to_owned()),
            auto_join_organization: Some("scream".to_owned()),
            deletion_grace: seats.map(|_| "4000".to_owned()),
            max_owned: seats.map(|_| "2".to_owned()),
            ..settings()
        };
        let (memory, sql) = (Site::with(MemoryStore::default(), &settings), Site::with(sqlite::open(), &settings));
        let mut tokens = BTreeMap::new();
        for name in PEOPLE.into_iter().chain([random_lifecycle::ROOT]) {
            tokens.insert(name, block_on(memory.sign_in(&person(name))));
            block_on(sql.sign_in(&person(name)));
        }
        Pair { memory, sql, tokens }
    }

    /// Both answers, which must be one.
    fn send(&self, ask: &Ask) -> Reply {
        let (one, other) = (self.send_to(&self.memory, ask), self.send_to(&self.sql, ask));
        let what = format!("{} {} {} {}", ask.person, ask.method, ask.path, ask.body);
        assert_eq!((one.status, &one.text), (other.status, &other.text), "{what} {:?}", other.fault);
        assert_eq!(one.headers, other.headers, "{what}");
        assert!(one.status < 500, "{what}: {}", one.text);
        one
    }

    fn send_to<S: Store + Upkeep>(&self, site: &Site<S>, ask: &Ask) -> Reply {
        let body = Some(&ask.body).filter(|body| !body.is_null());
        let mut request = request(ask.method, &ask.path, Some(&self.tokens[ask.person]), body);
        let headers = [("idempotency-key", &ask.key), ("if-match", &ask.if_match)];
        for (name, value) in headers {
            value.iter().for_each(|value| drop(request.headers_mut().insert(name, value.parse().unwrap())));
        }
        block_on(site.send(request))
    }

    fn tick(&self, seconds: i64) {
        for failures in [tick(&self.memory, seconds), tick(&self.sql, seconds)] {
            assert!(failures.is_empty(), "{failures:?}");
        }
    }

    /// From here on a copy answers, made of a snapshot.
    fn compare(&mut self, seen: &mut BTreeSet<String>) {
        seen.extend(filled(&self.memory.store));
        let copy = restored(&self.memory.store);
        assert_eq!(copy.snapshot(), self.memory.store.snapshot());
        self.memory.store = copy;
        let (one, other) = (self.memory.store.dump(), dump(&self.sql.store));
        for table in one.as_object().unwrap().keys() {
            assert_eq!(one[table], other[table], "{table}");
        }
        assert_eq!(broken(&one), None);
        assert_eq!(*self.memory.cache.values.borrow(), *self.sql.cache.values.borrow());
    }
}

/// Fails for every third mail.
struct Unreliable(std::cell::Cell<u32>);

impl Messenger for Unreliable {
    async fn deliver(&self, _mail: &guildhall::app::mail::Mail) -> Result<(), Unavailable> {
        self.0.set(self.0.get() + 1);
        if self.0.get().is_multiple_of(3) { Err(Unavailable("no".to_owned())) } else { Ok(()) }
    }
}

fn tick<S: Store + Upkeep>(site: &Site<S>, seconds: i64) -> Vec<guildhall::app::ports::Failure> {
    site.advance(seconds);
    let mut failures = block_on(site.app().tick(Some(&Unreliable(Default::default()))));
    let round = block_on(guildhall::wire::deliver_webhooks(&site.app(), &random_webhooks::Moody::default()));
    failures.extend(round.unwrap().failures);
    failures
}

fn play(seed: u64, steps: u32, seen: &mut BTreeSet<String>) {
    let (random, domains) = (SeededEntropy::new(seed), SeededEntropy::new(!seed));
    let lives = SeededEntropy::new(seed ^ 0xa5a5);
    let (others, mut teams) = (SeededEntropy::new(seed ^ 0xff00), Vec::new());
    let (hooks, mut webhooks) = (SeededEntropy::new(seed ^ 0xbeef), Vec::new());
    let (doors, mut known) = (SeededEntropy::new(seed ^ 0xd00), random_doors::Seen::default());
    let mut pair = Pair::new(seed.is_multiple_of(2).then_some(3));
    let (mut tokens, mut invitations, mut claims) = (Vec::new(), Vec::new(), Vec::new());
    for step in 0..steps {
        if domains.below(5) == 0 {
            let ask = random_domains::ask(&domains, &claims);
            let reply = pair.send(&ask);
            seen.insert(verdict(&ask, &reply));
            claims.extend(random_domains::claim_in(&reply.body));
        }
        if lives.below(4) == 0 {
            let ask = random_lifecycle::ask(&lives);
            let reply = pair.send(&ask);
            seen.insert(verdict(&ask, &reply));
        }
        if others.below(2) == 0 {
            let ask = random_teams::ask(&others, &teams);
            let reply = pair.send(&ask);
            seen.insert(verdict(&ask, &reply));
            teams.extend(reply.body["id"].as_str().filter(|id| id.starts_with("team_")).map(str::to_owned));
            tokens.extend(reply.body["token"].as_str().map(str::to_owned));
        }
        if doors.below(2) == 0 {
            let ask = random_doors::ask(&doors, &known);
            let reply = pair.send(&ask);
            seen.insert(verdict(&ask, &reply));
            known.take(&reply.body);
        }
        if hooks.below(5) == 0 {
            let ask = random_webhooks::ask(&hooks, &webhooks);
            let reply = pair.send(&ask);
            seen.insert(verdict(&ask, &reply));
            webhooks.extend(reply.body["id"].as_str().filter(|id| id.starts_with("whk_")).map(str::to_owned));
        }
        let ask = ask(&random, &tokens, &invitations);
        if step % 4 == 0 {
            pair.send(&ask.tried_out());
        }
        let reply = pair.send(&ask);
        seen.insert(verdict(&ask, &reply));
        tokens.extend(reply.body["token"].as_str().map(str::to_owned));
        let lines = reply.body["data"].as_array().into_iter().flatten();
        tokens.extend(lines.filter_map(|line| line["token"].as_str().map(str::to_owned)));
        invitations.extend(reply.body["id"].as_str().filter(|id| id.starts_with("inv_")).map(str::to_owned));
        if random.below(40) == 0 {
            pair.tick(random.below(6_000) as i64);
        }
        if step % 16 == 0 {
            pair.compare(seen);
        }
    }
    pair.compare(seen);
}

/// What was asked and what came of it, in few words; for a refusal, its code.
fn verdict(ask: &Ask, reply: &Reply) -> String {
    let words = [
        "rotate",
        "test",
        "webhooks",
        "teams",
        "transfer/accept",
        "transfer/decline",
        "restore",
        "purge",
        "users",
        "accept",
        "decline",
        "resend",
        "transfer",
        "members",
        "invitations",
        "verify",
        "domains",
        "links",
        "approve",
        "activate",
        "registrations",
        "join-requests",
        "organizations",
    ];
    let what = words.iter().find(|word| ask.path.contains(**word)).unwrap_or(&"other");
    let code = reply.body["code"].as_str().map(str::to_owned);
    code.unwrap_or_else(|| format!("{} {what} {}", ask.method, reply.status))
}

/// Refusals that random requests must meet.
const REFUSALS: &[&str] = &[
    "seat_limit_reached",
    "invitation_used",
    "owner_required",
    "idempotency_key_reused",
    "membership_suspended",
    "invitation_quota_reached",
    "team_cycle",
    "team_has_subteams",
    "team_limit_reached",
    "domain_taken",
    "domain_not_proven",
    "nomination_not_found",
    "user_owns_organizations",
    "organization_limit_reached",
    "personal_organization_exists",
    "link_disabled",
    "join_request_pending",
    "join_request_closed",
    "join_request_cooldown",
    "registration_used",
    "registration_quota_reached",
    "webhook_url_invalid",
    "webhook_disabled",
    "unknown_event",
];

#[test]
fn memory_and_sqlite_are_indistinguishable() {
    let mut seen = BTreeSet::new();
    for seed in 0..40 {
        play(seed, 200, &mut seen);
    }
    // Random requests prove little if none of them succeeds.
    for needed in [
        "POST accept 200",
        "POST decline 200",
        "POST resend 200",
        "POST transfer 200",
        "DELETE members 200",
        "PATCH members 200",
        "POST verify 200",
        "POST transfer/accept 200",
        "POST restore 200",
        "POST purge 200",
        "DELETE users 200",
        "POST teams 201",
        "PATCH teams 200",
        "PUT teams 201",
        "PUT teams 200",
        "DELETE teams 200",
        "POST links 201",
        "PATCH links 200",
        "DELETE links 200",
        "POST join-requests 201",
        "POST approve 200",
        "DELETE join-requests 200",
        "POST registrations 202",
        "POST activate 200",
        "POST webhooks 201",
        "PATCH webhooks 200",
        "POST rotate 200",
        "POST test 202",
        "DELETE webhooks 200",
        "GET webhooks 200",
    ] {
        assert!(seen.contains(needed), "{needed} is missing in {seen:?}");
    }
    for table in [
        "organizations",
        "tombstones",
        "departed",
        "receipts",
        "messages",
        "deliveries",
        "failing",
        "sent",
        "suppressions",
    ] {
        assert!(seen.contains(table), "{table} is empty in every snapshot");
    }
    for code in REFUSALS {
        assert!(seen.contains(*code), "{code} is missing in {seen:?}");
    }
}
