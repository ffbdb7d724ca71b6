//! Domains: what the scenarios cannot show — races, a resolver that fails, the schema by itself.

use crate::races::{Shared, interleave, run_pausing};
use crate::support::dump::dump;
use crate::support::invariants::broken;
use crate::support::random::person;
use crate::support::site::{Reply, Site, request, settings};
use crate::support::sqlite;
use crate::support::{NoMessenger, SeededEntropy};
use guildhall::app::config::{Config, Settings};
use guildhall::app::domains::{doh, require_not_public};
use guildhall::app::ports::{Failure, Store, TxtRecords, Upkeep};
use guildhall::domain::domain_name::DomainName;
use guildhall::store::memory::MemoryStore;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::future::Future;
use std::pin::Pin;

const DAY: i64 = 24 * 60 * 60;

/// A site that asks the resolver.
fn site<S: Store + Upkeep>(store: S) -> Site<S> {
    Site::with(store, &Settings { doh_url: Some("https://resolver.example/dns-query".to_owned()), ..settings() })
}

fn ask<S: Store + Upkeep>(site: &Site<S>, who: &str, line: &str, body: Value) -> Reply {
    let (method, path) = line.split_once(' ').unwrap();
    let token = run_pausing(site.sign_in(&person(who)));
    let body = Some(&body).filter(|body| !body.is_null());
    run_pausing(site.send(request(method, &format!("/v1/organizations{path}"), Some(&token), body)))
}

/// An organization with a claim: the claim's path, and its proof.
fn claimed<S: Store + Upkeep>(site: &Site<S>, who: &str, slug: &str) -> (String, String) {
    assert_eq!(ask(site, who, "POST ", json!({ "name": slug, "slug": slug })).status, 201);
    let claim = ask(site, who, &format!("POST /{slug}/domains"), json!({ "name": "nirvana.com" }));
    assert_eq!(claim.status, 201, "{}", claim.text);
    let path = format!("/{slug}/domains/{}", claim.body["id"].as_str().unwrap());
    (path, claim.body["record"]["value"].as_str().unwrap().to_owned())
}

fn answers<S>(site: &Site<S>, records: Option<TxtRecords>) {
    *site.dns.answer.borrow_mut() = records;
}

fn tick<S: Store + Upkeep>(site: &Site<S>, days: i64) -> Vec<Failure> {
    site.advance(days * DAY);
    run_pausing(site.app().tick(None::<&NoMessenger>))
}

/// Two organizations verify one name at once, in every order that a seed makes.
fn race<S: Store + Upkeep>(store: S, seed: u64) -> (Site<Shared<S>>, Vec<u16>) {
    let site = site(Shared { store, naive: false });
    let (one, other) = (claimed(&site, "kurt", "nirvana"), claimed(&site, "dave", "scream"));
    answers(&site, Some(TxtRecords::Found(vec![one.1, other.1])));
    let statuses = {
        let verify = |who: &'static str, path: String| {
            let site = &site;
            Box::pin(async move {
                let token = site.sign_in(&person(who)).await;
                let path = format!("/v1/organizations{path}/verify");
                site.send(request("POST", &path, Some(&token), None)).await.status
            }) as Pin<Box<dyn Future<Output = u16> + '_>>
        };
        interleave(&SeededEntropy::new(seed), vec![verify("kurt", one.0), verify("dave", other.0)])
    };
    (site, statuses)
}

#[test]
fn one_of_two_who_verify_at_once_has_the_domain() {
    for seed in 0..200 {
        let (site, mut statuses) = race(MemoryStore::default(), seed);
        statuses.sort_unstable();
        assert_eq!((statuses, broken(&site.store.store.dump())), (vec![200, 409], None), "seed {seed}");
    }
    for seed in 0..40 {
        let (site, mut statuses) = race(sqlite::open(), seed);
        statuses.sort_unstable();
        assert_eq!((statuses, broken(&dump(&site.store.store))), (vec![200, 409], None), "seed {seed}");
    }
}

