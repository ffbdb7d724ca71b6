/**
 * What is written down and sent out: events, deliveries, mails, exports.
 *
 * @packageDocumentation
 */

import type {
  DomainId, EventType, InvitationId, JsonObject, LinkId, OrganizationId, RegistrationId, Role as RoleKey, RoleId,
  Slug, TeamId, UserId, WebhookId,
} from "../index.js";
import type { Domain, Organization, PrincipalKind, Requirements } from "./organizations.js";
import type {
  HeldInTeam, Invitation, JoinRequest, Link, ListedInvitation, ListedLink, Member, Role, Team, TeamMember,
} from "./people.js";

/** A line of an organization's export; `kind` says what `data` is. The line `export` comes first, `end` last. */
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

/** An entry of the audit log. */
export interface Event {
  id: string;
  organizationId: OrganizationId;
  /** The version that it led to. */
  seq: number;
  at: string;
  /** `via`: the operator key that the request came with; the actor is the user for whom it acted, or the key. */
  actor: { id: UserId; kind: PrincipalKind; via?: { operator: string } };
  /** The command. */
  action: string;
  type: EventType;
  data: EventData;
  /** Over the entry and the one before it; null for entries from before the log was chained. */
  hash: string | null;
}

/** An event that a command would have had. */
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

/** An organization as it was when it was founded. */
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

/** An address that hears of an organization's events. */
export interface Webhook {
  id: WebhookId;
  organizationId: OrganizationId;
  url: string;
  /** Each by its type, by its family (`member.*`), or `*` for all. */
  events: string[];
  description: string | null;
  state: "active" | "disabled";
  /** `gone`: the address answered 410. */
  disabledBecause: "asked" | "failing" | "gone" | null;
  /** So long deliveries are signed with the secret before this one, too. */
  previousSecretUntil: string | null;
  createdBy: UserId;
  createdAt: string;
  updatedAt: string;
}

/** One event on its way to one webhook. */
export interface Delivery {
  /** The event's, or the test's. */
  id: string;
  webhookId: WebhookId;
  organizationId: OrganizationId;
  type: string;
  /** The event's; null for a test. */
  seq: number | null;
  state: "pending" | "delivered" | "failed";
  attempts: number;
  /** Of the last answer. */
  status: number | null;
  /** Why there was no answer. */
  fault: string | null;
  createdAt: string;
  attemptedAt: string | null;
  nextAttemptAt: string | null;
  deliveredAt: string | null;
}

/** A delivery as the development mode shows it. */
export interface OutgoingWebhook extends Delivery {
  kind: "webhook";
  /** As it was sent; null before. */
  request: { method: string; url: string; headers: { [name: string]: string }; body: string } | null;
}

/** A mail as the development mode shows it. */
export interface Mail {
  id: string;
  organizationId: OrganizationId;
  kind: "invitation" | "invitation_accepted" | "member_added" | "member_removed" | "ownership_received" | "join_request_received" | "join_request_approved" | "join_request_denied" | "registration" | "ownership_offered" | "ownership_withdrawn" | "ownership_accepted" | "ownership_declined" | "ownership_expired" | "domain_missing" | "domain_lapsed";
  to: string;
  locale: string | null;
  /** In which subject, text and HTML are. */
  language: string;
  subject: string;
  /** The plain text part. */
  text: string;
  /** The HTML part, a whole document that says the same. */
  html: string;
  /** Where the mail leads; null where it shows no link. */
  link: string | null;
  /** The one in the link. */
  token: string | null;
  /** Without what could be clicked, as are `actor` and `message`. */
  organizationName: string;
  actor: string | null;
  message: string | null;
  /** The keys of the roles that the reader gets. */
  roles: RoleKey[] | null;
  domain: string | null;
  expiresAt: string | null;
  createdAt: string;
  deliveredAt: string | null;
}
