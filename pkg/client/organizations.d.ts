/**
 * Organizations, whoever asks, and where a request belongs.
 *
 * @packageDocumentation
 */

import type {
  DomainId, DomainName, GuildhallErrorCode, HeldRole, JsonObject, MembershipId, OrganizationId, Permission, Role as RoleKey,
  Slug, TeamId, UserId,
} from "../index.js";

export type { HeldRole };

/** An organization, as the caller may see it. */
export interface Organization {
  id: OrganizationId;
  slug: Slug;
  name: string;
  state: OrganizationState;
  ownerId: UserId;
  /** Grows by one with every change of anything in the organization. */
  version: number;
  /** The application's own, readable by members. */
  metadata: JsonObject;
  logoUrl: string | null;
  memberCount: number;
  pendingInvitationCount: number;
  /** How many members there may be; null for any number. */
  seatLimit: number | null;
  /** Whether anybody who is signed in may ask to join. */
  joinRequests: "open" | "off";
  /** Whether open invitations take seats. */
  countPending: boolean;
  /** Whether it is somebody's own, which nobody else can join. */
  personal: boolean;
  requirements: Requirements;
  deletedAt: string | null;
  deletedBy: UserId | null;
  /** When it ends for good. */
  purgeAt: string | null;
  createdAt: string;
  updatedAt: string;
  /** The caller's. */
  roles: RoleKey[];
  /** The caller's keys that no role has any more: they allow nothing. */
  unknownRoles?: RoleKey[];
  /** The caller's. */
  permissions: Permission[];
  /** For those who may change it. */
  settings?: JsonObject;
  /** For those who may change it, and the nominee. */
  nomination?: Nomination;
}

/** `inactive`: readable by its members, closed to writes. `deleted`: gone, and restorable until `purgeAt`. */
export type OrganizationState = "active" | "inactive" | "deleted";

/** What the caller may not read is left out, and why it may not. */
export interface ListedOrganization extends Omit<Organization, "permissions" | "metadata" | "memberCount" | "pendingInvitationCount" | "seatLimit" | "countPending" | "joinRequests"> {
  metadata?: JsonObject;
  memberCount?: number;
  pendingInvitationCount?: number;
  seatLimit?: number | null;
  countPending?: boolean;
  joinRequests?: "open" | "off";
  /** The caller's. */
  membershipState?: "active" | "suspended";
  requirementsMissing?: MissingRequirements;
}

/** What the organization asks of members and this session lacks. */
export type MissingRequirements = ("verifiedEmail" | "mfa")[];

/** What is asked of members. */
export interface Requirements {
  /** An address that was proven. */
  verifiedEmail: boolean;
  /** A sign-in with a second factor. */
  mfa: boolean;
}

/** Whether something may be done, and by which rule. */
export interface Decision {
  permission: Permission;
  allowed: boolean;
  code: "granted_by_role" | "platform_admin" | "permission_denied" | "membership_suspended" | "not_a_member";
  /** The same in words. */
  rule: string;
  /** The first role that allows it. */
  grantedBy?: RoleKey;
  /** The team in which that role is held. */
  grantedIn?: TeamId;
  /** The permission that was asked for, if nothing gives it. */
  missing?: Permission;
}

/** The organization that a request is about, or why there is none. */
export interface Resolution {
  /** `redirect`: named by a slug that it no longer has. */
  outcome: "resolved" | "redirect" | "choose" | "none" | "ambiguous";
  organization?: ResolvedOrganization;
  /** The caller's; null for whoever is no member. */
  membership?: { id: MembershipId; userId: UserId; roles: RoleKey[]; state: "active" | "suspended" } | null;
  roles?: RoleKey[];
  permissions?: Permission[];
  /** Where the request names it, or what decided. */
  source?: "path" | "header" | "query" | "host" | "pass" | "remembered" | "only" | "fallback" | "auto_join";
  version?: number;
  /** What the caller must show first: so long nothing is permitted. */
  requirementsMissing?: MissingRequirements;
  /** The caller sees it as an operator. */
  platformAdmin?: boolean;
  /** To choose from. */
  organizations?: OrganizationChoice[];
  /** What the roles in `organizations` allow, each once: `permissionsOf(resolution, "nirvana")`. */
  heldRoles?: HeldRole[];
  /** What `POST /v1/resolve` would make the caller a member of. */
  autoJoin?: { organization: PublicOrganization; allowed?: boolean; code?: GuildhallErrorCode };
  /** Whether the path is one that has no organization. */
  skipped?: boolean;
  /** With `explain`: every place that could have named one. */
  explanation?: Finding[];
}

