//! Facts: the few rows that a decision may see.
//!
//! Owns which rows each command needs ([`needs`]). An organization with a million members costs a
//! decision the same as one with three.

use super::audit::EntryHash;
use super::claim::Domain;
use super::command::{Action, Command, InvitationKey, RoleRef, Target};
use super::denial::{Denial, Reason};
use super::domain_name::DomainName;
use super::email::Email;
use super::id::{DomainId, InvitationId, JoinRequestId, LinkId, OrganizationId, RegistrationId, UserId};
use super::invitation::Invitation;
use super::join_request::JoinRequest;
use super::link::InvitationLink;
use super::membership::Membership;
use super::organization::Organization;
use super::permission::Catalog;
use super::quota::{QuotaSubject, Usage};
use super::registration::Registration;
use super::role::{CustomRoles, Powers, RoleKey, Roles};
use super::secret::SecretDigest;
use super::slug::Slug;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a store was asked for and found; whatever is absent does not exist.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Facts {
    /// The organization.
    pub organization: Option<Organization>,
    /// Whether the id belonged to an organization that was deleted.
    pub deleted: bool,
    /// Members of it, by user.
    pub members: BTreeMap<UserId, Membership>,
    /// Invitations to it, by id.
    pub invitations: BTreeMap<InvitationId, Invitation>,
    /// Those of the addresses asked for that the organization must not invite.
    pub suppressed: Vec<Email>,
    /// What was sent lately, by whom it is counted to.
    pub sent: BTreeMap<QuotaSubject, Usage>,
    /// All custom roles of it, by key; there are at most 50.
    pub roles: CustomRoles,
    /// How many members hold the role that the command asks about.
    pub holders: u32,
    /// Links to it, by id.
    pub links: BTreeMap<LinkId, InvitationLink>,
    /// Requests to it, by id.
    pub join_requests: BTreeMap<JoinRequestId, JoinRequest>,
    /// How many requests of the one who asks wait, over all organizations.
    pub pending_requests: u32,
    /// The organization's registration; for a new one, those of the same address that wait.
    pub registrations: BTreeMap<RegistrationId, Registration>,
    /// How many registrations the installation took within the last hour.
    pub recent_registrations: u32,
    /// Who holds the slugs that were asked for; deleted organizations keep theirs.
    pub slugs: BTreeMap<Slug, OrganizationId>,
    /// Those of the users asked for who have left or were removed before.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub departed: BTreeSet<UserId>,
    /// The hash of the newest entry of the audit log: the next one is written behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<EntryHash>,
    /// Domains that it claims, by id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub domains: BTreeMap<DomainId, Domain>,
    /// Whose the verified ones of the domains that were asked for are.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub domain_holders: BTreeMap<DomainName, OrganizationId>,
}

impl Facts {
    /// The organization's version; 0 when there is none.
    pub fn version(&self) -> u64 {
        self.organization.as_ref().map_or(0, |organization| organization.version)
    }

    /// What roles allow here, as they are given now.
    ///
    /// # Errors
    /// `unknown_role` when the organization has no such role.
    pub fn powers_of(&self, catalog: &Catalog, roles: &Roles) -> Result<Powers, Denial> {
        match roles.iter().find(|key| !key.is_built_in() && !self.roles.contains_key(key)) {
            Some(key) => Err(Denial::about(Reason::UnknownRole, "roles", format!("there is no role `{key}`"))),
            None => Ok(self.powers_in(catalog, roles.iter())),
        }
    }

    /// What a member may do here, whatever the state of the membership.
    pub fn powers_held(&self, catalog: &Catalog, member: &Membership) -> Powers {
        match &self.organization {
            Some(organization) => self.powers_in(catalog, &member.effective_roles(organization)),
            None => Powers::default(),
        }
    }

