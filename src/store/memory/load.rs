//! Loading facts: exactly the rows that are needed, no more, so that a rule that peeks at others
//! fails here as it would on SQL.

use super::doors::members_of;
use super::read::size;
use super::{State, domains, teams};
use crate::app::ports::{Loaded, ReceiptKey};
use crate::domain::command::{InvitationKey, OrganizationRef, RoleRef, Target};
use crate::domain::email::Email;
use crate::domain::facts::{Facts, InvitationNeed, JoinRequestNeed, Needs, OwnedNeed};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::invitation::{Invitation, InvitationState};
use crate::domain::order::{sort, sort_by_key};
use crate::domain::organization::Organization;
use crate::domain::ownership::Owned;
use crate::domain::role::RoleKey;
use crate::domain::table::Set;

impl State {
    pub(super) fn load(&self, needs: &Needs, receipt: Option<&ReceiptKey>) -> Loaded {
        let receipt = receipt.and_then(|key| self.receipts.get(&(key.user.clone(), key.key.clone())));
        Loaded { facts: self.facts(needs), receipt: receipt.cloned() }
    }

    fn facts(&self, needs: &Needs) -> Facts {
        let id = self.target(&needs.target);
        let whole = id.and_then(|id| self.organizations.get(&id));
        // An activation asks for the slugs that its registration names.
        let named = whole.filter(|_| matches!(needs.target, Target::Registration(_)));
        let named = named.into_iter().flat_map(|whole| whole.registrations.values()).flat_map(|it| it.slugs.iter());
        let asked = needs.slugs.iter().chain(named).filter_map(|slug| Some((slug.clone(), *self.slugs.get(slug)?)));
        let mut facts = Facts {
            deleted: id.is_some_and(|id| self.tombstones.contains_key(&id)),
            slugs: asked.collect(),
            domain_holders: self.domain_holders(&needs.domain_names),
            owned: self.owned(&needs.owned, whole),
            ..Facts::default()
        };
        if let Some(whole) = whole {
            facts.organization = whole.organization.clone();
            let mut invitations = invitations(whole, &needs.invitations);
            facts.head = whole.head.clone();
            facts.domains = domains::needed(whole, &needs.domains);
            facts.members = members(whole, needs, &invitations);
            invitations.extend(pending_for(whole, &emails_of(needs, whole)));
            invitations.extend(oldest_pending(whole, size(needs.first_to_end)));
            facts.departed = departed(whole, needs);
            facts.roles = whole.roles.clone();
            let asked = needs.holders.as_ref().and_then(|role| key_of(whole, role));
            facts.holders = asked.map_or(0, |key| holders(whole, key));
            facts.holders_in_teams = asked.map_or(0, |key| teams::holders(whole, key));
            if needs.webhooks {
                facts.webhooks = whole.webhooks.clone();
            }
            teams::load(&mut facts, whole, needs);
            facts.invitations = invitations.into_iter().map(|invitation| (invitation.id, invitation)).collect();
            if let (Some(need), Some(id)) = (&needs.sending, id) {
                self.sending(&mut facts, (id, whole), need);
            }
        }
        self.load_doors(&needs.doors, whole, &mut facts);
        facts
    }

    fn owned(&self, need: &OwnedNeed, target: Option<&Facts>) -> Owned {
        match need {
            OwnedNeed::Nobody => Owned::default(),
            OwnedNeed::Of(user) => self.owned_by(user),
            OwnedNeed::OfOwner => {
                let owner =
                    target.and_then(|facts| facts.organization.as_ref()).map(|organization| &organization.owner);
                owner.map(|owner| self.owned_by(owner)).unwrap_or_default()
            }
        }
    }

    /// What a user owns that is not deleted.
    pub(super) fn owned_by(&self, user: &UserId) -> Owned {
        let all = self.organizations.values().filter_map(|facts| facts.organization.as_ref());
        let theirs: Vec<&Organization> = all.filter(|o| o.owner == *user && o.deletion.is_none()).collect();
        let personal = theirs.iter().find(|organization| organization.personal).map(|organization| organization.card());
        Owned { count: u32::try_from(theirs.len()).unwrap_or(u32::MAX), personal }
    }

    fn target(&self, target: &Target) -> Option<OrganizationId> {
        match target {
            Target::New(id) => Some(*id),
            Target::Organization(reference) => self.find(reference),
            Target::Invitation(key) => self.by_invitation(key),
            Target::Link(digest) => self.by_link(digest),
            Target::Registration(digest) => self.by_registration(digest),
        }
    }

