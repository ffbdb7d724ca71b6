//! The challenge's server: asks whether an answer to the challenge holds.
//!
//! Owns the call: its time limit, its size limit, and that a redirect is no answer. Never reads what is answered
//! (`guildhall::app::challenge` does), never logs a body: it holds the secret.

use crate::deadline::within;
use futures_util::TryStreamExt;
use guildhall::app::challenge::{MAX_BYTES, TIMEOUT};
use guildhall::app::ports::{Answered, ChallengeCall, ChallengeServer, Unavailable};
use std::time::Duration;
use worker::{
    AbortSignal, Fetch, Fetcher, Headers, Method, Request, RequestInit, RequestRedirect, Response, console_warn,
};

/// The address under which a bound service is asked.
const SERVICE: &str = "https://challenge/verify";

/// The way to the challenge's server.
pub struct Challenges {
    service: Option<Fetcher>,
}

impl Challenges {
    /// With the service that is bound for it, if there is one.
    pub fn new(service: Option<Fetcher>) -> Self {
        Challenges { service }
    }

    async fn in_time(&self, call: &ChallengeCall) -> Result<Vec<u8>, Unavailable> {
        let answer = within(Duration::from_millis(TIMEOUT), async |signal| self.send(call, &signal).await).await;
        let (body, _) = answer.ok_or_else(|| Unavailable("its server took too long".to_owned()))?;
        body
    }

    async fn send(&self, call: &ChallengeCall, signal: &AbortSignal) -> Result<Vec<u8>, Unavailable> {
        let failed = |error: worker::Error| Unavailable(format!("its server was not reached: {error}"));
        let request = Request::new_with_init(call.url.as_deref().unwrap_or(SERVICE), &post(call).map_err(failed)?);
        let request = request.map_err(failed)?;
        let sent = match (&call.url, &self.service) {
            (Some(_), _) => Fetch::Request(request).send_with_signal(signal).await,
            (None, Some(service)) => service.fetch_request(request).await,
            (None, None) => return Err(Unavailable("no service is bound".to_owned())),
        };
        let mut response = sent.map_err(failed)?;
        match response.status_code() {
            200 => beginning(&mut response).await,
            status => Err(Unavailable(format!("its server answered {status}"))),
        }
    }
}

impl ChallengeServer for Challenges {
    fn ask<'a>(&'a self, call: &'a ChallengeCall) -> Answered<'a> {
        Box::pin(self.in_time(call))
    }

    fn warn(&self, text: &str) {
        console_warn!("{text}");
    }
}

fn post(call: &ChallengeCall) -> worker::Result<RequestInit> {
    let headers = Headers::new();
    headers.set("Content-Type", call.media_type)?;
    headers.set("Accept", "application/json")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers).with_redirect(RequestRedirect::Manual);
    init.with_body(Some(call.body.as_str().into()));
    Ok(init)
}

/// A body that is longer than any answer is none.
async fn beginning(response: &mut Response) -> Result<Vec<u8>, Unavailable> {
    let broke = |error: worker::Error| Unavailable(format!("its server's answer broke off: {error}"));
    let mut stream = response.stream().map_err(broke)?;
    let mut body = Vec::new();
    while let Some(chunk) = stream.try_next().await.map_err(broke)? {
        body.extend(chunk);
        if body.len() > MAX_BYTES {
            return Err(Unavailable("its server's answer is too long".to_owned()));
        }
    }
    Ok(body)
}
