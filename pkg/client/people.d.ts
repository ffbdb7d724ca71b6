/**
 * People in organizations, and the ways in.
 *
 * @packageDocumentation
 */

import type {
  DomainName, InvitationId, JoinRequestId, LinkId, MembershipId, OrganizationId, Role as RoleKey, RoleId, Slug,
  TeamId, UserId,
} from "../index.js";
import type { OrganizationName } from "./organizations.js";

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
  /** Null for everywhere. */
  organization: { id: OrganizationId; name: string | null } | null;
  since: string;
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

/** A membership: somebody in an organization. */
export interface Member {
  id: MembershipId;
  organizationId: OrganizationId;
  userId: UserId;
  email: string | null;
  /** Whether somebody has signed in with the address, or it was merely entered. */
  emailVerified: boolean;
  name: string | null;
  roles: RoleKey[];
  /** `suspended`: kept, without any power. */
  state: "active" | "suspended";
  kind: MemberKind;
  /** What they are called there; gives no power. */
  title: string | null;
  /** When the membership ends by itself. */
  until: string | null;
  joinedAt: string;
}

/** `service`: a program with a membership. */
export type MemberKind = "human" | "service";

/** A built-in or declared one has no id and no times. */
export interface Role {
  id: RoleId | null;
  key: RoleKey;
  name: string;
  /** Permissions, or `resource:*`. */
  permissions: string[];
  /** Cannot be changed. */
  builtIn: boolean;
  /** The operator declares it for all organizations. */
  declared: boolean;
  /** Members hold the key and no role has it any more: it allows nothing. */
  unknown?: boolean;
  createdAt?: string;
  updatedAt?: string;
}

/** A team of an organization, possibly below another one. */
export interface Team {
  id: TeamId;
  organizationId: OrganizationId;
  name: string;
  /** Null for one at the top. Roles held in a team hold in those below it. */
  parentId: TeamId | null;
  createdAt: string;
  updatedAt: string;
}

/** Somebody in a team. */
export interface TeamMember extends HeldInTeam {
  organizationId: OrganizationId;
  membershipId: MembershipId;
  email: string | null;
  name: string | null;
  title: string | null;
  state: "active" | "suspended";
}

/** A membership of a team, as it is stored. */
export interface HeldInTeam {
  teamId: TeamId;
  userId: UserId;
  /** Held in this team and those below it. */
  roles: RoleKey[];
  addedAt: string;
}

/** An invitation to an address of mail. */
export interface Invitation {
  id: InvitationId;
  organizationId: OrganizationId;
  email: string;
  roles: RoleKey[];
  /** Into which it leads. */
  teams: TeamId[];
  state: InvitationState;
  invitedBy: UserId;
  message: string | null;
  /** In which it is written, where it is not the installation's. */
  locale: string | null;
  createdAt: string;
  expiresAt: string;
  /** When it was accepted, declined, revoked or ran out. */
  closedAt: string | null;
}

/** An invitation as a list shows it. */
export interface ListedInvitation extends Invitation {
  /** Accepting it would be refused now: whoever vouches for it may no longer give its roles. */
  void: boolean;
}

/** Only a `pending` invitation can be accepted. */
export type InvitationState = "pending" | "accepted" | "declined" | "revoked" | "expired";

/** A link that lets many people in. */
export interface Link {
  id: LinkId;
  organizationId: OrganizationId;
  roles: RoleKey[];
  state: LinkState;
  disabled: boolean;
  /** Null for any number. */
  maxUses: number | null;
  /** How many have come in by it. */
  uses: number;
  /** Of which a verified address is needed; none for anybody. */
  allowedDomains: DomainName[];
  invitedBy: UserId;
  createdAt: string;
  expiresAt: string;
}

/** A link as a list shows it. */
export interface ListedLink extends Link {
  /** Accepting it would be refused now: whoever vouches for it may no longer give its roles. */
  void: boolean;
}

/** Only an `active` link lets people in. */
export type LinkState = "active" | "disabled" | "expired" | "used";

/** Somebody's wish to become a member. */
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

/** Only a `pending` request can be decided. */
export type JoinRequestState = "pending" | "approved" | "denied" | "withdrawn";
