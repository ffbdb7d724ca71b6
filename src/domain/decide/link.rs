//! Making, changing, rotating and ending links for many.

use super::Case;
use super::invitation::require_lifetime;
use crate::domain::command::{Change, CreateLink, DeleteLink, RotateLink, UpdateLink};
use crate::domain::decision::{Decision, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::event::Event;
use crate::domain::id::LinkId;
use crate::domain::link::InvitationLink;
use crate::domain::permission::Permission;

/// Makes a link. Rule: a link is a grant to people nobody has seen yet, so its roles must be the
/// caller's to give, now and whenever somebody uses it.
pub(super) fn create(case: &Case<'_>, create: &CreateLink) -> Result<Decision, Denial> {
    case.require(Permission::InvitationCreate)?;
    if case.organization.personal {
        return Err(Reason::OrganizationPersonal.into());
    }
    case.require_grant(&create.roles).map_err(|denial| denial.at("roles"))?;
    require_lifetime(case, create.expires_at)?;
    let most = usize::try_from(case.policy.doors.links).unwrap_or(usize::MAX);
    if case.facts.links.len() >= most {
        return Err(Reason::LinkLimitReached.into());
    }
    let link = InvitationLink {
        id: create.link,
        organization: case.organization.id,
        roles: create.roles.clone(),
        declared_roles: case.facts.declared_among(&case.policy.catalog, &create.roles),
        invited_by: case.voucher(),
        digest: create.digest.clone(),
        generation: 1,
        max_uses: create.max_uses,
        uses: 0,
        allowed_domains: create.allowed_domains.clone(),
        disabled: create.disabled,
        created_at: case.now,
        expires_at: create.expires_at,
    };
    Ok(done(create.link, Some(Event::LinkCreated { link })))
}

/// Changes a link. Rule: never to fewer people than have come already.
pub(super) fn update(case: &Case<'_>, update: &UpdateLink) -> Result<Decision, Denial> {
    case.require(Permission::InvitationCreate)?;
    let now = own(case, update.link)?;
    let max_uses = match update.max_uses {
        Some(Change::Set(most)) if most < now.uses => {
            let detail = format!("{} have used the link already", now.uses);
            return Err(Denial::about(Reason::InvalidValue, "maxUses", detail));
        }
        Some(Change::Set(most)) => Some(most),
        Some(Change::Clear) => None,
        None => now.max_uses,
    };
    if let Some(end) = update.expires_at {
        require_lifetime(case, end)?;
    }
    let disabled = update.disabled.unwrap_or(now.disabled);
    let expires_at = update.expires_at.unwrap_or(now.expires_at);
    let link = InvitationLink { max_uses, disabled, expires_at, ..now.clone() };
    Ok(done(now.id, (link != *now).then_some(Event::LinkChanged { link })))
}

/// Rotates the token. Rule: earlier tokens are void, and whoever rotates vouches for the link.
pub(super) fn rotate(case: &Case<'_>, rotate: &RotateLink) -> Result<Decision, Denial> {
    case.require(Permission::InvitationCreate)?;
    let now = own(case, rotate.link)?;
    let link = InvitationLink {
        invited_by: case.voucher(),
        digest: rotate.digest.clone(),
        generation: now.generation.saturating_add(1),
        ..now.clone()
    };
    Ok(done(now.id, Some(Event::LinkRotated { link })))
}

/// Ends a link. Who came in by it stays.
pub(super) fn delete(case: &Case<'_>, delete: &DeleteLink) -> Result<Decision, Denial> {
    case.require(Permission::InvitationRevoke)?;
    let link = own(case, delete.link)?.id;
    Ok(Decision::quiet(vec![Event::LinkDeleted { link }], Outcome::LinkDeleted { link }))
}

/// A link whose roles are the caller's to give.
fn own<'a>(case: &'a Case<'_>, id: LinkId) -> Result<&'a InvitationLink, Denial> {
    let link = case.facts.links.get(&id).ok_or(Reason::NotFound)?;
    case.require_grant(&link.roles).map_err(|denial| denial.at("link"))?;
    Ok(link)
}

fn done(link: LinkId, event: Option<Event>) -> Decision {
    Decision::quiet(event.into_iter().collect(), Outcome::Link { link })
}
