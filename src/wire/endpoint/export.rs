//! Everything that an organization has here, as lines of JSON.
//!
//! Owns the order of the kinds and where an export goes on. Never shows more than the lists do: each
//! line is what its list shows, and whoever exports needs the permissions of all of them.

use super::invitations::require_own_cursor;
use super::organizations::moved;
use crate::app::ports::{
    AuditFilter, Cache, DomainFilter, Entropy, Failure, InvitationFilter, JoinRequestFilter, LinkFilter, MemberFilter,
    MemberSort, Placed, Store, TeamMemberFilter, Tenant, WebhookFilter,
};
use crate::app::read::Opened;
use crate::domain::denial::{Denial, Reason};
use crate::domain::id::{OrganizationId, TeamId};
use crate::domain::invitation::Invitation;
use crate::domain::link::InvitationLink;
use crate::domain::order::sort_by_key;
use crate::domain::organization::Organization;
use crate::domain::permission::Permission;
use crate::domain::resolve::Affiliation;
use crate::domain::role::RoleKey;
use crate::domain::team::Team;
use crate::wire::answer::Answer;
use crate::wire::call::Call;
use crate::wire::position::Position;
use crate::wire::present;
use crate::wire::query::Cursors;
use serde::Serialize;
use serde_json::{Value, json};

/// How many lines of data one answer has when nothing is said, and at most.
const LINES: u32 = 1000;

/// What the lists ask for, `organization:update` for the settings and `member:add` for the requests.
const NEEDED: [Permission; 9] = [
    Permission::OrganizationUpdate,
    Permission::RoleRead,
    Permission::TeamRead,
    Permission::MemberRead,
    Permission::InvitationRead,
    Permission::MemberAdd,
    Permission::DomainRead,
    Permission::WebhookRead,
    Permission::AuditRead,
];

/// What a line is. What others refer to comes before them, the audit log last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Organization,
    Role,
    Team,
    Member,
    TeamMember,
    Invitation,
    Link,
    JoinRequest,
    Domain,
    Webhook,
    Event,
}

impl Kind {
    /// The kind that comes after this one. No wildcard: a new kind must say where it stands.
    fn next(self) -> Option<Kind> {
        Some(match self {
            Kind::Organization => Kind::Role,
            Kind::Role => Kind::Team,
            Kind::Team => Kind::Member,
            Kind::Member => Kind::TeamMember,
            Kind::TeamMember => Kind::Invitation,
            Kind::Invitation => Kind::Link,
            Kind::Link => Kind::JoinRequest,
            Kind::JoinRequest => Kind::Domain,
            Kind::Domain => Kind::Webhook,
            Kind::Webhook => Kind::Event,
            Kind::Event => return None,
        })
    }
}

impl Position for Kind {
    fn read(value: &Value) -> Option<Self> {
        std::iter::successors(Some(Kind::Organization), |kind| kind.next()).find(|kind| json!(kind) == *value)
    }
}

/// Where an export goes on: in which organization, at which kind, behind which of its rows (null is
/// before the first).
type Place = (OrganizationId, Kind, Value);

/// From where on a kind is read, and how many rows at most.
struct From {
    behind: Value,
    room: u32,
}

impl From {
    /// Behind which place; a cursor of ours holds what was put into it.
    fn place<T: Position>(&self) -> Result<Option<T>, Denial> {
        Position::read(&self.behind).ok_or_else(|| Denial::from(Reason::CursorInvalid).at("cursor"))
    }

    /// One more than there is room for says whether the kind goes on.
    fn limit(&self) -> u32 {
        self.room.saturating_add(1)
    }
}

/// Some rows of one kind, all of one version.
struct Part {
    affiliation: Box<Affiliation>,
    moved: bool,
    rows: Vec<Value>,
    /// Behind which row the kind goes on, if it does.
    rest: Option<Value>,
}

/// Rows of one kind after the other.
struct Gathered {
    lines: Vec<Value>,
    first: Box<Affiliation>,
    last: Box<Affiliation>,
    moved: bool,
    next: Option<(Kind, Value)>,
}

