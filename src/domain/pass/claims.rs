//! What a pass and a passport say, as values and as claims.
//!
//! Owns how they are written; `read` reads them.

use super::bits;
use crate::domain::encoding::base64url;
use crate::domain::id::{OrganizationId, TeamId, UserId};
use crate::domain::permission::{Catalog, PermissionSet};
use crate::domain::role::RoleKey;
use crate::domain::slug::Slug;
use crate::domain::table::Table;
use crate::domain::text::Name;
use serde_json::{Value, json};

/// What every token says. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its own name, no other token's (`jti`).
    pub id: String,
    /// Which installation says so (`iss`).
    pub issuer: String,
    /// Who may believe it (`aud`).
    pub audience: String,
    /// About whom (`sub`).
    pub user: UserId,
    /// Since when (`iat`).
    pub issued_at: u64,
    /// From when on no more (`exp`).
    pub expires_at: u64,
    /// The permissions that exist there (`app` lists the application's): asking for another is an error.
    pub catalog: Catalog,
}

/// A role that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its key.
    pub key: RoleKey,
    /// What it allows. `None` of a built-in role to which the operator has added nothing: a reader knows it.
    pub permissions: Option<PermissionSet>,
}

/// One membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Where.
    pub organization: OrganizationId,
    /// The organization's slug.
    pub slug: Slug,
    /// The organization's name. A passport does not say it: a hundred would not fit.
    pub name: Name,
    /// The organization's version when this was true.
    pub version: u64,
    /// The version at which this membership last changed in power or state.
    pub epoch: u64,
    /// The roles in force.
    pub roles: Vec<Held>,
    /// What they allow together.
    pub permissions: PermissionSet,
    /// From when on the membership is over, if that is before the token is; Unix seconds.
    pub until: Option<u64>,
}

/// One membership, signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// What every token says.
    pub statement: Statement,
    /// The membership.
    pub member: Member,
    /// What may be done in those teams that the user is in and in all below them.
    pub teams: Table<TeamId, PermissionSet>,
    /// Whether there are more such teams than the token holds.
    pub more_teams: bool,
}

/// All memberships of a user, signed. It says nothing about teams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passport {
    /// What every token says.
    pub statement: Statement,
    /// The memberships, each organization once.
    pub members: Vec<Member>,
    /// Whether there are more than the token holds.
    pub more: bool,
}

impl Pass {
    /// The claims as JSON.
    pub fn claims(&self) -> String {
        let (member, statement) = (&self.member, &self.statement);
        let mut claims = json!({
            "org": member.organization,
            "slug": member.slug,
            "name": member.name,
            "ver": member.version,
            "epoch": member.epoch,
            "roles": roles(&member.roles),
            "perms": bits::write(member.permissions),
            "teams": self.teams.iter().map(|(team, set)| json!([team, bits::write(*set)])).collect::<Vec<_>>(),
        });
        add(&mut claims, "moreTeams", self.more_teams.then_some(json!(true)));
        complete(claims, statement)
    }
}

impl Passport {
    /// The claims as JSON.
    pub fn claims(&self) -> String {
        let row = |member: &Member| {
            let mut row = vec![
                json!(short(member.organization)),
                json!(member.slug),
                json!(member.version),
                json!(member.epoch),
                roles(&member.roles),
                json!(bits::write(member.permissions)),
            ];
            row.extend(member.until.map(|until| json!(until)));
            Value::from(row)
        };
        let mut claims = json!({ "orgs": self.members.iter().map(row).collect::<Vec<_>>() });
        add(&mut claims, "more", self.more.then_some(json!(true)));
        complete(claims, &self.statement)
    }
}

/// An id in a row of a passport: its 16 bytes in base64url, which are a third shorter than in hex.
fn short(id: OrganizationId) -> String {
    base64url(id.as_bytes())
}

fn roles(roles: &[Held]) -> Value {
    let shown = |held: &Held| match held.permissions {
        None => json!(held.key),
        Some(set) => json!([held.key, bits::write(set)]),
    };
    roles.iter().map(shown).collect()
}

fn add(claims: &mut Value, name: &str, value: Option<Value>) {
    if let (Some(fields), Some(value)) = (claims.as_object_mut(), value) {
        fields.insert(name.to_owned(), value);
    }
}

fn complete(mut claims: Value, statement: &Statement) -> String {
    for (name, value) in [
        ("iss", json!(statement.issuer)),
        ("aud", json!(statement.audience)),
        ("sub", json!(statement.user)),
        ("iat", json!(statement.issued_at)),
        ("exp", json!(statement.expires_at)),
        ("jti", json!(statement.id)),
        ("app", json!(statement.catalog.application())),
    ] {
        add(&mut claims, name, Some(value));
    }
    claims.to_string()
}
