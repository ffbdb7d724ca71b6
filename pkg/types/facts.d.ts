/**
 * What is known when a command is decided.
 *
 * @packageDocumentation
 */

import type {
  DomainId, DomainName, GrantableRole, InvitationId, JoinRequestId, JsonObject, LinkId, MembershipId, Millis,
  OrganizationId, OrganizationState, RegistrationId, Role, RoleId, Slug, TeamId, UserId, WebhookId,
} from "./values.js";
import type { MemberKind, MembershipState } from "./resolution.js";

/** What is known when a command is decided. Whatever is absent does not exist. */
export type Facts = Partial<CompleteFacts>;

/** Facts with nothing left out. */
export interface CompleteFacts {
  /** The organization. */
  organization: Organization | null;
  /** Whether the id belonged to an organization that was deleted. */
  deleted: boolean;
  /** Its members, by user. */
  members: { [user: UserId]: Membership };
  /** Invitations to it, by id. */
  invitations: { [id: InvitationId]: Invitation };
  /** Those of the addresses to be invited that members have. */
  joined: string[];
  /** Those of the addresses to be invited that the organization must not invite. */
  suppressed: string[];
  /** What was sent on the last day (of UTC, counted from 1970): `organization:…`, `inviter:…`, `recipient:…`. */
  sent: { [subject: string]: { day: number; used: number } };
  /** Links for many to it, by id. */
  links: { [id: LinkId]: InvitationLink };
  /** Requests to it, by id. */
  joinRequests: { [id: JoinRequestId]: JoinRequest };
  /** How many requests of the one who asks wait, over all organizations. */
  pendingRequests: number;
  /** Its registration; for a new one, those of the same address that wait. */
  registrations: { [id: RegistrationId]: Registration };
  /** How many registrations the installation took within the last hour. */
  recentRegistrations: number;
  /** How many hold the role that the command ends in a team, counted for each team. */
  holdersInTeams?: number;
  /** Its teams, by id. */
  teams?: { [id: TeamId]: Team };
  /** The teams of the users that the command asks for. */
  teamMembers?: { [user: UserId]: { [team: TeamId]: TeamMember } };
  /** The roles that anybody holds in each team, when one is moved. */
  teamRoles?: { [team: TeamId]: GrantableRole[] };
  /** Who holds which slug; only those that the command asks for matter. */
  slugs: { [slug: Slug]: OrganizationId };
  /** Who has left or was removed before, of those that the command asks for. */
  departed?: UserId[];
  /** Domains that it claims, by id; left out when there are none. */
  domains?: { [id: DomainId]: Domain };
  /** Whose the verified ones of the domains are that the command asks for; left out when there are none. */
  domainHolders?: { [name: DomainName]: OrganizationId };
  /** All its webhooks, by id, when the command is about one. */
  webhooks?: { [id: WebhookId]: Webhook };
  /** What the user owns whom the command makes an owner; nothing when it is not said. */
  owned?: { count?: number; personal?: { id: OrganizationId; slug: Slug; name: string } | null };
  /** The hash of the newest entry of the audit log, if there is one: 64 lower-case hexadecimal digits. */
  head?: string | null;
}

/** An organization as a fact. */
export interface Organization {
  id: OrganizationId;
  slug: Slug;
  name: string;
  state: OrganizationState;
  /** The one owner, always a member. */
  owner: UserId;
  /** Grows by exactly 1 with every committed command. */
  version: number;
  metadata: JsonObject;
  settings: JsonObject;
  logoUrl?: string | null;
  /** How many members and pending invitations it may have; null is no limit. */
  seatLimit?: number | null;
  memberCount: number;
  /** How many invitations are pending; an expired one counts until it is swept. */
  pendingCount: number;
  /** Whether people outside may ask to be let in. */
  joinRequests?: "open" | "off";
  /** Whether pending invitations hold no seat. */
  pendingFree?: boolean;
  /** Whether it is its owner's alone. */
  personal?: boolean;
  /** What it asks of whoever acts in it. */
  requirements?: Requirements;
  /** Whom the owner asked to take over. */
  nomination?: Nomination | null;
  /** Since when and until when it is deleted. */
  deletion?: Deletion | null;
  createdAt: Millis;
  updatedAt: Millis;
}

/** What an organization asks of whoever acts in it. */
export interface Requirements {
  verifiedEmail?: boolean;
  mfa?: boolean;
}

/** A member whom the owner asked to take over. */
export interface Nomination {
  to: UserId;
  by: UserId;
  createdAt: Millis;
  expiresAt: Millis;
}

/** A deletion that can be taken back until `purgeAt`. */
export interface Deletion {
  by: UserId;
  at: Millis;
  purgeAt: Millis;
}

