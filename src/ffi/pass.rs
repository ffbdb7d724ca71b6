//! Passes from outside: taken apart, believed, and asked.
//!
//! Owns the shapes. The rule by which one is believed and what it answers are `domain::pass`'s. Whoever
//! calls [`believe`] has checked the signature: `pkg/` does, with WebCrypto, or with [`verify`].

use super::read::Fields;
use crate::domain::denial::{Denial, Reason};
use crate::domain::id::{OrganizationId, TeamId, UserId};
use crate::domain::pass::{
    Expectations, Held, KeySet, Kind, MOST_LEEWAY, Member, PassFault, Statement, Undecided, Unverified, Vouched,
};
use crate::domain::permission::{Catalog, PermissionSet};
use crate::domain::role::RoleKey;
use crate::domain::slug::Slug;
use serde::Serialize;

/// The key by which a token is to be checked.
#[derive(Debug, Serialize)]
pub struct Opened {
    /// Its name.
    kid: String,
    /// The `x` of its JWK.
    x: String,
}

/// `{token, passport?, jwks}` -> `{kid, x}`.
///
/// # Errors
/// `pass_invalid`, `pass_unknown_key`; `invalid_value` at `jwks` for what is no set of public keys.
pub fn open(fields: &mut Fields<'_>) -> Result<Opened, Denial> {
    let (token, keys) = (Token::take(fields)?, keys(fields)?);
    let kid = token.open()?.kid().to_owned();
    let x = keys.find(&kid).ok_or(PassFault::PassUnknownKey)?.x();
    Ok(Opened { kid, x })
}

/// `{token, passport?, jwks}` -> `true`, where the runtime has no Ed25519 of its own.
///
/// # Errors
/// As [`open`]; `pass_invalid` for another signature.
pub fn verify(fields: &mut Fields<'_>) -> Result<bool, Denial> {
    let (token, keys) = (Token::take(fields)?, keys(fields)?);
    token.open()?.verify(&keys)?;
    Ok(true)
}

fn keys(fields: &mut Fields<'_>) -> Result<KeySet, Denial> {
    let set = fields.any("jwks").and_then(|set| KeySet::parse(set.as_str()));
    set.ok_or_else(|| Denial::about(Reason::InvalidValue, "jwks", "a set of public keys is expected"))
}

/// A token and what it should be.
struct Token {
    text: String,
    kind: Kind,
}

impl Token {
    fn take(fields: &mut Fields<'_>) -> Result<Self, Denial> {
        let kind = if fields.or_default("passport")? { Kind::Passport } else { Kind::Pass };
        Ok(Token { text: fields.take("token")?, kind })
    }

    fn open(&self) -> Result<Unverified<'_>, PassFault> {
        Unverified::open(&self.text, self.kind)
    }

    fn vouched(&self) -> Result<Vouched, PassFault> {
        self.open()?.vouched()
    }
}

/// What a believed token says. Times are in milliseconds since 1970.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Believed {
    id: String,
    issuer: String,
    audience: String,
    user_id: UserId,
    issued_at: u64,
    expires_at: u64,
    /// Until when it is believed, on the clock of whoever asks.
    ends: u64,
    /// The name of every permission that exists.
    permissions: Vec<String>,
    members: Vec<Membership>,
    teams: Vec<(TeamId, Vec<usize>)>,
    more: bool,
}

/// One membership; what it allows is given by places in the list of permissions.
#[derive(Debug, Serialize)]
struct Membership {
    id: OrganizationId,
    slug: Slug,
    version: u64,
    epoch: u64,
    roles: Vec<RoleKey>,
    allowed: Vec<usize>,
    until: Option<u64>,
}

