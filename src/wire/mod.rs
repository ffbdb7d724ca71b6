//! Layer 3: HTTP as values.
//!
//! Owns routes, hints, bodies, problem documents and presentation. Never opens a socket: a request
//! is a value that comes in, a response one that goes out, in the Worker, in Node and in a browser.

mod answer;
mod body;
mod call;
mod cookie;
mod cross_origin;
mod endpoint;
pub mod gateway;
pub mod hints;
pub mod openapi;
mod operator;
mod operator_scope;
mod origin;
mod position;
pub mod present;
mod problem;
mod query;
pub mod rate_limit;
mod readiness;
pub mod route;
mod security;
mod tags;
mod template;
mod webhooks;

use crate::app::authentication::{Authenticated, Warning, unchecked};
use crate::app::execute::App;
use crate::app::ports::{Cache, Entropy, Failure, Provenance, Store, Upkeep, UpstreamNonce};
use crate::app::trial::not_tried;
use crate::app::upstream;
use crate::domain::denial::{Denial, Reason};
use crate::domain::encoding::hex;
use crate::domain::operator::OperatorGrant;
pub use readiness::{FailedCheck, handle_failed, handle_misconfigured, is_probe};
pub use webhooks::deliver_webhooks;

use answer::Answer;
use call::Call;
use route::{Part, Path, Resource};
use security::Asked;
use serde_json::json;

/// A request as a value. The edge hands over at most [`body_limit`] + 1 bytes of body.
pub type Request = crate::app::authentication::Request;
/// A response as a value.
pub type Response = http::Response<Vec<u8>>;

/// A handled request.
#[derive(Debug)]
pub struct Handled {
    /// What to answer.
    pub response: Response,
    /// What to write to the operator's log: our fault, never shown to a client.
    pub fault: Option<String>,
    /// Whether messages may be waiting in the outbox now.
    pub messages_waiting: bool,
}

/// How many bytes of body a path takes. Whatever keeps to the limits of its fields fits, with every character beyond
/// ASCII written as an escape of six bytes for each UTF-16 unit: of a hundred invitations each has 41 kB, of which a
/// message of 1,000 characters can take 12,000, 100 roles 6,600, an address 1,600 and 20 teams 800.
pub fn body_limit(path: &str) -> usize {
    match Path::parse(path).resource {
        Some(Resource::ImportDjango) => 8 * 1024 * 1024,
        Some(Resource::Within(_, Part::BulkInvitations)) => 4 * 1024 * 1024,
        _ => 64 * 1024,
    }
}

/// Whether an answer does not depend on the caller: such a request need not be authenticated.
pub fn is_for_anyone(request: &Request) -> bool {
    let resource = Path::parse(request.uri().path()).resource;
    *request.method() == http::Method::OPTIONS
        || matches!(resource, None | Some(Resource::Health | Resource::Ready | Resource::Jwks | Resource::Description))
}

/// Answers a request of the caller that authentication found.
pub async fn handle<S: Store + Upkeep, C: Cache, E: Entropy>(
    app: &App<'_, S, C, E>,
    request: &Request,
    authenticated: Authenticated,
) -> Handled {
    handle_knowing(app, request, authenticated, &unchecked(&app.config.auth)).await
}

/// The same of an installation that knows what to warn of, should it be asked whether it can work.
pub async fn handle_knowing<S: Store + Upkeep, C: Cache, E: Entropy>(
    app: &App<'_, S, C, E>,
    request: &Request,
    authenticated: Authenticated,
    warnings: &[Warning],
) -> Handled {
    let request_id = request_id(request, app.entropy);
    let asked = Asked::of(&app.config.allowed_origins, request);
    let routed = match asked.cross_origin.preflight(request) {
        Some(answer) => Ok(Routed::Answered(answer)),
        None => route(app, (request, &request_id), authenticated).await,
    };
    let (answer, fault) = match routed {
        Ok(Routed::Answered(answer)) => (answer, None),
        Ok(Routed::Probed) => readiness::probe(app.store, warnings).await,
        Err(failure) => problem::failed(&failure, &request_id),
    };
    let written = !matches!(request.method().as_str(), "GET" | "HEAD" | "OPTIONS");
    let response = answer.unless_known(request).respond(&request_id, &asked);
    Handled { messages_waiting: written && response.status().is_success(), response, fault }
}

