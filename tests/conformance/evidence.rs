//! Finding the tests that a table names.
//!
//! Owns the forms of a name: `scenario:FILE#TITLE`, `rust:PATH::FUNCTION`, and `npm:`, `worker:` or
//! `browser:` with `PATH#TITLE`; several are parted by ` | `.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Every scenario there is; other tests are looked up in their files.
pub struct Evidence {
    scenarios: BTreeMap<String, BTreeSet<String>>,
}

/// The names in a cell.
pub fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(" | ").filter(|part| !part.is_empty())
}

impl Evidence {
    /// Reads the corpus.
    pub fn gather() -> Self {
        let folder = root().join("tests/scenarios");
        let files = std::fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("a file").path());
        Evidence { scenarios: files.map(|path| (stem(&path), titles(&path))).collect() }
    }

    /// The titles in one file of the corpus.
    pub fn scenarios(&self, file: &str) -> impl Iterator<Item = &String> {
        self.scenarios.get(file).into_iter().flatten()
    }

    /// What is wrong with the tests that a cell names.
    pub fn faults(&self, cell: &str) -> Vec<String> {
        if parts(cell).next().is_none() {
            return vec!["no test is named".to_owned()];
        }
        parts(cell).filter_map(|name| self.fault(name)).collect()
    }

    fn fault(&self, name: &str) -> Option<String> {
        let (kind, place) = name.split_once(':').unwrap_or_default();
        match (kind, place.split_once("::"), place.split_once('#')) {
            ("scenario", _, Some((file, title))) => self.scenario_fault(file, title),
            ("rust", Some((path, function)), _) => rust_fault(path, function),
            ("npm" | "worker" | "browser", _, Some((path, title))) => script_fault(kind, path, title),
            _ => Some(format!("`{name}` is no name of a test")),
        }
    }

    fn scenario_fault(&self, file: &str, title: &str) -> Option<String> {
        match self.scenarios.get(file) {
            None => Some(format!("there is no `{file}` in the corpus")),
            Some(titles) if !titles.contains(title) => Some(format!("`{file}` has no scenario `{title}`")),
            Some(_) => None,
        }
    }
}

/// A function is a test if an attribute above it says so.
fn rust_fault(path: &str, function: &str) -> Option<String> {
    let text = match source(path) {
        Ok(text) => text,
        Err(fault) => return Some(fault),
    };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let heads = lines.iter().enumerate().filter(|(_, line)| line.starts_with(&format!("fn {function}(")));
    let above = |place: usize| lines[..place].iter().rev().take_while(|line| line.starts_with(['#', '/']));
    let mut tests = heads.filter(|(place, _)| above(*place).any(|line| *line == "#[test]"));
    tests.next().is_none().then(|| format!("`{path}` has no test `{function}`"))
}

fn script_fault(kind: &str, path: &str, title: &str) -> Option<String> {
    if !path.starts_with(&format!("tests/{kind}/")) {
        return Some(format!("a test of {kind} stands in tests/{kind}, not in `{path}`"));
    }
    match source(path) {
        Ok(text) if ['"', '\'', '`'].iter().any(|quote| text.contains(&format!("test({quote}{title}{quote}"))) => None,
        Ok(_) => Some(format!("`{path}` has no test `{title}`")),
        Err(fault) => Some(fault),
    }
}

fn source(path: &str) -> Result<String, String> {
    std::fs::read_to_string(root().join(path)).map_err(|_| format!("there is no `{path}`"))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}

fn titles(path: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(path).expect("a file of the corpus");
    let file: Value = serde_json::from_str(&text).expect("JSON");
    let scenarios = file["scenarios"].as_array().expect("scenarios");
    let titles: Vec<String> =
        scenarios.iter().map(|scenario| scenario["title"].as_str().expect("a title").into()).collect();
    let set: BTreeSet<String> = titles.iter().cloned().collect();
    assert_eq!(set.len(), titles.len(), "a title stands twice in {}", path.display());
    set
}