/// `GET /v1/organizations/{org}/export`: where there is more, a header says how to go on. The first line
/// of all says at which version it was begun, the last at which it was ended.
pub async fn read<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let user = call.principal()?.user_id.clone();
    let query = call.query(&["limit", "cursor"])?;
    let cursors = Cursors::new(&call.app.config.keys, &["export", user.as_str()]);
    let (place, limit) = (cursors.place::<Place>(&query)?, query.limit_up_to(LINES, LINES)?);
    let begun = place.as_ref().map(|(organization, ..)| *organization);
    let start = place.map_or((Kind::Organization, Value::Null), |(_, kind, row)| (kind, row));
    let found = gather(call, start, limit).await?;
    if found.moved {
        return Ok(moved(call, found.first.slug.as_str()));
    }
    require_own_cursor(begun, &found.first)?;
    let opening = begun.is_none().then(|| bound(call, "export", &found.first));
    let closing = found.next.is_none().then(|| bound(call, "end", &found.last));
    // The first and the last line say when the export was asked for: they are no news.
    let shown = Answer::lines(&found.lines).digest();
    let lines: Vec<Value> = opening.into_iter().chain(found.lines).chain(closing).collect();
    let answer = Answer::lines(&lines).at_version_digest(found.first.version, &shown);
    let place = found.next.map(|(kind, row)| json!((found.last.organization, kind, row)));
    Ok(place.iter().fold(answer, |answer, place| answer.with("guildhall-next-cursor", cursors.seal(place))))
}

/// The line before all others, or behind them.
fn bound<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, kind: &str, of: &Affiliation) -> Value {
    let data = json!({ "organizationId": of.organization, "version": of.version, "at": call.app.now.to_string() });
    json!({ "kind": kind, "data": data })
}

/// As many rows as there is room for: each kind is read once, so that the cost of an answer has a bound.
async fn gather<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    (mut kind, mut behind): (Kind, Value),
    mut room: u32,
) -> Result<Gathered, Failure> {
    let (mut lines, mut first) = (Vec::new(), None);
    loop {
        let Part { affiliation: last, moved, rows, rest } = part(call, kind, From { behind, room }).await?;
        let first = first.get_or_insert_with(|| last.clone());
        room = room.saturating_sub(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        lines.extend(rows.into_iter().map(|row| json!({ "kind": kind, "data": row })));
        let next = rest.map(|row| (kind, row)).or_else(|| kind.next().map(|next| (next, Value::Null)));
        match next {
            Some(next) if room > 0 && !moved => (kind, behind) = next,
            next => return Ok(Gathered { lines, first: first.clone(), last, moved, next }),
        }
    }
}

async fn part<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    kind: Kind,
    from: From,
) -> Result<Part, Failure> {
    match kind {
        Kind::Organization => organization(call, &from).await,
        Kind::Role => roles(call, &from).await,
        Kind::Team => teams(call, &from).await,
        Kind::Member => members(call, &from).await,
        Kind::TeamMember => team_members(call, &from).await,
        Kind::Invitation => invitations(call, &from).await,
        Kind::Link => links(call, &from).await,
        Kind::JoinRequest => join_requests(call, &from).await,
        Kind::Domain => domains(call, &from).await,
        Kind::Webhook => webhooks(call, &from).await,
        Kind::Event => events(call, &from).await,
    }
}

/// Rule: whoever exports may read every list; that is asked of each part anew.
fn open<S: Store, C: Cache, E: Entropy, T>(call: &Call<'_, S, C, E>, found: Tenant<T>) -> Result<Opened<T>, Denial> {
    call.open_rows_with_all(found, &NEEDED)
}

/// At most as many rows as there is room for (one more was asked for).
fn cut<T>(opened: Opened<Vec<T>>, from: &From, place: impl Fn(&T) -> Value, show: impl Fn(&T) -> Value) -> Part {
    let Opened { affiliation, moved, mut rows } = opened;
    let size = usize::try_from(from.room).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let rest = rows.last().filter(|_| more).map(place);
    Part { rows: rows.iter().map(show).collect(), affiliation, moved, rest }
}

async fn organization<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, from: &From) -> Result<Part, Failure> {
    let Opened { affiliation, moved, rows } = open(call, call.app.store.organization(&call.reach()?).await?)?;
    let caller = affiliation.clone();
    let opened = Opened { rows: rows.into_iter().collect(), affiliation, moved };
    Ok(cut(opened, from, |_| Value::Null, |it: &Organization| present::organization(it, &caller, call.catalog())))
}

