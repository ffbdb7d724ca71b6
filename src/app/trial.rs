//! Trying a command out: what it would do, with nothing done.
//!
//! Owns what an answer under `dryRun` is made of. It is `decide` without the commit, by the same way
//! as the real thing, so that the two cannot come to differ.

use super::execute::{App, Executed};
use super::ports::{Cache, Entropy, Failure, Group, Store};
use crate::domain::command::{Command, OrganizationRef, Target};
use crate::domain::decide::{decide, is_link_vouched_for, is_vouched_for};
use crate::domain::denial::{Denial, Reason};
use crate::domain::evolve::advance;
use crate::domain::facts::{DoorNeeds, Facts, LinkNeed, Needs, needs};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::invitation::Invitation;
use crate::domain::link::InvitationLink;
use crate::domain::permission::Permission;
use crate::domain::principal::PrincipalKind;
use crate::domain::requirements::Proof;
use crate::domain::scope::Scope;
use crate::domain::table::Set;

/// At most so many are shown whom a command touches without naming them.
const MOST_SHOWN: u32 = 100;

/// At most so many invitations are told of that would become void.
const MOST_BROKEN: u32 = 100;

/// What a command would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Whether whoever asks may see what is in the organization, and not only what concerns them.
    pub inside: bool,
    /// The facts that it was decided on.
    pub before: Facts,
    /// What it would come to.
    pub executed: Executed,
    /// What would become void, since the member who vouches for it would lose the power to.
    pub broken: Offers,
    /// Whom it would touch.
    pub affected: Affected,
    /// Of whom whoever asks may learn.
    pub sight: Sight,
}

/// What is offered to people who have not come yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offers {
    /// Open invitations.
    pub invitations: Vec<Invitation>,
    /// Links that let people in.
    pub links: Vec<InvitationLink>,
}

/// Of whom somebody may learn, besides themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// Who asks.
    pub user: UserId,
    /// Whether they may see the members.
    pub members: bool,
    /// Whether they may see who is in the teams.
    pub in_teams: bool,
}

impl Sight {
    /// Whether they may see a member.
    pub fn of_member(&self, user: &UserId) -> bool {
        self.members || self.user == *user
    }

    /// Whether they may see what a member holds in a team.
    pub fn of_team_member(&self, user: &UserId) -> bool {
        (self.members && self.in_teams) || self.user == *user
    }
}

/// Whom a command would touch: the first of them in the facts before and after, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Affected {
    /// The facts before, with those whom the change touches without naming them.
    pub before: Facts,
    /// The same after it.
    pub after: Facts,
    /// Those whom it touches without naming them, if there are such: holders of a role are touched as they are.
    pub group: Option<Group>,
    /// How many members are of the group, or in an organization that ends. Nobody else is among them.
    pub members: Option<u32>,
    /// How many in teams are of the group; counted no further than 10,000.
    pub in_teams: Option<u32>,
}

/// The refusal of what cannot be tried out.
pub fn not_tried() -> Denial {
    Denial::about(Reason::InvalidValue, "dryRun", "only a command can be tried out")
}

