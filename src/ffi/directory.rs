//! The directory: the whole system in memory, behind one function from request to response.
//!
//! Owns the installation that a browser tab or a unit test holds: store, cache, keys and settings.
//! Never reads a clock and never makes randomness: both are handed in. Never waits: nothing behind
//! the memory store does, so a future that is polled once is done.

use super::authentication::{Asked, Authentication, unjudged};
use super::exchange::{RequestHead, respond};
use super::in_order::InOrder;
use super::reply::{self, Problem};
use super::snapshot::Held;
use crate::app::authentication::{Begun, begin};
use crate::app::cache_key::is_dev_dns;
use crate::app::challenge::NoChallengeServer;
use crate::app::config::{Config, ConfigError, Settings};
use crate::app::execute::App;
use crate::app::keys::Keys;
use crate::app::mail::Mail;
use crate::app::ports::{Asked as DnsAsked, Cache, Dns, Entropy, Messenger, Provenance, Unavailable};
use crate::domain::denial::{Denial, Reason, echo};
use crate::domain::host;
use crate::domain::read::{Fields, Record, instant_of};
use crate::domain::table::Table;
use crate::domain::time::Timestamp;
use crate::store::memory::MemoryStore;
use crate::wire;
use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Where people reach a directory, as far as its links are concerned.
const ORIGIN: &str = "http://localhost";

/// The system in memory.
pub struct Directory<E> {
    store: MemoryStore,
    cache: MemoryCache,
    entropy: InOrder<E>,
    config: Config,
    secret: String,
    latest: Cell<Timestamp>,
}

impl<E: Entropy> Directory<E> {
    /// Opens a directory, empty or as a snapshot says: `{seatLimit?, baseDomain?, ownHost?, settings?}`; `settings` holds
    /// the Worker's by their names. Origin and secret are the directory's own.
    ///
    /// # Errors
    /// The whole reply that says what is wrong with the options or the snapshot, or that there is no randomness.
    pub fn open(options: &str, snapshot: Option<&str>, entropy: E) -> Result<Self, String> {
        let held = match snapshot {
            Some(text) => Held::read(text).map_err(Problem::text)?,
            None => Held::nothing(&entropy).map_err(|failure| Problem::from(failure).text())?,
        };
        let config = configure(options, &held.secret).map_err(|denial| Problem::from(denial).text())?;
        let entropy = InOrder::new(entropy);
        let (cache, latest) = (MemoryCache::knowing(held.dns), Cell::new(held.at));
        Ok(Directory { store: held.store, cache, entropy, config, secret: held.secret, latest })
    }

    /// Everything that it holds, as text.
    pub fn snapshot(&self) -> String {
        Held::text(self.latest.get(), &self.secret, &self.cache.dns(), &self.store)
    }

    /// How often something changed that a snapshot shows.
    pub fn changes(&self) -> u64 {
        self.store.changes().saturating_add(self.cache.changes.get())
    }

    /// The latest instant at which it was asked, in milliseconds since 1970.
    pub fn latest(&self) -> i64 {
        self.latest.get().millis()
    }

    /// How many bytes of body are worth handing in: one more than a path takes.
    pub fn body_limit(path: &str) -> usize {
        wire::body_limit(path).saturating_add(1)
    }

    /// Answers a request: `{method, url, headers: [[name, value]]}` and a body give
    /// `{status, headers, fault}` and a body.
    ///
    /// `asked` is what became of the request's token, where it has one ([`Authentication`]).
    pub fn answer(&self, head: &str, body: Vec<u8>, millis: f64, asked: Option<&Asked>) -> (String, Vec<u8>) {
        respond(self.handle(head, body, millis, asked))
    }

    /// What judges the tokens of a directory's callers, with the same options.
    ///
    /// # Errors
    /// The whole reply that says what is wrong with the options.
    pub fn authentication(options: &str) -> Result<Authentication, String> {
        // Sessions are the directory's to open, so any secret does.
        let config = configure(options, &"0".repeat(Keys::MIN_BYTES));
        config.map(Authentication::of).map_err(|denial| Problem::from(denial).text())
    }

    /// One tick of the clock: `{}` -> how many of its parts failed.
    pub fn tick(&self, millis: f64) -> String {
        reply::to("{}", |_| {
            let app = self.app(self.at(millis)?);
            let failures = at_once(app.tick(None::<&NoMessenger>)).unwrap_or_default();
            Ok(failures.len())
        })
    }

    fn handle(&self, head: &str, body: Vec<u8>, millis: f64, asked: Option<&Asked>) -> wire::Handled {
        let (nothing, origins) = (wire::Request::default(), &self.config.allowed_origins);
        let head = Fields::parse(head).and_then(|mut fields| RequestHead::fields(&mut fields));
        let Ok(head) = head else {
            return wire::handle_failed((&nothing, &self.entropy), "the request's head cannot be read", origins);
        };
        let request = head.with(body);
        match self.at(millis) {
            Ok(now) => {
                let waits =
                    || wire::handle_failed((&request, &self.entropy), "the memory store made a request wait", origins);
                let authenticated = match begin(&self.config, &request, now) {
                    Begun::Known(authenticated) => authenticated,
                    Begun::Token(_) => asked.and_then(Asked::outcome).unwrap_or_else(unjudged),
                };
                at_once(wire::handle(&self.app(now), &request, authenticated)).unwrap_or_else(waits)
            }
            Err(denial) => wire::handle_failed((&request, &self.entropy), &denial.detail, origins),
        }
    }

