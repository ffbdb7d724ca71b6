//! What resolution came to, and why.

use super::{card, permissions, state, with};
use crate::domain::denial::Denial;
use crate::domain::permission::Catalog;
use crate::domain::resolve::{Affiliation, Finding, PublicOrganization, Resolution, Source};
use serde_json::{Value, json};

/// What resolution came to.
pub fn resolution(resolution: &Resolution<'_>, catalog: &Catalog) -> Value {
    match resolution {
        Resolution::Resolved(found, source) => resolved("resolved", found, (*source, catalog)),
        Resolution::Redirect(found, source) => resolved("redirect", found, (*source, catalog)),
        Resolution::Public(found, source) => shown(found, *source),
        Resolution::Choose(found) => {
            json!({ "outcome": "choose", "organizations": found.iter().map(|found| card(found)).collect::<Vec<_>>() })
        }
        Resolution::Join(found) => json!({ "outcome": "none", "autoJoin": { "organization": public_card(found) } }),
        Resolution::None => json!({ "outcome": "none" }),
        Resolution::Skipped => json!({ "outcome": "none", "skipped": true }),
        Resolution::Ambiguous => json!({ "outcome": "ambiguous" }),
        Resolution::Unknown => json!({ "outcome": "unknown" }),
    }
}

fn resolved(outcome: &str, found: &Affiliation, (source, catalog): (Source, &Catalog)) -> Value {
    let shown = json!({
        "outcome": outcome,
        "organization": card(found),
        "membership": found.membership.map(|id| {
            json!({ "id": id, "userId": found.user, "roles": found.roles, "state": found.membership_state })
        }),
        "roles": found.roles,
        "permissions": permissions(found, catalog),
        "source": source,
        "version": found.version,
    });
    let missing = found.unmet.names();
    let shown = if missing.is_empty() { shown } else { with(shown, "requirementsMissing", json!(missing)) };
    if found.platform_admin { with(shown, "platformAdmin", json!(true)) } else { shown }
}

/// To somebody who is nobody in particular: it is this one, and they may do nothing.
fn shown(found: &PublicOrganization, source: Source) -> Value {
    json!({
        "outcome": "resolved",
        "organization": public_card(found),
        "membership": null,
        "roles": [],
        "permissions": [],
        "source": source,
        "version": found.version,
    })
}

fn public_card(organization: &PublicOrganization) -> Value {
    json!({
        "id": organization.id,
        "slug": organization.slug,
        "name": organization.name,
        "state": state(organization.state),
        "version": organization.version,
    })
}

/// Why each place won or lost.
pub fn findings(findings: &[Finding]) -> Value {
    let shown = |finding: &Finding| {
        json!({
            "source": finding.source,
            "named": finding.named,
            "organizationId": finding.organization,
            "verdict": finding.verdict.code(),
            "because": finding.verdict.sentence(),
        })
    };
    findings.iter().map(shown).collect()
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
