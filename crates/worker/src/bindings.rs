//! Bindings: what the platform gives to the Worker, read into one typed value.
//!
//! Owns the names of bindings, variables and secrets. Never judges a setting: that is
//! [`Config::read`]. A missing database or setting is an answer to give, never a panic.

use crate::challenge::Challenges;
use crate::d1::D1;
use crate::doh::Doh;
use crate::entropy::SystemEntropy;
use crate::hints::Hints;
use crate::messenger::MessengerService;
use crate::origin::Origin;
use crate::rate_limits::Limiters;
use crate::settled::{Settled, settled};
use guildhall::app::authentication::{Memory, Warning};
use guildhall::app::config::{AllowedOrigins, Challenge, Config, ConfigError, RateLimit, RateLimits, Settings};
use guildhall::app::execute::App;
use guildhall::app::ports::Provenance;
use guildhall::domain::time::Timestamp;
use guildhall::store::sql::SqlStore;
use guildhall::wire::FailedCheck;
use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Once;
use worker::{Env, Fetcher, RateLimiter, console_error, console_warn, js_sys};

/// A binding or setting that cannot be used, named.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    /// A binding that everything needs is not there.
    #[error("the binding {0} is missing")]
    Missing(&'static str),
    /// A binding is of another kind.
    #[error("the binding {0} cannot be used: {1}")]
    Binding(&'static str, String),
    /// A variable is neither text nor number.
    #[error("the setting {0} is neither text nor number")]
    NotText(&'static str),
    /// A setting breaks a rule.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

impl From<&Unusable> for FailedCheck {
    fn from(unusable: &Unusable) -> Self {
        let named = |code, setting| FailedCheck { code, setting, fault: unusable.to_string() };
        match unusable {
            Unusable::Missing(binding) => named("binding_missing", binding),
            Unusable::Binding(binding, _) => named("binding_invalid", binding),
            Unusable::NotText(setting) => named("setting_invalid", setting),
            Unusable::Config(error) => FailedCheck::from(error),
        }
    }
}

/// What is left of an installation that cannot work.
pub struct Unready {
    /// Every setting and binding that fails.
    pub checks: Vec<FailedCheck>,
    /// The origins whose pages may read that.
    pub allowed_origins: AllowedOrigins,
}

/// An installation: everything that requests and ticks stand on.
pub struct Installation {
    store: SqlStore<D1>,
    hints: Hints,
    entropy: SystemEntropy,
    dns: Doh,
    challenges: Challenges,
    /// What the operator chose.
    pub config: Rc<Config>,
    /// What authentication remembers in this isolate.
    pub memory: Rc<RefCell<Memory>>,
    /// Who sends messages; without one they stay in the outbox.
    pub messenger: Option<MessengerService>,
    /// The application behind Guildhall; without one everything else is the console's.
    pub origin: Option<Origin>,
    /// The files of the console.
    pub assets: Option<Fetcher>,
    /// What counts requests.
    pub limiters: Limiters,
}

impl Installation {
    /// Reads the environment.
    ///
    /// # Errors
    /// Everything that is missing or wrong, by name.
    pub fn read(env: &Env) -> Result<Self, Unready> {
        Installation::open(env).map_err(|_| unready(env))
    }

    fn open(env: &Env) -> Result<Self, Unusable> {
        let Settled { config, memory } = settled(settings(env)?)?;
        Ok(Installation {
            dns: Doh::new(config.resolver.clone()),
            origin: origin(env, config.gateway.origin.is_some())?,
            challenges: Challenges::new(challenge(env, config.challenge == Some(Challenge::Service))?),
            limiters: limiters(env, &config.rate_limits)?,
            assets: bound(env, "ASSETS").and_then(|_| env.assets("ASSETS").ok()),
            config,
            memory,
            store: SqlStore::new(database(env)?),
            hints: hints(env),
            entropy: SystemEntropy,
            messenger: messenger(env),
        })
    }

    /// Whether anything goes out of the outbox.
    pub fn sends(&self) -> bool {
        self.messenger.is_some() || self.sends_webhooks()
    }

    /// Whether webhooks do.
    pub fn sends_webhooks(&self) -> bool {
        self.config.sends_webhooks
    }

    /// What the operator should know of while everything works.
    pub fn warnings(&self, now: Timestamp) -> Vec<Warning> {
        self.memory.borrow().warnings(&self.config.auth, now)
    }

    /// The origins whose pages may read answers.
    pub fn allowed_origins(&self) -> &AllowedOrigins {
        &self.config.allowed_origins
    }

    /// The use cases at an instant.
    pub fn app(&self, now: Timestamp) -> App<'_, SqlStore<D1>, Hints, SystemEntropy> {
        App {
            store: &self.store,
            cache: &self.hints,
            entropy: &self.entropy,
            dns: &self.dns,
            challenges: &self.challenges,
            config: &self.config,
            now,
            dry_run: false,
            provenance: Provenance::default(),
        }
    }
}

/// Every setting and binding that fails. A setting that is no text is looked at no further.
fn unready(env: &Env) -> Unready {
    let mut unusable: Vec<Unusable> = Vec::new();
    let given = Settings::gather(|name| {
        let text = setting(env, name).unwrap_or_else(|error| {
            unusable.push(error);
            None
        });
        Ok::<_, Infallible>(text)
    });
    let unread = unusable.iter().map(FailedCheck::from).collect::<Vec<_>>();
    let Ok(given) = given;
    let settings = Config::faults(&given).into_iter().map(|error| FailedCheck::from(&error));
    let settings = settings.filter(|check| unread.iter().all(|known| known.setting != check.setting));
    let limits = RateLimits::read(&given.trimmed()).ok();
    let limiters = limits.map(|limits| RateLimit::ALL.map(|limit| limiter(env, &limits, limit).err()));
    let bindings = [database(env).err(), origin(env, false).err(), challenge(env, wants_service(&given)).err()]
        .into_iter()
        .chain(limiters.into_iter().flatten());
    let bindings: Vec<Unusable> = bindings.flatten().collect();
    let settings: Vec<FailedCheck> = settings.collect();
    let bindings = bindings.iter().map(FailedCheck::from);
    let checks = unread.iter().cloned().chain(settings).chain(bindings).collect();
    Unready { checks, allowed_origins: AllowedOrigins::of_faulty(&given) }
}

fn settings(env: &Env) -> Result<Settings, Unusable> {
    Settings::gather(|name| setting(env, name))
}

/// A variable or secret as text. `SEAT_LIMIT = 16` in `wrangler.toml` arrives as a number, which
/// `Env::var` refuses just like an absent one: hence the look at the value itself.
fn setting(env: &Env, name: &'static str) -> Result<Option<String>, Unusable> {
    match bound(env, name) {
        None => Ok(None),
        Some(value) => {
            let number = || value.as_f64().map(|number| number.to_string());
            value.as_string().or_else(number).map(Some).ok_or(Unusable::NotText(name))
        }
    }
}

fn bound(env: &Env, name: &str) -> Option<worker::wasm_bindgen::JsValue> {
    let value = js_sys::Reflect::get(env, &name.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

fn database(env: &Env) -> Result<D1, Unusable> {
    bound(env, "DB").ok_or(Unusable::Missing("DB"))?;
    let database = env.d1("DB").map_err(|error| Unusable::Binding("DB", error.to_string()))?;
    Ok(D1::new(database))
}

/// Hints only make things faster: without them the Worker works on, and says so once an isolate.
fn hints(env: &Env) -> Hints {
    static REPORTED: Once = Once::new();
    let store = bound(env, "HINTS").and_then(|_| env.kv("HINTS").ok());
    if store.is_none() {
        REPORTED.call_once(|| console_warn!("the binding HINTS is missing: every request asks the database"));
    }
    Hints::new(store)
}

/// A service binding comes before an address. Rule: one that is there and is no service is a fault, never
/// no origin: the console would answer in the application's place.
fn origin(env: &Env, has_address: bool) -> Result<Option<Origin>, Unusable> {
    if bound(env, "ORIGIN").is_none() {
        return Ok(has_address.then_some(Origin::Network));
    }
    let service = env.service("ORIGIN").map_err(|error| Unusable::Binding("ORIGIN", error.to_string()))?;
    Ok(Some(Origin::Service(service)))
}

/// Whether the settings, whatever else is wrong with them, name a service as the challenge.
fn wants_service(settings: &Settings) -> bool {
    settings.registration_challenge.as_deref().is_some_and(|kind| kind.trim() == "service")
}

/// The service that verifies answers to the challenge; without it every registration would be refused.
fn challenge(env: &Env, wanted: bool) -> Result<Option<Fetcher>, Unusable> {
    if !wanted {
        return Ok(None);
    }
    bound(env, "CHALLENGE").ok_or(Unusable::Missing("CHALLENGE"))?;
    let service = env.service("CHALLENGE").map_err(|error| Unusable::Binding("CHALLENGE", error.to_string()))?;
    Ok(Some(service))
}

fn limiters(env: &Env, limits: &RateLimits) -> Result<Limiters, Unusable> {
    Ok(Limiters {
        anonymous: limiter(env, limits, RateLimit::Anonymous)?,
        signed_in: limiter(env, limits, RateLimit::SignedIn)?,
    })
}

/// Rule: a limit is set and bound, or neither. Reason: an installation that only seems to be limited is not protected.
fn limiter(env: &Env, limits: &RateLimits, limit: RateLimit) -> Result<Option<RateLimiter>, Unusable> {
    let name = limit.binding();
    match (limits.rate(limit), bound(env, name)) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(Unusable::Missing(name)),
        (None, Some(_)) => Err(RateLimits::unnamed(limit).into()),
        (Some(_), Some(_)) => {
            let limiter = env.rate_limiter(name).map_err(|error| Unusable::Binding(name, error.to_string()));
            limiter.map(Some)
        }
    }
}

fn messenger(env: &Env) -> Option<MessengerService> {
    bound(env, "MESSENGER")?;
    match env.service("MESSENGER") {
        Ok(service) => Some(MessengerService::new(service)),
        Err(error) => {
            console_error!("the binding MESSENGER is no service, messages wait in the outbox: {error}");
            None
        }
    }
}
