//! Requests and responses on their way across the border.
//!
//! Owns their form there: the head as JSON, the body as bytes. Lenient in the same places as the
//! Worker's own border: an address that is no URI is the address of nothing, a header that is none
//! is not there.

use crate::domain::denial::{Denial, Reason};
use crate::domain::json::Json;
use crate::domain::read::{FromJson, records};
use crate::wire;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, Uri};
use serde_json::json;

/// Headers in order; a name may stand there more than once.
pub type HeaderPairs = Vec<Header>;

/// A header.
pub struct Header {
    /// In whatever case.
    pub name: String,
    /// The value.
    pub value: String,
}

impl FromJson for Header {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        match <[String; 2]>::try_from(Vec::<String>::read(value)?) {
            Ok([name, value]) => Ok(Header { name, value }),
            Err(_) => Err(Denial::because(Reason::InvalidValue, "a name and a value are expected")),
        }
    }
}

/// A request without its body.
pub struct RequestHead {
    method: String,
    url: String,
    headers: HeaderPairs,
}

records! {
    RequestHead { method, url, headers, }
}

impl RequestHead {
    /// The whole request.
    pub fn with(self, body: Vec<u8>) -> wire::Request {
        let mut request = wire::Request::new(body);
        *request.method_mut() = Method::from_bytes(self.method.as_bytes()).unwrap_or_else(|_| unknown_method());
        *request.uri_mut() = self.url.parse().unwrap_or_else(|_| Uri::from_static("/unreadable-address"));
        *request.headers_mut() = header_map(&self.headers);
        request
    }
}

/// A method that no resource answers to.
fn unknown_method() -> Method {
    Method::from_bytes(b"INVALID").unwrap_or_default()
}

/// A header map of the pairs that can be headers.
pub fn header_map(pairs: &[Header]) -> HeaderMap {
    let readable = |Header { name, value }: &Header| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
    };
    pairs.iter().filter_map(readable).collect()
}

/// Takes an answer apart: `{status, headers, fault}` as text, `fault` being what an operator's log
/// should say or null, and the body.
pub fn respond(handled: wire::Handled) -> (String, Vec<u8>) {
    let (parts, body) = handled.response.into_parts();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: Vec<[String; 2]> =
        parts.headers.iter().map(|(name, value)| [name.as_str().to_owned(), text(value)]).collect();
    let head = json!({ "status": parts.status.as_u16(), "headers": headers, "fault": handled.fault });
    (head.to_string(), body)
}
