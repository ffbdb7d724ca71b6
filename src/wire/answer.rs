//! Answers: status, body and headers, before they become a response.
//!
//! Owns the headers that every answer has, and the form in which an answer is kept under an
//! idempotency key. A kept answer holds a placeholder where the token stood; the token itself is in
//! no table.

use super::security::{Asked, Kind};
use super::{Request, Response, tags};
use crate::app::keys::{Keys, TokenKind, fingerprint};
use crate::domain::read::{read, records};
use http::{HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    body: String,
    media_type: &'static str,
    headers: Vec<(&'static str, String)>,
    /// Whether it says what would happen.
    trial: bool,
    /// For how many seconds anybody may keep it; `None` is nobody at all.
    public_for: Option<u32>,
}

/// The media type of lines of JSON.
const LINES: &str = "application/x-ndjson";

/// What an answer may depend on besides the address.
pub const VARY: &str = "authorization, cookie, cf-access-jwt-assertion, guildhall-organization, guildhall-pass, \
     guildhall-principal, guildhall-act-as, guildhall-act-as-email";

/// Where the token stands in a kept answer. Text of a user's cannot look like this inside JSON,
/// where its quotes would be escaped.
const TOKEN_FIELD: &str = r#""token":"<token>""#;
/// The same for the token of a link.
const LINK_TOKEN_FIELD: &str = r#""token":"<link token>""#;
/// What presentation writes for the token of a link.
pub const LINK_TOKEN_PLACEHOLDER: &str = "<link token>";
/// The same for the secret of a webhook.
const WEBHOOK_SECRET_FIELD: &str = r#""secret":"<webhook secret>""#;
/// What presentation writes for the secret of a webhook.
pub const WEBHOOK_SECRET_PLACEHOLDER: &str = "<webhook secret>";
/// What presentation writes for a token.
pub const TOKEN_PLACEHOLDER: &str = "<token>";
/// What presentation writes for a token begins so.
pub const TOKEN_START: &str = "<token";

/// Where the token of a line stands, up to the line's number.
const LINE_TOKEN_FIELD: &str = r#""token":"<token."#;

/// What presentation writes for the token of a line.
pub fn line_token_placeholder(line: usize) -> String {
    format!("<token.{line}>")
}

fn with_tokens(body: &str, seed: &str, keys: &Keys) -> String {
    let field = |seed: &str| format!(r#""token":"{}""#, keys.invitation_token(seed));
    let body = body.replace(TOKEN_FIELD, &field(seed));
    let link = format!(r#""token":"{}""#, keys.token(TokenKind::Link, seed));
    let body = body.replace(LINK_TOKEN_FIELD, &link);
    let secret = format!(r#""secret":"{}""#, keys.webhook_secret(seed));
    let body = body.replace(WEBHOOK_SECRET_FIELD, &secret);
    let mut parts = body.split(LINE_TOKEN_FIELD);
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (line, rest) = part.split_once(">\"").unwrap_or_default();
        filled.push_str(&field(&Keys::line_seed(seed, line.parse().unwrap_or_default())));
        filled.push_str(rest);
    }
    filled
}

/// The form of an answer under an idempotency key. Pinned: it is stored for a day.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    status: u16,
    body: String,
    version: Option<u64>,
    location: Option<String>,
}

records! {
    Kept { status, body, version, location, }
}

/// An answer of a command, before it is kept or sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Value,
    /// The organization's version, for whoever may know it.
    pub version: Option<u64>,
    /// Where what was made can be found.
    pub location: Option<String>,
}

impl Presented {
    /// The form to keep.
    pub fn keep(&self) -> String {
        let (body, location) = (self.body.to_string(), self.location.clone());
        let kept = Kept { status: self.status, body, version: self.version, location };
        serde_json::to_string(&kept).unwrap_or_default()
    }
}

impl Answer {
    /// JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Answer {
            status,
            body: body.to_string(),
            media_type: "application/json",
            headers: Vec::new(),
            trial: false,
            public_for: None,
        }
    }

    /// A problem document.
    pub fn problem(status: u16, document: &Value) -> Self {
        Answer { media_type: "application/problem+json", ..Answer::json(status, document) }
    }

    /// Lines of JSON.
    pub fn lines(values: &[Value]) -> Self {
        let body = values.iter().map(|value| format!("{value}\n")).collect();
        Answer { status: 200, body, media_type: LINES, headers: Vec::new(), trial: false, public_for: None }
    }

    /// JSON that is text already.
    pub fn text(body: String) -> Self {
        Answer { body, ..Answer::empty(200) }
    }

    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Answer {
            status,
            body: String::new(),
            media_type: "application/json",
            headers: Vec::new(),
            trial: false,
            public_for: None,
        }
    }

    /// Reads a kept answer, the token put back from its seed; `None` if it was not kept by us.
    pub fn from_kept(kept: &str, seed: Option<&str>, keys: &Keys) -> Option<Self> {
        let kept: Kept = read(kept)?;
        let body = match seed {
            Some(seed) => with_tokens(&kept.body, seed, keys),
            None => kept.body,
        };
        let answer = Answer {
            status: kept.status,
            body,
            media_type: "application/json",
            headers: Vec::new(),
            trial: false,
            public_for: None,
        };
        let answer = kept.version.into_iter().fold(answer, Answer::at_version);
        Some(kept.location.into_iter().fold(answer, |answer, location| answer.with("location", location)))
    }

    /// What would happen.
    pub fn trial(body: &Value) -> Self {
        Answer { trial: true, ..Answer::json(200, body) }
    }

    /// The same answer, which is the same for everybody, to be kept for so many seconds.
    #[must_use]
    pub fn public_for(self, seconds: u32) -> Self {
        Answer { public_for: Some(seconds), ..self }
    }

    /// A key set (RFC 7517).
    pub fn key_set(body: &Value) -> Self {
        Answer { media_type: "application/jwk-set+json", ..Answer::json(200, body) }
    }

    /// Whether pages of any origin may read it.
    fn is_shared(&self) -> bool {
        self.headers.iter().any(|(name, _)| *name == "access-control-allow-origin")
    }

    /// Whether it says what would happen.
    pub fn is_trial(&self) -> bool {
        self.trial
    }

    /// The same answer with a header more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same answer with the organization's version as `ETag`.
    #[must_use]
    pub fn at_version(self, version: u64) -> Self {
        self.with("etag", format!("\"v{version}\""))
    }

    /// [`Answer::at_version`] when the version alone says what is shown, else [`Answer::at_version_as_shown`].
    #[must_use]
    pub fn at_version_with(self, version: u64, timeless: bool) -> Self {
        if timeless { self.at_version(version) } else { self.at_version_as_shown(version) }
    }

    /// The same answer at a version, when it also shows what no version counts: whose time is over, what was sent. Its
    /// tag is another one as soon as that is. `If-Match` takes it for the version.
    #[must_use]
    pub fn at_version_as_shown(self, version: u64) -> Self {
        let digest = self.digest();
        self.at_version_digest(version, &digest)
    }

    /// The digest of the body.
    pub fn digest(&self) -> String {
        fingerprint(&[self.body.as_bytes()])
    }

    /// The same by the digest of what is shown, where the body says besides when it was asked for.
    #[must_use]
    pub fn at_version_digest(self, version: u64, digest: &str) -> Self {
        let tag = format!("\"v{version}-{}\"", digest.get(..16).unwrap_or_default());
        self.with("etag", tag)
    }

    /// The same answer, or that nothing has changed, for a reader who has it already.
    #[must_use]
    pub fn unless_known(self, request: &Request) -> Self {
        let tag = self.headers.iter().find(|(name, _)| *name == "etag").map(|(_, tag)| tag);
        let reads = matches!(request.method().as_str(), "GET" | "HEAD") && self.status == 200;
        let known = reads && tag.is_some_and(|tag| tags::is_known(request.headers(), tag));
        if known { Answer { status: 304, body: String::new(), ..self } } else { self }
    }

    /// Who may keep it, and for whom it holds. What every page may read is the same for all of them.
    fn caching(&self, asked: &Asked) -> Vec<(&'static str, String)> {
        let control = match self.public_for {
            Some(seconds) => format!("public, max-age={seconds}"),
            None => "no-store".to_owned(),
        };
        let caller = self.public_for.is_none().then_some(VARY);
        let page = asked.cross_origin.varies_with().filter(|_| !self.is_shared());
        let varies: Vec<&str> = caller.into_iter().chain(page).collect();
        let vary = (!varies.is_empty()).then(|| ("vary", varies.join(", ")));
        [("cache-control", control)].into_iter().chain(vary).collect()
    }

    /// The response, with the headers that all have. A value that is no header value is left out.
    pub fn respond(self, request_id: &str, asked: &Asked) -> Response {
        let media_type = (!self.body.is_empty()).then(|| ("content-type", self.media_type.to_owned()));
        let kind = if self.media_type == LINES { Kind::Download } else { Kind::Document };
        let (shared, caching) = (self.is_shared(), self.caching(asked));
        let secure = kind.headers(asked.secure, shared);
        let cross_origin = if shared { Vec::new() } else { asked.cross_origin.headers() };
        let mut response = Response::new(if asked.head { Vec::new() } else { self.body.into_bytes() });
        *response.status_mut() = http::StatusCode::from_u16(self.status).unwrap_or_default();
        let id = [("x-request-id", request_id.to_owned())];
        let own = media_type.into_iter().chain(caching).chain(id).chain(secure).chain(cross_origin);
        for (name, value) in own.chain(self.headers) {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().append(HeaderName::from_static(name), value);
            }
        }
        response
    }
}
