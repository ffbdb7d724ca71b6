//! What became of the systems that Guildhall replaces: every case of their own test suites has an
//! answer in `conformance.csv`, every defect that was found in them one in `defects.csv`, and every
//! answer names a test that exists.
//!
//! Owns the rules of the two tables. Never runs the tests that they name: their own runners do.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail like tests do; clippy exempts only the test functions themselves"
)]

#[path = "conformance/evidence.rs"]
mod evidence;
#[path = "conformance/promises.rs"]
mod promises;
#[path = "conformance/table.rs"]
mod table;

use evidence::Evidence;
use std::collections::BTreeMap;
use table::{Row, read};

const CASES: &str = include_str!("conformance.csv");
const DEFECTS: &str = include_str!("defects.csv");
/// The cases of django-organizations 2.7.0 and of django-ar-organizations 0.2.42.
const SUITES: [(&str, u32); 2] = [("DO", 129), ("AR", 55)];
/// The cases that are about Python and Django alone, with what each is about.
const FRAMEWORK: &[(&str, &str)] = &[
    ("DO-003", "model class"),
    ("DO-035", "field class"),
    ("DO-036", "field class"),
    ("DO-037", "field class"),
    ("DO-052", "model attribute"),
    ("DO-053", "model attribute"),
    ("DO-054", "model attribute"),
    ("DO-068", "model class"),
    ("DO-096", "installed apps"),
    ("DO-122", "model class"),
    ("AR-014", "model attribute"),
    ("AR-019", "model class"),
];
/// The fewest words that say why.
const A_SENTENCE: usize = 5;

fn ids() -> Vec<String> {
    SUITES.iter().flat_map(|(suite, count)| (1..=*count).map(move |number| format!("{suite}-{number:03}"))).collect()
}

/// Everything that is wrong with the table of cases.
fn faults_of_cases(rows: &[Row], evidence: &Evidence) -> Vec<String> {
    let mut faults = count_faults(&ids(), rows);
    for row in rows {
        let fault = match row["answer"].as_str() {
            "same" => None,
            "better" => lacks_reason(&row["reason"]),
            "not_applicable" => not_mechanics(row),
            other => Some(format!("`{other}` is no answer")),
        };
        faults.extend(fault.map(|fault| format!("{}: {fault}", row["id"])));
        if row["answer"] != "not_applicable" {
            faults.extend(evidence.faults(&row["test"]).into_iter().map(|fault| format!("{}: {fault}", row["id"])));
        }
    }
    faults
}

/// Ids that are missing, come twice, or are nobody's.
fn count_faults(ids: &[String], rows: &[Row]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = ids.iter().map(|id| (id.as_str(), 0)).collect();
    let mut faults = Vec::new();
    for row in rows {
        match counts.get_mut(row["id"].as_str()) {
            Some(count) => *count = count.saturating_add(1),
            None => faults.push(format!("{}: there is no such case", row["id"])),
        }
    }
    let others = counts.into_iter().filter(|(_, count)| *count != 1);
    faults.extend(others.map(|(id, count)| format!("{id}: it stands there {count} times")));
    faults
}

fn lacks_reason(reason: &str) -> Option<String> {
    (reason.split_whitespace().count() < A_SENTENCE).then(|| "the reason is missing".to_owned())
}

/// Rule: only a case about Python or Django has no answer, and its reason begins with what it is
/// about. Reason: whatever a person could see must be shown by a test.
fn not_mechanics(row: &Row) -> Option<String> {
    let Some((_, about)) = FRAMEWORK.iter().find(|(id, _)| *id == row["id"]) else {
        return Some("it is about behaviour, so a test must show it".to_owned());
    };
    let Some(reason) = row["reason"].strip_prefix(&format!("{about}: ")) else {
        return Some(format!("its reason must begin with `{about}: `"));
    };
    lacks_reason(reason)
}

