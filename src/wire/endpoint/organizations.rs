//! Organizations and slugs.

use super::ownership::plain;
use crate::app::mint::{Mint, numbered};
use crate::app::ports::{Cache, Entropy, Failure, Listed, OrganizationFilter, Store, Upkeep};
use crate::domain::command::{
    ActivateOrganization, Change, CreateOrganization, DeactivateOrganization, DeleteOrganization, PurgeOrganization,
    RestoreOrganization, SlugChoice, Target, UpdateOrganization,
};
use crate::domain::denial::{Denial, Reason};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::join_request::JoinRequests;
use crate::domain::permission::Permission;
use crate::domain::slug::Slug;
use crate::domain::text::{LogoUrl, Name};
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::{Call, Wanted};
use crate::wire::operator::OperatorScope;
use crate::wire::present;
use crate::wire::query::Cursors;
use serde_json::json;

/// `GET /v1/organizations`
pub async fn list<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let user = call.principal()?.user_id.clone();
    let query = call.query(&["include", "all", "q", "limit", "cursor"])?;
    let include = query.word("include", &["inactive", "deleted", "inactive,deleted"])?.unwrap_or_default();
    if query.word("all", &["true", "false"])? == Some("true") {
        return super::installation::organizations(call, &query).await;
    }
    if query.get("q").is_some() {
        return Err(
            Denial::about(Reason::InvalidValue, "q", "searching goes through all organizations: `all=true`").into()
        );
    }
    let (inactive, deleted) = (include.contains("inactive"), include.contains("deleted"));
    let cursors = Cursors::new(&call.app.config.keys, &["organizations", user.as_str(), include]);
    let (after, limit) = (cursors.place::<(String, OrganizationId)>(&query)?, query.limit()?);
    let filter =
        OrganizationFilter { user, now: call.app.now, inactive, deleted, after, limit: limit.saturating_add(1) };
    let mut rows = call.app.store.organizations(&filter).await?;
    let position = |row: &Listed| json!([row.organization.name.sort_key(), row.organization.id]);
    let next = cursors.cut(&mut rows, limit, position);
    Ok(Answer::json(200, &present::organizations(&rows, next, (call.catalog(), call.freshness.proof))))
}

/// `POST /v1/organizations`
pub async fn create<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let mut fields = call.body()?;
    let mint = Mint::new(call.app.entropy, call.app.now);
    let name = fields.text("name", Name::parse)?;
    let owner = fields.maybe_text("ownerId", UserId::parse_external)?;
    if owner.is_some() {
        call.require_operator(OperatorScope::Organizations)?;
    }
    let slug = fields.maybe_text("slug", Slug::parse)?;
    let slug = match slug {
        Some(slug) => SlugChoice::Exact(slug),
        None => SlugChoice::FirstFree(mint.slugs(name.as_str(), &call.app.config.policy.reserved)?),
    };
    let action = CreateOrganization {
        membership: mint.membership()?,
        owner,
        name,
        slug,
        metadata: fields.maybe_object("metadata")?.unwrap_or_default(),
        settings: fields.maybe_object("settings")?.unwrap_or_default(),
        logo_url: fields.maybe_text("logoUrl", LogoUrl::parse)?,
        seat_limit: call.app.config.seat_limit,
        personal: fields.maybe_bool("personal")?.unwrap_or(false),
    };
    fields.end()?;
    call.command(Target::New(mint.organization()?), action.into(), None).await
}

/// `GET /v1/organizations/{org}`
pub async fn read<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    call.query(&[])?;
    let found = call.app.store.organization(&call.reach()?).await?;
    let opened = call.open_rows(found, Permission::OrganizationRead)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let organization = opened.rows.ok_or(Reason::NotFound)?;
    let shown = present::organization(&organization, &opened.affiliation, call.catalog());
    Ok(Answer::json(200, &shown).at_version(organization.version))
}

