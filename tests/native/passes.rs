//! What a pass answers is what the installation answers, and nothing beyond its organization.

use crate::support::SeededEntropy;
use crate::support::opened::{Opened, believed};
use crate::support::site::{ORIGIN, Reply, Site, request, settings};
use crate::support::sqlite::{self, Sqlite};
use guildhall::app::config::{Config, Settings};
use guildhall::app::ports::{Store, Upkeep};
use guildhall::domain::id::TeamId;
use guildhall::domain::json::Text;
use guildhall::domain::pass::{Expectations, Kind, Question, Row, Undecided};
use guildhall::store::memory::MemoryStore;
use guildhall::store::sql::SqlStore;
use pollster::block_on;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const APPLICATION: &str = "invoice:read invoice:pay invoice:void report:read report:share";

struct World<S> {
    site: Site<S>,
    sessions: BTreeMap<String, String>,
}

fn world<S: Store + Upkeep>(store: S, permissions: &str) -> World<S> {
    let settings = Settings { permissions: Some(permissions.to_owned()), ..settings() };
    World { site: Site::with(store, &settings), sessions: BTreeMap::new() }
}

impl<S: Store + Upkeep> World<S> {
    fn ask(&mut self, who: &str, line: &str, body: Value) -> Reply {
        if !self.sessions.contains_key(who) {
            let session = block_on(self.site.sign_in(&json!({ "userId": who })));
            self.sessions.insert(who.to_owned(), session);
        }
        let (method, path) = line.split_once(' ').unwrap();
        let body = Some(&body).filter(|body| !body.is_null());
        block_on(self.site.send(request(method, path, Some(&self.sessions[who]), body)))
    }

    fn make(&mut self, who: &str, line: &str, body: Value) -> Value {
        let reply = self.ask(who, line, body);
        assert!((200..300).contains(&reply.status), "{line}: {}", reply.text);
        reply.body
    }

    fn pass(&mut self, who: &str, organization: &str) -> Opened {
        let made = self.make(who, &format!("POST /v1/organizations/{organization}/passes"), Value::Null);
        let issuer = Some(Text::verbatim(ORIGIN));
        let expected = Expectations { issuer, ..Expectations::of(ORIGIN, self.site.now.get()) };
        let keys = self.site.config.public_pass_keys();
        believed(made["token"].as_str().unwrap(), Kind::Pass, &keys, &expected).unwrap()
    }

    fn passport(&mut self, who: &str) -> (Opened, usize, Value) {
        let made = self.make(who, "POST /v1/me/passport", Value::Null);
        let (token, keys) = (made["token"].as_str().unwrap(), self.site.config.public_pass_keys());
        let expected = Expectations::of(ORIGIN, self.site.now.get());
        (believed(token, Kind::Passport, &keys, &expected).unwrap(), token.len(), made)
    }

    fn names(&self) -> Vec<String> {
        let catalog = &self.site.config.policy.catalog;
        catalog.permissions().map(|permission| catalog.name(permission).to_owned()).collect()
    }

    /// What the installation says, in the organization or in a team.
    fn checked(&mut self, who: &str, organization: &str, team: Option<&str>) -> Vec<Value> {
        let mut body = json!({ "permissions": self.names() });
        if let Some(team) = team {
            body["team"] = json!(team);
        }
        let checked = self.make(who, &format!("POST /v1/organizations/{organization}/check"), body);
        checked["decisions"].as_array().unwrap().clone()
    }

