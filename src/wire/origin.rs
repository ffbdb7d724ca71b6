//! Where a request was sent to and where it came from.
//!
//! Owns the two rules about hosts and origins that hold for every request: that of the development authenticator, and
//! that of credentials which browsers send by themselves.

use super::Request;
use crate::app::config::{Config, is_loopback, same_origin};
use crate::domain::denial::{Denial, Reason};
use crate::domain::host;
use http::header::ORIGIN;

/// Whether the development authenticator answers, and on this machine's own names only.
fn is_dev_only(config: &Config) -> bool {
    config.auth.has_dev() && !config.auth.embedded
}

/// Rule: the development authenticator believes every caller, so an installation that has it answers on this machine's
/// own names only. Neither a network nor a rebound DNS name reaches it.
///
/// # Errors
/// `permission_denied` for any other host.
pub fn require_dev_host(config: &Config, request: &Request) -> Result<(), Denial> {
    let local = || request.uri().host().and_then(host::canonical).is_some_and(|host| is_loopback(&host));
    if is_dev_only(config) && !local() {
        return Err(Denial::because(Reason::PermissionDenied, "the development mode answers on loopback hosts only"));
    }
    Ok(())
}

/// Rule: a request by a credential that the browser sent by itself must come from our own pages. With the development
/// authenticator, whose hosts are all this machine, that is also the very origin that the request was sent to.
///
/// # Errors
/// `origin_mismatch`.
pub fn require_own_origin(config: &Config, request: &Request) -> Result<(), Denial> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let own = match (header(ORIGIN.as_str()), header("sec-fetch-site")) {
        (Some(origin), _) => same_origin(origin, &config.public_origin) || is_sent_to(config, request, origin),
        (None, site) => site == Some("same-origin"),
    };
    if own { Ok(()) } else { Err(Reason::OriginMismatch.into()) }
}

fn is_sent_to(config: &Config, request: &Request, origin: &str) -> bool {
    let uri = request.uri();
    let own = uri.scheme_str().zip(uri.authority()).map(|(scheme, authority)| format!("{scheme}://{authority}"));
    is_dev_only(config) && own.is_some_and(|own| same_origin(&own, origin))
}
