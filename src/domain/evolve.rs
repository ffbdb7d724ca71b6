//! What each event means.
//!
//! Owns the one meaning that the memory store, the model tests, replay and the browser share. The
//! SQL store projects the same events to rows; a differential test holds the two together.

use super::event::{Event, about_teams, about_webhooks};
use super::facts::Facts;
use super::id::{InvitationId, UserId};
use super::invitation::{Invitation, InvitationState};
use super::membership::{Membership, MembershipState};
use super::organization::{Organization, OrganizationState};
use super::role::{CustomRole, RoleKey, Roles};
use super::table::Table;
use super::time::Timestamp;

/// Applies one event. Total: an event about something absent changes nothing.
pub fn evolve(facts: &mut Facts, event: &Event) {
    match event {
        Event::OrganizationCreated { organization, owner } => found(facts, organization, owner),
        Event::OrganizationPurged {} => {
            *facts = Facts { deleted: true, slugs: facts.slugs.clone(), ..Facts::default() }
        }
        Event::MemberAdded { member } => add(facts, member),
        Event::MemberErased { user } => drop(remove_row(facts, user)),
        Event::MemberRemoved { user } | Event::MemberLeft { user } | Event::MemberExpired { user } => {
            remove(facts, user)
        }
        Event::RolesChanged { .. }
        | Event::MemberTitleChanged { .. }
        | Event::MemberSuspended { .. }
        | Event::MemberReactivated { .. }
        | Event::MemberTermChanged { .. }
        | Event::MemberEmailVerified { .. } => evolve_member(facts, event),
        Event::RoleCreated { role } | Event::RoleChanged { role } => put_role(facts, role),
        Event::RoleDeleted { key, moved_to, .. } => end_role(facts, key, moved_to.as_ref()),
        about_teams!() => evolve_team(facts, event),
        Event::OwnershipTransferred { from, to } => transfer(facts, from, to),
        Event::InvitationCreated { invitation } => invite(facts, invitation),
        Event::InvitationResent { .. }
        | Event::InvitationRevoked { .. }
        | Event::InvitationSuperseded { .. }
        | Event::InvitationAccepted { .. }
        | Event::InvitationDeclined { .. }
        | Event::InvitationExpired { .. } => evolve_invitation(facts, event),
        Event::DomainCreated { domain }
        | Event::DomainVerified { domain }
        | Event::DomainChanged { domain }
        | Event::DomainChecked { domain }
        | Event::DomainLapsed { domain } => drop(facts.domains.insert(domain.id, domain.clone())),
        Event::DomainDeleted { domain } => drop(facts.domains.remove(domain)),
        Event::LinkCreated { link }
        | Event::LinkChanged { link }
        | Event::LinkRotated { link }
        | Event::LinkUsed { link, .. } => drop(facts.links.insert(link.id, link.clone())),
        Event::LinkDeleted { link } => drop(facts.links.remove(link)),
        Event::JoinRequested { request }
        | Event::JoinRequestApproved { request }
        | Event::JoinRequestDenied { request }
        | Event::JoinRequestWithdrawn { request } => drop(facts.join_requests.insert(request.id, request.clone())),
        Event::RegistrationCreated { registration } | Event::RegistrationActivated { registration } => {
            facts.registrations.insert(registration.id, registration.clone());
        }
        about_webhooks!() => evolve_webhook(facts, event),
        Event::OrganizationRenamed { .. }
        | Event::JoinRequestsSwitched { .. }
        | Event::SlugChanged { .. }
        | Event::DetailsChanged { .. }
        | Event::OrganizationDeactivated {}
        | Event::OrganizationActivated {}
        | Event::SeatsChanged { .. }
        | Event::RequirementsChanged { .. }
        | Event::OrganizationDeleted { .. }
        | Event::OrganizationRestored {}
        | Event::OwnershipNominated { .. }
        | Event::NominationEnded { .. } => evolve_organization(facts, event),
    }
}

