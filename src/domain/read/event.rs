//! Events.

use super::{Fields, Record, take, unknown};
use crate::domain::denial::Denial;
use crate::domain::event::Event;

/// Variants: the public name, the variant, its fields.
macro_rules! events {
    ($($text:literal $variant:ident { $($field:ident $($name:literal)?,)* })+) => {
        impl Record for Event {
            fn fields(fields: &mut Fields<'_>) -> Result<Self, Denial> {
                let kind: String = fields.take("type")?;
                Ok(match kind.as_str() {
                    $($text => Event::$variant { $($field: take!(fields $field $($name)?),)* },)+
                    other => return Err(unknown(other)),
                })
            }
        }

        /// An event that is not in the list above does not compile here.
        #[cfg(test)]
        pub fn name_of(event: &Event) -> &'static str {
            match event { $(Event::$variant { .. } => $text,)+ }
        }
    };
}

events! {
    "organization.created" OrganizationCreated { organization, owner, }
    "organization.renamed" OrganizationRenamed { name, }
    "organization.slug_changed" SlugChanged { from, to, }
    "organization.details_changed" DetailsChanged { metadata, settings, logo_url "logoUrl", }
    "organization.deactivated" OrganizationDeactivated {}
    "organization.activated" OrganizationActivated {}
    "organization.seats_changed" SeatsChanged { seat_limit "seatLimit", pending_free "pendingFree", }
    "organization.requirements_changed" RequirementsChanged { requirements, }
    "organization.deleted" OrganizationDeleted { deletion, }
    "organization.restored" OrganizationRestored {}
    "organization.purged" OrganizationPurged {}
    "organization.ownership_nominated" OwnershipNominated { nomination, }
    "organization.nomination_ended" NominationEnded { to, reason, }
    "organization.ownership_transferred" OwnershipTransferred { from, to, }
    "member.added" MemberAdded { member, }
    "member.removed" MemberRemoved { user, }
    "member.left" MemberLeft { user, }
    "member.erased" MemberErased { user, }
    "member.roles_changed" RolesChanged { user, from, to, }
    "member.title_changed" MemberTitleChanged { user, title, }
    "member.suspended" MemberSuspended { user, }
    "member.reactivated" MemberReactivated { user, }
    "member.term_changed" MemberTermChanged { user, until, }
    "member.expired" MemberExpired { user, }
    "member.email_verified" MemberEmailVerified { user, email, }
    "role.created" RoleCreated { role, }
    "role.changed" RoleChanged { role, }
    "role.deleted" RoleDeleted { role, key, moved_to "movedTo", }
    "team.created" TeamCreated { team, }
    "team.changed" TeamChanged { team, }
    "team.deleted" TeamDeleted { team, }
    "team.member_added" TeamMemberAdded { member, }
    "team.member_roles_changed" TeamMemberRolesChanged { team, user, from, to, }
    "team.member_removed" TeamMemberRemoved { team, user, }
    "invitation.created" InvitationCreated { invitation, }
    "invitation.resent" InvitationResent { invitation, invited_by "invitedBy", digest, generation, expires_at "expiresAt", }
    "invitation.revoked" InvitationRevoked { invitation, at, }
    "invitation.superseded" InvitationSuperseded { invitation, at, }
    "invitation.accepted" InvitationAccepted { invitation, user, at, }
    "invitation.declined" InvitationDeclined { invitation, user, at, }
    "invitation.expired" InvitationExpired { invitation, at, }
    "domain.created" DomainCreated { domain, }
    "domain.verified" DomainVerified { domain, }
    "domain.changed" DomainChanged { domain, }
    "domain.checked" DomainChecked { domain, }
    "domain.lapsed" DomainLapsed { domain, }
    "domain.deleted" DomainDeleted { domain, }
    "invitation_link.created" LinkCreated { link, }
    "invitation_link.changed" LinkChanged { link, }
    "invitation_link.rotated" LinkRotated { link, }
    "invitation_link.used" LinkUsed { link, user, }
    "invitation_link.deleted" LinkDeleted { link, }
    "join_request.created" JoinRequested { request, }
    "join_request.approved" JoinRequestApproved { request, }
    "join_request.denied" JoinRequestDenied { request, }
    "join_request.withdrawn" JoinRequestWithdrawn { request, }
    "organization.join_requests_changed" JoinRequestsSwitched { to, }
    "registration.created" RegistrationCreated { registration, }
    "registration.activated" RegistrationActivated { registration, }
    "webhook.created" WebhookCreated { webhook, }
    "webhook.changed" WebhookChanged { webhook, }
    "webhook.secret_rotated" WebhookSecretRotated { webhook, }
    "webhook.disabled" WebhookDisabled { webhook, }
    "webhook.deleted" WebhookDeleted { webhook, }
}
