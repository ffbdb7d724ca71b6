//! The tree of teams: what the schema refuses whoever writes, and every move beside a naive model of it.

use crate::races::{Asks, SEEDS, Shared, race, run_pausing, site};
use crate::support::dump::dump;
use crate::support::invariants::broken;
use crate::support::random::person;
use crate::support::site::{Site, request, settings};
use crate::support::sqlite;
use guildhall::app::config::Settings;
use guildhall::app::ports::{Store, Upkeep};
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};

const TEAMS: &str = "/v1/organizations/nirvana/teams";
const DEPTH: usize = 3;

fn founded<S: Store + Upkeep>(store: S) -> (Site<S>, String) {
    let depth = Some(DEPTH.to_string());
    let site = Site::with(store, &Settings { team_depth: depth, ..settings() });
    let token = block_on(site.sign_in(&person("kurt")));
    send(&site, &token, ("POST", "/v1/organizations"), json!({ "name": "Nirvana" }));
    (site, token)
}

fn send<S: Store + Upkeep>(site: &Site<S>, token: &str, (method, path): (&str, &str), body: Value) -> (u16, Value) {
    let body = Some(&body).filter(|body| !body.is_null());
    let reply = block_on(site.send(request(method, path, Some(token), body)));
    (reply.status, reply.body)
}

