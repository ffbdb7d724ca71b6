//! Whom a change of a role, or the end of teams, touches: the first of them, along an index.

use super::executor::{Executor, Statement};
use super::shape::membership;
use super::{SqlStore, list};
use crate::app::ports::{Group, MOST_COUNTED, Touched, Unavailable};
use crate::domain::id::OrganizationId;

macro_rules! team_member {
    () => {
        "json_object('organization', t.organization, 'team', t.team, 'user', t.user, 'roles', json(t.roles), \
         'addedAt', t.added_at)"
    };
}

const HOLDERS: &str = concat!(
    "SELECT ",
    membership!(),
    " AS j FROM member_roles h CROSS JOIN memberships m ON m.organization = h.organization AND m.user = h.user \
     CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = h.organization \
     WHERE h.organization = ?1 AND h.role = ?2 AND h.user <> o.owner ORDER BY h.joined_at, h.id LIMIT ?3"
);

const HOLDERS_IN_TEAMS: &str = concat!(
    "SELECT ",
    team_member!(),
    " AS j FROM team_member_roles h CROSS JOIN team_members t \
     ON t.organization = h.organization AND t.team = h.team AND t.user = h.user \
     WHERE h.organization = ?1 AND h.role = ?2 ORDER BY h.team, h.user LIMIT ?3"
);

const COUNT_HOLDERS: &str = "SELECT CAST(count(*) AS TEXT) AS j FROM (SELECT 1 FROM team_member_roles \
     WHERE organization = ?1 AND role = ?2 LIMIT ?3)";

const IN_TEAMS: &str = concat!(
    "SELECT ",
    team_member!(),
    " AS j FROM json_each(?2) r CROSS JOIN team_members t INDEXED BY team_members_by_team ON t.organization = ?1 AND t.team = r.value \
     ORDER BY r.key, t.user LIMIT ?3"
);

const COUNT_IN_TEAMS: &str = "SELECT CAST(count(*) AS TEXT) AS j FROM (SELECT 1 FROM json_each(?2) r \
     CROSS JOIN team_members t INDEXED BY team_members_by_team ON t.organization = ?1 AND t.team = r.value LIMIT ?3)";

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("list whom a role touches", HOLDERS),
        ("list whom a role touches in teams", HOLDERS_IN_TEAMS),
        ("count whom a role touches in teams", COUNT_HOLDERS),
        ("list whom the end of teams touches", IN_TEAMS),
        ("count whom the end of teams touches", COUNT_IN_TEAMS),
    ]
}

impl<X: Executor> SqlStore<X> {
    pub(super) async fn read_touched(
        &self,
        organization: OrganizationId,
        group: &Group,
        limit: u32,
    ) -> Result<Touched, Unavailable> {
        let named = match group {
            Group::Holders(key) => key.as_str().into(),
            Group::Teams(teams) => list(teams),
        };
        let on =
            |sql, most: u32| Statement::new(sql, vec![organization.to_string().into(), named.clone(), most.into()]);
        let batch = match group {
            Group::Holders(_) => {
                vec![on(HOLDERS_IN_TEAMS, limit), on(COUNT_HOLDERS, MOST_COUNTED), on(HOLDERS, limit)]
            }
            Group::Teams(_) => vec![on(IN_TEAMS, limit), on(COUNT_IN_TEAMS, MOST_COUNTED)],
        };
        let mut decoder = self.run(&batch).await?;
        let (in_teams, count) = (decoder.many()?, decoder.one()?);
        let members = if batch.len() > 2 { decoder.many()? } else { Vec::new() };
        Ok(Touched { members, in_teams, in_teams_count: count.unwrap_or_default() })
    }
}
