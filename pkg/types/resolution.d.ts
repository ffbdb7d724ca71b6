/**
 * A request, whoever makes it, and the organization that it is about.
 *
 * @packageDocumentation
 */

import type { GuildhallErrorCode } from "../index.js";
import type { MembershipId, OrganizationId, OrganizationState, Permission, Role, Slug, UserId } from "./values.js";

/** A request, and who makes it. */
export interface ResolutionRequest {
  /** The address of the request. A path alone, as Node's `request.url`, is at the `Host` of `headers`, or else at `localhost`. */
  url: string | URL;
  /** The headers of the request; of Node's `request.headers`, a list stands for a header sent more than once. */
  headers?: HeadersLike;
  /** Who calls: a user id, or `principal` of `GET /v1/me`. Without a caller there must be no memberships. */
  caller?: UserId | { readonly userId: UserId } | null;
  /** `memberships` of `GET /v1/me`. */
  memberships?: readonly MembershipSummary[];
  /** `roles` of `GET /v1/me`. Without them a role of an organization's own allows nothing. */
  roles?: readonly HeldRole[];
  /** What the installation is set to. */
  config?: {
    /**
     * The domain whose first label names an organization, if hosts do: `example.com`. A scheme, a port, `*.` and dots
     * around it are taken off; anything else that is no domain is refused.
     */
    baseDomain?: string;
    /** The installation's own host or origin, which names no organization: `app.example.com`, `https://app.example.com`. */
    ownHost?: string;
    /** Paths that have no organization, separated by spaces: `/assets/* /login`. */
    skipPaths?: string;
    /** What callers who are nobody in particular are shown, while it is active. */
    fallbackOrganization?: PublicOrganization | null;
    /** What people without any organization become members of, while it is active. */
    autoJoinOrganization?: PublicOrganization | null;
    /**
     * What the application declared besides the built-in permissions (`PERMISSIONS`): `["invoice:read"]`. What
     * `roles` name, if it is not given.
     */
    permissions?: readonly string[];
  };
  /** A pass that was verified before, or the id of its organization. */
  pass?: OrganizationId | { readonly organization: OrganizationId | { readonly id: OrganizationId } } | null;
  /** Which organization has proven that a host is theirs. A host that is not here names nothing. */
  domains?: { readonly [host: string]: OrganizationId };
  /** Whether the answer has an `explanation`. */
  explain?: boolean;
  /** The instant, in milliseconds since 1970 or as RFC 3339 text; the system's when nothing is said. A membership whose `until` is past is none. */
  now?: number | string | Date;
  /** The id of the organization that this user chose before. What is no id is no choice. */
  remembered?: OrganizationId | null;
}

/** An organization as anybody may know it. */
export type PublicOrganization = Omit<OrganizationSummary, "ownerId">;

/** Everything that headers come as. */
export type HeadersLike =
  | Headers
  | Iterable<readonly [string, string]>
  | { readonly [name: string]: string | readonly string[] | undefined };

/** An organization as resolution shows it. */
export interface OrganizationSummary {
  id: OrganizationId;
  slug: Slug;
  name: string;
  state: OrganizationState;
  ownerId: UserId;
  version: number;
}

/** One of the caller's memberships, as `GET /v1/me` shows it; further fields are passed over. */
export interface MembershipSummary {
  id: MembershipId;
  organization: OrganizationSummary;
  roles: readonly Role[];
  /** Suspended memberships give no power. */
  state?: MembershipState;
  /** RFC 3339; from then on the membership is over. */
  until?: string | null;
  /** What the organization asks of its members and the caller's session does not prove: it gives no power so long. */
  requirementsMissing?: readonly Requirement[];
  version?: number;
  /** Slugs that the organization had before: what names it by one of them is `redirect`. */
  formerSlugs?: readonly Slug[];
}

/**
 * A role that is held in an answer about several organizations, with what it allows. It is said once:
 * memberships name it by its key, and {@link permissionsOf} looks it up.
 */
export interface HeldRole {
  /** Whose role it is; null for a built-in or declared one, which allows the same where no own role has its key. */
  organizationId: OrganizationId | null;
  key: Role;
  /** Public names. */
  permissions: readonly Permission[];
}

/** What {@link permissionsOf} reads. */
export type PermissionsAnswer =
  /** `GET /v1/me` */
  | { readonly memberships: readonly MembershipSummary[]; readonly roles: readonly HeldRole[] }
  /** A page of `GET /v1/organizations` */
  | { readonly data: readonly MemberOf[]; readonly roles: readonly HeldRole[] }
  /** `GET /v1/resolve`, `resolveOrganization` */
  | {
      readonly outcome: string;
      readonly organization?: { readonly id: OrganizationId; readonly slug: Slug };
      readonly permissions?: readonly string[];
      readonly organizations?: readonly MemberOf[];
      readonly heldRoles?: readonly HeldRole[];
    };

