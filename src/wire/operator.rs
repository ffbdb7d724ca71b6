//! Who may ask across organizations.
//!
//! Owns the one check of it. Every endpoint of a back end names the scope that it needs.

use super::call::Call;
use crate::domain::denial::{Denial, Reason};
pub use crate::domain::operator::OperatorScope;
use crate::domain::principal::{Principal, PrincipalKind};

impl<S, C, E> Call<'_, S, C, E> {
    /// The caller, who must answer for the whole installation.
    ///
    /// # Errors
    /// `unauthenticated`; `permission_denied` for a caller who is no platform admin, and for an operator key
    /// without the scope.
    pub fn require_operator(&self, scope: OperatorScope) -> Result<&Principal, Denial> {
        let caller = self.caller.as_ref().ok_or(Reason::Unauthenticated)?;
        let granted = caller.operator.as_ref().is_none_or(|grant| grant.scopes.has(scope));
        if caller.principal.kind == PrincipalKind::PlatformAdmin && granted {
            return Ok(&caller.principal);
        }
        Err(Denial::because(Reason::PermissionDenied, rule(scope)))
    }
}

fn rule(scope: OperatorScope) -> &'static str {
    match scope {
        OperatorScope::Read => "only a platform admin reads across organizations",
        OperatorScope::Organizations => "only a platform admin creates an organization for another user",
        OperatorScope::ActAs => "only an operator key acts for a user",
        OperatorScope::Erase => "only a platform admin erases a user",
    }
}
