//! Resolution from outside: a request and the caller's memberships, as `GET /v1/me` shows them.
//!
//! Owns the reading of that shape. The rule is `domain::resolve`'s, the reading of the request
//! `wire::hints`', the answer's shape `wire::present`'s: the same that `GET /v1/resolve` goes through.

use super::exchange::HeaderPairs;
use super::place::place;
use super::reply;
use crate::domain::declared_roles::{DeclaredRole, DeclaredRoles};
use crate::domain::denial::{Denial, Reason};
use crate::domain::host;
use crate::domain::id::{MembershipId, OrganizationId, UserId};
use crate::domain::json::Json;
use crate::domain::membership::MembershipState;
use crate::domain::organization::OrganizationState;
use crate::domain::permission::{Catalog, can_be_declared};
use crate::domain::read::{Fields, FromJson, records};
use crate::domain::requirements::Requirements;
use crate::domain::resolve::{
    Affiliation, Hints, PublicOrganization, ResolutionSettings, Seen, SkipPaths, explain, resolve,
};
use crate::domain::role::{RoleGrant, RoleKey, permissions_listed};
use crate::domain::slug::Slug;
use crate::domain::table::Set;
use crate::domain::text::Name;
use crate::domain::time::Timestamp;
use crate::wire::hints;
use crate::wire::present::View;

/// `{url, headers?, caller?, memberships?, roles?, config?, pass?, remembered?, domains?, explain?, now?}` ->
/// `{outcome, organization?, …, explanation?}`.
///
/// # Errors
/// `missing_field`, `invalid_value`, or what a value's own rule says; each names the field.
pub fn organization(fields: &mut Fields<'_>) -> Result<String, Denial> {
    let config: Config = fields.or_default("config")?;
    let held: Vec<HeldRole> = fields.or_default("roles")?;
    let catalog = catalog(config.permissions.as_deref(), &held)?;
    let hints = hints(fields, &config.settings()?)?;
    let seen = seen(fields, config, &held)?;
    if !fields.or_default::<bool>("explain")? {
        return Ok(reply::text(&View::of(&resolve(&hints, &seen), &catalog)));
    }
    let (resolution, findings) = explain(&hints, &seen);
    Ok(reply::text(&View::of(&resolution, &catalog).explained(&findings)))
}

/// The permissions that exist: those that the caller declares; else those that the installation's roles name. With them
/// what is the same in every organization: the declared roles, and what the operator has added to built-in ones.
fn catalog(declared: Option<&[String]>, held: &[HeldRole]) -> Result<Catalog, Denial> {
    let catalog = permissions(declared, held)?;
    let mut roles = DeclaredRoles::default();
    for role in held.iter().filter(|role| role.organization.is_none()) {
        let listed = role.listed();
        let permissions = permissions_listed(&catalog, &listed);
        if role.key.is_built_in() {
            roles.add(role.key.as_str(), permissions);
        } else {
            roles.declare(role.key.clone(), DeclaredRole { name: None, listed, permissions });
        }
    }
    Ok(catalog.with_roles(roles))
}

fn permissions(declared: Option<&[String]>, held: &[HeldRole]) -> Result<Catalog, Denial> {
    if let Some(declared) = declared {
        return Catalog::declare(declared).map_err(|denial| denial.at("config.permissions"));
    }
    let named = held.iter().flat_map(|role| role.permissions.iter()).filter(|name| can_be_declared(name));
    Catalog::declare(&named.collect::<Vec<_>>()).map_err(|denial| denial.at("roles"))
}

fn hints(fields: &mut Fields<'_>, settings: &ResolutionSettings) -> Result<Hints, Denial> {
    let url: String = fields.take("url")?;
    let headers: HeaderPairs = fields.or_default("headers")?;
    let pass: Option<Pass> = fields.take("pass")?;
    let remembered: Option<String> = fields.take("remembered")?;
    let hints = hints::of(&place(&url, &headers)?, settings);
    let hints = pass.into_iter().fold(hints, |hints, Pass(organization)| hints.with_pass(organization));
    // As with the cookie: what is no id was no choice.
    Ok(Hints { remembered: remembered.and_then(|id| OrganizationId::parse(&id).ok()), ..hints })
}

fn seen(fields: &mut Fields<'_>, config: Config, held: &[HeldRole]) -> Result<Seen, Denial> {
    let caller: Option<Caller> = fields.take("caller")?;
    let signed_in = caller.is_some();
    let now = fields.maybe_instant("now")?;
    let mut affiliations = affiliations(fields, caller, held)?;
    // A membership whose time is over is none; a caller without a clock judges by itself.
    affiliations.retain(|affiliation| now.is_none_or(|now| affiliation.lasts(now)));
    Ok(Seen {
        signed_in,
        affiliations,
        hosts: fields.or_default("domains")?,
        fallback: config.fallback.map(|Offered(organization)| organization),
        auto_join: config.auto_join.map(|Offered(organization)| organization),
    })
}

/// What the installation is set to.
#[derive(Default)]
struct Config {
    base_domain: Option<String>,
    own_host: Option<String>,
    skip_paths: Option<String>,
    fallback: Option<Offered>,
    auto_join: Option<Offered>,
    permissions: Option<Vec<String>>,
}

records! {
    Config {
        base_domain "baseDomain",
        own_host "ownHost",
        skip_paths "skipPaths",
        fallback "fallbackOrganization",
        auto_join "autoJoinOrganization",
        permissions,
    }
}

