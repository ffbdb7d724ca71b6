//! Accepting and declining an invitation.
//!
//! Owns who may answer: whoever holds the mailed token, or whoever has proof of the invited address.
//! Never accepts an address that nobody verified (better-auth GHSA-fmh4-wcc4-5jm3).

use super::team_member::{may_let_in, new_member as new_team_member};
use super::{display_name, require_active};
use crate::domain::command::{AcceptInvitation, Command, DeclineInvitation, InvitationKey, Target};
use crate::domain::decision::{Decision, Notice, NoticeKind, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::email::Email;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::{TeamId, UserId};
use crate::domain::invitation::{Invitation, InvitationState};
use crate::domain::link::InvitationLink;
use crate::domain::membership::Membership;
use crate::domain::organization::Organization;
use crate::domain::permission::{Catalog, Permission};
use crate::domain::policy::Policy;
use crate::domain::principal::Principal;
use crate::domain::role::{Powers, RoleKey, Roles, can_grant};
use crate::domain::suppression::{Suppression, SuppressionScope};
use crate::domain::table::Set;
use crate::domain::time::Timestamp;

/// Accepts. For the user who accepted before, the same answer again; for anybody else, it is used.
pub(super) fn accept(
    policy: &Policy,
    facts: &Facts,
    command: &Command,
    (accept, now): (&AcceptInvitation, Timestamp),
) -> Result<Decision, Denial> {
    let (organization, invitation) = find(facts, command)?;
    let actor = &command.actor;
    let outcome = Outcome::Joined { invitation: invitation.id, user: actor.user_id.clone() };
    let member = facts.members.get(&actor.user_id);
    if invitation.state == InvitationState::Accepted && invitation.answered_by.as_ref() == Some(&actor.user_id) {
        // Removed since: the invitation had one use, and that is over.
        let still_in = member.ok_or(Reason::InvitationUsed);
        return still_in.map(|_| Decision::quiet(Vec::new(), outcome)).map_err(Denial::from);
    }
    require_standing(policy, facts, invitation, now)?;
    if member.is_some() {
        return Err(Reason::AlreadyMember.into());
    }
    if !organization.has_room_for_member() {
        return Err(Reason::SeatLimitReached.into());
    }
    let member = new_member(invitation, accept, actor, now);
    let notices = tell_inviter(facts, organization, &member, invitation);
    let used = Event::InvitationAccepted { invitation: invitation.id, user: actor.user_id.clone(), at: now };
    let into = teams(&policy.catalog, facts, invitation, (&actor.user_id, now));
    let events = [used, Event::MemberAdded { member }].into_iter().chain(into).collect();
    Ok(Decision { events, notices, outcome })
}

/// Rule: into those teams that are still there, and into which the inviter may still let somebody.
fn teams(catalog: &Catalog, facts: &Facts, invitation: &Invitation, (user, now): (&UserId, Timestamp)) -> Vec<Event> {
    let Some(inviter) = facts.members.get(&invitation.invited_by) else { return Vec::new() };
    let still = invitation.teams.iter().filter(|team| may_let_in(catalog, facts, inviter, **team));
    let member = |team: &TeamId| new_team_member((invitation.organization, *team), user, Roles::member(), now);
    still.map(|team| Event::TeamMemberAdded { member: member(team) }).collect()
}

/// Refuses an invitation that nobody could accept any more, whoever they are: what it promises must be
/// true when it is accepted, not only when it was made. A preview asks the same question.
///
/// # Errors
/// `invitation_expired`, `invitation_revoked`, `invitation_used`, `organization_inactive`.
pub fn require_standing(policy: &Policy, facts: &Facts, invitation: &Invitation, now: Timestamp) -> Result<(), Denial> {
    let organization = facts.organization.as_ref().ok_or(Reason::InvitationInvalid)?;
    invitation.require_open(now)?;
    require_active(organization)?;
    require_authority(&policy.catalog, facts, &Offer::of(invitation), now)
}

/// Declines. Allowed after its time as well, and while the organization is suspended: saying no needs
/// no deadline and nobody's leave. Rule: a token is enough to say no to the organization that sent it;
/// to say no to everybody takes the proven address, for a token may be in the inviter's own hands.
pub(super) fn decline(
    facts: &Facts,
    command: &Command,
    decline: &DeclineInvitation,
    now: Timestamp,
) -> Result<Decision, Denial> {
    let (organization, invitation) = find(facts, command)?;
    if decline.suppress == Some(SuppressionScope::Everywhere) {
        require_address(&command.actor, &invitation.email)?;
    }
    let wish = |scope| Suppression::new(&invitation.email, scope, organization, now);
    let suppression = decline.suppress.map(wish);
    let wished = suppression.is_some();
    let outcome = Outcome::Declined { invitation: invitation.id, suppression };
    let user = &command.actor.user_id;
    match invitation.state {
        InvitationState::Pending => {
            let event = Event::InvitationDeclined { invitation: invitation.id, user: user.clone(), at: now };
            Ok(Decision::quiet(vec![event], outcome))
        }
        InvitationState::Expired => Ok(Decision::quiet(Vec::new(), outcome)),
        InvitationState::Declined if invitation.answered_by.as_ref() == Some(user) => {
            Ok(Decision::quiet(Vec::new(), outcome))
        }
        // What was withdrawn was sent nevertheless.
        InvitationState::Revoked if wished => Ok(Decision::quiet(Vec::new(), outcome)),
        InvitationState::Revoked => Err(Reason::InvitationRevoked.into()),
        InvitationState::Accepted | InvitationState::Declined => Err(Reason::InvitationUsed.into()),
    }
}

fn find<'a>(facts: &'a Facts, command: &Command) -> Result<(&'a Organization, &'a Invitation), Denial> {
    let Target::Invitation(key) = &command.target else { return Err(Reason::MalformedRequest.into()) };
    let organization = facts.organization.as_ref().ok_or(Reason::InvitationInvalid)?;
    let invitation = facts.invitation(key).ok_or(Reason::InvitationInvalid)?;
    if let InvitationKey::Id(_) = key {
        require_address(&command.actor, &invitation.email)?;
    }
    Ok((organization, invitation))
}