    /// Every permission, in the organization and in every team that the pass speaks of.
    fn compare(&mut self, who: &str, organization: &str) {
        let pass = self.pass(who, organization);
        let decide = |permission: &str, team| pass.vouched.decide(&Question { organization: None, team, permission });
        for decision in self.checked(who, organization, None) {
            let answer = decide(decision["permission"].as_str().unwrap(), None).unwrap();
            let told = json!([answer.allowed, answer.code, answer.granted_by]);
            assert_eq!(told, json!([decision["allowed"], decision["code"], decision["grantedBy"]]), "{who} {decision}");
        }
        for team in pass.teams.keys() {
            for decision in self.checked(who, organization, Some(team)) {
                let answer = decide(decision["permission"].as_str().unwrap(), Some(team)).unwrap();
                let told = json!([answer.allowed, answer.code]);
                assert_eq!(told, json!([decision["allowed"], decision["code"]]), "{who} in {team}: {decision}");
                if decision["grantedIn"].is_null() {
                    assert_eq!(json!(answer.granted_by), decision["grantedBy"], "{who} in {team}: {decision}");
                }
            }
        }
        let elsewhere = TeamId::from_parts(0, &[0; 10]).to_string();
        assert_eq!(decide("invoice:burn", None), Err(Undecided::UnknownPermission));
        assert_eq!(decide("team:read", Some(&elsewhere)), Err(Undecided::TeamNotInPass));
    }
}

fn some(random: &SeededEntropy, names: &[String]) -> Vec<String> {
    names.iter().filter(|_| random.below(4) == 0).cloned().collect()
}

fn said(row: &Row<'_>) -> String {
    let roles: Vec<_> = row.roles().collect();
    format!("{:?}", (row.organization, row.slug, row.version, row.epoch, roles, row.permissions, row.until))
}

/// Random roles, members, teams and places in them; then every answer of every pass.
fn random_world<S: Store + Upkeep>(store: S, seed: u64) {
    let (random, mut world) = (SeededEntropy::new(seed), world(store, APPLICATION));
    let names = world.names();
    for (slug, owner) in [("nirvana", "kurt"), ("scream", "dave")] {
        world.make(owner, "POST /v1/organizations", json!({ "name": slug, "slug": slug }));
        for role in ["bass", "drums", "voice"] {
            let body = json!({ "key": role, "name": role, "permissions": some(&random, &names) });
            world.make(owner, &format!("POST /v1/organizations/{slug}/roles"), body);
        }
    }
    let pick = |random: &SeededEntropy| {
        let all = ["admin", "member", "bass", "drums", "voice"];
        let mut roles: Vec<&str> = all.into_iter().filter(|_| random.below(3) == 0).collect();
        roles.push(all[random.below(5) as usize]);
        roles.dedup();
        json!(roles)
    };
    for member in ["krist", "pat", "dave"] {
        world.make(
            "kurt",
            "POST /v1/organizations/nirvana/members",
            json!({ "userId": member, "roles": pick(&random) }),
        );
    }
    let mut teams: Vec<String> = Vec::new();
    for number in 0..6 {
        let parent = random.below(teams.len() as u64 + 1) as usize;
        let body = json!({ "name": format!("Team {number}"), "parentId": teams.get(parent) });
        let team = world.make("kurt", "POST /v1/organizations/nirvana/teams", body);
        teams.push(team["id"].as_str().unwrap().to_owned());
    }
    for member in ["krist", "pat", "dave", "kurt"] {
        for team in teams.iter().filter(|_| random.below(4) == 0) {
            let line = format!("PUT /v1/organizations/nirvana/teams/{team}/members/{member}");
            world.make("kurt", &line, json!({ "roles": pick(&random) }));
        }
    }
    for member in ["kurt", "krist", "pat", "dave"] {
        world.compare(member, "nirvana");
    }
    world.compare("dave", "scream");
    let (here, there) = (world.pass("dave", "nirvana"), world.pass("dave", "scream"));
    assert_ne!(here.members[0].organization, there.members[0].organization);
    assert!(here.teams.keys().all(|team| !there.teams.contains_key(team)));
    let (passport, ..) = world.passport("dave");
    for member in &passport.members {
        let pass = if member.organization == here.members[0].organization { &here } else { &there };
        assert_eq!(said(member), said(&pass.members[0]), "a passport says what the passes say");
    }
}

