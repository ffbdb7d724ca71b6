//! docs/settings.md, held to the code: names, defaults, examples and greatest values.

#![expect(clippy::panic, reason = "a test stops at the first surprise")]

use guildhall::app::config::{Config, ConfigError, Settings};
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = include_str!("../../docs/settings.md");
const CONFIGURATION: &str = include_str!("../../wrangler.toml");
const BINDINGS: &str = include_str!("../../crates/worker/src/bindings.rs");

/// Settings under which nothing is missing, besides those that a test adds.
const SOUND: [(&str, &str); 3] = [
    ("PUBLIC_ORIGIN", "http://127.0.0.1:8787"),
    ("AUTH", r#"[{"type":"dev"}]"#),
    ("SECRET_KEY", "0123456789abcdef0123456789abcdef"),
];

struct Row<'a> {
    name: &'a str,
    default: &'a str,
    most: &'a str,
    example: &'a str,
}

fn cells(line: &str) -> Vec<&str> {
    let inside = line.trim().strip_prefix('|').and_then(|rest| rest.strip_suffix('|'));
    inside.unwrap_or_default().split('|').map(str::trim).collect()
}

fn code(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.strip_suffix('`').filter(|text| !text.contains('`'))
}

/// The rows of tables of five columns, one for each name; those of bindings have three.
fn rows() -> Vec<Row<'static>> {
    let lines = PAGE.lines().filter(|line| line.starts_with("| `"));
    let five = lines.map(|line| (line, cells(line))).filter(|(_, cells)| cells.len() != 3);
    five.flat_map(|(line, cells)| match cells[..] {
        [names, _, default, most, example] => {
            names.split(", ").map(move |name| Row { name: code(name).unwrap(), default, most, example })
        }
        _ => panic!("a row has five cells: {line}"),
    })
    .collect()
}

fn read(given: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let all: BTreeMap<&str, &str> = SOUND.into_iter().chain(given.iter().copied()).collect();
    let settings = Settings::gather(|name| Ok::<_, ConfigError>(all.get(name).map(|text| (*text).to_owned())));
    Config::read(&settings.unwrap())
}

fn expect_read(given: &[(&str, &str)]) -> Config {
    read(given).unwrap_or_else(|error| panic!("{given:?}: {error}"))
}

#[test]
fn each_setting_has_one_row_in_its_page_and_each_row_is_a_setting() {
    let rows = rows();
    let names: BTreeSet<&str> = rows.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), rows.len(), "a setting has two rows in docs/settings.md");
    let known: BTreeSet<&str> = Settings::NAMES.iter().copied().collect();
    let missing: Vec<&&str> = known.difference(&names).collect();
    let stale: Vec<&&str> = names.difference(&known).collect();
    assert!(missing.is_empty(), "docs/settings.md lacks a row for {missing:?}");
    assert!(stale.is_empty(), "docs/settings.md has a row for {stale:?}, which no code reads");
}

#[test]
fn an_absent_setting_means_its_default() {
    let nothing = expect_read(&[]);
    for row in rows() {
        if let Some(default) = code(row.default).filter(|text| !Settings::NAMES.contains(text)) {
            assert!(expect_read(&[(row.name, default)]) == nothing, "{}: the default is not {default}", row.name);
        }
    }
}

#[test]
fn each_example_is_taken_and_changes_something() {
    let nothing = expect_read(&[]);
    for row in rows().iter().filter(|row| !row.example.is_empty()) {
        let example = code(row.example).unwrap();
        assert!(expect_read(&[(row.name, example)]) != nothing, "{}: {example} changes nothing", row.name);
    }
}

#[test]
fn the_most_is_taken_and_one_more_is_refused() {
    for row in rows().iter().filter(|row| !row.most.is_empty()) {
        let most: u32 = row.most.parse().unwrap();
        expect_read(&[(row.name, row.most)]);
        let refused = read(&[(row.name, &(most + 1).to_string())]).err();
        assert_eq!(refused.map(|error| error.setting()), Some(row.name), "more than {most} are taken");
    }
}

/// `NAME = …`, at the beginning of a line or behind `# `.
fn assigned(line: &str) -> Option<&str> {
    let (name, _) = line.trim_start_matches("# ").split_once(" = ")?;
    let is_name = |char: char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '_';
    name.chars().all(is_name).then_some(name)
}

#[test]
fn the_configuration_names_settings_that_are_read() {
    let named: Vec<&str> = CONFIGURATION.lines().filter_map(assigned).collect();
    assert!(named.len() > 5, "{named:?}");
    for name in named {
        assert!(Settings::NAMES.contains(&name), "wrangler.toml names {name}, which no code reads");
    }
}

#[test]
fn each_binding_that_the_worker_asks_for_has_a_row() {
    let texts = BINDINGS.split('"').skip(1).step_by(2);
    let is_name = |text: &&str| text.len() > 1 && text.chars().all(|char| char.is_ascii_uppercase() || char == '_');
    let asked: BTreeSet<&str> = texts.filter(is_name).collect();
    assert!(asked.len() >= 5, "{asked:?}");
    for name in asked {
        let known = Settings::NAMES.contains(&name) || PAGE.contains(&format!("\n| `{name}` |"));
        assert!(known, "docs/settings.md lacks a row for the binding {name}");
    }
}
