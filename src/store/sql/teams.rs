//! Teams: the tree, who holds what in it, and what events about them mean in rows.
//!
//! Owns every statement about teams. The tree is read whole, since it is small by rule; who is in a
//! team is read by page, by user, or by role, along an index.

use super::executor::{Executor, Param, Statement};
use super::read::{admission, first_asked, seen};
use super::shape::{affiliation, inside, membership, target};
use super::{Decoder, SqlStore, json, list};
use crate::app::ports::{Affiliated, Reach, Sealed, TeamMemberFilter, TeamRow, TeamView, Tenant, Unavailable};
use crate::domain::event::Event;
use crate::domain::facts::{Facts, Needs};
use crate::domain::id::{TeamId, UserId};
use crate::domain::role::{CustomRole, RoleKey};
use crate::domain::table::Table;
use crate::domain::team::{HeldInTeams, Team, TeamMember};
use serde::Deserialize;

macro_rules! team_member {
    () => {
        "json_object('organization', t.organization, 'team', t.team, 'user', t.user, 'roles', json(t.roles), \
         'addedAt', t.added_at)"
    };
}

const TEAMS: &str = concat!("SELECT body AS j FROM teams WHERE organization = ", target!());

/// Of the same users as the members of a command.
const HELD: &str = concat!(
    "SELECT ",
    team_member!(),
    " AS j FROM (SELECT value FROM json_each(?5) UNION SELECT invited_by FROM invitations WHERE id = ?3 \
     UNION SELECT invited_by FROM invitations WHERE digest = ?4) u \
     CROSS JOIN team_members t ON t.user = u.value WHERE t.organization = ",
    target!()
);

const ROLES_HELD: &str = concat!(
    "SELECT json_object('team', team, 'role', role) AS j FROM team_roles WHERE holders > 0 AND organization = ",
    target!()
);

/// A built-in role is not counted: it never ends.
const HOLDERS: &str = concat!(
    "SELECT json_quote(COALESCE(sum(holders), 0)) AS j FROM team_roles \
     WHERE role = COALESCE(?5, (SELECT key FROM roles WHERE id = ?6)) AND organization = ",
    target!()
);

const TREE: &str = concat!("SELECT body AS j FROM teams WHERE organization = ", inside!());

const HELD_BY: &str = concat!(
    "SELECT ",
    team_member!(),
    " AS j FROM (SELECT DISTINCT value FROM json_each(?4)) u CROSS JOIN team_members t ON t.user = u.value \
     WHERE t.organization = ",
    inside!()
);

const ROLES: &str =
    concat!("SELECT body AS j FROM roles INDEXED BY roles_by_key WHERE organization = ", inside!(), " ORDER BY key");

const MEMBERS: &str = concat!(
    "SELECT json_object('membership', ",
    membership!(),
    ", 'affiliation', ",
    affiliation!("json('[]')"),
    ") AS j FROM memberships m CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = m.organization \
     WHERE m.user IN (SELECT value FROM json_each(?4)) AND m.organization = ",
    inside!(),
    " ORDER BY m.user"
);

const LIST: &str = concat!(
    "SELECT json_object('member', ",
    team_member!(),
    ", 'membership', ",
    membership!(),
    ") AS j FROM team_members t INDEXED BY team_members_by_team CROSS JOIN memberships m ON m.organization = t.organization AND m.user = t.user \
     WHERE t.team = ?4 AND t.organization = ",
    inside!(),
    " AND t.user > ?5 ORDER BY t.user LIMIT ?6"
);

const LIST_ALL: &str = concat!(
    "SELECT json_object('member', ",
    team_member!(),
    ", 'membership', ",
    membership!(),
    ") AS j FROM team_members t INDEXED BY team_members_by_team CROSS JOIN memberships m ON m.organization = t.organization AND m.user = t.user \
     WHERE t.organization = ",
    inside!(),
    " AND (t.team, t.user) > (?4, ?5) ORDER BY t.team, t.user LIMIT ?6"
);

const ONE: &str = concat!(
    "SELECT json_object('member', ",
    team_member!(),
    ", 'membership', ",
    membership!(),
    ") AS j FROM team_members t CROSS JOIN memberships m ON m.organization = t.organization AND m.user = t.user \
     WHERE t.team = ?4 AND t.user = ?5 AND t.organization = ",
    inside!()
);

const PUT: &str = "INSERT INTO teams (id, organization, body) VALUES (?2, ?1, ?3) \
     ON CONFLICT (id) DO UPDATE SET body = excluded.body";
