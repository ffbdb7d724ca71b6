//! Reads: what resolution needs and the rows behind it, in one batch.

use super::domains;
use super::executor::{Executor, Param, Statement};
use super::load::DomainHolder;
use super::members;
use super::shape::{affiliation, inside, invitation, invited, membership, organization, overseen};
use super::{Decoder, SqlStore, list};
use crate::app::ports::{
    Affiliated, AuditFilter, Commit, Committed, DomainFilter, Enrolled, Group, InvitationFilter, Invited,
    InvitedFilter, Joinable, Listed, Loaded, LogPart, Me, MemberFilter, OrganizationFilter, Person, Placed, Reach,
    ReceiptKey, Recorded, RoleRows, Sealed, SlugHolders, Store, SuppressionFilter, TeamMemberFilter, TeamRow, TeamView,
    Tenant, Touched, Unavailable, UpstreamNonce,
};
use crate::domain::claim::Domain;
use crate::domain::command::OrganizationRef;
use crate::domain::domain_name::DomainName;
use crate::domain::email::Email;
use crate::domain::facts::Needs;
use crate::domain::id::{DomainId, InvitationId, OrganizationId, TeamId, UserId};
use crate::domain::invitation::Invitation;
use crate::domain::organization::Organization;
use crate::domain::resolve::{Affiliation, PublicOrganization, Seen};
use crate::domain::slug::Slug;
use crate::domain::suppression::Suppression;
use crate::domain::time::Timestamp;
use serde::Deserialize;

/// `CROSS JOIN` keeps SQLite from starting anywhere but at the few names asked for.
const ASKED: &str = concat!(
    "SELECT ",
    affiliation!("CASE WHEN r.value = o.slug THEN json('[]') ELSE json_array(r.value) END"),
    " AS j FROM json_each(?2) r CROSS JOIN slugs s ON s.slug = r.value \
     CROSS JOIN memberships m ON m.organization = s.organization AND m.user = ?1 \
     CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = m.organization AND o.deletion IS NULL WHERE m.until IS NULL OR m.until > ?4 UNION ALL SELECT ",
    affiliation!("json('[]')"),
    " FROM json_each(?3) r CROSS JOIN memberships m ON m.organization = r.value AND m.user = ?1 \
     CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = m.organization AND o.deletion IS NULL WHERE m.until IS NULL OR m.until > ?4"
);

const OVERSEEN: &str = concat!(
    "SELECT ",
    overseen!("CASE WHEN r.value = o.slug THEN json('[]') ELSE json_array(r.value) END"),
    " AS j FROM json_each(?2) r CROSS JOIN slugs s ON s.slug = r.value \
     CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = s.organization AND (?4 = 1 OR o.deletion IS NULL) UNION ALL SELECT ",
    overseen!("json('[]')"),
    " FROM json_each(?3) r CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = r.value AND (?4 = 1 OR o.deletion IS NULL)"
);

const ALL: &str = concat!(
    "SELECT ",
    affiliation!("json('[]')"),
    " AS j FROM memberships m CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = m.organization \
     WHERE m.user = ?1 AND o.deletion IS NULL AND (m.until IS NULL OR m.until > ?2) ORDER BY o.state, o.name_key, o.id LIMIT 100"
);

const OFFERED: &str = "SELECT json_object('id', o.id, 'slug', o.slug, 'name', o.name, 'state', o.state, \
     'version', o.version) AS j FROM organizations o \
     WHERE o.deletion IS NULL AND o.id = COALESCE(?1, (SELECT organization FROM slugs WHERE slug = ?2))";

const LISTED: &str = concat!(
    "SELECT json_object('organization', ",
    organization!(),
    ", 'membership', ",
    membership!(),
    ", 'roles', json((SELECT json_group_array(json(r.body) ORDER BY r.key) FROM roles r INDEXED BY roles_by_key WHERE r.organization = m.organization \
     AND r.key IN (SELECT value FROM json_each(m.roles))))) AS j \
     FROM memberships m CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = m.organization \
     WHERE m.user = ?1 AND (m.until IS NULL OR m.until > ?6) AND CASE WHEN o.deletion IS NULL THEN o.state = 'active' OR ?2 = 1 \
     ELSE ?7 = 1 AND o.owner = ?1 END AND (o.name_key, o.id) > (?3, ?4) \
     ORDER BY o.name_key, o.id LIMIT ?5"
);

const ORGANIZATION: &str = concat!("SELECT ", organization!(), " AS j FROM organizations o WHERE o.id = ", inside!());

const MEMBER: &str = concat!(
    "SELECT json_object('membership', ",
    membership!(),
    ", 'affiliation', ",
    affiliation!("json('[]')"),
    ") AS j FROM memberships m CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = m.organization \
     WHERE m.user = ?4 AND m.organization = ",
    inside!()
);

