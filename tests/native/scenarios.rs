//! The scenario corpus, run natively: on memory and on SQLite.
//!
//! A scenario is a file of `tests/scenarios`: a title, and steps that are each a request with what is
//! expected of its answer. The npm package and the built Worker run the same files.

use crate::support::NoMessenger;
use crate::support::signing::sign;
use crate::support::site::{ORIGIN, Reply, Site, request, settings};
use crate::support::sqlite;
use guildhall::app::config::Settings;
use guildhall::app::ports::{Store, Upkeep};
use guildhall::domain::event::Event;
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

struct Run<'a, S> {
    site: &'a Site<S>,
    people: Map<String, Value>,
    tokens: BTreeMap<String, String>,
    saved: BTreeMap<String, String>,
    watch: &'a dyn Fn(&guildhall::wire::Request, &Reply),
    secrets: Value,
}

impl<S: Store + Upkeep> Run<'_, S> {
    async fn step(&mut self, step: &Value) -> Result<(), String> {
        if let Some(seconds) = step["advance"].as_i64() {
            self.site.advance(seconds);
            return Ok(());
        }
        if step["tick"] == true {
            let failures = self.site.app().tick(None::<&NoMessenger>).await;
            return if failures.is_empty() { Ok(()) } else { Err(format!("{failures:?}")) };
        }
        let mut request = self.request(step).await?;
        if step["signed"].is_object() {
            sign(&mut request, &step["signed"], (&self.secrets, &self.site.config.public_origin), self.site.now.get());
        }
        let reply = self.site.send(request.clone()).await;
        (self.watch)(&request, &reply);
        self.check(step, &reply)
            .map_err(|difference| format!("{difference}\nanswer: {} {}", reply.status, reply.text))?;
        self.save(step, &reply)
    }

    async fn request(&mut self, step: &Value) -> Result<guildhall::wire::Request, String> {
        let line = self.fill(step["do"].as_str().ok_or("a step needs `do`")?)?;
        let (method, path) = line.split_once(' ').ok_or("`do` is METHOD PATH")?;
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{ORIGIN}{path}") };
        let mut headers: BTreeMap<String, String> =
            BTreeMap::from([("content-type".to_owned(), "application/json".to_owned())]);
        if let Some(person) = step["as"].as_str() {
            headers.insert("authorization".to_owned(), format!("Bearer {}", self.token(person).await?));
        }
        for (name, value) in step["headers"].as_object().into_iter().flatten() {
            headers.insert(name.to_ascii_lowercase(), self.fill(value.as_str().unwrap_or_default())?);
        }
        let builder = http::Request::builder().method(method).uri(url);
        let builder = headers.iter().filter(|(_, value)| !value.is_empty()).fold(builder, |b, (n, v)| b.header(n, v));
        builder.body(self.body(step)?).map_err(|error| error.to_string())
    }

    fn body(&self, step: &Value) -> Result<Vec<u8>, String> {
        let text = match (&step["body"], &step["text"]) {
            (Value::Null, Value::String(text)) => text.clone(),
            (Value::Null, _) => String::new(),
            (body, _) => body.to_string(),
        };
        Ok(self.fill(&text)?.into_bytes())
    }

    async fn token(&mut self, name: &str) -> Result<String, String> {
        if !self.tokens.contains_key(name) {
            let person = self.people.get(name).ok_or_else(|| format!("who is `{name}`?"))?;
            let token = self.site.sign_in(person).await;
            self.tokens.insert(name.to_owned(), token);
        }
        Ok(self.tokens[name].clone())
    }

    /// `${name}` is what an earlier step saved.
    fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = text.to_owned();
        for (name, value) in &self.saved {
            filled = filled.replace(&format!("${{{name}}}"), value);
        }
        if filled.contains("${") { Err(format!("something is not saved: {filled}")) } else { Ok(filled) }
    }

    fn check(&self, step: &Value, reply: &Reply) -> Result<(), String> {
        let expected: Value =
            serde_json::from_str(&self.fill(&step["expect"].to_string())?).map_err(|e| e.to_string())?;
        if expected["status"] != reply.status {
            return Err(format!("expected status {}", expected["status"]));
        }
        for (name, value) in expected["headers"].as_object().into_iter().flatten() {
            let found = reply.headers.get(name.to_ascii_lowercase()).and_then(|value| value.to_str().ok());
            matches(value, &found.map_or(Value::Null, Value::from), name)?;
        }
        if expected["body"].is_null() { Ok(()) } else { matches(&expected["body"], &reply.body, "body") }
    }

    fn save(&mut self, step: &Value, reply: &Reply) -> Result<(), String> {
        for (name, pointer) in step["save"].as_object().into_iter().flatten() {
            let pointer = pointer.as_str().unwrap_or_default();
            let value = match pointer.strip_prefix("header:") {
                Some(header) => reply.headers.get(header).and_then(|value| value.to_str().ok()).map(Value::from),
                None => reply.body.pointer(pointer).cloned(),
            };
            let text = match value.ok_or_else(|| format!("nothing at {pointer} to save as {name}"))? {
                Value::String(text) => text,
                other => other.to_string(),
            };
            self.saved.insert(name.clone(), text);
        }
        Ok(())
    }
}