/// What a request came to.
enum Routed {
    /// An answer.
    Answered(Answer),
    /// A question whether the installation can work.
    Probed,
}

async fn route<S, C, E>(
    app: &App<'_, S, C, E>,
    (request, request_id): (&Request, &str),
    authenticated: Authenticated,
) -> Result<Routed, Failure>
where
    S: Store + Upkeep,
    C: Cache,
    E: Entropy,
{
    let resource = Path::parse(request.uri().path()).resource.ok_or(Reason::NotFound)?;
    let is_dev = matches!(resource, Resource::DevSession | Resource::DevOutbox | Resource::DevDns);
    if is_dev && !app.config.auth.has_dev() {
        return Err(Reason::NotFound.into());
    }
    let methods = resource.methods();
    let method = match request.method().as_str() {
        "HEAD" => "GET",
        "OPTIONS" => return Ok(Routed::Answered(Answer::empty(204).with("allow", allow(methods)))),
        method => method,
    };
    if !methods.contains(&method) {
        return Ok(Routed::Answered(not_allowed(methods, request_id)));
    }
    Ok(Routed::Answered(match resource {
        Resource::Health => healthy(),
        Resource::Ready => return Ok(Routed::Probed),
        Resource::Jwks => endpoint::jwks(app.config),
        Resource::Description => openapi::answer(),
        resource => {
            require_whole(request, body_limit(request.uri().path()))?;
            let (operator, nonce) = came_with(&authenticated);
            let provenance = Provenance { operator: operator.as_ref().map(|grant| &grant.name), nonce: nonce.as_ref() };
            let app = App { dry_run: query::dry_run(method, request.uri())?, provenance, ..*app };
            let call = Call::open(&app, (request, request_id), authenticated)?;
            operator.iter().try_for_each(|grant| operator_scope::require(grant, &resource, method))?;
            let answer = endpoint::answer(&call, &resource, method).await?;
            // Whoever asked for a trial and got something else has asked for what is no command.
            if app.dry_run && !answer.is_trial() {
                return Err(not_tried().into());
            }
            answer
        }
    }))
}

/// What the caller's credential brought along besides the principal.
fn came_with(authenticated: &Authenticated) -> (Option<OperatorGrant>, Option<UpstreamNonce>) {
    let caller = authenticated.as_ref().ok().and_then(Option::as_ref);
    caller.map(|caller| (caller.operator.clone(), caller.nonce.clone())).unwrap_or_default()
}

/// Refuses a signed request whose body was not read to its end: its signature covers all of it.
fn require_whole(request: &Request, limit: usize) -> Result<(), Denial> {
    let signed = request.headers().contains_key(upstream::HEADER);
    if signed && request.body().len() > limit { Err(Reason::BodyTooLarge.into()) } else { Ok(()) }
}

fn not_allowed(methods: &[&str], request_id: &str) -> Answer {
    let allow = allow(methods);
    let denial = Denial::because(Reason::MethodNotAllowed, format!("it answers to {allow}"));
    problem::denied(&denial, request_id).with("allow", allow)
}

/// The value of `Allow`: HEAD is answered where GET is, OPTIONS everywhere.
fn allow(methods: &[&str]) -> String {
    let head = methods.contains(&"GET").then_some("HEAD");
    let more = [head, Some("OPTIONS")].into_iter().flatten().filter(|method| !methods.contains(method));
    methods.iter().copied().chain(more).collect::<Vec<&str>>().join(", ")
}

fn healthy() -> Answer {
    Answer::json(200, &json!({ "status": "ok" }))
}

/// The caller's request id if it is a modest one, else a new one.
fn request_id<E: Entropy>(request: &Request, entropy: &E) -> String {
    sent_request_id(request).unwrap_or_else(|| {
        let mut bytes = [0; 16];
        // Without entropy the id is all zeros; the request itself will then fail where it matters.
        let _ = entropy.fill(&mut bytes);
        format!("req_{}", hex(&bytes))
    })
}

fn sent_request_id(request: &Request) -> Option<String> {
    let text = request.headers().get("x-request-id")?.to_str().ok()?;
    let modest =
        (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b));
    modest.then(|| text.to_owned())
}
