/**
 * Guildhall's rules, offline: organizations, members and invitations.
 *
 * Every function gives the answer that a Guildhall installation gives, because it is the same code.
 * None of them touches storage, and only those about passes read a clock, or fetch: public keys, where
 * `jwks` is an address. In a browser, `await ready` first; in Node and in Workers everything works at once.
 *
 * @packageDocumentation
 */

import type { Fetching } from "./types/fetching.js";
import type { EmailAddress, JsonObject, Slug } from "./types/values.js";
import type { DeclaredRoles, OrganizationId, Permission } from "./types/values.js";
import type { Pass, PassHandle, PassHandleOptions, Passport } from "./types/passes.js";
import type { PermissionsAnswer, Resolution, ResolutionRequest } from "./types/resolution.js";
import type { CompleteFacts, Facts } from "./types/facts.js";
import type { Command } from "./types/commands.js";
import type { Decision, OrganizationEvent } from "./types/decisions.js";

export type * from "./types/audit.js";
export type * from "./types/commands.js";
export type * from "./types/decisions.js";
export type * from "./types/facts.js";
export type * from "./types/fetching.js";
export type * from "./types/passes.js";
export type * from "./types/resolution.js";
export type * from "./types/values.js";

/**
 * Resolves when the functions can be called. Already resolved in Node and in Workers.
 * Rejects with a {@link GuildhallError} of code `not_ready` when the WebAssembly cannot be loaded.
 */
export const ready: Promise<void>;

/** How a pass is to be believed. What is no option, or of another kind, is refused: `unknown_field`, `invalid_value`. */
export interface VerifyOptions {
  /**
   * The installation's public keys: what `/.well-known/jwks.json` answers, or its https address (plain http on this
   * machine only), from which they are fetched, kept for five minutes, and fetched again for a key that is not known.
   * In a page an address may be relative to the page's: `/.well-known/jwks.json`.
   */
  jwks: JsonWebKeySet | string | URL;
  /** Who is reading: the `audience` that the pass was asked for. Without it the token must be for the installation itself. */
  audience?: string;
  /** Which installation must have said it. Without it whoever has the keys. */
  issuer?: string;
  /** The present: milliseconds or a `Date`; the runtime's clock if it is not given. */
  now?: number | Date;
  /** Seconds by which clocks may differ: 0 if it is not given, 60 at most. */
  leeway?: number;
  /** No older version of the organization will do. Passes only. */
  minVersion?: number;
  /** No older state of the membership will do. Passes only. */
  minEpoch?: number;
  /**
   * How an address is fetched; the global `fetch` if it is not given. Keys are kept for each function (or service
   * binding) and address: give the same one every time, not one made for each call, which would fetch them each time.
   */
  fetch?: Fetching;
  /** Ends the fetching. */
  signal?: AbortSignal;
}

/** Public keys (RFC 7517). A set with a private key in it is refused. */
export interface JsonWebKeySet {
  keys: readonly object[];
}

/**
 * Believes a pass: the signature by one of the keys, then issuer and audience, time, and freshness.
 * Rejects with a {@link GuildhallError}: `pass_invalid`, `pass_unknown_key`, `pass_wrong_issuer`, `pass_wrong_audience`,
 * `pass_not_yet_valid`, `pass_expired`, `pass_stale`; `unavailable` when the keys cannot be fetched.
 */
export function verifyPass(token: string, options: VerifyOptions): Promise<Pass>;

/** Believes a passport, in the same way. */
export function verifyPassport(token: string, options: Omit<VerifyOptions, "minVersion" | "minEpoch">): Promise<Passport>;

/**
 * Keeps a pass of one organization fresh for as long as a page is open: renewed some way before its end, by one tab for
 * all of the same origin and user where the browser lets them talk; again when a device wakes up or comes back online;
 * whatever the device's clock says. Asks at once. For React: `useSyncExternalStore(handle.subscribe, handle.getSnapshot)`.
 *
 * @throws GuildhallError `unknown_field`, `invalid_value`
 */
export function createPassHandle(options: PassHandleOptions): PassHandle;

