//! Webhooks: requests to addresses that organizations name.
//!
//! Owns the call: its time limit, that a redirect is an answer like any other, and that a body is
//! nobody's business. Never checks an address and never judges a status (`guildhall::app::webhooks`
//! does both), never logs a body or a signature.

use futures_util::future::{Either, select};
use guildhall::app::ports::{Sender, Sent};
use guildhall::app::webhooks::{Call, TIMEOUT};
use std::pin::pin;
use std::time::Duration;
use worker::{
    AbortController, AbortSignal, Delay, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, console_warn,
};

/// The way out to the network.
pub struct Outside;

impl Sender for Outside {
    async fn send(&self, call: &Call) -> Sent {
        let controller = AbortController::default();
        let signal = controller.signal();
        let answer = pin!(post(call, &signal));
        let end = pin!(Delay::from(Duration::from_millis(TIMEOUT)));
        let sent = match select(answer, end).await {
            Either::Left((Ok(status), _)) => Sent::Answered(status),
            Either::Left((Err(error), _)) => {
                console_warn!("webhook delivery {} did not go out: {error}", call.id);
                Sent::Unreachable
            }
            Either::Right(_) => Sent::TimedOut,
        };
        // Whatever is still on its way, the body above all, is not waited for.
        controller.abort();
        sent
    }
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
