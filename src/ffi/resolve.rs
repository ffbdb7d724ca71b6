//! Resolution from outside: a request and the caller's memberships, as `GET /v1/me` shows them.
//!
//! Owns the reading of that shape. The rule is `domain::resolve`'s, the reading of the request
//! `wire::hints`', the answer's shape `wire::present`'s: the same that `GET /v1/resolve` goes through.

use super::exchange::{HeaderPairs, header_map};
use super::read::{Fields, FromJson, records};
use crate::domain::denial::{Denial, Reason};
use crate::domain::id::{MembershipId, OrganizationId, UserId};
use crate::domain::organization::OrganizationState;
use crate::domain::resolve::{Affiliation, Hints, resolve};
use crate::domain::role::Role;
use crate::domain::slug::Slug;
use crate::domain::text::Name;
use crate::wire::{hints, present};
use http::Uri;
use serde_json::Value;

/// `{url, headers?, caller?, memberships?, config?, remembered?}` -> `{outcome, organization?, …}`.
///
/// # Errors
/// `missing_field`, `invalid_value`, or what a value's own rule says; each names the field.
pub fn organization(fields: &mut Fields) -> Result<Value, Denial> {
    let url: String = fields.take("url")?;
    let url: Uri = url.parse().map_err(|_| Denial::about(Reason::InvalidValue, "url", "an address is expected"))?;
    let headers: HeaderPairs = fields.or_default("headers")?;
    let config: Config = fields.or_default("config")?;
    let remembered: Option<String> = fields.take("remembered")?;
    let affiliations = affiliations(fields)?;
    let hints = Hints {
        explicit: hints::explicit(&url, &header_map(&headers), config.base_domain.as_deref()),
        // As with the cookie: what is no id was no choice.
        remembered: remembered.and_then(|id| OrganizationId::parse(&id).ok()),
    };
    Ok(present::resolution(&resolve(&hints, &affiliations)))
}

#[derive(Default)]
struct Config {
    base_domain: Option<String>,
}

records! {
    Config { base_domain "baseDomain", }
}

/// Who calls.
struct Caller(UserId);

/// A user id, or a principal as `GET /v1/me` shows it.
impl FromJson for Caller {
    fn read(value: Value) -> Result<Self, Denial> {
        match value {
            Value::Object(_) => Fields::of(value)?.take("userId").map(Caller),
            other => UserId::read(other).map(Caller),
        }
    }
}

/// Whose affiliations these are is not in them.
struct Membership {
    id: MembershipId,
    organization: Card,
    roles: Vec<Role>,
}

struct Card {
    id: OrganizationId,
    slug: Slug,
    name: Name,
    state: OrganizationState,
    owner: UserId,
    version: u64,
}

/// What is not known here is passed over: the API may show more one day.
impl FromJson for Membership {
    fn read(value: Value) -> Result<Self, Denial> {
        let mut fields = Fields::of(value)?;
        let (id, organization, roles) = (fields.take("id")?, fields.take("organization")?, fields.take("roles")?);
        Ok(Membership { id, organization, roles })
    }
}

impl FromJson for Card {
    fn read(value: Value) -> Result<Self, Denial> {
        let mut fields = Fields::of(value)?;
        Ok(Card {
            id: fields.take("id")?,
            slug: fields.take("slug")?,
            name: fields.take("name")?,
            state: fields.take("state")?,
            owner: fields.take("ownerId")?,
            version: fields.take("version")?,
        })
    }
}

/// Rule: memberships are somebody's. Without a caller they would silently count for nobody.
fn affiliations(fields: &mut Fields) -> Result<Vec<Affiliation>, Denial> {
    let caller: Option<Caller> = fields.take("caller")?;
    let memberships: Vec<Membership> = fields.or_default("memberships")?;
    match caller {
        Some(Caller(user)) => Ok(memberships.into_iter().map(|membership| membership.of(&user)).collect()),
        None if memberships.is_empty() => Ok(Vec::new()),
        None => Err(Denial::about(Reason::MissingField, "caller", "`caller` is missing: whose memberships are these?")),
    }
}

impl Membership {
    fn of(self, user: &UserId) -> Affiliation {
        let Card { id, slug, name, state, owner, version } = self.organization;
        Affiliation {
            organization: id,
            slug,
            name,
            state,
            owner,
            version,
            user: user.clone(),
            membership: self.id,
            roles: self.roles,
            former_slugs: Vec::new(),
        }
    }
}