/// Objects may have more than is expected; lists are whole; `"$any"` is anything but null and
/// absent; `"$absent"` is null or absent; `"$contains:x"` is a text with x in it; `{"$token": [header,
/// claims]}` is a compact token that says so.
pub fn matches(expected: &Value, found: &Value, place: &str) -> Result<(), String> {
    let difference = || Err(format!("at {place}: expected {expected}, found {found}"));
    match (expected, found) {
        (Value::String(word), _) if word == "$any" => {
            if found.is_null() {
                difference()
            } else {
                Ok(())
            }
        }
        (Value::String(word), _) if word == "$absent" => {
            if found.is_null() {
                Ok(())
            } else {
                difference()
            }
        }
        (Value::String(word), _) if word.starts_with("$contains:") => {
            let part = word.trim_start_matches("$contains:");
            if found.as_str().is_some_and(|text| text.contains(part)) { Ok(()) } else { difference() }
        }
        (Value::Object(fields), _) if fields.contains_key("$token") => {
            let parts: Vec<Value> = found.as_str().unwrap_or_default().split('.').take(2).map(decoded).collect();
            matches(&fields["$token"], &Value::from(parts), place)
        }
        (Value::Object(fields), _) => {
            let mut fields = fields.iter();
            fields.try_for_each(|(name, value)| matches(value, &found[name], &format!("{place}.{name}")))
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            let mut pairs = items.iter().zip(others).enumerate();
            pairs.try_for_each(|(index, (item, other))| matches(item, other, &format!("{place}[{index}]")))
        }
        _ if expected == found => Ok(()),
        _ => difference(),
    }
}

/// A part of a compact token.
fn decoded(part: &str) -> Value {
    let bytes = data_encoding::BASE64URL_NOPAD.decode(part.as_bytes()).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn settings_of(scenario: &Value) -> Settings {
    let named = scenario["settings"].as_object().cloned().unwrap_or_default();
    let unknown = named.keys().find(|name| !Settings::NAMES.contains(&name.as_str()));
    assert_eq!(unknown, None, "there is no such setting");
    let text = |name: &'static str| Ok::<_, ()>(named.get(name).and_then(Value::as_str).map(str::to_owned));
    let usual = settings();
    let given = Settings::gather(text).unwrap();
    // Where people reach it is a scenario's to say; a directory is told the host.
    let public_origin = given.public_origin.clone().or(usual.public_origin);
    Settings { public_origin, auth: given.auth.clone().or(usual.auth), secret_key: usual.secret_key, ..given }
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

/// The files of a folder, by their names.
pub fn files(folder: &Path) -> Vec<(String, Value)> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let read = |path: &std::path::PathBuf| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    files.iter().map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), read(path))).collect()
}

fn run_all<S: Store + Upkeep>(
    store: impl Fn() -> S,
    watch: &dyn Fn(&guildhall::wire::Request, &Reply),
    after: impl FnMut(&Site<S>),
) {
    run_folder(&corpus(), store, watch, after);
}