    fn at(&self, millis: f64) -> Result<Timestamp, Denial> {
        let now = instant(millis)?;
        self.latest.set(self.latest.get().max(now));
        Ok(now)
    }

    fn app(&self, now: Timestamp) -> App<'_, MemoryStore, MemoryCache, InOrder<E>> {
        App {
            store: &self.store,
            cache: &self.cache,
            entropy: &self.entropy,
            dns: &NoDns,
            challenges: &NoChallengeServer,
            config: &self.config,
            now,
            dry_run: false,
            provenance: Provenance::default(),
        }
    }
}

fn instant(millis: f64) -> Result<Timestamp, Denial> {
    instant_of(millis).ok_or_else(|| Denial::about(Reason::InvalidValue, "now", "`now` gave no instant from 1970 on"))
}

/// The settings of the Worker, by their names in JavaScript, under the same rules. Rule: the directory's own are
/// refused, as those are that do not exist.
fn configure(options: &str, secret: &str) -> Result<Config, Denial> {
    let mut fields = Fields::parse(options)?;
    let seat_limit: Option<u32> = fields.take("seatLimit")?;
    let base_domain: Option<String> = fields.take("baseDomain")?;
    let own_host: Option<String> = fields.take("ownHost")?;
    let fallback_organization: Option<String> = fields.take("fallbackOrganization")?;
    let auto_join_organization: Option<String> = fields.take("autoJoinOrganization")?;
    let skip_paths: Option<String> = fields.take("skipPaths")?;
    let named: Table<SettingName, String> = fields.or_default("settings")?;
    fields.end()?;
    let given = Settings::gather(|name| Ok::<_, Denial>(named.get(&SettingName(name.to_owned())).cloned()))?;
    let settings = Settings {
        public_origin: Some(ORIGIN.to_owned()),
        auth: given.auth.clone().or_else(|| Some(DEV.to_owned())),
        secret_key: Some(secret.to_owned()),
        seat_limit: seat_limit.map(|limit| limit.to_string()).or(given.seat_limit),
        base_domain: base_domain.or(given.base_domain),
        fallback_organization: fallback_organization.or(given.fallback_organization),
        auto_join_organization: auto_join_organization.or(given.auto_join_organization),
        skip_paths: skip_paths.or(given.skip_paths),
        ..given
    };
    let mut config = Config::read(&settings).map_err(option_denied)?;
    config.auth.embedded = true;
    let own_host = own_host.filter(|host| !host.is_empty());
    let own_host = own_host.map(|host| host::own_host(&host)).transpose().map_err(|denial| denial.at("ownHost"))?;
    Ok(own_host.into_iter().fold(config, Config::at_host))
}

/// Settings that are not handed in: whoever did would take them for granted.
const OWN: [&str; 2] = ["PUBLIC_ORIGIN", "SECRET_KEY"];

/// The authenticators of a directory that is told none.
const DEV: &str = r#"[{"type":"dev"}]"#;

/// The name of a setting of the Worker's.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct SettingName(String);

impl TryFrom<String> for SettingName {
    type Error = Denial;
    fn try_from(name: String) -> Result<Self, Denial> {
        if OWN.contains(&name.as_str()) {
            let detail = ["a directory chooses `", &name, "` by itself"].concat();
            return Err(Denial::about(Reason::InvalidValue, name, detail));
        }
        if Settings::NAMES.contains(&name.as_str()) {
            return Ok(SettingName(name));
        }
        let detail = ["there is no setting `", &echo(&name), "`"].concat();
        Err(Denial::about(Reason::UnknownField, name, detail))
    }
}

/// The refusal of a setting. Rule: `param` is what the caller wrote: the option where there is one, else the setting.
fn option_denied(error: ConfigError) -> Denial {
    let option = match error.setting() {
        "SEAT_LIMIT" => "seatLimit",
        "BASE_DOMAIN" => "baseDomain",
        "FALLBACK_ORGANIZATION" => "fallbackOrganization",
        "AUTO_JOIN_ORGANIZATION" => "autoJoinOrganization",
        "SKIP_PATHS" => "skipPaths",
        setting => setting,
    };
    match error {
        ConfigError::Wrong("SEAT_LIMIT", rule) => Denial::about(Reason::InvalidValue, option, rule),
        other => Denial::about(Reason::InvalidValue, option, other.to_string()),
    }
}

/// What a future that never waits comes to; `None` if it does wait.
fn at_once<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

/// Hints in memory. They never run out here: each carries the instant at which it was true.
#[derive(Default)]
struct MemoryCache {
    values: RefCell<Table<String, String>>,
    changes: Cell<u64>,
}

