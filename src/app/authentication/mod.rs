//! Authentication: who calls, found out once for each request and before anything else.
//!
//! Owns the choice of the authenticator by the credential that is present, and the order of the steps until a caller
//! or a refusal is known. Never does IO: what has to be fetched or computed outside is handed out as a step. Never
//! falls back: a credential that is present and wrong is a refusal, not an anonymous request.

mod caller;
mod credentials;
pub mod dev;

pub use caller::{Authenticated, Caller, OperatorGrant, UpstreamNonce};
pub use credentials::{Credential, cookie};

use super::config::{Authenticator, Config};
use crate::domain::denial::{Denial, Reason};
use crate::domain::time::Timestamp;

/// A request as authentication reads it.
pub type Request = http::Request<Vec<u8>>;

/// Who calls, as far as the configuration alone can tell.
///
/// # Errors
/// `unauthenticated` for a credential that no authenticator takes or that is wrong, `credentials_conflict` for two.
pub fn authenticate(config: &Config, request: &Request, now: Timestamp) -> Authenticated {
    match Credential::of(request.headers())? {
        Credential::None => Ok(None),
        Credential::Bearer(token) if takes(config, dev::is_token(token)) => {
            dev::by_bearer(config, token, now).map(Some)
        }
        Credential::Bearer(_) => Err(invalid("the token is not valid, or has run out")),
        Credential::SessionCookie(token) if takes(config, true) => Ok(dev::by_cookie(config, token, now)),
        Credential::SessionCookie(_) => Ok(None),
        Credential::Untaken(name) => Err(invalid(["no authenticator takes `", name, "`"].concat())),
    }
}

/// Whether development sessions count here.
fn takes(config: &Config, is_session: bool) -> bool {
    is_session && config.auth.list().contains(&Authenticator::Dev)
}

/// The refusal of a credential that is present and wrong.
pub fn invalid(detail: impl Into<std::borrow::Cow<'static, str>>) -> Denial {
    Denial::because(Reason::Unauthenticated, detail)
}

#[cfg(test)]
mod tests;