/// Applies the events of one commit, and then the commit itself: the version grows by exactly 1.
pub fn advance(facts: &mut Facts, events: &[Event], at: Timestamp) {
    events.iter().for_each(|event| evolve(facts, event));
    if let (Some(organization), false) = (&mut facts.organization, events.is_empty()) {
        organization.version = organization.version.saturating_add(1);
        organization.updated_at = at;
    }
}

fn found(facts: &mut Facts, organization: &Organization, owner: &Membership) {
    facts.slugs.insert(organization.slug.clone(), organization.id);
    facts.members.insert(owner.user.clone(), owner.clone());
    facts.organization = Some(Organization { member_count: 1, ..organization.clone() });
}

fn evolve_organization(facts: &mut Facts, event: &Event) {
    let Some(organization) = &mut facts.organization else { return };
    match event {
        Event::OrganizationRenamed { name } => organization.name = name.clone(),
        Event::SlugChanged { to, .. } => {
            facts.slugs.insert(to.clone(), organization.id);
            organization.slug = to.clone();
        }
        Event::DetailsChanged { metadata, settings, logo_url } => {
            organization.metadata = metadata.clone();
            organization.settings = settings.clone();
            organization.logo_url = logo_url.clone();
        }
        Event::JoinRequestsSwitched { to } => organization.join_requests = *to,
        Event::OrganizationDeactivated {} => organization.state = OrganizationState::Inactive,
        Event::OrganizationActivated {} => organization.state = OrganizationState::Active,
        Event::SeatsChanged { seat_limit, pending_free } => {
            organization.seat_limit = *seat_limit;
            organization.pending_free = *pending_free;
        }
        Event::RequirementsChanged { requirements } => organization.requirements = *requirements,
        Event::OrganizationDeleted { deletion } => organization.deletion = Some(deletion.clone()),
        Event::OrganizationRestored {} => organization.deletion = None,
        Event::OwnershipNominated { nomination } => organization.nomination = Some(nomination.clone()),
        Event::NominationEnded { .. } => organization.nomination = None,
        _ => {}
    }
}

fn add(facts: &mut Facts, member: &Membership) {
    facts.members.insert(member.user.clone(), member.clone());
    count(facts, |organization| organization.member_count = organization.member_count.saturating_add(1));
}

fn remove(facts: &mut Facts, user: &UserId) {
    if remove_row(facts, user).is_some() {
        facts.departed.insert(user.clone());
    }
}

fn remove_row(facts: &mut Facts, user: &UserId) -> Option<Membership> {
    let removed = facts.members.remove(user)?;
    facts.team_members.remove(user);
    count(facts, |organization| organization.member_count = organization.member_count.saturating_sub(1));
    Some(removed)
}

fn set_roles(facts: &mut Facts, user: &UserId, roles: &Roles) {
    change(facts, user, |member| member.roles = roles.clone());
}

fn evolve_member(facts: &mut Facts, event: &Event) {
    match event {
        Event::RolesChanged { user, to, .. } => set_roles(facts, user, to),
        Event::MemberTitleChanged { user, title } => change(facts, user, |member| member.title = title.clone()),
        Event::MemberSuspended { user } => change(facts, user, |member| member.state = MembershipState::Suspended),
        Event::MemberReactivated { user } => change(facts, user, |member| member.state = MembershipState::Active),
        Event::MemberTermChanged { user, until } => change(facts, user, |member| member.until = *until),
        Event::MemberEmailVerified { user, email } => change(facts, user, |member| {
            (member.email, member.email_verified) = (Some(email.clone()), true);
        }),
        _ => {}
    }
}

fn change(facts: &mut Facts, user: &UserId, change: impl FnOnce(&mut Membership)) {
    if let Some(member) = facts.members.get_mut(user) {
        change(member);
    }
}

fn put_role(facts: &mut Facts, role: &CustomRole) {
    facts.roles.insert(role.key.clone(), role.clone());
}