#[test]
fn the_schema_keeps_teams_together() {
    let (site, token) = founded(sqlite::open());
    send(&site, &token, ("POST", "/v1/organizations/nirvana/members"), json!({ "userId": "dave" }));
    let (_, team) = send(&site, &token, ("POST", TEAMS), json!({ "name": "Road" }));
    let path = format!("{TEAMS}/{}", team["id"].as_str().unwrap());
    assert_eq!(send(&site, &token, ("PUT", &format!("{path}/members/dave")), json!({})).0, 201);
    let connection = site.store.executor().connection.borrow();
    for (why, sql) in [
        ("a team above itself", "UPDATE teams SET body = json_set(body, '$.parent', id)"),
        ("a part of nothing", "UPDATE teams SET body = json_set(body, '$.parent', 'team_x')"),
        (
            "a member from elsewhere",
            "INSERT INTO team_members SELECT organization, team, 'pat', roles, added_at, id, joined_at, name_key FROM team_members",
        ),
        ("the role owner in a team", "UPDATE team_members SET roles = '[\"owner\"]'"),
        ("no role", "UPDATE team_members SET roles = '[]'"),
    ] {
        assert!(connection.execute(sql, []).is_err(), "the schema lets through {why}: {sql}");
    }
    let count = |table: &str| -> i64 {
        let sql = format!("SELECT COALESCE(sum(holders), 0) FROM {table}");
        connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count("team_roles"), 1);
    assert_eq!(connection.execute("DELETE FROM memberships WHERE user = 'dave'", []), Ok(1));
    assert_eq!(count("team_roles"), 0);
    let left: i64 = connection.query_row("SELECT count(*) FROM team_members", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[derive(Debug, Clone)]
enum Step {
    Make(Option<usize>),
    Move(usize, Option<usize>),
    End(usize, bool),
}

/// Pencil and paper: each team's parent by number; `None` for one that has ended.
#[derive(Debug, Default)]
struct Paper(Vec<Option<Option<usize>>>);

impl Paper {
    fn lives(&self, team: usize) -> bool {
        self.0.get(team).is_some_and(Option::is_some)
    }

    fn above(&self, team: usize) -> Vec<usize> {
        let mut above = Vec::new();
        let mut next = self.0[team].unwrap();
        while let Some(parent) = next {
            above.push(parent);
            next = self.0[parent].unwrap();
        }
        above
    }

    fn below(&self, team: usize) -> Vec<usize> {
        (0..self.0.len()).filter(|other| self.lives(*other) && self.above(*other).contains(&team)).collect()
    }

    /// The answer's code, or nothing when it happens.
    fn step(&mut self, step: &Step) -> Option<&'static str> {
        match *step {
            Step::Make(parent) | Step::Move(_, parent) if parent.is_some_and(|parent| !self.lives(parent)) => {
                return Some("not_found");
            }
            Step::Move(team, _) | Step::End(team, _) if !self.lives(team) => return Some("not_found"),
            _ => {}
        }
        let deep = |paper: &Paper, parent: Option<usize>| parent.map_or(0, |parent| paper.above(parent).len() + 1);
        match *step {
            Step::Make(parent) if deep(self, parent) + 1 > DEPTH => return Some("team_depth_reached"),
            Step::Make(parent) => self.0.push(Some(parent)),
            Step::Move(team, Some(parent)) if team == parent || self.above(parent).contains(&team) => {
                return Some("team_cycle");
            }
            Step::Move(team, parent) => {
                let lowest = self.below(team).into_iter().map(|other| self.above(other).len()).max();
                let height = lowest.map_or(1, |lowest| lowest - self.above(team).len() + 1);
                if deep(self, parent) + height > DEPTH {
                    return Some("team_depth_reached");
                }
                self.0[team] = Some(parent);
            }
            Step::End(team, cascade) => {
                let below = self.below(team);
                if !below.is_empty() && !cascade {
                    return Some("team_has_subteams");
                }
                below.into_iter().chain([team]).for_each(|team| self.0[team] = None);
            }
        }
        None
    }
}

fn step() -> impl Strategy<Value = Step> {
    let place = || prop::option::of(0usize..8);
    prop_oneof![
        3 => place().prop_map(Step::Make),
        4 => (0usize..8, place()).prop_map(|(team, place)| Step::Move(team, place)),
        1 => (0usize..8, any::<bool>()).prop_map(|(team, cascade)| Step::End(team, cascade)),
    ]
}

/// Carries a step out for real; the code of its refusal.
fn carry_out<S: Store + Upkeep>(
    (site, token): &(Site<S>, String),
    ids: &mut Vec<String>,
    step: &Step,
) -> Option<String> {
    let id = |team: usize| ids.get(team).cloned().unwrap_or_else(|| "team_00000000000070008000000000000000".to_owned());
    let (status, body) = match *step {
        Step::Make(parent) => send(site, token, ("POST", TEAMS), json!({ "name": "x", "parentId": parent.map(id) })),
        Step::Move(team, parent) => {
            let path = format!("{TEAMS}/{}", id(team));
            send(site, token, ("PATCH", &path), json!({ "parentId": parent.map(id) }))
        }
        Step::End(team, cascade) => {
            let path = format!("{TEAMS}/{}?cascade={cascade}", id(team));
            send(site, token, ("DELETE", &path), Value::Null)
        }
    };
    ids.extend(body["id"].as_str().filter(|_| status == 201).map(str::to_owned));
    body["code"].as_str().map(str::to_owned)
}

fn parents(dump: &Value, ids: &[String]) -> Vec<Option<Option<usize>>> {
    let teams = dump["teams"].as_array().unwrap();
    let number = |id: &Value| ids.iter().position(|known| *id == json!(known));
    let find = |id: &String| teams.iter().find(|team| team["id"] == json!(id));
    ids.iter().map(|id| find(id).map(|team| number(&team["parent"]))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// No cycle, no way that is too long, every parent is there; and each refusal is the paper's.
    #[test]
    fn the_tree_is_the_one_on_paper(steps in prop::collection::vec(step(), 1..40)) {
        let (real, rows) = (founded(MemoryStore::default()), founded(sqlite::open()));
        let (mut paper, mut ids, mut same) = (Paper::default(), Vec::new(), Vec::new());
        for step in &steps {
            let expected = paper.step(step);
            let (one, other) = (carry_out(&real, &mut ids, step), carry_out(&rows, &mut same, step));
            prop_assert_eq!(one.as_deref(), expected, "{:?}", step);
            prop_assert_eq!(other.as_deref(), expected, "{:?}", step);
        }
        for (dump, ids) in [(real.0.store.dump(), &ids), (dump(&rows.0.store), &same)] {
            prop_assert_eq!(parents(&dump, ids), paper.0.clone());
            prop_assert_eq!(broken(&dump), None);
        }
    }
}

/// Two moves, each of which is fine, and which together would put two teams below each other.
fn moves<S: Store + Upkeep>(site: &Site<Shared<S>>) -> Asks {
    let (a, b) = (made(site, "A"), made(site, "B"));
    vec![("krist", "PATCH", path(&a), json!({ "parentId": b })), ("dave", "PATCH", path(&b), json!({ "parentId": a }))]
}

fn made<S: Store + Upkeep>(site: &Site<Shared<S>>, name: &str) -> String {
    let token = block_on(site.sign_in(&person("kurt")));
    let body = json!({ "name": name });
    let reply = run_pausing(site.send(request("POST", TEAMS, Some(&token), Some(&body))));
    reply.body["id"].as_str().unwrap().to_owned()
}

fn path(team: &str) -> &'static str {
    format!("/nirvana/teams/{team}").leak()
}

/// One of them is refused, whichever comes first.
#[test]
fn no_two_moves_make_a_circle() {
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..SEEDS {
        let site = site(MemoryStore::default(), false, None);
        let mut statuses = race(&site, seed, &moves(&site));
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "seed {seed}");
        let dump = site.store.store.dump();
        assert_eq!(broken(&dump), None, "seed {seed}");
        seen.insert(dump["teams"].as_array().unwrap().iter().position(|team| team["parent"].is_null()));
    }
    assert_eq!(seen.len(), 2, "only one order was tried");
}

#[test]
fn the_canary_that_moves_teams_on_old_facts_is_caught() {
    let caught = (0..SEEDS).find_map(|seed| {
        let fair = site(MemoryStore::default(), false, None);
        let asks = moves(&fair);
        let site = Site { store: Shared { naive: true, ..fair.store }, ..fair };
        race(&site, seed, &asks);
        broken(&site.store.store.dump())
    });
    assert!(caught.as_ref().is_some_and(|caught| caught.contains("no tree")), "{caught:?}");
}