/**
 * Makes {@link decide} and {@link evolve} callable. Already done in Node and in Workers, where their file is
 * opened with the first call; in a browser it is fetched, once, so that pages that only check never pay for it.
 * Rejects with a {@link GuildhallError} of code `not_ready` when it cannot be loaded.
 */
export function planning(): Promise<void>;

/**
 * Checks a slug: 2 to 63 of `a-z`, `0-9` and `-`, neither starting nor ending with a dash, not reserved.
 *
 * @returns the slug, unchanged
 * @throws GuildhallError `slug_invalid`, `slug_reserved`
 */
export function parseSlug(text: string): Slug;

/**
 * Suggests a slug for a name: `"Föö Fíghterß"` gives `"foo-fighterss"`. Never fails on a text: a name
 * without a letter that can be written in ASCII gives `"organization"`. Whether it is free, only an
 * installation can say.
 */
export function suggestSlug(name: string): Slug;

/**
 * Reads an address of mail: as it was written, and in the canonical form that comparisons use. A domain may be in any
 * script; the runtime's own `URL` maps it. What stands before the `@` is ASCII.
 *
 * @throws GuildhallError `email_invalid`
 */
export function parseEmail(text: string): EmailAddress;

/**
 * Finds the organization that a request is about, by the rule of `GET /v1/resolve`: what the request
 * names outright decides (path `/o/{slug}` or `/v1/organizations/{org}`, header
 * `Guildhall-Organization`, query `?org=`, host `{slug}.baseDomain` or one of `domains`, a pass) and
 * all of it must agree; then the remembered choice; then the only active membership; else a choice.
 * Without a caller it is the fallback, if there is one.
 * The installation's own host (`config.ownHost`) names none. Capitals of a slug do not count, nor do capitals, a port
 * and a dot at the end of a host. A named organization in which the caller's membership is suspended is `suspended`.
 *
 * Not an admission by itself: memberships are as fresh as you got them.
 *
 * @throws GuildhallError `invalid_value`, `missing_field`, `unknown_field` when the input cannot be read
 */
export function resolveOrganization(request: ResolutionRequest): Resolution;

/**
 * What the caller may do in one of the organizations that an answer is about: `GET /v1/me`, a page of
 * `GET /v1/organizations`, a resolution. These say once what each role allows; this looks it up.
 *
 * Nothing where the answer does not list the organization, or the membership is suspended or over (`now`), or
 * the session lacks what the organization asks. What may be done in a team only, a pass or `check` says, and
 * what a platform admin may do who is no member, a resolution of that organization.
 *
 * @param organization its id or slug, or something with an `id`
 * @param now milliseconds or a `Date`; the runtime's clock if it is not given
 * @throws GuildhallError `invalid_value` for what is no such answer
 */
export function permissionsOf(
  answer: PermissionsAnswer,
  organization: OrganizationId | Slug | { readonly id: OrganizationId },
  now?: number | Date,
): Permission[];

/**
 * The value of a setting; `fallback`, whatever it is, when there is no such key, or no settings at all. A stored null is null.
 */
export function setting(settings: JsonObject | null | undefined, key: string, fallback?: unknown): unknown;

/**
 * Decides a command on facts, exactly as an installation would.
 *
 * @param facts what is known; whatever is absent does not exist
 * @param command who wants what
 * @param now the instant: milliseconds since 1970, or RFC 3339 text
 * @param permissions what the application declared besides the built-in permissions: `["invoice:read"]`
 * @param roles what the operator declared for all organizations, in the form of the setting `ROLES`
 * @returns what happens, who must hear of it, and what it came to; no events means that nothing had to be done
 * @throws GuildhallError the refusal, with the code that the API would answer
 */
export function decide(facts: Facts, command: Command, now: number | string | Date, permissions?: readonly string[], roles?: DeclaredRoles): Decision;

/**
 * Says what an event means: the facts after it. The given facts stay as they are.
 *
 * The version does not move: it grows by one with each committed command, not with each event.
 */
export function evolve(facts: Facts, event: OrganizationEvent): CompleteFacts;

