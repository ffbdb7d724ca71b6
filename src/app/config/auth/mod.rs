//! `AUTH`: which authenticators an installation has.
//!
//! Owns the list and its form: JSON, an array of objects or one object, continued in `AUTH_2` to `AUTH_9`. Each
//! authenticator reads its own fields through an [`Entry`], which names a mistake by its place.

mod entry;
mod list;
mod nearest;

pub use entry::Entry;
pub(super) use list::auth;
pub use nearest::nearest;

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
}

impl AuthSettings {
    /// All authenticators, in the order of the setting.
    pub fn list(&self) -> &[Authenticator] {
        &self.list
    }

    /// Whether callers may say who they are without proof.
    pub fn has_dev(&self) -> bool {
        self.list.contains(&Authenticator::Dev)
    }
}
