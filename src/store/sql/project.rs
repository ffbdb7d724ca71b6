//! What each event means in rows.

use super::executor::{Param, Statement};
use super::lifecycle::{self, with_room};
use super::rows::{Keyed, MemberRow};
use super::{domains, json, organization_words, project_doors, teams, webhooks};
use crate::app::ports::Commit;
use crate::domain::email::Email;
use crate::domain::event::{Event, about_teams, about_webhooks};
use crate::domain::id::{InvitationId, RoleId, UserId};
use crate::domain::invitation::{Invitation, InvitationState};
use crate::domain::json_object::JsonObject;
use crate::domain::membership::Membership;
use crate::domain::organization::{Organization, OrganizationState};
use crate::domain::role::{CustomRole, RoleKey, Roles};
use crate::domain::slug::Slug;
use crate::domain::text::{LogoUrl, Name};
use crate::domain::time::Timestamp;

const FOUND: &str = concat!(
    "INSERT INTO organizations (id, slug, name, name_key, state, version, metadata, settings, \
     logo_url, seats, created_at, updated_at, personal, requirements, pending_free, owner) \
     SELECT ?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ",
    with_room!("?15", "?16")
);
/// In other hands, it stays there, and the organization's key to it breaks the batch at its end.
const TAKE_SLUG: &str = "INSERT INTO slugs (slug, organization, taken_at) VALUES (?1, ?2, ?3) \
     ON CONFLICT DO NOTHING";
const SET_SLUG: &str = "UPDATE organizations SET slug = ?2 WHERE id = ?1";
const RENAME: &str = "UPDATE organizations SET name = ?2, name_key = ?3 WHERE id = ?1";
const SET_DETAILS: &str = "UPDATE organizations SET metadata = ?2, settings = ?3, logo_url = ?4 WHERE id = ?1";
const SET_STATE: &str = "UPDATE organizations SET state = ?2 WHERE id = ?1";
const SET_JOIN_REQUESTS: &str = "UPDATE organizations SET join_requests = ?2 WHERE id = ?1";
const SET_OWNER: &str = concat!("UPDATE organizations SET owner = ", with_room!("?2", "?3"), " WHERE id = ?1");
const SET_VERSION: &str = "UPDATE organizations SET version = ?2, updated_at = ?3 WHERE id = ?1";
/// Any number of members in one statement.
const ADD_MEMBERS: &str = "INSERT INTO memberships (organization, user, id, email, email_key, name, name_key, roles, \
     state, kind, title, until, joined_at, email_verified) SELECT ?1, value ->> 'user', value ->> 'id', value ->> 'email', \
     value ->> 'emailKey', value ->> 'name', value ->> 'nameKey', value -> 'roles', value ->> 'state', \
     value ->> 'kind', value ->> 'title', value ->> 'until', value ->> 'joinedAt', \
     COALESCE(value ->> 'emailVerified', 0) FROM json_each(?2)";
const ADD_WORDS: &str = "INSERT INTO member_words (organization, word, id, user) \
     SELECT ?1, w.value, m.value ->> 'id', m.value ->> 'user' FROM json_each(?2) m, json_each(m.value -> 'words') w";
const REMOVE_MEMBER: &str = "DELETE FROM memberships WHERE organization = ?1 AND user = ?2";
const DEPART: &str = "INSERT INTO departures (organization, user) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
const SET_ROLES: &str = "UPDATE memberships SET roles = ?3 WHERE organization = ?1 AND user = ?2";
const SET_TITLE: &str = "UPDATE memberships SET title = ?3 WHERE organization = ?1 AND user = ?2";
const SET_MEMBER_STATE: &str = "UPDATE memberships SET state = ?3 WHERE organization = ?1 AND user = ?2";
const SET_UNTIL: &str = "UPDATE memberships SET until = ?3 WHERE organization = ?1 AND user = ?2";
const SET_EMAIL: &str =
    "UPDATE memberships SET email = ?3, email_key = ?4, email_verified = 1 WHERE organization = ?1 AND user = ?2";
const FORGET_WORDS: &str = "DELETE FROM member_words WHERE organization = ?1 AND user = ?2";
const PUT_ROLE: &str = "INSERT INTO roles (id, organization, body) VALUES (?2, ?1, ?3) \
     ON CONFLICT (id) DO UPDATE SET body = excluded.body";