/// Any number of teams in one statement.
const DELETE: &str = "DELETE FROM teams WHERE organization = ?1 AND id IN (SELECT value FROM json_each(?2))";
/// Any number in one statement. Whoever is no member has no row to take the last columns from.
const ADD: &str = "INSERT INTO team_members (organization, team, user, roles, added_at, id, joined_at, name_key) \
     SELECT ?1, t.value ->> 'team', t.value ->> 'user', t.value -> 'roles', t.value ->> 'addedAt', \
     m.id, m.joined_at, m.name_key FROM json_each(?2) t \
     LEFT JOIN memberships m ON m.organization = ?1 AND m.user = t.value ->> 'user'";
const SET_ROLES: &str = "UPDATE team_members SET roles = ?4 WHERE organization = ?1 AND team = ?2 AND user = ?3";
const REMOVE: &str = "DELETE FROM team_members WHERE organization = ?1 AND team = ?2 AND user = ?3";
/// Whoever holds role ?2 in a team holds ?3 there instead, once each and in order. Each row is met by its
/// whole key, as an insertion that conflicts.
const MOVE_HOLDERS: &str = "INSERT INTO team_members (organization, user, team, roles, added_at, id, joined_at, name_key) \
     SELECT t.organization, t.user, t.team, (SELECT json_group_array(key) FROM (SELECT DISTINCT \
     CASE WHEN value = ?2 THEN ?3 ELSE value END AS key FROM json_each(t.roles) ORDER BY key)), \
     t.added_at, t.id, t.joined_at, t.name_key FROM team_member_roles h CROSS JOIN team_members t \
     ON t.organization = h.organization AND t.user = h.user AND t.team = h.team \
     WHERE h.organization = ?1 AND h.role = ?2 \
     ON CONFLICT (organization, user, team) DO UPDATE SET roles = excluded.roles";

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("load teams", TEAMS),
        ("load what is held in teams", HELD),
        ("load roles held in teams", ROLES_HELD),
        ("load holders of a role in teams", HOLDERS),
        ("read teams", TREE),
        ("read what users hold in teams", HELD_BY),
        ("read roles beside teams", ROLES),
        ("read members beside teams", MEMBERS),
        ("list members of a team", LIST),
        ("list members of all teams", LIST_ALL),
        ("read a member of a team", ONE),
        ("keep team", PUT),
        ("delete teams", DELETE),
        ("add members of teams", ADD),
        ("set roles in a team", SET_ROLES),
        ("remove member of a team", REMOVE),
        ("move holders in teams", MOVE_HOLDERS),
    ]
}

