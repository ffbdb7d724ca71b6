//! An installation in one process: a store, a cache, a clock that tests move, and requests.

use super::signatures::Ring;
use super::{SeededEntropy, TestCache, TestDns};
use guildhall::app::authentication::{Authenticated, Memory, authenticate};
use guildhall::app::challenge::NoChallengeServer;
use guildhall::app::config::{Config, Settings};
use guildhall::app::execute::App;
use guildhall::app::ports::{Provenance, Store, Upkeep};
use guildhall::domain::time::Timestamp;
use guildhall::wire;
use pollster::block_on;
use serde_json::Value;
use std::cell::{Cell, RefCell};

pub const ORIGIN: &str = "http://127.0.0.1:8787";

pub struct Site<S> {
    pub store: S,
    pub cache: TestCache,
    pub entropy: SeededEntropy,
    pub dns: TestDns,
    pub config: Config,
    pub now: Cell<Timestamp>,
}

pub struct Reply {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Value,
    pub text: String,
    pub fault: Option<String>,
}

pub fn settings() -> Settings {
    Settings {
        public_origin: Some(ORIGIN.to_owned()),
        auth: Some(r#"[{"type":"dev"}]"#.to_owned()),
        secret_key: Some("a secret that only tests know, 32+".to_owned()),
        ..Settings::default()
    }
}

impl<S: Store + Upkeep> Site<S> {
    pub fn new(store: S) -> Self {
        Site::with(store, &settings())
    }

    pub fn with(store: S, settings: &Settings) -> Self {
        Site {
            store,
            cache: TestCache::default(),
            entropy: SeededEntropy::new(1),
            dns: TestDns::default(),
            config: Config::read(settings).unwrap(),
            now: Cell::new(Timestamp::parse("2026-01-01T00:00:00Z").unwrap()),
        }
    }

    pub fn app(&self) -> App<'_, S, TestCache, SeededEntropy> {
        let (store, cache, entropy, config) = (&self.store, &self.cache, &self.entropy, &self.config);
        App {
            store,
            cache,
            entropy,
            dns: &self.dns,
            challenges: &NoChallengeServer,
            config,
            now: self.now.get(),
            dry_run: false,
            provenance: Provenance::default(),
        }
    }

    /// Moves the clock.
    pub fn advance(&self, seconds: i64) {
        self.now.set(self.now.get().plus_seconds(seconds));
    }

    pub async fn send(&self, request: wire::Request) -> Reply {
        // Time passes: no two requests are at the same instant.
        self.now.set(Timestamp::from_millis(self.now.get().millis() + 1));
        let handled = wire::handle(&self.app(), &request, self.caller(&request)).await;
        let (parts, body) = handled.response.into_parts();
        let text = String::from_utf8(body).unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Reply { status: parts.status.as_u16(), headers: parts.headers, body, text, fault: handled.fault }
    }

    /// Who calls. No request knows what an earlier one has verified.
    pub fn caller(&self, request: &wire::Request) -> Authenticated {
        let memory = RefCell::new(Memory::new(&self.config.auth));
        block_on(authenticate(&self.config, &memory, request, &Ring { now: self.now.get() }))
    }

    /// A token for a user of the development mode.
    pub async fn sign_in(&self, person: &Value) -> String {
        let reply = self.send(request("POST", "/dev/session", None, Some(person))).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.body["token"].as_str().unwrap().to_owned()
    }
}

pub fn request(method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> wire::Request {
    let builder = http::Request::builder().method(method).uri(format!("{ORIGIN}{path}"));
    let builder = match token {
        Some(token) => builder.header("authorization", format!("Bearer {token}")),
        None => builder,
    };
    let builder = builder.header("content-type", "application/json");
    builder.body(body.map(|body| body.to_string().into_bytes()).unwrap_or_default()).unwrap()
}
