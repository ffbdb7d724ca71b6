/**
 * What there is to say: the bodies of writes and the parameters of reads.
 *
 * @packageDocumentation
 */

import type {
  DomainName,
  EventType,
  JsonObject,
  Role as RoleKey,
  Slug,
  TeamId,
  UserId,
} from "../index.js";
import type { MemberKind, JoinRequestState, InvitationState, DomainPolicy } from "./answers.js";

/** List the caller's organizations, by name; for a platform admin all of them. */
export interface ListOrganizations {
  /** Which besides the active ones; deleted ones are shown to their owner, and among all. */
  include?: "inactive" | "deleted" | "inactive,deleted";
  /** Whether organizations of other people are listed; for platform admins. */
  all?: boolean;
  /** An organization's id, or beginnings of words of its name or slug; only with `all`. */
  q?: string;
}

/** Found an organization, which the caller owns. */
export interface CreateOrganization {
  name: string;
  slug?: Slug | null;
  metadata?: JsonObject | null;
  settings?: JsonObject | null;
  logoUrl?: string | null;
  /** Its owner's alone; one for each user. */
  personal?: boolean | null;
  /** Whose it is, if not the caller's: a platform admin creates it for this user. */
  ownerId?: UserId | null;
}

/** Change an organization. */
export interface UpdateOrganization {
  name?: string;
  slug?: Slug;
  metadata?: JsonObject;
  settings?: JsonObject;
  logoUrl?: string | null;
  joinRequests?: "open" | "off";
  seatLimit?: number | null;
  /** Whether pending invitations hold seats. */
  countPending?: boolean;
  requirements?: { verifiedEmail?: boolean | null; mfa?: boolean | null };
}

/** Read one setting. */
export interface ReadSetting {
  /** JSON that is the value when there is no such key. */
  fallback?: string;
}

/** Ask what the caller, or another member, may do. */
export interface Check {
  permissions: string[];
  userId?: UserId | null;
  /** A team's id: what may be done there. */
  team?: string | null;
}

/** Export all of an organization as lines of JSON. */
export interface ExportOrganization {
  limit?: number;
  cursor?: string;
}

/** Resolve the organization of this request. */
export interface Resolve {
  /** Also say why each place won or lost. */
  explain?: boolean | "true" | "false";
}

/** The same, and take in whoever has no organization. */
export interface Settle {
  next?: string | null;
}

/** List the caller's join requests, newest first. */
export interface ListMyJoinRequests {
  state?: JoinRequestState;
}

/** Remember a choice of organization, in a signed cookie. */
export interface ChooseOrganization {
  /** Id or slug. */
  organization: string;
  next?: string | null;
}

/** List members. */
export interface ListMembers {
  /** Only its holders. */
  role?: RoleKey;
  state?: "active" | "suspended";
  /** Only those in this team, for those who may see it. */
  team?: string;
  /** Beginnings of words of name, address or id, all of which a member must have; case, accents and punctuation do not count. */
  q?: string;
  sort?: "joined" | "name";
}

/** Add a known user. */
export interface AddMember {
  userId: UserId;
  email?: string | null;
  name?: string | null;
  roles?: RoleKey[] | null;
  kind?: MemberKind | null;
  title?: string | null;
  until?: string | null;
}

/** Change a member's roles, title, state or end. */
export interface UpdateMember {
  roles?: RoleKey[];
  title?: string | null;
  state?: "active" | "suspended";
  until?: string | null;
}

/** Remove a member, or leave (`me`). */
export interface RemoveMember {
  /** Who owns it from now on, when the owner leaves. */
  successor?: UserId | null;
}

/** Hand an organization over. */
export interface TransferOwnership {
  userId: UserId;
  requireAcceptance?: boolean | null;
  /** Seconds in which to accept; a week when nothing is said. */
  expiresIn?: number | null;
}

/** Make a role. */
export interface CreateRole {
  key: RoleKey;
  name?: string | null;
  /** Permissions, or `resource:*`; no more than the caller holds. */
  permissions?: string[] | null;
}

/** Change a role's name or permissions. */
export interface UpdateRole {
  name?: string;
  permissions?: string[];
}

/** End a role. */
export interface DeleteRole {
  moveTo?: RoleKey | null;
}

/** List the teams that the caller may see, by name. */
export interface ListTeams {
  /** Only those that this user, or `me`, is in. */
  userId?: string;
}

/** Make a team. */
export interface CreateTeam {
  name: string;
  parentId?: TeamId | null;
}

