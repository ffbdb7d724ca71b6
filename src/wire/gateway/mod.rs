//! Gateway: requests for what is not Guildhall's own, on their way to the application behind it.
//!
//! Owns the decision whether one goes there and with which headers, and what of the answer comes back. Never
//! opens a socket and never sees a body: the edge sends the head that it is given and passes bodies through.
//! Who is let through is `app::gateway`'s rule.

mod back;
mod head;
mod path;

pub use back::OriginFault;
pub use path::{Whose, whose};

use super::call::Call;
use super::rate_limit::Counted;
use super::route::Path;
use super::security::Asked;
use super::{Handled, Request, answer::Answer, operator_scope, origin, problem};
use crate::app::authentication::Authenticated;
use crate::app::config::Config;
use crate::app::execute::App;
use crate::app::gateway::Admitted;
use crate::app::ports::{Cache, Entropy, Failure, Provenance, Store};
use crate::app::upstream;
use crate::domain::denial::{Denial, Reason};
use crate::domain::slug::Slug;
use http::{HeaderMap, Method, Uri};

/// What became of a request.
#[derive(Debug)]
pub enum Gated {
    /// It is answered here, and the origin never hears of it.
    Answered(Handled),
    /// It goes to the origin.
    Forwarded(Box<Forward>),
}

impl Gated {
    /// The same of a request that counts against a limit: its answer tells so, whoever gives it.
    #[must_use]
    pub fn counted_as(mut self, counted: Option<Counted>) -> Self {
        match &mut self {
            Gated::Answered(handled) => counted.iter().for_each(|it| it.mark(handled.response.headers_mut())),
            Gated::Forwarded(forward) => forward.counted = counted,
        }
        self
    }
}

/// The head of a request to the origin. Its body is the incoming one's, as it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// The method, as it came.
    pub method: Method,
    /// The origin's scheme and authority, with path and query as they came.
    pub url: String,
    /// All headers.
    pub headers: HeaderMap,
    /// Whether the incoming body goes along, if there is one.
    pub has_body: bool,
    /// For how many seconds an answer is waited for.
    pub timeout: u32,
    request_id: String,
    /// What an answer of our own must know of the request.
    asked: Asked,
    /// The id of the organization; `None` where nothing was resolved.
    organization: Option<String>,
    /// Whether the answer depends on who asks.
    resolved: bool,
    counted: Option<Counted>,
}

/// How much of a body is read before a signed request is passed on: the signature covers all of it.
const SIGNED_BODY: usize = 1024 * 1024;

/// Whether it matters who makes a request. Paths that have no organization, and preflights of pages whose application
/// answers them itself, are passed on as they are, whatever credential they carry.
pub fn needs_caller(config: &Config, request: &Request) -> bool {
    let is_preflight = Asked::of(&config.allowed_origins, request).cross_origin.is_allowed_preflight();
    !is_preflight && !config.resolution.skip_paths.contains(request.uri().path())
}

/// How many bytes of a request's body must be read before it is authenticated, one of them too many; `None` where the
/// body goes by unread.
pub fn body_needed(config: &Config, request: &Request) -> Option<usize> {
    let is_signed = request.headers().contains_key(upstream::HEADER);
    (is_signed && needs_caller(config, request)).then_some(SIGNED_BODY)
}

/// What can be passed on. Rule: a method that echoes headers or opens tunnels would show what is trusted.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Decides about a request whose path is the origin's, of the caller that authentication found: none where
/// [`needs_caller`] says so.
pub async fn gate<S: Store, C: Cache, E: Entropy>(
    app: &App<'_, S, C, E>,
    request: &Request,
    authenticated: Authenticated,
) -> Gated {
    let request_id = super::request_id(request, app.entropy);
    let asked = Asked::of(&app.config.allowed_origins, request);
    let (answer, fault) = match decide(app, (request, &request_id), (authenticated, &asked)).await {
        Ok(Ruling::Forward(forward)) => return Gated::Forwarded(forward),
        Ok(Ruling::Answer(answer)) => (answer, None),
        Err(failure) => problem::failed(&failure, &request_id),
    };
    let response = answer.respond(&request_id, &asked);
    Gated::Answered(Handled { response, fault, messages_waiting: false })
}

enum Ruling {
    Forward(Box<Forward>),
    Answer(Answer),
}

