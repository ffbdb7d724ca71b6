//! Layer 3: HTTP as values.
//!
//! Owns routes, hints, bodies, problem documents and presentation. Never opens a socket: a request
//! is a value that comes in, a response one that goes out, in the Worker, in Node and in a browser.

use crate::app::execute::App;
use crate::app::ports::{Cache, Entropy, Store, Upkeep};

/// A request as a value. The edge hands over at most [`body_limit`] + 1 bytes of body.
pub type Request = http::Request<Vec<u8>>;
/// A response as a value.
pub type Response = http::Response<Vec<u8>>;

/// A handled request.
#[derive(Debug)]
pub struct Handled {
    /// What to answer.
    pub response: Response,
    /// What to write to the operator's log: our fault, never shown to a client.
    pub fault: Option<String>,
    /// Whether messages may be waiting in the outbox now.
    pub messages_waiting: bool,
}

/// How many bytes of body a path takes.
pub fn body_limit(path: &str) -> usize {
    if path.starts_with("/v1/imports/") { 8 * 1024 * 1024 } else { 64 * 1024 }
}

/// Answers a request.
pub async fn handle<S: Store + Upkeep, C: Cache, E: Entropy>(_app: &App<'_, S, C, E>, _request: &Request) -> Handled {
    Handled { response: Response::new(b"not yet".to_vec()), fault: None, messages_waiting: false }
}

/// Answers a request while the installation cannot work, `reason` saying what is missing: `/healthz`
/// still says 200, `/readyz` says the reason, all else is a 503 problem document.
pub fn handle_unready(_request: &Request, reason: &str) -> Handled {
    Handled { response: Response::new(Vec::new()), fault: Some(reason.to_owned()), messages_waiting: false }
}
