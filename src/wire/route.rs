//! Routes: from a path to a resource, and which methods it answers to.
//!
//! Owns the list of everything that can be asked. A path that is not here is `not_found`, a method
//! that is not here is `method_not_allowed` with the list of those that are.

use percent_encoding::percent_decode_str;

/// What a path is about. Ids are still text: what is malformed names nothing, which is said later
/// in the same words as for what does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// `/healthz`
    Health,
    /// `/readyz`
    Ready,
    /// `/.well-known/jwks.json`
    Jwks,
    /// `/openapi.json`
    Description,
    /// `/dev/session`
    DevSession,
    /// `/dev/outbox`
    DevOutbox,
    /// `/dev/dns`
    DevDns,
    /// `/v1/me`
    Me,
    /// `/v1/me/passport`
    Passport,
    /// `/v1/me/invitations`
    MyInvitations,
    /// `/v1/me/suppressions`
    MySuppressions,
    /// `/v1/me/suppressions/{organization or everywhere}`
    MySuppression(String),
    /// `/v1/me/joinable-organizations`
    JoinableOrganizations,
    /// `/v1/me/join-requests`
    MyJoinRequests,
    /// `/v1/registrations`
    Registrations,
    /// `/v1/registrations/activate`
    Activation,
    /// `/v1/me/current-organization`
    CurrentOrganization,
    /// `/v1/resolve`
    Resolve,
    /// `/v1/slugs/{slug}`
    Slug(String),
    /// `/v1/organizations`
    Organizations,
    /// `/v1/invitations/preview`
    Preview,
    /// `/v1/invitations/accept`
    Accept,
    /// `/v1/invitations/decline`
    Decline,
    /// `/v1/imports/django`
    ImportDjango,
    /// `/v1/users`
    Users,
    /// `/v1/events`
    Events,
    /// `/v1/operations`
    Operations,
    /// `/v1/users/{user}`
    User(String),
    /// `/v1/organizations/{org}/…`
    Within(String, Part),
}

/// A part of one organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The organization itself.
    Whole,
    /// `deactivate`
    Deactivate,
    /// `activate`
    Activate,
    /// `restore`
    Restore,
    /// `purge`
    Purge,
    /// `settings`
    Settings,
    /// `settings/{key}`
    Setting(String),
    /// `transfer`
    Transfer,
    /// `transfer/accept`
    TransferAccept,
    /// `transfer/decline`
    TransferDecline,
    /// `check`
    Check,
    /// `passes`
    Passes,
    /// `members`
    Members,
    /// `members/{user}`
    Member(String),
    /// `roles`
    Roles,
    /// `roles/{role}`
    Role(String),
    /// `teams`
    Teams,
    /// `teams/{team}`
    Team(String),
    /// `teams/{team}/members`
    TeamMembers(String),
    /// `teams/{team}/members/{user}`
    TeamMember(String, String),
    /// `invitations`
    Invitations,
    /// `invitations/bulk`
    BulkInvitations,
    /// `export`
    Export,
    /// `events`
    Events,
    /// `events/verify`
    EventsVerify,
    /// `events/export`
    EventsExport,
    /// `invitations/{id}`
    Invitation(String),
    /// `invitations/{id}/resend`
    Resend(String),
    /// `domains`
    Domains,
    /// `domains/{id}`
    Domain(String),
    /// `domains/{id}/verify`
    VerifyDomain(String),
    /// `invitation-links`
    Links,
    /// `invitation-links/{id}`
    Link(String),
    /// `invitation-links/{id}/rotate`
    Rotate(String),
    /// `join-requests`
    JoinRequests,
    /// `join-requests/{id}`
    JoinRequest(String),
    /// `join-requests/{id}/approve`
    Approve(String),
    /// `join-requests/{id}/deny`
    Deny(String),
    /// `join-requests/{id}/withdraw`
    Withdraw(String),
    /// `webhooks`
    Webhooks,
    /// `webhooks/{id}`
    Webhook(String),
    /// `webhooks/{id}/rotate`
    RotateWebhook(String),
    /// `webhooks/{id}/test`
    TestWebhook(String),
    /// `webhooks/{id}/deliveries`
    Deliveries(String),
}

/// A path, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The slug of the prefix `/o/{slug}`, if it has one.
    pub prefix: Option<String>,
    /// What it is about; `None` for nothing of ours.
    pub resource: Option<Resource>,
}

impl Path {
    /// Takes a raw path apart.
    pub fn parse(raw: &str) -> Path {
        let segments = segments(raw).unwrap_or_default();
        let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
        let (prefix, rest) = match parts.as_slice() {
            ["o", slug, rest @ ..] => (Some((*slug).to_owned()), rest),
            whole => (None, whole),
        };
        Path { prefix, resource: resource(rest).filter(|resource| resource.slashes() == slashes(&parts)) }
    }
}

