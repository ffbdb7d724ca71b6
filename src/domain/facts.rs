//! Facts: the few rows that a decision may see.
//!
//! Owns which rows each command needs ([`needs()`]). An organization with a million members costs a
//! decision the same as one with three.

mod needed;
mod needs;

pub use needed::needs;
pub use needs::*;

use super::audit::EntryHash;
use super::claim::Domain;
use super::command::InvitationKey;
use super::denial::{Denial, Reason};
use super::domain_name::DomainName;
use super::email::Email;
use super::id::{
    DomainId, InvitationId, JoinRequestId, LinkId, OrganizationId, RegistrationId, TeamId, UserId, WebhookId,
};
use super::invitation::Invitation;
use super::join_request::JoinRequest;
use super::link::InvitationLink;
use super::membership::Membership;
use super::organization::Organization;
use super::ownership::Owned;
use super::permission::Catalog;
use super::quota::{QuotaSubject, Usage};
use super::registration::Registration;
use super::role::{CustomRoles, Powers, RoleKey, Roles};
use super::slug::Slug;
use super::table::{Set, Table};
use super::team::{HeldInTeams, Standing, Teams};
use super::webhook::Webhook;
use serde::{Deserialize, Serialize};

/// Which of several free slugs a new organization takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SlugPick {
    /// The first one, which is the best.
    #[default]
    First,
    /// Any of them, by a random number.
    Any(u32),
    /// The last one, which has a random ending of the organization's own.
    Last,
}

/// What a store was asked for and found; whatever is absent does not exist.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Facts {
    /// The organization.
    pub organization: Option<Organization>,
    /// Whether the id belonged to an organization that was deleted.
    pub deleted: bool,
    /// Members of it, by user.
    pub members: Table<UserId, Membership>,
    /// Invitations to it, by id.
    pub invitations: Table<InvitationId, Invitation>,
    /// Those of the addresses to be invited that members have.
    pub joined: Vec<Email>,
    /// Those of the addresses asked for that the organization must not invite.
    pub suppressed: Vec<Email>,
    /// What was sent lately, by whom it is counted to.
    pub sent: Table<QuotaSubject, Usage>,
    /// All custom roles of it, by key; there are at most 50.
    pub roles: CustomRoles,
    /// How many members hold the role that the command asks about; of a role to be made, whether any does.
    pub holders: u32,
    /// How many hold it in a team, counted for each team.
    #[serde(skip_serializing_if = "is_zero")]
    pub holders_in_teams: u32,
    /// All teams of it, if the command is about teams; there are at most as many as the policy says.
    #[serde(skip_serializing_if = "Teams::is_empty")]
    pub teams: Teams,
    /// The teams of the users asked for, by user.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub team_members: Table<UserId, HeldInTeams>,
    /// The roles that anybody holds in each team, if the command moves one.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub team_roles: Table<TeamId, Set<RoleKey>>,
    /// What the user owns whom the command makes an owner.
    #[serde(skip_serializing_if = "Owned::is_nothing")]
    pub owned: Owned,
    /// Links to it, by id.
    pub links: Table<LinkId, InvitationLink>,
    /// Requests to it, by id.
    pub join_requests: Table<JoinRequestId, JoinRequest>,
    /// How many requests of the one who asks wait, over all organizations.
    pub pending_requests: u32,
    /// The organization's registration; for a new one, those of the same address that wait.
    pub registrations: Table<RegistrationId, Registration>,
    /// How many registrations the installation took within the last hour.
    pub recent_registrations: u32,
    /// Who holds the slugs that were asked for; deleted organizations keep theirs.
    pub slugs: Table<Slug, OrganizationId>,
    /// Which of the free slugs is taken. No store knows it: it is set after a lost race.
    #[serde(skip)]
    pub slug_pick: SlugPick,
    /// Those of the users asked for who have left or were removed before.
    #[serde(skip_serializing_if = "Set::is_empty")]
    pub departed: Set<UserId>,
    /// The hash of the newest entry of the audit log: the next one is written behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<EntryHash>,
    /// Domains that it claims, by id.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub domains: Table<DomainId, Domain>,
    /// Whose the verified ones of the domains that were asked for are.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub domain_holders: Table<DomainName, OrganizationId>,
    /// All webhooks of it, by id, if the command is about one.
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub webhooks: Table<WebhookId, Webhook>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Facts {
    /// The organization, unless it is deleted.
    pub fn standing(&self) -> Option<&Organization> {
        self.organization.as_ref().filter(|organization| organization.deletion.is_none())
    }

    /// The organization's version; 0 when there is none.
    pub fn version(&self) -> u64 {
        self.organization.as_ref().map_or(0, |organization| organization.version)
    }

    /// What roles allow here, as they are given now.
    ///
    /// # Errors
    /// `unknown_role` when neither the organization nor the operator has such a role.
    pub fn powers_of(&self, catalog: &Catalog, roles: &Roles) -> Result<Powers, Denial> {
        let exists =
            |key: &RoleKey| key.is_built_in() || self.roles.contains_key(key) || catalog.roles().get(key).is_some();
        match roles.iter().find(|key| !exists(key)) {
            Some(key) => Err(Denial::about(Reason::UnknownRole, "roles", format!("there is no role `{key}`"))),
            None => Ok(self.powers_in(catalog, roles.iter())),
        }
    }

    /// Those of the roles that the operator declares and the organization has no own role for.
    pub fn declared_among(&self, catalog: &Catalog, roles: &Roles) -> Set<RoleKey> {
        let declared = |key: &&RoleKey| catalog.roles().get(key).is_some() && !self.roles.contains_key(*key);
        roles.iter().filter(declared).cloned().collect()
    }

    /// What a member may do here, whatever the state of the membership.
    pub fn powers_held(&self, catalog: &Catalog, member: &Membership) -> Powers {
        match &self.organization {
            Some(organization) => self.powers_in(catalog, &member.effective_roles(organization)),
            None => Powers::default(),
        }
    }

    /// What a member may do in a team; `None` when there is no such team among the facts.
    pub fn standing_in(&self, catalog: &Catalog, team: TeamId, user: &UserId, powers: Powers) -> Option<Standing> {
        let held = |id: TeamId| self.team_members.get(user)?.get(&id);
        let in_one = |id: TeamId| held(id).map(|member| self.powers_in(catalog, member.roles.iter()));
        Standing::in_team(&self.teams, team, powers, |id| in_one(id).unwrap_or_default())
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
