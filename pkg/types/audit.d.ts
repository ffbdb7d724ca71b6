/**
 * The audit log.
 *
 * @packageDocumentation
 */

import type { GrantableRole, InvitationId, LinkId, OrganizationId, Permission, Role, TeamId, UserId } from "./values.js";
import type { Action } from "./commands.js";
import type { OrganizationEvent } from "./decisions.js";

/** An event's name. */
export type EventType = OrganizationEvent["type"];

/** An event of the audit log, as `GET /v1/organizations/{org}/events` shows it. */
export interface AuditEvent {
  /** `evt_…`: the same in every list and export. */
  id: string;
  organizationId: OrganizationId;
  /** The entry that it stands in: the organization's version that the command made. */
  seq: number;
  /** RFC 3339; never before that of an earlier entry. */
  at: string;
  actor: {
    id: UserId;
    kind: "user" | "service" | "platform_admin" | "system";
    /** The operator key that the request came with: it acted for the actor, or is the actor. */
    via?: { operator: string };
  };
  /** The command's name. */
  action: Action["type"];
  type: EventType;
  /** What the event says; digests and tokens are in no event. */
  data: { [field: string]: unknown };
  /** The entry's hash; null for entries of before the log was a chain. */
  hash: string | null;
}

/** What `GET /v1/organizations/{org}/events/verify` found. */
export interface AuditVerification {
  /** Whether every entry checked is what was written. */
  valid: boolean;
  /** Whether the log's end was reached; if not, go on with `?after=` and what `checkedTo` says. */
  complete: boolean;
  /** How many entries were checked for this answer. */
  entries: number;
  /** The first of them that has a hash. */
  chainedFrom: number | null;
  /** The last of them. */
  checkedTo: number;
  /** Its hash. Kept elsewhere, it is an anchor: `?after=<checkedTo>&hash=<head>`. */
  head: string | null;
  /** The organization's version. */
  version: number;
  /** The entry at which the log is not what was written. */
  brokenAt: number | null;
  reason: "changed" | "unlinked" | "gap" | "hash_missing" | "truncated" | "head_mismatch" | null;
}

/**
 * What any command of a member answers under `?dryRun=true`; what would be refused is refused as ever. Erasing a
 * user goes through many organizations and answers with its `outcome` alone.
 */
export interface DryRun {
  dryRun: true;
  wouldSucceed: true;
  /** The version that it was decided on: as `If-Match`, it makes the real command do just this. */
  version: number;
  /** The answer that the command would get, without a token; ids of new things are new each time. */
  outcome: { status: number; body: { [field: string]: unknown } | null };
  events: { type: EventType; data: { [field: string]: unknown } }[];
  /** How many members it touches. With an organization all memberships end; they are counted, not shown. */
  affectedMemberCount: number;
  /**
   * Members whose membership, or a role of theirs, would begin, change or end, as the API shows members. Of
   * the holders of a role the first 100, to whoever may see members.
   */
  affectedMembers: {
    userId: UserId;
    before: { [field: string]: unknown } | null;
    after: { [field: string]: unknown } | null;
    permissionsGained: Permission[];
    permissionsLost: Permission[];
  }[];
  /** The same of teams; counted no further than 10,000. Memberships that end take with them what is held in teams. */
  affectedTeamMemberCount: number;
  /** The first 100. */
  affectedTeamMembers: { teamId: TeamId; userId: UserId; before: { roles: Role[] } | null; after: { roles: Role[] } | null }[];
  /** Null to whoever is not in the organization yet. */
  seats: { limit: number | null; membersBefore: number; membersAfter: number; pendingBefore: number; pendingAfter: number } | null;
  /** Up to 100 open invitations that would become void, since their inviter would lose the power to vouch for them. */
  brokenInvitations: { id: InvitationId; roles: GrantableRole[]; invitedBy: UserId | null }[];
  /** Links for many that would no longer let people in, for the same reason. */
  brokenLinks: { id: LinkId; roles: GrantableRole[]; invitedBy: UserId | null }[];
}
