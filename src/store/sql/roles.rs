//! Reading the roles of an organization, and the keys that are held in it.
//!
//! Owns both statements. A key may be held that no role has: the operator declared one once.

use super::SqlStore;
use super::executor::{Executor, Statement};
use super::read::{admission, first_asked, seen};
use super::shape::inside;
use crate::app::ports::{Reach, RoleRows, Sealed, Tenant, Unavailable};
use crate::domain::role::{CustomRole, RoleKey};

const ROLES: &str =
    concat!("SELECT body AS j FROM roles INDEXED BY roles_by_key WHERE organization = ", inside!(), " ORDER BY key");

/// Every key that is held, in the organization or in a team: each step looks up the next one along an index, so that
/// the cost follows the number of keys and not that of the holders.
const HELD_KEYS: &str = concat!(
    "WITH RECURSIVE u (organization) AS MATERIALIZED (SELECT ",
    inside!(),
    "), a (role) AS (SELECT '' UNION ALL SELECT (SELECT min(role) FROM (\
     SELECT min(h.role) AS role FROM member_roles h INDEXED BY member_roles_by_age \
     WHERE h.organization = u.organization AND h.role > a.role \
     UNION ALL SELECT min(t.role) FROM team_roles t INDEXED BY team_roles_by_role \
     WHERE t.organization = u.organization AND t.role > a.role AND t.holders > 0)) \
     FROM a CROSS JOIN u WHERE a.role IS NOT NULL) SELECT json_quote(role) AS j FROM a WHERE role <> ''"
);

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![("list roles", ROLES), ("list held keys", HELD_KEYS)]
}

impl<X: Executor> SqlStore<X> {
    pub(super) async fn read_roles(&self, reach: &Reach) -> Result<Tenant<RoleRows>, Unavailable> {
        let mut batch = admission(reach);
        batch.extend([ROLES, HELD_KEYS].map(|sql| Statement::new(sql, first_asked(reach))));
        let mut decoder = self.run(&batch).await?;
        let seen = seen(reach, &mut decoder)?;
        let own: Vec<CustomRole> = decoder.many()?;
        let held: Vec<RoleKey> = decoder.many()?;
        Ok(Tenant { seen, sealed: Sealed::new(RoleRows { own, held: held.into_iter().collect() }) })
    }
}
