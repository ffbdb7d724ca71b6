/**
 * What the API answers, shape by shape.
 *
 * @packageDocumentation
 */

import type {
  DomainId,
  DomainName,
  EventType,
  GuildhallErrorCode,
  InvitationId,
  JoinRequestId,
  JsonObject,
  LinkId,
  MembershipId,
  OrganizationId,
  Permission,
  RegistrationId,
  RoleId,
  Role as RoleKey,
  Slug,
  TeamId,
  UserId,
  WebhookId,
} from "../index.js";

/** A page of a list. */
export interface Page<T> {
  data: T[];
  /** Where the next page begins, if there is one. */
  nextCursor: string | null;
  hasMore: boolean;
}

export interface Organization {
  id: OrganizationId;
  slug: Slug;
  name: string;
  state: OrganizationState;
  ownerId: UserId;
  version: number;
  metadata: JsonObject;
  logoUrl: string | null;
  memberCount: number;
  pendingInvitationCount: number;
  seatLimit: number | null;
  joinRequests: "open" | "off";
  countPending: boolean;
  personal: boolean;
  requirements: Requirements;
  deletedAt: string | null;
  deletedBy: UserId | null;
  purgeAt: string | null;
  createdAt: string;
  updatedAt: string;
  /** The caller's. */
  roles: RoleKey[];
  /** The caller's. */
  permissions: Permission[];
  /** For those who may change it. */
  settings?: JsonObject;
  /** For those who may change it, and the nominee. */
  nomination?: Nomination;
}

/** To a platform admin who is no member, without roles and permissions. */
export interface OrganizationAnswer extends Omit<Organization, "roles" | "permissions"> {
  roles?: RoleKey[];
  permissions?: Permission[];
}

export type OrganizationState = "active" | "inactive" | "deleted";

export interface OrganizationDeleted {
  id: OrganizationId;
  deleted: boolean;
  state: "deleted";
  purgeAt: string | null;
  version: number;
}

/** What the caller may not read is left out, and why it may not. */
export interface ListedOrganization extends Omit<Organization, "metadata" | "memberCount" | "pendingInvitationCount" | "seatLimit" | "countPending" | "joinRequests"> {
  metadata?: JsonObject;
  memberCount?: number;
  pendingInvitationCount?: number;
  seatLimit?: number | null;
  countPending?: boolean;
  joinRequests?: "open" | "off";
  membershipState?: "active" | "suspended";
  requirementsMissing?: MissingRequirements;
}

/** What the organization asks of members and this session lacks. */
export type MissingRequirements = ("verifiedEmail" | "mfa")[];

/** What is asked of members. */
export interface Requirements {
  verifiedEmail: boolean;
  mfa: boolean;
}

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
  missing?: Permission;
}

export type ExportLine = 
  | { kind: "export" | "end"; data: { organizationId: OrganizationId; version: number; at: string } }
  | { kind: "organization"; data: Organization }
  | { kind: "role"; data: Role }
  | { kind: "team"; data: Team }
  | { kind: "member"; data: Member }
  | { kind: "teamMember"; data: TeamMember }
  | { kind: "invitation"; data: ListedInvitation }
  | { kind: "link"; data: ListedLink }
  | { kind: "joinRequest"; data: JoinRequest }
  | { kind: "domain"; data: Domain }
  | { kind: "webhook"; data: Webhook }
  | { kind: "event"; data: Event };

export interface Resolution {
  /** `redirect`: named by a slug that it no longer has. */
  outcome: "resolved" | "redirect" | "choose" | "none" | "ambiguous";
  organization?: ResolvedOrganization;
  membership?: { id: MembershipId; userId: UserId; roles: RoleKey[]; state: "active" | "suspended" } | null;
  roles?: RoleKey[];
  permissions?: Permission[];
  source?: "path" | "header" | "query" | "host" | "pass" | "remembered" | "only" | "fallback" | "auto_join";
  version?: number;
  requirementsMissing?: MissingRequirements;
  /** The caller sees it as an operator. */
  platformAdmin?: boolean;
  /** To choose from. */
  organizations?: OrganizationCard[];
  /** What `POST /v1/resolve` would make the caller a member of. */
  autoJoin?: { organization: PublicOrganization; allowed?: boolean; code?: GuildhallErrorCode };
  skipped?: boolean;
  explanation?: Finding[];
}