const INVITATIONS: &str = concat!(
    "SELECT ",
    invitation!(),
    " AS j FROM invitations i INDEXED BY invitations_by_organization WHERE i.organization = ",
    inside!(),
    " AND i.id < ?4 AND (?6 IS NULL OR ?6 = CASE WHEN i.state = 'pending' AND i.expires_at <= ?7 \
     THEN 'expired' ELSE i.state END) ORDER BY i.id DESC LIMIT ?5"
);

const INVITED_BY: &str = concat!(
    "SELECT ",
    invitation!(),
    " AS j FROM json_each(?2) r CROSS JOIN invitations i INDEXED BY invitations_by_inviter \
     ON i.invited_by = r.value WHERE i.organization = ?1 AND i.state = 'pending' ORDER BY r.key, i.id LIMIT ?3"
);

const INVITED: &str = concat!(
    "SELECT ",
    invited!(),
    " AS j FROM invitations i INDEXED BY invitations_by_email CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = i.organization \
     WHERE i.state = 'pending' AND i.email_key = ?1 AND i.id < ?3 AND i.expires_at > ?2 AND o.state = 'active' AND o.deletion IS NULL \
     ORDER BY i.id DESC LIMIT ?4"
);

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("read asked affiliations", ASKED),
        ("read what a platform admin names", OVERSEEN),
        ("read all affiliations", ALL),
        ("read offered organization", OFFERED),
        ("list organizations", LISTED),
        ("read organization", ORGANIZATION),
        ("read member", MEMBER),
        ("list invitations", INVITATIONS),
        ("list invitations of an inviter", INVITED_BY),
        ("list invitations of an address", INVITED),
    ]
}

#[derive(Deserialize)]
struct Holder {
    slug: Slug,
    organization: OrganizationId,
}

impl<X: Executor> Store for SqlStore<X> {
    async fn load(&self, needs: &Needs, receipt: Option<&ReceiptKey>) -> Result<Loaded, Unavailable> {
        self.load_facts(needs, receipt).await
    }

    async fn commit(&self, commit: &Commit) -> Result<Committed, Unavailable> {
        self.store_commit(commit).await
    }

    async fn spend(&self, nonce: &UpstreamNonce) -> Result<Committed, Unavailable> {
        self.spend_nonce(nonce).await
    }

    async fn pause(&self, milliseconds: u32) {
        self.executor.pause(milliseconds).await;
    }

    async fn seen(&self, reach: &Reach) -> Result<Seen, Unavailable> {
        let mut decoder = self.run(&admission(reach)).await?;
        seen(reach, &mut decoder)
    }

    async fn me(&self, reach: &Reach, email: Option<&Email>, now: Timestamp) -> Result<Me, Unavailable> {
        let mut batch = admission(reach);
        let filter = |email: &Email| InvitedFilter { email: email.clone(), now, before: None, limit: 100 };
        batch.extend(email.map(|email| invited_statement(&filter(email))));
        let mut decoder = self.run(&batch).await?;
        let seen = seen(reach, &mut decoder)?;
        let invitations = if email.is_some() { decoder.many()? } else { Vec::new() };
        Ok(Me { seen, invitations })
    }

    async fn organizations(&self, filter: &OrganizationFilter) -> Result<Vec<Listed>, Unavailable> {
        let (key, id) = filter.after.clone().map_or_else(Default::default, |(key, id)| (key, id.to_string()));
        let inactive = u32::from(filter.inactive);
        let user: Param = filter.user.as_str().into();
        let now = filter.now.millis().into();
        let place: [Param; 2] = [key.into(), id.into()];
        let (limit, deleted) = (filter.limit.into(), u32::from(filter.deleted).into());
        let params = [vec![user, inactive.into()], place.to_vec(), vec![limit, now, deleted]].concat();
        self.run(&[Statement::new(LISTED, params)]).await?.many()
    }

    async fn organization(&self, reach: &Reach) -> Result<Tenant<Option<Organization>>, Unavailable> {
        self.tenant(reach, (ORGANIZATION, vec![]), Decoder::one).await
    }

    async fn members(&self, reach: &Reach, filter: &MemberFilter) -> Result<Tenant<Vec<Placed>>, Unavailable> {
        self.tenant(reach, members::statement(filter), Decoder::many).await
    }

    async fn roles(&self, reach: &Reach) -> Result<Tenant<RoleRows>, Unavailable> {
        self.read_roles(reach).await
    }

    async fn teams(&self, reach: &Reach, users: &[UserId]) -> Result<Tenant<TeamView>, Unavailable> {
        self.read_teams(reach, users).await
    }

