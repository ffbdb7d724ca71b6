//! The promises of GUARANTEES.md, and the tests that each names.
//!
//! Owns the forms of a name there: `native::FILE`, `KIND/FILE` of another runner, a module of `src` with tests of its
//! own, a scenario file, a path, a command of `package.json`. Several files are `worker/race-*`.

use std::fs::read_to_string;
use std::path::PathBuf;

const PAGE: &str = include_str!("../../GUARANTEES.md");
const COMMANDS: &str = include_str!("../../package.json");

fn at(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn is_there(path: &str) -> bool {
    at(path).exists()
}

/// Whether a module's file, its folder or its own file of tests has a test.
fn is_tested(module: &str) -> bool {
    let paths = [format!("{module}.rs"), format!("{module}/mod.rs"), format!("{module}/tests.rs")];
    paths
        .iter()
        .filter_map(|path| read_to_string(at(path)).ok())
        .any(|text| text.contains("#[test]") || text.contains("\nmod tests;") || text.contains("proptest!"))
}

/// Whether a folder of `tests` has such a file; `*` at the end stands for any rest.
fn has_script(kind: &str, name: &str) -> bool {
    let Some(beginning) = name.strip_suffix('*') else { return is_there(&format!("tests/{kind}/{name}.test.mjs")) };
    let files = std::fs::read_dir(at(&format!("tests/{kind}"))).into_iter().flatten().flatten();
    files.map(|file| file.file_name().to_string_lossy().into_owned()).any(|file| file.starts_with(beginning))
}

fn exists(name: &str) -> bool {
    if let Some(command) = name.strip_prefix("npm run ") {
        return COMMANDS.contains(&format!("\"{command}\":"));
    }
    if let Some(module) = name.strip_prefix("native::") {
        return is_tested(&format!("tests/native/{}", module.replace("::", "/")));
    }
    if name.contains("::") {
        return is_tested(&format!("src/{}", name.replace("::", "/")));
    }
    match name.split_once('/') {
        Some((kind @ ("worker" | "npm" | "browser" | "scripts"), file)) => has_script(kind, file),
        Some(_) => is_there(name),
        None => is_there(&format!("tests/scenarios/{name}.json")) || is_tested(&format!("src/domain/{name}")),
    }
}

/// The promise and the cell with its tests, row by row.
fn rows(page: &str) -> Vec<(&str, &str)> {
    let lines = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| promise |"));
    let cells = lines.map(|line| line.trim().trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    cells.filter_map(|cells| Some((*cells.first()?, *cells.get(2)?))).collect()
}

/// Everything that is wrong with the tests that the promises of a page name.
fn faults(page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (promise, tests) in rows(page) {
        let names: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        if names.is_empty() {
            faults.push(format!("no test is named: {promise}"));
        }
        let missing = names.iter().filter(|name| !exists(name));
        faults.extend(missing.map(|name| format!("there is no test `{name}`: {promise}")));
    }
    faults
}

#[test]
fn every_promise_names_tests_that_exist() {
    assert!(rows(PAGE).len() > 50);
    assert_eq!(faults(PAGE), Vec::<String>::new());
}

#[test]
fn a_promise_without_a_test_and_a_missing_test_are_faults() {
    let page = "| promise | kept by | shown by |\n|---|---|---|\n| a | b | – |\n| c | d | `native::nowhere`, `worker/no`, `no-scenario`, `npm run no`, `domain::no` |\n| e | f | `worker/race-*`, scenarios `links` |";
    assert_eq!(faults(page).len(), 6);
}