export interface ResolvedOrganization extends PublicOrganization {
  /** To members. */
  ownerId?: UserId;
}

export interface OrganizationCard extends PublicOrganization {
  ownerId: UserId;
}

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
  named: string | null;
  organizationId: OrganizationId | null;
  verdict: "won" | "moved" | "agrees" | "disagrees" | "spoiled" | "unknown" | "unreadable" | "nobodys_host" | "overruled" | "not_a_member" | "inactive" | "none_active" | "several" | "signed_in" | "has_organization" | "would_join" | "not_signed_in" | "skipped";
  /** The verdict in words. */
  because: string;
}

export interface Principal {
  userId: UserId;
  email: string | null;
  emailVerified: boolean;
  mfa: boolean;
  name: string | null;
  kind: PrincipalKind;
}

export type PrincipalKind = "user" | "service" | "platform_admin" | "system";

/** One of the caller's memberships. */
export interface Affiliation {
  id: MembershipId;
  organization: OrganizationCard;
  state: "active" | "suspended";
  until: string | null;
  roles: RoleKey[];
  customRoles: { key: RoleKey; permissions: string[] }[];
  permissions: Permission[];
  requirementsMissing: MissingRequirements;
  version: number;
}

/** What somebody is in the organization of this request. */
export interface CurrentAffiliation extends Omit<Affiliation, "id"> {
  /** Null for a platform admin who is no member. */
  id: MembershipId | null;
}

/** An invitation as the invited person sees it. */
export interface ReceivedInvitation {
  id: InvitationId;
  state: InvitationState;
  email: string;
  roles: RoleKey[];
  message: string | null;
  organization: OrganizationName;
  inviter: { name: string | null };
  createdAt: string;
  expiresAt: string;
}

/** A wish of the caller's not to be invited. */
export interface Suppression {
  scope: "organization" | "everywhere";
  organization: { id: OrganizationId; name: string | null } | null;
  since: string;
}

/** An organization that the caller's verified address opens. */
export interface JoinableOrganization {
  organization: { id: OrganizationId; name: string; slug: Slug; logoUrl: string | null };
  domain: DomainName;
  policy: DomainPolicy;
}

/** A join request as the one who asked sees it. */
export interface OwnJoinRequest extends JoinRequest {
  organization: {
    id: OrganizationId;
    slug: Slug;
    /** Null until the request is approved. */
    name: string | null;
  };
}

export interface Member {
  id: MembershipId;
  organizationId: OrganizationId;
  userId: UserId;
  email: string | null;
  emailVerified: boolean;
  name: string | null;
  roles: RoleKey[];
  state: "active" | "suspended";
  kind: MemberKind;
  title: string | null;
  until: string | null;
  joinedAt: string;
}

export interface MemberAnswer extends Member {
  created: boolean;
  version: number;
}

export type MemberKind = "human" | "service";

export interface Nomination {
  userId: UserId;
  nominatedBy: UserId;
  createdAt: string;
  expiresAt: string;
}

/** A built-in one has no id and no times. */
export interface Role {
  id: RoleId | null;
  key: RoleKey;
  name: string;
  /** Permissions, or `resource:*`. */
  permissions: string[];
  builtIn: boolean;
  createdAt?: string;
  updatedAt?: string;
}

export interface RoleAnswer extends Role {
  version: number;
}

export interface Team {
  id: TeamId;
  organizationId: OrganizationId;
  name: string;
  parentId: TeamId | null;
  createdAt: string;
  updatedAt: string;
}

export interface TeamAnswer extends Team {
  version: number;
}

export interface TeamMember extends HeldInTeam {
  organizationId: OrganizationId;
  membershipId: MembershipId;
  email: string | null;
  name: string | null;
  title: string | null;
  state: "active" | "suspended";
}