/// The segments of a raw path, decoded; `None` if one of them cannot be.
pub fn segments(raw: &str) -> Option<Vec<String>> {
    raw.split('/').skip(1).map(decode).collect()
}

/// `None` for a segment that is not UTF-8 or that hides a control character. A slash may be hidden in
/// one: identity providers have user ids like `auth0/abc`, and no other name can hold it.
fn decode(segment: &str) -> Option<String> {
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    (!text.contains(char::is_control)).then(|| text.into_owned())
}

/// How many segments hide a slash.
fn slashes(segments: &[&str]) -> usize {
    segments.iter().filter(|segment| segment.contains('/')).count()
}

fn resource(segments: &[&str]) -> Option<Resource> {
    Some(match segments {
        ["healthz"] => Resource::Health,
        ["readyz"] => Resource::Ready,
        [".well-known", "jwks.json"] => Resource::Jwks,
        ["openapi.json"] => Resource::Description,
        ["dev", "session"] => Resource::DevSession,
        ["dev", "outbox"] => Resource::DevOutbox,
        ["dev", "dns"] => Resource::DevDns,
        ["v1", "me"] => Resource::Me,
        ["v1", "me", "passport"] => Resource::Passport,
        ["v1", "me", "invitations"] => Resource::MyInvitations,
        ["v1", "me", "suppressions"] => Resource::MySuppressions,
        ["v1", "me", "suppressions", about] => Resource::MySuppression((*about).to_owned()),
        ["v1", "me", "joinable-organizations"] => Resource::JoinableOrganizations,
        ["v1", "me", "join-requests"] => Resource::MyJoinRequests,
        ["v1", "registrations"] => Resource::Registrations,
        ["v1", "registrations", "activate"] => Resource::Activation,
        ["v1", "me", "current-organization"] => Resource::CurrentOrganization,
        ["v1", "resolve"] => Resource::Resolve,
        ["v1", "slugs", slug] => Resource::Slug((*slug).to_owned()),
        ["v1", "organizations"] => Resource::Organizations,
        ["v1", "invitations", "preview"] => Resource::Preview,
        ["v1", "invitations", "accept"] => Resource::Accept,
        ["v1", "invitations", "decline"] => Resource::Decline,
        ["v1", "imports", "django"] => Resource::ImportDjango,
        ["v1", "users"] => Resource::Users,
        ["v1", "events"] => Resource::Events,
        ["v1", "operations"] => Resource::Operations,
        ["v1", "users", user] => Resource::User((*user).to_owned()),
        ["v1", "organizations", organization, rest @ ..] => Resource::Within((*organization).to_owned(), part(rest)?),
        _ => return None,
    })
}

fn part(segments: &[&str]) -> Option<Part> {
    Some(match segments {
        [] => Part::Whole,
        ["deactivate"] => Part::Deactivate,
        ["activate"] => Part::Activate,
        ["restore"] => Part::Restore,
        ["purge"] => Part::Purge,
        ["settings"] => Part::Settings,
        ["settings", key] => Part::Setting((*key).to_owned()),
        ["transfer"] => Part::Transfer,
        ["transfer", "accept"] => Part::TransferAccept,
        ["transfer", "decline"] => Part::TransferDecline,
        ["check"] => Part::Check,
        ["passes"] => Part::Passes,
        ["members"] => Part::Members,
        ["members", user] => Part::Member((*user).to_owned()),
        ["roles"] => Part::Roles,
        ["roles", role] => Part::Role((*role).to_owned()),
        ["teams"] => Part::Teams,
        ["teams", team] => Part::Team((*team).to_owned()),
        ["teams", team, "members"] => Part::TeamMembers((*team).to_owned()),
        ["teams", team, "members", user] => Part::TeamMember((*team).to_owned(), (*user).to_owned()),
        ["invitations"] => Part::Invitations,
        ["export"] => Part::Export,
        ["events"] => Part::Events,
        ["events", "verify"] => Part::EventsVerify,
        ["events", "export"] => Part::EventsExport,
        ["invitations", "bulk"] => Part::BulkInvitations,
        ["invitations", id] => Part::Invitation((*id).to_owned()),
        ["invitations", id, "resend"] => Part::Resend((*id).to_owned()),
        ["domains"] => Part::Domains,
        ["domains", id] => Part::Domain((*id).to_owned()),
        ["domains", id, "verify"] => Part::VerifyDomain((*id).to_owned()),
        ["invitation-links"] => Part::Links,
        ["invitation-links", id] => Part::Link((*id).to_owned()),
        ["invitation-links", id, "rotate"] => Part::Rotate((*id).to_owned()),
        ["join-requests"] => Part::JoinRequests,
        ["join-requests", id] => Part::JoinRequest((*id).to_owned()),
        ["join-requests", id, "approve"] => Part::Approve((*id).to_owned()),
        ["join-requests", id, "deny"] => Part::Deny((*id).to_owned()),
        ["join-requests", id, "withdraw"] => Part::Withdraw((*id).to_owned()),
        ["webhooks"] => Part::Webhooks,
        ["webhooks", id] => Part::Webhook((*id).to_owned()),
        ["webhooks", id, "rotate"] => Part::RotateWebhook((*id).to_owned()),
        ["webhooks", id, "test"] => Part::TestWebhook((*id).to_owned()),
        ["webhooks", id, "deliveries"] => Part::Deliveries((*id).to_owned()),
        _ => return None,
    })
}

