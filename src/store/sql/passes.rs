//! Statements behind passes.

use super::executor::{Executor, Statement};
use super::shape::{affiliation, inside};
use super::{Decoder, SqlStore};
use crate::app::ports::{Enrolled, Reach, TeamView, Tenant, Unavailable};
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;

pub(super) const EPOCH: &str =
    concat!("SELECT json_quote(epoch) AS j FROM membership_epochs WHERE user = ?4 AND organization = ", inside!());

/// What is named first comes first: active ones, then by name.
const ENROLLED: &str = concat!(
    "SELECT json_object('affiliation', ",
    affiliation!("json('[]')"),
    ", 'epoch', e.epoch) AS j FROM memberships m CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = m.organization \
     CROSS JOIN membership_epochs e ON e.organization = m.organization AND e.user = m.user \
     WHERE m.user = ?1 AND o.deletion IS NULL AND (m.until IS NULL OR m.until > ?2) \
     ORDER BY o.state, o.name_key, o.id LIMIT ?3"
);

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![("read the epoch of a membership", EPOCH), ("list memberships for a passport", ENROLLED)]
}

impl<X: Executor> SqlStore<X> {
    pub(super) async fn read_for_pass(&self, reach: &Reach) -> Result<Tenant<(TeamView, Option<u64>)>, Unavailable> {
        let user = reach.user.as_ref().map_or("", UserId::as_str);
        let read = |view, decoder: &mut Decoder| Ok((view, decoder.one()?));
        self.beside_teams(reach, &super::teams::caller(reach), Some((EPOCH, vec![user.into()])), read).await
    }

    pub(super) async fn list_enrolled(
        &self,
        user: &UserId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Enrolled>, Unavailable> {
        let params = vec![user.as_str().into(), now.millis().into(), limit.into()];
        self.run(&[Statement::new(ENROLLED, params)]).await?.many()
    }
}