export interface HeldInTeam {
  teamId: TeamId;
  userId: UserId;
  roles: RoleKey[];
  addedAt: string;
}

export interface TeamMemberAnswer extends TeamMember {
  created: boolean;
  version: number;
}

export interface Invitation {
  id: InvitationId;
  organizationId: OrganizationId;
  email: string;
  roles: RoleKey[];
  teams: TeamId[];
  state: InvitationState;
  invitedBy: UserId;
  message: string | null;
  locale: string | null;
  createdAt: string;
  expiresAt: string;
  closedAt: string | null;
}

export interface ListedInvitation extends Invitation {
  /** Accepting it would be refused now: whoever vouches for it may no longer give its roles. */
  void: boolean;
}

export interface InvitationAnswer extends Invitation {
  /** Once, with `notify: false`. */
  token?: string;
  version: number;
}

export type InvitationState = "pending" | "accepted" | "declined" | "revoked" | "expired";

export interface InvitedLine {
  index: number;
  status: "created" | "replaced" | "refused";
  invitation?: Invitation;
  token?: string;
  /** Under `dryRun`. */
  email?: string;
  roles?: RoleKey[];
  expiresAt?: string;
  code?: GuildhallErrorCode;
  detail?: string;
  param?: string;
}

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

export interface Joined {
  invitationId?: InvitationId;
  linkId?: LinkId;
  organization: OrganizationCard;
  membership: Member;
  roles: RoleKey[];
  permissions: Permission[];
  version: number;
}

export interface Link {
  id: LinkId;
  organizationId: OrganizationId;
  roles: RoleKey[];
  state: LinkState;
  disabled: boolean;
  maxUses: number | null;
  uses: number;
  allowedDomains: DomainName[];
  invitedBy: UserId;
  createdAt: string;
  expiresAt: string;
}

export interface ListedLink extends Link {
  /** Accepting it would be refused now: whoever vouches for it may no longer give its roles. */
  void: boolean;
}

export interface LinkAnswer extends Link {
  token?: string;
  version: number;
}

export type LinkState = "active" | "disabled" | "expired" | "used";

export interface JoinRequest {
  id: JoinRequestId;
  organizationId: OrganizationId;
  userId: UserId;
  email: string | null;
  name: string | null;
  message: string | null;
  state: JoinRequestState;
  /** Null to the one who asked. */
  decidedBy: UserId | null;
  createdAt: string;
  closedAt: string | null;
}

export interface JoinRequestAnswer extends JoinRequest {
  membership?: Member | null;
  version: number;
}

export type JoinRequestState = "pending" | "approved" | "denied" | "withdrawn";

export interface Domain {
  id: DomainId;
  organizationId: OrganizationId;
  name: DomainName;
  state: "pending" | "verified" | "lapsed";
  policy: DomainPolicy;
  /** What proves it. */
  record: { type: "TXT"; name: string; value: string };
  verifiedAt: string | null;
  checkedAt: string | null;
  missingSince: string | null;
  createdBy: UserId;
  createdAt: string;
}

export interface DomainAnswer extends Domain {
  version: number;
}

/** What people with a verified address in it may do. */
export type DomainPolicy = "off" | "request" | "invite" | "join";

export interface Event {
  id: string;
  organizationId: OrganizationId;
  /** The version that it led to. */
  seq: number;
  at: string;
  actor: { id: UserId; kind: PrincipalKind };
  /** The command. */
  action: string;
  type: EventType;
  data: EventData;
  hash: string | null;
}

export interface TriedEvent {
  type: EventType;
  data: EventData;
}

