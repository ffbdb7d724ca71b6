//! DNS over HTTPS: asks a public resolver.
//!
//! Owns the call: its time limit, its size limit, and that a redirect is no answer. Never reads what
//! is answered (`guildhall::app::domains::doh` does), never logs a value.

use crate::deadline::within;
use futures_util::TryStreamExt;
use guildhall::app::domains::doh;
use guildhall::app::ports::{Asked, Dns, TxtRecords, Unavailable};
use std::time::Duration;
use worker::{AbortSignal, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Response, console_warn};

/// A resolver at an address; without one, nobody answers.
pub struct Doh {
    resolver: Option<String>,
}

impl Doh {
    /// A resolver at an address.
    pub fn new(resolver: Option<String>) -> Self {
        Doh { resolver }
    }

    async fn ask(&self, name: &str) -> Result<TxtRecords, Unavailable> {
        let Some(resolver) = &self.resolver else { return Err(Unavailable("no resolver is set".to_owned())) };
        let body = in_time(doh::question(resolver, name)).await;
        let records = body.and_then(|body| doh::answer(&body));
        records.inspect_err(|fault| console_warn!("the DNS was not asked: {fault}"))
    }
}

impl Dns for Doh {
    fn txt<'a>(&'a self, name: &'a str) -> Asked<'a> {
        Box::pin(self.ask(name))
    }
}

/// The answer's body, if all of it is there in time.
async fn in_time(address: String) -> Result<Vec<u8>, Unavailable> {
    let time = Duration::from_millis(doh::TIMEOUT);
    let answer = within(time, async |signal| fetch(&address, &signal).await).await;
    let (body, _) = answer.ok_or_else(|| Unavailable("the resolver took too long".to_owned()))?;
    body
}

async fn fetch(address: &str, signal: &AbortSignal) -> Result<Vec<u8>, Unavailable> {
    let failed = |error: worker::Error| Unavailable(format!("the resolver was not reached: {error}"));
    let request = Request::new_with_init(address, &question().map_err(failed)?).map_err(failed)?;
    let mut response = Fetch::Request(request).send_with_signal(signal).await.map_err(failed)?;
    match response.status_code() {
        200 => beginning(&mut response).await,
        status => Err(Unavailable(format!("the resolver answered {status}"))),
    }
}

fn question() -> worker::Result<RequestInit> {
    let headers = Headers::new();
    headers.set("Accept", doh::MEDIA_TYPE)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Get).with_headers(headers).with_redirect(RequestRedirect::Manual);
    Ok(init)
}

/// A body that is longer than any answer is none.
async fn beginning(response: &mut Response) -> Result<Vec<u8>, Unavailable> {
    let broke = |error: worker::Error| Unavailable(format!("the resolver's answer broke off: {error}"));
    let mut stream = response.stream().map_err(broke)?;
    let mut body = Vec::new();
    while let Some(chunk) = stream.try_next().await.map_err(broke)? {
        body.extend(chunk);
        if body.len() > doh::MAX_BYTES {
            return Err(Unavailable("the resolver's answer is too long".to_owned()));
        }
    }
    Ok(body)
}
