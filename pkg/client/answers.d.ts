/**
 * What the API answers, operation by operation.
 *
 * @packageDocumentation
 */

import type {
  DomainId, DomainName, GuildhallErrorCode, InvitationId, JsonObject, LinkId, OrganizationId, Permission,
  Role as RoleKey, RoleId, Slug, TeamId, UserId, WebhookId,
} from "../index.js";
import type {
  Affiliation, CurrentAffiliation, Decision, Domain, HeldRole, ListedOrganization, Organization, OrganizationCard, Principal,
  Resolution,
} from "./organizations.js";
import type {
  Invitation, InvitationState, JoinRequest, Link, LinkState, Member, ReceivedInvitation, Role, Team, TeamMember,
} from "./people.js";
import type { TriedEvent, Webhook } from "./records.js";

export type * from "./back-end.js";
export type * from "./installation.js";
export type * from "./organizations.js";
export type * from "./people.js";
export type * from "./records.js";

/** A page of a list. */
export interface Page<T> {
  data: T[];
  /** Where the next page begins, if there is one. */
  nextCursor: string | null;
  hasMore: boolean;
}

/** A page of the caller's organizations. */
export interface OrganizationPage extends Page<ListedOrganization> {
  /** What the roles in `data` allow, each once: `permissionsOf(page, "nirvana")`. */
  roles: HeldRole[];
}

/** To a platform admin who is no member, without roles and permissions. */
export interface OrganizationAnswer extends Omit<Organization, "roles" | "permissions"> {
  roles?: RoleKey[];
  permissions?: Permission[];
}

/** What deleting or purging an organization answers. */
export interface OrganizationDeleted {
  id: OrganizationId;
  /** `false` if it was deleted already. */
  deleted: boolean;
  state: "deleted";
  /** Until then it can be restored; null when it is gone for good. */
  purgeAt: string | null;
  version: number;
}

/** A membership after a change. */
export interface MemberAnswer extends Member {
  /** `false` if they were a member before. */
  created: boolean;
  version: number;
}

/** A role after a change. */
export interface RoleAnswer extends Role {
  version: number;
}

/** A team after a change. */
export interface TeamAnswer extends Team {
  version: number;
}

/** A membership of a team after a change. */
export interface TeamMemberAnswer extends TeamMember {
  /** `false` if they were in the team before. */
  created: boolean;
  version: number;
}

/** An invitation after a change. */
export interface InvitationAnswer extends Invitation {
  /** Once, with `notify: false`. */
  token?: string;
  version: number;
}

/** What became of one line of many invitations. */
export interface InvitedLine {
  /** Of the line, from 0. */
  index: number;
  status: "created" | "replaced" | "refused";
  /** The one that is open now. */
  invitation?: Invitation;
  /** Once, with `notify: false`. */
  token?: string;
  /** Under `dryRun`. */
  email?: string;
  roles?: RoleKey[];
  expiresAt?: string;
  /** Why it was refused. */
  code?: GuildhallErrorCode;
  detail?: string;
  param?: string;
  /** The permissions that the caller lacks. */
  missingPermissions?: string[];
}

/** What a token leads to: an invitation, or a link for many. */
export interface InvitationPreview {
  invitation: {
    id: InvitationId;
    state: InvitationState;
    roles: RoleKey[];
    message: string | null;
    maskedEmail: string;
    expiresAt: string;
  } | {
    id: LinkId;
    kind: "link";
    state: LinkState;
    roles: RoleKey[];
    allowedDomains: DomainName[];
    expiresAt: string;
  };
  organization: { name: string; slug: Slug };
  inviter: { name: string | null };
}

/** A membership that an invitation or a link has given. */
export interface Joined {
  /** Of the invitation that was accepted. */
  invitationId?: InvitationId;
  /** Of the link that was used. */
  linkId?: LinkId;
  organization: OrganizationCard;
  membership: Member;
  roles: RoleKey[];
  /** What the roles allow. */
  permissions: Permission[];
  version: number;
}

/** A link after a change. */
export interface LinkAnswer extends Link {
  /** Once, when it is made or rotated. */
  token?: string;
  version: number;
}

/** A join request after a change. */
export interface JoinRequestAnswer extends JoinRequest {
  /** Of whoever was let in. */
  membership?: Member | null;
  version: number;
}

/** A domain after a change. */
export interface DomainAnswer extends Domain {
  version: number;
}

/** A webhook after a change. */
export interface WebhookAnswer extends Webhook {
  /** Once. */
  secret?: string;
  version: number;
}

/** What a command would do, under `dryRun=true`. */
export interface Trial {
  dryRun: true;
  wouldSucceed: true;
  /** At which it was tried. */
  version?: number;
  outcome: {
    status: number;
    /** The answer that the command would give, without tokens; null for whoever is not in the organization. */
    body: { [name: string]: unknown } | null;
  };
  /** In their order. */
  events?: TriedEvent[];
  /** How many members gain or lose something. */
  affectedMemberCount?: number;
  /** The first hundred of them, for whoever may read members. */
  affectedMembers?: {
    userId: UserId;
    before: Member | null;
    after: Member | null;
    permissionsGained: Permission[];
    permissionsLost: Permission[];
  }[];
  affectedTeamMemberCount?: number;
  /** The same of teams. */
  affectedTeamMembers?: { teamId: TeamId; userId: UserId; before: { roles: RoleKey[] } | null; after: { roles: RoleKey[] } | null }[];
  /** Before and after. */
  seats?: {
    limit: number | null;
    membersBefore: number;
    membersAfter: number;
    pendingBefore: number;
    pendingAfter: number;
  } | null;
  /** Open invitations that would become void. */
  brokenInvitations?: { id: InvitationId; roles: RoleKey[]; invitedBy: UserId | null }[];
  /** Links for many that would no longer let people in. */
  brokenLinks?: { id: LinkId; roles: RoleKey[]; invitedBy: UserId | null }[];
}