/// The organization's own; the built-in ones are everybody's.
async fn roles<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, from: &From) -> Result<Part, Failure> {
    let Opened { affiliation, moved, rows } = open(call, call.app.store.roles(&call.reach()?).await?)?;
    let mut opened = Opened { affiliation, moved, rows: rows.own };
    let after = from.place::<RoleKey>()?;
    opened.rows.retain(|role| after.as_ref().is_none_or(|after| role.key > *after));
    sort_by_key(&mut opened.rows, |role| role.key.clone());
    Ok(cut(opened, from, |role| json!(role.key), present::custom_role))
}

/// The tree is read whole, as everywhere.
async fn teams<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, from: &From) -> Result<Part, Failure> {
    let Opened { affiliation, moved, rows } = open(call, call.app.store.teams(&call.reach()?, &[]).await?)?;
    let after = from.place::<TeamId>()?;
    let rows: Vec<Team> = rows.teams.into_values().filter(|team| after.is_none_or(|after| team.id > after)).collect();
    Ok(cut(Opened { affiliation, moved, rows }, from, |team| json!(team.id), present::team::team))
}

async fn members<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, from: &From) -> Result<Part, Failure> {
    let (after, limit) = (from.place()?, from.limit());
    let filter =
        MemberFilter { role: None, state: None, team: None, search: None, sort: MemberSort::Joined, after, limit };
    let opened = open(call, call.app.store.members(&call.reach()?, &filter).await?)?;
    let owner = opened.affiliation.owner.clone();
    let shown = |row: &Placed| present::member(&row.member, &owner);
    Ok(cut(opened, from, |row| json!((&row.key, row.member.id)), shown))
}

async fn team_members<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, from: &From) -> Result<Part, Failure> {
    let filter = TeamMemberFilter { team: None, after: from.place()?, limit: from.limit() };
    let Opened { affiliation, moved, rows } = open(call, call.app.store.team_members(&call.reach()?, &filter).await?)?;
    let opened = Opened { affiliation, moved, rows: rows.1 };
    Ok(cut(opened, from, |row| json!((row.member.team, &row.member.user)), present::team::row))
}

async fn invitations<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, from: &From) -> Result<Part, Failure> {
    let now = call.app.now;
    let filter = InvitationFilter { state: None, now, before: from.place()?, limit: from.limit() };
    let opened = open(call, call.app.store.invitations(&call.reach()?, &filter).await?)?;
    let void = call.app.void_invitations(&opened.rows).await?;
    let shown = |row: &Invitation| present::listed_invitation(row, now, &void);
    Ok(cut(opened, from, |row| json!(row.id), shown))
}

async fn links<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, from: &From) -> Result<Part, Failure> {
    let filter = LinkFilter { before: from.place()?, limit: from.limit() };
    let opened = open(call, call.app.store.links(&call.reach()?, &filter).await?)?;
    let void = call.app.void_links(&opened.rows).await?;
    let shown = |row: &InvitationLink| present::listed_link(row, call.app.now, &void);
    Ok(cut(opened, from, |row| json!(row.id), shown))
}

async fn join_requests<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, from: &From) -> Result<Part, Failure> {
    let filter = JoinRequestFilter { state: None, before: from.place()?, limit: from.limit() };
    let opened = open(call, call.app.store.join_requests(&call.reach()?, &filter).await?)?;
    Ok(cut(opened, from, |row| json!(row.id), present::join_request))
}

async fn domains<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, from: &From) -> Result<Part, Failure> {
    let filter = DomainFilter { after: from.place()?, limit: from.limit() };
    let opened = open(call, call.app.store.domains(&call.reach()?, &filter).await?)?;
    Ok(cut(opened, from, |row| json!(row.id), present::domain))
}

async fn webhooks<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, from: &From) -> Result<Part, Failure> {
    let filter = WebhookFilter { after: from.place()?, limit: from.limit() };
    let opened = open(call, call.app.store.webhooks(&call.reach()?, &filter).await?)?;
    Ok(cut(opened, from, |row| json!(row.id), |row| present::webhook(row, call.app.now)))
}

async fn events<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, from: &From) -> Result<Part, Failure> {
    let filter = AuditFilter { place: from.place()?, limit: from.limit(), ..AuditFilter::default() };
    let opened = open(call, call.app.store.events(&call.reach()?, &filter).await?)?;
    Ok(cut(opened, from, |row| json!((row.seq, row.index)), present::event::recorded))
}
