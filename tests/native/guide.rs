//! The guide for whoever comes from Django: its examples, run as they stand there on the demo data.
//!
//! Owns the reading of lines like `as WHO METHOD PATH 'BODY'  # STATUS PART`, which the shell
//! function `as` of the guide carries out for people.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at the first surprise")]

use crate::scenarios::matches;
use crate::support::site::{Site, request};
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const GUIDE: &str = include_str!("../../docs/migrating-from-django-organizations.md");
const DEMO: &str = include_str!("../../examples/django-organizations.json");

/// One line of an example.
struct Example<'a> {
    who: &'a str,
    method: &'a str,
    path: &'a str,
    body: String,
    expected: &'a str,
    /// The variable that keeps a field of the answer, and the field.
    kept: Option<(&'a str, &'a str)>,
}

impl<'a> Example<'a> {
    fn parse(line: &'a str) -> Self {
        let (order, expected) = line.split_once("# ").unwrap_or((line, ""));
        let (kept, order) = match order.split_once("=$(") {
            Some((name, rest)) if order.ends_with(')') => {
                let (order, field) = rest.trim_end_matches(')').rsplit_once(" | field ").unwrap();
                (Some((name, field)), order)
            }
            _ => (None, order),
        };
        let mut words = order.strip_prefix("as ").unwrap().trim().splitn(4, ' ');
        let mut word = || words.next().unwrap_or_default();
        Example { who: word(), method: word(), path: word().trim_matches('\''), body: unquoted(word()), expected, kept }
    }
}

/// What a shell makes of a word in quotes.
fn unquoted(word: &str) -> String {
    match word.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\\\"", "\""),
        None => word.trim().trim_matches('\'').to_owned(),
    }
}

fn examples() -> Vec<Example<'static>> {
    let blocks = GUIDE.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let is_example = |line: &&str| line.starts_with("as ") || line.contains("=$(as ");
    blocks.flat_map(str::lines).filter(is_example).map(Example::parse).collect()
}

async fn run(example: &Example<'_>, site: &Site<MemoryStore>, kept: &mut BTreeMap<String, String>) {
    let place = format!("{} {} {} {}", example.who, example.method, example.path, example.body);
    let filled = kept.iter().fold(example.body.clone(), |body, (name, value)| body.replace(&format!("${name}"), value));
    let body: Option<Value> = (!filled.is_empty()).then(|| serde_json::from_str(&filled).expect(&place));
    let email = format!("{}@nirvana.com", example.who);
    let who = json!({ "userId": example.who, "email": email, "platformAdmin": example.who == "root" });
    let token = site.sign_in(&who).await;
    let reply = site.send(request(example.method, example.path, Some(&token), body.as_ref())).await;
    if let Some((name, field)) = example.kept {
        let pointer = format!("/{}", field.replace(['.', '['], "/").replace(']', ""));
        let value = reply.body.pointer(&pointer).and_then(Value::as_str).expect(&place);
        kept.insert(name.to_owned(), value.to_owned());
        return;
    }
    let (status, part) = example.expected.trim().split_once(' ').expect(&place);
    assert_eq!(status, reply.status.to_string(), "{place}: {}", reply.text);
    let part = serde_json::from_str(part).expect(&place);
    matches(&part, &reply.body, "body").unwrap_or_else(|difference| panic!("{place}: {difference}\n{}", reply.text));
}

#[test]
fn the_examples_of_the_guide_answer_as_it_says() {
    let examples = examples();
    assert!(examples.len() > 20, "only {} examples were found", examples.len());
    let site = Site::new(MemoryStore::default());
    block_on(async {
        let token = site.sign_in(&json!({ "userId": "root", "platformAdmin": true })).await;
        let demo: Value = serde_json::from_str(DEMO).unwrap();
        let import = site.send(request("POST", "/v1/imports/django", Some(&token), Some(&demo))).await;
        assert_eq!(import.status, 200, "{}", import.text);
        let mut kept = BTreeMap::new();
        for example in &examples {
            run(example, &site, &mut kept).await;
        }
    });
}
