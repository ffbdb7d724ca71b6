//! Commands.

use super::{Fields, FromJson, Record, empty_records, expected, records, unknown, within};
use crate::domain::command::{
    AcceptInvitation, AcceptLink, AcceptOwnership, Action, ActivateOrganization, ActivateRegistration, AddMember,
    ApproveJoinRequest, AskToJoin, AutoJoin, Change, ChangeDomain, ClaimDomain, CloseOverdue, Command, CreateLink,
    CreateOrganization, CreateRole, CreateTeam, CreateWebhook, DeactivateOrganization, DeclineInvitation,
    DeclineOwnership, DeleteDomain, DeleteLink, DeleteOrganization, DeleteRole, DeleteTeam, DeleteWebhook,
    DenyJoinRequest, DisableWebhook, DomainDoor, EraseUser, ExpireRegistration, InvitationKey, InviteMember,
    InviteMembers, LeaveOrganization, NominateOwner, PurgeOrganization, PutTeamMember, RecheckDomain,
    RegisterOrganization, RemoveMember, RemoveTeamMember, ResendInvitation, RestoreOrganization, RevokeInvitation,
    RotateLink, RotateWebhook, SlugChoice, Target, TestWebhook, TransferOwnership, UpdateLink, UpdateMember,
    UpdateOrganization, UpdateRole, UpdateTeam, UpdateWebhook, VerifyDomain, WithdrawJoinRequest, WithdrawNomination,
};
use crate::domain::denial::Denial;
use crate::domain::import::{ImportMember, ImportOrganization};
use crate::domain::json::Json;
use crate::domain::principal::Principal;

/// Actions: the public name and the verb, which reads the other fields.
macro_rules! actions {
    ($($text:literal $verb:ident)+) => {
        impl Record for Action {
            fn fields(fields: &mut Fields) -> Result<Self, Denial> {
                let kind: String = fields.take("type")?;
                match kind.as_str() {
                    $($text => $verb::fields(fields).map(Action::$verb),)+
                    other => Err(unknown(other)),
                }
            }
        }

        /// An action that is not in the list above does not compile here.
        #[cfg(test)]
        pub fn name_of(action: &Action) -> &'static str {
            match action { $(Action::$verb(_) => $text,)+ }
        }
    };
}

actions! {
    "organization.create" CreateOrganization
    "organization.update" UpdateOrganization
    "organization.deactivate" DeactivateOrganization
    "organization.activate" ActivateOrganization
    "organization.delete" DeleteOrganization
    "organization.restore" RestoreOrganization
    "organization.purge" PurgeOrganization
    "organization.transfer" TransferOwnership
    "organization.nominate_owner" NominateOwner
    "organization.accept_ownership" AcceptOwnership
    "organization.decline_ownership" DeclineOwnership
    "organization.withdraw_nomination" WithdrawNomination
    "organization.import" ImportOrganization
    "member.add" AddMember
    "member.remove" RemoveMember
    "member.leave" LeaveOrganization
    "user.erase" EraseUser
    "member.update" UpdateMember
    "role.create" CreateRole
    "role.update" UpdateRole
    "role.delete" DeleteRole
    "team.create" CreateTeam
    "team.update" UpdateTeam
    "team.delete" DeleteTeam
    "team.put_member" PutTeamMember
    "team.remove_member" RemoveTeamMember
    "member.auto_join" AutoJoin
    "invitation.create" InviteMember
    "invitation.create_many" InviteMembers
    "invitation.resend" ResendInvitation
    "invitation.revoke" RevokeInvitation
    "invitation.accept" AcceptInvitation
    "invitation.decline" DeclineInvitation
    "organization.close_overdue" CloseOverdue
    "domain.create" ClaimDomain
    "domain.verify" VerifyDomain
    "domain.update" ChangeDomain
    "domain.delete" DeleteDomain
    "domain.recheck" RecheckDomain
    "invitation_link.create" CreateLink
    "invitation_link.update" UpdateLink
    "invitation_link.rotate" RotateLink
    "invitation_link.delete" DeleteLink
    "invitation_link.accept" AcceptLink
    "join_request.create" AskToJoin
    "join_request.approve" ApproveJoinRequest
    "join_request.deny" DenyJoinRequest
    "join_request.withdraw" WithdrawJoinRequest
    "registration.create" RegisterOrganization
    "registration.activate" ActivateRegistration
    "registration.expire" ExpireRegistration
    "webhook.create" CreateWebhook
    "webhook.update" UpdateWebhook
    "webhook.rotate" RotateWebhook
    "webhook.delete" DeleteWebhook
    "webhook.test" TestWebhook
    "webhook.disable" DisableWebhook
}