/// Sends a member who asks for a former slug to the present one. The new address is made from our
/// own parts: nothing of the request's host is in it.
pub fn moved<S, C, E>(call: &Call<'_, S, C, E>, slug: &str) -> Answer {
    let path = call.request.uri().path();
    // `/v1/organizations/{org}`, or the same behind `/o/{slug}`.
    let named = if path.starts_with("/o/") { 6 } else { 4 };
    let rest: Vec<&str> = path.split('/').skip(named).collect();
    let tail = if rest.is_empty() { String::new() } else { format!("/{}", rest.join("/")) };
    let query = call.request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let location = format!("/v1/organizations/{slug}{tail}{query}");
    Answer::json(308, &json!({ "slug": slug })).with("location", location)
}

/// `PATCH /v1/organizations/{org}`
pub fn update<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    let mut fields = call.body()?;
    fields.refuse_null(&["name", "slug", "metadata", "settings", "joinRequests", "countPending", "requirements"])?;
    let mut requirements = fields.maybe_fields("requirements")?;
    let action = UpdateOrganization {
        name: fields.maybe_text("name", Name::parse)?,
        // One that the organization has is kept, whatever is reserved by now: deciding refuses what is new.
        slug: fields.maybe_text("slug", Slug::parse_held)?,
        metadata: fields.maybe_object("metadata")?,
        settings: fields.maybe_object("settings")?,
        logo_url: fields.change("logoUrl", LogoUrl::parse)?,
        join_requests: fields.maybe_text("joinRequests", JoinRequests::parse)?,
        seat_limit: seats(&mut fields)?,
        count_pending: fields.maybe_bool("countPending")?,
        require_verified_email: requirements.maybe_bool("verifiedEmail")?,
        require_mfa: requirements.maybe_bool("mfa")?,
    };
    requirements.end().map_err(|denial| denial.at("requirements"))?;
    fields.end()?;
    Ok(action.into())
}

/// Absent is unchanged, null is no limit.
fn seats(fields: &mut Fields) -> Result<Option<Change<u32>>, Denial> {
    if fields.is_null("seatLimit") {
        return Ok(Some(Change::Clear));
    }
    let limit = fields.maybe_number("seatLimit", 1..=i64::from(u32::MAX))?;
    Ok(limit.and_then(|limit| u32::try_from(limit).ok()).map(Change::Set))
}

/// `DELETE /v1/organizations/{org}`
pub fn delete<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    plain(call, DeleteOrganization {}.into())
}

/// `POST /v1/organizations/{org}/deactivate`
pub fn deactivate<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    plain(call, DeactivateOrganization {}.into())
}

/// `POST /v1/organizations/{org}/activate`
pub fn activate<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    plain(call, ActivateOrganization {}.into())
}

/// `POST /v1/organizations/{org}/restore`: by its owner, or a platform admin.
pub fn restore<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    plain(call, RestoreOrganization {}.into())
}

/// `POST /v1/organizations/{org}/purge`: by a platform admin, before its time.
pub fn purge<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    plain(call, PurgeOrganization { early: true }.into())
}

/// `GET /v1/slugs/{slug}`: capitals are read as lower case, as wherever a path names a slug.
pub async fn slug<S: Store + Upkeep, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    text: &str,
) -> Result<Answer, Failure> {
    let user = call.principal()?.user_id.clone();
    call.query(&[])?;
    let asked = Slug::parse_held(&text.to_ascii_lowercase()).map_err(|denial| denial.at("slug"))?;
    let reserved = &call.app.config.policy.reserved;
    let base = if reserved.has(asked.as_str()) { reserved.suggest(asked.as_str()) } else { asked.clone() };
    let others = numbered(&base).filter(|slug| *slug != asked);
    let candidates: Vec<Slug> = [asked.clone()].into_iter().chain(others).collect();
    let found = call.app.store.slugs(&user, &candidates, call.app.now).await?;
    if let Some(mine) = found.affiliation.filter(|mine| mine.slug != asked) {
        let location = format!("/v1/slugs/{}", mine.slug);
        return Ok(Answer::json(308, &json!({ "slug": mine.slug })).with("location", location));
    }
    let possible = |slug: &&Slug| !reserved.has(slug.as_str()) && !found.holders.contains_key(slug);
    let free = candidates.iter().find(possible);
    let available = free == Some(&asked);
    let suggestion = free.filter(|_| !available);
    Ok(Answer::json(200, &json!({ "slug": asked, "available": available, "suggestion": suggestion })))
}
