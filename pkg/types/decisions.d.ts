/**
 * What happens, who must hear of it, and what it came to.
 *
 * @packageDocumentation
 */

import type { GuildhallErrorCode } from "../index.js";
import type {
  DomainId, GrantableRole, InvitationId, JoinRequestId, JsonObject, LinkId, Millis, OrganizationId, Role, RoleId,
  Slug, TeamId, UserId, WebhookId,
} from "./values.js";
import type {
  CustomRole, Deletion, Domain, Invitation, InvitationLink, JoinRequest, Membership, Nomination, Organization,
  Registration, Requirements, Team, TeamMember, Webhook,
} from "./facts.js";

/** What a permitted command changes, who must hear of it, and what it came to. */
export interface Decision {
  events: OrganizationEvent[];
  notices: Notice[];
  outcome: Outcome;
}

/** Something that happened to one organization. */
export type OrganizationEvent =
  | { type: "organization.created"; organization: Organization; owner: Membership }
  | { type: "organization.renamed"; name: string }
  | { type: "organization.slug_changed"; from: Slug; to: Slug }
  | { type: "organization.details_changed"; metadata: JsonObject; settings: JsonObject; logoUrl?: string | null }
  | { type: "organization.deactivated" }
  | { type: "organization.activated" }
  | { type: "organization.seats_changed"; seatLimit?: number | null; pendingFree: boolean }
  | { type: "organization.requirements_changed"; requirements: Requirements }
  | { type: "organization.deleted"; deletion: Deletion }
  | { type: "organization.restored" }
  | { type: "organization.purged" }
  | { type: "organization.ownership_nominated"; nomination: Nomination }
  | {
      type: "organization.nomination_ended";
      to: UserId;
      reason: "accepted" | "declined" | "withdrawn" | "expired" | "void";
    }
  | { type: "organization.ownership_transferred"; from: UserId; to: UserId }
  | { type: "member.added"; member: Membership }
  | { type: "member.removed"; user: UserId }
  | { type: "member.left"; user: UserId }
  | { type: "member.erased"; user: UserId }
  | { type: "member.roles_changed"; user: UserId; from: GrantableRole[]; to: GrantableRole[] }
  | { type: "member.title_changed"; user: UserId; title: string | null }
  | { type: "member.suspended"; user: UserId }
  | { type: "member.reactivated"; user: UserId }
  | { type: "member.term_changed"; user: UserId; until: Millis | null }
  | { type: "member.expired"; user: UserId }
  | { type: "member.email_verified"; user: UserId; email: string }
  | { type: "role.created"; role: CustomRole }
  | { type: "role.changed"; role: CustomRole }
  | { type: "role.deleted"; role: RoleId; key: Role; movedTo: Role | null }
  | { type: "team.created"; team: Team }
  | { type: "team.changed"; team: Team }
  | { type: "team.deleted"; team: TeamId }
  | { type: "team.member_added"; member: TeamMember }
  | { type: "team.member_roles_changed"; team: TeamId; user: UserId; from: GrantableRole[]; to: GrantableRole[] }
  | { type: "team.member_removed"; team: TeamId; user: UserId }
  | { type: "invitation.created"; invitation: Invitation }
  | { type: "invitation.resent"; invitation: InvitationId; invitedBy: UserId; digest: string; generation: number; expiresAt: Millis }
  | { type: "invitation.revoked"; invitation: InvitationId; at: Millis }
  /** It gave way to what happened in the same commit: a newer one, or a membership of the address's owner. */
  | { type: "invitation.superseded"; invitation: InvitationId; at: Millis }
  | { type: "invitation.accepted"; invitation: InvitationId; user: UserId; at: Millis }
  | { type: "invitation.declined"; invitation: InvitationId; user: UserId; at: Millis }
  | { type: "invitation.expired"; invitation: InvitationId; at: Millis }
  | { type: "domain.created"; domain: Domain }
  | { type: "domain.verified"; domain: Domain }
  | { type: "domain.changed"; domain: Domain }
  /** The proof was looked for again: it is there, or it is missing for now. */
  | { type: "domain.checked"; domain: Domain }
  | { type: "domain.lapsed"; domain: Domain }
  | { type: "domain.deleted"; domain: DomainId }
  | { type: "invitation_link.created"; link: InvitationLink }
  | { type: "invitation_link.changed"; link: InvitationLink }
  | { type: "invitation_link.rotated"; link: InvitationLink }
  | { type: "invitation_link.used"; link: InvitationLink; user: UserId }
  | { type: "invitation_link.deleted"; link: LinkId }
  | { type: "join_request.created"; request: JoinRequest }
  | { type: "join_request.approved"; request: JoinRequest }
  | { type: "join_request.denied"; request: JoinRequest }
  | { type: "join_request.withdrawn"; request: JoinRequest }
  | { type: "organization.join_requests_changed"; to: "open" | "off" }
  | { type: "registration.created"; registration: Registration }
  | { type: "registration.activated"; registration: Registration }
  | { type: "webhook.created"; webhook: Webhook }
  | { type: "webhook.changed"; webhook: Webhook }
  | { type: "webhook.secret_rotated"; webhook: Webhook }
  | { type: "webhook.disabled"; webhook: Webhook }
  | { type: "webhook.deleted"; webhook: WebhookId };

