//! An organization's life, and what only some of its members see.

use super::with;
use crate::app::execute::Executed;
use crate::domain::event::Event;
use crate::domain::id::UserId;
use crate::domain::organization::Organization;
use crate::domain::ownership::Nomination;
use serde_json::{Value, json};

/// Rule: settings are between the application's server and the admins; plain members see none. A
/// nomination is seen by them and by its nominee.
pub(super) fn with_confidential(shown: Value, organization: &Organization, (user, manages): (&UserId, bool)) -> Value {
    let shown = if manages { with(shown, "settings", json!(organization.settings)) } else { shown };
    let seen = |nomination: &&Nomination| manages || nomination.to == *user;
    match organization.nomination.as_ref().filter(seen) {
        Some(found) => with(shown, "nomination", nomination(found)),
        None => shown,
    }
}

/// What is nobody's to see from outside.
const INSIDE: [&str; 7] =
    ["metadata", "settings", "memberCount", "pendingInvitationCount", "seatLimit", "countPending", "joinRequests"];

/// An organization without what is inside of it.
pub(super) fn outside(mut shown: Value) -> Value {
    if let Some(fields) = shown.as_object_mut() {
        fields.retain(|name, _| !INSIDE.contains(&name.as_str()));
    }
    shown
}

fn nomination(nomination: &Nomination) -> Value {
    json!({
        "userId": nomination.to,
        "nominatedBy": nomination.by,
        "createdAt": nomination.created_at.to_string(),
        "expiresAt": nomination.expires_at.to_string(),
    })
}

/// What is left to say: until when it can be restored, if it can.
pub(super) fn deleted(executed: &Executed) -> Value {
    let deletion = executed.facts.organization.as_ref().and_then(|organization| organization.deletion.as_ref());
    let purge_at = deletion.map(|deletion| deletion.purge_at.to_string());
    json!({ "id": executed.organization, "deleted": true, "state": "deleted", "purgeAt": purge_at })
}

/// What an event of an organization's life says.
pub(super) fn event(event: &Event) -> Value {
    match event {
        Event::SeatsChanged { seat_limit, pending_free } => {
            json!({ "seatLimit": seat_limit, "countPending": !pending_free })
        }
        Event::RequirementsChanged { requirements } => json!({ "requirements": requirements }),
        Event::OrganizationDeleted { deletion } => {
            json!({ "deletedBy": deletion.by, "purgeAt": deletion.purge_at.to_string() })
        }
        Event::OwnershipNominated { nomination } => json!({
            "userId": nomination.to,
            "nominatedBy": nomination.by,
            "expiresAt": nomination.expires_at.to_string(),
        }),
        Event::NominationEnded { to, reason } => json!({ "userId": to, "reason": reason }),
        _ => json!({}),
    }
}