#[test]
fn a_resolver_that_fails_neither_proves_nor_disproves() {
    let site = site(MemoryStore::default());
    let (path, proof) = claimed(&site, "kurt", "nirvana");
    let verify = || ask(&site, "kurt", &format!("POST {path}/verify"), Value::Null);
    let state = || ask(&site, "kurt", &format!("GET {path}"), Value::Null).body;
    for answer in [None, Some(TxtRecords::Broken)] {
        answers(&site, answer);
        let reply = verify();
        assert_eq!((reply.status, &reply.body["code"]), (503, &json!("dns_unavailable")));
        assert!(reply.headers.contains_key("retry-after") && state()["state"] == "pending");
    }
    assert_eq!(site.dns.asked.borrow().as_slice(), ["_guildhall-challenge.nirvana.com"; 2]);
    answers(&site, Some(TxtRecords::Found(vec![proof])));
    assert_eq!(verify().status, 200);

    // The resolver is down for a month: nothing is concluded, and each tick asks it once.
    answers(&site, None);
    for _ in 0..4 {
        site.dns.asked.borrow_mut().clear();
        assert!(matches!(tick(&site, 8).as_slice(), [Failure::Unavailable(_)]));
        assert_eq!(site.dns.asked.borrow().len(), 1);
    }
    assert_eq!((&state()["state"], &state()["missingSince"]), (&json!("verified"), &Value::Null));
    // The domain's own servers are down: the proof is missing.
    answers(&site, Some(TxtRecords::Broken));
    assert!(tick(&site, 0).is_empty());
    assert!(state()["state"] == "verified" && state()["missingSince"].is_string());
    assert!(tick(&site, 15).is_empty());
    assert_eq!(state()["state"], "lapsed");
}

#[test]
fn nobody_makes_us_ask_the_dns_who_may_not_verify() {
    let site = site(MemoryStore::default());
    let (path, _) = claimed(&site, "kurt", "nirvana");
    assert_eq!(ask(&site, "kurt", "POST /nirvana/members", json!({ "userId": "krist" })).status, 201);
    for (who, status) in [("krist", 403), ("dave", 404)] {
        assert_eq!(ask(&site, who, &format!("POST {path}/verify"), Value::Null).status, status);
    }
    assert!(site.dns.asked.borrow().is_empty());
}

/// More are due than one tick looks at: the next tick goes on.
#[test]
fn a_tick_looks_for_so_many_proofs_and_no_more() {
    let site = site(MemoryStore::default());
    assert_eq!(ask(&site, "kurt", "POST ", json!({ "name": "nirvana" })).status, 201);
    for number in 0..12 {
        let claim = ask(&site, "kurt", "POST /nirvana/domains", json!({ "name": format!("n{number}.com") }));
        let proof = claim.body["record"]["value"].as_str().unwrap().to_owned();
        answers(&site, Some(TxtRecords::Found(vec![proof])));
        let path = format!("POST /nirvana/domains/{}/verify", claim.body["id"].as_str().unwrap());
        assert_eq!(ask(&site, "kurt", &path, Value::Null).status, 200);
    }
    site.dns.asked.borrow_mut().clear();
    let asked = |days: i64| {
        assert!(tick(&site, days).is_empty());
        site.dns.asked.borrow_mut().drain(..).count()
    };
    assert_eq!([asked(8), asked(0), asked(0)], [10, 2, 0]);
}

#[test]
fn the_schema_keeps_a_verified_name_for_one() {
    let site = site(sqlite::open());
    let (one, other) = (claimed(&site, "kurt", "nirvana"), claimed(&site, "dave", "scream"));
    answers(&site, Some(TxtRecords::Found(vec![one.1, other.1])));
    let batches = |who: &str, line: &str, body: Value| {
        site.store.executor().batches.set(0);
        let reply = ask(&site, who, line, body);
        assert!(reply.status < 300, "{}", reply.text);
        site.store.executor().batches.get()
    };
    assert_eq!(batches("kurt", &format!("POST {}/verify", one.0), Value::Null), 3);
    assert_eq!(batches("kurt", "POST /nirvana/domains", json!({ "name": "foo.com" })), 2);
    assert_eq!(batches("kurt", "GET /nirvana/domains", Value::Null), 1);
    let connection = site.store.executor().connection.borrow();
    let set = |path: &str, value: &str| format!("UPDATE domains SET body = json_set(body, '$.{path}', {value})");
    let now = "'$.verifiedAt', 1, '$.recheckAt', 2";
    for (why, sql) in [
        (
            "a name that two have verified",
            format!("UPDATE domains SET body = json_set(body, '$.state', 'verified', {now})"),
        ),
        ("an unknown state", set("state", "'proven'")),
        ("an unknown policy", set("policy", "'open'")),
        ("a verified one that is never looked at again", set("recheckAt", "null")),
        ("a claim in other hands", "UPDATE domains SET organization = (SELECT min(id) FROM organizations)".to_owned()),
        ("a claim that says another id", set("id", "'dom_x'")),
        ("a second claim of a name", set("name", "'nirvana.com'")),
    ] {
        assert!(connection.execute(&sql, []).is_err(), "the schema lets through {why}: {sql}");
    }
}

