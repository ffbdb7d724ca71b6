//! The pages about signing in, held to the code: every line of `AUTH` is read as an installation reads it.

#![expect(clippy::panic, reason = "a test stops at the first surprise")]

use guildhall::app::config::{Config, ConfigError, Settings};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The types that have a page of their own; `upstream` has docs/upstream.md, and `dev` needs none.
const TYPES: [&str; 12] = [
    "auth0",
    "better-auth",
    "clerk",
    "cloudflare-access",
    "cognito",
    "entra",
    "firebase",
    "jwt",
    "keycloak",
    "oidc",
    "supabase",
    "workos",
];

const SECTIONS: [&str; 4] = ["What the token holds", "In a page", "Sign-out and lifetime", "Traps"];

/// The fields of an entry that stand within `claims`.
const CLAIMS: [&str; 7] = ["userId", "email", "emailVerified", "name", "mfa", "kind", "platformAdmin"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// README and everything below docs: where it lies, and its text.
fn pages() -> Vec<(PathBuf, String)> {
    let files = |folder: &str| std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let all = files("docs").chain(files("docs/sign-in")).chain([root().join("README.md")]);
    let pages = all.filter(|path| path.extension().is_some_and(|end| end == "md"));
    pages.map(|path| (path.clone(), read(&path))).collect()
}

/// The blocks of code in a language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// The words between single backticks.
fn inline(page: &str) -> Vec<&str> {
    let outside = page.split("```").step_by(2);
    outside.flat_map(|text| text.split('`').skip(1).step_by(2)).collect()
}

/// `NAME = 'text'` or `NAME = '''text'''`, for names that begin with `AUTH`.
fn assignments(block: &str) -> BTreeMap<&str, &str> {
    let mut found = BTreeMap::new();
    let mut rest = block;
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let quote = if after.starts_with("'''") { "'''" } else { "'" };
        let value = after.strip_prefix(quote).and_then(|value| value.split_once(quote));
        let name = name.lines().last().unwrap_or_default().trim();
        if let Some((value, _)) = value.filter(|_| name.starts_with("AUTH")) {
            found.insert(name, value);
        }
        rest = value.map_or(after, |(_, rest)| rest);
    }
    found
}

/// Whether a text is an entry of `AUTH`, or a list of them; events have types with a dot.
fn is_entry(text: &str) -> bool {
    let inner = text.trim_start_matches('[').trim_start_matches('{').trim_start();
    let kind = inner.strip_prefix("\"type\":").and_then(|rest| rest.split('"').nth(1));
    text.starts_with(['[', '{']) && kind.is_some_and(|kind| !kind.contains('.'))
}

/// Reads settings as the installation does.
fn configured(auth: &BTreeMap<&str, &str>) -> Result<Config, ConfigError> {
    let is_local = auth.values().any(|text| text.contains("\"dev\""));
    let origin = if is_local { "http://127.0.0.1:8787" } else { "https://accounts.example.com" };
    let secrets = format!(r#"{{"a": "{0}", "b": "{0}b"}}"#, "s".repeat(32));
    let secret = "s".repeat(64);
    let settings = Settings::gather(|name| {
        Ok::<_, ConfigError>(match name {
            "PUBLIC_ORIGIN" => Some(origin.to_owned()),
            "SECRET_KEY" => Some(secret.clone()),
            "UPSTREAM_KEYS" => Some(secrets.clone()),
            name => auth.get(name).map(|text| (*text).to_owned()),
        })
    });
    Config::read(&settings?)
}

fn expect_configured(place: &str, auth: &BTreeMap<&str, &str>) {
    if let Err(error) = configured(auth) {
        panic!("{place}: {error}\n{auth:?}");
    }
}

#[test]
fn each_line_of_auth_on_the_pages_is_taken() {
    let mut count = 0;
    for (path, page) in pages() {
        let place = path.display().to_string();
        for block in blocks(&page, "toml") {
            let auth = assignments(block);
            if !auth.is_empty() {
                expect_configured(&place, &auth);
                count += 1;
            }
        }
        let entries = inline(&page).into_iter().chain(blocks(&page, "json"));
        for entry in entries.filter(|text| is_entry(text)) {
            expect_configured(&place, &BTreeMap::from([("AUTH", entry)]));
            count += 1;
        }
    }
    assert!(count > 35, "only {count} lines of AUTH were found");
}

/// `"name": value`, as a page shows a field of an entry.
fn field(text: &str) -> Option<(String, Value)> {
    let read: Map<String, Value> = serde_json::from_str(&format!("{{{text}}}")).ok()?;
    read.into_iter().next().filter(|_| text.starts_with('"') && !text.starts_with("\"$"))
}

#[test]
fn each_field_on_a_page_is_taken_by_the_type_of_the_page() {
    let mut count = 0;
    for kind in TYPES {
        let page = read(&root().join(format!("docs/sign-in/{kind}.md")));
        let first = blocks(&page, "toml").into_iter().find_map(|block| assignments(block).remove("AUTH")).unwrap();
        let mut example: Value = serde_json::from_str(first).unwrap();
        let example = example[0].take();
        assert_eq!(example["type"], kind, "docs/sign-in/{kind}.md begins with another type");
        for (name, value) in inline(&page).into_iter().filter_map(field) {
            let mut entry = example.clone();
            let is_claim = CLAIMS.contains(&name.as_str());
            let place = if is_claim { &mut entry["claims"] } else { &mut entry };
            place[name.as_str()] = value;
            let text = json!([entry]).to_string();
            expect_configured(&format!("docs/sign-in/{kind}.md"), &BTreeMap::from([("AUTH", text.as_str())]));
            count += 1;
        }
    }
    assert!(count > 12, "only {count} fields were found");
}

#[test]
fn each_type_has_a_page_with_the_same_sections_that_the_first_page_leads_to() {
    let first = read(&root().join("docs/sign-in.md"));
    for kind in TYPES {
        let page = read(&root().join(format!("docs/sign-in/{kind}.md")));
        for section in SECTIONS {
            assert!(page.contains(&format!("\n## {section}\n")), "docs/sign-in/{kind}.md has no section {section}");
        }
        assert!(first.contains(&format!("(sign-in/{kind}.md)")), "docs/sign-in.md does not lead to {kind}");
        assert!(page.contains("createClient({"), "docs/sign-in/{kind}.md does not show how a page sends its token");
    }
    assert!(read(&root().join("README.md")).contains("(docs/sign-in.md)"));
}

#[test]
fn links_between_the_pages_lead_to_files() {
    for (path, page) in pages() {
        let targets = page.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
        for target in targets.filter(|target| !target.contains("://") && !target.starts_with('#')) {
            let file = target.split('#').next().unwrap();
            assert!(path.parent().unwrap().join(file).exists(), "{}: {target} leads nowhere", path.display());
        }
    }
}
