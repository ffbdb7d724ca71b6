//! Inviting, sending again, withdrawing, and closing what is past its time.

use super::Case;
use super::answer::Offer;
use super::team_member::require_may_let_in;
use crate::domain::command::{InviteMember, ResendInvitation, RevokeInvitation};
use crate::domain::decision::{Decision, Notice, NoticeKind, Outcome};
use crate::domain::denial::{Denial, Reason, counted, echo};
use crate::domain::email::Email;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::{InvitationId, TeamId};
use crate::domain::invitation::{Invitation, InvitationState};
use crate::domain::permission::Permission;
use crate::domain::quota;
use crate::domain::time::Timestamp;

/// Invites an address. Rule: inviting is granting. A pending invitation of the same address is
/// replaced, so that there is one link that works and the newest inviter vouches for it.
pub(super) fn invite(case: &Case<'_>, invite: &InviteMember) -> Result<Decision, Denial> {
    case.require(Permission::InvitationCreate)?;
    case.require_grant(&invite.roles).map_err(|denial| denial.at("roles"))?;
    require_teams(case, invite)?;
    require_lifetime(case, invite.expires_at)?;
    require_welcome(case, &invite.email)?;
    let replaced = replaceable(case, &invite.email)?;
    if replaced.is_none() && !case.organization.has_seat_for_invitation() {
        return Err(Reason::SeatLimitReached.into());
    }
    if replaced.is_none() {
        quota::require_pending(case.organization.pending_count, &case.policy.invitations, case.now)?;
    }
    require_quota(case, &invite.email)?;
    let invitation = new_invitation(case, invite);
    let notices = notice(case, &invitation, invite.notify);
    let superseded = replaced.map(|old| Event::InvitationSuperseded { invitation: old, at: case.now });
    let events = superseded.into_iter().chain([Event::InvitationCreated { invitation }]).collect();
    Ok(Decision { events, notices, outcome: Outcome::Invitation { invitation: invite.invitation } })
}

/// The pending invitation of an address that gives way. Rule: as with withdrawing, nobody makes void
/// what they could not have given.
pub(super) fn replaceable(case: &Case<'_>, email: &Email) -> Result<Option<InvitationId>, Denial> {
    let pending = pending_for(case.facts, email);
    if let Some(invitation) = pending.and_then(|id| case.facts.invitations.get(&id)) {
        // A role that has ended since is nobody's to defend.
        let power = case.facts.powers_of(&case.policy.catalog, &invitation.roles);
        power.map_or(Ok(()), |_| case.require_grant(&invitation.roles)).map_err(|denial| denial.at("email"))?;
    }
    Ok(pending)
}

/// Rule: an invitation leads into teams that are there and into which the inviter may let somebody.
fn require_teams(case: &Case<'_>, invite: &InviteMember) -> Result<(), Denial> {
    if invite.teams.iter().any(|team| !case.facts.teams.contains_key(team)) {
        return Err(Denial::about(Reason::NotFound, "teams", "there is no such team"));
    }
    let own = |team: &TeamId| require_may_let_in(case, *team).map_err(|denial| denial.at("teams"));
    invite.teams.iter().try_for_each(own)
}

/// Rule: an invitation has an end, and not one that nobody lives to see.
pub(super) fn require_lifetime(case: &Case<'_>, end: Timestamp) -> Result<(), Denial> {
    let latest = case.now.plus_seconds(case.policy.invitations.longest);
    if case.now < end && end <= latest {
        return Ok(());
    }
    let detail = format!("an invitation is open for at most {}", counted(case.policy.invitations.longest, "second"));
    Err(Denial::about(Reason::InvalidValue, "expiresIn", detail))
}

/// Rule: whoever is in already is not invited, and whoever asked not to be is not, whoever asks.
fn require_welcome(case: &Case<'_>, email: &Email) -> Result<(), Denial> {
    let own = case.member.is_some() && case.actor.verified_email() == Some(email);
    if own || case.facts.joined.contains(email) {
        let detail = format!("`{}` is the address of a member", echo(email.as_str()));
        return Err(Denial::about(Reason::AlreadyMember, "email", detail));
    }
    if !case.facts.suppressed.contains(email) {
        return Ok(());
    }
    let detail = format!("`{}` does not want to be invited", echo(email.as_str()));
    Err(Denial::about(Reason::RecipientSuppressed, "email", detail))
}

