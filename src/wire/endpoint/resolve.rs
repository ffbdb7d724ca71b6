//! The organization of a request.

use crate::app::ports::{Cache, Entropy, Failure, Store};
use crate::app::read::require_version;
use crate::domain::denial::{Denial, Reason};
use crate::domain::resolve::{Resolution, explain};
use crate::wire::answer::Answer;
use crate::wire::call::Call;
use crate::wire::{present, problem};
use serde_json::Value;

/// `GET /v1/resolve`: the organization of this request; with `explain=true` also why.
pub async fn read<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let wanted = call.query(&["explain"])?.word("explain", &["true", "false"])? == Some("true");
    let caller = call.caller.as_ref().map(|caller| &caller.principal);
    let seen = call.app.seen(caller, &call.hints, call.freshness).await?;
    let (resolution, findings) = explain(&call.hints, &seen);
    let explanation = wanted.then(|| present::findings(&findings));
    let shown = explained(present::resolution(&resolution), explanation.clone());
    let answer = Answer::json(200, &shown);
    match resolution {
        Resolution::Unknown => Ok(unknown(call, explanation)),
        Resolution::Resolved(found, _) | Resolution::Redirect(found, _) => {
            require_version(found.version, call.freshness)?;
            Ok(answer.at_version(found.version).with("guildhall-organization", found.organization.to_string()))
        }
        Resolution::Public(found, _) => {
            require_version(found.version, call.freshness)?;
            Ok(answer.at_version(found.version).with("guildhall-organization", found.id.to_string()))
        }
        Resolution::Choose(_)
        | Resolution::Join(_)
        | Resolution::None
        | Resolution::Skipped
        | Resolution::Ambiguous => Ok(answer),
    }
}

/// Nobody has an organization; who names one must say who they are first.
fn unknown<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, explanation: Option<Value>) -> Answer {
    let reason = if call.caller.is_some() { Reason::NotFound } else { Reason::Unauthenticated };
    problem::denied_with(&Denial::from(reason), call.request_id, |document| explained(document, explanation))
}

fn explained(body: Value, explanation: Option<Value>) -> Value {
    explanation.into_iter().fold(body, |body, explanation| present::with(body, "explanation", explanation))
}
