//! The house rules that a compiler does not know: imports run one way, and each kind of thing has
//! one place.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder but for tests, with its text before the tests in it.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} is empty");
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path.strip_prefix(root()).unwrap().display().to_string(), without_tests(&text).to_owned()));
        }
    }
}

/// What stands before the module of tests, which is the last thing in a file.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
}

fn lines_with<'a>(code: &'a str, words: &[&str]) -> Vec<&'a str> {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    code.lines().filter(is_code).filter(|line| words.iter().any(|word| line.contains(word))).collect()
}

fn forbid(folder: &str, except: &[&str], words: &[&str], rule: &str) {
    for (path, code) in sources(folder) {
        if except.iter().all(|allowed| !path.starts_with(allowed)) {
            let hits = lines_with(&code, words);
            assert!(hits.is_empty(), "{rule}\n{path}:\n{}", hits.join("\n"));
        }
    }
}

#[test]
fn a_test_module_alone_is_left_out() {
    assert_eq!(
        without_tests("#[cfg(test)]\nmod tests;\nfn a() {}\n#[cfg(test)]\nmod tests {\nfn b() {}\n}\n"),
        "#[cfg(test)]\nmod tests;\nfn a() {}\n"
    );
}

#[test]
fn imports_run_one_way() {
    let upwards = ["crate::app", "crate::wire", "crate::store", "crate::ffi"];
    forbid("src/domain", &[], &upwards, "the domain sees nothing but itself");
    forbid("src/app", &[], &["crate::wire", "crate::store", "crate::ffi"], "app sees the domain");
    forbid("src/store", &[], &["crate::wire", "crate::ffi"], "stores see the domain and the ports");
    forbid("src/wire", &[], &["crate::store", "crate::ffi"], "wire knows no adapter");
}

#[test]
fn the_core_has_no_runtime() {
    let words = [
        "wasm_bindgen",
        "js_sys",
        "worker::",
        "getrandom",
        "std::fs",
        "std::net::Tcp",
        "std::env",
        "std::thread",
        "SystemTime",
        "Instant::",
    ];
    forbid("src", &[], &words, "the root package is pure");
}

#[test]
fn sql_and_statuses_have_one_place() {
    let sql = ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "PRAGMA"];
    forbid("src", &["src/store/sql"], &sql, "SQL stands in src/store/sql and in migrations");
    forbid("crates", &[], &sql, "the edge executes statements, it has none");
    let statuses = ["StatusCode", "status: u16"];
    forbid("src", &["src/wire"], &statuses, "statuses stand in src/wire");
}

#[test]
fn order_has_one_place() {
    let words = ["BTree", ".sort(", ".sort_by", ".sort_unstable"];
    forbid(
        "src",
        &["src/domain/table", "src/domain/order.rs"],
        &words,
        "order is kept by domain::table and domain::order",
    );
}

#[test]
fn the_edges_never_meet() {
    let manifest = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let edges = ["npm", "pass", "worker"];
    for (edge, other) in edges.iter().flat_map(|edge| edges.iter().map(move |other| (edge, other))) {
        let text = manifest(&format!("crates/{edge}/Cargo.toml"));
        assert_eq!(text.contains(&format!("guildhall-{other}")), edge == other, "{edge} and {other}");
    }
    assert!(
        !manifest("crates/worker/Cargo.toml").contains("wasm-bindgen"),
        "an export of the Worker is a public procedure"
    );
}

#[test]
fn files_stay_small() {
    for folder in ["src", "crates", "tests"] {
        for (path, code) in sources(folder) {
            let length = code.lines().count();
            assert!(length <= 400, "{path} has {length} lines");
        }
    }
}

#[test]
fn every_module_says_what_it_is() {
    for (path, code) in sources("src").into_iter().chain(sources("crates")) {
        assert!(code.starts_with("//! "), "{path} has no head");
    }
}
