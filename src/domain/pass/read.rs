//! What a token says, read where it stands: nothing is copied, so that a browser's file for passes needs no memory
//! of its own.
//!
//! Owns the types of the claims. What has another type than it should is invalid, never absent; claims that
//! are not known are passed over, as JWT asks.

use super::strict::{plain, whole};
use super::token::{Kind, Vouched};
use super::{MOST_MEMBERSHIPS, bits};
use crate::domain::base64url;
use crate::domain::id::{OrganizationId, TeamId, UserId};
use crate::domain::json::{Items, Json, Text};
use crate::domain::permission::{Catalog, Permission, PermissionSet, can_be_declared};
use crate::domain::role::{self, RoleKey};
use crate::domain::slug::Slug;

/// What every token says. Times are Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stated<'a> {
    /// Its own name (`jti`).
    pub id: Text<'a>,
    /// Which installation says so (`iss`).
    pub issuer: Text<'a>,
    /// Who may believe it (`aud`).
    pub audience: Text<'a>,
    /// About whom (`sub`).
    pub user: Text<'a>,
    /// Since when (`iat`).
    pub issued_at: u64,
    /// From when on no more (`exp`).
    pub expires_at: u64,
    /// From when on at all (`nbf`), if that is said.
    pub not_before: u64,
    /// The permissions that exist there (`app` lists the application's).
    pub declared: Declared<'a>,
    /// Whether there are more memberships or teams than the token holds.
    pub more: bool,
}

/// The permissions that exist: the built-in ones and those that the token lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared<'a> {
    application: Items<'a>,
    count: usize,
}

/// One membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// Where.
    pub organization: OrganizationId,
    /// The organization's slug.
    pub slug: &'a str,
    /// The organization's name, where the token says it.
    pub name: Option<Text<'a>>,
    /// The organization's version when this was true.
    pub version: u64,
    /// The version at which this membership last changed in power or state.
    pub epoch: u64,
    roles: Items<'a>,
    /// What its roles allow together.
    pub permissions: PermissionSet,
    /// From when on the membership is over, if that is before the token is; Unix seconds.
    pub until: Option<u64>,
}

/// Whoever is told of what a token holds, in its order, while it is read: nothing of it counts before the reading
/// has come to a good end.
pub trait Listener<'a> {
    /// A membership.
    fn row(&mut self, row: &Row<'a>);
    /// What may be done in a team of the pass's organization; the id in its text form.
    fn team(&mut self, team: &'a str, allowed: PermissionSet);
}

impl<'a> Vouched<'a> {
    /// The installation that says it, and whom it is for: whoever is refused for one of them can be told.
    pub fn addressed(&self) -> Option<(Text<'a>, Text<'a>)> {
        let text = |name: &str| self.claims.get(name)?.text();
        Some((text("iss")?, text("aud")?))
    }

    /// Reads all of it; `None` for what is not well formed.
    pub(super) fn read(&self, listener: &mut dyn Listener<'a>) -> Option<Stated<'a>> {
        let claims = self.claims;
        let (list, more) = match self.kind {
            Kind::Pass => ("teams", "moreTeams"),
            Kind::Passport => ("orgs", "more"),
        };
        let stated = Stated::read(claims, more)?;
        let known = stated.declared.count;
        let list = claims.get(list)?;
        match self.kind {
            Kind::Pass => {
                let field = |name: &str| claims.get(name);
                let fields = [field("slug"), field("ver"), field("epoch"), field("roles"), field("perms")];
                let id = OrganizationId::from_text(plain(claims.get("org")?)?)?;
                let name = match claims.get("name") {
                    Some(name) => Some(unmarked(name)?),
                    None => None,
                };
                listener.row(&Row { name, ..Row::read(id, fields, None, known)? });
                teams(list, known, listener)?;
            }
            Kind::Passport => rows(list, known, listener)?,
        }
        Some(stated)
    }
}

fn rows<'a>(list: Json<'a>, known: usize, listener: &mut dyn Listener<'a>) -> Option<()> {
    let (mut ids, mut slugs) = (Distinct::default(), Distinct::default());
    for row in list.items()? {
        let mut items = row.items()?;
        let id = plain(items.next()?)?;
        let fields = [items.next(), items.next(), items.next(), items.next(), items.next()];
        let until = match items.next() {
            Some(until) => Some(whole(until)?),
            None => None,
        };
        let row = Row::read(OrganizationId::from_bytes(base64url::decode_exactly(id)?)?, fields, until, known)?;
        if items.next().is_some() || !ids.add(id) || !slugs.add(row.slug) || ids.count > MOST_MEMBERSHIPS {
            return None;
        }
        listener.row(&row);
    }
    Some(())
}

fn teams<'a>(list: Json<'a>, known: usize, listener: &mut dyn Listener<'a>) -> Option<()> {
    let mut ids = Distinct::default();
    for team in list.items()? {
        let [id, allowed] = pair(team)?;
        let id = plain(id).filter(|id| TeamId::from_text(id).is_some() && ids.add(id))?;
        listener.team(id, bits::read(plain(allowed)?, known)?);
    }
    Some(())
}

