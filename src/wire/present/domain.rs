//! Domains as they are shown.

use crate::app::ports::Joinable;
use crate::domain::claim::{Domain, record_name};
use crate::domain::time::Timestamp;
use serde_json::{Value, json};

/// A domain, with the record that proves it.
pub fn domain(domain: &Domain) -> Value {
    let instant = |at: Option<Timestamp>| at.map(|at| at.to_string());
    json!({
        "id": domain.id,
        "organizationId": domain.organization,
        "name": domain.name,
        "state": domain.state,
        "policy": domain.policy,
        "record": { "type": "TXT", "name": record_name(&domain.name), "value": domain.record_value() },
        "verifiedAt": instant(domain.verified_at),
        "checkedAt": instant(domain.checked_at),
        "missingSince": instant(domain.missing_since),
        "createdBy": domain.created_by,
        "createdAt": domain.created_at.to_string(),
    })
}

/// An organization as somebody sees it who may come in by their address.
pub fn joinable(joinable: &Joinable) -> Value {
    json!({
        "organization": {
            "id": joinable.organization,
            "name": joinable.name,
            "slug": joinable.slug,
            "logoUrl": joinable.logo_url,
        },
        "domain": joinable.domain.name,
        "policy": joinable.policy(),
    })
}
