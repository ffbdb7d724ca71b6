//! Ownership: handing over, nominating and answering; erasing a user.

use crate::app::ports::{Cache, Entropy, Failure, Store};
use crate::domain::command::{
    AcceptOwnership, Action, DeclineOwnership, NominateOwner, TransferOwnership, WithdrawNomination,
};
use crate::domain::denial::{Denial, Reason};
use crate::domain::email::Email;
use crate::domain::id::UserId;
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::{Call, Wanted};
use crate::wire::present;
use serde_json::json;

/// How long a nomination may be open, in seconds: a minute to ninety days.
const LIFETIMES: std::ops::RangeInclusive<i64> = 60..=90 * 24 * 60 * 60;

/// How long it is open when nothing is said: seven days.
const LIFETIME: i64 = 7 * 24 * 60 * 60;

/// The most addresses that are known besides those of memberships.
const MOST_EMAILS: usize = 10;

/// `POST /v1/organizations/{org}/transfer`: at once, or when the nominee has accepted.
pub fn transfer<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    let mut fields = call.body()?;
    let to = fields.text("userId", UserId::parse)?;
    let asks = fields.maybe_bool("requireAcceptance")?.unwrap_or(false);
    let seconds = fields.maybe_number("expiresIn", LIFETIMES)?;
    fields.end()?;
    if seconds.is_some() && !asks {
        let rule = "only what needs acceptance can expire";
        return Err(Denial::about(Reason::InvalidValue, "expiresIn", rule).into());
    }
    let expires_at = call.app.now.plus_seconds(seconds.unwrap_or(LIFETIME));
    let action: Action = if asks { NominateOwner { to, expires_at }.into() } else { TransferOwnership { to }.into() };
    Ok(action.into())
}

/// `POST /v1/organizations/{org}/transfer/accept`
pub fn accept<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    plain(call, AcceptOwnership {}.into())
}

/// `POST /v1/organizations/{org}/transfer/decline`
pub fn decline<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    plain(call, DeclineOwnership {}.into())
}

/// `DELETE /v1/organizations/{org}/transfer`
pub fn withdraw<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    plain(call, WithdrawNomination {}.into())
}

/// A command whose body says nothing.
pub fn plain<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, action: Action) -> Result<Wanted, Failure> {
    call.bare()?;
    Ok(action.into())
}

/// `DELETE /v1/users/{user}`: erases a user. Repeat until it is `complete`.
pub async fn erase<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, user: &str) -> Result<Answer, Failure> {
    let actor = call.principal()?;
    call.query(&[])?;
    let user = UserId::parse(user).map_err(|_| Reason::NotFound)?;
    let mut fields = Fields::optional_of(call.request)?;
    let emails = fields.maybe_list("emails", MOST_EMAILS, Email::parse)?.unwrap_or_default();
    fields.end()?;
    let erased = call.app.erase_user(actor, &user, &emails).await?;
    let body = json!({
        "userId": user,
        "erased": true,
        "complete": erased.complete,
        "organizations": erased.organizations,
        "membershipsRemoved": erased.memberships,
        "invitationsWithdrawn": erased.invitations,
        "joinRequestsClosed": erased.join_requests,
    });
    if call.app.dry_run {
        // It goes through many organizations: there is no one version and no one list of events.
        return Ok(Answer::trial(&present::erasure(&erased.broken, body)));
    }
    Ok(Answer::json(200, &body))
}