/** The organization of a request. */
export interface ResolvedOrganization extends PublicOrganization {
  /** To members. */
  ownerId?: UserId;
}

/** An organization as its members see it in lists. */
export interface OrganizationCard extends PublicOrganization {
  ownerId: UserId;
}

/** One of several organizations to choose from. */
export interface OrganizationChoice extends OrganizationCard {
  /** The caller's. */
  roles: RoleKey[];
  /** Only where something is missing: then nothing is permitted there. */
  requirementsMissing?: MissingRequirements;
}

/** An organization as anybody may know it. */
export interface PublicOrganization {
  id: OrganizationId;
  slug: Slug;
  name: string;
  state: "active" | "inactive";
  version: number;
}

/** Why one place won or lost. */
export interface Finding {
  source: "path" | "header" | "query" | "host" | "pass" | "remembered" | "only" | "fallback" | "auto_join";
  /** What stood there. */
  named: string | null;
  /** What it names, as far as the caller may know. */
  organizationId: OrganizationId | null;
  verdict: "won" | "moved" | "agrees" | "disagrees" | "spoiled" | "unknown" | "unreadable" | "nobodys_host" | "overruled" | "not_a_member" | "inactive" | "suspended" | "none_active" | "several" | "signed_in" | "has_organization" | "would_join" | "not_signed_in" | "skipped";
  /** The verdict in words. */
  because: string;
}

/** Who is calling. */
export interface Principal {
  userId: UserId;
  email: string | null;
  /** Whether the sign-in has proven the address. */
  emailVerified: boolean;
  /** Whether there was a second factor. */
  mfa: boolean;
  name: string | null;
  kind: PrincipalKind;
}

/** `service`: a program. `platform_admin`: an operator of the installation. `system`: the installation itself. */
export type PrincipalKind = "user" | "service" | "platform_admin" | "system";

/** One of the caller's memberships. */
export interface Affiliation {
  id: MembershipId;
  organization: OrganizationCard;
  state: "active" | "suspended";
  /** When it ends by itself. */
  until: string | null;
  /** By their keys; `roles` beside the memberships says what each allows. */
  roles: RoleKey[];
  /** Held keys that no role has any more: they allow nothing. */
  unknownRoles?: RoleKey[];
  requirementsMissing: MissingRequirements;
  /** The organization's. */
  version: number;
}

/** What somebody is in the organization of this request. */
export interface CurrentAffiliation extends Omit<Affiliation, "id"> {
  /** Null for a platform admin who is no member. */
  id: MembershipId | null;
  permissions: Permission[];
}

/** An organization that the caller's verified address opens. */
export interface JoinableOrganization {
  organization: { id: OrganizationId; name: string; slug: Slug; logoUrl: string | null };
  /** The caller's domain, which opens it. */
  domain: DomainName;
  /** How: by asking, by an invitation or at once. */
  policy: DomainPolicy;
}

/** An offer of ownership that waits for its answer. */
export interface Nomination {
  userId: UserId;
  nominatedBy: UserId;
  createdAt: string;
  expiresAt: string;
}

/** A domain that an organization claims as its own. */
export interface Domain {
  id: DomainId;
  organizationId: OrganizationId;
  name: DomainName;
  /** `lapsed`: the proof has been missing for too long. */
  state: "pending" | "verified" | "lapsed";
  policy: DomainPolicy;
  /** What proves it. */
  record: { type: "TXT"; name: string; value: string };
  verifiedAt: string | null;
  /** When the record was last looked for. */
  checkedAt: string | null;
  /** Since when the record has not been found. */
  missingSince: string | null;
  createdBy: UserId;
  createdAt: string;
}

/** What people with a verified address in it may do. */
export type DomainPolicy = "off" | "request" | "invite" | "join";

/** Where something is found now. */
export interface Moved {
  slug: Slug;
}

/** An organization by its names. */
export interface OrganizationName {
  id: OrganizationId;
  name: string;
  slug: Slug;
}
