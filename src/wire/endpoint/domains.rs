//! Domains: claiming, proving, opening, giving up, and what they open to the caller.

use super::invitations::require_own_cursor;
use super::organizations::moved;
use crate::app::mint::Mint;
use crate::app::ports::{Cache, DomainFilter, Entropy, Failure, Store, TxtRecords};
use crate::domain::claim::{Domain, DomainPolicy, domain_of};
use crate::domain::command::{ChangeDomain, ClaimDomain, DeleteDomain, VerifyDomain};
use crate::domain::denial::{Denial, Reason};
use crate::domain::domain_name::DomainName;
use crate::domain::id::{DomainId, OrganizationId};
use crate::domain::permission::Permission;
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::{Call, Wanted};
use crate::wire::present;
use crate::wire::query::{Cursors, page};
use serde_json::{Value, json};

/// `GET /v1/organizations/{org}/domains`
pub async fn list<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let user = &call.principal()?.user_id;
    let query = call.query(&["limit", "cursor"])?;
    let cursors = Cursors::new(&call.app.config.keys, &["domains", user.as_str()]);
    let (place, limit) = (cursors.place::<(OrganizationId, DomainId)>(&query)?, query.limit()?);
    let filter = DomainFilter { after: place.map(|(_, id)| id), limit: limit.saturating_add(1) };
    let found = call.app.store.domains(&call.reach()?, &filter).await?;
    let opened = call.open_rows(found, Permission::DomainRead)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    require_own_cursor(place.map(|(organization, _)| organization), &opened.affiliation)?;
    let position = |row: &Domain| json!([row.organization, row.id]);
    let page = cursors.page(opened.rows, limit, position, present::domain);
    Ok(Answer::json(200, &page).at_version(opened.affiliation.version))
}

/// `GET /v1/organizations/{org}/domains/{id}`
pub async fn read<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Answer, Failure> {
    let reach = call.reach()?;
    call.query(&[])?;
    let found = call.app.store.domain(&reach, DomainId::parse(id)?).await?;
    let opened = call.open_rows(found, Permission::DomainRead)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let domain = opened.rows.ok_or(Reason::NotFound)?;
    Ok(Answer::json(200, &present::domain(&domain)).at_version(opened.affiliation.version))
}

/// `POST /v1/organizations/{org}/domains`
pub fn claim<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    let mut fields = call.body()?;
    let mint = Mint::new(call.app.entropy, call.app.now);
    let action = ClaimDomain {
        domain: mint.domain()?,
        name: fields.text("name", |text| claimable(call, text))?,
        policy: fields.maybe_text("policy", DomainPolicy::parse)?.unwrap_or(DomainPolicy::Off),
        challenge: mint.challenge()?,
    };
    fields.end()?;
    Ok(action.into())
}

fn claimable<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, text: &str) -> Result<DomainName, Denial> {
    let name = DomainName::parse(text)?;
    call.app.require_claimable(&name)?;
    Ok(name)
}

/// `POST /v1/organizations/{org}/domains/{id}/verify`: lets the caller in, looks the proof up, decides.
pub async fn verify<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    let reach = call.reach()?;
    call.query(&[])?;
    Fields::optional_of(call.request)?.end()?;
    let found = call.app.store.domain(&reach, DomainId::parse(id)?).await?;
    let opened = call.open_rows(found, Permission::DomainUpdate)?;
    let domain = opened.rows.ok_or(Reason::NotFound)?;
    let found = call.app.proofs(&domain.name).await?;
    Ok(VerifyDomain { domain: domain.id, name: domain.name, found }.into())
}

/// `PATCH /v1/organizations/{org}/domains/{id}`
pub fn change<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    let mut fields = call.body()?;
    let policy = fields.text("policy", DomainPolicy::parse)?;
    fields.end()?;
    Ok(ChangeDomain { domain: DomainId::parse(id)?, policy }.into())
}

/// `DELETE /v1/organizations/{org}/domains/{id}`
pub fn delete<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    call.bare()?;
    Ok(DeleteDomain { domain: DomainId::parse(id)? }.into())
}

/// `GET /v1/me/joinable-organizations`: into which organization the domain of the caller's verified
/// address leads, if it leads into one. A list, because it may be several one day.
pub async fn joinable<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let principal = call.principal()?;
    call.query(&[])?;
    let found = match domain_of(principal) {
        Some(name) => call.app.store.joinable(&principal.user_id, &name).await?,
        None => None,
    };
    let open = found.filter(|found| found.policy() != DomainPolicy::Off);
    let data: Vec<Value> = open.iter().map(present::joinable).collect();
    Ok(Answer::json(200, &page(data, None)))
}

/// `PUT /dev/dns`: what the development mode's DNS is to answer.
pub async fn put_dns<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    call.query(&[])?;
    call.require_real()?;
    let mut fields = Fields::of(call.request)?;
    let name = fields.text("name", record)?;
    let txt = fields.maybe_texts("txt", 20)?;
    let broken = fields.maybe_bool("broken")?.unwrap_or(false);
    fields.end()?;
    let records = if broken { TxtRecords::Broken } else { TxtRecords::Found(txt.unwrap_or_default()) };
    call.app.put_dev_txt(&name, &records).await;
    Ok(Answer::json(200, &json!({ "name": name, "broken": broken })))
}

/// Names of records have underscores, which names of domains have not.
fn record(text: &str) -> Result<String, Denial> {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if text.len() > 300 || !plain {
        return Err(Denial::because(Reason::InvalidValue, "the name of a record is expected"));
    }
    Ok(text.to_ascii_lowercase())
}
