//! Webhooks: requests to addresses that organizations name.
//!
//! Owns the call: its time limit, that a redirect is an answer like any other, and that a body is
//! nobody's business. Never checks an address and never judges a status (`guildhall::app::webhooks`
//! does both), never logs a body or a signature.

use crate::deadline::within;
use guildhall::app::ports::{Sender, Sent};
use guildhall::app::webhooks::{Call, TIMEOUT};
use std::time::Duration;
use worker::{AbortSignal, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, console_warn};

/// The way out to the network.
pub struct Outside;

impl Sender for Outside {
    async fn send(&self, call: &Call) -> Sent {
        let answer = within(Duration::from_millis(TIMEOUT), async |signal| post(call, &signal).await).await;
        let Some((status, rest)) = answer else { return Sent::TimedOut };
        // Whatever is still on its way, the body above all, is not waited for.
        rest.abort();
        status.map_or_else(|error| unreachable(call, &error), Sent::Answered)
    }
}

fn unreachable(call: &Call, error: &worker::Error) -> Sent {
    console_warn!("webhook delivery {} did not go out: {error}", call.id);
    Sent::Unreachable
}

async fn post(call: &Call, signal: &AbortSignal) -> worker::Result<u16> {
    let headers = Headers::new();
    for (name, value) in call.headers() {
        headers.set(name, &value)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers).with_redirect(RequestRedirect::Manual);
    init.with_body(Some(call.body.as_str().into()));
    let request = Request::new_with_init(&call.url, &init)?;
    Ok(Fetch::Request(request).send_with_signal(signal).await?.status_code())
}