async fn decide<S: Store, C: Cache, E: Entropy>(
    app: &App<'_, S, C, E>,
    (request, request_id): (&Request, &str),
    (authenticated, asked): (Authenticated, &Asked),
) -> Result<Ruling, Failure> {
    path::require_plain(request.uri().path())?;
    if !METHODS.contains(&request.method().as_str()) {
        return Ok(Ruling::Answer(super::not_allowed(&METHODS, request_id)));
    }
    let passed = |admitted: Option<&Admitted>| forward(app.config, (request, request_id), (asked, admitted));
    if asked.cross_origin.is_allowed_preflight() {
        origin::require_dev_host(app.config, request)?;
        return Ok(Ruling::Forward(Box::new(passed(None).into_preflight(request.headers()))));
    }
    if app.config.resolution.skip_paths.contains(request.uri().path()) {
        origin::require_dev_host(app.config, request)?;
        return Ok(Ruling::Forward(Box::new(passed(None))));
    }
    super::require_whole(request, SIGNED_BODY)?;
    let (operator, nonce) = super::came_with(&authenticated);
    let call = Call::open_passing(app, (request, request_id), authenticated)?;
    operator.iter().try_for_each(operator_scope::require_user)?;
    let caller = call.caller.as_ref().map(|caller| &caller.principal);
    let admitted = app.admit(caller, &call.hints, call.freshness).await?;
    if !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        App { provenance: Provenance { operator: None, nonce: nonce.as_ref() }, ..*app }.spent().await?;
    }
    Ok(match present_address(request, admitted.moved.as_ref()) {
        Some(address) => Ruling::Answer(Answer::empty(308).with("location", address)),
        None => Ruling::Forward(Box::new(passed(Some(&admitted)))),
    })
}

fn forward(
    config: &Config,
    (request, request_id): (&Request, &str),
    (asked, admitted): (&Asked, Option<&Admitted>),
) -> Forward {
    let mut headers = head::passed_on(request.headers());
    head::describe(&mut headers, request.uri(), request_id);
    if let Some(admitted) = admitted {
        head::vouch(&mut headers, &admitted.standing, &config.policy.catalog);
    }
    let base = config.gateway.origin.as_deref().unwrap_or(&config.public_origin);
    let named = headers.get(super::hints::ORGANIZATION_HEADER).and_then(|id| id.to_str().ok());
    Forward {
        method: request.method().clone(),
        url: [base, target(request.uri())].concat(),
        timeout: config.gateway.timeout,
        request_id: request_id.to_owned(),
        asked: asked.clone(),
        has_body: !matches!(*request.method(), Method::GET | Method::HEAD),
        organization: named.map(str::to_owned),
        resolved: admitted.is_some(),
        counted: None,
        headers,
    }
}

/// Always begins with a slash, so that nothing of it can belong to the authority before it.
fn target(uri: &Uri) -> &str {
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    if target.starts_with('/') { target } else { "/" }
}

/// Where a page with a former slug in its path is now. What is written is not sent twice, so only reads are
/// sent on.
fn present_address(request: &Request, moved: Option<&Slug>) -> Option<String> {
    let slug = moved.filter(|_| matches!(*request.method(), Method::GET | Method::HEAD))?;
    let uri = request.uri();
    Path::parse(uri.path()).prefix?;
    let below = uri.path().splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).unwrap_or_default();
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("/o/{}{below}{query}", slug.as_str()))
}

impl Forward {
    /// The same as a preflight. Rule: the application says which pages may read what it answers, because the answers
    /// are its own. Its rule is asked with the preflight's three headers: no caller, no cookie and no body goes along.
    fn into_preflight(self, sent: &HeaderMap) -> Self {
        let headers = head::of_preflight(sent, &self.headers);
        Forward { headers, has_body: false, ..self }
    }

    /// What to answer when the origin has not.
    pub fn failed(&self, fault: OriginFault) -> Handled {
        let reason = match fault {
            OriginFault::Unreachable => Reason::OriginUnavailable,
            OriginFault::TimedOut => Reason::OriginTimeout,
        };
        let answer = problem::denied(&Denial::from(reason), &self.request_id);
        let mut response = answer.respond(&self.request_id, &self.asked);
        self.counted.iter().for_each(|counted| counted.mark(response.headers_mut()));
        Handled { response, fault: Some(reason.title().to_owned()), messages_waiting: false }
    }

    /// The headers to answer with, of those with which the origin did.
    pub fn answered(&self, headers: &HeaderMap) -> HeaderMap {
        let organization = self.organization.as_deref();
        let mut headers = back::passed_back(headers, &self.request_id, (organization, self.resolved));
        self.counted.iter().for_each(|counted| counted.mark(&mut headers));
        headers
    }
}
