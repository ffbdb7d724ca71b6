//! The caller's wishes not to be invited, by verified address: to see them and to take them back.
//!
//! Making one is a part of declining an invitation.

use crate::app::ports::{Cache, Committed, Entropy, Failure, Store, SuppressionFilter};
use crate::domain::denial::Reason;
use crate::domain::id::OrganizationId;
use crate::domain::suppression::{Suppression, SuppressionScope};
use crate::wire::answer::Answer;
use crate::wire::call::Call;
use crate::wire::present;
use crate::wire::query::Cursors;
use serde_json::json;

/// `GET /v1/me/suppressions`: without a verified address there are none.
pub async fn list<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let principal = call.principal()?;
    let query = call.query(&["limit", "cursor"])?;
    let cursors = Cursors::new(&call.app.config.keys, &["my suppressions", principal.user_id.as_str()]);
    // A list of one, because the wish about all organizations is named by null.
    let (after, limit) = (cursors.place(&query)?.map(|[about]: [_; 1]| about), query.limit()?);
    let rows = match principal.verified_email() {
        Some(email) => {
            let filter = SuppressionFilter { email: email.clone(), after, limit: limit.saturating_add(1) };
            call.app.store.suppressions(&filter).await?
        }
        None => Vec::new(),
    };
    let position = |row: &Suppression| json!([row.organization]);
    Ok(Answer::json(200, &cursors.page(rows, limit, position, present::suppression)))
}

/// `DELETE /v1/me/suppressions/{organization or everywhere}`: what is not there is forgotten already.
pub async fn forget<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, about: &str) -> Result<Answer, Failure> {
    let principal = call.principal()?;
    call.query(&[])?;
    call.require_real()?;
    let email = principal.verified_email().ok_or(Reason::EmailNotVerified)?;
    let organization = match about {
        all if all == SuppressionScope::Everywhere.as_str() => None,
        id => Some(OrganizationId::parse(id)?),
    };
    let nonce = call.app.provenance.nonce;
    if call.app.store.forget_suppression(email, organization, nonce).await? == Committed::Replayed {
        return Err(Reason::SignatureReplayed.into());
    }
    Ok(Answer::empty(204))
}