/// Rule: by id, the caller's own *verified* address must be the invited one.
fn require_address(actor: &Principal, invited: &Email) -> Result<(), Denial> {
    match (&actor.email, actor.verified_email()) {
        (_, Some(verified)) if verified == invited => Ok(()),
        (Some(claimed), None) if claimed == invited => Err(Reason::EmailNotVerified.into()),
        _ => Err(Reason::InvitationNotForYou.into()),
    }
}

/// Roles that somebody offered to whoever comes.
pub(super) struct Offer<'a> {
    /// Who vouches.
    pub by: &'a UserId,
    /// Which roles.
    pub roles: &'a Roles,
    /// Those of them that the operator declared then.
    pub declared: &'a Set<RoleKey>,
    /// Since when.
    pub since: Timestamp,
}

/// Rule: an invitation is worth what its inviter could grant now, not what they could grant then; and
/// a role that ended since takes it along, even if another one has its key.
pub(super) fn require_authority(
    catalog: &Catalog,
    facts: &Facts,
    offer: &Offer<'_>,
    now: Timestamp,
) -> Result<(), Denial> {
    let inviter = facts.members.get(offer.by).filter(|member| member.require_in_force(now).is_ok());
    let held = inviter.map(|member| facts.powers_held(catalog, member).permissions()).unwrap_or_default();
    let may_invite = held.contains(Permission::InvitationCreate);
    let power = offer.powers(catalog, facts)?.permissions();
    if may_invite && can_grant(held, power) {
        return Ok(());
    }
    let detail = "whoever sent the invitation may not invite with these roles any more";
    Err(Denial::because(Reason::InvitationRevoked, detail))
}

/// Whether its inviter, as the facts have them, could invite with its roles now.
pub fn is_vouched_for(catalog: &Catalog, facts: &Facts, invitation: &Invitation, now: Timestamp) -> bool {
    require_authority(catalog, facts, &Offer::of(invitation), now).is_ok()
}

impl<'a> Offer<'a> {
    /// What an invitation offers.
    pub fn of(invitation: &'a Invitation) -> Self {
        let (by, roles, declared) = (&invitation.invited_by, &invitation.roles, &invitation.declared_roles);
        Offer { by, roles, declared, since: invitation.created_at }
    }

    /// What a link offers.
    pub fn of_link(link: &'a InvitationLink) -> Self {
        let (by, roles, declared) = (&link.invited_by, &link.roles, &link.declared_roles);
        Offer { by, roles, declared, since: link.created_at }
    }

    /// What the offered roles allow.
    ///
    /// # Errors
    /// `invitation_revoked` when one of them has ended since, whoever vouches.
    pub fn powers(&self, catalog: &Catalog, facts: &Facts) -> Result<Powers, Denial> {
        let powers = facts.powers_of(catalog, self.roles).ok().filter(|_| self.has_its_roles(facts));
        let detail = "a role that it promises has ended; a new invitation is needed";
        powers.ok_or_else(|| Denial::because(Reason::InvitationRevoked, detail))
    }

    /// Whether the roles are those that were promised, and not others under their keys.
    pub fn has_its_roles(&self, facts: &Facts) -> bool {
        let meant = |key: &RoleKey| match facts.roles.get(key) {
            Some(own) => own.created_at <= self.since && !self.declared.contains(key),
            None => key.is_built_in() || self.declared.contains(key),
        };
        self.roles.iter().all(meant)
    }
}

/// Rule: what holds no seat beforehand needs one now.
pub(super) fn require_seat(organization: &Organization) -> Result<(), Denial> {
    if organization.has_seats(1) { Ok(()) } else { Err(Reason::SeatLimitReached.into()) }
}

/// Only a proven address is kept. The invited one proves nothing of the caller: a link can be handed on.
fn new_member(invitation: &Invitation, accept: &AcceptInvitation, actor: &Principal, now: Timestamp) -> Membership {
    let (user, roles) = (actor.user_id.clone(), invitation.roles.clone());
    Membership::new(accept.membership, invitation.organization, user, roles, now).of(actor)
}

fn tell_inviter(
    facts: &Facts,
    organization: &Organization,
    member: &Membership,
    invitation: &Invitation,
) -> Vec<Notice> {
    let inviter = facts.members.get(&invitation.invited_by).and_then(|inviter| inviter.verified_email().cloned());
    let who = display_name(member.name.as_ref().map(|name| name.as_str()), "A member");
    let notice = inviter.map(|to| Notice::new(NoticeKind::InvitationAccepted, to, organization, who));
    notice.into_iter().collect()
}
