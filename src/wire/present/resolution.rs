//! What resolution came to, and why.
//!
//! Typed, unlike other presentations: the browser's core writes it too, and a tree of values would
//! double that core.

use super::held::{HeldRole, held_roles};
use crate::domain::denial::Denial;
use crate::domain::id::{MembershipId, OrganizationId, UserId};
use crate::domain::membership::MembershipState;
use crate::domain::organization::OrganizationState;
use crate::domain::permission::Catalog;
use crate::domain::resolve::{Affiliation, Finding, PublicOrganization, Resolution, Source};
use crate::domain::role::RoleKey;
use crate::domain::slug::Slug;
use crate::domain::text::Name;
use serde::Serialize;
use serde_json::{Value, json};

/// What resolution came to, as a body to be completed.
pub fn resolution(resolution: &Resolution<'_>, catalog: &Catalog) -> Value {
    json!(View::of(resolution, catalog))
}

/// Why each place won or lost, as a part of a body.
pub fn findings(findings: &[Finding]) -> Value {
    json!(reasons(findings))
}

/// What resolution came to. What is `None` is not there, but for the membership of nobody, which is null.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct View<'a> {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<Card<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organizations: Option<Vec<Card<'a>>>,
    /// What the roles in `organizations` allow. Not `roles`: those are keys, of what was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    held_roles: Option<Vec<HeldRole<'a>>>,
    /// What the caller is and may do in the organization that was found; so are the next four. Not a part that is
    /// flattened: what serde has for that weighs more than the fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    membership: Option<Option<Membership<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<&'a RoleKey>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requirements_missing: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform_admin: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_join: Option<Offer<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Vec<Reason<'a>>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Membership<'a> {
    id: MembershipId,
    user_id: &'a UserId,
    roles: Vec<&'a RoleKey>,
    state: MembershipState,
}

/// An organization in a few words. Who owns it is for members.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Card<'a> {
    id: OrganizationId,
    slug: &'a Slug,
    name: &'a Name,
    state: OrganizationState,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_id: Option<&'a UserId>,
    version: u64,
    /// Of one among several, as is what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<&'a RoleKey>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requirements_missing: Option<Vec<&'static str>>,
}

#[derive(Debug, Serialize)]
struct Offer<'a> {
    organization: Card<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Reason<'a> {
    source: Source,
    named: Option<&'a str>,
    organization_id: Option<OrganizationId>,
    verdict: &'static str,
    because: &'static str,
}

impl<'a> View<'a> {
    /// What resolution came to.
    pub fn of(resolution: &Resolution<'a>, catalog: &'a Catalog) -> Self {
        match resolution {
            Resolution::Resolved(found, source) => View::resolved("resolved", found, (*source, catalog)),
            Resolution::Redirect(found, source) => View::resolved("redirect", found, (*source, catalog)),
            Resolution::Suspended(found, source) => View::suspended(found, (*source, catalog)),
            Resolution::Public(found, source) => View::public(found, *source),
            Resolution::Choose(found) => {
                let organizations = Some(found.iter().map(|found| Card::among(found, catalog)).collect());
                let held_roles = Some(held_roles(found.iter().copied(), catalog));
                View { outcome: "choose", organizations, held_roles, ..View::default() }
            }
            Resolution::Join(found) => {
                let auto_join = Some(Offer { organization: Card::public(found) });
                View { outcome: "none", auto_join, ..View::default() }
            }
            Resolution::None => View { outcome: "none", ..View::default() },
            Resolution::Skipped => View { outcome: "none", skipped: Some(true), ..View::default() },
            Resolution::Ambiguous => View { outcome: "ambiguous", ..View::default() },
            Resolution::Unknown => View { outcome: "unknown", ..View::default() },
        }
    }

    /// The same with why.
    #[must_use]
    pub fn explained(self, findings: &'a [Finding]) -> Self {
        View { explanation: Some(reasons(findings)), ..self }
    }

