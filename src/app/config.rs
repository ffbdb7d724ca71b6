//! What an operator chooses, as a checked value.

mod address;
mod auth;
mod challenge;
mod error;
mod gateway;
mod limits;
mod origins;
mod rate_limits;
mod settings;

use super::keys::Keys;
use super::mail::{Language, LinkUrl};
use super::operator_keys::OperatorKeys;
use super::pass_keys::PassKeys;
use crate::domain::command::OrganizationRef;
use crate::domain::declared_roles::DeclaredRoles;
use crate::domain::denial::{Denial, echo};
use crate::domain::host;
use crate::domain::pass::KeySet;
use crate::domain::permission::Catalog;
use crate::domain::policy::{DEFAULT_DELETION_GRACE, DEFAULT_MAX_OWNED, Policy};
use crate::domain::quota::InvitationLimits;
use crate::domain::reserved::ReservedSlugs;
use crate::domain::resolve::{ResolutionSettings, SkipPaths};
use crate::domain::team::TeamLimits;
pub use address::{Address, same_origin};
pub use auth::{AuthSettings, Authenticator, Channel, Entry, nearest};
pub use challenge::{Challenge, Turnstile};
pub use error::ConfigError;
pub use gateway::GatewaySettings;
use limits::{domains, doors, webhooks};
pub use origins::{AllowedOrigins, Trust};
pub use rate_limits::{Rate, RateLimit, RateLimits};
pub use settings::Settings;

/// The configuration of an installation.
#[derive(Clone, PartialEq, Eq)]
pub struct Config {
    /// Where people reach it, without a trailing slash.
    pub public_origin: String,
    /// Where the links of mails lead; they are built from nothing else.
    pub links: LinkUrl,
    /// How the organization of a request is found.
    pub resolution: ResolutionSettings,
    /// The origins of other sites whose pages may read answers.
    pub allowed_origins: AllowedOrigins,
    /// How many requests a caller may send.
    pub rate_limits: RateLimits,
    /// What an anonymous caller must show before it registers an organization.
    pub challenge: Option<Challenge>,
    /// How callers prove who they are.
    pub auth: AuthSettings,
    /// The keys of the operator's own programs.
    pub operator_keys: OperatorKeys,
    /// What rules depend on.
    pub policy: Policy,
    /// The installation's secret.
    pub keys: Keys,
    /// What signs passes, and what checks them besides.
    pub pass_keys: PassKeys,
    /// How many seats a new organization has; `None` is no limit.
    pub seat_limit: Option<u32>,
    /// Whether webhooks are sent over the network.
    pub sends_webhooks: bool,
    /// The language of mails for which nobody asked for another.
    pub mail_locale: Option<String>,
    /// How requests for what is not Guildhall's own are passed on.
    pub gateway: GatewaySettings,
    /// Where the DNS is asked over HTTPS; without one, what a developer has put down counts.
    pub resolver: Option<String>,
}

impl Config {
    /// Checks settings.
    ///
    /// # Errors
    /// [`ConfigError`] names the first setting that is missing or wrong.
    pub fn read(settings: &Settings) -> Result<Self, ConfigError> {
        let settings = &settings.trimmed();
        let secret = settings.secret_key.as_deref().ok_or(ConfigError::Missing("SECRET_KEY"))?;
        let keys = Keys::new(secret).ok_or(ConfigError::Wrong("SECRET_KEY", "it needs 32 bytes or more"))?;
        let public_origin = public_origin(settings)?;
        let auth = auth::auth(settings, &public_origin)?;
        let resolution = resolution(settings, &public_origin)?;
        let gateway = gateway::gateway(settings, &public_origin)?;
        let resolver = resolver(settings, &auth)?;
        let links = links(settings, &public_origin)?;
        let page = settings.link_url.as_deref().and_then(|url| url.split('#').next());
        let hosts = [Some(public_origin.as_str()), gateway.origin.as_deref(), resolver.as_deref(), page];
        let labels = labels(resolution.base_domain.as_deref(), &hosts);
        Ok(Config {
            policy: policy(settings, labels)?,
            operator_keys: operator_keys(settings)?,
            sends_webhooks: sends_webhooks(settings, &auth)?,
            auth,
            links,
            allowed_origins: AllowedOrigins::read(settings, resolution.base_domain.as_deref())?,
            rate_limits: RateLimits::read(settings)?,
            challenge: challenge::challenge(settings, &public_origin)?,
            resolution,
            gateway,
            resolver,
            public_origin,
            pass_keys: pass_keys(settings, &keys)?,
            keys,
            mail_locale: mail_locale(settings)?,
            seat_limit: number("SEAT_LIMIT", settings.seat_limit.as_deref())?,
        })
    }

