//! Webhooks: addresses that hear of an organization's events.
//!
//! Owns which events an address hears of, and how its secret changes. Never holds the secret: what is
//! kept is a seed, of which only whoever has the installation's key makes one. Never sends.

use super::denial::{Denial, Reason, echo};
use super::event::Event;
use super::id::{OrganizationId, UserId, WebhookId};
use super::table::Set;
use super::text::Name;
use super::text_value::text_value;
use super::time::Timestamp;
use super::webhook_url::WebhookUrl;
use serde::{Deserialize, Serialize};

/// A webhook. Serde form = stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Whose events it hears of.
    pub organization: OrganizationId,
    /// Where they are sent.
    pub url: WebhookUrl,
    /// Of which.
    pub events: Set<EventPattern>,
    /// What people say of it.
    pub description: Option<Description>,
    /// Whether anything is sent.
    pub state: WebhookState,
    /// Why nothing is, if so.
    pub disabled_because: Option<DisabledBecause>,
    /// The seed of the present secret.
    pub seed: WebhookSeed,
    /// The seed before it, while deliveries are signed with both.
    pub retired: Option<RetiredSeed>,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A seed on its way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RetiredSeed {
    /// The seed.
    pub seed: WebhookSeed,
    /// Until when deliveries are signed with its secret as well.
    pub until: Timestamp,
}

/// Whether anything is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookState {
    /// Events are sent.
    Active,
    /// Nothing is.
    Disabled,
}

impl WebhookState {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            WebhookState::Active => "active",
            WebhookState::Disabled => "disabled",
        }
    }

    /// Reads a public name.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        match text {
            "active" => Ok(WebhookState::Active),
            "disabled" => Ok(WebhookState::Disabled),
            other => Err(none_of(other, "active, disabled")),
        }
    }
}

/// Why nothing is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisabledBecause {
    /// Somebody said so.
    Asked,
    /// Nothing has arrived for days.
    Failing,
    /// The address answered that it is gone (410).
    Gone,
}

impl DisabledBecause {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            DisabledBecause::Asked => "asked",
            DisabledBecause::Failing => "failing",
            DisabledBecause::Gone => "gone",
        }
    }

    /// Reads a public name.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        match text {
            "asked" => Ok(DisabledBecause::Asked),
            "failing" => Ok(DisabledBecause::Failing),
            "gone" => Ok(DisabledBecause::Gone),
            other => Err(none_of(other, "asked, failing, gone")),
        }
    }
}

fn none_of(text: &str, words: &str) -> Denial {
    Denial::because(Reason::InvalidValue, format!("`{}` is none of: {words}", echo(text)))
}

/// 256 random bits, of which and the installation's key a secret is made: 43 characters of base64url.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct WebhookSeed(String);

impl WebhookSeed {
    const LENGTH: usize = 43;

    /// Checks a seed.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let plain = text.bytes().all(|byte| byte == b'-' || byte == b'_' || byte.is_ascii_alphanumeric());
        if text.len() != Self::LENGTH || !plain {
            return Err(Denial::because(Reason::InvalidValue, "43 characters of base64url are expected"));
        }
        Ok(WebhookSeed(text.to_owned()))
    }

    /// The seed as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What people say of a webhook: 1 to 200 characters on one line, as a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Description(String);

impl Description {
    /// Trims and checks a description.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let rule = "a description has 1 to 200 characters on one line, none of them invisible";
        let name = Name::parse(text).map_err(|_| Denial::because(Reason::InvalidValue, rule))?;
        Ok(Description(name.into()))
    }
}

/// Which events: one by its name, all of a family (`member.*`), or all (`*`).
///
/// ```
/// use guildhall::domain::webhook::EventPattern;
/// assert!(EventPattern::parse("member.*").is_ok());
/// assert!(EventPattern::parse("member.vanished").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct EventPattern(String);

impl EventPattern {
    /// The most patterns of a webhook.
    pub const MOST: usize = 100;

    /// Checks a pattern.
    ///
    /// # Errors
    /// `unknown_event` for one that no event fits.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let known = text == "*" || Event::NAMES.iter().any(|name| *name == text || family(name) == text);
        if known {
            return Ok(EventPattern(text.to_owned()));
        }
        Err(Denial::because(Reason::UnknownEvent, format!("there is no event `{}`", echo(text))))
    }
}

text_value!(WebhookSeed 0 EventPattern 0);

impl From<Description> for String {
    fn from(description: Description) -> String {
        description.0
    }
}

/// As a stored name is read.
impl TryFrom<String> for Description {
    type Error = Denial;
    fn try_from(text: String) -> Result<Self, Denial> {
        Name::try_from(text).map(|name| Description(name.into()))
    }
}

/// The pattern of all events that begin as this one: `member.*`.
pub fn family(name: &str) -> String {
    format!("{}.*", name.split('.').next().unwrap_or_default())
}

/// How many webhooks there are, and when one is given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookLimits {
    /// How many one organization has; all of them are loaded when one is decided about.
    pub most: usize,
    /// For how many seconds nothing may arrive before an address is given up.
    pub patience: i64,
}

impl WebhookLimits {
    /// More than this no operator can allow.
    pub const MOST: u32 = 20;

    /// The longest overlap of two secrets, in seconds: a week.
    pub const LONGEST_OVERLAP: i64 = 7 * 24 * 60 * 60;

    /// The overlap when nothing is said, in seconds: a day.
    pub const OVERLAP: i64 = 24 * 60 * 60;
}

impl Default for WebhookLimits {
    fn default() -> Self {
        WebhookLimits { most: 10, patience: 5 * 24 * 60 * 60 }
    }
}

impl Webhook {
    /// Whether anything is sent.
    pub fn is_active(&self) -> bool {
        self.state == WebhookState::Active
    }

    /// Whether it hears of events of a name.
    pub fn hears(&self, name: &str) -> bool {
        let fits = |pattern: &EventPattern| pattern.0 == "*" || pattern.0 == name || pattern.0 == family(name);
        self.is_active() && self.events.iter().any(fits)
    }

    /// The seeds of the secrets that a delivery at `now` is signed with, the present one first.
    pub fn seeds_at(&self, now: Timestamp) -> impl Iterator<Item = &WebhookSeed> {
        let retired = self.retired.iter().filter(move |retired| now < retired.until).map(|retired| &retired.seed);
        [&self.seed].into_iter().chain(retired)
    }

    /// The same webhook with a new secret, the present one beside it for `overlap` seconds. Rule: two
    /// at most; rotating twice in a hurry voids the first.
    pub fn rotated(&self, seed: &WebhookSeed, overlap: i64, now: Timestamp) -> Webhook {
        let until = now.plus_seconds(overlap);
        let retired = (overlap > 0).then(|| RetiredSeed { seed: self.seed.clone(), until });
        Webhook { seed: seed.clone(), retired, updated_at: now, ..self.clone() }
    }

    /// The same webhook, to which nothing is sent any more.
    pub fn disabled(&self, because: DisabledBecause, now: Timestamp) -> Webhook {
        let disabled_because = Some(because);
        Webhook { state: WebhookState::Disabled, disabled_because, updated_at: now, ..self.clone() }
    }
}
