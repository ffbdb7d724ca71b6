//! What a pass and a passport say, as values and as claims.
//!
//! Owns the names and types of the claims. What has another type than it should is invalid, never
//! absent; claims that are not known are passed over, as JWT asks.

use super::bits;
use super::strict_json::Json;
use crate::domain::id::{OrganizationId, TeamId, UserId};
use crate::domain::permission::{Catalog, PermissionSet};
use crate::domain::role::RoleKey;
use crate::domain::slug::Slug;
use crate::domain::table::Table;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
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
    /// What it allows, if it is one of the organization's own. The others' is known.
    pub permissions: Option<PermissionSet>,
}

/// One membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Where.
    pub organization: OrganizationId,
    /// The organization's slug.
    pub slug: Slug,
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
            "ver": member.version,
            "epoch": member.epoch,
            "roles": roles(&member.roles),
            "perms": bits::write(member.permissions),
            "teams": self.teams.iter().map(|(team, set)| json!([team, bits::write(*set)])).collect::<Vec<_>>(),
        });
        add(&mut claims, "moreTeams", self.more_teams.then_some(json!(true)));
        complete(claims, statement)
    }

    pub(super) fn read(claims: &Json) -> Option<Pass> {
        let statement = Statement::read(claims)?;
        let field = |name: &str| claims.get(name);
        let member = [field("org"), field("slug"), field("ver"), field("epoch"), field("roles"), field("perms")];
        let member = Member::read(member, None, &statement)?;
        let known = statement.catalog.application().len();
        let listed = claims.get("teams")?.list()?;
        let mut teams = Table::new();
        for team in listed {
            let [team, set] = team.list()? else { return None };
            teams.insert(TeamId::parse(team.text()?).ok()?, bits::read(set.text()?, known)?);
        }
        let more_teams = flag(claims, "moreTeams")?;
        (teams.len() == listed.len()).then_some(Pass { statement, member, teams, more_teams })
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

    pub(super) fn read(claims: &Json) -> Option<Passport> {
        let statement = Statement::read(claims)?;
        let rows = claims.get("orgs")?.list().filter(|rows| rows.len() <= super::MOST_MEMBERSHIPS)?;
        let mut members: Vec<Member> = Vec::new();
        for row in rows {
            let (id, [b, c, d, e, f], until) = match row.list()? {
                [a, b, c, d, e, f] => (a, [b, c, d, e, f], None),
                [a, b, c, d, e, f, until] => (a, [b, c, d, e, f], Some(until.whole()?)),
                _ => return None,
            };
            let id = Json::Text(long(id.text()?)?);
            let member = Member::read([&id, b, c, d, e, f].map(Some), until, &statement)?;
            if members.iter().any(|known| known.organization == member.organization || known.slug == member.slug) {
                return None;
            }
            members.push(member);
        }
        Some(Passport { more: flag(claims, "more")?, statement, members })
    }
}

impl Statement {
    fn read(claims: &Json) -> Option<Statement> {
        let text = |name: &str| claims.get(name)?.text().filter(|text| is_plain(text)).map(str::to_owned);
        let app = claims.get("app")?.list()?;
        let names: Option<Vec<&str>> = app.iter().map(Json::text).collect();
        // Names that stand twice would move the places of those behind them.
        let catalog = Catalog::declare(&names?).ok().filter(|catalog| catalog.application().len() == app.len())?;
        Some(Statement {
            id: text("jti")?,
            issuer: text("iss")?,
            audience: text("aud")?,
            user: UserId::parse(claims.get("sub")?.text()?).ok()?,
            issued_at: claims.get("iat")?.whole()?,
            expires_at: claims.get("exp")?.whole()?,
            catalog,
        })
    }
}

impl Member {
    /// In the order: organization, slug, version, epoch, roles, permissions.
    fn read(fields: [Option<&Json>; 6], until: Option<u64>, statement: &Statement) -> Option<Member> {
        let [organization, slug, version, epoch, roles, permissions] = fields;
        let known = statement.catalog.application().len();
        let roles: Option<Vec<Held>> = roles?.list()?.iter().map(|role| Held::read(role, known)).collect();
        Some(Member {
            organization: OrganizationId::parse(organization?.text()?).ok()?,
            slug: Slug::try_from(slug?.text()?.to_owned()).ok()?,
            version: version?.whole()?,
            epoch: epoch?.whole()?,
            roles: roles?,
            permissions: bits::read(permissions?.text()?, known)?,
            until,
        })
    }
}

impl Held {
    /// A built-in role is its key, another a pair of its key and what it allows.
    fn read(role: &Json, known: usize) -> Option<Held> {
        match role {
            Json::Text(key) => {
                let key = RoleKey::parse(key).ok().filter(RoleKey::is_built_in)?;
                Some(Held { key, permissions: None })
            }
            Json::List(pair) => {
                let [key, set] = pair.as_slice() else { return None };
                let key = RoleKey::parse(key.text()?).ok().filter(|key| !key.is_built_in())?;
                Some(Held { key, permissions: Some(bits::read(set.text()?, known)?) })
            }
            _ => None,
        }
    }
}

/// An id in a row of a passport: its 16 bytes in base64url, which are a third shorter than in hex.
fn short(id: OrganizationId) -> String {
    let id = id.to_string();
    let hex = id.trim_start_matches(OrganizationId::PREFIX);
    BASE64URL_NOPAD.encode(&HEXLOWER.decode(hex.as_bytes()).unwrap_or_default())
}

fn long(short: &str) -> Option<String> {
    let bytes = BASE64URL_NOPAD.decode(short.as_bytes()).ok()?;
    Some(format!("{}{}", OrganizationId::PREFIX, HEXLOWER.encode(&bytes)))
}

/// A flag that stands there only when it is set.
fn flag(claims: &Json, name: &str) -> Option<bool> {
    match claims.get(name) {
        None => Some(false),
        Some(Json::Bool(flag)) => Some(*flag),
        Some(_) => None,
    }
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_control)
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