/** A refusal. */
export class GuildhallError extends Error {
  readonly name: "GuildhallError";
  /** What kind of refusal; the same codes as in the API's problem documents. */
  readonly code: GuildhallErrorCode;
  /** A wording that is the same for every refusal of this code; `message` tells about this one. */
  readonly title: string;
  /** The field or argument at fault, when there is one. */
  readonly param?: string;
  /** The HTTP status that an installation answered with; of `guildhall/client` only, as all that follow. */
  readonly status?: number;
  /** The request's id, the same in the installation's logs. */
  readonly requestId?: string;
  /** After how many seconds it may be asked again, when that was said. */
  readonly retryAfter?: number;
  /** The whole problem document. */
  readonly problem?: { readonly [field: string]: unknown };
}

/** What a refusal can be. The first nine come from the package itself, all others from the rules. */
export type GuildhallErrorCode =
  | "not_ready"
  | "unavailable"
  | "snapshot_invalid"
  | "snapshot_too_new"
  | "storage_missing"
  | "storage_full"
  | "directory_closed"
  | "token_unavailable"
  | "pass_handle_closed"
  | "malformed_json"
  | "malformed_request"
  | "unauthenticated"
  | "credentials_conflict"
  | "signature_replayed"
  | "origin_mismatch"
  | "permission_denied"
  | "cannot_grant"
  | "auto_join_refused"
  | "membership_suspended"
  | "outranked"
  | "invitation_not_for_you"
  | "email_not_verified"
  | "pass_invalid"
  | "pass_unknown_key"
  | "pass_wrong_issuer"
  | "pass_wrong_audience"
  | "pass_not_yet_valid"
  | "pass_expired"
  | "pass_not_yours"
  | "pass_stale"
  | "pass_too_large"
  | "registration_invalid"
  | "mfa_required"
  | "not_found"
  | "nomination_not_found"
  | "invitation_invalid"
  | "method_not_allowed"
  | "slug_taken"
  | "already_member"
  | "recipient_suppressed"
  | "duplicate_recipient"
  | "owner_required"
  | "organization_mismatch"
  | "organization_inactive"
  | "organization_ambiguous"
  | "organization_required"
  | "owner_unfit"
  | "role_key_taken"
  | "role_in_use"
  | "role_built_in"
  | "role_declared"
  | "role_limit_reached"
  | "team_cycle"
  | "team_depth_reached"
  | "team_limit_reached"
  | "team_has_subteams"
  | "seat_limit_reached"
  | "domain_taken"
  | "domain_limit_reached"
  | "domain_not_proven"
  | "webhook_limit_reached"
  | "webhook_disabled"
  | "link_limit_reached"
  | "join_request_pending"
  | "seat_limit_below_use"
  | "organization_limit_reached"
  | "organization_personal"
  | "personal_organization_exists"
  | "user_owns_organizations"
  | "invitation_expired"
  | "invitation_revoked"
  | "invitation_used"
  | "nomination_expired"
  | "nomination_required"
  | "link_disabled"
  | "join_request_closed"
  | "registration_expired"
  | "registration_used"
  | "version_mismatch"
  | "version_not_reached"
  | "body_too_large"
  | "unsupported_media_type"
  | "unknown_field"
  | "missing_field"
  | "invalid_value"
  | "name_invalid"
  | "slug_invalid"
  | "slug_reserved"
  | "email_invalid"
  | "domain_invalid"
  | "domain_public"
  | "webhook_url_invalid"
  | "unknown_event"
  | "user_id_invalid"
  | "metadata_invalid"
  | "unknown_role"
  | "role_not_grantable"
  | "unknown_permission"
  | "team_not_in_pass"
  | "cursor_invalid"
  | "next_invalid"
  | "idempotency_key_invalid"
  | "idempotency_key_reused"
  | "challenge_required"
  | "challenge_failed"
  | "invitation_quota_reached"
  | "organization_busy"
  | "issuer_unavailable"
  | "challenge_unavailable"
  | "dns_unavailable"
  | "origin_unavailable"
  | "origin_timeout"
  | "import_invalid"
  | "rate_limited"
  | "join_request_quota_reached"
  | "join_request_cooldown"
  | "registration_quota_reached";