/** What an event of its type says. */
export type EventData =
  | { [field: string]: never }
  | { organization: FoundedOrganization; owner: AddedMember }
  | { name: string }
  | { from: Slug; to: Slug }
  | { metadata: JsonObject; settings: JsonObject; logoUrl: string | null }
  | { seatLimit: number | null; countPending: boolean }
  | { requirements: Requirements }
  | { joinRequests: "open" | "off" }
  | { deletedBy: UserId; purgeAt: string }
  | { userId: UserId; nominatedBy: UserId; expiresAt: string }
  | { userId: UserId; reason: "accepted" | "declined" | "withdrawn" | "expired" | "void" }
  | { from: UserId; to: UserId }
  | { member: AddedMember }
  | { userId: UserId }
  | { userId: UserId; title: string | null }
  | { userId: UserId; email: string }
  | { userId: UserId; until: string | null }
  | { userId: UserId; from: RoleKey[]; to: RoleKey[] }
  | { role: Role }
  | { roleId: RoleId; key: RoleKey; movedTo: RoleKey | null }
  | { team: Team }
  | { teamId: TeamId }
  | { member: HeldInTeam }
  | { teamId: TeamId; userId: UserId; from: RoleKey[]; to: RoleKey[] }
  | { teamId: TeamId; userId: UserId }
  | { invitation: Omit<Invitation, "organizationId"> }
  | { invitationId: InvitationId; invitedBy: UserId; generation: number; expiresAt: string }
  | { invitationId: InvitationId }
  | { invitationId: InvitationId; userId: UserId }
  | { domain: Domain }
  | { domainId: DomainId }
  | { link: Omit<Link, "state"> }
  | { linkId: LinkId; userId: UserId; uses: number }
  | { linkId: LinkId }
  | { webhook: Omit<Webhook, "previousSecretUntil"> }
  | { webhookId: WebhookId }
  | { joinRequest: JoinRequest }
  | {
    registration: { id: RegistrationId; email: string; createdAt: string; expiresAt: string; activatedBy: UserId | null };
  };

export interface FoundedOrganization {
  id: OrganizationId;
  slug: Slug;
  name: string;
  state: "active" | "inactive";
  ownerId: UserId;
  metadata: JsonObject;
  settings: JsonObject;
  logoUrl: string | null;
  seatLimit: number | null;
  personal: boolean;
}

/** As it was stored: who owns the organization is said by the organization. */
export interface AddedMember extends Omit<Member, "organizationId" | "state"> {}

export interface Webhook {
  id: WebhookId;
  organizationId: OrganizationId;
  url: string;
  events: string[];
  description: string | null;
  state: "active" | "disabled";
  disabledBecause: "asked" | "failing" | "gone" | null;
  previousSecretUntil: string | null;
  createdBy: UserId;
  createdAt: string;
  updatedAt: string;
}

export interface WebhookAnswer extends Webhook {
  /** Once. */
  secret?: string;
  version: number;
}

export interface Delivery {
  /** The event's, or the test's. */
  id: string;
  webhookId: WebhookId;
  organizationId: OrganizationId;
  type: string;
  seq: number | null;
  state: "pending" | "delivered" | "failed";
  attempts: number;
  /** Of the last answer. */
  status: number | null;
  fault: string | null;
  createdAt: string;
  attemptedAt: string | null;
  nextAttemptAt: string | null;
  deliveredAt: string | null;
}

export interface SignedPass {
  id: string;
  token: string;
  audience: string | null;
  userId: UserId;
  issuedAt: string;
  expiresAt: string;
}

export interface ImportReport {
  organizations: { id: OrganizationId; name: string; slug: Slug | null; status: string; membersAdded: number }[];
  users: number;
  usersWithoutMembership: string[];
  skipped: { [name: string]: number };
  notes: string[];
}

export interface OutgoingWebhook extends Delivery {
  kind: "webhook";
  request: { method: string; url: string; headers: { [name: string]: string }; body: string } | null;
}

export interface Mail {
  id: string;
  organizationId: OrganizationId;
  kind: "invitation" | "invitation_accepted" | "member_added" | "member_removed" | "ownership_received" | "join_request_received" | "join_request_approved" | "join_request_denied" | "registration" | "ownership_offered" | "ownership_withdrawn" | "ownership_accepted" | "ownership_declined" | "ownership_expired" | "domain_missing" | "domain_lapsed";
  to: string;
  locale: string | null;
  /** In which subject and text are. */
  language: string;
  subject: string;
  text: string;
  link: string;
  token: string | null;
  createdAt: string;
  deliveredAt: string | null;
}

export interface Moved {
  slug: Slug;
}

