//! The organization of a request.

use crate::app::ports::{Cache, Entropy, Failure, Store};
use crate::app::read::{Freshness, require_version};
use crate::domain::denial::{Denial, Reason};
use crate::domain::id::OrganizationId;
use crate::domain::next_path::NextPath;
use crate::domain::resolve::{Affiliation, Finding, Resolution, Source, Verdict, explain};
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::Call;
use crate::wire::{present, problem};
use serde_json::{Value, json};

/// `GET /v1/resolve`: the organization of this request; with `explain=true` also why. Changes nothing:
/// somebody who could be taken into an organization only hears of it.
pub async fn read<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let wanted = wants_explanation(call)?;
    let caller = call.caller.as_ref().map(|caller| &caller.principal);
    let seen = call.app.seen(caller, &call.hints, call.freshness).await?;
    let (resolution, findings) = explain(&call.hints, &seen);
    let mut shown = explained(present::resolution(&resolution, call.catalog()), wanted, &findings);
    if let (Resolution::Join(organization), Some(caller)) = (&resolution, caller) {
        let refused = call.app.would_join(caller, organization.id).await?;
        shown = present::offer(shown, refused.as_ref());
    }
    answer(call, &resolution, shown)
}

/// `POST /v1/resolve`: the same, and somebody who is in no organization is taken into the one that the
/// operator named for them. Repeatable by nature, so it takes no idempotency key.
pub async fn settle<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let caller = call.principal()?;
    let wanted = wants_explanation(call)?;
    call.require_real()?;
    let mut fields = Fields::optional_of(call.request)?;
    let next = fields.maybe_text("next", NextPath::parse)?;
    fields.end()?;
    let fresh = Freshness { cached: false, ..call.freshness };
    let seen = call.app.seen(Some(caller), &call.hints, fresh).await?;
    let (resolution, mut findings) = explain(&call.hints, &seen);
    let Resolution::Join(organization) = resolution else {
        let shown = explained(present::resolution(&resolution, call.catalog()), wanted, &findings);
        return answer(call, &resolution, present::with(shown, "next", json!(next)));
    };
    match join(call, organization.id).await? {
        Ok(joined) => {
            won(&mut findings);
            let resolution = Resolution::Resolved(&joined, Source::AutoJoin);
            let shown = explained(present::resolution(&resolution, call.catalog()), wanted, &findings);
            answer(call, &resolution, present::with(shown, "next", json!(next)))
        }
        Err(denial) => {
            let shown = explained(present::resolution(&resolution, call.catalog()), wanted, &findings);
            let shown = present::offer(shown, Some(&denial));
            Ok(Answer::json(200, &present::with(shown, "next", json!(next))))
        }
    }
}

/// Rule: who is not taken in has no organization, as before; that is an answer and not an error.
async fn join<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    organization: OrganizationId,
) -> Result<Result<Affiliation, Denial>, Failure> {
    let caller = call.principal()?;
    let executed = match call.app.join_automatically(caller, organization).await {
        Err(Failure::Denied(denial)) if denial.reason != Reason::SignatureReplayed => return Ok(Err(denial)),
        executed => executed?,
    };
    let joined = executed.facts.organization.as_ref().zip(executed.facts.members.get(&caller.user_id));
    Ok(joined
        .map(|(organization, member)| Affiliation::of(organization, member, &executed.facts.roles))
        .ok_or_else(|| Reason::NotFound.into()))
}

fn won(findings: &mut [Finding]) {
    let offered = findings.iter_mut().filter(|finding| finding.source == Source::AutoJoin);
    offered.for_each(|finding| finding.verdict = Verdict::Won);
}

fn wants_explanation<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<bool, Denial> {
    Ok(call.query(&["explain"])?.word("explain", &["true", "false"])? == Some("true"))
}

fn explained(body: Value, wanted: bool, findings: &[Finding]) -> Value {
    if wanted { present::with(body, "explanation", present::findings(findings)) } else { body }
}

/// Rule: who may do nothing in the organization that was found is refused as by every read of it; asked to explain,
/// the refusal says why, too.
fn answer<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    resolution: &Resolution<'_>,
    shown: Value,
) -> Result<Answer, Failure> {
    let (organization, version) = match resolution {
        Resolution::Resolved(found, _) | Resolution::Redirect(found, _) | Resolution::Suspended(found, _) => {
            if let Err(denial) = found.require_in_force() {
                return Ok(refused(call, &denial, &shown));
            }
            (found.organization, found.version)
        }
        Resolution::Public(found, _) => (found.id, found.version),
        Resolution::Unknown => return Ok(refused(call, &unknown(call), &shown)),
        Resolution::Choose(_)
        | Resolution::Join(_)
        | Resolution::None
        | Resolution::Skipped
        | Resolution::Ambiguous => return Ok(Answer::json(200, &shown)),
    };
    require_version(version, call.freshness)?;
    // An explanation speaks of other organizations, whose versions are others.
    let timeless = shown.get("explanation").is_none() || call.request.method() == http::Method::POST;
    let answer = Answer::json(200, &shown).at_version_with(version, timeless);
    Ok(answer.with("guildhall-organization", organization.to_string()))
}

/// Rule: an anonymous caller who names an organization must sign in first.
fn unknown<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Denial {
    if call.caller.is_some() { Reason::NotFound.into() } else { Reason::Unauthenticated.into() }
}

/// The refusal with the explanation, if one was asked for.
fn refused<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, denial: &Denial, shown: &Value) -> Answer {
    problem::denied_with(denial, call.request_id, |document| {
        let explanation = shown.get("explanation").cloned();
        explanation.into_iter().fold(document, |document, value| present::with(document, "explanation", value))
    })
}