/// Whoever held the role holds the other one; without one nobody holds it, which deciding has seen to.
fn end_role(facts: &mut Facts, key: &RoleKey, moved_to: Option<&RoleKey>) {
    facts.roles.remove(key);
    let in_teams = facts.team_members.values_mut().flat_map(Table::values_mut).map(|member| &mut member.roles);
    let holders = facts.members.values_mut().map(|member| &mut member.roles).chain(in_teams);
    holders.filter(|roles| roles.contains(key)).for_each(|roles| *roles = roles.replaced(key, moved_to));
}

/// What is held in a team goes with it; deciding has seen to the teams below.
fn evolve_team(facts: &mut Facts, event: &Event) {
    match event {
        Event::TeamCreated { team } | Event::TeamChanged { team } => {
            facts.teams.insert(team.id, team.clone());
        }
        Event::TeamDeleted { team } => {
            facts.teams.remove(team);
            facts.team_members.values_mut().for_each(|held| drop(held.remove(team)));
        }
        Event::TeamMemberAdded { member } => {
            facts.team_members.update(member.user.clone(), |teams| teams.extend([(member.team, member.clone())]));
        }
        Event::TeamMemberRolesChanged { team, user, to, .. } => {
            let held = facts.team_members.get_mut(user).and_then(|held| held.get_mut(team));
            held.into_iter().for_each(|member| member.roles = to.clone());
        }
        Event::TeamMemberRemoved { team, user } => {
            facts.team_members.get_mut(user).into_iter().for_each(|held| drop(held.remove(team)));
        }
        _ => {}
    }
    facts.team_members.retain(|_, held| !held.is_empty());
}

fn evolve_webhook(facts: &mut Facts, event: &Event) {
    match event {
        Event::WebhookCreated { webhook }
        | Event::WebhookChanged { webhook }
        | Event::WebhookSecretRotated { webhook }
        | Event::WebhookDisabled { webhook } => drop(facts.webhooks.insert(webhook.id, webhook.clone())),
        Event::WebhookDeleted { webhook } => drop(facts.webhooks.remove(webhook)),
        _ => {}
    }
}

fn transfer(facts: &mut Facts, from: &UserId, to: &UserId) {
    // What the owner holds follows from owning; what is stored beside it is what remains afterwards.
    [from, to].into_iter().for_each(|user| set_roles(facts, user, &Roles::admin()));
    count(facts, |organization| organization.owner = to.clone());
}

fn invite(facts: &mut Facts, invitation: &Invitation) {
    facts.invitations.insert(invitation.id, invitation.clone());
    count(facts, |organization| organization.pending_count = organization.pending_count.saturating_add(1));
}

fn evolve_invitation(facts: &mut Facts, event: &Event) {
    match event {
        Event::InvitationResent { invitation, invited_by, digest, generation, expires_at } => {
            if let Some(found) = facts.invitations.get_mut(invitation) {
                found.invited_by = invited_by.clone();
                found.digest = digest.clone();
                found.generation = *generation;
                found.expires_at = *expires_at;
            }
        }
        Event::InvitationRevoked { invitation, at } | Event::InvitationSuperseded { invitation, at } => {
            close(facts, *invitation, InvitationState::Revoked, (None, *at));
        }
        Event::InvitationExpired { invitation, at } => close(facts, *invitation, InvitationState::Expired, (None, *at)),
        Event::InvitationAccepted { invitation, user, at } => {
            close(facts, *invitation, InvitationState::Accepted, (Some(user), *at));
        }
        Event::InvitationDeclined { invitation, user, at } => {
            close(facts, *invitation, InvitationState::Declined, (Some(user), *at));
        }
        _ => {}
    }
}

fn close(facts: &mut Facts, id: InvitationId, state: InvitationState, answer: (Option<&UserId>, Timestamp)) {
    let Some(invitation) = facts.invitations.get_mut(&id) else { return };
    if invitation.state == InvitationState::Pending {
        invitation.state = state;
        invitation.answered_by = answer.0.cloned();
        invitation.closed_at = Some(answer.1);
        count(facts, |organization| organization.pending_count = organization.pending_count.saturating_sub(1));
    }
}

fn count(facts: &mut Facts, change: impl FnOnce(&mut Organization)) {
    if let Some(organization) = &mut facts.organization {
        change(organization);
    }
}