/** What `GET /v1/slugs/{slug}` answers. */
export interface CheckSlugAnswer {
  /** As asked. */
  slug: string;
  available: boolean;
  /** A free one, if this is not. */
  suggestion: Slug | null;
}

/** What `GET /v1/organizations/{org}/settings` answers. */
export interface ListSettingsAnswer {
  settings: JsonObject;
  version: number;
}

/** What `GET /v1/organizations/{org}/settings/{key}` answers. */
export interface ReadSettingAnswer {
  key: string;
  /** The fallback where nothing is found. */
  value: unknown;
  found: boolean;
  version: number;
}

/** What `POST /v1/organizations/{org}/check` answers. */
export interface CheckAnswer {
  /** Whether all of it is. */
  allowed: boolean;
  decisions: Decision[];
  version: number;
}

/** What `POST /v1/resolve` answers. */
export interface SettleAnswer extends Resolution {
  /** Where to go on, if it is an address of one's own. */
  next: string | null;
}

/** What `GET /v1/me` answers. */
export interface Me {
  principal: Principal;
  memberships: Affiliation[];
  /** What the roles in `memberships` allow, each once: `permissionsOf(me, "nirvana")`. */
  roles: HeldRole[];
  /** The list of organizations has the others. */
  hasMoreMemberships: boolean;
  invitations: ReceivedInvitation[];
  /** Of this request. */
  currentOrganization: CurrentAffiliation | null;
}

/** What `PUT /v1/me/current-organization` answers. */
export interface ChooseOrganizationAnswer extends Resolution {
  /** Where to go on, if it is an address of one's own. */
  next: string | null;
}

/** What `DELETE /v1/organizations/{org}/members/{user}` answers. */
export interface RemoveMemberAnswer {
  organizationId: OrganizationId;
  removed: boolean;
  version: number;
}

/** What `DELETE /v1/organizations/{org}/roles/{role}` answers. */
export interface DeleteRoleAnswer {
  id: RoleId;
  deleted: boolean;
  /** How many hold another role instead now. */
  membersMoved: number;
  teamMembersMoved: number;
  version: number;
}

/** What `DELETE /v1/organizations/{org}/teams/{team}` answers. */
export interface DeleteTeamAnswer {
  id: TeamId;
  deleted: boolean;
  subteamsDeleted: number;
  version: number;
}

/** What `DELETE /v1/organizations/{org}/teams/{team}/members/{user}` answers. */
export interface RemoveTeamMemberAnswer {
  teamId: TeamId;
  userId: UserId;
  removed: boolean;
  version: number;
}

/** What `POST /v1/organizations/{org}/invitations/bulk` answers. */
export interface InvitationsAnswer {
  /** A line for each that was asked for, in their order. */
  data: InvitedLine[];
  dryRun?: true;
  version: number;
}

/** What `POST /v1/invitations/decline` answers. */
export interface InvitationDeclined {
  invitationId: InvitationId;
  state: "declined";
  /** From where no further invitation will come. */
  suppressed: "organization" | "everywhere" | null;
  version: number;
}

/** What `DELETE /v1/organizations/{org}/invitation-links/{link}` answers. */
export interface DeleteLinkAnswer {
  id: LinkId;
  deleted: boolean;
  version: number;
}

/** What `POST /v1/organizations/{org}/join-requests` answers. */
export interface InvitedInstead {
  state: "invited";
  invitationId: InvitationId;
}

/** What `POST /v1/registrations` answers. */
export interface RegistrationAnswer {
  state: "pending";
  expiresAt: string;
  version: number;
}

/** What `DELETE /v1/organizations/{org}/domains/{domain}` answers. */
export interface DeleteDomainAnswer {
  id: DomainId;
  deleted: boolean;
  version: number;
}

/** What `GET /v1/organizations/{org}/events/verify` answers. */
export interface EventsVerified {
  valid: boolean;
  /** `false`: ask again, `after` is `checkedTo`. */
  complete: boolean;
  /** How many were looked at. */
  entries: number;
  /** The first entry that has a hash. */
  chainedFrom: number | null;
  /** The last entry that was looked at. */
  checkedTo: number;
  /** The hash of that one: worth keeping elsewhere. */
  head: string | null;
  version: number;
  /** The first entry that does not fit. */
  brokenAt: number | null;
  /** What does not. */
  reason: string | null;
}

/** What `DELETE /v1/organizations/{org}/webhooks/{webhook}` answers. */
export interface DeleteWebhookAnswer {
  id: WebhookId;
  deleted: boolean;
  version: number;
}

/** What `POST /v1/organizations/{org}/webhooks/{webhook}/test` answers. */
export interface WebhookTest {
  /** Of the delivery. */
  id: string;
  webhookId: WebhookId;
  organizationId: OrganizationId;
  type: string;
  state: "pending";
  /** What will be sent. */
  payload: { [name: string]: unknown };
  version: number;
}