export interface OrganizationName {
  id: OrganizationId;
  name: string;
  slug: Slug;
}

/** What a command would do, under `dryRun=true`. */
export interface Trial {
  dryRun: true;
  wouldSucceed: true;
  version?: number;
  outcome: {
    status: number;
    /** The answer that the command would give, without tokens; null for whoever is not in the organization. */
    body: { [name: string]: unknown } | null;
  };
  events?: TriedEvent[];
  affectedMemberCount?: number;
  affectedMembers?: {
    userId: UserId;
    before: Member | null;
    after: Member | null;
    permissionsGained: Permission[];
    permissionsLost: Permission[];
  }[];
  affectedTeamMemberCount?: number;
  affectedTeamMembers?: { teamId: TeamId; userId: UserId; before: { roles: RoleKey[] } | null; after: { roles: RoleKey[] } | null }[];
  seats?: {
    limit: number | null;
    membersBefore: number;
    membersAfter: number;
    pendingBefore: number;
    pendingAfter: number;
  } | null;
  /** Open invitations that would become void. */
  brokenInvitations?: { id: InvitationId; roles: RoleKey[]; invitedBy: UserId | null }[];
}

/** What `GET /v1/slugs/{slug}` answers. */
export interface CheckSlugAnswer {
  /** As asked. */
  slug: string;
  available: boolean;
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
  value: unknown;
  found: boolean;
  version: number;
}

/** What `POST /v1/organizations/{org}/check` answers. */
export interface CheckAnswer {
  allowed: boolean;
  decisions: Decision[];
  version: number;
}

/** What `POST /v1/resolve` answers. */
export interface SettleAnswer extends Resolution {
  next: string | null;
}

/** What `GET /v1/me` answers. */
export interface Me {
  principal: Principal;
  memberships: Affiliation[];
  /** The list of organizations has the others. */
  hasMoreMemberships: boolean;
  invitations: ReceivedInvitation[];
  currentOrganization: CurrentAffiliation | null;
}

/** What `PUT /v1/me/current-organization` answers. */
export interface ChooseOrganizationAnswer extends Resolution {
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
  data: InvitedLine[];
  dryRun?: true;
  version: number;
}

/** What `POST /v1/invitations/decline` answers. */
export interface InvitationDeclined {
  invitationId: InvitationId;
  state: "declined";
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
  entries: number;
  chainedFrom: number | null;
  checkedTo: number;
  head: string | null;
  version: number;
  brokenAt: number | null;
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
  id: string;
  webhookId: WebhookId;
  organizationId: OrganizationId;
  type: string;
  state: "pending";
  payload: { [name: string]: unknown };
  version: number;
}

/** What `POST /v1/organizations/{org}/passes` answers. */
export interface PassAnswer extends SignedPass {
  organizationId: OrganizationId;
  slug: Slug;
  version: number;
  epoch: number;
  hasMoreTeams: boolean;
}

/** What `POST /v1/me/passport` answers. */
export interface PassportAnswer extends SignedPass {
  organizations: { organizationId: OrganizationId; slug: Slug; version: number; epoch: number }[];
  omitted: { organizationId: OrganizationId; code: GuildhallErrorCode }[];
  hasMore: boolean;
}

/** What `GET /.well-known/jwks.json` answers. */
export interface KeySet {
  keys: { kty: "OKP"; crv: "Ed25519"; x: string; kid: string; alg: "EdDSA"; use: "sig" }[];
}

/** What `GET /healthz` answers. */
export interface Health {
  status: "ok";
}

/** What `GET /readyz` answers. */
export interface Readiness {
  status: "ready";
}

/** What `DELETE /v1/users/{user}` answers. */
export interface UserErased {
  userId: UserId;
  erased: boolean;
  complete: boolean;
  organizations: OrganizationId[];
  membershipsRemoved: number;
  invitationsWithdrawn: number;
  joinRequestsClosed: number;
}

/** What `POST /dev/session` answers. */
export interface Session {
  token: string;
  principal: Principal;
}

/** What `PUT /dev/dns` answers. */
export interface PutDnsAnswer {
  name: string;
  broken: boolean;
}
