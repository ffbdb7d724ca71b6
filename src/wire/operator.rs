//! Who may ask across organizations.
//!
//! Owns the one check of it. Every endpoint of a back end names the scope that it needs.

use super::call::Call;
use crate::domain::denial::{Denial, Reason};
use crate::domain::principal::{Principal, PrincipalKind};

/// What an operator may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorScope {
    /// Read across organizations.
    Read,
    /// Create organizations for other users.
    Organizations,
}

impl<S, C, E> Call<'_, S, C, E> {
    /// The caller, who must answer for the whole installation.
    ///
    /// # Errors
    /// `unauthenticated`; `permission_denied` for a caller who is no platform admin.
    pub fn require_operator(&self, scope: OperatorScope) -> Result<&Principal, Denial> {
        let caller = self.caller.as_ref().ok_or(Reason::Unauthenticated)?;
        if caller.principal.kind == PrincipalKind::PlatformAdmin {
            return Ok(&caller.principal);
        }
        Err(Denial::because(Reason::PermissionDenied, scope.rule()))
    }
}

impl OperatorScope {
    fn rule(self) -> &'static str {
        match self {
            OperatorScope::Read => "only a platform admin reads across organizations",
            OperatorScope::Organizations => "only a platform admin creates an organization for another user",
        }
    }
}
