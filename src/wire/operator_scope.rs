//! What an operator key must hold for each endpoint.
//!
//! Owns the one table, which docs/operator-keys.md shows. No wildcard: a new endpoint must say what it needs. Never
//! looks anything up: a key without the scope learns nothing of what exists.

use super::route::{Part, Resource};
use crate::domain::denial::{Denial, Reason};
use crate::domain::operator::{OperatorGrant, OperatorScope};

/// What a request with an operator key needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// A scope of the key.
    Scope(OperatorScope),
    /// A user in whose name the request is made: it is about the caller themselves.
    User,
    /// Something that no operator key opens.
    Never,
}

const READ: Needed = Needed::Scope(OperatorScope::Read);
const ORGANIZATIONS: Needed = Needed::Scope(OperatorScope::Organizations);

/// What a key is told that names no user; `guildhall/hono` says the same (`pkg/hono/ask.js`).
const NO_USER: &str = "an operator key asks for this in the name of a user only: name the user in `Guildhall-Act-As`";

/// Refuses what the key may not do. Rule: a request in the name of a user needs no scope but `act-as`, because the
/// user's own power decides.
///
/// # Errors
/// `permission_denied`.
pub fn require(grant: &OperatorGrant, resource: &Resource, method: &str) -> Result<(), Denial> {
    let name = grant.name.as_str();
    let detail = match needed(resource, method) {
        Needed::Never => format!("no operator key opens this endpoint, `{name}` neither"),
        _ if grant.acts_for_user => return Ok(()),
        Needed::Scope(scope) if grant.scopes.has(scope) => return Ok(()),
        Needed::Scope(scope) => format!("the operator key `{name}` lacks the scope `{}`", scope.as_str()),
        Needed::User => return require_user(grant),
    };
    Err(Denial::because(Reason::PermissionDenied, detail))
}

/// Refuses a key that acts for no user: for what is a user's own to ask, and where a request is passed on to the
/// application behind the gateway, because what it would do there is no scope's to say.
///
/// # Errors
/// `permission_denied`.
pub fn require_user(grant: &OperatorGrant) -> Result<(), Denial> {
    if grant.acts_for_user {
        return Ok(());
    }
    Err(Denial::because(Reason::PermissionDenied, NO_USER))
}

/// What an endpoint needs of an operator key. Rule: what the caller may do is asked about a user, because applications
/// let a request through by that answer, and a key's power there is no scope's to say.
pub fn needed(resource: &Resource, method: &str) -> Needed {
    let reads = method == "GET";
    match resource {
        Resource::Health | Resource::Ready | Resource::Jwks | Resource::Description => READ,
        Resource::DevSession | Resource::DevOutbox | Resource::DevDns => Needed::Never,
        Resource::Me | Resource::Slug(_) | Resource::Preview => READ,
        Resource::Users | Resource::Events | Resource::Operations => READ,
        Resource::Organizations if reads => READ,
        Resource::Organizations | Resource::Registrations | Resource::ImportDjango => ORGANIZATIONS,
        Resource::User(_) => Needed::Scope(OperatorScope::Erase),
        Resource::Passport
        | Resource::MyInvitations
        | Resource::MySuppressions
        | Resource::MySuppression(_)
        | Resource::JoinableOrganizations
        | Resource::MyJoinRequests
        | Resource::Activation
        | Resource::CurrentOrganization
        | Resource::Resolve
        | Resource::Accept
        | Resource::Decline => Needed::User,
        Resource::Within(_, part) => within(part, reads),
    }
}

fn within(part: &Part, reads: bool) -> Needed {
    match part {
        Part::Check | Part::Passes => Needed::User,
        Part::TransferAccept | Part::TransferDecline | Part::Withdraw(_) => Needed::User,
        Part::JoinRequests if !reads => Needed::User,
        Part::JoinRequest(_) => Needed::User,
        Part::Export
        | Part::Events
        | Part::EventsVerify
        | Part::EventsExport
        | Part::Settings
        | Part::Setting(_)
        | Part::TeamMembers(_)
        | Part::Deliveries(_) => READ,
        Part::Deactivate
        | Part::Activate
        | Part::Restore
        | Part::Purge
        | Part::Transfer
        | Part::BulkInvitations
        | Part::Invitation(_)
        | Part::Resend(_)
        | Part::VerifyDomain(_)
        | Part::Rotate(_)
        | Part::Approve(_)
        | Part::Deny(_)
        | Part::RotateWebhook(_)
        | Part::TestWebhook(_) => ORGANIZATIONS,
        Part::Whole
        | Part::Members
        | Part::Member(_)
        | Part::Roles
        | Part::Role(_)
        | Part::Teams
        | Part::Team(_)
        | Part::TeamMember(..)
        | Part::Invitations
        | Part::Domains
        | Part::Domain(_)
        | Part::Links
        | Part::Link(_)
        | Part::JoinRequests
        | Part::Webhooks
        | Part::Webhook(_) => {
            if reads {
                READ
            } else {
                ORGANIZATIONS
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::operator::{OperatorName, OperatorScopes, Vouches};

    fn grant(scopes: &[OperatorScope], acts_for_user: bool) -> OperatorGrant {
        let scopes = scopes.iter().copied().fold(OperatorScopes::default(), OperatorScopes::with);
        OperatorGrant {
            name: OperatorName::parse("backend").unwrap(),
            scopes,
            vouches: Vouches::default(),
            acts_for_user,
        }
    }

    #[test]
    fn a_key_without_the_scope_is_refused() {
        let user = Resource::User("kurt".to_owned());
        for scope in OperatorScope::ALL {
            let allowed = require(&grant(&[*scope], false), &user, "DELETE").is_ok();
            assert_eq!(allowed, *scope == OperatorScope::Erase, "{}", scope.as_str());
        }
        let refused = require(&grant(&[OperatorScope::Read], false), &user, "DELETE").unwrap_err();
        assert_eq!(refused.detail, "the operator key `backend` lacks the scope `erase`");
    }

    #[test]
    fn what_is_a_users_own_needs_a_user() {
        let within = |part| Resource::Within("nirvana".to_owned(), part);
        for (method, resource) in
            [("POST", within(Part::Passes)), ("POST", within(Part::Check)), ("GET", Resource::Resolve)]
        {
            let refused = require(&grant(OperatorScope::ALL, false), &resource, method).unwrap_err();
            assert_eq!(refused, require_user(&grant(OperatorScope::ALL, false)).unwrap_err());
            assert!(require(&grant(&[OperatorScope::ActAs], true), &resource, method).is_ok());
        }
    }

    #[test]
    fn no_key_opens_the_development_mode() {
        for acts in [false, true] {
            assert!(require(&grant(OperatorScope::ALL, acts), &Resource::DevOutbox, "GET").is_err());
        }
    }
}
