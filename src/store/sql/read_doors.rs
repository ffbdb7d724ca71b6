//! Reads of links, join requests and registrations.

use super::executor::{Executor, Param, Statement};
use super::shape::{inside, requested};
use super::{Decoder, SqlStore};
use crate::app::ports::{
    DoorStore, JoinRequestFilter, LinkFilter, Reach, Requested, RequestedFilter, Tenant, Unavailable,
};
use crate::domain::id::{JoinRequestId, LinkId};
use crate::domain::join_request::JoinRequest;
use crate::domain::link::InvitationLink;

const LINKS: &str = concat!(
    "SELECT body AS j FROM invitation_links WHERE organization = ",
    inside!(),
    " AND id < ?4 ORDER BY id DESC LIMIT ?5"
);

const LINK: &str = concat!("SELECT body AS j FROM invitation_links WHERE id = ?4 AND organization = ", inside!());

const REQUESTS: &str = concat!(
    "SELECT body AS j FROM join_requests WHERE organization = ",
    inside!(),
    " AND id < ?4 AND (?6 IS NULL OR state = ?6) ORDER BY id DESC LIMIT ?5"
);

const REQUESTED: &str = concat!(
    "SELECT ",
    requested!(),
    " AS j FROM join_requests r CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = r.organization \
     WHERE r.user = ?1 AND r.id < ?2 AND (?4 IS NULL OR r.state = ?4) ORDER BY r.id DESC LIMIT ?3"
);

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("list links", LINKS),
        ("read link", LINK),
        ("list join requests", REQUESTS),
        ("list join requests of a user", REQUESTED),
    ]
}

impl<X: Executor> DoorStore for SqlStore<X> {
    async fn links(&self, reach: &Reach, filter: &LinkFilter) -> Result<Tenant<Vec<InvitationLink>>, Unavailable> {
        let params = vec![before(LinkId::PREFIX, filter.before), filter.limit.into()];
        self.tenant(reach, (LINKS, params), Decoder::many).await
    }

    async fn link(&self, reach: &Reach, id: LinkId) -> Result<Tenant<Option<InvitationLink>>, Unavailable> {
        self.tenant(reach, (LINK, vec![id.to_string().into()]), Decoder::one).await
    }

    async fn join_requests(
        &self,
        reach: &Reach,
        filter: &JoinRequestFilter,
    ) -> Result<Tenant<Vec<JoinRequest>>, Unavailable> {
        let state: Param = filter.state.map(|state| state.as_str()).into();
        let params = vec![before(JoinRequestId::PREFIX, filter.before), filter.limit.into(), state];
        self.tenant(reach, (REQUESTS, params), Decoder::many).await
    }

    async fn join_requests_of(&self, filter: &RequestedFilter) -> Result<Vec<Requested>, Unavailable> {
        let state: Param = filter.state.map(|state| state.as_str()).into();
        let before = before(JoinRequestId::PREFIX, filter.before);
        let params = vec![filter.user.as_str().into(), before, filter.limit.into(), state];
        self.run(&[Statement::new(REQUESTED, params)]).await?.many()
    }
}

/// An id below which all are: `~` comes after every hex digit.
fn before<I: ToString>(prefix: &str, id: Option<I>) -> Param {
    id.map_or_else(|| format!("{prefix}~"), |id| id.to_string()).into()
}