    fn powers_in<'a>(&'a self, catalog: &Catalog, keys: impl IntoIterator<Item = &'a RoleKey>) -> Powers {
        Powers::of(catalog, keys, |key| self.roles.get(key).map(|role| &role.permissions))
    }

    /// The invitation that a key names.
    pub fn invitation(&self, key: &InvitationKey) -> Option<&Invitation> {
        match key {
            InvitationKey::Id(id) => self.invitations.get(id),
            InvitationKey::Digest(digest) => self.invitations.values().find(|i| i.digest == *digest),
        }
    }
}

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
    /// What else there is to know before invitations are sent.
    pub sending: Option<SendingNeed>,
    /// Whether it matters which of the members have been members before.
    pub departed: bool,
    /// Which role's holders are counted.
    pub holders: Option<RoleRef>,
    /// Whether up to 100 members are needed whose time ends first.
    pub first_to_end: bool,
    /// Which of the organization's domains.
    pub domains: DomainNeed,
    /// Which domains' holders.
    pub domain_names: Vec<DomainName>,
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

    /// The organization alone.
    pub fn of(target: Target) -> Self {
        let (members, slugs, pending_for) = (Vec::new(), Vec::new(), Vec::new());
        Needs {
            target,
            members,
            slugs,
            invitations: InvitationNeed::Nothing,
            pending_for,
            sending: None,
            departed: false,
            holders: None,
            first_to_end: false,
            domains: DomainNeed::Nothing,
            domain_names: Vec::new(),
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

/// Which invitations a command needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvitationNeed {
    /// None.
    Nothing,
    /// This one, if it leads to the target organization.
    Key(InvitationKey),
    /// Up to 100 pending ones, those first whose time ends first.
    OldestPending,
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
pub const SWEEP_LIMIT: usize = 100;

/// Names the rows that a command needs.
pub fn needs(command: &Command) -> Needs {
    let mut members = vec![command.actor.user_id.clone()];
    members.extend(other_members(&command.action));
    Needs {
        members,
        slugs: slugs(&command.action),
        invitations: invitations(command),
        pending_for: addresses(&command.action),
        sending: sending(command),
        departed: matches!(command.action, Action::AutoJoin(_)),
        holders: holders(&command.action),
        first_to_end: matches!(command.action, Action::CloseOverdue(_)),
        domains: domains(&command.action),
        domain_names: domain_names(&command.action),
        doors: doors(command),
        ..Needs::of(command.target.clone())
    }
}

fn domains(action: &Action) -> DomainNeed {
    match action {
        Action::ClaimDomain(_)
        | Action::VerifyDomain(_)
        | Action::ChangeDomain(_)
        | Action::DeleteDomain(_)
        | Action::RecheckDomain(_) => DomainNeed::All,
        _ => DomainNeed::Nothing,
    }
}

fn domain_names(action: &Action) -> Vec<DomainName> {
    match action {
        Action::VerifyDomain(verify) => vec![verify.name.clone()],
        _ => Vec::new(),
    }
}

fn other_members(action: &Action) -> Vec<UserId> {
    match action {
        Action::TransferOwnership(transfer) => vec![transfer.to.clone()],
        Action::AddMember(add) => vec![add.user.clone()],
        Action::AutoJoin(join) => vec![join.user.user_id.clone()],
        Action::RemoveMember(remove) => vec![remove.user.clone()],
        Action::UpdateMember(update) => vec![update.user.clone()],
        Action::ImportOrganization(import) => import.members.iter().map(|m| m.user.clone()).collect(),
        _ => Vec::new(),
    }
}

fn sending(command: &Command) -> Option<SendingNeed> {
    let again = match &command.action {
        Action::InviteMember(_) | Action::InviteMembers(_) => None,
        Action::ResendInvitation(resend) => Some(resend.invitation),
        _ => return None,
    };
    let inviter = command.actor.user_id.clone();
    Some(SendingNeed { inviter, to: addresses(&command.action), again })
}

/// The addresses whose pending invitations give way to what the command makes.
fn addresses(action: &Action) -> Vec<Email> {
    match action {
        Action::InviteMember(invite) => vec![invite.email.clone()],
        Action::InviteMembers(many) => many.lines.iter().map(|line| line.email.clone()).collect(),
        Action::AddMember(add) => add.email.iter().cloned().collect(),
        _ => Vec::new(),
    }
}

fn holders(action: &Action) -> Option<RoleRef> {
    match action {
        Action::DeleteRole(delete) => Some(delete.role.clone()),
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
        _ => Vec::new(),
    }
}

fn invitations(command: &Command) -> InvitationNeed {
    match (&command.action, &command.target) {
        (Action::ResendInvitation(it), _) => InvitationNeed::Key(InvitationKey::Id(it.invitation)),
        (Action::RevokeInvitation(it), _) => InvitationNeed::Key(InvitationKey::Id(it.invitation)),
        (Action::CloseOverdue(_), _) => InvitationNeed::OldestPending,
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
