//! The messenger: another Worker that sends mail, reached through a service binding.
//!
//! Owns the form of the call: `POST /messages` with a `Mail` as JSON under its id as
//! `Idempotency-Key`, so that a second delivery can be dropped. Never words a mail, never retries
//! (the outbox does), never logs a mail: it holds a token.

use guildhall::app::mail::Mail;
use guildhall::app::ports::{Messenger, Unavailable};
use worker::{Fetcher, Headers, Method, RequestInit, RequestRedirect, console_warn};

/// A service binding goes to its Worker whatever the host says.
const ADDRESS: &str = "https://messenger/messages";

/// A messenger behind a service binding.
pub struct MessengerService {
    service: Fetcher,
}

impl MessengerService {
    /// A messenger behind a binding.
    pub fn new(service: Fetcher) -> Self {
        MessengerService { service }
    }

    async fn send(&self, mail: &Mail) -> worker::Result<u16> {
        let response = self.service.fetch(ADDRESS, Some(post(mail)?)).await?;
        Ok(response.status_code())
    }
}

impl Messenger for MessengerService {
    async fn deliver(&self, mail: &Mail) -> Result<(), Unavailable> {
        let fault = match self.send(mail).await {
            Ok(200..=299) => return Ok(()),
            Ok(status) => format!("the messenger answered {status}"),
            Err(error) => format!("the messenger was not reached: {error}"),
        };
        console_warn!("message {} waits: {fault}", mail.id);
        Err(Unavailable(fault))
    }
}

/// A redirect is no delivery, and following one would show the token to somebody else.
fn post(mail: &Mail) -> worker::Result<RequestInit> {
    let headers = Headers::new();
    headers.set("Content-Type", "application/json")?;
    headers.set("Idempotency-Key", &mail.id.to_string())?;
    let body = serde_json::to_string(mail)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers).with_redirect(RequestRedirect::Manual);
    init.with_body(Some(body.into()));
    Ok(init)
}
