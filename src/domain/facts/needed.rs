//! From a command to the rows that it needs.
//!
//! Owns the table of which command needs what; what can be needed at all is in `needs`. Never loads.

use super::needs::{
    DomainNeed, DoorNeeds, InvitationNeed, JoinRequestNeed, LinkNeed, Needs, OwnedNeed, REGISTRATION_WINDOW,
    RegistrationNeed, SWEEP_LIMIT, SendingNeed,
};
use crate::domain::claim::domain_of;
use crate::domain::command::{Action, Command, InvitationKey, RoleRef, Target};
use crate::domain::domain_name::DomainName;
use crate::domain::email::Email;
use crate::domain::id::{JoinRequestId, RegistrationId, UserId};
use crate::domain::slug::Slug;

/// Names the rows that a command needs.
pub fn needs(command: &Command) -> Needs {
    let mut members = vec![command.actor.user_id.clone()];
    members.extend(other_members(&command.action));
    Needs {
        members,
        slugs: slugs(&command.action),
        invitations: invitations(command),
        pending_for: settled(command),
        sending: sending(command),
        departed: matches!(command.action, Action::AutoJoin(_) | Action::AskToJoin(_)),
        holders: holders(&command.action),
        first_to_end: first_to_end(&command.action),
        teams: about_teams(&command.action),
        team_roles: matches!(&command.action, Action::UpdateTeam(update) if update.parent.is_some()),
        domains: domains(command),
        domain_names: domain_names(command),
        webhooks: about_webhooks(&command.action),
        doors: doors(command),
        officers: needs_officers(&command.action),
        owned: owned(command),
        ..Needs::of(command.target.clone())
    }
}

/// As many as the command takes seats, and no more than one sweep closes: whichever ends first is over, or none is.
fn first_to_end(action: &Action) -> u32 {
    match action {
        Action::AddMember(_)
        | Action::InviteMember(_)
        | Action::AcceptInvitation(_)
        | Action::AcceptLink(_)
        | Action::AutoJoin(_)
        | Action::AskToJoin(_)
        | Action::ApproveJoinRequest(_) => 1,
        Action::InviteMembers(many) => u32::try_from(many.lines.len()).unwrap_or(SWEEP_LIMIT).min(SWEEP_LIMIT),
        Action::ImportOrganization(_) | Action::CloseOverdue(_) => SWEEP_LIMIT,
        _ => 0,
    }
}

fn domains(command: &Command) -> DomainNeed {
    match &command.action {
        Action::AskToJoin(_) => domain_of(&command.actor).map_or(DomainNeed::Nothing, DomainNeed::Verified),
        Action::ClaimDomain(_)
        | Action::VerifyDomain(_)
        | Action::ChangeDomain(_)
        | Action::DeleteDomain(_)
        | Action::RecheckDomain(_) => DomainNeed::All,
        _ => DomainNeed::Nothing,
    }
}

fn domain_names(command: &Command) -> Vec<DomainName> {
    let verified = if let Action::VerifyDomain(verify) = &command.action { Some(&verify.name) } else { None };
    command.hosts.iter().chain(verified).cloned().collect()
}

fn needs_officers(action: &Action) -> bool {
    matches!(
        action,
        Action::AcceptOwnership(_)
            | Action::TransferOwnership(_)
            | Action::DeclineOwnership(_)
            | Action::WithdrawNomination(_)
            | Action::CloseOverdue(_)
            | Action::NominateOwner(_)
    )
}

/// The user whom the command would make an owner.
fn owned(command: &Command) -> OwnedNeed {
    match &command.action {
        Action::CreateOrganization(create) => {
            OwnedNeed::Of(create.owner.as_ref().unwrap_or(&command.actor.user_id).clone())
        }
        Action::AcceptOwnership(_) | Action::ActivateRegistration(_) => OwnedNeed::Of(command.actor.user_id.clone()),
        Action::TransferOwnership(transfer) => OwnedNeed::Of(transfer.to.clone()),
        Action::NominateOwner(nominate) => OwnedNeed::Of(nominate.to.clone()),
        Action::LeaveOrganization(leave) => leave.successor.clone().map_or(OwnedNeed::Nobody, OwnedNeed::Of),
        Action::RestoreOrganization(_) => OwnedNeed::OfOwner,
        _ => OwnedNeed::Nobody,
    }
}

fn other_members(action: &Action) -> Vec<UserId> {
    match action {
        Action::TransferOwnership(transfer) => vec![transfer.to.clone()],
        Action::NominateOwner(nominate) => vec![nominate.to.clone()],
        Action::LeaveOrganization(leave) => leave.successor.iter().cloned().collect(),
        Action::EraseUser(erase) => vec![erase.user.clone()],
        Action::AddMember(add) => vec![add.user.clone()],
        Action::AutoJoin(join) => vec![join.user.user_id.clone()],
        Action::RemoveMember(remove) => vec![remove.user.clone()],
        Action::UpdateMember(update) => vec![update.user.clone()],
        Action::PutTeamMember(put) => vec![put.user.clone()],
        Action::RemoveTeamMember(remove) => vec![remove.user.clone()],
        Action::ImportOrganization(import) => import.members.iter().map(|m| m.user.clone()).collect(),
        _ => Vec::new(),
    }
}

fn about_teams(action: &Action) -> bool {
    match action {
        Action::CreateTeam(_) | Action::UpdateTeam(_) | Action::DeleteTeam(_) => true,
        Action::PutTeamMember(_) | Action::RemoveTeamMember(_) => true,
        Action::InviteMember(invite) => !invite.teams.is_empty(),
        Action::InviteMembers(many) => many.lines.iter().any(|line| !line.teams.is_empty()),
        // Which teams it leads to is known only when it is there.
        Action::AcceptInvitation(_) => true,
        _ => false,
    }
}

