//! Random worlds that the built Worker has answered, decided natively: `tests/worker/one-core.test.mjs`
//! writes them, and runs these tests.
//!
//! Each file is a scenario, and the tokens that the Worker signed meanwhile with what they must answer.

use crate::scenarios;
use crate::support::opened::{Opened, believed};
use crate::support::sqlite;
use guildhall::domain::pass::{Decision, Expectations, KeySet, Kind, Question, Undecided};
use guildhall::domain::time::Timestamp;
use guildhall::store::memory::MemoryStore;
use serde_json::{Value, json};
use std::path::PathBuf;

/// The folder that is handed in.
fn worlds() -> PathBuf {
    std::env::var_os("ONE_CORE").map(PathBuf::from).unwrap()
}

#[test]
#[ignore = "asks for worlds that a Worker has answered"]
fn memory_answers_as_the_worker_did() {
    scenarios::run_folder(&worlds(), MemoryStore::default, &|_, _| (), |_| ());
}

#[test]
#[ignore = "asks for worlds that a Worker has answered"]
fn sqlite_answers_as_the_worker_did() {
    scenarios::run_folder(&worlds(), sqlite::open, &|_, _| (), |_| ());
}

#[test]
#[ignore = "asks for worlds that a Worker has answered"]
fn the_workers_tokens_answer_as_the_worker_did() {
    let mut answers = 0;
    for (file, world) in scenarios::files(&worlds()) {
        let keys = KeySet::parse(&world["jwks"].to_string()).unwrap();
        let now = Timestamp::from_millis(world["now"].as_i64().unwrap());
        for token in world["tokens"].as_array().unwrap() {
            let reader = Reader::of(token, &keys, now);
            for line in token["lines"].as_array().unwrap() {
                answers += reader.compare(line, token, &file);
            }
        }
    }
    assert!(answers > 1000, "{answers}");
}

struct Reader(Opened, Kind);

impl Reader {
    fn of(token: &Value, keys: &KeySet, now: Timestamp) -> Self {
        let expected = Expectations { audience: None, ..Expectations::of("", now) };
        let kind = if token["kind"] == "pass" { Kind::Pass } else { Kind::Passport };
        Reader(believed(token["token"].as_str().unwrap(), kind, keys, &expected).unwrap(), kind)
    }

    /// `None` for an organization that a passport does not name.
    fn decide(&self, line: &Value, permission: &str) -> Option<Result<Decision<'_>, Undecided>> {
        let (organization, team) = match self.1 {
            Kind::Pass => (None, line["team"].as_str()),
            Kind::Passport => (line["organization"].as_str(), None),
        };
        let decided = self.0.vouched.decide(&Question { organization, team, permission });
        Some(decided).filter(|decided| *decided != Err(Undecided::NotFound))
    }

    /// One check with what the token says; how many answers were compared.
    fn compare(&self, line: &Value, token: &Value, file: &str) -> usize {
        let place = format!("{file}: {} of {}: {line}", token["kind"], token["who"]);
        if line["code"] == "unknown_permission" {
            let unknown = |each: &Value| self.decide(line, each.as_str().unwrap());
            let mut all = line["permissions"].as_array().unwrap().iter().filter_map(unknown).peekable();
            let nobody = all.peek().is_none();
            assert!(nobody || all.any(|each| each == Err(Undecided::UnknownPermission)), "{place}");
            return 0;
        }
        let decisions = line["decisions"].as_array().unwrap();
        for decision in decisions {
            let name = decision["permission"].as_str().unwrap();
            match self.decide(line, name) {
                None => assert!(token["without"].as_array().unwrap().contains(&line["organization"]), "{place}"),
                Some(Err(why)) => {
                    assert_eq!((why, line["team"].is_string()), (Undecided::TeamNotInPass, true), "{place}")
                }
                Some(Ok(answer)) => {
                    let told = json!([answer.allowed, answer.code]);
                    assert_eq!(told, json!([decision["allowed"], decision["code"]]), "{name}: {place}");
                    if decision["grantedIn"].is_null() {
                        assert_eq!(json!(answer.granted_by), decision["grantedBy"], "{name}: {place}");
                    }
                }
            }
        }
        decisions.len()
    }
}