/// `{token, passport?, audience?, issuer?, now, leeway?, minVersion?, minEpoch?}` -> what it says.
///
/// # Errors
/// A [`PassFault`].
pub fn believe(fields: &mut Fields<'_>) -> Result<Believed, Denial> {
    let token = Token::take(fields)?;
    let (audience, issuer): (Option<String>, Option<String>) = (fields.take("audience")?, fields.take("issuer")?);
    let expected = Expectations {
        audience: audience.as_deref(),
        issuer: issuer.as_deref(),
        now: fields.instant("now")?,
        leeway: fields.or_default("leeway")?,
        min_version: fields.take("minVersion")?,
        min_epoch: fields.take("minEpoch")?,
    };
    let vouched = token.vouched()?;
    if token.kind == Kind::Passport {
        let passport = vouched.passport(&expected)?;
        return Ok(Believed::of(&passport.statement, &passport.members, passport.more, expected.leeway));
    }
    let pass = vouched.pass(&expected)?;
    let catalog = &pass.statement.catalog;
    let teams = pass.teams.iter().map(|(team, set)| (*team, places(catalog, *set))).collect();
    let member = std::slice::from_ref(&pass.member);
    Ok(Believed { teams, ..Believed::of(&pass.statement, member, pass.more_teams, expected.leeway) })
}

impl Believed {
    fn of(said: &Statement, members: &[Member], more: bool, leeway: u64) -> Self {
        let millis = |seconds: u64| seconds.saturating_mul(1000);
        Believed {
            id: said.id.clone(),
            issuer: said.issuer.clone(),
            audience: said.audience.clone(),
            user_id: said.user.clone(),
            issued_at: millis(said.issued_at),
            expires_at: millis(said.expires_at),
            ends: millis(said.expires_at.saturating_add(leeway.min(MOST_LEEWAY))),
            permissions: said.catalog.permissions().map(|each| said.catalog.name(each).to_owned()).collect(),
            members: members.iter().map(|member| Membership::of(member, &said.catalog)).collect(),
            teams: Vec::new(),
            more,
        }
    }
}

impl Membership {
    fn of(member: &Member, catalog: &Catalog) -> Self {
        Membership {
            id: member.organization,
            slug: member.slug.clone(),
            version: member.version,
            epoch: member.epoch,
            roles: member.roles.iter().map(|Held { key, .. }| key.clone()).collect(),
            allowed: places(catalog, member.permissions),
            until: member.until.map(|seconds| seconds.saturating_mul(1000)),
        }
    }
}

fn places(catalog: &Catalog, set: PermissionSet) -> Vec<usize> {
    let all = catalog.permissions().enumerate();
    all.filter_map(|(place, permission)| set.contains(permission).then_some(place)).collect()
}

/// A decision that explains itself.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    permission: String,
    allowed: bool,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    granted_by: Option<RoleKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<String>,
}

/// `{token, passport?, organization?, permission, team?}` -> a decision. The token has been believed before.
///
/// # Errors
/// `unknown_permission`, `team_not_in_pass`, `not_found` for an organization that the token does not name.
pub fn explain(fields: &mut Fields<'_>) -> Result<Explained, Denial> {
    let token = Token::take(fields)?;
    let (permission, team): (String, Option<TeamId>) = (fields.take("permission")?, fields.take("team")?);
    let organization: Option<String> = fields.take("organization")?;
    let vouched = token.vouched()?;
    if token.kind == Kind::Pass {
        let pass = vouched.read_pass()?;
        let decision = pass.decide(&permission, team).map_err(|why| undecided(why, &permission))?;
        return Ok(Explained::of(permission, decision));
    }
    let passport = vouched.read_passport()?;
    let named = |member: &&Member| {
        organization
            .as_deref()
            .is_some_and(|name| member.slug.as_str() == name || member.organization.to_string() == name)
    };
    let member = passport.members.iter().find(named).ok_or(Reason::NotFound)?;
    let decision = member.decide(&permission, &passport.statement.catalog);
    Ok(Explained::of(permission.clone(), decision.map_err(|why| undecided(why, &permission))?))
}

impl Explained {
    fn of(permission: String, decision: crate::domain::pass::Decision<'_>) -> Self {
        let missing = (!decision.allowed).then(|| permission.clone());
        let granted_by = decision.granted_by.cloned();
        Explained { permission, allowed: decision.allowed, code: decision.code, granted_by, missing }
    }
}

fn undecided(why: Undecided, permission: &str) -> Denial {
    match why {
        Undecided::UnknownPermission => Denial::about(Reason::UnknownPermission, "permission", permission.to_owned()),
        Undecided::TeamNotInPass => Reason::TeamNotInPass.into(),
    }
}