    async fn team_members(
        &self,
        reach: &Reach,
        filter: &TeamMemberFilter,
    ) -> Result<Tenant<(TeamView, Vec<TeamRow>)>, Unavailable> {
        self.list_team_members(reach, filter).await
    }

    async fn team_member(
        &self,
        reach: &Reach,
        team: TeamId,
        user: &UserId,
    ) -> Result<Tenant<(TeamView, Option<TeamRow>)>, Unavailable> {
        self.read_team_member(reach, team, user).await
    }

    async fn pass_rows(&self, reach: &Reach) -> Result<Tenant<(TeamView, Option<u64>)>, Unavailable> {
        self.read_for_pass(reach).await
    }

    async fn enrolled(&self, user: &UserId, now: Timestamp, limit: u32) -> Result<Vec<Enrolled>, Unavailable> {
        self.list_enrolled(user, now, limit).await
    }

    async fn member(&self, reach: &Reach, user: &UserId) -> Result<Tenant<Option<Affiliated>>, Unavailable> {
        self.tenant(reach, (MEMBER, vec![user.as_str().into()]), Decoder::one).await
    }

    async fn invitations(
        &self,
        reach: &Reach,
        filter: &InvitationFilter,
    ) -> Result<Tenant<Vec<Invitation>>, Unavailable> {
        let state: Param = filter.state.map(|state| state.as_str()).into();
        let params = vec![before(filter.before), filter.limit.into(), state, filter.now.millis().into()];
        self.tenant(reach, (INVITATIONS, params), Decoder::many).await
    }

    async fn invited_by(
        &self,
        organization: OrganizationId,
        users: &[UserId],
        limit: u32,
    ) -> Result<Vec<Invitation>, Unavailable> {
        let params = vec![organization.to_string().into(), list(users), limit.into()];
        self.run(&[Statement::new(INVITED_BY, params)]).await?.many()
    }

    async fn touched(&self, organization: OrganizationId, group: &Group, limit: u32) -> Result<Touched, Unavailable> {
        self.read_touched(organization, group, limit).await
    }

    async fn events(&self, reach: &Reach, filter: &AuditFilter) -> Result<Tenant<Vec<Recorded>>, Unavailable> {
        self.read_events(reach, filter).await
    }

    async fn log(&self, reach: &Reach, from: u64, limit: u32) -> Result<Tenant<LogPart>, Unavailable> {
        self.read_log(reach, from, limit).await
    }

    async fn invitations_for(&self, filter: &InvitedFilter) -> Result<Vec<Invited>, Unavailable> {
        self.run(&[invited_statement(filter)]).await?.many()
    }

    async fn suppressions(&self, filter: &SuppressionFilter) -> Result<Vec<Suppression>, Unavailable> {
        self.list_suppressions(filter).await
    }

    async fn forget_suppression(
        &self,
        email: &Email,
        organization: Option<OrganizationId>,
        nonce: Option<&UpstreamNonce>,
    ) -> Result<Committed, Unavailable> {
        self.delete_suppression(email, organization, nonce).await
    }

    async fn domains(&self, reach: &Reach, filter: &DomainFilter) -> Result<Tenant<Vec<Domain>>, Unavailable> {
        self.tenant(reach, (domains::LISTED, domains::page(filter)), Decoder::many).await
    }

    async fn domain(&self, reach: &Reach, id: DomainId) -> Result<Tenant<Option<Domain>>, Unavailable> {
        self.tenant(reach, (domains::ONE, vec![id.to_string().into()]), Decoder::one).await
    }

    async fn joinable(&self, user: &UserId, name: &DomainName) -> Result<Option<Joinable>, Unavailable> {
        self.run(&[domains::joinable(user, name)]).await?.one()
    }

    async fn person(&self, user: &UserId) -> Result<Person, Unavailable> {
        self.read_person(user).await
    }

    async fn traces(&self, user: &UserId, emails: &[Email], limit: u32) -> Result<Vec<OrganizationId>, Unavailable> {
        self.read_traces(user, emails, limit).await
    }

    async fn forget_person(&self, user: &UserId, emails: &[Email]) -> Result<(), Unavailable> {
        self.delete_person(user, emails).await
    }

    async fn slugs(&self, user: &UserId, slugs: &[Slug], now: Timestamp) -> Result<SlugHolders, Unavailable> {
        let asked = slugs.iter().take(1).cloned().map(OrganizationRef::Slug).collect();
        let reach = Reach::named(user, asked, now);
        let mut batch = vec![Statement::new(super::load::SLUGS, vec![list(slugs), Param::Null])];
        batch.extend(admission(&reach));
        let mut decoder = self.run(&batch).await?;
        let holders: Vec<Holder> = decoder.many()?;
        let holders = holders.into_iter().map(|holder| (holder.slug, holder.organization)).collect();
        Ok(SlugHolders { holders, affiliation: seen(&reach, &mut decoder)?.affiliations.into_iter().next() })
    }
}

