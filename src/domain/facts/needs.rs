//! Which rows each command needs.

use crate::domain::claim::domain_of;
use crate::domain::command::{Action, Command, InvitationKey, RoleRef, Target};
use crate::domain::domain_name::DomainName;
use crate::domain::email::Email;
use crate::domain::id::{InvitationId, JoinRequestId, LinkId, RegistrationId, UserId};
use crate::domain::secret::SecretDigest;
use crate::domain::slug::Slug;

/// The rows that a command needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// Which organization. For an invitation: the one it leads to, with the inviter's membership.
    pub target: Target,
    /// Whose memberships.
    pub members: Vec<UserId>,
    /// Which slugs' holders.
    pub slugs: Vec<Slug>,
    /// Which invitations.
    pub invitations: InvitationNeed,
    /// The pending invitations of which addresses, besides.
    pub pending_for: Vec<Email>,
    /// Whether also the memberships of the owner and the nominee.
    pub officers: bool,
    /// Whose organizations are counted.
    pub owned: OwnedNeed,
    /// What else there is to know before invitations are sent.
    pub sending: Option<SendingNeed>,
    /// Whether it matters which of the members have been members before.
    pub departed: bool,
    /// Which role's holders are counted.
    pub holders: Option<RoleRef>,
    /// How many of the members and of the pending invitations are needed whose time ends first: what takes seats
    /// frees those that are held beyond their time.
    pub first_to_end: u32,
    /// Whether the teams are needed, with what the members asked for hold in them.
    pub teams: bool,
    /// Whether it matters which roles anybody holds in the teams.
    pub team_roles: bool,
    /// Which of the organization's domains.
    pub domains: DomainNeed,
    /// Which domains' holders.
    pub domain_names: Vec<DomainName>,
    /// Whether the webhooks.
    pub webhooks: bool,
    /// What of the other doors.
    pub doors: DoorNeeds,
}

/// What is needed of whoever is about to be sent invitations: their wishes and everybody's quotas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendingNeed {
    /// Who sends.
    pub inviter: UserId,
    /// To which addresses.
    pub to: Vec<Email>,
    /// Which invitation again.
    pub again: Option<InvitationId>,
}

impl Needs {
    /// What an answer to an invitation is decided on, but for who answers.
    pub fn of_invitation(key: InvitationKey) -> Self {
        let invitations = InvitationNeed::Key(key.clone());
        Needs { invitations, ..Needs::of(Target::Invitation(key)) }
    }

    /// What coming in by a link is decided on, but for who comes.
    pub fn of_link(digest: SecretDigest) -> Self {
        let doors = DoorNeeds { links: Some(LinkNeed::Digest(digest.clone())), ..DoorNeeds::default() };
        Needs { doors, ..Needs::of(Target::Link(digest)) }
    }

    /// The organization alone.
    pub fn of(target: Target) -> Self {
        Needs {
            target,
            members: Vec::new(),
            slugs: Vec::new(),
            invitations: InvitationNeed::Nothing,
            pending_for: Vec::new(),
            officers: false,
            owned: OwnedNeed::Nobody,
            sending: None,
            departed: false,
            holders: None,
            first_to_end: 0,
            teams: false,
            team_roles: false,
            domains: DomainNeed::Nothing,
            domain_names: Vec::new(),
            webhooks: false,
            doors: DoorNeeds::default(),
        }
    }
}

/// What a command needs of links, join requests and registrations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DoorNeeds {
    /// Whether the owner's membership is needed.
    pub owner: bool,
    /// Which links.
    pub links: Option<LinkNeed>,
    /// Which join requests.
    pub join_requests: Option<JoinRequestNeed>,
    /// Which registrations.
    pub registrations: Option<RegistrationNeed>,
}

/// Which links a command needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkNeed {
    /// This one, if it leads to the target organization.
    One(LinkId),
    /// The one with this digest, and the membership of whoever vouches for it.
    Digest(SecretDigest),
    /// All of the organization; there are at most [`LINK_CAP`].
    All,
}

/// Which join requests a command needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoinRequestNeed {
    /// This one, if it is about the target organization.
    One(JoinRequestId),
    /// The latest of this user to the target organization, and how many of theirs wait anywhere.
    LatestOf(UserId),
}

/// Which registrations a command needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistrationNeed {
    /// That of the target organization.
    OfTarget,
    /// Those of an address that wait, and how many were taken since an instant.
    Quota {
        /// The address.
        email: Email,
        /// The first id that could have been born at that instant.
        since: RegistrationId,
    },
}

/// No setting allows more links in an organization.
pub const LINK_CAP: u32 = 100;

/// No more registrations are counted.
pub const REGISTRATION_CAP: u32 = 100_000;

/// The window of the installation's quota of registrations, in milliseconds.
pub const REGISTRATION_WINDOW: u64 = 60 * 60 * 1000;

/// Whose organizations a command needs counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnedNeed {
    /// Nobody's.
    Nobody,
    /// This user's.
    Of(UserId),
    /// The owner's of the target organization.
    OfOwner,
}

/// Which invitations a command needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvitationNeed {
    /// None.
    Nothing,
    /// This one, if it leads to the target organization.
    Key(InvitationKey),
}

/// Which of the organization's domains a command needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DomainNeed {
    /// None.
    Nothing,
    /// All; there are a few.
    All,
    /// The verified one of this name.
    Verified(DomainName),
}

/// The most invitations, and the most memberships, that one sweep closes in an organization.
pub const SWEEP_LIMIT: u32 = 100;

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
            | Action::DeclineOwnership(_)
            | Action::WithdrawNomination(_)
            | Action::CloseOverdue(_)
            | Action::NominateOwner(_)
    )
}

/// The user whom the command would make an owner.
fn owned(command: &Command) -> OwnedNeed {
    match &command.action {
        Action::CreateOrganization(_) | Action::AcceptOwnership(_) | Action::ActivateRegistration(_) => {
            OwnedNeed::Of(command.actor.user_id.clone())
        }
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