/// Every scenario of a folder's files.
pub fn run_folder<S: Store + Upkeep>(
    folder: &Path,
    store: impl Fn() -> S,
    watch: &dyn Fn(&guildhall::wire::Request, &Reply),
    mut after: impl FnMut(&Site<S>),
) {
    let mut failures = Vec::new();
    let mut count = 0;
    for (file, scenarios) in files(folder) {
        for scenario in scenarios["scenarios"].as_array().unwrap() {
            count += 1;
            let title = format!("{file}: {}", scenario["title"].as_str().unwrap());
            if let Err(failure) = block_on(run(&store, (&scenarios, scenario), watch, &mut after)) {
                failures.push(format!("{title}\n  {failure}"));
            }
        }
    }
    assert!(count > 0, "the corpus is empty");
    assert!(failures.is_empty(), "{} of {count} scenarios fail:\n{}", failures.len(), failures.join("\n"));
}

async fn run<S: Store + Upkeep>(
    store: &impl Fn() -> S,
    (file, scenario): (&Value, &Value),
    watch: &dyn Fn(&guildhall::wire::Request, &Reply),
    after: &mut impl FnMut(&Site<S>),
) -> Result<(), String> {
    let site = Site::with(store(), &settings_of(scenario));
    let people = file["people"].as_object().cloned().unwrap_or_default();
    // The one time that a scenario can speak of: installations' clocks differ.
    let in_an_hour = site.now.get().plus_seconds(3_600).to_string();
    let saved = BTreeMap::from([("inAnHour".to_owned(), in_an_hour)]);
    let secrets = scenario["settings"]["UPSTREAM_KEYS"].as_str().unwrap_or("{}");
    let secrets = serde_json::from_str(secrets).map_err(|error| error.to_string())?;
    let mut run = Run { site: &site, people, tokens: BTreeMap::new(), saved, watch, secrets };
    for (index, step) in scenario["steps"].as_array().unwrap().iter().enumerate() {
        run.step(step).await.map_err(|failure| format!("step {}: {}\n  {failure}", index + 1, step["do"]))?;
    }
    after(&site);
    Ok(())
}

/// What the logs say that a scenario left behind, as an operator reads them; each log must be whole.
fn told(site: &Site<MemoryStore>) -> BTreeSet<String> {
    let token = block_on(site.sign_in(&json!({ "userId": "operator", "platformAdmin": true })));
    let get = |path: String| block_on(site.send(request("GET", &path, Some(&token), None)));
    let mut types = BTreeSet::new();
    for organization in site.store.dump()["organizations"].as_array().unwrap() {
        let path = format!("/v1/organizations/{}/events", organization["id"].as_str().unwrap());
        let checked = get(format!("{path}/verify"));
        // What is deleted, or asks for proof that an operator has not given, is closed to operators too.
        if checked.status == 200 {
            assert_eq!(checked.body["valid"], true, "{}", checked.text);
            let page = get(format!("{path}?limit=100"));
            let events = page.body["data"].as_array().unwrap().iter();
            types.extend(events.map(|event| event["type"].as_str().unwrap().to_owned()));
        }
    }
    types
}

/// Every scenario, and then: there is no event that no scenario shows in an audit log. What ends an
/// organization goes with its log.
#[test]
fn the_corpus_on_memory() {
    let mut seen = BTreeSet::from(["organization.deleted".to_owned(), "organization.purged".to_owned()]);
    run_all(MemoryStore::default, &|_, _| (), |site| seen.extend(told(site)));
    let missing: Vec<_> = Event::NAMES.iter().filter(|name| !seen.contains(**name)).collect();
    assert!(missing.is_empty(), "no scenario leaves these events in a log: {missing:?}");
}

#[test]
fn the_corpus_on_sqlite() {
    run_all(sqlite::open, &|_, _| (), |_| ());
}

/// Every request of the corpus with its answer.
pub fn watched(watch: &dyn Fn(&guildhall::wire::Request, &Reply)) {
    run_all(MemoryStore::default, watch, |_| ());
}
