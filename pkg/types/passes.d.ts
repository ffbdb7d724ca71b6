import type { JsonWebKeySet, VerifyOptions } from "../index.js";

/** What every believed token says of itself. */
export interface SignedStatement {
  /** The token's own name. */
  readonly id: string;
  /** The installation. */
  readonly issuer: string;
  /** Who may believe it. */
  readonly audience: string;
  /** About whom it is. */
  readonly userId: string;
  readonly issuedAt: Date;
  /** From then on, plus `leeway`, nothing may be done. */
  readonly expiresAt: Date;
}

/**
 * One membership, as a believed token states it. Its functions are methods: `const { can } = pass` and
 * `list.filter(pass.can)` lose whose they are; `(permission) => pass.can(permission)` does not.
 */
export interface SignedMembership {
  readonly organization: { readonly id: string; readonly slug: string };
  /** The keys of the roles in force; the owner's is `owner`. */
  readonly roles: readonly string[];
  /** The organization's version when this was true. */
  readonly version: number;
  /** The version at which this membership last changed in power or state. */
  readonly epoch: number;
  /** Whether it has run out, or the membership has ended. Then `can` answers `false` to everything. */
  readonly expired: boolean;
  /** Always: whoever is no member gets no pass. */
  readonly isMember: true;
  /** Whether the role `admin` is held, or the organization owned. */
  readonly isAdmin: boolean;
  readonly isOwner: boolean;
  /**
   * Whether something may be done: one look-up. In a team, if its id is given and the token speaks of it. `false` once it
   * has {@link expired}, so that rendering goes on. Throws `unknown_permission` for what is not declared,
   * `team_not_in_pass`. The clock is read once in each run of code: until the next `await` a pass does not run out.
   */
  can(permission: string, team?: string): boolean;
  /** The same; throws `pass_expired` once it has {@link expired}. */
  canOrThrow(permission: string, team?: string): boolean;
  /** Whether all may be done, of a list or a set. Throws for any that is not declared. */
  canAll(permissions: Iterable<string> & object, team?: string): boolean;
  /** Whether any may be done. Throws for any that is not declared. */
  canAny(permissions: Iterable<string> & object, team?: string): boolean;
  /** The same with the reason. */
  explain(permission: string, team?: string): PassDecision;
  /** Everything that may be done. */
  permissions(team?: string): string[];
}

/** A decision that explains itself. */
export interface PassDecision {
  permission: string;
  allowed: boolean;
  /**
   * The rule that decided. `not_in_passport`: the passport does not list the organization. Whether somebody is a
   * suspended member there, or has not shown what it asks for, or is nobody, only the installation can say.
   * `pass_expired`: the pass has run out, or the membership has ended.
   */
  code: "granted_by_role" | "permission_denied" | "not_in_passport" | "pass_expired";
  /** The first of the organization's roles that allows it; none where only a team's does. */
  grantedBy?: string;
  /** What is missing. */
  missing?: string;
}

/** One membership, signed. */
export interface Pass extends SignedStatement, SignedMembership {
  /** `name` is the slug where the installation is one of before and does not say it. */
  readonly organization: { readonly id: string; readonly slug: string; readonly name: string };
  /** The teams that the pass speaks of. */
  readonly teams: readonly string[];
  /** Whether there are more than it holds. */
  readonly hasMoreTeams: boolean;
}

/** All memberships of one user, signed. Its functions are methods, as a membership's. */
export interface Passport extends SignedStatement {
  readonly organizations: readonly { readonly id: string; readonly slug: string }[];
  readonly memberships: readonly SignedMembership[];
  /** Whether there are more memberships than it holds. */
  readonly hasMore: boolean;
  /** Whether it has run out. Then `can` answers `false` to everything. */
  readonly expired: boolean;
  /** Whether something may be done in an organization, by its id or slug; never in one that is not listed, and nothing once it has {@link expired}. */
  can(organization: string, permission: string): boolean;
  /** The same; throws `pass_expired` once the passport, or the membership, has expired. */
  canOrThrow(organization: string, permission: string): boolean;
  explain(organization: string, permission: string): PassDecision;
  /** One membership, by id or slug; `undefined` for an organization that is not listed. */
  pass(organization: string): SignedMembership | undefined;
  /** Many checks that are asked again and again: decided once, then read. Throws as `can` does; what has expired allows nothing. */
  checks(pairs: Iterable<readonly [organization: string, permission: string]>): PassportChecks;
}

/** Many checks at once. */
export interface PassportChecks {
  readonly length: number;
  /** 1 or 0 for each, in their order, at the start of `into` if it is given and has room; 0 once the membership has ended. */
  run(into?: Uint8Array): Uint8Array;
}

/** A client of `guildhall/client`, as far as a handle asks it. */
export interface PassClient {
  organization(id?: string): { pass(input?: { audience?: string; expiresIn?: number }, options?: { signal?: AbortSignal }): PromiseLike<{ token: string }> };
  readonly installation: { keys(options?: { signal?: AbortSignal }): PromiseLike<JsonWebKeySet> };
}

/** What a handle keeps fresh, and by whom it asks. */
export interface PassHandleOptions {
  /** Whose passes: `createClient` of `guildhall/client`, with the caller's token. */
  client: PassClient;
  /** By id or slug; without it the client's own. */
  organization?: string;
  /** For whom passes are: without it for the installation itself. */
  audience?: string;
  /** Seconds that each pass holds, as the installation allows. */
  expiresIn?: number;
  /** As of {@link VerifyOptions}; without them the client asks for them. */
  jwks?: VerifyOptions["jwks"];
}

/** What a handle knows at a time. It stays the same object until something changes, as React wants it. */
export interface PassSnapshot {
  /**
   * `pending` before the first pass; `ready`; `expired` when there was no way to renew it, while that is tried again;
   * `refused` when the installation gives none, for the caller is no member any more or has to sign in; `closed`.
   */
  readonly state: "pending" | "ready" | "expired" | "refused" | "closed";
  /** The latest pass, also one that has expired; none before the first, and none that was refused. */
  readonly pass: Pass | undefined;
  /** Why it could not be renewed the last time. */
  readonly error: unknown;
  /** Whether there is a pass that has run out. */
  readonly expired: boolean;
}

/** A pass that is renewed long before its end. Its functions may be taken off it. */
export interface PassHandle {
  readonly pass: Pass | undefined;
  /** The pass as it is sent to others; none where there is none or it has expired. */
  readonly token: string | undefined;
  readonly expired: boolean;
  readonly error: unknown;
  /** The first pass. Rejects with what went wrong with the first attempt; the handle goes on trying. */
  readonly ready: Promise<Pass>;
  /** Whether something may be done. Never throws: `false` without a pass, after its end, and for what is not declared. */
  readonly can: (permission: string, team?: string) => boolean;
  readonly canAll: (permissions: Iterable<string> & object, team?: string) => boolean;
  readonly canAny: (permissions: Iterable<string> & object, team?: string) => boolean;
  /** The same, with an error where {@link can} says `false` for want of an answer. */
  readonly canOrThrow: (permission: string, team?: string) => boolean;
  /** Calls `listener` after every change; answers how to stop that. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => PassSnapshot;
  /** Asks for a new pass now, after roles were changed, say. */
  readonly refresh: () => Promise<Pass>;
  /** Ends it: nothing is asked any more, and nothing may be done. When the caller signs out. */
  readonly close: () => void;
}
