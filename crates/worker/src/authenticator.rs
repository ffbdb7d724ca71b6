//! Authentication at the edge: carries out what the core cannot.
//!
//! Owns the memory of an isolate, which belongs to one configuration, the fetching of keys and the call of WebCrypto.
//! Never decides: `guildhall::app::authentication` does. What is waited for is always this request's own: a promise of
//! another request cannot be awaited, so a request that needs the same keys looks again until they are there.

use crate::bindings::Installation;
use crate::deadline::within;
use crate::signatures;
use futures_util::TryStreamExt;
use guildhall::app::authentication::fetched::{Document, FETCH_TIMEOUT, FetchFault, Fetched, MAX_BYTES};
use guildhall::app::authentication::{Authenticated, Request, Verify, authenticate};
use guildhall::app::ports::{Authenticator, TokenWork};
use guildhall::domain::time::Timestamp;
use std::time::Duration;
use worker::{
    AbortSignal, CacheMode, Delay, Fetch, Headers, Method, Request as Outgoing, RequestInit, RequestRedirect, Response,
    console_warn,
};

impl Authenticator for Installation {
    async fn authenticate(&self, request: &Request) -> Authenticated {
        authenticate(&self.config, &self.memory, request, &Edge).await
    }
}

/// The platform.
struct Edge;

impl TokenWork for Edge {
    async fn fetch(&self, url: &str) -> Fetched {
        let time = Duration::from_millis(FETCH_TIMEOUT);
        match within(time, async |signal| ask(url, &signal).await).await {
            Some((answer, _)) => answer,
            None => Err(FetchFault::TooSlow),
        }
    }

    async fn verify(&self, verify: &Verify) -> bool {
        signatures::verify(verify).await.unwrap_or_else(|fault| {
            self.warn(&format!("a token's key cannot be used: {fault}"));
            false
        })
    }

    async fn pause(&self, milliseconds: u32) {
        Delay::from(Duration::from_millis(u64::from(milliseconds))).await;
    }

    fn now(&self) -> Timestamp {
        crate::now()
    }

    fn warn(&self, text: &str) {
        console_warn!("{text}");
    }
}

async fn ask(url: &str, signal: &AbortSignal) -> Fetched {
    let unreachable = |_: worker::Error| FetchFault::Unreachable;
    let question = Outgoing::new_with_init(url, &question().map_err(unreachable)?).map_err(unreachable)?;
    let mut response = Fetch::Request(question).send_with_signal(signal).await.map_err(unreachable)?;
    match response.status_code() {
        200 => document(&mut response).await,
        300..=399 => Err(FetchFault::Redirected),
        status => Err(FetchFault::Answered(status)),
    }
}

/// Past every cache: a set that was kept somewhere would still hold a key that has been withdrawn.
fn question() -> worker::Result<RequestInit> {
    let headers = Headers::new();
    headers.set("Accept", "application/json")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Get).with_headers(headers).with_redirect(RequestRedirect::Manual);
    init.with_cache(CacheMode::NoStore);
    Ok(init)
}

async fn document(response: &mut Response) -> Fetched {
    let header = |name| response.headers().get(name).ok().flatten();
    let (cache_control, age) = (header("Cache-Control"), header("Age"));
    let mut stream = response.stream().map_err(|_| FetchFault::Unreachable)?;
    let mut body = Vec::new();
    while let Some(chunk) = stream.try_next().await.map_err(|_| FetchFault::Unreachable)? {
        body.extend(chunk);
        if body.len() > MAX_BYTES {
            return Err(FetchFault::TooLong);
        }
    }
    Ok(Document { body, cache_control, age })
}
