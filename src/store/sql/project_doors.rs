//! What events of links, join requests and registrations mean in rows.

use super::executor::{Param, Statement};
use super::json;
use crate::domain::email::Email;
use crate::domain::event::Event;
use crate::domain::join_request::JoinRequest;
use crate::domain::link::InvitationLink;
use crate::domain::registration::Registration;

const LINK: &str = "INSERT INTO invitation_links (id, organization, body) VALUES (?1, ?2, ?3) \
     ON CONFLICT (id) DO UPDATE SET body = excluded.body";
const DELETE_LINK: &str = "DELETE FROM invitation_links WHERE id = ?1";
const REQUEST: &str = "INSERT INTO join_requests (id, organization, body, email_key) VALUES (?1, ?2, ?3, ?4) \
     ON CONFLICT (id) DO UPDATE SET body = excluded.body, email_key = excluded.email_key";
const REGISTRATION: &str = "INSERT INTO registrations (id, organization, email_key, body) VALUES (?1, ?2, ?3, ?4) \
     ON CONFLICT (id) DO UPDATE SET body = excluded.body";

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("keep link", LINK),
        ("delete link", DELETE_LINK),
        ("keep join request", REQUEST),
        ("keep registration", REGISTRATION),
    ]
}

/// The statement of an event; none for an event of another kind.
pub(super) fn project(event: &Event) -> Option<Statement> {
    Some(match event {
        Event::LinkCreated { link }
        | Event::LinkChanged { link }
        | Event::LinkRotated { link }
        | Event::LinkUsed { link, .. } => keep_link(link),
        Event::LinkDeleted { link } => Statement::new(DELETE_LINK, vec![link.to_string().into()]),
        Event::JoinRequested { request }
        | Event::JoinRequestApproved { request }
        | Event::JoinRequestDenied { request }
        | Event::JoinRequestWithdrawn { request } => keep_request(request),
        Event::RegistrationCreated { registration } | Event::RegistrationActivated { registration } => {
            keep_registration(registration)
        }
        _ => return None,
    })
}

fn keep_link(link: &InvitationLink) -> Statement {
    Statement::new(LINK, vec![link.id.to_string().into(), link.organization.to_string().into(), json(link)])
}

fn keep_request(request: &JoinRequest) -> Statement {
    let (id, organization) = (request.id.to_string(), request.organization.to_string());
    let key: Param = request.email.as_ref().map(Email::canonical).into();
    Statement::new(REQUEST, vec![id.into(), organization.into(), json(request), key])
}

fn keep_registration(registration: &Registration) -> Statement {
    let (id, organization) = (registration.id.to_string(), registration.organization.to_string());
    let params = vec![id.into(), organization.into(), registration.email.canonical().into(), json(registration)];
    Statement::new(REGISTRATION, params)
}