    fn resolved(outcome: &'static str, found: &'a Affiliation, (source, catalog): (Source, &'a Catalog)) -> Self {
        View {
            outcome,
            organization: Some(Card::of(found)),
            membership: Some(found.membership.map(|id| Membership::of(found, id, catalog))),
            roles: Some(found.known_roles(catalog)),
            permissions: Some(super::permissions(found, catalog)),
            source: Some(source),
            version: Some(found.version),
            requirements_missing: missing(found),
            platform_admin: found.platform_admin.then_some(true),
            ..View::default()
        }
    }

    /// To a suspended member: which organization it is, and that nothing may be done there.
    fn suspended(found: &'a Affiliation, (source, catalog): (Source, &Catalog)) -> Self {
        let membership = Some(found.membership.map(|id| Membership::of(found, id, catalog)));
        let shown = View::powerless("suspended", Card::of(found), source, found.version);
        View { membership, ..shown }
    }

    /// To somebody who is nobody in particular: it is this one, and they may do nothing.
    fn public(found: &'a PublicOrganization, source: Source) -> Self {
        View::powerless("resolved", Card::public(found), source, found.version)
    }

    /// An organization in which the caller may do nothing.
    fn powerless(outcome: &'static str, card: Card<'a>, source: Source, version: u64) -> Self {
        View {
            outcome,
            organization: Some(card),
            membership: Some(None),
            roles: Some(Vec::new()),
            permissions: Some(Vec::new()),
            source: Some(source),
            version: Some(version),
            ..View::default()
        }
    }
}

impl<'a> Membership<'a> {
    fn of(found: &'a Affiliation, id: MembershipId, catalog: &Catalog) -> Self {
        let (user_id, roles, state) = (&found.user, found.known_roles(catalog), found.membership_state);
        Membership { id, user_id, roles, state }
    }
}

/// Only where something is.
fn missing(found: &Affiliation) -> Option<Vec<&'static str>> {
    Some(found.unmet.names()).filter(|missing| !missing.is_empty())
}

impl<'a> Card<'a> {
    fn of(found: &'a Affiliation) -> Self {
        let (slug, name, owner_id) = (&found.slug, &found.name, Some(&found.owner));
        let (roles, requirements_missing) = (None, None);
        let (id, state, version) = (found.organization, found.state, found.version);
        Card { id, slug, name, state, owner_id, version, roles, requirements_missing }
    }

    /// One of several, with the roles that are held there.
    fn among(found: &'a Affiliation, catalog: &Catalog) -> Self {
        Card { roles: Some(found.known_roles(catalog)), requirements_missing: missing(found), ..Card::of(found) }
    }

    fn public(found: &'a PublicOrganization) -> Self {
        let (slug, name, owner_id) = (&found.slug, &found.name, None);
        let (roles, requirements_missing) = (None, None);
        Card {
            id: found.id,
            slug,
            name,
            state: found.state,
            owner_id,
            version: found.version,
            roles,
            requirements_missing,
        }
    }
}

/// A caller's organization, where another presentation mentions it.
pub(super) fn card(found: &Affiliation) -> Value {
    json!(Card::of(found))
}

fn reasons(findings: &[Finding]) -> Vec<Reason<'_>> {
    findings.iter().map(Reason::of).collect()
}

impl<'a> Reason<'a> {
    fn of(finding: &'a Finding) -> Self {
        Reason {
            source: finding.source,
            named: finding.named.as_deref(),
            organization_id: finding.organization,
            verdict: finding.verdict.code(),
            because: finding.verdict.sentence(),
        }
    }
}

/// Completes what is offered to somebody without any organization: whether they would be taken in.
pub fn offer(mut body: Value, refused: Option<&Denial>) -> Value {
    let offer = body.get_mut("autoJoin").and_then(Value::as_object_mut);
    if let Some(offer) = offer {
        offer.insert("allowed".to_owned(), json!(refused.is_none()));
        offer.extend(refused.map(|denial| ("code".to_owned(), json!(denial.reason.code()))));
    }
    body
}
