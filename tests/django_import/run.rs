//! Carrying imports out, on the memory store.

use super::{DEMO, DO, MEMBERSHIP, ORGANIZATION, OWNER, demo, row, with, without};
use guildhall::app::challenge::NoChallengeServer;
use guildhall::app::config::{Config, Settings};
use guildhall::app::django::{ImportReport, UserKey};
use guildhall::app::execute::App;
use guildhall::app::ports::{Asked, Cache, Dns, Entropy, Failure, Provenance, Unavailable};
use guildhall::domain::denial::Reason;
use guildhall::domain::import::ImportStatus;
use guildhall::domain::principal::{Principal, PrincipalKind};
use guildhall::domain::slug::Slug;
use guildhall::domain::time::Timestamp;
use guildhall::store::memory::MemoryStore;
use serde_json::{Value, json};

struct NoCache;

impl Cache for NoCache {
    async fn get(&self, _key: &str) -> Option<String> {
        None
    }
    async fn put(&self, _key: &str, _value: &str, _seconds: u64) {}
}

struct NoEntropy;

impl Entropy for NoEntropy {
    fn fill(&self, _buffer: &mut [u8]) -> Result<(), Unavailable> {
        Err(Unavailable("an import needs no entropy".to_owned()))
    }
}

struct NoDns;

impl Dns for NoDns {
    fn txt<'a>(&'a self, _name: &'a str) -> Asked<'a> {
        Box::pin(std::future::ready(Err(Unavailable("an import asks nobody".to_owned()))))
    }
}

/// An installation with a memory store.
struct Site {
    store: MemoryStore,
    config: Config,
}

impl Site {
    fn new() -> Self {
        let settings = Settings {
            public_origin: Some("http://127.0.0.1:8787".to_owned()),
            auth: Some(r#"[{"type":"dev"}]"#.to_owned()),
            secret_key: Some("s".repeat(64)),
            ..Settings::default()
        };
        Site { store: MemoryStore::default(), config: Config::read(&settings).expect("a configuration") }
    }

    fn import_as(&self, kind: PrincipalKind, dump: &str) -> Result<ImportReport, Failure> {
        let user_id = "guildhall-import".to_owned().try_into().expect("a user id");
        let actor = Principal::new(user_id, kind);
        let now = Timestamp::from_millis(1_800_000_000_000);
        let app = App {
            store: &self.store,
            cache: &NoCache,
            entropy: &NoEntropy,
            dns: &NoDns,
            challenges: &NoChallengeServer,
            config: &self.config,
            now,
            dry_run: false,
            provenance: Provenance::default(),
        };
        pollster::block_on(app.import_django(&actor, dump.as_bytes(), UserKey::Username))
    }

    fn import(&self, dump: &str) -> ImportReport {
        self.import_as(PrincipalKind::PlatformAdmin, dump).unwrap_or_else(|failure| panic!("{failure}"))
    }
}

fn came_to(report: &ImportReport) -> Vec<(&str, ImportStatus, usize)> {
    report.organizations.iter().map(|o| (o.slug.as_ref().map_or("", Slug::as_str), o.status, o.members_added)).collect()
}

#[test]
fn an_import_can_be_repeated_while_both_systems_run() {
    use ImportStatus::{Created, Extended, Unchanged};
    let site = Site::new();
    let first = site.import(DEMO);
    assert_eq!(came_to(&first), [("foo-fighters", Created, 1), ("nirvana", Created, 3), ("scream", Created, 1)]);
    assert_eq!((first.users, first.users_without_membership.as_slice()), (4, &["duder".to_owned()][..]));

    let stored = site.store.dump();
    let again = site.import(DEMO);
    assert_eq!(came_to(&again), [("foo-fighters", Unchanged, 0), ("nirvana", Unchanged, 0), ("scream", Unchanged, 0)]);
    assert_eq!(site.store.dump(), stored, "versions, members and the audit log are as they were");

    let fields = json!({"user": 4, "organization": 2, "is_admin": false, "created": "2013-01-01T00:00:00Z"});
    let longer = with(demo(), json!({"model": MEMBERSHIP, "pk": 6, "fields": fields})).to_string();
    let third = site.import(&longer);
    assert_eq!(came_to(&third), [("foo-fighters", Unchanged, 0), ("nirvana", Extended, 1), ("scream", Unchanged, 0)]);
    assert!(third.users_without_membership.is_empty());
}

#[test]
fn the_report_is_an_answer_of_the_api() {
    let report = serde_json::to_value(Site::new().import(DO)).expect("JSON");
    assert_eq!(report["organizations"][0]["slug"], "hello-world-x");
    assert_eq!(report["organizations"][0]["status"], "created");
    assert_eq!(report["organizations"][0]["membersAdded"], 3);
    assert_eq!((&report["users"], &report["usersWithoutMembership"]), (&json!(4), &json!(["nobody"])));
    assert_eq!(report["skipped"]["organizations.organizationinvitation"], 1);
    assert!(report["organizations"][0]["id"].as_str().is_some_and(|id| id.starts_with("org_")));
}

#[test]
fn only_a_platform_admin_imports_and_a_bad_dump_changes_nothing() {
    let site = Site::new();
    let before = site.store.dump();
    for kind in [PrincipalKind::User, PrincipalKind::Service] {
        let refused = site.import_as(kind, "not even JSON").expect_err("a refusal");
        assert!(matches!(refused, Failure::Denied(denial) if denial.reason == Reason::PermissionDenied));
    }
    let broken = without(demo(), OWNER, 3).to_string();
    let refused = site.import_as(PrincipalKind::PlatformAdmin, &broken).expect_err("a refusal");
    assert!(matches!(refused, Failure::Denied(denial) if denial.reason == Reason::ImportInvalid));
    assert_eq!(site.store.dump(), before);
}

#[test]
fn organizations_that_want_one_slug_get_different_ones() {
    let site = Site::new();
    site.import(DEMO);
    let mut other = demo();
    for pk in 1..=3 {
        row(&mut other, ORGANIZATION, pk)["fields"]["created"] = json!(format!("2020-01-0{pk}T00:00:00Z"));
    }
    let report = site.import(&other.to_string());
    let slugs: Vec<&str> = came_to(&report).into_iter().map(|(slug, _, _)| slug).collect();
    assert_eq!(slugs, ["foo-fighters-2", "nirvana-2", "scream-2"]);
    let japan = |pk: u64| {
        let at = "2020-01-01T00:00:00Z";
        json!([
            {"model": ORGANIZATION, "pk": pk, "fields": {"name": "日本", "slug": format!("-{pk}"), "created": at}},
            {"model": MEMBERSHIP, "pk": pk, "fields": {"user": 1, "organization": pk, "created": at}},
            {"model": OWNER, "pk": pk, "fields": {"organization": pk, "organization_user": pk}},
        ])
    };
    let rows = (1..=30).flat_map(|pk| japan(pk).as_array().cloned().expect("rows"));
    let user = json!({"model": "auth.user", "pk": 1, "fields": {"username": "dave"}});
    let dump = Value::Array(rows.chain([user]).collect());
    assert_eq!(site.import(&dump.to_string()).organizations.len(), 30);
}