impl<S: Store, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// Decides a command and stops there. An idempotency key means nothing here.
    ///
    /// # Errors
    /// What the command is refused with, as it would be.
    pub async fn rehearse(&self, command: &Command) -> Result<Trial, Failure> {
        let before = self.store.load(&needs(command), None).await?.facts;
        let decision = decide(&self.config.policy, &before, command, self.now)?;
        let executed = self.executed(command, before.clone(), &decision)?;
        let broken = self.broken(&before, &executed).await?;
        let actor = &command.actor;
        let known = before.members.contains_key(&actor.user_id) || actor.kind == PrincipalKind::PlatformAdmin;
        let inside = before.organization.is_none() || known;
        let sight = self.sight(command, &before);
        let affected = self.affected(&before, &executed).await?;
        Ok(Trial { inside, before, executed, broken, affected, sight })
    }

    async fn affected(&self, before: &Facts, executed: &Executed) -> Result<Affected, Failure> {
        let (mut whole, after) = (before.clone(), &executed.facts);
        let group = Group::of(&executed.events, before);
        let Some(group) = group.filter(|_| after.organization.is_some()) else {
            return Ok(Affected {
                members: ended(before, after),
                before: whole,
                after: after.clone(),
                ..Affected::default()
            });
        };
        let touched = self.store.touched(executed.organization, &group, MOST_SHOWN).await?;
        let all = u32::try_from(touched.members.len()).ok().filter(|shown| *shown < MOST_SHOWN);
        whole.members.extend(touched.members.into_iter().map(|member| (member.user.clone(), member)));
        for member in touched.in_teams {
            whole.team_members.update(member.user.clone(), |teams| teams.extend([(member.team, member)]));
        }
        let mut later = whole.clone();
        advance(&mut later, &executed.events, self.now);
        let members = match group {
            Group::Holders(_) => all.or(Some(before.holders)),
            Group::Teams(_) => None,
        };
        let in_teams = Some(touched.in_teams_count);
        Ok(Affected { before: whole, after: later, group: Some(group), members, in_teams })
    }

    /// Rule: trying out shows nobody whom reading would not. Whoever founds sees what they found.
    fn sight(&self, command: &Command, before: &Facts) -> Sight {
        let actor = &command.actor;
        let catalog = &self.config.policy.catalog;
        let founds = before.organization.is_none();
        let standing = before.organization.as_ref().zip(before.members.get(&actor.user_id));
        let standing =
            standing.filter(|(organization, _)| organization.requirements.require(Proof::from(actor)).is_ok());
        let scope =
            standing.and_then(|(organization, member)| Scope::of(catalog, before, organization, member, self.now).ok());
        let all = founds || actor.kind == PrincipalKind::PlatformAdmin;
        let may = |wanted| all || scope.as_ref().is_some_and(|scope| scope.permissions().contains(wanted));
        let (members, in_teams) = (may(Permission::MemberRead), may(Permission::TeamRead));
        Sight { user: actor.user_id.clone(), members, in_teams }
    }

    /// Rule: only those can break whose inviter is touched, or all if roles are. With the organization
    /// all of them end.
    async fn broken(&self, before: &Facts, executed: &Executed) -> Result<Offers, Failure> {
        let (after, organization) = (&executed.facts, executed.organization);
        let inviters = touched(before, after);
        let roles_change = before.roles != after.roles;
        if after.organization.is_none() || (inviters.is_empty() && !roles_change) {
            return Ok(Offers::default());
        }
        if !roles_change {
            let invitations = self.store.invited_by(organization, &inviters, MOST_BROKEN).await?;
            let mut links = self.offers(organization, 0).await?.links;
            links.retain(|link| inviters.contains(&link.invited_by));
            return Ok(self.void(Offers { invitations, links }, before, after));
        }
        let found = self.offers(organization, MOST_BROKEN).await?;
        let inviters = found.invitations.iter().map(|it| &it.invited_by);
        let makers: Set<&UserId> = inviters.chain(found.links.iter().map(|it| &it.invited_by)).collect();
        let members = makers.into_iter().cloned().collect();
        let needs = Needs { members, ..Needs::of(Target::Organization(OrganizationRef::Id(organization))) };
        let mut whole = before.clone();
        whole.members.extend(self.store.load(&needs, None).await?.facts.members);
        let mut later = whole.clone();
        advance(&mut later, &executed.events, self.now);
        Ok(self.void(found, &whole, &later))
    }

    /// All links of an organization, of which there are few, and as many of its pending invitations.
    async fn offers(&self, organization: OrganizationId, invitations: u32) -> Result<Offers, Failure> {
        let doors = DoorNeeds { links: Some(LinkNeed::All), ..DoorNeeds::default() };
        let target = Target::Organization(OrganizationRef::Id(organization));
        let needs = Needs { first_to_end: invitations, doors, ..Needs::of(target) };
        let facts = self.store.load(&needs, None).await?.facts;
        let (invitations, links) = (facts.invitations.into_values(), facts.links.into_values());
        Ok(Offers { invitations: invitations.collect(), links: links.collect() })
    }

    /// Those that stand open before and after, and are vouched for only before.
    fn void(&self, mut found: Offers, before: &Facts, after: &Facts) -> Offers {
        let (catalog, now) = (&self.config.policy.catalog, self.now);
        let vouched = |facts: &Facts, invitation: &Invitation| is_vouched_for(catalog, facts, invitation, now);
        let left = |invitation: &Invitation| after.invitations.get(&invitation.id).is_none_or(|it| it.is_open(now));
        found.invitations.retain(|invitation| invitation.is_open(now) && left(invitation));
        found.invitations.retain(|invitation| vouched(before, invitation) && !vouched(after, invitation));
        let vouched = |facts: &Facts, link: &InvitationLink| is_link_vouched_for(catalog, facts, link, now);
        found.links.retain(|link| link.require_open(now).is_ok() && vouched(before, link) && !vouched(after, link));
        found
    }
}

/// With the organization all memberships end.
fn ended(before: &Facts, after: &Facts) -> Option<u32> {
    let stood = before.standing()?;
    after.standing().is_none().then_some(stood.member_count)
}

/// The members of before who are gone, changed, or no longer the owner.
fn touched(before: &Facts, after: &Facts) -> Vec<UserId> {
    let owner = |facts: &Facts| facts.organization.as_ref().map(|organization| organization.owner.clone());
    let (old, new) = (owner(before), owner(after));
    let changed = before.members.iter().filter(|(user, member)| {
        let moved = old.as_ref() == Some(user) && new.as_ref() != Some(user);
        moved || after.members.get(*user) != Some(*member)
    });
    changed.map(|(user, _)| user.clone()).collect()
}