/// Whoever holds role ?2 holds ?3 instead, once each and in order.
const MOVE_HOLDERS: &str = "UPDATE memberships SET roles = (SELECT json_group_array(key) FROM (SELECT DISTINCT \
     CASE WHEN value = ?2 THEN ?3 ELSE value END AS key FROM json_each(memberships.roles) ORDER BY key)) \
     WHERE organization = ?1 AND user IN (SELECT user FROM member_roles WHERE organization = ?1 AND role = ?2)";
const DELETE_ROLE: &str = "DELETE FROM roles WHERE organization = ?1 AND id = ?2";
/// Any number of invitations in one statement.
const INVITE: &str = "INSERT INTO invitations (id, organization, email, email_key, roles, invited_by, state, digest, \
     generation, message, locale, created_at, expires_at, teams, declared_roles) \
     SELECT value ->> 'id', ?1, value ->> 'email', value ->> 'emailKey', value -> 'roles', value ->> 'invitedBy', \
     'pending', value ->> 'digest', value ->> 'generation', value ->> 'message', value ->> 'locale', \
     value ->> 'createdAt', value ->> 'expiresAt', COALESCE(value -> 'teams', '[]'), \
     COALESCE(value -> 'declaredRoles', '[]') FROM json_each(?2)";
const RESEND: &str = "UPDATE invitations SET digest = ?3, generation = ?4, expires_at = ?5, invited_by = ?6 \
     WHERE organization = ?1 AND id = ?2";
/// Any number of invitations in one statement.
const CLOSE: &str = "UPDATE invitations SET state = ?3, answered_by = ?4, closed_at = ?5 \
     WHERE organization = ?1 AND id IN (SELECT value FROM json_each(?2))";

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("found organization", FOUND),
        ("take slug", TAKE_SLUG),
        ("set slug", SET_SLUG),
        ("rename organization", RENAME),
        ("set details", SET_DETAILS),
        ("set state", SET_STATE),
        ("set join requests", SET_JOIN_REQUESTS),
        ("set owner", SET_OWNER),
        ("set version", SET_VERSION),
        ("add members", ADD_MEMBERS),
        ("add words", ADD_WORDS),
        ("remove member", REMOVE_MEMBER),
        ("note departure", DEPART),
        ("set roles", SET_ROLES),
        ("set title", SET_TITLE),
        ("set member state", SET_MEMBER_STATE),
        ("set term", SET_UNTIL),
        ("set address", SET_EMAIL),
        ("forget words", FORGET_WORDS),
        ("keep role", PUT_ROLE),
        ("move holders", MOVE_HOLDERS),
        ("delete role", DELETE_ROLE),
        ("invite", INVITE),
        ("resend invitation", RESEND),
        ("close invitations", CLOSE),
    ]
}

/// The statements of a commit's events, in their order, and of its version at the end.
pub(super) fn project(commit: &Commit) -> Vec<Statement> {
    let projector = Projector { commit };
    let mut batch = Vec::new();
    let mut rest = commit.events.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let alike = others.iter().take_while(|other| is_bulk(first, other)).count();
        let (group, tail) = rest.split_at(alike.saturating_add(1).min(rest.len()));
        batch.extend(projector.group(first, group));
        rest = tail;
    }
    batch.extend(projector.version());
    batch
}

/// Events of which any number make one statement.
fn is_bulk(first: &Event, other: &Event) -> bool {
    matches!(
        (first, other),
        (Event::MemberAdded { .. }, Event::MemberAdded { .. })
            | (Event::InvitationCreated { .. }, Event::InvitationCreated { .. })
            | (Event::InvitationSuperseded { .. }, Event::InvitationSuperseded { .. })
            | (Event::InvitationExpired { .. }, Event::InvitationExpired { .. })
            | (Event::TeamDeleted { .. }, Event::TeamDeleted { .. })
            | (Event::TeamMemberAdded { .. }, Event::TeamMemberAdded { .. })
    )
}

struct Projector<'a> {
    commit: &'a Commit,
}