#[test]
fn a_pass_answers_as_the_installation_does() {
    for seed in 0..6 {
        random_world(MemoryStore::default(), seed);
    }
    for seed in 6..9 {
        random_world(sqlite::open(), seed);
    }
}

/// A hundred memberships with twelve permissions fit a header of any proxy; more are left out, and it says so.
#[test]
fn a_passport_stays_small() {
    let permissions: Vec<String> = (0..12).map(|number| format!("invoice:do_{number}")).collect();
    let mut world = world(MemoryStore::default(), &permissions.join(" "));
    for number in 0..101 {
        let (owner, slug) = (format!("owner-{number}"), format!("organization-number-{number}"));
        world.make(&owner, "POST /v1/organizations", json!({ "name": slug, "slug": slug }));
        let roles = json!({ "key": "billing", "name": "Billing", "permissions": ["invoice:*"] });
        world.make(&owner, &format!("POST /v1/organizations/{slug}/roles"), roles);
        let member = json!({ "userId": "kurt", "roles": ["billing", "member"] });
        world.make(&owner, &format!("POST /v1/organizations/{slug}/members"), member);
        if number == 99 {
            let (passport, size, made) = world.passport("kurt");
            assert_eq!((passport.members.len(), passport.stated.more, &made["hasMore"]), (100, false, &json!(false)));
            assert!(size < 16_000, "{size} bytes");
        }
    }
    let (passport, _, made) = world.passport("kurt");
    assert_eq!((passport.members.len(), passport.stated.more, &made["hasMore"]), (100, true, &json!(true)));
}

/// Teams are left out before a pass is longer than a header may be; what cannot fit at all is refused.
#[test]
fn a_pass_stays_small() {
    let long = |number: usize| format!("invoice:{}_{number}", "x".repeat(20));
    let names: Vec<String> = (0..110).map(long).collect();
    let mut world = world(MemoryStore::default(), &names.join(" "));
    world.make("kurt", "POST /v1/organizations", json!({ "name": "Nirvana" }));
    for number in 0..60 {
        let body = json!({ "name": format!("Team {number}") });
        let team = world.make("kurt", "POST /v1/organizations/nirvana/teams", body);
        let line = format!("PUT /v1/organizations/nirvana/teams/{}/members/kurt", team["id"].as_str().unwrap());
        world.make("kurt", &line, Value::Null);
    }
    let made = world.make("kurt", "POST /v1/organizations/nirvana/passes", Value::Null);
    let pass = world.pass("kurt", "nirvana");
    assert!(made["token"].as_str().unwrap().len() <= 8192 && made["hasMoreTeams"] == true);
    assert!(pass.stated.more && (5..50).contains(&pass.teams.len()), "{} teams", pass.teams.len());
    let names: Vec<String> = (0..192).map(long).collect();
    let config = Settings { permissions: Some(names.join(" ")), ..settings() };
    world.site.config = Config::read(&config).unwrap();
    let refused = world.ask("kurt", "POST /v1/organizations/nirvana/passes", Value::Null);
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("pass_too_large")));
}

/// A tree of a thousand teams, and still the same few statements.
#[test]
fn a_pass_costs_the_same_whatever_there_is() {
    let mut world = world(sqlite::open(), APPLICATION);
    world.make("kurt", "POST /v1/organizations", json!({ "name": "Nirvana" }));
    let statements = |world: &mut World<SqlStore<Sqlite>>, line: &str| {
        world.site.store.executor().statements.set(0);
        world.make("kurt", line, Value::Null);
        world.site.store.executor().statements.get()
    };
    let lines = ["POST /v1/organizations/nirvana/passes", "POST /v1/me/passport"];
    let few = lines.map(|line| statements(&mut world, line));
    for number in 0..20 {
        world.make("kurt", "POST /v1/organizations", json!({ "name": format!("Band {number}") }));
        world.make("kurt", "POST /v1/organizations/nirvana/teams", json!({ "name": format!("Team {number}") }));
        world.make("kurt", "POST /v1/organizations/nirvana/members", json!({ "userId": format!("fan-{number}") }));
    }
    assert_eq!(lines.map(|line| statements(&mut world, line)), few);
    assert!(few.iter().all(|count| *count <= 6), "{few:?}");
}

