//! `AUTH`: which authenticators an installation has.
//!
//! Owns the list and its form: JSON, an array of objects or one object, continued in `AUTH_2` to `AUTH_9`. Each
//! authenticator reads its own fields through an [`Entry`], which names a mistake by its place.

mod claims;
mod entry;
mod jwt;
mod list;
mod nearest;
mod preset;
#[cfg(test)]
mod tests;
mod upstream;

pub use entry::Entry;
pub(super) use list::auth;
pub use nearest::nearest;

use crate::app::upstream::Upstream;
use crate::domain::token::{Issuer, UserPrefix};

/// How callers prove who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthSettings {
    list: Vec<Authenticator>,
    /// Whether the development authenticator answers on any host: in the directory inside a test or a browser tab.
    /// No setting chooses it.
    pub embedded: bool,
}

/// One authenticator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authenticator {
    /// The caller says who it is. Loopback hosts only.
    Dev,
    /// Tokens of an issuer, which come in a certain header.
    Token(Channel, Box<Issuer>),
    /// A trusted caller says for whom it asks, and signs the request.
    Upstream(Upstream),
}

impl Authenticator {
    /// Its name, which no other one has; the development authenticator has none.
    pub fn name(&self) -> Option<&str> {
        match self {
            Authenticator::Dev => None,
            Authenticator::Upstream(upstream) => Some(upstream.name.as_str()),
            Authenticator::Token(_, issuer) => Some(&issuer.name),
        }
    }

    /// What the ids of its users begin with; those of the development authenticator are whatever the caller says.
    pub fn users(&self) -> Option<&UserPrefix> {
        match self {
            Authenticator::Dev => None,
            Authenticator::Upstream(upstream) => Some(upstream.users.own()),
            Authenticator::Token(_, issuer) => Some(issuer.users.own()),
        }
    }
}

/// The header in which tokens of an issuer come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// `Authorization`, which the application sets.
    Authorization,
    /// `Cf-Access-Jwt-Assertion`, which Cloudflare Access sets for whatever a browser sends.
    Access,
}

impl AuthSettings {
    /// A list of authenticators that was checked.
    pub fn new(list: Vec<Authenticator>) -> Self {
        AuthSettings { list, embedded: false }
    }

    /// The issuer at a place of the list.
    pub fn issuer(&self, place: usize) -> Option<&Issuer> {
        self.list.get(place).and_then(issuer).map(|(_, issuer)| issuer)
    }

    /// The issuers, with their places in the list.
    pub fn issuers(&self) -> impl Iterator<Item = (usize, &Issuer)> {
        let placed = self.list.iter().enumerate();
        placed.filter_map(|(place, authenticator)| Some((place, issuer(authenticator)?.1)))
    }

    /// Those whose tokens come in a certain header.
    pub fn issuers_by(&self, channel: Channel) -> impl Iterator<Item = (usize, &Issuer)> {
        let placed = self.list.iter().enumerate();
        let of_channel = move |authenticator| issuer(authenticator).filter(|(known, _)| *known == channel);
        placed.filter_map(move |(place, authenticator)| Some((place, of_channel(authenticator)?.1)))
    }

    /// Whether tokens are taken that come in a certain header.
    pub fn takes(&self, channel: Channel) -> bool {
        self.issuers_by(channel).next().is_some()
    }

    /// All authenticators, in the order of the setting.
    pub fn list(&self) -> &[Authenticator] {
        &self.list
    }

    /// Those that sign requests.
    pub fn upstreams(&self) -> impl Iterator<Item = &Upstream> {
        self.list.iter().filter_map(|it| if let Authenticator::Upstream(upstream) = it { Some(upstream) } else { None })
    }

    /// Whether callers may say who they are without proof.
    pub fn has_dev(&self) -> bool {
        self.list.contains(&Authenticator::Dev)
    }
}

fn issuer(authenticator: &Authenticator) -> Option<(Channel, &Issuer)> {
    match authenticator {
        Authenticator::Token(channel, issuer) => Some((*channel, issuer)),
        Authenticator::Dev | Authenticator::Upstream(_) => None,
    }
}