    pub(super) fn find(&self, reference: &OrganizationRef) -> Option<OrganizationId> {
        let id = match reference {
            OrganizationRef::Id(id) => *id,
            OrganizationRef::Slug(slug) => *self.slugs.get(slug)?,
        };
        self.organizations.contains_key(&id).then_some(id)
    }

    pub(super) fn by_invitation(&self, key: &InvitationKey) -> Option<OrganizationId> {
        let holder = self.organizations.iter().find(|(_, facts)| facts.invitation(key).is_some());
        holder.map(|(id, _)| *id)
    }
}

/// The members asked for, and for an answer to an invitation also its inviter.
fn members(
    whole: &Facts,
    needs: &Needs,
    invitations: &[Invitation],
) -> crate::domain::table::Table<UserId, crate::domain::membership::Membership> {
    let answers = matches!(needs.target, Target::Invitation(_));
    let inviters = invitations.iter().filter(|_| answers).map(|invitation| &invitation.invited_by);
    let officers = whole.organization.iter().filter(|_| needs.officers).flat_map(|organization| {
        [Some(&organization.owner), organization.nomination.as_ref().map(|nomination| &nomination.to)]
    });
    let users = needs.members.iter().chain(inviters).chain(officers.flatten()).chain(members_of(&needs.doors, whole));
    let users = users.cloned().chain(first_to_end(whole, needs));
    users.filter_map(|user| Some((user.clone(), whole.members.get(&user)?.clone()))).collect()
}

fn first_to_end(whole: &Facts, needs: &Needs) -> Vec<UserId> {
    let ending = whole.members.values().filter(|member| member.until.is_some());
    let mut ending: Vec<_> = ending.map(|member| (member.until, member.user.clone())).collect();
    sort(&mut ending);
    ending.into_iter().take(size(needs.first_to_end)).map(|(_, user)| user).collect()
}

fn oldest_pending(whole: &Facts, most: usize) -> Vec<Invitation> {
    let pending = whole.invitations.values().filter(|invitation| invitation.state == InvitationState::Pending);
    let mut found: Vec<Invitation> = pending.cloned().collect();
    sort_by_key(&mut found, |invitation| (invitation.expires_at, invitation.id));
    found.truncate(most);
    found
}

fn key_of<'a>(whole: &'a Facts, role: &'a RoleRef) -> Option<&'a RoleKey> {
    match role {
        RoleRef::Id(id) => whole.roles.values().find(|custom| custom.id == *id).map(|custom| &custom.key),
        RoleRef::Key(key) => Some(key),
    }
}

/// How many hold one of the organization's own roles. Of a key without one: 1 when a member but the owner holds it.
fn holders(whole: &Facts, key: &RoleKey) -> u32 {
    let mut holding = whole.members.values().filter(|member| member.roles.contains(key));
    if !whole.roles.contains_key(key) {
        let owner = whole.organization.as_ref().map(|organization| &organization.owner);
        return u32::from(holding.any(|member| owner != Some(&member.user)));
    }
    u32::try_from(holding.count()).unwrap_or(u32::MAX)
}

/// The addresses asked for, and that of the one join request that is needed.
fn emails_of(needs: &Needs, whole: &Facts) -> Vec<Email> {
    let asking = |id| whole.join_requests.get(id).and_then(|request| request.email.clone());
    let request = match &needs.doors.join_requests {
        Some(JoinRequestNeed::One(id)) => asking(id),
        _ => None,
    };
    needs.pending_for.iter().cloned().chain(request).collect()
}

fn pending_for(whole: &Facts, emails: &[Email]) -> Vec<Invitation> {
    let pending = |i: &&Invitation| i.state == InvitationState::Pending && emails.contains(&i.email);
    whole.invitations.values().filter(pending).cloned().collect()
}

fn departed(whole: &Facts, needs: &Needs) -> Set<UserId> {
    whole.departed.iter().filter(|user| needs.departed && needs.members.contains(user)).cloned().collect()
}

fn invitations(whole: &Facts, need: &InvitationNeed) -> Vec<Invitation> {
    match need {
        InvitationNeed::Nothing => Vec::new(),
        InvitationNeed::Key(key) => whole.invitation(key).cloned().into_iter().collect(),
    }
}