impl MemoryCache {
    fn knowing(dns: Vec<(String, String)>) -> Self {
        MemoryCache { values: RefCell::new(dns.into_iter().collect()), changes: Cell::default() }
    }

    /// What was put down by hand; all else only spares reading.
    fn dns(&self) -> Vec<(String, String)> {
        let values = self.values.borrow();
        let dns = values.iter().filter(|(key, _)| is_dev_dns(key));
        dns.map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

impl Cache for MemoryCache {
    async fn get(&self, key: &str) -> Option<String> {
        self.values.borrow().get(key).cloned()
    }

    async fn put(&self, key: &str, value: &str, _seconds: u64) {
        if is_dev_dns(key) {
            self.changes.set(self.changes.get().saturating_add(1));
        }
        self.values.borrow_mut().insert(key.to_owned(), value.to_owned());
    }
}

/// There is nobody to send with: messages stay in the outbox, where a test reads them.
enum NoMessenger {}

impl Messenger for NoMessenger {
    async fn deliver(&self, _mail: &Mail) -> Result<(), Unavailable> {
        match *self {}
    }
}

/// There is no network: `PUT /dev/dns` says what the DNS answers.
struct NoDns;

impl Dns for NoDns {
    fn txt<'a>(&'a self, _name: &'a str) -> DnsAsked<'a> {
        Box::pin(std::future::ready(Err(Unavailable("a directory asks nobody".to_owned()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    struct Zeros;

    impl Entropy for Zeros {
        fn fill(&self, _buffer: &mut [u8]) -> Result<(), Unavailable> {
            Ok(())
        }
    }

    struct Nothing;

    impl Entropy for Nothing {
        fn fill(&self, _buffer: &mut [u8]) -> Result<(), Unavailable> {
            Err(Unavailable("none".to_owned()))
        }
    }

    fn send(directory: &Directory<Zeros>, line: &str, token: &str, body: &Value, now: f64) -> (Value, Value) {
        let (method, path) = line.split_once(' ').unwrap();
        let headers = [["content-type", "application/json"], ["authorization", &format!("Bearer {token}")]];
        let sent = if token.is_empty() { &headers[..1] } else { &headers[..] };
        let head = json!({ "method": method, "url": format!("https://any.example{path}"), "headers": sent });
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let (head, body) = directory.answer(&head.to_string(), body, now, None);
        (serde_json::from_str(&head).unwrap(), serde_json::from_slice(&body).unwrap_or_default())
    }

    #[test]
    fn it_is_an_installation_of_its_own() {
        let directory = Directory::open(r#"{"seatLimit":2}"#, None, Zeros).ok().unwrap();
        let kurt = json!({ "userId": "kurt", "email": "kurt@nirvana.com" });
        let (head, body) = send(&directory, "POST /dev/session", "", &kurt, 1e12);
        assert_eq!((head["status"].as_u64(), &head["fault"]), (Some(201), &Value::Null), "{body}");
        let token = body["token"].as_str().unwrap();
        let (head, body) = send(&directory, "POST /v1/organizations", token, &json!({ "name": "Nirvana" }), 1e12);
        assert_eq!((head["status"].as_u64(), &body["seatLimit"]), (Some(201), &json!(2)), "{body}");
        let krist = json!({ "email": "krist@nirvana.com", "expiresIn": 60 });
        let (head, body) = send(&directory, "POST /v1/organizations/nirvana/invitations", token, &krist, 1e12 + 1.0);
        assert_eq!(head["status"], 201, "{body}");
        assert_eq!(directory.tick(1e12 + 1e9), r#"{"value":0}"#);
        let (_, body) = send(&directory, "GET /v1/organizations/nirvana", token, &Value::Null, 1e12 + 2.0);
        assert_eq!(body["pendingInvitationCount"], 0, "{body}");
    }

    #[test]
    fn nothing_that_is_handed_in_is_fatal() {
        assert!(Directory::open(r#"{"seatLimit":0}"#, None, Zeros).err().unwrap().contains(r#""param":"seatLimit""#));
        assert!(Directory::open(r#"{"seats":1}"#, None, Zeros).err().unwrap().contains("unknown_field"));
        assert!(Directory::open("{}", None, Nothing).err().unwrap().contains(r#""code":"unavailable""#));
        let directory = Directory::open("{}", None, Zeros).ok().unwrap();
        for head in ["", "{}", r#"{"method":"GET","url":1,"headers":[]}"#] {
            assert!(directory.answer(head, Vec::new(), 0.0, None).0.contains(r#""status":503"#), "{head}");
        }
        let odd = r#"{"method":"G T","url":"no address","headers":[["a b","c"],["x","\u0000"]]}"#;
        assert!(directory.answer(odd, vec![0xff; 100], 0.0, None).0.contains(r#""status":404"#));
        let (head, _) = send(&directory, "GET /v1/me", "", &Value::Null, f64::NAN);
        assert!(head["fault"].as_str().unwrap().contains("`now`"));
        assert!(directory.tick(-1.0).contains(r#""param":"now""#));
        assert_eq!(Directory::<Zeros>::body_limit("/v1/me"), 64 * 1024 + 1);
    }
}
