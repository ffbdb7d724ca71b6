/**
 * What the installation itself says, signs and takes in.
 *
 * @packageDocumentation
 */

import type {
  GuildhallErrorCode, OrganizationId, Slug, UserId,
} from "../index.js";
import type { Principal } from "./organizations.js";

/** A signed statement, and what it says of itself. */
export interface SignedPass {
  id: string;
  token: string;
  /** Who may believe it, as `verifyPass` takes it; the installation's own address if none was asked for. */
  audience: string;
  userId: UserId;
  issuedAt: string;
  expiresAt: string;
}

/** What an import has done. */
export interface ImportReport {
  /** `status` says what became of each. */
  organizations: { id: OrganizationId; name: string; slug: Slug | null; status: string; membersAdded: number }[];
  users: number;
  /** Who was in the file and in no organization. */
  usersWithoutMembership: string[];
  /** How many records were passed over, by their kind. */
  skipped: { [name: string]: number };
  notes: string[];
}

/** What `POST /v1/organizations/{org}/passes` answers. */
export interface PassAnswer extends SignedPass {
  organizationId: OrganizationId;
  slug: Slug;
  version: number;
  /** The version at which the membership last changed in power or state. */
  epoch: number;
  hasMoreTeams: boolean;
}

/** What `POST /v1/me/passport` answers. */
export interface PassportAnswer extends SignedPass {
  /** Those that it holds. */
  organizations: { organizationId: OrganizationId; slug: Slug; version: number; epoch: number }[];
  /** Those that it leaves out, and why. */
  omitted: { organizationId: OrganizationId; code: GuildhallErrorCode }[];
  /** Whether there are more memberships than fit. */
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
  /** What works and what the operator should know of nevertheless. What is wrong stands in the operator's log only. */
  warnings?: ReadinessWarning[];
}

/** Something of an issuer that the operator should know of. */
export interface ReadinessWarning {
  code: "audience_unchecked" | "issuer_unavailable";
  /** The issuer's name in `AUTH`. */
  issuer: string;
}

/** What `GET /readyz` answers with 503: the `problem` of the `GuildhallError` that is thrown. */
export interface Unreadiness {
  status: "unready";
  code: "unavailable";
  title: string;
  detail: string;
  checks: FailedCheck[];
}

/** What keeps an installation from working. What is wrong with a value stands in the operator's log only. */
export interface FailedCheck {
  code: "setting_missing" | "setting_invalid" | "binding_missing" | "binding_invalid" | "database_unavailable" | "migrations_missing";
  /** The name of the setting or binding. */
  setting: string;
}

/** What `DELETE /v1/users/{user}` answers. */
export interface UserErased {
  userId: UserId;
  erased: boolean;
  /** `false`: there is more to do; ask again. */
  complete: boolean;
  organizations: OrganizationId[];
  membershipsRemoved: number;
  invitationsWithdrawn: number;
  joinRequestsClosed: number;
}

/** What `POST /dev/session` answers. */
export interface Session {
  /** For `Authorization: Bearer`. */
  token: string;
  principal: Principal;
}

/** What `GET /dev/session` answers. */
export interface CurrentSession {
  /** Null for an anonymous request. */
  principal: Principal | null;
}

/** What `PUT /dev/dns` answers. */
export interface PutDnsAnswer {
  name: string;
  /** Whether this name fails to resolve. */
  broken: boolean;
}