fn about_webhooks(action: &Action) -> bool {
    matches!(
        action,
        Action::CreateWebhook(_)
            | Action::UpdateWebhook(_)
            | Action::RotateWebhook(_)
            | Action::DeleteWebhook(_)
            | Action::TestWebhook(_)
            | Action::DisableWebhook(_)
    )
}

fn sending(command: &Command) -> Option<SendingNeed> {
    let again = match &command.action {
        Action::InviteMember(_) | Action::InviteMembers(_) | Action::AskToJoin(_) | Action::AddMember(_) => None,
        Action::ResendInvitation(resend) => Some(resend.invitation),
        _ => return None,
    };
    let inviter = command.actor.user_id.clone();
    Some(SendingNeed { inviter, to: addresses(command), again })
}

/// The addresses whose pending invitations give way to what the command makes: an invitation, or a
/// membership of whoever has the address; or whose owner is erased.
fn settled(command: &Command) -> Vec<Email> {
    let proven = || command.actor.verified_email().cloned();
    match &command.action {
        Action::AutoJoin(join) => join.user.verified_email().cloned().into_iter().collect(),
        Action::EraseUser(erase) => erase.emails.clone(),
        _ => addresses(command).into_iter().chain(proven()).collect(),
    }
}

/// The addresses that a command invites.
fn addresses(command: &Command) -> Vec<Email> {
    match &command.action {
        Action::AskToJoin(_) => command.actor.verified_email().into_iter().cloned().collect(),
        Action::InviteMember(invite) => vec![invite.email.clone()],
        Action::InviteMembers(many) => many.lines.iter().map(|line| line.email.clone()).collect(),
        Action::AddMember(add) => add.email.iter().cloned().collect(),
        _ => Vec::new(),
    }
}

fn holders(action: &Action) -> Option<RoleRef> {
    match action {
        // A key that nobody's role has may be held all the same: the operator declared it once.
        Action::CreateRole(create) => Some(RoleRef::Key(create.key.clone())),
        Action::DeleteRole(delete) => Some(delete.role.clone()),
        Action::UpdateRole(update) => Some(update.role.clone()),
        _ => None,
    }
}

fn slugs(action: &Action) -> Vec<Slug> {
    match action {
        Action::CreateOrganization(create) => create.slug.candidates().to_vec(),
        Action::UpdateOrganization(update) => update.slug.iter().cloned().collect(),
        Action::ImportOrganization(import) => import.slugs.clone(),
        Action::RegisterOrganization(register) => {
            [register.slugs.as_slice(), std::slice::from_ref(&register.holding)].concat()
        }
        Action::ActivateRegistration(activate) => activate.slug.iter().cloned().collect(),
        _ => Vec::new(),
    }
}

fn invitations(command: &Command) -> InvitationNeed {
    match (&command.action, &command.target) {
        (Action::ResendInvitation(it), _) => InvitationNeed::Key(InvitationKey::Id(it.invitation)),
        (Action::RevokeInvitation(it), _) => InvitationNeed::Key(InvitationKey::Id(it.invitation)),
        (_, Target::Invitation(key)) => InvitationNeed::Key(key.clone()),
        _ => InvitationNeed::Nothing,
    }
}

fn doors(command: &Command) -> DoorNeeds {
    let none = DoorNeeds::default();
    match (&command.action, &command.target) {
        (Action::CreateLink(_), _) => DoorNeeds { links: Some(LinkNeed::All), ..none },
        (Action::UpdateLink(it), _) => DoorNeeds { links: Some(LinkNeed::One(it.link)), ..none },
        (Action::RotateLink(it), _) => DoorNeeds { links: Some(LinkNeed::One(it.link)), ..none },
        (Action::DeleteLink(it), _) => DoorNeeds { links: Some(LinkNeed::One(it.link)), ..none },
        (Action::AcceptLink(_), Target::Link(digest)) => {
            DoorNeeds { links: Some(LinkNeed::Digest(digest.clone())), ..none }
        }
        (Action::AskToJoin(_), _) => {
            let latest = JoinRequestNeed::LatestOf(command.actor.user_id.clone());
            DoorNeeds { owner: true, join_requests: Some(latest), ..none }
        }
        (Action::RecheckDomain(_), _) => DoorNeeds { owner: true, ..none },
        (Action::EraseUser(it), _) => {
            DoorNeeds { join_requests: Some(JoinRequestNeed::LatestOf(it.user.clone())), ..none }
        }
        (Action::ApproveJoinRequest(it), _) => asked(it.request),
        (Action::DenyJoinRequest(it), _) => asked(it.request),
        (Action::WithdrawJoinRequest(it), _) => asked(it.request),
        (Action::RegisterOrganization(it), _) => {
            let start = it.registration.millis().saturating_sub(REGISTRATION_WINDOW);
            let quota =
                RegistrationNeed::Quota { email: it.email.clone(), since: RegistrationId::from_parts(start, &[0; 10]) };
            DoorNeeds { registrations: Some(quota), ..none }
        }
        (Action::ActivateRegistration(_), _) => {
            DoorNeeds { owner: true, registrations: Some(RegistrationNeed::OfTarget), ..none }
        }
        (Action::ExpireRegistration(_), _) => DoorNeeds { registrations: Some(RegistrationNeed::OfTarget), ..none },
        _ => none,
    }
}

fn asked(request: JoinRequestId) -> DoorNeeds {
    DoorNeeds { join_requests: Some(JoinRequestNeed::One(request)), ..DoorNeeds::default() }
}
