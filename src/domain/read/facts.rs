//! Facts.

use super::records;
use crate::domain::claim::Domain;
use crate::domain::facts::Facts;
use crate::domain::invitation::Invitation;
use crate::domain::join_request::JoinRequest;
use crate::domain::link::InvitationLink;
use crate::domain::membership::Membership;
use crate::domain::organization::{Deletion, Organization};
use crate::domain::ownership::{Nomination, OrganizationCard, Owned};
use crate::domain::quota::Usage;
use crate::domain::registration::Registration;
use crate::domain::requirements::Requirements;
use crate::domain::resolve::Affiliation;
use crate::domain::role::{CustomRole, RoleGrant};
use crate::domain::team::{Team, TeamMember};
use crate::domain::webhook::{RetiredSeed, Webhook};

records! {
    Facts {
        organization,
        deleted or_default,
        members or_default,
        invitations or_default,
        joined or_default,
        suppressed or_default,
        sent or_default,
        roles or_default,
        holders or_default,
        links or_default,
        join_requests "joinRequests" or_default,
        pending_requests "pendingRequests" or_default,
        registrations or_default,
        recent_registrations "recentRegistrations" or_default,
        owned or_default,
        holders_in_teams "holdersInTeams" or_default,
        teams or_default,
        team_members "teamMembers" or_default,
        team_roles "teamRoles" or_default,
        slugs or_default,
        slug_pick unread,
        departed or_default,
        domains or_default,
        domain_holders "domainHolders" or_default,
        webhooks or_default,
        head or_default,
    }
    Usage { day, used, }
    Owned { count or_default, personal, }
    OrganizationCard { id, slug, name, }
    Nomination { to, by, created_at "createdAt", expires_at "expiresAt", }
    Deletion { by, at, purge_at "purgeAt", }
    Requirements { verified_email "verifiedEmail" or_default, mfa or_default, }
    Organization {
        id,
        slug,
        name,
        state,
        owner,
        version,
        metadata,
        settings,
        logo_url "logoUrl",
        seat_limit "seatLimit",
        member_count "memberCount",
        pending_count "pendingCount",
        join_requests "joinRequests" or_default,
        pending_free "pendingFree" or_default,
        personal or_default,
        requirements or_default,
        nomination,
        deletion,
        created_at "createdAt",
        updated_at "updatedAt",
    }
    Membership {
        id,
        organization,
        user,
        email,
        email_verified "emailVerified" or_default,
        name,
        roles,
        state or_default,
        kind or_default,
        title,
        until,
        joined_at "joinedAt",
    }
    Affiliation {
        organization,
        slug,
        name,
        state,
        owner,
        version,
        user,
        membership,
        platform_admin "platformAdmin" or_default,
        roles,
        custom_roles "customRoles" or_default,
        membership_state "membershipState" or_default,
        until,
        requirements or_default,
        unmet or_default,
        former_slugs "formerSlugs" or_default,
    }
    RoleGrant { key, permissions, }
    CustomRole {
        id,
        organization,
        key,
        name,
        permissions,
        created_at "createdAt",
        updated_at "updatedAt",
    }
    Team { id, organization, name, parent, created_at "createdAt", updated_at "updatedAt", }
    TeamMember { organization, team, user, roles, added_at "addedAt", }
    Invitation {
        id,
        organization,
        email,
        roles,
        declared_roles "declaredRoles" or_default,
        teams or_default,
        invited_by "invitedBy",
        state,
        digest,
        generation,
        message,
        locale,
        created_at "createdAt",
        expires_at "expiresAt",
        answered_by "answeredBy",
        closed_at "closedAt",
    }
    Domain {
        id,
        organization,
        name,
        state,
        policy,
        challenge,
        verified_at "verifiedAt",
        checked_at "checkedAt",
        missing_since "missingSince",
        recheck_at "recheckAt",
        created_by "createdBy",
        created_at "createdAt",
    }
    Webhook {
        id,
        organization,
        url,
        events,
        description,
        state,
        disabled_because "disabledBecause",
        seed,
        retired,
        created_by "createdBy",
        created_at "createdAt",
        updated_at "updatedAt",
    }
    RetiredSeed { seed, until, }
    InvitationLink {
        id,
        organization,
        roles,
        declared_roles "declaredRoles" or_default,
        invited_by "invitedBy",
        digest,
        generation,
        max_uses "maxUses",
        uses,
        allowed_domains "allowedDomains",
        disabled,
        created_at "createdAt",
        expires_at "expiresAt",
    }
    JoinRequest {
        id,
        organization,
        user,
        email,
        name,
        message,
        state,
        created_at "createdAt",
        decided_by "decidedBy",
        closed_at "closedAt",
    }
    Registration {
        id,
        organization,
        email,
        slugs,
        digest,
        created_at "createdAt",
        expires_at "expiresAt",
        activated_by "activatedBy",
    }
}
