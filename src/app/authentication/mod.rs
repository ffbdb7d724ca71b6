//! Authentication: who calls, found out once for each request and before anything else.
//!
//! Owns the choice of the authenticator by the credential that is present, and the order of the steps until a caller
//! or a refusal is known. Never does IO: what has to be fetched or computed outside is handed out as a step. Never
//! falls back: a credential that is present and wrong is a refusal, not an anonymous request.

mod caller;
mod credentials;
pub mod dev;
mod drive;
pub mod fetched;
mod inquiry;
mod keyring;
mod memory;
mod operator;
mod remembered;
mod signed;
mod webcrypto;

pub use caller::{Authenticated, Caller};
pub use credentials::{ActAs, cookie};
pub use drive::authenticate;
pub use inquiry::{Inquiry, Step};
pub use keyring::Question;
pub use memory::{Memory, Warning, unchecked};
pub use webcrypto::Verify;

use super::config::{Channel, Config};
use crate::domain::denial::{Denial, Reason};
use crate::domain::time::Timestamp;
use credentials::Credential;

/// A request as authentication reads it.
pub type Request = http::Request<Vec<u8>>;

/// What the credential of a request comes to without anything from outside.
#[derive(Debug)]
pub enum Begun {
    /// Everything: the configuration alone says who calls.
    Known(Authenticated),
    /// A token of an issuer, whose signature is to be checked.
    Token(Inquiry),
}

/// Looks at the credential of a request, and at the user whom it is to act as.
pub fn begin(config: &Config, request: &Request, now: Timestamp) -> Begun {
    let headers = request.headers();
    let read = ActAs::of(headers).and_then(|user| Ok((user, Credential::of(headers, &config.auth)?)));
    match read {
        Err(denial) => Begun::Known(Err(denial)),
        Ok((user, Credential::Token(token, channel))) => {
            Begun::Token(Inquiry::new(token, channel, now).without_act_as(user.is_sent()))
        }
        Ok((user, Credential::OperatorKey(key))) => Begun::Known(operator::by_key(config, key, &user, now).map(Some)),
        Ok((user, credential)) => {
            let found = by_credential(config, credential, request, now);
            Begun::Known(if user.is_sent() { Err(operator::without_key(found)) } else { found })
        }
    }
}

fn by_credential(config: &Config, credential: Credential<'_>, request: &Request, now: Timestamp) -> Authenticated {
    match credential {
        Credential::Session(token) => dev::by_bearer(config, token, now).map(Some),
        Credential::SessionCookie(token) => Ok(dev::by_cookie(config, token, now)),
        Credential::Principal(header) => signed::by_signature(config, header, request, now).map(Some),
        Credential::None | Credential::Token(..) | Credential::OperatorKey(_) => Ok(None),
    }
}

/// The refusal of a credential that is present and wrong.
pub fn invalid(detail: impl Into<std::borrow::Cow<'static, str>>) -> Denial {
    Denial::because(Reason::Unauthenticated, detail)
}

impl Channel {
    /// The caller whom a credential vouches for that came this way.
    fn caller(self, principal: crate::domain::principal::Principal) -> Caller {
        match self {
            Channel::Authorization => Caller::explicit(principal),
            Channel::Access => Caller::ambient(principal),
        }
    }
}

#[cfg(test)]
mod tests;
