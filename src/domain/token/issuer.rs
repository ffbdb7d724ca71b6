//! The rules for the tokens of one issuer, as data.
//!
//! Owns what an operator can choose. Never reads a setting: `app::config` does, and checks it.

use super::algorithm::Algorithm;
use super::claims::{ClaimRules, Condition};
use super::key::KeySet;
use super::users::UserPrefixes;

/// A JWT issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// The name under which the configuration, the log and the principal know it.
    pub name: String,
    /// The texts of `iss` that it may have; compared as texts, so a trailing `/` counts.
    pub issuers: Vec<String>,
    /// Where its keys come from.
    pub keys: KeySource,
    /// The allowed algorithms. A key without `alg` is for the first one that fits its type.
    pub algorithms: Vec<Algorithm>,
    /// For whom its tokens must be.
    pub audience: Audience,
    /// The parties of `azp`; an empty list asks for none.
    pub authorized_parties: Vec<String>,
    /// The clients of `client_id`; an empty list asks for none.
    pub client_ids: Vec<String>,
    /// What must hold of every token, by which access tokens are told from others of the same issuer.
    pub uses: Vec<Condition>,
    /// By how many seconds clocks may differ.
    pub leeway: Leeway,
    /// What its user ids begin with.
    pub users: UserPrefixes,
    /// Which claim becomes what.
    pub claims: ClaimRules,
}

/// Where the keys of an issuer come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// From the configuration. They change with a deployment alone.
    Inline(KeySet),
    /// From this address.
    Url(String),
    /// From the address that the OpenID configuration of this issuer names.
    Discovery(String),
}

/// For whom tokens must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// `aud` must name one of these.
    OneOf(Vec<String>),
    /// `aud` is not asked for, because the key set signs for the one application alone.
    ByKeySet,
    /// `aud` is not asked for.
    Unchecked,
}

/// By how many seconds clocks may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leeway(u64);

impl Leeway {
    /// The most that can be allowed.
    pub const MAX: Leeway = Leeway(120);

    /// A leeway of at most [`Leeway::MAX`]; `None` for more.
    pub fn new(seconds: u64) -> Option<Self> {
        (seconds <= Self::MAX.0).then_some(Leeway(seconds))
    }

    /// The seconds.
    pub fn seconds(self) -> u64 {
        self.0
    }
}

impl Default for Leeway {
    /// 30 seconds: clocks differ by a second in ordinary life.
    fn default() -> Self {
        Leeway(30)
    }
}

impl Issuer {
    /// Whether a token with this `iss` is the issuer's.
    pub fn matches(&self, iss: &str) -> bool {
        self.issuers.iter().any(|known| known == iss)
    }

    /// Whether neither `aud` nor a substitute says for whom a token is. Then each of the issuer's tokens is accepted,
    /// also those for other applications: `readyz` warns of it.
    pub fn accepts_any_audience(&self) -> bool {
        let substituted = !self.authorized_parties.is_empty() || !self.client_ids.is_empty();
        self.audience == Audience::Unchecked && !substituted
    }
}