/// The statements that a command needs; `with` puts the four parameters of `target!` before the others.
pub(super) fn load(
    needs: &Needs,
    with: &impl Fn(&'static str, Vec<Param>) -> Statement,
    role: impl FnOnce() -> Option<Vec<Param>>,
) -> Vec<Statement> {
    let users: Vec<&UserId> = needs.members.iter().collect();
    let mut batch = Vec::new();
    batch.extend(role().map(|params| with(HOLDERS, params)));
    if needs.teams {
        batch.extend([with(TEAMS, vec![]), with(HELD, vec![list(&users)])]);
    }
    batch.extend(needs.team_roles.then(|| with(ROLES_HELD, vec![])));
    batch
}

#[derive(Deserialize)]
struct RoleHeld {
    team: TeamId,
    role: RoleKey,
}

/// Takes what [`load`] has asked for, in its order.
pub(super) fn take(decoder: &mut Decoder, facts: &mut Facts, needs: &Needs) -> Result<(), Unavailable> {
    if needs.holders.is_some() {
        facts.holders_in_teams = decoder.one()?.unwrap_or_default();
    }
    if needs.teams {
        let teams: Vec<Team> = decoder.many()?;
        facts.teams = teams.into_iter().map(|team| (team.id, team)).collect();
        facts.team_members = by_user(decoder.many()?);
    }
    if needs.team_roles {
        for held in decoder.many::<RoleHeld>()? {
            facts.team_roles.update(held.team, |roles| roles.extend([held.role]));
        }
    }
    Ok(())
}

fn by_user(members: Vec<TeamMember>) -> Table<UserId, HeldInTeams> {
    let mut held: Table<UserId, HeldInTeams> = Table::new();
    for member in members {
        held.update(member.user.clone(), |teams| teams.extend([(member.team, member)]));
    }
    held
}

impl<X: Executor> SqlStore<X> {
    pub(super) async fn read_teams(&self, reach: &Reach, users: &[UserId]) -> Result<Tenant<TeamView>, Unavailable> {
        self.beside_teams(reach, users, None, |view, _| Ok(view)).await
    }

    pub(super) async fn list_team_members(
        &self,
        reach: &Reach,
        filter: &TeamMemberFilter,
    ) -> Result<Tenant<(TeamView, Vec<TeamRow>)>, Unavailable> {
        let team = filter.team.or(filter.after.as_ref().map(|(team, _)| *team));
        let team = team.map(|team| team.to_string()).unwrap_or_default();
        let user = filter.after.as_ref().map_or("", |(_, user)| user.as_str());
        let params = vec![team.into(), user.into(), filter.limit.into()];
        let statement = if filter.team.is_some() { LIST } else { LIST_ALL };
        let read = |view, decoder: &mut Decoder| Ok((view, decoder.many()?));
        self.beside_teams(reach, &caller(reach), Some((statement, params)), read).await
    }

    pub(super) async fn read_team_member(
        &self,
        reach: &Reach,
        team: TeamId,
        user: &UserId,
    ) -> Result<Tenant<(TeamView, Option<TeamRow>)>, Unavailable> {
        let params = vec![team.to_string().into(), user.as_str().into()];
        let read = |view, decoder: &mut Decoder| Ok((view, decoder.one()?));
        self.beside_teams(reach, &caller(reach), Some((ONE, params)), read).await
    }

    /// Admission, the teams and rows of one more statement in one batch.
    pub(super) async fn beside_teams<T>(
        &self,
        reach: &Reach,
        users: &[UserId],
        more: Option<(&'static str, Vec<Param>)>,
        read: impl FnOnce(TeamView, &mut Decoder) -> Result<T, Unavailable>,
    ) -> Result<Tenant<T>, Unavailable> {
        let with = |sql: &'static str, params: Vec<Param>| Statement::new(sql, [first_asked(reach), params].concat());
        let mut batch = admission(reach);
        let users = list(users);
        batch.extend([with(TREE, vec![]), with(HELD_BY, vec![users.clone()])]);
        batch.extend([with(ROLES, vec![]), with(MEMBERS, vec![users])]);
        batch.extend(more.map(|(sql, params)| with(sql, params)));
        let mut decoder = self.run(&batch).await?;
        let seen = seen(reach, &mut decoder)?;
        let view = view(&mut decoder)?;
        Ok(Tenant { seen, sealed: Sealed::new(read(view, &mut decoder)?) })
    }
}

pub(super) fn caller(reach: &Reach) -> Vec<UserId> {
    reach.user.iter().cloned().collect()
}

fn view(decoder: &mut Decoder) -> Result<TeamView, Unavailable> {
    let teams: Vec<Team> = decoder.many()?;
    let held = by_user(decoder.many()?);
    let roles: Vec<CustomRole> = decoder.many()?;
    let members: Vec<Affiliated> = decoder.many()?;
    Ok(TeamView { teams: teams.into_iter().map(|team| (team.id, team)).collect(), held, roles, members })
}

/// The statements of alike events about teams; `on` puts the organization before the other parameters.
pub(super) fn project(
    first: &Event,
    group: &[Event],
    on: &impl Fn(&'static str, Vec<Param>) -> Statement,
) -> Vec<Statement> {
    match first {
        Event::TeamCreated { team } | Event::TeamChanged { team } => {
            vec![on(PUT, vec![team.id.to_string().into(), json(team)])]
        }
        Event::TeamDeleted { .. } => {
            let deleted = |event: &Event| if let Event::TeamDeleted { team } = event { Some(*team) } else { None };
            let teams: Vec<TeamId> = group.iter().filter_map(deleted).collect();
            vec![on(DELETE, vec![json(&teams)])]
        }
        Event::TeamMemberAdded { .. } => {
            let members: Vec<&TeamMember> = group.iter().filter_map(added).collect();
            vec![on(ADD, vec![json(&members)])]
        }
        Event::TeamMemberRolesChanged { team, user, to, .. } => {
            vec![on(SET_ROLES, vec![team.to_string().into(), user.as_str().into(), json(to)])]
        }
        Event::TeamMemberRemoved { team, user } => {
            vec![on(REMOVE, vec![team.to_string().into(), user.as_str().into()])]
        }
        _ => Vec::new(),
    }
}

fn added(event: &Event) -> Option<&TeamMember> {
    if let Event::TeamMemberAdded { member } = event { Some(member) } else { None }
}

/// Holders of a role that ends hold the other one instead.
pub(super) fn move_holders(old: &RoleKey, new: &RoleKey) -> (&'static str, Vec<Param>) {
    (MOVE_HOLDERS, vec![old.as_str().into(), new.as_str().into()])
}