    /// The same at a host of its own, which names no organization and whose label no organization takes.
    #[must_use]
    pub fn at_host(mut self, own: String) -> Self {
        let label = self.resolution.base_domain.as_deref().and_then(|base| host::below(&own, base)).map(str::to_owned);
        self.policy.reserved = self.policy.reserved.with_labels(label);
        self.resolution.own_host = Some(own);
        self
    }

    /// The host of the public origin, without port.
    pub fn public_host(&self) -> &str {
        host_of(&self.public_origin)
    }
}

fn operator_keys(settings: &Settings) -> Result<OperatorKeys, ConfigError> {
    let text = given(settings.operator_keys.as_deref()).unwrap_or("[]");
    OperatorKeys::read(text).map_err(|fault| ConfigError::Refused("OPERATOR_KEYS", fault))
}

/// Rule: what is published can be read by whoever believes passes.
fn pass_keys(settings: &Settings, keys: &Keys) -> Result<PassKeys, ConfigError> {
    let wrong = |name, rule| move || ConfigError::Wrong(name, rule);
    let given = given(settings.pass_key.as_deref()).map(|text| {
        PassKeys::seed(text)
            .ok_or_else(wrong("PASS_KEY", "32 bytes in base64url without padding, or in hex, are expected"))
    });
    let others = settings.pass_keys_retired.as_deref().filter(|text| !text.is_empty()).map(|text| {
        let rule = "a JWK set of public Ed25519 keys is expected, as `/.well-known/jwks.json` shows it";
        PassKeys::published(text).ok_or_else(wrong("PASS_KEYS_RETIRED", rule))
    });
    let pass_keys = PassKeys::new(given.transpose()?, others.transpose()?.unwrap_or_default());
    if pass_keys.public(keys).keys().len() > KeySet::MOST {
        return Err(ConfigError::Wrong("PASS_KEYS_RETIRED", "with the one that signs, at most 16 keys are possible"));
    }
    Ok(pass_keys)
}

fn resolution(settings: &Settings, public_origin: &str) -> Result<ResolutionSettings, ConfigError> {
    let skip_paths = SkipPaths::parse(settings.skip_paths.as_deref().unwrap_or_default());
    let rule = "paths like `/assets/*` are expected, none of them Guildhall's own";
    let base_domain = given(settings.base_domain.as_deref()).map(host::base_domain);
    Ok(ResolutionSettings {
        base_domain: base_domain.transpose().map_err(refused("BASE_DOMAIN"))?,
        own_host: Some(host_of(public_origin).to_owned()),
        skip_paths: skip_paths.map_err(|_| ConfigError::Wrong("SKIP_PATHS", rule))?,
        fallback: organization("FALLBACK_ORGANIZATION", settings.fallback_organization.as_deref())?,
        auto_join: organization("AUTO_JOIN_ORGANIZATION", settings.auto_join_organization.as_deref())?,
    })
}

fn reserved(settings: &Settings) -> Result<ReservedSlugs, ConfigError> {
    let patterns = settings.reserved_slugs.as_deref().unwrap_or_default();
    ReservedSlugs::parse(patterns).map_err(refused("RESERVED_SLUGS"))
}

/// The labels below the base domain that the operator's own addresses have: an organization with such a slug would
/// stand where the installation, its application or its resolver is reached.
fn labels(base: Option<&str>, addresses: &[Option<&str>]) -> Vec<String> {
    let hosts = addresses.iter().flatten().filter_map(|address| Address::parse(address));
    let label = |address: Address| base.and_then(|base| host::below(address.host(), base)).map(str::to_owned);
    hosts.filter_map(label).collect()
}

/// A refusal by the rule of a value, as one of the setting with this name.
fn refused(name: &'static str) -> impl Fn(Denial) -> ConfigError {
    move |denial| ConfigError::Refused(name, denial.detail.clone().into_owned())
}

/// Rule: where callers say who they are without proof, webhooks are sent only if the operator asks for it.
fn sends_webhooks(settings: &Settings, auth: &AuthSettings) -> Result<bool, ConfigError> {
    match given(settings.webhook_delivery.as_deref()) {
        Some("on") => Ok(true),
        Some("off") => Ok(false),
        Some(_) => Err(ConfigError::Wrong("WEBHOOK_DELIVERY", "`on` or `off` is expected")),
        None => Ok(!auth.has_dev()),
    }
}

/// Rule: what no text is in would be English without a word.
fn mail_locale(settings: &Settings) -> Result<Option<String>, ConfigError> {
    let wanted = given(settings.mail_locale.as_deref());
    if wanted.is_some_and(|tag| Language::of(tag).is_none()) {
        return Err(ConfigError::Wrong("MAIL_LOCALE", "en, de, fr, es, pt, it or nl is expected"));
    }
    Ok(wanted.map(str::to_owned))
}