impl Config {
    fn settings(&self) -> Result<ResolutionSettings, Denial> {
        let skip_paths = SkipPaths::parse(self.skip_paths.as_deref().unwrap_or_default());
        Ok(ResolutionSettings {
            base_domain: given(self.base_domain.as_ref(), host::base_domain, "config.baseDomain")?,
            own_host: given(self.own_host.as_ref(), host::own_host, "config.ownHost")?,
            skip_paths: skip_paths.map_err(|denial| denial.at("config.skipPaths"))?,
            ..ResolutionSettings::default()
        })
    }
}

/// What a setting that may be left out comes to; an empty one is left out, as in the Worker's configuration.
fn given(
    text: Option<&String>,
    read: fn(&str) -> Result<String, Denial>,
    name: &'static str,
) -> Result<Option<String>, Denial> {
    text.filter(|text| !text.is_empty()).map(|text| read(text)).transpose().map_err(|denial| denial.at(name))
}

/// The organization of a pass that was verified before: its id, or the pass itself.
struct Pass(OrganizationId);

impl FromJson for Pass {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        match Fields::of(value) {
            Ok(mut fields) => fields.take("organization").map(Pass),
            Err(_) => OrganizationId::read(value).map(Pass),
        }
    }
}

/// An organization that the operator offers, as `GET /v1/resolve` shows it.
struct Offered(PublicOrganization);

impl FromJson for Offered {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        let mut fields = Fields::of(value)?;
        Ok(Offered(PublicOrganization {
            id: fields.take("id")?,
            slug: fields.take("slug")?,
            name: fields.take("name")?,
            state: fields.take("state")?,
            version: fields.take("version")?,
        }))
    }
}

/// Who calls.
struct Caller(UserId);

/// A user id, or a principal as `GET /v1/me` shows it.
impl FromJson for Caller {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        let user = match Fields::of(value) {
            Ok(mut fields) => fields.take("userId")?,
            Err(_) => UserId::read(value)?,
        };
        user.require_trimmed()?;
        Ok(Caller(user))
    }
}

/// Whose affiliations these are is not in them.
struct Membership {
    id: MembershipId,
    organization: Card,
    roles: Vec<RoleKey>,
    state: MembershipState,
    until: Option<Timestamp>,
    missing: Requirements,
    former_slugs: Vec<Slug>,
}

/// A role that is held in one of the memberships' organizations; of a declared or a built-in one `organization` is `None`.
struct HeldRole {
    organization: Option<OrganizationId>,
    key: RoleKey,
    permissions: Vec<String>,
}

impl FromJson for HeldRole {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        let mut fields = Fields::of(value)?;
        Ok(HeldRole {
            organization: fields.take("organizationId")?,
            key: fields.take("key")?,
            permissions: fields.take("permissions")?,
        })
    }
}

impl HeldRole {
    fn is_of(&self, organization: OrganizationId) -> bool {
        self.organization.is_none_or(|own| own == organization)
    }

    fn listed(&self) -> Set<String> {
        self.permissions.iter().cloned().collect()
    }
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
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        let mut fields = Fields::of(value)?;
        let until: Option<String> = fields.take("until")?;
        let missing: Vec<String> = fields.or_default("requirementsMissing")?;
        Ok(Membership {
            id: fields.take("id")?,
            organization: fields.take("organization")?,
            roles: fields.take("roles")?,
            state: fields.or_default("state")?,
            until: until.map(|text| Timestamp::parse(&text)).transpose()?,
            missing: Requirements::of_names(&missing).map_err(|denial| denial.at("requirementsMissing"))?,
            former_slugs: fields.or_default("formerSlugs")?,
        })
    }
}

impl FromJson for Card {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
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
fn affiliations(
    fields: &mut Fields<'_>,
    caller: Option<Caller>,
    held: &[HeldRole],
) -> Result<Vec<Affiliation>, Denial> {
    let memberships: Vec<Membership> = fields.or_default("memberships")?;
    match caller {
        Some(Caller(user)) => Ok(memberships.into_iter().map(|membership| membership.of(&user, held)).collect()),
        None if memberships.is_empty() => Ok(Vec::new()),
        None => Err(Denial::about(Reason::MissingField, "caller", "`caller` is missing: whose memberships are these?")),
    }
}

impl Membership {
    fn of(self, user: &UserId, held: &[HeldRole]) -> Affiliation {
        let own = held.iter().filter(|role| role.organization == Some(self.organization.id));
        let grant = |role: &HeldRole| RoleGrant { key: role.key.clone(), permissions: role.listed() };
        let mut custom_roles: Vec<RoleGrant> = own.map(grant).collect();
        // A key is said without its role while the membership gives no power: it stays known, and allows nothing.
        let said = |key: &RoleKey| held.iter().any(|role| role.key == *key && role.is_of(self.organization.id));
        let unsaid = self.roles.iter().filter(|key| !key.is_built_in() && !said(key));
        custom_roles.extend(unsaid.map(|key| RoleGrant { key: key.clone(), permissions: Set::new() }));
        let Card { id, slug, name, state, owner, version } = self.organization;
        Affiliation {
            organization: id,
            slug,
            name,
            state,
            owner,
            version,
            user: user.clone(),
            membership: Some(self.id),
            platform_admin: false,
            roles: self.roles,
            custom_roles,
            membership_state: self.state,
            until: self.until,
            requirements: self.missing,
            unmet: self.missing,
            former_slugs: self.former_slugs,
        }
    }
}