/// What is wrong with otherwise right settings.
fn with(change: fn(&mut Settings)) -> Option<String> {
    let mut settings = settings();
    change(&mut settings);
    Config::read(&settings).err().map(|error| error.to_string())
}

fn wrong(error: Option<String>, name: &str) -> bool {
    error.is_some_and(|text| text.contains(name))
}

#[test]
fn what_a_decision_cannot_see_is_no_limit() {
    assert_eq!(with(|settings| settings.invitation_link_limit = Some("100".to_owned())), None);
    assert!(wrong(with(|settings| settings.invitation_link_limit = Some("101".to_owned())), "INVITATION_LINK_LIMIT"));
    assert_eq!(with(|settings| settings.registrations_per_hour = Some("100000".to_owned())), None);
    let beyond = with(|settings| settings.registrations_per_hour = Some("100001".to_owned()));
    assert!(wrong(beyond, "REGISTRATIONS_PER_HOUR"));
}

#[test]
fn settings_about_domains_are_checked() {
    assert_eq!(with(|settings| settings.doh_url = Some("https://resolver.example/q".to_owned())), None);
    assert_eq!(with(|settings| settings.doh_url = Some("http://127.0.0.1:9/q".to_owned())), None);
    assert!(wrong(with(|settings| settings.doh_url = Some("http://resolver.example/q".to_owned())), "DOH_URL"));
    assert!(wrong(with(|settings| settings.doh_url = Some("https:// x".to_owned())), "DOH_URL"));
    assert!(wrong(with(|settings| settings.domain_limit = Some("101".to_owned())), "DOMAIN_LIMIT"));
    assert!(wrong(with(|settings| settings.domain_grace = Some("-1".to_owned())), "DOMAIN_GRACE"));
    assert_eq!(with(|settings| settings.domain_recheck = Some("60".to_owned())), None);
}

proptest! {
    #[test]
    fn a_name_is_its_own_parse(text in "[A-Za-z0-9.-]{1,20}\\.?|\\PC{0,20}|xn--[a-z0-9-]{1,9}\\.[a-z]{2,3}") {
        if let Ok(name) = DomainName::parse(&text) {
            prop_assert_eq!(DomainName::parse(name.as_str()), Ok(name.clone()));
            prop_assert_eq!(DomainName::parse(&format!("{}.", name.as_str().to_uppercase())), Ok(name.clone()));
            prop_assert_eq!(serde_json::from_str::<DomainName>(&serde_json::to_string(&name).unwrap()).unwrap(), name.clone());
            prop_assert!(name.as_str().len() <= DomainName::MAX_BYTES && name.as_str().contains('.'));
            prop_assert!(name.is_within(name.as_str()));
            let _ = require_not_public(&name);
        }
    }

    #[test]
    fn an_answer_of_a_resolver_may_be_anything(body in any::<Vec<u8>>(), data in any::<String>(), status in any::<u8>()) {
        let _ = doh::answer(&body);
        let answer = json!({ "Status": status % 4, "Answer": [{ "type": 16, "data": data }] }).to_string();
        if let Ok(TxtRecords::Found(values)) = doh::answer(answer.as_bytes()) {
            prop_assert!(values.iter().all(|value| value.starts_with("guildhall-verification=")));
        }
    }
}