impl Projector<'_> {
    fn group(&self, first: &Event, group: &[Event]) -> Vec<Statement> {
        match first {
            Event::MemberAdded { .. } => self.add_members(group),
            Event::InvitationCreated { .. } => vec![self.invite(group)],
            Event::InvitationExpired { at, .. } => {
                vec![self.close(&closed(group), InvitationState::Expired, None, *at)]
            }
            Event::InvitationSuperseded { at, .. } => {
                vec![self.close(&closed(group), InvitationState::Revoked, None, *at)]
            }
            Event::TeamDeleted { .. } | Event::TeamMemberAdded { .. } => self.team_events(first, group),
            single => self.event(single),
        }
    }

    fn event(&self, event: &Event) -> Vec<Statement> {
        match event {
            Event::OrganizationCreated { organization, owner } => self.found(organization, owner),
            Event::OrganizationRenamed { name } => [vec![self.rename(name)], self.renew_words()].concat(),
            Event::SlugChanged { to, .. } => self.change_slug(to),
            Event::DetailsChanged { metadata, settings, logo_url } => self.details(metadata, settings, logo_url),
            Event::JoinRequestsSwitched { to } => vec![self.on(SET_JOIN_REQUESTS, vec![to.as_str().into()])],
            Event::OrganizationDeactivated {} => vec![self.on(SET_STATE, vec!["inactive".into()])],
            Event::OrganizationActivated {} => vec![self.on(SET_STATE, vec!["active".into()])],
            Event::OrganizationPurged {} => lifecycle::purge(&self.organization(), self.commit.entry.seq),
            Event::OwnershipTransferred { from, to } => self.hand_over(from, to),
            Event::MemberAdded { .. } => self.add_members(std::slice::from_ref(event)),
            Event::MemberRemoved { .. }
            | Event::MemberLeft { .. }
            | Event::MemberErased { .. }
            | Event::MemberExpired { .. }
            | Event::RolesChanged { .. }
            | Event::MemberTitleChanged { .. }
            | Event::MemberSuspended { .. }
            | Event::MemberReactivated { .. }
            | Event::MemberTermChanged { .. } => self.member_event(event),
            Event::MemberEmailVerified { user, email } => self.verify_email(user, email),
            Event::RoleCreated { role } | Event::RoleChanged { role } => vec![self.put_role(role)],
            Event::RoleDeleted { role, key, moved_to } => self.delete_role(*role, key, moved_to.as_ref()),
            Event::DomainCreated { domain }
            | Event::DomainVerified { domain }
            | Event::DomainChanged { domain }
            | Event::DomainChecked { domain }
            | Event::DomainLapsed { domain } => vec![domains::keep(domain)],
            Event::DomainDeleted { domain } => vec![domains::remove(self.organization(), *domain)],
            Event::SeatsChanged { .. }
            | Event::RequirementsChanged { .. }
            | Event::OrganizationDeleted { .. }
            | Event::OrganizationRestored {}
            | Event::OwnershipNominated { .. }
            | Event::NominationEnded { .. } => {
                vec![lifecycle::project(event, &|sql, more| self.on(sql, more), self.limit())]
            }
            about_webhooks!() => webhooks::project(event).into_iter().collect(),
            about_teams!() => self.team_events(event, std::slice::from_ref(event)),
            Event::InvitationCreated { .. }
            | Event::InvitationResent { .. }
            | Event::InvitationRevoked { .. }
            | Event::InvitationSuperseded { .. }
            | Event::InvitationAccepted { .. }
            | Event::InvitationDeclined { .. }
            | Event::InvitationExpired { .. } => self.invitation_event(event),
            Event::LinkCreated { .. }
            | Event::LinkChanged { .. }
            | Event::LinkRotated { .. }
            | Event::LinkUsed { .. }
            | Event::LinkDeleted { .. }
            | Event::JoinRequested { .. }
            | Event::JoinRequestApproved { .. }
            | Event::JoinRequestDenied { .. }
            | Event::JoinRequestWithdrawn { .. }
            | Event::RegistrationCreated { .. }
            | Event::RegistrationActivated { .. } => project_doors::project(event).into_iter().collect(),
        }
    }

    fn rename(&self, name: &Name) -> Statement {
        self.on(RENAME, vec![name.as_str().into(), name.sort_key().into()])
    }

    fn change_slug(&self, to: &Slug) -> Vec<Statement> {
        let changed = vec![self.take_slug(to), self.on(SET_SLUG, vec![to.as_str().into()])];
        [changed, self.renew_words()].concat()
    }

    /// The words are made anew from the organization as the commit leaves it.
    fn renew_words(&self) -> Vec<Statement> {
        let after = self.commit.after.organization.iter();
        after.flat_map(|it| organization_words::renew(&self.organization(), (&it.name, &it.slug))).collect()
    }

    fn hand_over(&self, from: &UserId, to: &UserId) -> Vec<Statement> {
        let owner = self.on(SET_OWNER, vec![to.as_str().into(), self.limit()]);
        vec![self.set_roles(from, &Roles::admin()), self.set_roles(to, &Roles::admin()), owner]
    }

    fn put_role(&self, role: &CustomRole) -> Statement {
        self.on(PUT_ROLE, vec![role.id.to_string().into(), json(role)])
    }

    fn organization(&self) -> Param {
        self.commit.organization.to_string().into()
    }

    fn member_event(&self, event: &Event) -> Vec<Statement> {
        let on = |sql: &'static str, user: &UserId, more: Vec<Param>| {
            vec![self.on(sql, [vec![user.as_str().into()], more].concat())]
        };
        match event {
            Event::MemberRemoved { user } | Event::MemberLeft { user } | Event::MemberExpired { user } => {
                [on(REMOVE_MEMBER, user, vec![]), on(DEPART, user, vec![])].concat()
            }
            Event::MemberErased { user } => on(REMOVE_MEMBER, user, vec![]),
            Event::RolesChanged { user, to, .. } => vec![self.set_roles(user, to)],
            Event::MemberTitleChanged { user, title } => {
                on(SET_TITLE, user, vec![title.clone().map(String::from).into()])
            }
            Event::MemberSuspended { user } => on(SET_MEMBER_STATE, user, vec!["suspended".into()]),
            Event::MemberReactivated { user } => on(SET_MEMBER_STATE, user, vec!["active".into()]),
            Event::MemberTermChanged { user, until } => on(SET_UNTIL, user, vec![until.map(Timestamp::millis).into()]),
            _ => Vec::new(),
        }
    }

    /// The words are made anew from the member as the commit leaves them.
    fn verify_email(&self, user: &UserId, email: &Email) -> Vec<Statement> {
        let params = vec![user.as_str().into(), email.as_str().into(), email.canonical().into()];
        let rows: Vec<MemberRow> = self.commit.after.members.get(user).map(MemberRow::of).into_iter().collect();
        let forget = self.on(FORGET_WORDS, vec![user.as_str().into()]);
        vec![self.on(SET_EMAIL, params), forget, self.on(ADD_WORDS, vec![json(&rows)])]
    }

    fn delete_role(&self, role: RoleId, key: &RoleKey, moved_to: Option<&RoleKey>) -> Vec<Statement> {
        let moved = moved_to.map(|new| self.on(MOVE_HOLDERS, vec![key.as_str().into(), new.as_str().into()]));
        let in_teams = moved_to.map(|new| teams::move_holders(key, new)).map(|(sql, params)| self.on(sql, params));
        moved.into_iter().chain(in_teams).chain([self.on(DELETE_ROLE, vec![role.to_string().into()])]).collect()
    }

    fn team_events(&self, first: &Event, group: &[Event]) -> Vec<Statement> {
        teams::project(first, group, &|sql, params| self.on(sql, params))
    }

    /// The most organizations that a new owner may own.
    fn limit(&self) -> Param {
        self.commit.max_owned.into()
    }

    fn invitation_event(&self, event: &Event) -> Vec<Statement> {
        match event {
            Event::InvitationCreated { .. } => vec![self.invite(std::slice::from_ref(event))],
            Event::InvitationResent { invitation, invited_by, digest, generation, expires_at } => {
                let params = vec![invitation.to_string().into(), digest.as_str().into(), (*generation).into()];
                vec![self.on(RESEND, [params, vec![expires_at.millis().into(), invited_by.as_str().into()]].concat())]
            }
            Event::InvitationRevoked { invitation, at } | Event::InvitationSuperseded { invitation, at } => {
                vec![self.close(&[*invitation], InvitationState::Revoked, None, *at)]
            }
            Event::InvitationAccepted { invitation, user, at } => {
                vec![self.close(&[*invitation], InvitationState::Accepted, Some(user), *at)]
            }
            Event::InvitationDeclined { invitation, user, at } => {
                vec![self.close(&[*invitation], InvitationState::Declined, Some(user), *at)]
            }
            Event::InvitationExpired { invitation, at } => {
                vec![self.close(&[*invitation], InvitationState::Expired, None, *at)]
            }
            _ => Vec::new(),
        }
    }

    /// A statement whose first parameter is the organization.
    fn on(&self, sql: &'static str, more: Vec<Param>) -> Statement {
        Statement::new(sql, [vec![self.commit.organization.to_string().into()], more].concat())
    }

    fn version(&self) -> Option<Statement> {
        let (after, version) = (self.commit.after.organization.as_ref()?, self.commit.version());
        let moved = self.commit.base > 0 && after.version == version;
        moved.then(|| self.on(SET_VERSION, vec![version.into(), self.commit.at.millis().into()]))
    }

    fn found(&self, organization: &Organization, owner: &Membership) -> Vec<Statement> {
        let state = if organization.state == OrganizationState::Active { "active" } else { "inactive" };
        let params: Vec<Param> = vec![
            organization.slug.as_str().into(),
            organization.name.as_str().into(),
            organization.name.sort_key().into(),
            state.into(),
            organization.metadata.text().into(),
            organization.settings.text().into(),
            organization.logo_url.clone().map(String::from).into(),
            organization.seat_limit.into(),
            organization.created_at.millis().into(),
            organization.updated_at.millis().into(),
            u32::from(organization.personal).into(),
            json(&organization.requirements),
            u32::from(organization.pending_free).into(),
            organization.owner.as_str().into(),
            self.limit(),
        ];
        let owner = Event::MemberAdded { member: owner.clone() };
        let words = organization_words::add(self.organization(), (&organization.name, &organization.slug));
        let founding = vec![self.take_slug(&organization.slug), self.on(FOUND, params), words];
        [founding, self.add_members(&[owner])].concat()
    }

    fn take_slug(&self, slug: &Slug) -> Statement {
        let organization = self.commit.organization.to_string();
        Statement::new(TAKE_SLUG, vec![slug.as_str().into(), organization.into(), self.commit.at.millis().into()])
    }

    fn details(&self, metadata: &JsonObject, settings: &JsonObject, logo_url: &Option<LogoUrl>) -> Vec<Statement> {
        let logo_url = logo_url.clone().map(String::from);
        vec![self.on(SET_DETAILS, vec![metadata.text().into(), settings.text().into(), logo_url.into()])]
    }

    fn add_members(&self, group: &[Event]) -> Vec<Statement> {
        let rows: Vec<MemberRow> = group.iter().filter_map(added).map(MemberRow::of).collect();
        let rows = json(&rows);
        vec![self.on(ADD_MEMBERS, vec![rows.clone()]), self.on(ADD_WORDS, vec![rows])]
    }

    fn invite(&self, group: &[Event]) -> Statement {
        let invitations: Vec<Keyed<'_>> = group.iter().filter_map(created).map(Keyed::of).collect();
        self.on(INVITE, vec![json(&invitations)])
    }

    fn set_roles(&self, user: &UserId, roles: &Roles) -> Statement {
        self.on(SET_ROLES, vec![user.as_str().into(), json(roles)])
    }

    fn close(&self, ids: &[InvitationId], state: InvitationState, user: Option<&UserId>, at: Timestamp) -> Statement {
        let user: Param = user.map(UserId::as_str).into();
        self.on(CLOSE, vec![json(&ids), state.as_str().into(), user, at.millis().into()])
    }
}

fn added(event: &Event) -> Option<&Membership> {
    if let Event::MemberAdded { member } = event { Some(member) } else { None }
}

fn created(event: &Event) -> Option<&Invitation> {
    if let Event::InvitationCreated { invitation } = event { Some(invitation) } else { None }
}

/// The invitations that a group of alike events closes.
fn closed(group: &[Event]) -> Vec<InvitationId> {
    let id = |event: &Event| match event {
        Event::InvitationExpired { invitation, .. } | Event::InvitationSuperseded { invitation, .. } => {
            Some(*invitation)
        }
        _ => None,
    };
    group.iter().filter_map(id).collect()
}