/** An organization, and what the caller is in it. */
export interface MemberOf {
  id: OrganizationId;
  slug: Slug;
  roles: readonly Role[];
  /** Where it is not `active`, nothing is permitted. */
  membershipState?: MembershipState;
  /** Where something is missing, nothing is permitted. */
  requirementsMissing?: readonly Requirement[];
}

/** One of several organizations to choose from. */
export interface OrganizationChoice extends OrganizationSummary {
  roles: Role[];
  /** Only where something is missing: then nothing is permitted there. */
  requirementsMissing?: Requirement[];
}

/** What an organization may ask of whoever acts in it. */
export type Requirement = "verifiedEmail" | "mfa";

/** `suspended`: kept, without any power. */
export type MembershipState = "active" | "suspended";
/** `service`: a program with a membership. */
export type MemberKind = "human" | "service";

/** Where in a request an organization was named. */
export type ResolutionSource =
  | "path"
  | "header"
  | "query"
  | "host"
  | "pass"
  | "remembered"
  | "only"
  | "fallback"
  | "auto_join";

/** The organization of a request, or why there is none; if asked, each place that could have named one. */
export type Resolution = ResolutionOutcome & { explanation?: ResolutionFinding[] };

/** A place that could have named an organization, and what became of it. In order of precedence. */
export interface ResolutionFinding {
  source: ResolutionSource;
  /** What stood there, if it can be an organization's name. */
  named: string | null;
  /** The organization that this is, as far as the caller may know. */
  organizationId: OrganizationId | null;
  verdict: ResolutionVerdict;
  /** The verdict in words. */
  because: string;
}

/** Why a place won or lost. */
export type ResolutionVerdict =
  | "won"
  | "moved"
  | "agrees"
  | "disagrees"
  | "spoiled"
  | "unknown"
  | "unreadable"
  | "nobodys_host"
  | "overruled"
  | "not_a_member"
  | "inactive"
  | "suspended"
  | "none_active"
  | "several"
  | "signed_in"
  | "has_organization"
  | "would_join"
  | "not_signed_in"
  | "skipped";

/** What resolution comes to, by its `outcome`. */
export type ResolutionOutcome =
  | ResolvedOrganization
  | SuspendedOrganization
  /** Nobody is calling, and this is what everybody is shown; it gives no permission. */
  | ShownOrganization
  /** The caller has several active organizations; one must be chosen. */
  | { outcome: "choose"; organizations: OrganizationChoice[]; heldRoles: HeldRole[] }
  /**
   * Nothing is named, and the caller has no active organization. `skipped`: the path has none. With
   * `autoJoin` the caller would become a member of that one, when asked to (`POST /v1/resolve`); an
   * installation also says whether that is allowed, and by its code why not.
   */
  | { outcome: "none"; skipped?: true; autoJoin?: { organization: PublicOrganization; allowed?: boolean; code?: GuildhallErrorCode } }
  /** The request names different organizations. */
  | { outcome: "ambiguous" }
  /**
   * What is named is none of the memberships: it does not exist, is not the caller's, or is a former
   * slug. The API, which can look further, answers 404, 401 without a caller, or `redirect`.
   */
  | { outcome: "unknown" };

/** This one. */
export interface ResolvedOrganization {
  /** `redirect`: it was named by a slug that it no longer has. */
  outcome: "resolved" | "redirect";
  organization: OrganizationSummary;
  membership: { id: MembershipId; userId: UserId; roles: Role[] };
  roles: Role[];
  permissions: Permission[];
  /** Only where something is missing: then there are no permissions, and the API answers 403. */
  requirementsMissing?: Requirement[];
  source: ResolutionSource;
  version: number;
}

/** This one, in which the caller's membership is suspended: it gives nothing, and the API answers 403 `membership_suspended`. */
export interface SuspendedOrganization {
  outcome: "suspended";
  organization: OrganizationSummary;
  membership: { id: MembershipId; userId: UserId; roles: Role[]; state: "suspended" };
  /** None. */
  roles: Role[];
  /** None. */
  permissions: Permission[];
  source: ResolutionSource;
  version: number;
}

/** This one, for somebody who is nobody in particular. */
export interface ShownOrganization {
  outcome: "resolved";
  organization: PublicOrganization;
  membership: null;
  /** None. */
  roles: Role[];
  /** None. */
  permissions: Permission[];
  source: ResolutionSource;
  version: number;
}
