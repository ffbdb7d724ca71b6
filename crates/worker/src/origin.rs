//! The origin: the application behind Guildhall, at an address or behind a service binding.
//!
//! Owns the call: its time limit, that redirects are the client's to follow, and that bodies flow through
//! unread in both directions, but for those that a signature covers. Never decides what goes there or what comes back (`guildhall::wire::gateway`
//! does), never logs a header or a body.

use crate::deadline::within;
use crate::exchange;
use guildhall::wire::Handled;
use guildhall::wire::gateway::{Forward, OriginFault};
use std::time::Duration;
use worker::{AbortSignal, Fetch, Fetcher, Request, Response, console_warn, js_sys, web_sys};

/// The client's request, and its body where that had to be read already.
type Incoming<'a> = (&'a Request, Option<&'a [u8]>);

/// Where the application answers.
pub enum Origin {
    /// Behind a service binding, whatever the address says.
    Service(Fetcher),
    /// At the address.
    Network,
}

impl Origin {
    /// The origin's answer, or what to say instead.
    ///
    /// # Errors
    /// What to answer when the origin does not.
    pub async fn answer(&self, forward: &Forward, request: Incoming<'_>) -> Result<Response, Handled> {
        let answered = self.in_time(forward, request).await.map_err(|fault| forward.failed(fault))?;
        let headers = forward.answered(&exchange::headers(answered.headers()));
        let (status, (_, body)) = (answered.status_code(), answered.into_parts());
        exchange::relay(status, &headers, body).ok_or_else(|| forward.failed(OriginFault::Unreachable))
    }

    /// Only the beginning of an answer is waited for: its body may take as long as it likes.
    async fn in_time(&self, forward: &Forward, request: Incoming<'_>) -> Result<Response, OriginFault> {
        let time = Duration::from_secs(u64::from(forward.timeout));
        let answer = within(time, async |signal| self.send(forward, request, &signal).await).await;
        let (answer, _) = answer.ok_or(OriginFault::TimedOut)?;
        answer.map_err(|error| {
            console_warn!("the origin was not reached: {error}");
            OriginFault::Unreachable
        })
    }

    async fn send(&self, forward: &Forward, request: Incoming<'_>, signal: &AbortSignal) -> worker::Result<Response> {
        let request = outgoing(forward, request, signal)?;
        match self {
            Origin::Service(service) => service.fetch_request(request).await,
            Origin::Network => Fetch::Request(request).send().await,
        }
    }
}

/// By hand, because `worker::Method` does not know every method.
fn outgoing(forward: &Forward, (incoming, read): Incoming<'_>, signal: &AbortSignal) -> worker::Result<Request> {
    let init = web_sys::RequestInit::new();
    init.set_method(forward.method.as_str());
    init.set_headers(exchange::sendable(&forward.headers).as_ref());
    init.set_redirect(web_sys::RequestRedirect::Manual);
    init.set_signal(Some(signal));
    match read {
        Some(bytes) if forward.has_body && !bytes.is_empty() => init.set_body(&js_sys::Uint8Array::from(bytes)),
        Some(_) => {}
        None => incoming.inner().body().filter(|_| forward.has_body).iter().for_each(|body| init.set_body(body)),
    }
    Ok(web_sys::Request::new_with_str_and_init(&forward.url, &init)?.into())
}
