//! Authentication: who calls, found out once for each request and before anything else.
//!
//! Owns the choice of the authenticator by the credential that is present, and the order of the steps until a caller
//! or a refusal is known. Never does IO: what has to be fetched or computed outside is handed out as a step. Never
//! falls back: a credential that is present and wrong is a refusal, not an anonymous request.

mod caller;
mod credentials;
pub mod dev;
mod operator;
mod signed;

pub use caller::{Authenticated, Caller};
pub use credentials::{ActAs, Credential, cookie};

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
    let user = ActAs::of(request.headers())?;
    let credential = Credential::of(request.headers())?;
    if let Credential::OperatorKey(key) = credential {
        return operator::by_key(config, key, &user, now).map(Some);
    }
    let found = by_credential(config, credential, request, now);
    if user.is_sent() { Err(operator::without_key(found)) } else { found }
}

fn by_credential(config: &Config, credential: Credential<'_>, request: &Request, now: Timestamp) -> Authenticated {
    match credential {
        Credential::None => Ok(None),
        Credential::Bearer(token) if takes(config, dev::is_token(token)) => {
            dev::by_bearer(config, token, now).map(Some)
        }
        Credential::Bearer(_) => Err(invalid("the token is not valid, or has run out")),
        Credential::SessionCookie(token) if takes(config, true) => Ok(dev::by_cookie(config, token, now)),
        Credential::SessionCookie(_) => Ok(None),
        Credential::OperatorKey(key) => operator::by_key(config, key, &ActAs::default(), now).map(Some),
        Credential::Principal(header) => signed::by_signature(config, header, request, now).map(Some),
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
