//! Domains, as statements. A row is the claim's stored form; what is unique or searched is taken from it.

use super::executor::Statement;
use super::shape::{affiliation, inside, target};
use super::{Param, json, list};
use crate::app::ports::{DomainFilter, Reach};
use crate::domain::claim::Domain;
use crate::domain::domain_name::DomainName;
use crate::domain::facts::DomainNeed;
use crate::domain::id::{DomainId, UserId};
use crate::domain::time::Timestamp;

const KEEP: &str = "INSERT INTO domains (id, organization, body) VALUES (?1, ?2, ?3) \
     ON CONFLICT (id) DO UPDATE SET body = excluded.body";
const REMOVE: &str = "DELETE FROM domains WHERE organization = ?1 AND id = ?2";

const ALL: &str = concat!(
    "SELECT d.body AS j FROM domains d INDEXED BY domains_by_organization WHERE d.organization = ",
    target!(),
    " ORDER BY d.id"
);
const VERIFIED: &str =
    concat!("SELECT d.body AS j FROM domains d WHERE d.verified_name = ?5 AND d.organization = ", target!());
const HOLDERS: &str = "SELECT json_object('name', verified_name, 'organization', organization) AS j \
     FROM domains INDEXED BY sqlite_autoindex_domains_2 WHERE verified_name IN (SELECT value FROM json_each(?1))";

pub(super) const LISTED: &str = concat!(
    "SELECT d.body AS j FROM domains d INDEXED BY domains_by_organization WHERE d.organization = ",
    inside!(),
    " AND d.id > ?4 ORDER BY d.id LIMIT ?5"
);
pub(super) const ONE: &str =
    concat!("SELECT d.body AS j FROM domains d WHERE d.id = ?4 AND d.organization = ", inside!());
const JOINABLE: &str = "SELECT json_object('organization', o.id, 'name', o.name, 'slug', o.slug, \
     'logoUrl', o.logo_url, 'domain', json((SELECT body FROM domains WHERE verified_name = ?2))) AS j \
     FROM organizations o WHERE o.id = (SELECT organization FROM domains WHERE verified_name = ?2) \
     AND o.state = 'active' AND o.deletion IS NULL \
     AND NOT EXISTS (SELECT 1 FROM memberships WHERE organization = o.id AND user = ?1)";
const DUE: &str = "SELECT json_object('organization', organization, 'domain', id, 'name', name) AS j \
     FROM domains INDEXED BY domains_due WHERE recheck_at <= ?1 ORDER BY recheck_at, id LIMIT ?2";

/// The caller's affiliations with whoever holds some hosts.
const HOSTED: &str = concat!(
    "SELECT ",
    affiliation!("json('[]')"),
    " AS j FROM json_each(?2) r CROSS JOIN domains d INDEXED BY sqlite_autoindex_domains_2 ON d.verified_name = r.value \
     CROSS JOIN memberships m ON m.organization = d.organization AND m.user = ?1 \
     CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = m.organization WHERE m.until IS NULL OR m.until > ?3"
);

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("load domains", ALL),
        ("load verified domain", VERIFIED),
        ("load holders of domains", HOLDERS),
        ("read affiliations by host", HOSTED),
        ("list domains", LISTED),
        ("read domain", ONE),
        ("find joinable organization", JOINABLE),
        ("due domains", DUE),
        ("keep domain", KEEP),
        ("remove domain", REMOVE),
    ]
}

pub(super) fn keep(domain: &Domain) -> Statement {
    let params = vec![domain.id.to_string().into(), domain.organization.to_string().into(), json(domain)];
    Statement::new(KEEP, params)
}

pub(super) fn remove(organization: Param, id: DomainId) -> Statement {
    Statement::new(REMOVE, vec![organization, id.to_string().into()])
}

/// The domains that a command needs; no statement for a command that needs none.
pub(super) fn needed(need: &DomainNeed, with: &impl Fn(&'static str, Vec<Param>) -> Statement) -> Option<Statement> {
    match need {
        DomainNeed::Nothing => None,
        DomainNeed::All => Some(with(ALL, vec![])),
        DomainNeed::Verified(name) => Some(with(VERIFIED, vec![name.as_str().into()])),
    }
}

pub(super) fn holders(names: &[DomainName]) -> Option<Statement> {
    (!names.is_empty()).then(|| Statement::new(HOLDERS, vec![list(names)]))
}

/// Who holds the hosts of a request, and the caller's affiliations with them; nothing for no hosts.
pub(super) fn hosted(reach: &Reach, user: &Param) -> Vec<Statement> {
    let affiliations = || {
        let params = vec![user.clone(), list(&reach.hosts), reach.now.millis().into()];
        Statement::new(HOSTED, params)
    };
    holders(&reach.hosts).into_iter().flat_map(|holders| [holders, affiliations()]).collect()
}

/// What follows the three parameters of `inside!`.
pub(super) fn page(filter: &DomainFilter) -> Vec<Param> {
    vec![filter.after.map(|id| id.to_string()).unwrap_or_default().into(), filter.limit.into()]
}

pub(super) fn joinable(user: &UserId, name: &DomainName) -> Statement {
    Statement::new(JOINABLE, vec![user.as_str().into(), name.as_str().into()])
}

pub(super) fn due(now: Timestamp, limit: u32) -> Statement {
    Statement::new(DUE, vec![now.millis().into(), limit.into()])
}
