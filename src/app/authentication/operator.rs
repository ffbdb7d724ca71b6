//! Operator keys, and the user in whose name one is used.

use super::credentials::ActAs;
use super::{Authenticated, Caller, invalid};
use crate::app::config::Config;
use crate::app::operator_keys::{acted, itself};
use crate::domain::denial::{Denial, Reason};
use crate::domain::operator::OperatorGrant;
use crate::domain::time::Timestamp;

/// The caller with an operator key: the key itself, or the user whom it acts for.
///
/// # Errors
/// `unauthenticated` for a key that does not count, `permission_denied` and `invalid_value` for a user whom it cannot
/// act for.
pub fn by_key(config: &Config, key: &str, user: &ActAs<'_>, now: Timestamp) -> Result<Caller, Denial> {
    let grant = config.operator_keys.grant(key, now)?;
    let (acts_for_user, principal) = match user {
        ActAs { user: None, email: None } => (false, itself(&grant)?),
        ActAs { user: Some(id), email } => (true, acted(&grant, (id, *email), now)?),
        ActAs { user: None, email: Some(_) } => {
            let rule = "`Guildhall-Act-As-Email` needs `Guildhall-Act-As`";
            return Err(Denial::about(Reason::InvalidValue, "Guildhall-Act-As-Email", rule));
        }
    };
    let operator = Some(OperatorGrant { acts_for_user, ..grant });
    Ok(Caller { operator, ..Caller::explicit(principal) })
}

/// The refusal of an act-as header without an operator key. Rule: it is never passed over, because the request would
/// then be another caller's. Whether the other credential is right comes first.
pub fn without_key(found: Authenticated) -> Denial {
    match found {
        Err(denial) => denial,
        Ok(None) => invalid("`Guildhall-Act-As` needs an operator key in `Authorization`"),
        Ok(Some(_)) => Denial::because(
            Reason::PermissionDenied,
            "`Guildhall-Act-As` needs an operator key with the scope `act-as`",
        ),
    }
}