/// From one key to the next: what the old one signed is believed while it is published, and not after.
#[test]
fn keys_are_rotated_with_an_overlap() {
    let mut world = world(MemoryStore::default(), "");
    world.make("kurt", "POST /v1/organizations", json!({ "name": "Nirvana" }));
    let old = world.make("kurt", "POST /v1/organizations/nirvana/passes", Value::Null)["token"].clone();
    let published = world.ask("kurt", "GET /.well-known/jwks.json", Value::Null);
    let set = |retired: Option<String>| Settings {
        pass_key: Some("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60".to_owned()),
        pass_keys_retired: retired,
        ..settings()
    };
    let with_pass = |world: &mut World<_>| {
        let mut sent = request("GET", "/v1/resolve", Some(&world.sessions["kurt"]), None);
        sent.headers_mut().insert("guildhall-pass", old.as_str().unwrap().parse().unwrap());
        let reply = block_on(world.site.send(sent));
        (reply.status, reply.body["code"].clone())
    };
    world.site.config = Config::read(&set(Some(published.text.clone()))).unwrap();
    let both = world.ask("kurt", "GET /.well-known/jwks.json", Value::Null);
    assert_eq!(both.body["keys"].as_array().unwrap().len(), 2);
    assert_eq!(both.body["keys"][1], published.body["keys"][0]);
    assert_ne!(both.headers["etag"], published.headers["etag"]);
    assert_eq!(with_pass(&mut world), (200, Value::Null));
    world.site.config = Config::read(&set(None)).unwrap();
    assert_eq!(with_pass(&mut world), (401, json!("pass_unknown_key")));
}

/// Whoever reads what is published reads so many keys and no more.
#[test]
fn no_more_keys_are_published_than_are_read() {
    let seed = |number: usize| format!("{number:064x}");
    let key = |number: usize| {
        let settings = Settings { pass_key: Some(seed(number)), ..settings() };
        let config = Config::read(&settings).unwrap();
        let world = World { site: Site::with(MemoryStore::default(), &settings), sessions: BTreeMap::new() };
        let reply = block_on(world.site.send(request("GET", "/.well-known/jwks.json", None, None)));
        assert_eq!(config.public_pass_keys().keys().len(), 1);
        reply.body["keys"][0].clone()
    };
    let with = |retired: std::ops::Range<usize>| {
        let set = json!({ "keys": retired.map(key).collect::<Vec<_>>() }).to_string();
        let settings = Settings { pass_key: Some(seed(1)), pass_keys_retired: Some(set), ..settings() };
        Config::read(&settings).map(|config| config.public_pass_keys().keys().len()).map_err(|error| error.to_string())
    };
    assert_eq!(with(2..17), Ok(16));
    assert_eq!(with(1..17), Ok(16), "its own is there already");
    assert!(with(2..18).is_err_and(|error| error.contains("PASS_KEYS_RETIRED") && error.contains("16")));
}

#[test]
fn wrong_keys_are_named() {
    let wrong = |key: &str, retired: &str| {
        let settings =
            Settings { pass_key: Some(key.to_owned()), pass_keys_retired: Some(retired.to_owned()), ..settings() };
        Config::read(&settings).err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert_eq!(wrong("", ""), "");
    assert!(wrong("short", "").contains("PASS_KEY is wrong"));
    assert!(wrong("", "not a set").contains("PASS_KEYS_RETIRED is wrong"));
    let private = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#;
    let said = wrong("", private);
    assert!(said.contains("PASS_KEYS_RETIRED is wrong") && !said.contains("nWGxne"), "{said}");
}
