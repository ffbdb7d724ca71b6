//! What commands about links, join requests and registrations read.

use super::executor::Statement;
use super::shape::target;
use super::{Decoder, Param};
use crate::app::ports::Unavailable;
use crate::domain::facts::{DoorNeeds, Facts, JoinRequestNeed, LINK_CAP, LinkNeed, REGISTRATION_CAP, RegistrationNeed};
use crate::domain::join_request::JoinRequest;
use crate::domain::link::InvitationLink;
use crate::domain::registration::Registration;

const LINK: &str = concat!("SELECT body AS j FROM invitation_links WHERE id = ?5 AND organization = ", target!());

const LINK_OF_TOKEN: &str = "SELECT body AS j FROM invitation_links WHERE digest = ?1";

const LINKS: &str =
    concat!("SELECT body AS j FROM invitation_links WHERE organization = ", target!(), " ORDER BY id LIMIT ?5");

const REQUEST: &str = concat!("SELECT body AS j FROM join_requests WHERE id = ?5 AND organization = ", target!());

const LATEST_REQUEST: &str = concat!(
    "SELECT body AS j FROM join_requests INDEXED BY join_requests_by_asker WHERE user = ?5 AND organization = ",
    target!(),
    " ORDER BY id DESC LIMIT 1"
);

/// Bounded: nobody may have more by far.
const WAITING_REQUESTS: &str = "SELECT CAST(count(*) AS TEXT) AS j FROM (SELECT 1 FROM join_requests \
     INDEXED BY join_requests_waiting WHERE user = ?1 AND state = 'pending' LIMIT 1000)";

const REGISTRATION: &str = concat!("SELECT body AS j FROM registrations WHERE organization = ", target!());

const WAITING_REGISTRATIONS: &str =
    "SELECT body AS j FROM registrations WHERE email_key = ?1 AND activated_by IS NULL ORDER BY id DESC LIMIT 100";

const RECENT_REGISTRATIONS: &str =
    "SELECT CAST(count(*) AS TEXT) AS j FROM (SELECT 1 FROM registrations WHERE id >= ?1 LIMIT ?2)";

/// The statements of what is needed, in the order in which [`read`] takes their results.
pub(super) fn statements(needs: &DoorNeeds, target: &[Param]) -> Vec<Statement> {
    let with = |sql: &'static str, more: Param| Statement::new(sql, [target, &[more]].concat());
    let mut batch = Vec::new();
    batch.extend(needs.links.iter().map(|need| match need {
        LinkNeed::One(id) => with(LINK, id.to_string().into()),
        LinkNeed::Digest(digest) => Statement::new(LINK_OF_TOKEN, vec![digest.as_str().into()]),
        LinkNeed::All => with(LINKS, LINK_CAP.into()),
    }));
    match &needs.join_requests {
        None => {}
        Some(JoinRequestNeed::One(id)) => batch.push(with(REQUEST, id.to_string().into())),
        Some(JoinRequestNeed::LatestOf(user)) => {
            batch.push(with(LATEST_REQUEST, user.as_str().into()));
            batch.push(Statement::new(WAITING_REQUESTS, vec![user.as_str().into()]));
        }
    }
    match &needs.registrations {
        None => {}
        Some(RegistrationNeed::OfTarget) => batch.push(Statement::new(REGISTRATION, target.to_vec())),
        Some(RegistrationNeed::Quota { email, since }) => {
            batch.push(Statement::new(WAITING_REGISTRATIONS, vec![email.canonical().into()]));
            let params = vec![since.to_string().into(), REGISTRATION_CAP.into()];
            batch.push(Statement::new(RECENT_REGISTRATIONS, params));
        }
    }
    batch
}

/// Reads the results into the facts.
pub(super) fn read(needs: &DoorNeeds, decoder: &mut Decoder, facts: &mut Facts) -> Result<(), Unavailable> {
    if needs.links.is_some() {
        facts.links = decoder.many()?.into_iter().map(|link: InvitationLink| (link.id, link)).collect();
    }
    if let Some(need) = &needs.join_requests {
        facts.join_requests = decoder.many()?.into_iter().map(|it: JoinRequest| (it.id, it)).collect();
        if let JoinRequestNeed::LatestOf(_) = need {
            facts.pending_requests = decoder.one()?.unwrap_or_default();
        }
    }
    if let Some(need) = &needs.registrations {
        facts.registrations = decoder.many()?.into_iter().map(|it: Registration| (it.id, it)).collect();
        if let RegistrationNeed::Quota { .. } = need {
            facts.recent_registrations = decoder.one()?.unwrap_or_default();
        }
    }
    Ok(())
}

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("load link", LINK),
        ("load link of a token", LINK_OF_TOKEN),
        ("load links", LINKS),
        ("load join request", REQUEST),
        ("load latest join request", LATEST_REQUEST),
        ("count waiting join requests", WAITING_REQUESTS),
        ("load registration", REGISTRATION),
        ("load waiting registrations", WAITING_REGISTRATIONS),
        ("count recent registrations", RECENT_REGISTRATIONS),
    ]
}
