//! Requests and responses on their way across the border, as the values that `wire` knows.
//!
//! Owns the cap on what is read of a body, what becomes of the rest, and the shape of what the runtime accepts as a response.
//! Never looks at a route, a header's meaning or a body's content.

use futures_util::TryStreamExt;
use futures_util::future::{Either, select};
use guildhall::wire;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, Uri};
use std::pin::pin;
use std::time::Duration;
use worker::{ByteStream, Date, Delay, Headers, Request, Response, ResponseBody, ResponseBuilder, console_error};

/// What the runtime can send; anything else would be an exception.
const SENDABLE: std::ops::RangeInclusive<u16> = 200..=599;
const FAULT: u16 = 500;

/// A request without its body. Scheme and authority are in its URI.
pub fn head(request: &Request) -> wire::Request {
    let mut head = wire::Request::new(Vec::new());
    *head.method_mut() = method(request);
    *head.uri_mut() = uri(request);
    *head.headers_mut() = headers(request.headers());
    head
}

/// How many bytes beyond the limit are read and dropped, and how long the whole and each part of it may take.
const DROPPED: usize = 64 * 1024 * 1024;
const LONGEST: u64 = 30_000;
const PAUSE: Duration = Duration::from_millis(500);

/// The body, or its first `limit` + 1 bytes: enough to see that it is too long. What stands behind them is read and
/// dropped.
///
/// # Errors
/// The client went away while sending.
pub async fn body(request: &mut Request, limit: usize) -> worker::Result<Vec<u8>> {
    let most = limit.saturating_add(1);
    let mut body = Vec::new();
    if request.inner().body().is_none() {
        return Ok(body);
    }
    let mut stream = request.stream()?;
    while body.len() < most {
        let Some(chunk) = stream.try_next().await? else { return Ok(body) };
        body.extend(chunk);
    }
    body.truncate(most);
    drop_rest(&mut stream).await;
    Ok(body)
}

/// Reads what is left of a body that was not looked at, and drops it.
pub async fn drop_body(request: &mut Request) {
    if request.inner().body().is_some()
        && let Ok(mut stream) = request.stream()
    {
        drop_rest(&mut stream).await;
    }
}

/// Rule: an answer waits until the client has sent what it is sending. Reason: a client that still sends when the
/// connection ends loses the answer with it. A client that pauses, sends no end or goes away is not waited for.
async fn drop_rest(stream: &mut ByteStream) {
    let start = Date::now().as_millis();
    let mut dropped = 0usize;
    while dropped <= DROPPED && Date::now().as_millis().saturating_sub(start) < LONGEST {
        match select(stream.try_next(), pin!(Delay::from(PAUSE))).await {
            Either::Left((Ok(Some(chunk)), _)) => dropped = dropped.saturating_add(chunk.len()),
            _ => return,
        }
    }
}

/// A response as the runtime takes it.
pub fn respond(response: wire::Response) -> Response {
    let (parts, body) = response.into_parts();
    let status = parts.status.as_u16();
    let body = if body.is_empty() { ResponseBody::Empty } else { ResponseBody::Body(body) };
    relay(status, &parts.headers, body).unwrap_or_else(|| {
        console_error!("the status {status} cannot be sent");
        ResponseBuilder::new().with_headers(sendable(&parts.headers)).with_status(FAULT).empty()
    })
}

/// A response with a body that may still be on its way; `None` for a status that cannot be sent.
pub fn relay(status: u16, headers: &HeaderMap, body: ResponseBody) -> Option<Response> {
    // With 204, 205 and 304 the runtime throws on any body, even on an empty one.
    let body = if matches!(status, 204 | 205 | 304) { ResponseBody::Empty } else { body };
    let builder = ResponseBuilder::new().with_headers(sendable(headers));
    SENDABLE.contains(&status).then(|| builder.with_status(status).body(body))
}

/// `worker::Method` turns an unknown method into `GET`: hence the text itself. What is no method at
/// all becomes one that nothing of ours answers to.
fn method(request: &Request) -> Method {
    Method::from_bytes(request.inner().method().as_bytes()).unwrap_or(Method::TRACE)
}

/// An address that is no URI is the address of nothing.
fn uri(request: &Request) -> Uri {
    request.inner().url().parse().unwrap_or_else(|_| Uri::from_static("/unreadable-address"))
}

/// Values beyond ASCII stay, as bytes, for `wire` to judge.
pub fn headers(headers: &Headers) -> HeaderMap {
    headers.entries().filter_map(|(name, value)| readable(&name, &value)).collect()
}

fn readable(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
    Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
}

/// Appended one by one: several `Set-Cookie` stay several.
pub fn sendable(headers: &HeaderMap) -> Headers {
    let sendable = Headers::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        if let Err(error) = sendable.append(name.as_str(), &value) {
            console_error!("the header {name} cannot be sent: {error}");
        }
    }
    sendable
}