/// A text of one character or more, none of them a control character.
fn unmarked(value: Json<'_>) -> Option<Text<'_>> {
    value.text().filter(|text| text.chars().next().is_some() && !text.chars().any(char::is_control))
}

impl<'a> Stated<'a> {
    fn read(claims: Json<'a>, more: &str) -> Option<Stated<'a>> {
        let text = |name: &str| claims.get(name)?.text();
        let time = |name: &str| whole(claims.get(name)?);
        Some(Stated {
            id: unmarked(claims.get("jti")?)?,
            issuer: unmarked(claims.get("iss")?)?,
            audience: unmarked(claims.get("aud")?)?,
            user: text("sub").filter(|user| UserId::allows(user.chars()))?,
            issued_at: time("iat")?,
            expires_at: time("exp")?,
            not_before: if claims.get("nbf").is_some() { time("nbf")? } else { 0 },
            declared: Declared::read(claims.get("app")?)?,
            // A flag stands there only when it is set.
            more: claims.get(more).map_or(Some(false), Json::boolean)?,
        })
    }
}

impl<'a> Declared<'a> {
    /// Names that stand twice would move the places of those behind them.
    fn read(names: Json<'a>) -> Option<Self> {
        let (application, mut known) = (names.items()?, Distinct::default());
        for name in application {
            plain(name).filter(|name| can_be_declared(name) && known.add(name))?;
        }
        Some(Declared { application, count: known.count })
    }

    /// The name of every permission, in the order of the catalog: the built-in ones first.
    pub fn names(self) -> impl Iterator<Item = &'a str> {
        Permission::BUILT_IN.iter().filter_map(|known| known.built_in_name()).chain(self.application.filter_map(plain))
    }

    pub(super) fn all(self) -> PermissionSet {
        let places = 0..self.count.wrapping_add(Permission::BUILT_IN.len());
        places.fold(PermissionSet::default(), PermissionSet::with_place)
    }
}

impl<'a> Row<'a> {
    /// In the order: slug, version, epoch, roles, permissions.
    fn read(
        organization: OrganizationId,
        [slug, version, epoch, roles, permissions]: [Option<Json<'a>>; 5],
        until: Option<u64>,
        known: usize,
    ) -> Option<Row<'a>> {
        let row = Row {
            organization,
            slug: plain(slug?).filter(|slug| Slug::has_shape(slug))?,
            name: None,
            version: whole(version?)?,
            epoch: whole(epoch?)?,
            roles: roles?.items()?,
            permissions: bits::read(plain(permissions?)?, known)?,
            until,
        };
        let mut roles = row.roles;
        roles.all(|role| held(role, known).is_some()).then_some(row)
    }

    /// The roles in force, each with what it allows where the token says it.
    pub fn roles(&self) -> impl Iterator<Item = (&'a str, Option<PermissionSet>)> {
        self.roles.filter_map(|role| held(role, Catalog::MOST))
    }
}

/// A built-in role is its key, another a pair of its key and what it allows. So are `member` and `admin` where the
/// operator has added to them; the owner's role allows everything everywhere.
fn held(role: Json<'_>, known: usize) -> Option<(&str, Option<PermissionSet>)> {
    if let Some(key) = plain(role) {
        return Some((key, None)).filter(|(key, _)| RoleKey::BUILT_IN.contains(key));
    }
    let [key, allowed] = pair(role)?;
    let key = plain(key).filter(|key| role::is_key(key) && *key != role::OWNER)?;
    Some((key, Some(bits::read(plain(allowed)?, known)?)))
}

fn pair(list: Json<'_>) -> Option<[Json<'_>; 2]> {
    let mut items = list.items()?;
    let pair = [items.next()?, items.next()?];
    items.next().is_none().then_some(pair)
}

/// Texts that stand once, at most as many as an application's permissions.
struct Distinct<'a> {
    texts: [&'a str; Catalog::MOST],
    count: usize,
}

impl Default for Distinct<'_> {
    fn default() -> Self {
        Distinct { texts: [""; Catalog::MOST], count: 0 }
    }
}

impl<'a> Distinct<'a> {
    /// Whether it is new, and there was room.
    fn add(&mut self, text: &'a str) -> bool {
        let known = self.texts.iter().take(self.count).any(|known| *known == text);
        let Some(place) = self.texts.get_mut(self.count).filter(|_| !known) else { return false };
        *place = text;
        self.count = self.count.wrapping_add(1);
        true
    }
}
