//! Resolution from outside: a request and the caller's memberships, as `GET /v1/me` shows them.
//!
//! Owns the reading of that shape. The rule is `domain::resolve`'s, the reading of the request
//! `wire::hints`', the answer's shape `wire::present`'s: the same that `GET /v1/resolve` goes through.

use super::exchange::{HeaderPairs, header_map};
use super::input::Input;
use crate::domain::denial::{Denial, Reason};
use crate::domain::id::{MembershipId, OrganizationId, UserId};
use crate::domain::organization::OrganizationState;
use crate::domain::resolve::{Affiliation, Hints, resolve};
use crate::domain::role::Role;
use crate::domain::slug::Slug;
use crate::domain::text::Name;
use crate::wire::{hints, present};
use http::Uri;
use serde::Deserialize;
use serde_json::Value;

/// `{url, headers?, caller?, memberships?, config?, remembered?}` -> `{outcome, organization?, …}`.
///
/// # Errors
/// `missing_field`, `invalid_value`; each names the field.
pub fn organization(input: &mut Input) -> Result<Value, Denial> {
    let url: String = input.take("url")?;
    let url: Uri = url.parse().map_err(|_| Denial::about(Reason::InvalidValue, "url", "an address is expected"))?;
    let headers: HeaderPairs = input.maybe("headers")?.unwrap_or_default();
    let config: Config = input.maybe("config")?.unwrap_or_default();
    let remembered: Option<String> = input.maybe("remembered")?;
    let affiliations = affiliations(input)?;
    let hints = Hints {
        explicit: hints::explicit(&url, &header_map(&headers), config.base_domain.as_deref()),
        // As with the cookie: what is no id was no choice.
        remembered: remembered.and_then(|id| OrganizationId::parse(&id).ok()),
    };
    Ok(present::resolution(&resolve(&hints, &affiliations)))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Config {
    base_domain: Option<String>,
}

/// Who calls: a user id, or a principal as `GET /v1/me` shows it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Caller {
    Id(UserId),
    Principal {
        #[serde(rename = "userId")]
        user_id: UserId,
    },
}

/// What is not known here is passed over: the API may show more one day.
#[derive(Deserialize)]
struct Membership {
    id: MembershipId,
    organization: Card,
    roles: Vec<Role>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Card {
    id: OrganizationId,
    slug: Slug,
    name: Name,
    state: OrganizationState,
    owner_id: UserId,
    version: u64,
}

/// Rule: memberships are somebody's. Without a caller they would silently count for nobody.
fn affiliations(input: &mut Input) -> Result<Vec<Affiliation>, Denial> {
    let caller: Option<Caller> = input.maybe("caller")?;
    let memberships: Vec<Membership> = input.maybe("memberships")?.unwrap_or_default();
    match caller {
        Some(Caller::Id(user) | Caller::Principal { user_id: user }) => {
            Ok(memberships.into_iter().map(|membership| membership.of(&user)).collect())
        }
        None if memberships.is_empty() => Ok(Vec::new()),
        None => Err(Denial::about(Reason::MissingField, "caller", "`caller` is missing: whose memberships are these?")),
    }
}

impl Membership {
    fn of(self, user: &UserId) -> Affiliation {
        let Card { id, slug, name, state, owner_id, version } = self.organization;
        Affiliation {
            organization: id,
            slug,
            name,
            state,
            owner: owner_id,
            version,
            user: user.clone(),
            membership: self.id,
            roles: self.roles,
            former_slugs: Vec::new(),
        }
    }
}