/// The console, unless the application has a page of its own.
fn links(settings: &Settings, public_origin: &str) -> Result<LinkUrl, ConfigError> {
    let wrong = |rule| ConfigError::Wrong("LINK_URL", rule);
    let own = given(settings.link_url.as_deref()).map(|text| LinkUrl::parse(text).map_err(wrong)).transpose()?;
    Ok(own.unwrap_or_else(|| LinkUrl::console(public_origin)))
}

fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn organization(name: &'static str, text: Option<&str>) -> Result<Option<OrganizationRef>, ConfigError> {
    let wrong = |_| ConfigError::Wrong(name, "an organization's id or slug is expected");
    given(text).map(OrganizationRef::parse).transpose().map_err(wrong)
}

fn invitations(settings: &Settings) -> Result<InvitationLimits, ConfigError> {
    let usual = InvitationLimits::default();
    let most = |name, text: &Option<String>, usual| Ok(number(name, text.as_deref())?.unwrap_or(usual));
    let seconds = |name, text: &Option<String>, usual| Ok(number(name, text.as_deref())?.map_or(usual, i64::from));
    let longest = &settings.invitation_longest_lifetime;
    let (inviter, recipient) = (&settings.invitations_per_inviter_and_day, &settings.invitations_per_recipient_and_day);
    let limits = InvitationLimits {
        pending: most("INVITATIONS_PENDING", &settings.invitations_pending, usual.pending)?,
        organization_daily: most("INVITATIONS_PER_DAY", &settings.invitations_per_day, usual.organization_daily)?,
        inviter_daily: most("INVITATIONS_PER_INVITER_AND_DAY", inviter, usual.inviter_daily)?,
        recipient_daily: most("INVITATIONS_PER_RECIPIENT_AND_DAY", recipient, usual.recipient_daily)?,
        lifetime: seconds("INVITATION_LIFETIME", &settings.invitation_lifetime, usual.lifetime)?,
        longest: seconds("INVITATION_LONGEST_LIFETIME", longest, usual.longest)?,
    };
    if limits.lifetime > limits.longest {
        return Err(ConfigError::Wrong("INVITATION_LIFETIME", "it is longer than INVITATION_LONGEST_LIFETIME"));
    }
    Ok(limits)
}

fn teams(settings: &Settings) -> Result<TeamLimits, ConfigError> {
    let (usual, greatest) = (TeamLimits::default(), TeamLimits::GREATEST);
    let bounded = |name, text: &Option<String>, usual, most| {
        let number = at_most(name, text.as_deref(), most, "the number is too great")?;
        Ok(number.unwrap_or(usual))
    };
    Ok(TeamLimits {
        most: bounded("TEAMS_PER_ORGANIZATION", &settings.teams_per_organization, usual.most, greatest.most)?,
        depth: bounded("TEAM_DEPTH", &settings.team_depth, usual.depth, greatest.depth)?,
    })
}

fn catalog(settings: &Settings) -> Result<Catalog, ConfigError> {
    let text = settings.permissions.as_deref().unwrap_or_default();
    let words = text.split(|char: char| char.is_whitespace() || char == ',');
    let names: Vec<&str> = words.filter(|name| !name.is_empty()).collect();
    let catalog = Catalog::declare(&names).map_err(refused("PERMISSIONS"))?;
    let roles = given(settings.roles.as_deref()).map(|text| DeclaredRoles::parse(text, &catalog).map_err(misdeclared));
    let roles = roles.transpose()?.unwrap_or_default();
    Ok(catalog.with_roles(roles))
}

/// A mistake in the declaration of roles, with its place.
fn misdeclared(denial: Denial) -> ConfigError {
    let place = denial.param.as_deref().map(|param| format!("`{param}`: ")).unwrap_or_default();
    ConfigError::Refused("ROLES", format!("{place}{}", denial.detail))
}

fn policy(settings: &Settings, labels: Vec<String>) -> Result<Policy, ConfigError> {
    let (most, rule) = (settings.max_owned.as_deref(), "at most 10000 is possible");
    let most = at_most("MAX_OWNED_ORGANIZATIONS", most, MOST_OWNED, rule)?.unwrap_or(DEFAULT_MAX_OWNED);
    let deletion_grace = grace(settings.deletion_grace.as_deref())?;
    Ok(Policy {
        catalog: catalog(settings)?,
        reserved: reserved(settings)?.with_labels(labels),
        invitations: invitations(settings)?,
        doors: doors(settings)?,
        domains: domains(settings)?,
        webhooks: webhooks(settings)?,
        teams: teams(settings)?,
        deletion_grace,
        max_owned: most,
    })
}