fn require_quota(case: &Case<'_>, email: &Email) -> Result<(), Denial> {
    let sent = (case.organization.id, &case.actor.user_id, email);
    quota::require(case.facts, &case.policy.invitations, sent, case.now)
}

/// The pending invitation of an address, open or not: it gives way to whatever settles the matter.
pub(super) fn pending_for(facts: &Facts, email: &Email) -> Option<InvitationId> {
    let pending = |i: &&Invitation| i.state == InvitationState::Pending && i.email == *email;
    facts.invitations.values().find(pending).map(|invitation| invitation.id)
}

fn new_invitation(case: &Case<'_>, invite: &InviteMember) -> Invitation {
    Invitation {
        id: invite.invitation,
        organization: case.organization.id,
        email: invite.email.clone(),
        roles: invite.roles.clone(),
        declared_roles: case.facts.declared_among(&case.policy.catalog, &invite.roles),
        teams: invite.teams.clone(),
        invited_by: case.voucher(),
        state: InvitationState::Pending,
        digest: invite.digest.clone(),
        generation: 1,
        message: invite.message.clone(),
        locale: invite.locale.clone(),
        created_at: case.now,
        expires_at: invite.expires_at,
        answered_by: None,
        closed_at: None,
    }
}

/// Sends an open invitation again. Rule: the token rotates, so a leaked older mail opens nothing. One
/// that is over stays over. Whoever sends it again vouches for it: they may grant its roles now.
pub(super) fn resend(case: &Case<'_>, resend: &ResendInvitation) -> Result<Decision, Denial> {
    case.require(Permission::InvitationCreate)?;
    let invitation = find(case, resend.invitation)?;
    let powers = Offer::of(invitation).powers(&case.policy.catalog, case.facts);
    if powers.is_ok() {
        case.require_grant(&invitation.roles).map_err(|denial| denial.at("invitation"))?;
    }
    invitation.require_open(case.now)?;
    powers?;
    require_lifetime(case, resend.expires_at)?;
    require_welcome(case, &invitation.email)?;
    require_quota(case, &invitation.email)?;
    let event = Event::InvitationResent {
        invitation: invitation.id,
        invited_by: case.voucher(),
        digest: resend.digest.clone(),
        generation: invitation.generation.saturating_add(1),
        expires_at: resend.expires_at,
    };
    let fresh = Invitation { expires_at: resend.expires_at, ..invitation.clone() };
    let notices = notice(case, &fresh, resend.notify);
    Ok(Decision { events: vec![event], notices, outcome: Outcome::Invitation { invitation: invitation.id } })
}

/// Withdraws an invitation; where there is nothing left to withdraw, that is success.
pub(super) fn revoke(case: &Case<'_>, revoke: &RevokeInvitation) -> Result<Decision, Denial> {
    case.require(Permission::InvitationRevoke)?;
    let invitation = find(case, revoke.invitation)?;
    case.require_grant(&invitation.roles).map_err(|denial| denial.at("invitation"))?;
    let outcome = Outcome::Invitation { invitation: invitation.id };
    match invitation.state {
        InvitationState::Pending => {
            let event = Event::InvitationRevoked { invitation: invitation.id, at: case.now };
            Ok(Decision::quiet(vec![event], outcome))
        }
        InvitationState::Revoked | InvitationState::Expired => Ok(Decision::quiet(Vec::new(), outcome)),
        InvitationState::Accepted | InvitationState::Declined => Err(Reason::InvitationUsed.into()),
    }
}

fn find<'a>(case: &'a Case<'_>, id: InvitationId) -> Result<&'a Invitation, Denial> {
    case.facts.invitations.get(&id).ok_or_else(|| Reason::NotFound.into())
}

fn notice(case: &Case<'_>, invitation: &Invitation, wanted: bool) -> Vec<Notice> {
    let to = invitation.email.clone();
    let plain = Notice::new(NoticeKind::Invitation, to, case.organization, case.actor_name());
    let full = Notice {
        invitation: Some(invitation.id),
        roles: Some(invitation.roles.clone()),
        message: invitation.message.clone(),
        locale: invitation.locale.clone(),
        expires_at: Some(invitation.expires_at),
        ..plain
    };
    wanted.then_some(full).into_iter().collect()
}