records! {
    Command { actor, target, hints or_default, hosts or_default, if_match "ifMatch", action, }
    Principal { user_id "userId", email, email_verified "emailVerified" or_default, mfa or_default, name, kind or_default, issuer, signed_in_at "signedInAt", }
    CreateOrganization { membership, owner, name, slug, metadata, settings, logo_url "logoUrl", seat_limit "seatLimit", personal or_default, }
    UpdateOrganization {
        name, slug, metadata, settings, logo_url "logoUrl", join_requests "joinRequests",
        seat_limit "seatLimit", count_pending "countPending",
        require_verified_email "requireVerifiedEmail", require_mfa "requireMfa",
    }
    PurgeOrganization { early, }
    NominateOwner { to, expires_at "expiresAt", }
    LeaveOrganization { successor, }
    EraseUser { user, emails, }
    TransferOwnership { to, }
    ImportOrganization { name, slugs, state, metadata, settings, created_at "createdAt", owner, members, }
    ImportMember { membership, user, email, name, roles, joined_at "joinedAt", }
    AddMember {
        membership, user, email, name, roles, kind or_default, title, until, if_absent "ifAbsent",
    }
    RemoveMember { user, }
    UpdateMember { user, roles, title, state, until, }
    CreateRole { role, key, name, permissions, }
    UpdateRole { role, name, permissions, }
    DeleteRole { role, move_to "moveTo", }
    CreateTeam { team, name, parent, }
    UpdateTeam { team, name, parent, }
    DeleteTeam { team, cascade, }
    PutTeamMember { team, user, roles, }
    RemoveTeamMember { team, user, }
    AutoJoin { membership, user, }
    InviteMember { invitation, email, roles, teams or_default, digest, expires_at "expiresAt", message, locale, notify, }
    InviteMembers { lines, }
    ResendInvitation { invitation, digest, expires_at "expiresAt", notify, }
    RevokeInvitation { invitation, }
    AcceptInvitation { membership, }
    DeclineInvitation { suppress, }
    ClaimDomain { domain, name, policy, challenge, }
    VerifyDomain { domain, name, found, }
    ChangeDomain { domain, policy, }
    DeleteDomain { domain, }
    RecheckDomain { domain, found, }
    CreateLink { link, roles, digest, max_uses "maxUses", allowed_domains "allowedDomains", disabled, expires_at "expiresAt", }
    UpdateLink { link, disabled, max_uses "maxUses", expires_at "expiresAt", }
    RotateLink { link, digest, }
    DeleteLink { link, }
    AcceptLink { membership, }
    AskToJoin { request, message, door, }
    DomainDoor { membership, invitation, digest, expires_at "expiresAt", }
    ApproveJoinRequest { request, membership, roles, }
    DenyJoinRequest { request, silent, }
    WithdrawJoinRequest { request, }
    RegisterOrganization {
        registration,
        membership,
        name,
        slugs,
        holding,
        email,
        digest,
        expires_at "expiresAt",
        seat_limit "seatLimit",
    }
    ActivateRegistration { membership, slug, }
    CreateWebhook { webhook, url, events, description, seed, }
    UpdateWebhook { webhook, url, events, description, state, }
    RotateWebhook { webhook, seed, overlap, }
    DeleteWebhook { webhook, }
    TestWebhook { webhook, message, }
    DisableWebhook { webhook, url, because, }
}

empty_records! {
    DeactivateOrganization
    ActivateOrganization
    DeleteOrganization
    RestoreOrganization
    AcceptOwnership
    DeclineOwnership
    WithdrawNomination
    CloseOverdue
    ExpireRegistration
}

/// Choices: an object whose one field says by its name what its value is.
macro_rules! choices {
    ($($type:ident { $($text:literal $variant:ident)+ })+) => {$(
        impl FromJson for $type {
            fn read(value: Json<'_>) -> Result<Self, Denial> {
                let (name, value) = Fields::of(value)?.only()?;
                let choice = match &*name {
                    $($text => FromJson::read(value).map($type::$variant),)+
                    other => return Err(unknown(other)),
                };
                choice.map_err(|denial| within(&name, denial))
            }
        }
    )+};
}

choices! {
    Target { "new" New "organization" Organization "invitation" Invitation "link" Link "registration" Registration }
    InvitationKey { "id" Id "digest" Digest }
    SlugChoice { "exact" Exact "firstFree" FirstFree }
}

impl<T: FromJson> FromJson for Change<T> {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        if value.text().is_some_and(|text| text.is("clear")) {
            return Ok(Change::Clear);
        }
        let mut fields = Fields::of(value).map_err(|_| expected("`clear`, or an object with `set`,"))?;
        let change = Change::Set(fields.take("set")?);
        fields.end()?;
        Ok(change)
    }
}