/** Rename or move a team. */
export interface UpdateTeam {
  name?: string;
  /** Below which team; null is the top. */
  parentId?: TeamId | null;
}

/** Put a member into a team, or change their roles there. */
export interface PutTeamMember {
  roles?: RoleKey[];
}

/** List invitations, newest first. */
export interface ListInvitations {
  state?: InvitationState;
}

/** Invite an address. */
export interface Invite {
  email: string;
  roles?: RoleKey[] | null;
  teams?: TeamId[] | null;
  /** Seconds; the operator sets the most, 30 days when nothing is said. */
  expiresIn?: number | null;
  message?: string | null;
  locale?: string | null;
  /** `false`: no mail, the answer has the token. */
  notify?: boolean | null;
}

/** Invite up to 100 addresses. */
export interface InviteMany {
  /** One that cannot be read is refused by itself. */
  invitations: Invite[];
  dryRun?: boolean | null;
}

/** Send an invitation again, with a new token. */
export interface ResendInvitation {
  expiresIn?: number | null;
  notify?: boolean | null;
}

/** See what a token leads to, before signing in. */
export interface PreviewInvitation {
  token: string;
}

/** Accept an invitation, or come in by a link. */
export interface AcceptInvitation {
  token?: string | null;
  invitationId?: string | null;
}

/** Decline an invitation. */
export interface DeclineInvitation {
  token?: string | null;
  invitationId?: string | null;
  /** Never invite me again: to this organization, or to any. */
  suppress?: "organization" | "everywhere" | null;
}

/** Make a link. */
export interface CreateLink {
  roles?: RoleKey[] | null;
  maxUses?: number | null;
  expiresIn?: number | null;
  /** Domains of which a verified address is needed. */
  allowedDomains?: DomainName[] | null;
  disabled?: boolean | null;
}

/** Switch a link, or change its end or its uses. */
export interface UpdateLink {
  disabled?: boolean;
  maxUses?: number | null;
  expiresIn?: number;
}

/** List join requests, newest first. */
export interface ListJoinRequests {
  state?: JoinRequestState;
}

/** Ask to be let in. */
export interface AskToJoin {
  message?: string | null;
}

/** Let somebody in. */
export interface ApproveJoinRequest {
  roles?: RoleKey[] | null;
}

/** Turn somebody away. */
export interface DenyJoinRequest {
  /** `true`: without a mail. */
  silent?: boolean | null;
}

/** Register an organization for somebody not yet known. */
export interface Register {
  organizationName: string;
  slug?: Slug | null;
  email: string;
  /** The answer to the challenge, where the installation asks anonymous callers for one. */
  challenge?: string | null;
}

/** Take a registered organization over, signed in. */
export interface ActivateRegistration {
  token: string;
  /** Another one, when the one that was asked for is taken by now. */
  slug?: Slug | null;
}

/** Claim a domain. */
export interface ClaimDomain {
  name: DomainName;
  policy?: DomainPolicy | null;
}

/** Change what a verified domain opens. */
export interface ChangeDomain {
  policy: DomainPolicy;
}

/** List events. */
export interface ListEvents {
  /** Only what came after this version. */
  after?: number;
  actor?: UserId;
  type?: EventType;
  /** From this instant on. */
  since?: string;
  /** Before this instant. */
  until?: string;
  order?: "oldest" | "newest";
}

/** The same as lines of JSON. */
export interface ExportEvents {
  after?: number;
  actor?: UserId;
  type?: EventType;
  since?: string;
  until?: string;
  order?: "oldest" | "newest";
  limit?: number;
  cursor?: string;
}

/** Check that the log is what was written. */
export interface VerifyEvents {
  /** Behind this entry. */
  after?: number;
  /** The hash that it had, as somebody kept it. */
  hash?: string;
}

/** Make a webhook. */
export interface CreateWebhook {
  /** Https, a DNS name. */
  url: string;
  /** Types, `resource.*`, or `*`, which is what it is when nothing is said. */
  events?: string[] | null;
  description?: string | null;
}

/** Change or switch a webhook. */
export interface UpdateWebhook {
  url?: string;
  events?: string[];
  description?: string | null;
  state?: "active" | "disabled";
}

/** Give a webhook a new secret. */
export interface RotateWebhook {
  overlap?: number | null;
}

/** Sign a pass of the caller's membership. */
export interface CreatePass {
  audience?: string;
  expiresIn?: number;
}

/** Sign the same for all of the caller's memberships. */
export interface CreatePassport {
  audience?: string;
  expiresIn?: number;
}

export type * from "./inputs-installation.js";
