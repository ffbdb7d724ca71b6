//! Invitation links: one token for many people.

use super::invitations::require_own_cursor;
use super::members::roles;
use super::organizations::moved;
use crate::app::keys::TokenKind;
use crate::app::mint::Mint;
use crate::app::ports::{Cache, Entropy, Failure, LinkFilter, Store};
use crate::domain::command::{Change, CreateLink, DeleteLink, RotateLink, UpdateLink};
use crate::domain::denial::{Denial, Reason};
use crate::domain::email::EmailDomain;
use crate::domain::id::{LinkId, OrganizationId};
use crate::domain::link::{InvitationLink, LinkState};
use crate::domain::order::sort;
use crate::domain::permission::Permission;
use crate::domain::quota::InvitationLimits;
use crate::domain::role::Roles;
use crate::domain::secret::SecretDigest;
use crate::domain::table::Set;
use crate::domain::time::Timestamp;
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::{Call, SeedUse, Wanted};
use crate::wire::present;
use crate::wire::query::Cursors;
use serde_json::json;

/// For how many people a link may be.
const USES: std::ops::RangeInclusive<i64> = 1..=100_000;

/// `GET /v1/organizations/{org}/invitation-links`
pub async fn list<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let user = &call.principal()?.user_id;
    let query = call.query(&["limit", "cursor"])?;
    let cursors = Cursors::new(&call.app.config.keys, &["links", user.as_str()]);
    let (place, limit) = (cursors.place::<(OrganizationId, LinkId)>(&query)?, query.limit()?);
    let filter = LinkFilter { before: place.map(|(_, id)| id), limit: limit.saturating_add(1) };
    let found = call.app.store.links(&call.reach()?, &filter).await?;
    let opened = call.open_rows(found, Permission::InvitationRead)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    require_own_cursor(place.map(|(organization, _)| organization), &opened.affiliation)?;
    let void = call.app.void_links(&opened.rows).await?;
    let show = |row: &InvitationLink| present::listed_link(row, call.app.now, &void);
    let timeless = opened.rows.iter().all(|row| is_timeless(row, call.app.now, &void));
    let page = cursors.page(opened.rows, limit, |row| json!([row.organization, row.id]), show);
    Ok(Answer::json(200, &page).at_version_with(opened.affiliation.version, timeless))
}

/// `GET /v1/organizations/{org}/invitation-links/{link}`
pub async fn read<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Answer, Failure> {
    call.query(&[])?;
    let found = call.app.store.link(&call.reach()?, LinkId::parse(id)?).await?;
    let opened = call.open_rows(found, Permission::InvitationRead)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let link = opened.rows.ok_or(Reason::NotFound)?;
    let void = call.app.void_links(std::slice::from_ref(&link)).await?;
    let shown = present::listed_link(&link, call.app.now, &void);
    let timeless = is_timeless(&link, call.app.now, &void);
    Ok(Answer::json(200, &shown).at_version_with(opened.affiliation.version, timeless))
}

/// Whether a link is shown as the version left it: neither has its time run out since, nor its maker's power.
fn is_timeless(link: &InvitationLink, now: Timestamp, void: &Set<LinkId>) -> bool {
    link.state_at(now) != LinkState::Expired && !void.contains(&link.id)
}

/// `POST /v1/organizations/{org}/invitation-links`
pub fn create<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    let mut fields = call.optional_body()?;
    let mint = Mint::new(call.app.entropy, call.app.now);
    let token = mint.token(&call.app.config.keys, TokenKind::Link)?;
    let lifetime = call.app.config.policy.invitations.lifetime;
    let action = CreateLink {
        link: mint.link()?,
        roles: roles(&mut fields)?.unwrap_or_else(Roles::member),
        digest: token.digest,
        max_uses: uses(&mut fields)?,
        allowed_domains: domains(&mut fields)?,
        disabled: fields.maybe_bool("disabled")?.unwrap_or(false),
        expires_at: end(call, &mut fields)?.unwrap_or_else(|| call.app.now.plus_seconds(lifetime)),
    };
    fields.end()?;
    Ok(Wanted::with(action, SeedUse { seed: token.seed, shown: true }))
}

fn uses(fields: &mut Fields) -> Result<Option<u32>, Denial> {
    Ok(fields.maybe_number("maxUses", USES)?.and_then(|most| u32::try_from(most).ok()))
}

fn end<S, C, E>(call: &Call<'_, S, C, E>, fields: &mut Fields) -> Result<Option<Timestamp>, Denial> {
    let longest = call.app.config.policy.invitations.longest;
    Ok(fields
        .maybe_number("expiresIn", InvitationLimits::SHORTEST..=longest)?
        .map(|seconds| call.app.now.plus_seconds(seconds)))
}

fn domains(fields: &mut Fields) -> Result<Vec<EmailDomain>, Denial> {
    let listed = fields.maybe_list("allowedDomains", InvitationLink::MOST_DOMAINS, EmailDomain::parse)?;
    let mut domains = listed.unwrap_or_default();
    sort(&mut domains);
    domains.dedup();
    Ok(domains)
}

/// `PATCH /v1/organizations/{org}/invitation-links/{link}`
pub fn update<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    let mut fields = call.body()?;
    fields.refuse_null(&["disabled", "expiresIn"])?;
    let any_number = fields.is_null("maxUses");
    let most = uses(&mut fields)?.map(Change::Set);
    let action = UpdateLink {
        link: LinkId::parse(id)?,
        disabled: fields.maybe_bool("disabled")?,
        max_uses: if any_number { Some(Change::Clear) } else { most },
        expires_at: end(call, &mut fields)?,
    };
    fields.end()?;
    Ok(action.into())
}

/// `POST /v1/organizations/{org}/invitation-links/{link}/rotate`
pub fn rotate<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    call.bare()?;
    let token = Mint::new(call.app.entropy, call.app.now).token(&call.app.config.keys, TokenKind::Link)?;
    let action = RotateLink { link: LinkId::parse(id)?, digest: token.digest };
    Ok(Wanted::with(action, SeedUse { seed: token.seed, shown: true }))
}

/// `DELETE /v1/organizations/{org}/invitation-links/{link}`
pub fn delete<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    call.bare()?;
    Ok(DeleteLink { link: LinkId::parse(id)? }.into())
}

/// What whoever holds a link's token sees of it, signed in or not.
pub async fn preview<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    digest: &SecretDigest,
) -> Result<Answer, Failure> {
    let found = call.app.preview_link(digest).await?;
    Ok(Answer::json(200, &present::link_preview(&found, call.app.now)))
}
