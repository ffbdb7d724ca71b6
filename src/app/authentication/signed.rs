//! `Guildhall-Principal`: a trusted caller says for whom it asks, and signs the whole request.

use super::{Caller, Request, invalid};
use crate::app::config::Config;
use crate::app::upstream::{SignedRequest, verify};
use crate::domain::denial::Denial;
use crate::domain::time::Timestamp;

/// The caller for whom an upstream asks. The body must be whole: its digest is signed.
///
/// # Errors
/// `unauthenticated`, with a detail that says which rule is broken.
pub fn by_signature(config: &Config, header: &str, request: &Request, now: Timestamp) -> Result<Caller, Denial> {
    let mut upstreams = config.auth.upstreams().peekable();
    if upstreams.peek().is_none() {
        return Err(invalid("no authenticator takes `guildhall-principal`"));
    }
    let headers: Vec<(&str, &[u8])> =
        request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let sent = SignedRequest {
        method: request.method().as_str(),
        authority: request.uri().authority().map_or("", |authority| authority.as_str()),
        target: request.uri().path_and_query().map_or("/", |target| target.as_str()),
        headers: &headers,
        body: request.body(),
    };
    let verified = verify(upstreams, &config.public_origin, (header, &sent), now)?;
    Ok(Caller { nonce: Some(verified.nonce), ..Caller::explicit(verified.principal) })
}