/// Everything that is wrong with the table of defects.
fn faults_of_defects(rows: &[Row], evidence: &Evidence) -> Vec<String> {
    let ids: Vec<String> = (1..=rows.len()).map(|number| format!("D-{number:02}")).collect();
    let mut faults = count_faults(&ids, rows);
    for row in rows {
        let mut own: Vec<String> =
            ["defect", "instead"].into_iter().filter_map(|column| lacks_reason(&row[column])).collect();
        if row["where"].is_empty() {
            own.push("where it was found is missing".to_owned());
        }
        if !row["test"].starts_with("scenario:defects#") {
            own.push("its first test must be a scenario of `defects`, which every runtime runs".to_owned());
        }
        own.extend(evidence.faults(&row["test"]));
        faults.extend(own.into_iter().map(|fault| format!("{}: {fault}", row["id"])));
    }
    faults
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_case_of_the_replaced_systems_has_an_answer_and_a_test() {
    assert_none(&faults_of_cases(&read(CASES, &["id", "answer", "test", "reason"]), &Evidence::gather()));
}

#[test]
fn every_defect_of_the_replaced_systems_has_a_scenario_of_what_happens_instead() {
    let rows = read(DEFECTS, &["id", "where", "defect", "instead", "test"]);
    assert!(!rows.is_empty(), "no defects");
    assert_none(&faults_of_defects(&rows, &Evidence::gather()));
}

#[test]
fn every_scenario_of_a_defect_belongs_to_one() {
    let rows = read(DEFECTS, &["id", "where", "defect", "instead", "test"]);
    let evidence = Evidence::gather();
    let idle = evidence.scenarios("defects").filter(|title| {
        let name = format!("scenario:defects#{title}");
        rows.iter().all(|row| evidence::parts(&row["test"]).all(|test| test != name))
    });
    assert_none(&idle.map(|title| format!("no defect names the scenario `{title}`")).collect::<Vec<_>>());
}

/// A runner that sees nothing proves nothing: each kind of fault, put in on purpose, is named.
#[test]
fn each_kind_of_fault_is_seen() {
    let evidence = Evidence::gather();
    let good = read(CASES, &["id", "answer", "test", "reason"]);
    let seen = |column: &str, value: &str, place: usize| {
        let mut rows = good.clone();
        rows[place].insert(column.to_owned(), value.to_owned());
        faults_of_cases(&rows, &evidence).join("\n")
    };
    let behaviour = good.iter().position(|row| row["id"] == "DO-006").expect("DO-006");
    let framework = good.iter().position(|row| row["id"] == "DO-003").expect("DO-003");
    for (column, value, place, says) in [
        ("id", "DO-130", behaviour, "DO-130: there is no such case"),
        ("id", "DO-130", behaviour, "DO-006: it stands there 0 times"),
        ("id", "DO-007", behaviour, "DO-007: it stands there 2 times"),
        ("answer", "worse", behaviour, "DO-006: `worse` is no answer"),
        ("answer", "not_applicable", behaviour, "DO-006: it is about behaviour"),
        ("test", "", behaviour, "DO-006: no test is named"),
        ("test", "by hand", behaviour, "DO-006: `by hand` is no name of a test"),
        ("test", "scenario:defects#no such title", behaviour, "no scenario `no such title`"),
        ("test", "scenario:nowhere#x", behaviour, "there is no `nowhere`"),
        ("test", "rust:tests/native/laws.rs::no_such_law", behaviour, "no test `no_such_law`"),
        ("test", "rust:tests/native/no_such_file.rs::x", behaviour, "there is no `tests/native/no_such_file.rs`"),
        ("test", "npm:tests/npm/package.test.mjs#no such test", behaviour, "no test `no such test`"),
        ("test", "worker:tests/npm/package.test.mjs#x", behaviour, "stands in tests/worker"),
        ("reason", "model class: no", framework, "DO-003: the reason is missing"),
        ("reason", "because we do not like it at all", framework, "must begin with `model class: `"),
    ] {
        let faults = seen(column, value, place);
        assert!(faults.contains(says), "{column} = {value}: {says} in\n{faults}");
    }
}