impl Resource {
    /// How many of its segments may hide a slash: only a user's id and a setting's key.
    fn slashes(&self) -> usize {
        let name = match self {
            Resource::Within(_, Part::Member(name) | Part::Setting(name) | Part::TeamMember(_, name)) => name,
            Resource::User(name) => name,
            _ => return 0,
        };
        usize::from(name.contains('/'))
    }

    /// The methods it answers to, as `Allow` lists them.
    pub fn methods(&self) -> &'static [&'static str] {
        match self {
            Resource::Health | Resource::Ready | Resource::Description | Resource::Jwks => &["GET"],
            Resource::DevOutbox => &["GET"],
            Resource::Me | Resource::MyInvitations | Resource::Slug(_) => &["GET"],
            Resource::Resolve => &["GET", "POST"],
            Resource::MySuppressions => &["GET"],
            Resource::Users | Resource::Events | Resource::Operations => &["GET"],
            Resource::MySuppression(_) => &["DELETE"],
            Resource::JoinableOrganizations => &["GET"],
            Resource::DevDns => &["PUT"],
            Resource::MyJoinRequests => &["GET"],
            Resource::Registrations | Resource::Activation => &["POST"],
            Resource::DevSession => &["GET", "POST", "DELETE"],
            Resource::CurrentOrganization => &["PUT", "DELETE"],
            Resource::Organizations => &["GET", "POST"],
            Resource::User(_) => &["DELETE"],
            Resource::Passport => &["POST"],
            Resource::Preview | Resource::Accept | Resource::Decline | Resource::ImportDjango => &["POST"],
            Resource::Within(_, part) => part.methods(),
        }
    }
}

impl Part {
    fn methods(&self) -> &'static [&'static str] {
        match self {
            Part::Links | Part::JoinRequests => &["GET", "POST"],
            Part::Link(_) => &["GET", "PATCH", "DELETE"],
            Part::JoinRequest(_) => &["DELETE"],
            Part::Webhooks => &["GET", "POST"],
            Part::Webhook(_) => &["GET", "PATCH", "DELETE"],
            Part::RotateWebhook(_) | Part::TestWebhook(_) => &["POST"],
            Part::Deliveries(_) => &["GET"],
            Part::Rotate(_) | Part::Approve(_) | Part::Deny(_) | Part::Withdraw(_) => &["POST"],
            Part::Whole | Part::Member(_) | Part::Role(_) => &["GET", "PATCH", "DELETE"],
            Part::Export | Part::Events | Part::EventsVerify | Part::EventsExport => &["GET"],
            Part::Members | Part::Invitations | Part::Roles | Part::Domains => &["GET", "POST"],
            Part::Domain(_) => &["GET", "PATCH", "DELETE"],
            Part::VerifyDomain(_) => &["POST"],
            Part::Teams => &["GET", "POST"],
            Part::Team(_) => &["GET", "PATCH", "DELETE"],
            Part::TeamMembers(_) => &["GET"],
            Part::TeamMember(..) => &["GET", "PUT", "DELETE"],
            Part::Invitation(_) => &["DELETE"],
            Part::Transfer => &["POST", "DELETE"],
            Part::Settings | Part::Setting(_) => &["GET"],
            Part::Restore | Part::Purge | Part::TransferAccept | Part::TransferDecline => &["POST"],
            Part::Deactivate | Part::Activate | Part::Check | Part::Passes => &["POST"],
            Part::BulkInvitations | Part::Resend(_) => &["POST"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_a_hint_before_any_resource() {
        let path = Path::parse("/o/nirvana/v1/resolve");
        assert_eq!(path, Path { prefix: Some("nirvana".to_owned()), resource: Some(Resource::Resolve) });
    }

    #[test]
    fn what_is_not_listed_is_nothing() {
        for raw in [
            "/",
            "",
            "/v1",
            "/v1/",
            "/v1/me/",
            "/v2/me",
            "/v1/organizations/a/b",
            "/v1/slugs/a%2Fb",
            "/v1/slugs/a%00b",
            "/v1/slugs/%ff",
        ] {
            assert_eq!(Path::parse(raw).resource, None, "{raw}");
        }
    }

    #[test]
    fn segments_are_decoded() {
        let expected = Resource::Within("acme".to_owned(), Part::Member("auth0/b|c".to_owned()));
        assert_eq!(Path::parse("/v1/organizations/acme/members/auth0%2Fb%7Cc").resource, Some(expected));
    }
}