/// What one user owns is counted with each founding.
const MOST_OWNED: u32 = 10_000;

/// Unlike other numbers, none is a choice.
fn grace(text: Option<&str>) -> Result<i64, ConfigError> {
    if text == Some("0") {
        return Ok(0);
    }
    Ok(number("DELETION_GRACE", text)?.map_or(DEFAULT_DELETION_GRACE, i64::from))
}

fn public_origin(settings: &Settings) -> Result<String, ConfigError> {
    let origin = given(settings.public_origin.as_deref()).ok_or(ConfigError::Missing("PUBLIC_ORIGIN"))?;
    let address = Address::parse(origin).filter(Address::is_origin);
    address.map(|address| address.origin()).ok_or_else(|| malformed("PUBLIC_ORIGIN", origin, "scheme://host[:port]"))
}

/// A value that is not an address of the expected form: its beginning, for the operator's log.
fn malformed(name: &'static str, value: &str, expected: &str) -> ConfigError {
    ConfigError::Refused(name, format!("{expected} is expected, not `{}`", echo(value)))
}

/// Where proofs of domains are looked for if nothing is said.
const RESOLVER: &str = "https://cloudflare-dns.com/dns-query";

/// Rule: the resolver is asked over a line that others cannot write into. With the development authenticator none is
/// asked unless the operator names one.
fn resolver(settings: &Settings, auth: &AuthSettings) -> Result<Option<String>, ConfigError> {
    let by_default = (!auth.has_dev()).then_some(RESOLVER);
    let Some(url) = given(settings.doh_url.as_deref()).or(by_default) else { return Ok(None) };
    let address = Address::parse(url).filter(|address| address.is_secure() || address.is_local());
    address.map(|address| Some(address.text())).ok_or_else(|| malformed("DOH_URL", url, "an https address"))
}

fn number(name: &'static str, text: Option<&str>) -> Result<Option<u32>, ConfigError> {
    match text {
        None | Some("") => Ok(None),
        Some(text) => match text.parse() {
            Ok(number) if number > 0 => Ok(Some(number)),
            _ => Err(ConfigError::Wrong(name, "a whole number above 0 is expected")),
        },
    }
}

/// A number with a greatest one, beyond which `rule` says what is possible.
fn at_most(name: &'static str, text: Option<&str>, most: u32, rule: &'static str) -> Result<Option<u32>, ConfigError> {
    match number(name, text)? {
        Some(number) if number > most => Err(ConfigError::Wrong(name, rule)),
        number => Ok(number),
    }
}

/// The host of an authority or origin, without scheme and port.
pub fn host_of(origin: &str) -> &str {
    let authority = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Whether a host is this machine and nothing else; `*.localhost` is, by RFC 6761.
pub fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "::1"
        || host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            public_origin: Some("http://127.0.0.1:8787".to_owned()),
            auth: Some(r#"[{"type":"dev"}]"#.to_owned()),
            secret_key: Some("s".repeat(64)),
            ..Settings::default()
        }
    }

    #[test]
    fn each_missing_or_wrong_setting_is_named() {
        assert!(Config::read(&settings()).is_ok());
        let missing = Config::read(&Settings { secret_key: None, ..settings() });
        assert_eq!(missing.err(), Some(ConfigError::Missing("SECRET_KEY")));
        let public = Settings { public_origin: Some("https://guildhall.example".to_owned()), ..settings() };
        assert!(matches!(Config::read(&public).err(), Some(ConfigError::Refused("AUTH", _))));
        let zero = Settings { seat_limit: Some("0".to_owned()), ..settings() };
        assert!(matches!(Config::read(&zero).err(), Some(ConfigError::Wrong("SEAT_LIMIT", _))));
        let leaky = Settings { link_url: Some("https://app.example/?token={token}".to_owned()), ..settings() };
        assert!(matches!(Config::read(&leaky).err(), Some(ConfigError::Wrong("LINK_URL", _))));
    }

    #[test]
    fn loopback_is_this_machine_only() {
        for host in ["localhost", "nirvana.localhost", "127.0.0.1", "127.9.9.9", "::1"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["127.0.0.1.evil.example", "localhost.evil.example", "evillocalhost", "0.0.0.0", "10.0.0.1", ""] {
            assert!(!is_loopback(host), "{host}");
        }
        assert_eq!(host_of("http://[::1]:8787"), "::1");
        assert_eq!(host_of("http://127.0.0.1:8787/x"), "127.0.0.1");
    }
}
