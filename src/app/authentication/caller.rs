//! The caller of a request, as authentication found it.

use crate::app::ports::UpstreamNonce;
use crate::domain::denial::Denial;
use crate::domain::operator::OperatorGrant;
use crate::domain::principal::{Principal, PrincipalKind};

/// What authentication came to: the caller, `None` for an anonymous request, or the refusal of a credential.
pub type Authenticated = Result<Option<Caller>, Denial>;

/// Who calls, and by which means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The principal that the authenticator vouches for.
    pub principal: Principal,
    /// Whether a browser sends the credential by itself (a cookie, the header of Cloudflare Access): then another
    /// site's page can cause the request, and unsafe methods must come from an origin of ours.
    pub ambient: bool,
    /// What the request's operator key allows.
    pub operator: Option<OperatorGrant>,
    /// What keeps a signed request from being sent twice. It is stored with the request's writes.
    pub nonce: Option<UpstreamNonce>,
}

impl Caller {
    /// A caller who said by a header of its own who it is.
    pub fn explicit(principal: Principal) -> Self {
        Caller { principal, ambient: false, operator: None, nonce: None }
    }

    /// A caller whom a credential vouches for that browsers send by themselves.
    pub fn ambient(principal: Principal) -> Self {
        Caller { ambient: true, ..Caller::explicit(principal) }
    }
    /// The kind and the operator key of a caller who is not just a user.
    pub fn power(&self) -> Vec<&[u8]> {
        let via = self.operator.as_ref().map(|grant| grant.name.as_str());
        if self.principal.kind == PrincipalKind::User && via.is_none() {
            return Vec::new();
        }
        vec![self.principal.kind.as_str().as_bytes(), via.unwrap_or_default().as_bytes()]
    }
}