/** A membership as a fact. Who owns the organization is said there, never among these roles. */
export interface Membership {
  id: MembershipId;
  organization: OrganizationId;
  user: UserId;
  email?: string | null;
  /** Whether the address is proven; one that somebody else entered has no effect. */
  emailVerified?: boolean;
  name?: string | null;
  roles: GrantableRole[];
  state?: MembershipState;
  kind?: MemberKind;
  title?: string | null;
  until?: Millis | null;
  joinedAt: Millis;
}

/** A role of an organization's own, as a fact. */
export interface CustomRole {
  id: RoleId;
  organization: OrganizationId;
  /** What members hold; never changes. */
  key: Role;
  name: string;
  /** Public names, or `resource:*`. */
  permissions: string[];
  createdAt: Millis;
  updatedAt: Millis;
}

/** A team, as a fact. */
export interface Team {
  id: TeamId;
  organization: OrganizationId;
  name: string;
  /** The team that it is a part of; null is the organization itself. */
  parent: TeamId | null;
  createdAt: Millis;
  updatedAt: Millis;
}

/** A member of the organization in one of its teams, as a fact. */
export interface TeamMember {
  organization: OrganizationId;
  team: TeamId;
  user: UserId;
  /** Held in the team and in every team below it. */
  roles: GrantableRole[];
  addedAt: Millis;
}

/** An invitation as a fact. */
export interface Invitation {
  id: InvitationId;
  organization: OrganizationId;
  email: string;
  roles: GrantableRole[];
  /** Those of the roles that the operator declared when it was made. */
  declaredRoles?: GrantableRole[];
  /** Into which teams besides, as far as they are there when it is accepted. */
  teams?: TeamId[];
  /** Who vouches for it: when they lose the power to grant the roles, it is void. */
  invitedBy: UserId;
  state: "pending" | "accepted" | "declined" | "revoked" | "expired";
  /** SHA-256 of the present token in lower-case hexadecimal. */
  digest: string;
  /** How many tokens it has had. */
  generation: number;
  message?: string | null;
  locale?: string | null;
  createdAt: Millis;
  expiresAt: Millis;
  answeredBy?: UserId | null;
  closedAt?: Millis | null;
}

/** What a verified domain lets people do whose verified address is in it. */
export type DomainPolicy = "off" | "request" | "invite" | "join";

/** A claim of a domain as a fact. */
export interface Domain {
  id: DomainId;
  organization: OrganizationId;
  name: DomainName;
  state: "pending" | "verified" | "lapsed";
  policy: DomainPolicy;
  /** What must stand in the record that proves the claim: 32 lower-case letters and digits. */
  challenge: string;
  verifiedAt?: Millis | null;
  checkedAt?: Millis | null;
  /** Since when a verified one's proof has been missing. */
  missingSince?: Millis | null;
  /** When a verified one's proof is looked for again. */
  recheckAt?: Millis | null;
  createdBy: UserId;
  createdAt: Millis;
}

/** A webhook as a fact. */
export interface Webhook {
  id: WebhookId;
  organization: OrganizationId;
  url: string;
  /** Names of events, `member.*` for a family of them, `*` for all. */
  events: string[];
  description?: string | null;
  state: "active" | "disabled";
  disabledBecause?: "asked" | "failing" | "gone" | null;
  /** Of which the installation makes the secret: 43 characters of base64url. */
  seed: string;
  /** The seed before it, while deliveries are signed with both. */
  retired?: { seed: string; until: Millis } | null;
  createdBy: UserId;
  createdAt: Millis;
  updatedAt: Millis;
}

/** A link for many as a fact. */
export interface InvitationLink {
  id: LinkId;
  organization: OrganizationId;
  roles: GrantableRole[];
  /** Those of the roles that the operator declared when it was made. */
  declaredRoles?: GrantableRole[];
  /** Who vouches for it: when they lose the power to grant the roles, it is void. */
  invitedBy: UserId;
  /** SHA-256 of the present token in lower-case hexadecimal. */
  digest: string;
  /** How many tokens it has had. */
  generation: number;
  /** For how many people; null is any number. */
  maxUses?: number | null;
  uses: number;
  /** Domains of which one needs a verified address; none is no condition. */
  allowedDomains: string[];
  disabled: boolean;
  createdAt: Millis;
  expiresAt: Millis;
}

/** A join request as a fact. */
export interface JoinRequest {
  id: JoinRequestId;
  organization: OrganizationId;
  user: UserId;
  email?: string | null;
  name?: string | null;
  message?: string | null;
  state: "pending" | "approved" | "denied" | "withdrawn";
  createdAt: Millis;
  decidedBy?: UserId | null;
  closedAt?: Millis | null;
}

/** A registration as a fact. */
export interface Registration {
  id: RegistrationId;
  organization: OrganizationId;
  email: string;
  /** The slugs that the organization shall have, best first; none is taken before it is activated. */
  slugs: Slug[];
  digest: string;
  createdAt: Millis;
  expiresAt: Millis;
  activatedBy?: UserId | null;
}