/** A message to somebody, complete but for a token, which the rules never see. */
export interface Notice {
  kind: "invitation" | "invitation_accepted" | "member_added" | "member_removed" | OwnershipNotice | "join_request_received" | "join_request_approved" | "join_request_denied" | "registration" | "domain_missing" | "domain_lapsed";
  /** The address. */
  to: string;
  /** The invitation that it carries the token of. */
  invitation?: InvitationId;
  organizationName: string;
  organizationSlug: Slug;
  /** Who caused it, as the reader may see them. */
  actor: string;
  /** The domain it is about. */
  domain?: string;
  roles: GrantableRole[] | null;
  message: string | null;
  locale: string | null;
  expiresAt: Millis | null;
}

/** What is kept of a wish not to be invited again. */
export interface Suppression {
  /** The address, in canonical form. */
  address: string;
  /** By which organization; null is by any. */
  organization: OrganizationId | null;
  /** What it was called then. */
  organizationName: string | null;
  since: Millis;
}
/** A notice about ownership. */
export type OwnershipNotice =
  | "ownership_received"
  | "ownership_offered"
  | "ownership_withdrawn"
  | "ownership_accepted"
  | "ownership_declined"
  | "ownership_expired";

/** What one of many invitations came to. */
export type InvitedLine =
  | { status: "created"; invitation: InvitationId }
  | { status: "replaced"; invitation: InvitationId; superseded: InvitationId }
  | { status: "refused"; code: GuildhallErrorCode; detail: string; param: string | null; missing?: string[] };

/** What a command came to. */
export type Outcome =
  | { type: "created" }
  | { type: "organization" }
  | { type: "deleted" }
  | { type: "member"; user: UserId; created: boolean }
  | { type: "removed" }
  | { type: "erased"; memberships: number; invitations: number; joinRequests: number }
  | { type: "invitation"; invitation: InvitationId }
  | { type: "invitations"; lines: InvitedLine[] }
  | { type: "joined"; invitation: InvitationId; user: UserId }
  | { type: "declined"; invitation: InvitationId; suppression?: Suppression }
  | { type: "invited"; invitation: InvitationId }
  | { type: "domain"; domain: DomainId; created: boolean }
  | { type: "domainDeleted"; domain: DomainId }
  | { type: "link"; link: LinkId }
  | { type: "linkDeleted"; link: LinkId }
  | { type: "joinedByLink"; link: LinkId; user: UserId }
  | { type: "joinRequest"; request: JoinRequestId }
  | { type: "registered"; expiresAt: Millis }
  | { type: "team"; team: TeamId }
  | { type: "teamDeleted"; team: TeamId; below: number }
  | { type: "teamMember"; team: TeamId; user: UserId }
  | { type: "teamMemberRemoved"; team: TeamId; user: UserId }
  | { type: "webhook"; webhook: WebhookId }
  | { type: "webhookDeleted"; webhook: WebhookId }
  | { type: "webhookTested"; webhook: WebhookId; message: string }
  | { type: "swept"; closed: number }
  | { type: "imported"; status: "created" | "extended" | "unchanged" | "deleted"; added: number };
