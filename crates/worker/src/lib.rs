//! The Guildhall Worker: executes, never decides.
//!
//! Owns the only clock and the way in and out of the platform: bindings, D1, KV, randomness, the
//! messenger, requests and responses. Every decision is the `guildhall` crate's. Exports nothing but
//! the two events, because every further export would be a public method of the Worker.

mod authenticator;
mod bindings;
mod challenge;
mod d1;
mod deadline;
mod doh;
mod entropy;
mod exchange;
mod hints;
mod host_names;
mod messenger;
mod origin;
mod pages;
mod rate_limits;
mod settled;
mod signatures;
mod webhooks;

use bindings::Installation;
use deadline::within;
use entropy::SystemEntropy;
use guildhall::app::ports::Authenticator as _;
use guildhall::domain::time::Timestamp;
use guildhall::wire::gateway::{Gated, Whose, body_needed, gate, needs_caller, whose};
use guildhall::wire::rate_limit::{counted, counted_at_gateway};
use guildhall::wire::{self, FailedCheck, Handled};
use origin::Origin;
use std::time::Duration;
use webhooks::Outside;
use worker::{Context, Date, Env, Request, Response, Result, ScheduleContext, ScheduledEvent, console_error, event};

/// How long `/readyz` waits for the database before it answers that the database is silent.
const PROBE_PATIENCE: Duration = Duration::from_secs(5);

/// Answers a request. Never `Err`: that would be a bare 500.
#[event(fetch)]
async fn fetch(mut request: Request, env: Env, context: Context) -> Result<Response> {
    host_names::install();
    let head = exchange::head(&request);
    Ok(match Installation::read(&env) {
        Ok(installation) => answer(installation, request, (head, &context)).await,
        Err(unready) => {
            exchange::drop_body(&mut request).await;
            told(wire::handle_misconfigured((&head, &SystemEntropy), &unready.checks, &unready.allowed_origins))
        }
    })
}

/// How many rounds of webhooks one tick sends: each is twenty requests at most.
const ROUNDS_PER_TICK: usize = 4;

/// One tick of the clock.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    host_names::install();
    match Installation::read(&env) {
        Ok(installation) => tick(&installation).await,
        Err(unready) => unready.checks.iter().for_each(|check| console_error!("no tick: {}", check.fault)),
    }
}

async fn answer(installation: Installation, request: Request, (head, context): (wire::Request, &Context)) -> Response {
    match (whose(head.uri().path(), installation.origin.is_some()), &installation.origin, &installation.assets) {
        (Whose::Origin, Some(origin), _) => pass_on(&installation, origin, (request, &head)).await,
        (Whose::Pages, _, Some(assets)) => match pages::page(assets, &head).await {
            Some(page) => page,
            None => told(handle(installation, request, (head, context)).await),
        },
        _ => told(handle(installation, request, (head, context)).await),
    }
}

/// What is the application's, if it may be asked.
async fn pass_on(
    installation: &Installation,
    origin: &Origin,
    (mut request, head): (Request, &wire::Request),
) -> Response {
    let mut head = head.clone();
    let config = &installation.config;
    let needed = body_needed(config, &head);
    if let Some(limit) = needed {
        match exchange::body(&mut request, limit).await {
            Ok(body) => *head.body_mut() = body,
            Err(error) => return told(broke_off(installation, &head, &error)),
        }
    }
    let authenticated = if needs_caller(config, &head) { installation.authenticate(&head).await } else { Ok(None) };
    let counted = counted_at_gateway(config, &head, &authenticated);
    let app = installation.app(now());
    let gated = match installation.limiters.exceeded(counted.as_ref()).await {
        Some(counted) => Gated::Answered(counted.refused(&app, &head)),
        None => gate(&app, &head, authenticated).await.counted_as(counted),
    };
    match gated {
        Gated::Answered(handled) => {
            exchange::drop_body(&mut request).await;
            told(handled)
        }
        Gated::Forwarded(forward) => {
            let read = needed.map(|_| head.body().as_slice());
            origin.answer(&forward, (&request, read)).await.unwrap_or_else(told)
        }
    }
}

/// What is Guildhall's own.
async fn handle(
    installation: Installation,
    mut request: Request,
    (mut whole, context): (wire::Request, &Context),
) -> Handled {
    match exchange::body(&mut request, wire::body_limit(whole.uri().path())).await {
        Ok(body) => *whole.body_mut() = body,
        Err(error) => return broke_off(&installation, &whole, &error),
    }
    if wire::is_probe(&whole) {
        let (app, warnings) = (installation.app(now()), installation.warnings(now()));
        let answer =
            within(PROBE_PATIENCE, async |_| wire::handle_knowing(&app, &whole, Ok(None), &warnings).await).await;
        let checks = [FailedCheck::database_too_slow()];
        return answer.map_or_else(
            || wire::handle_misconfigured((&whole, app.entropy), &checks, &app.config.allowed_origins),
            |(handled, _)| handled,
        );
    }
    let authenticated = if wire::is_for_anyone(&whole) { Ok(None) } else { installation.authenticate(&whole).await };
    let counted = counted(&installation.config, &whole, &authenticated);
    if let Some(counted) = installation.limiters.exceeded(counted.as_ref()).await {
        return counted.refused(&installation.app(now()), &whole);
    }
    let mut handled = wire::handle(&installation.app(now()), &whole, authenticated).await;
    counted.iter().for_each(|counted| counted.mark(handled.response.headers_mut()));
    if handled.messages_waiting && installation.sends() {
        context.wait_until(async move { deliver(&installation).await });
    }
    handled
}

/// The client went away while it sent the body.
fn broke_off(installation: &Installation, head: &wire::Request, error: &worker::Error) -> Handled {
    wire::handle_failed((head, &SystemEntropy), &format!("the body broke off: {error}"), installation.allowed_origins())
}

async fn tick(installation: &Installation) {
    let app = installation.app(now());
    for failure in app.tick(installation.messenger.as_ref()).await {
        console_error!("the tick failed in part: {failure}");
    }
    send_webhooks(installation, ROUNDS_PER_TICK).await;
}

/// After the answer: whoever waits for a mail or a webhook need not wait for the next tick.
async fn deliver(installation: &Installation) {
    if let Some(messenger) = &installation.messenger
        && let Err(error) = installation.app(now()).deliver_due(messenger).await
    {
        console_error!("messages wait in the outbox: {error}");
    }
    send_webhooks(installation, 1).await;
}

/// Round after round while there is more, each at an instant of its own: claims last from then.
async fn send_webhooks(installation: &Installation, rounds: usize) {
    for _ in 0..rounds {
        if !installation.sends_webhooks() {
            return;
        }
        match wire::deliver_webhooks(&installation.app(now()), &Outside).await {
            Ok(round) => {
                round.failures.iter().for_each(|failure| console_error!("webhooks failed in part: {failure}"));
                if !round.full {
                    return;
                }
            }
            Err(error) => return console_error!("webhooks wait in the outbox: {error}"),
        }
    }
}

/// The only clock.
fn now() -> Timestamp {
    Timestamp::from_millis(i64::try_from(Date::now().as_millis()).unwrap_or(i64::MAX))
}

/// Logs what the operator should know, and answers.
fn told(handled: Handled) -> Response {
    if let Some(fault) = &handled.fault {
        let id = handled.response.headers().get("x-request-id").and_then(|id| id.to_str().ok());
        console_error!("request {}: {fault}", id.unwrap_or("without id"));
    }
    exchange::respond(handled.response)
}