impl<X: Executor> SqlStore<X> {
    /// Admission and rows in one batch. The statement itself gives rows to members only, and the
    /// seal is opened by a scope: two locks.
    pub(super) async fn tenant<T>(
        &self,
        reach: &Reach,
        (sql, more): (&'static str, Vec<Param>),
        read: impl FnOnce(&mut Decoder) -> Result<T, Unavailable>,
    ) -> Result<Tenant<T>, Unavailable> {
        let mut batch = admission(reach);
        batch.push(Statement::new(sql, [first_asked(reach), more].concat()));
        let mut decoder = self.run(&batch).await?;
        let seen = seen(reach, &mut decoder)?;
        Ok(Tenant { seen, sealed: Sealed::new(read(&mut decoder)?) })
    }
}

pub(super) fn admission(reach: &Reach) -> Vec<Statement> {
    let slugs: Vec<&Slug> = reach
        .asked
        .iter()
        .filter_map(|asked| if let OrganizationRef::Slug(slug) = asked { Some(slug) } else { None })
        .collect();
    let ids: Vec<&OrganizationId> = reach
        .asked
        .iter()
        .filter_map(|asked| if let OrganizationRef::Id(id) = asked { Some(id) } else { None })
        .collect();
    let (user, now): (Param, Param) = (caller(reach), reach.now.millis().into());
    let mut batch = vec![Statement::new(ASKED, vec![user.clone(), list(&slugs), list(&ids), now.clone()])];
    let deleted: Param = u32::from(reach.deleted).into();
    let overseen = || Statement::new(OVERSEEN, vec![user.clone(), list(&slugs), list(&ids), deleted]);
    batch.extend(reach.platform_admin.then(overseen));
    batch.extend(domains::hosted(reach, &user));
    batch.extend(reach.all.then(|| Statement::new(ALL, vec![user, now])));
    batch.extend(reach.offer.as_ref().map(|offer| Statement::new(OFFERED, by_name(Some(offer)))));
    batch
}

/// Nobody is `NULL`, which is in no organization.
fn caller(reach: &Reach) -> Param {
    reach.user.as_ref().map(UserId::as_str).into()
}

pub(super) fn seen(reach: &Reach, decoder: &mut Decoder) -> Result<Seen, Unavailable> {
    let asked: Vec<Affiliation> = decoder.many()?;
    let overseen: Vec<Affiliation> = if reach.platform_admin { decoder.many()? } else { Vec::new() };
    let named = !reach.hosts.is_empty();
    let holders: Vec<DomainHolder> = if named { decoder.many()? } else { Vec::new() };
    let hosted: Vec<Affiliation> = if named { decoder.many()? } else { Vec::new() };
    let all: Vec<Affiliation> = if reach.all { decoder.many()? } else { Vec::new() };
    let offered: Option<PublicOrganization> = if reach.offer.is_some() { decoder.one()? } else { None };
    let mine = crate::store::join_affiliations(asked.into_iter().chain(hosted).chain(all));
    let affiliations = crate::store::oversee(mine, overseen.into_iter());
    let hosts = holders.into_iter().map(|holder| (holder.name, holder.organization)).collect();
    Ok(Seen { signed_in: reach.user.is_some(), affiliations, hosts, ..Seen::default() }.with_offer(offered))
}

/// Stands for a platform admin in `inside!`: control characters are in no user's id.
const PLATFORM_ADMIN: &str = "\u{1}";

/// The three parameters of `inside!`.
pub(super) fn first_asked(reach: &Reach) -> Vec<Param> {
    let caller = if reach.platform_admin { PLATFORM_ADMIN.into() } else { caller(reach) };
    [vec![caller], by_name(reach.asked.first())].concat()
}

/// An organization by id or by slug, as two parameters.
fn by_name(reference: Option<&OrganizationRef>) -> Vec<Param> {
    let (id, slug) = match reference {
        Some(OrganizationRef::Id(id)) => (Some(id.to_string()), None),
        Some(OrganizationRef::Slug(slug)) => (None, Some(slug.to_string())),
        None => (None, None),
    };
    vec![id.into(), slug.into()]
}

/// An id below which all are: `~` comes after every hex digit.
fn before(id: Option<InvitationId>) -> Param {
    id.map_or_else(|| "inv_~".to_owned(), |id| id.to_string()).into()
}

fn invited_statement(filter: &InvitedFilter) -> Statement {
    let email = filter.email.canonical();
    let params = vec![email.into(), filter.now.millis().into(), before(filter.before), filter.limit.into()];
    Statement::new(INVITED, params)
}
