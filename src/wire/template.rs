//! How each resource's path is written down: `/v1/organizations/{org}`.
//!
//! Owns the one table of them. A resource that has no row does not compile; a row without a
//! description fails a test (`native::openapi`), which says where the description belongs.

use super::route::{Part, Resource};

/// The table as a match and as a list.
macro_rules! templates {
    ($($pattern:pat => $text:literal)+) => {
        impl Resource {
            /// The path of every resource, its variable segments in braces.
            pub const TEMPLATES: &'static [&'static str] = &[$($text,)+];

            /// The path of this resource, its variable segments in braces.
            pub fn template(&self) -> &'static str {
                match self { $($pattern => $text,)+ }
            }
        }
    };
}

templates! {
    Resource::Health => "/healthz"
    Resource::Ready => "/readyz"
    Resource::Jwks => "/.well-known/jwks.json"
    Resource::Description => "/openapi.json"
    Resource::DevSession => "/dev/session"
    Resource::DevOutbox => "/dev/outbox"
    Resource::DevDns => "/dev/dns"
    Resource::Me => "/v1/me"
    Resource::Passport => "/v1/me/passport"
    Resource::MyInvitations => "/v1/me/invitations"
    Resource::MySuppressions => "/v1/me/suppressions"
    Resource::MySuppression(_) => "/v1/me/suppressions/{about}"
    Resource::JoinableOrganizations => "/v1/me/joinable-organizations"
    Resource::MyJoinRequests => "/v1/me/join-requests"
    Resource::CurrentOrganization => "/v1/me/current-organization"
    Resource::Registrations => "/v1/registrations"
    Resource::Activation => "/v1/registrations/activate"
    Resource::Resolve => "/v1/resolve"
    Resource::Slug(_) => "/v1/slugs/{slug}"
    Resource::Organizations => "/v1/organizations"
    Resource::Preview => "/v1/invitations/preview"
    Resource::Accept => "/v1/invitations/accept"
    Resource::Decline => "/v1/invitations/decline"
    Resource::ImportDjango => "/v1/imports/django"
    Resource::Users => "/v1/users"
    Resource::Events => "/v1/events"
    Resource::Operations => "/v1/operations"
    Resource::User(_) => "/v1/users/{user}"
    Resource::Within(_, Part::Whole) => "/v1/organizations/{org}"
    Resource::Within(_, Part::Deactivate) => "/v1/organizations/{org}/deactivate"
    Resource::Within(_, Part::Activate) => "/v1/organizations/{org}/activate"
    Resource::Within(_, Part::Restore) => "/v1/organizations/{org}/restore"
    Resource::Within(_, Part::Purge) => "/v1/organizations/{org}/purge"
    Resource::Within(_, Part::Settings) => "/v1/organizations/{org}/settings"
    Resource::Within(_, Part::Setting(_)) => "/v1/organizations/{org}/settings/{key}"
    Resource::Within(_, Part::Transfer) => "/v1/organizations/{org}/transfer"
    Resource::Within(_, Part::TransferAccept) => "/v1/organizations/{org}/transfer/accept"
    Resource::Within(_, Part::TransferDecline) => "/v1/organizations/{org}/transfer/decline"
    Resource::Within(_, Part::Check) => "/v1/organizations/{org}/check"
    Resource::Within(_, Part::Passes) => "/v1/organizations/{org}/passes"
    Resource::Within(_, Part::Members) => "/v1/organizations/{org}/members"
    Resource::Within(_, Part::Member(_)) => "/v1/organizations/{org}/members/{user}"
    Resource::Within(_, Part::Roles) => "/v1/organizations/{org}/roles"
    Resource::Within(_, Part::Role(_)) => "/v1/organizations/{org}/roles/{role}"
    Resource::Within(_, Part::Teams) => "/v1/organizations/{org}/teams"
    Resource::Within(_, Part::Team(_)) => "/v1/organizations/{org}/teams/{team}"
    Resource::Within(_, Part::TeamMembers(_)) => "/v1/organizations/{org}/teams/{team}/members"
    Resource::Within(_, Part::TeamMember(..)) => "/v1/organizations/{org}/teams/{team}/members/{user}"
    Resource::Within(_, Part::Invitations) => "/v1/organizations/{org}/invitations"
    Resource::Within(_, Part::BulkInvitations) => "/v1/organizations/{org}/invitations/bulk"
    Resource::Within(_, Part::Invitation(_)) => "/v1/organizations/{org}/invitations/{invitation}"
    Resource::Within(_, Part::Resend(_)) => "/v1/organizations/{org}/invitations/{invitation}/resend"
    Resource::Within(_, Part::Export) => "/v1/organizations/{org}/export"
    Resource::Within(_, Part::Events) => "/v1/organizations/{org}/events"
    Resource::Within(_, Part::EventsVerify) => "/v1/organizations/{org}/events/verify"
    Resource::Within(_, Part::EventsExport) => "/v1/organizations/{org}/events/export"
    Resource::Within(_, Part::Domains) => "/v1/organizations/{org}/domains"
    Resource::Within(_, Part::Domain(_)) => "/v1/organizations/{org}/domains/{domain}"
    Resource::Within(_, Part::VerifyDomain(_)) => "/v1/organizations/{org}/domains/{domain}/verify"
    Resource::Within(_, Part::Webhooks) => "/v1/organizations/{org}/webhooks"
    Resource::Within(_, Part::Webhook(_)) => "/v1/organizations/{org}/webhooks/{webhook}"
    Resource::Within(_, Part::RotateWebhook(_)) => "/v1/organizations/{org}/webhooks/{webhook}/rotate"
    Resource::Within(_, Part::TestWebhook(_)) => "/v1/organizations/{org}/webhooks/{webhook}/test"
    Resource::Within(_, Part::Deliveries(_)) => "/v1/organizations/{org}/webhooks/{webhook}/deliveries"
    Resource::Within(_, Part::Links) => "/v1/organizations/{org}/invitation-links"
    Resource::Within(_, Part::Link(_)) => "/v1/organizations/{org}/invitation-links/{link}"
    Resource::Within(_, Part::Rotate(_)) => "/v1/organizations/{org}/invitation-links/{link}/rotate"
    Resource::Within(_, Part::JoinRequests) => "/v1/organizations/{org}/join-requests"
    Resource::Within(_, Part::JoinRequest(_)) => "/v1/organizations/{org}/join-requests/{request}"
    Resource::Within(_, Part::Approve(_)) => "/v1/organizations/{org}/join-requests/{request}/approve"
    Resource::Within(_, Part::Deny(_)) => "/v1/organizations/{org}/join-requests/{request}/deny"
    Resource::Within(_, Part::Withdraw(_)) => "/v1/organizations/{org}/join-requests/{request}/withdraw"
}
