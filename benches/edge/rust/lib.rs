//! The least that a Worker in Rust answers: what workers-rs costs by itself.

use worker::{Context, Env, Request, Response, Result, event};

/// Answers every request with the same JSON.
///
/// # Errors
/// None but what workers-rs gives when it cannot make a response.
#[event(fetch)]
async fn fetch(_request: Request, _env: Env, _context: Context) -> Result<Response> {
    Response::ok(r#"{"ok":true}"#)
}
