//! `AUTH`: which authenticators an installation has.
//!
//! Owns the list and its form: JSON, an array of objects or one object, continued in `AUTH_2` to `AUTH_9`. Each
//! authenticator reads its own fields through an [`Entry`], which names a mistake by its place.

mod entry;
mod list;
mod nearest;
mod upstream;

pub use entry::Entry;
pub(super) use list::auth;
pub use nearest::nearest;

use crate::app::upstream::Upstream;
use crate::domain::token::UserPrefix;

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
    /// A trusted caller says for whom it asks, and signs the request.
    Upstream(Upstream),
}

impl Authenticator {
    /// Its name, which no other one has; the development authenticator has none.
    pub fn name(&self) -> Option<&str> {
        match self {
            Authenticator::Dev => None,
            Authenticator::Upstream(upstream) => Some(upstream.name.as_str()),
        }
    }

    /// What the ids of its users begin with; those of the development authenticator are whatever the caller says.
    pub fn users(&self) -> Option<&UserPrefix> {
        match self {
            Authenticator::Dev => None,
            Authenticator::Upstream(upstream) => Some(upstream.users.own()),
        }
    }
}

impl AuthSettings {
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
