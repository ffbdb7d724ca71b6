/**
 * Guildhall's rules, offline: organizations, members and invitations.
 *
 * Every function gives the answer that a Guildhall installation gives, because it is the same code.
 * None of them touches storage, and only those about passes read a clock, or fetch: public keys, where
 * `jwks` is an address. In a browser, `await ready` first; in Node and in Workers everything works at once.
 *
 * @packageDocumentation
 */

/**
 * Resolves when the functions can be called. Already resolved in Node and in Workers.
 * Rejects with a {@link GuildhallError} of code `not_ready` when the WebAssembly cannot be loaded.
 */
export const ready: Promise<void>;

/** How a pass is to be believed. */
export interface VerifyOptions {
  /**
   * The installation's public keys: what `/.well-known/jwks.json` answers, or its https address (plain http on this
   * machine only), from which they are fetched, kept for five minutes, and fetched again for a key that is not known.
   */
  jwks: JsonWebKeySet | string | URL;
  /** Who is reading. Without it the token must be for the installation itself. */
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
   * How an address is fetched; the global `fetch` if it is not given. Keys are kept for each function and address:
   * give the same function every time, not one made for each call, which would fetch them each time.
   */
  fetch?: typeof globalThis.fetch;
  /** Ends the fetching. */
  signal?: AbortSignal;
}

/** Public keys (RFC 7517). A set with a private key in it is refused. */
export interface JsonWebKeySet {
  keys: readonly object[];
}

/**
 * Believes a pass: the signature by one of the keys, then audience, time and freshness, as docs/passes.md lists them.
 * Rejects with a {@link GuildhallError}: `pass_invalid`, `pass_unknown_key`, `pass_wrong_issuer`, `pass_wrong_audience`,
 * `pass_not_yet_valid`, `pass_expired`, `pass_stale`; `unavailable` when the keys cannot be fetched.
 */
export function verifyPass(token: string, options: VerifyOptions): Promise<Pass>;

/** Believes a passport, in the same way. */
export function verifyPassport(token: string, options: Omit<VerifyOptions, "minVersion" | "minEpoch">): Promise<Passport>;

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
  /** From then on every question is refused with `pass_expired`. */
  readonly expiresAt: Date;
}

/** One membership, as a believed token states it. */
export interface SignedMembership {
  readonly organization: { readonly id: string; readonly slug: string };
  /** The keys of the roles in force; the owner's is `owner`. */
  readonly roles: readonly string[];
  /** The organization's version when this was true. */
  readonly version: number;
  /** The version at which this membership last changed in power or state. */
  readonly epoch: number;
  /** Always: whoever is no member gets no pass. */
  readonly isMember: true;
  /** Whether the role `admin` is held, or the organization owned. */
  readonly isAdmin: boolean;
  readonly isOwner: boolean;
  /**
   * Whether something may be done: one look-up. In a team, if its id is given and the token speaks of it.
   * Throws `unknown_permission` for what is not declared, `pass_expired`, `team_not_in_pass`.
   */
  can(permission: string, team?: string): boolean;
  /** Whether all may be done. Throws for any that is not declared. */
  canAll(permissions: readonly string[], team?: string): boolean;
  /** Whether any may be done. Throws for any that is not declared. */
  canAny(permissions: readonly string[], team?: string): boolean;
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
   */
  code: "granted_by_role" | "permission_denied" | "not_in_passport";
  /** The first of the organization's roles that allows it; none where only a team's does. */
  grantedBy?: string;
  /** What is missing. */
  missing?: string;
}

/** One membership, signed. */
export interface Pass extends SignedStatement, SignedMembership {
  /** The teams that the pass speaks of. */
  readonly teams: readonly string[];
  /** Whether there are more than it holds. */
  readonly hasMoreTeams: boolean;
}

/** All memberships of one user, signed. */
export interface Passport extends SignedStatement {
  readonly organizations: readonly { readonly id: string; readonly slug: string }[];
  readonly memberships: readonly SignedMembership[];
  /** Whether there are more memberships than it holds. */
  readonly hasMore: boolean;
  /** Whether something may be done in an organization, by its id or slug; never in one that is not listed. */
  can(organization: string, permission: string): boolean;
  explain(organization: string, permission: string): PassDecision;
  /** One membership, by id or slug; `undefined` for an organization that is not listed. */
  pass(organization: string): SignedMembership | undefined;
  /** Many checks that are asked again and again: decided once, then read. Throws as `can` does. */
  checks(pairs: Iterable<readonly [organization: string, permission: string]>): PassportChecks;
}

/** Many checks at once. */
export interface PassportChecks {
  readonly length: number;
  /** 1 or 0 for each, in their order. Throws `pass_expired` as soon as one of the memberships has ended. */
  run(into?: Uint8Array): Uint8Array;
}

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
 * Reads an address of mail: as it was written, and in the canonical form that comparisons use.
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
 *
 * Not an admission by itself: memberships are as fresh as you got them.
 *
 * @throws GuildhallError `invalid_value`, `missing_field`, `unknown_field` when the input cannot be read
 */
export function resolveOrganization(request: ResolutionRequest): Resolution;

/**
 * The value of a setting; `fallback` when there is no such key, or no settings at all. A stored null is null.
 */
export function setting(settings: JsonObject | null | undefined, key: string, fallback?: unknown): unknown;

/**
 * Decides a command on facts, exactly as an installation would.
 *
 * @param facts what is known; whatever is absent does not exist
 * @param command who wants what
 * @param now the instant: milliseconds since 1970, or RFC 3339 text
 * @param permissions what the application declared besides the built-in permissions: `["invoice:read"]`
 * @returns what happens, who must hear of it, and what it came to; no events means that nothing had to be done
 * @throws GuildhallError the refusal, with the code that the API would answer
 */
export function decide(facts: Facts, command: Command, now: number | string | Date, permissions?: readonly string[]): Decision;

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

/** What a refusal can be. The first seven come from the package itself, all others from the rules. */
export type GuildhallErrorCode =
  | "not_ready"
  | "unavailable"
  | "snapshot_invalid"
  | "snapshot_too_new"
  | "storage_missing"
  | "storage_full"
  | "directory_closed"
  | "malformed_json"
  | "malformed_request"
  | "unauthenticated"
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
  | "invitation_quota_reached"
  | "dns_unavailable"
  | "origin_unavailable"
  | "origin_timeout"
  | "import_invalid"
  | "join_request_quota_reached"
  | "join_request_cooldown"
  | "registration_quota_reached";

// ---------------------------------------------------------------------------------------- values

/** `org_` and 32 hexadecimal digits of a UUIDv7. */
export type OrganizationId = string;
/** `mem_` and 32 hexadecimal digits of a UUIDv7. */
export type MembershipId = string;
/** `inv_` and 32 hexadecimal digits of a UUIDv7. */
export type InvitationId = string;
/** `role_` and 32 hexadecimal digits of a UUIDv7. */
export type RoleId = string;
/** `dom_` and 32 hexadecimal digits of a UUIDv7. */
export type DomainId = string;
/** A DNS name of two or more labels: lower case, ASCII, without a dot at the end. */
export type DomainName = string;
/** `lnk_` and 32 hexadecimal digits of a UUIDv7. */
export type LinkId = string;
/** `req_` and 32 hexadecimal digits of a UUIDv7. */
export type JoinRequestId = string;
/** `reg_` and 32 hexadecimal digits of a UUIDv7. */
export type RegistrationId = string;
/** `whk_` and 32 hexadecimal digits of a UUIDv7. */
export type WebhookId = string;
/** `team_` and 32 hexadecimal digits of a UUIDv7. */
export type TeamId = string;
/** The id that the identity provider gave: 1 to 128 characters, none of them a control character, not `me`. */
export type UserId = string;
/** A DNS label: see {@link parseSlug}. */
export type Slug = string;
/** Milliseconds since 1970-01-01T00:00:00Z, whole. The HTTP API shows RFC 3339 text instead. */
export type Millis = number;
/** A JSON object that Guildhall keeps and does not interpret. */
export type JsonObject = { [key: string]: unknown };

/** A change of something that may be absent. */
export type Change<T> = { set: T } | "clear";

/** An address of mail in both of its forms. */
export interface EmailAddress {
  /** As it was written; mail goes there. */
  address: string;
  /** What comparisons use. */
  canonical: string;
}

/** From the most to the least power; `owner` is exactly one member of each organization. */
export type BuiltInRole =
  | "owner"
  | "admin"
  | "member";

/** A role by its key: a built-in one, or one of the organization's own. */
export type Role = BuiltInRole | (string & {});

/** A role that can be given, which `owner` cannot: ownership moves by transfer only. */
export type GrantableRole = Exclude<BuiltInRole, "owner"> | (string & {});

/** What a role can allow. */
export type Permission =
  | "organization:read"
  | "organization:update"
  | "organization:deactivate"
  | "organization:delete"
  | "organization:transfer"
  | "member:read"
  | "member:add"
  | "member:update"
  | "member:remove"
  | "invitation:read"
  | "invitation:create"
  | "invitation:revoke"
  | "role:read"
  | "role:create"
  | "role:update"
  | "role:delete"
  | "team:read"
  | "team:create"
  | "team:update"
  | "team:delete"
  | "domain:read"
  | "domain:create"
  | "domain:update"
  | "domain:delete"
  | "webhook:read"
  | "webhook:create"
  | "webhook:update"
  | "webhook:delete"
  | "audit:read"
  | "api_key:read"
  | "api_key:create"
  | "api_key:delete";

/** Suspended organizations are readable by their members and closed to writes. */
export type OrganizationState = "active" | "inactive";

// ------------------------------------------------------------------------------------ resolution

/** A request, and who makes it. */
export interface ResolutionRequest {
  /** The address of the request. A path alone is read as one of `http://localhost`. */
  url: string | URL;
  /** The headers of the request; of Node's `request.headers`, a list stands for a header sent more than once. */
  headers?: HeadersLike;
  /** Who calls: a user id, or `principal` of `GET /v1/me`. Without a caller there must be no memberships. */
  caller?: UserId | { readonly userId: UserId } | null;
  /** `memberships` of `GET /v1/me`. */
  memberships?: readonly MembershipSummary[];
  /** What the installation is set to. */
  config?: {
    /** The domain whose first label names an organization, if hosts do. */
    baseDomain?: string;
    /** Paths that have no organization, separated by spaces: `/assets/* /login`. */
    skipPaths?: string;
    /** What callers who are nobody in particular are shown, while it is active. */
    fallbackOrganization?: PublicOrganization | null;
    /** What people without any organization become members of, while it is active. */
    autoJoinOrganization?: PublicOrganization | null;
    /** What the application declared besides the built-in permissions (`PERMISSIONS`): `["invoice:read"]`. */
    permissions?: readonly string[];
  };
  /** A pass that was verified before, or the id of its organization. */
  pass?: OrganizationId | { readonly organization: OrganizationId } | null;
  /** Which organization has proven that a host is theirs. A host that is not here names nothing. */
  domains?: { readonly [host: string]: OrganizationId };
  /** Whether the answer has an `explanation`. */
  explain?: boolean;
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
  /** What those of the roles allow that are the organization's own. */
  customRoles?: readonly RoleGrant[];
  permissions?: readonly string[];
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

/** A role of an organization's own, as far as it matters for what somebody may do. */
export interface RoleGrant {
  key: Role;
  /** Public names, or `resource:*`. */
  permissions: readonly string[];
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
  /** Nobody is calling, and this is what everybody is shown; it gives no permission. */
  | ShownOrganization
  /** The caller has several active organizations; one must be chosen. */
  | { outcome: "choose"; organizations: OrganizationSummary[] }
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

/** This one, for somebody who is nobody in particular. */
export interface ShownOrganization {
  outcome: "resolved";
  organization: PublicOrganization;
  membership: null;
  roles: [];
  permissions: [];
  source: ResolutionSource;
  version: number;
}

// ----------------------------------------------------------------------------------------- facts

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

// -------------------------------------------------------------------------------------- commands

/** Who wants what, of which organization. */
export interface Command {
  actor: Principal;
  target: Target;
  /** Organizations that the request names elsewhere, by id or slug; they must be the same one. */
  hints?: (OrganizationId | Slug)[];
  /** Hosts that the request was sent to; whoever has verified one must be the same organization. */
  hosts?: string[];
  /** The version that the caller believes to be the present one, if it matters to them. */
  ifMatch?: number | null;
  action: Action;
}

/** Who is calling. */
export interface Principal {
  userId: UserId;
  email?: string | null;
  /** Whether there is proof that the address is theirs. Without it, it proves nothing. */
  emailVerified?: boolean;
  /** Whether the session was opened with a second factor. */
  mfa?: boolean;
  name?: string | null;
  /** `system` is the installation itself, whose clock closes what is past its time. */
  kind?: "user" | "service" | "platform_admin" | "system";
}

/** What a command is about. */
export type Target =
  /** An organization that does not exist yet, by the id it shall have. */
  | { new: OrganizationId }
  /** An existing one, by id or by slug. */
  | { organization: OrganizationId | Slug }
  /** The organization that an invitation leads to. */
  | { invitation: { id: InvitationId } | { digest: string } }
  /** The organization that the link for many with this digest leads to. */
  | { link: string }
  /** The organization that the registration with this digest founded. */
  | { registration: string };

/** What a command does. Ids and digests of what would be new are given, never made here. */
export type Action =
  | {
      type: "organization.create";
      /** The id of the founder's membership. */
      membership: MembershipId;
      name: string;
      slug: { exact: Slug } | { firstFree: Slug[] };
      metadata: JsonObject;
      settings: JsonObject;
      logoUrl?: string | null;
      seatLimit?: number | null;
      /** Whether it is the founder's alone. */
      personal?: boolean;
    }
  | {
      /** Changes what is given and nothing else. */
      type: "organization.update";
      name?: string | null;
      slug?: Slug | null;
      /** A merge patch (RFC 7386): null removes a key. */
      metadata?: JsonObject | null;
      /** A merge patch (RFC 7386): null removes a key. */
      settings?: JsonObject | null;
      logoUrl?: Change<string> | null;
      joinRequests?: "open" | "off" | null;
      /** Platform admins only. */
      seatLimit?: Change<number> | null;
      countPending?: boolean | null;
      requireVerifiedEmail?: boolean | null;
      requireMfa?: boolean | null;
    }
  | { type: "organization.deactivate" }
  | { type: "organization.activate" }
  | { type: "organization.delete" }
  | { type: "organization.restore" }
  /** Leaves nothing of a deleted organization; `early` is before its time, for platform admins. */
  | { type: "organization.purge"; early: boolean }
  | { type: "organization.nominate_owner"; to: UserId; expiresAt: Millis }
  | { type: "organization.accept_ownership" }
  | { type: "organization.decline_ownership" }
  | { type: "organization.withdraw_nomination" }
  | { type: "organization.transfer"; to: UserId }
  | {
      type: "member.add";
      membership: MembershipId;
      user: UserId;
      email?: string | null;
      name?: string | null;
      roles: GrantableRole[];
      kind?: MemberKind;
      title?: string | null;
      until?: Millis | null;
      /** Whether an existing member is success (and stays as is) instead of `already_member`. */
      ifAbsent: boolean;
    }
  | { type: "member.remove"; user: UserId }
  /** Takes in somebody who is in no organization, as a plain member; the installation itself asks. */
  | { type: "member.auto_join"; membership: MembershipId; user: Principal }
  | {
      /** Changes what is given and nothing else. */
      type: "member.update";
      user: UserId;
      roles?: GrantableRole[] | null;
      title?: Change<string> | null;
      state?: MembershipState | null;
      until?: Change<Millis> | null;
    }
  | { type: "role.create"; role: RoleId; key: Role; name: string; permissions: string[] }
  | { type: "role.update"; role: RoleId | Role; name?: string | null; permissions?: string[] | null }
  | { type: "role.delete"; role: RoleId | Role; moveTo?: Role | null }
  /** An owner names who owns the organization then. */
  | { type: "member.leave"; successor?: UserId | null }
  /** One step of erasing a user; platform admins only. */
  | { type: "user.erase"; user: UserId; emails: string[] }
  | { type: "team.create"; team: TeamId; name: string; parent?: TeamId | null }
  | { type: "team.update"; team: TeamId; name?: string | null; parent?: Change<TeamId> | null }
  /** Without `cascade` a team with teams below it stays. */
  | { type: "team.delete"; team: TeamId; cascade: boolean }
  /** Without roles, a new one is plain member and others keep theirs. */
  | { type: "team.put_member"; team: TeamId; user: UserId; roles?: GrantableRole[] | null }
  | { type: "team.remove_member"; team: TeamId; user: UserId }
  | {
      type: "invitation.create";
      invitation: InvitationId;
      email: string;
      roles: GrantableRole[];
      teams?: TeamId[];
      digest: string;
      expiresAt: Millis;
      message?: string | null;
      locale?: string | null;
      /** Whether Guildhall sends the token; otherwise the caller does. */
      notify: boolean;
    }
  | {
      /** Invites up to 100 addresses, each as if it were invited alone after those before it. */
      type: "invitation.create_many";
      lines: InviteLine[];
    }
  | { type: "invitation.resend"; invitation: InvitationId; digest: string; expiresAt: Millis; notify: boolean }
  | { type: "invitation.revoke"; invitation: InvitationId }
  | { type: "invitation.accept"; membership: MembershipId }
  /** `suppress`: who must not invite the address again. */
  | { type: "invitation.decline"; suppress?: "organization" | "everywhere" | null }
  /** Closes invitations past their time; the installation itself asks. */
  | { type: "organization.close_overdue" }
  /** That the name is no registry's and no mail provider's is not checked here: only the API has the list. */
  | { type: "domain.create"; domain: DomainId; name: DomainName; policy: DomainPolicy; challenge: string }
  /** `found`: the TXT values that were looked up. */
  | { type: "domain.verify"; domain: DomainId; name: DomainName; found: string[] }
  | { type: "domain.update"; domain: DomainId; policy: DomainPolicy }
  | { type: "domain.delete"; domain: DomainId }
  /** Looks at a proof again; the installation itself asks. */
  | { type: "domain.recheck"; domain: DomainId; found: string[] }
  | {
      type: "invitation_link.create";
      link: LinkId;
      roles: GrantableRole[];
      digest: string;
      maxUses?: number | null;
      allowedDomains: string[];
      disabled: boolean;
      expiresAt: Millis;
    }
  | {
      /** Changes what is given and nothing else. */
      type: "invitation_link.update";
      link: LinkId;
      disabled?: boolean | null;
      maxUses?: Change<number> | null;
      expiresAt?: Millis | null;
    }
  | { type: "invitation_link.rotate"; link: LinkId; digest: string }
  | { type: "invitation_link.delete"; link: LinkId }
  | { type: "invitation_link.accept"; membership: MembershipId }
  | {
      type: "join_request.create";
      request: JoinRequestId;
      message?: string | null;
      /** What would be new where a verified domain answers at once; without it, it does not. */
      door?: { membership: MembershipId; invitation: InvitationId; digest: string; expiresAt: Millis } | null;
    }
  | { type: "join_request.approve"; request: JoinRequestId; membership: MembershipId; roles: GrantableRole[] }
  | { type: "join_request.deny"; request: JoinRequestId; silent: boolean }
  | { type: "join_request.withdraw"; request: JoinRequestId }
  /** That the address is not the installation's own is not checked here: only the API knows. */
  | { type: "webhook.create"; webhook: WebhookId; url: string; events: string[]; description?: string | null; seed: string }
  | {
      /** Changes what is given and nothing else. */
      type: "webhook.update";
      webhook: WebhookId;
      url?: string | null;
      events?: string[] | null;
      description?: Change<string> | null;
      state?: "active" | "disabled" | null;
    }
  /** `overlap`: for how many seconds the old secret is used as well. */
  | { type: "webhook.rotate"; webhook: WebhookId; seed: string; overlap: number }
  | { type: "webhook.delete"; webhook: WebhookId }
  /** `message`: `msg_` and 32 hexadecimal digits of a UUIDv7. */
  | { type: "webhook.test"; webhook: WebhookId; message: string }
  /** Gives an address up; the installation itself asks. */
  | { type: "webhook.disable"; webhook: WebhookId; url: string; because: "asked" | "failing" | "gone" }
  | {
      /** Founds an inactive organization that whoever gets the token activates. */
      type: "registration.create";
      registration: RegistrationId;
      membership: MembershipId;
      name: string;
      /** Best first; one that was chosen stands alone. */
      slugs: Slug[];
      /** The slug until it is activated. */
      holding: Slug;
      email: string;
      digest: string;
      expiresAt: Millis;
      seatLimit?: number | null;
    }
  | {
      type: "registration.activate";
      membership: MembershipId;
      /** In place of those that were registered. */
      slug?: Slug | null;
    }
  /** Deletes what was registered and not activated in time; the installation itself asks. */
  | { type: "registration.expire" }
  | {
      /** Takes over an organization from another system; platform admins only. */
      type: "organization.import";
      name: string;
      /** Slugs to try, best first. */
      slugs: Slug[];
      state: OrganizationState;
      metadata: JsonObject;
      settings: JsonObject;
      createdAt: Millis;
      owner: UserId;
      members: ImportedMember[];
    };

/** One of many invitations. */
export interface InviteLine {
  invitation: InvitationId;
  email: string;
  roles: GrantableRole[];
  teams?: TeamId[];
  digest: string;
  expiresAt: Millis;
  message?: string | null;
  locale?: string | null;
  /** Whether Guildhall sends the token; otherwise the caller does. */
  notify: boolean;
}

/** A member of an imported organization. */
export interface ImportedMember {
  membership: MembershipId;
  user: UserId;
  email?: string | null;
  name?: string | null;
  roles: GrantableRole[];
  joinedAt: Millis;
}

// ------------------------------------------------------------------------------------- decisions

/** What a permitted command changes, who must hear of it, and what it came to. */
export interface Decision {
  events: OrganizationEvent[];
  notices: Notice[];
  outcome: Outcome;
}

/** Something that happened to one organization. */
export type OrganizationEvent =
  | { type: "organization.created"; organization: Organization; owner: Membership }
  | { type: "organization.renamed"; name: string }
  | { type: "organization.slug_changed"; from: Slug; to: Slug }
  | { type: "organization.details_changed"; metadata: JsonObject; settings: JsonObject; logoUrl?: string | null }
  | { type: "organization.deactivated" }
  | { type: "organization.activated" }
  | { type: "organization.seats_changed"; seatLimit?: number | null; pendingFree: boolean }
  | { type: "organization.requirements_changed"; requirements: Requirements }
  | { type: "organization.deleted"; deletion: Deletion }
  | { type: "organization.restored" }
  | { type: "organization.purged" }
  | { type: "organization.ownership_nominated"; nomination: Nomination }
  | {
      type: "organization.nomination_ended";
      to: UserId;
      reason: "accepted" | "declined" | "withdrawn" | "expired" | "void";
    }
  | { type: "organization.ownership_transferred"; from: UserId; to: UserId }
  | { type: "member.added"; member: Membership }
  | { type: "member.removed"; user: UserId }
  | { type: "member.left"; user: UserId }
  | { type: "member.erased"; user: UserId }
  | { type: "member.roles_changed"; user: UserId; from: GrantableRole[]; to: GrantableRole[] }
  | { type: "member.title_changed"; user: UserId; title: string | null }
  | { type: "member.suspended"; user: UserId }
  | { type: "member.reactivated"; user: UserId }
  | { type: "member.term_changed"; user: UserId; until: Millis | null }
  | { type: "member.expired"; user: UserId }
  | { type: "member.email_verified"; user: UserId; email: string }
  | { type: "role.created"; role: CustomRole }
  | { type: "role.changed"; role: CustomRole }
  | { type: "role.deleted"; role: RoleId; key: Role; movedTo: Role | null }
  | { type: "team.created"; team: Team }
  | { type: "team.changed"; team: Team }
  | { type: "team.deleted"; team: TeamId }
  | { type: "team.member_added"; member: TeamMember }
  | { type: "team.member_roles_changed"; team: TeamId; user: UserId; from: GrantableRole[]; to: GrantableRole[] }
  | { type: "team.member_removed"; team: TeamId; user: UserId }
  | { type: "invitation.created"; invitation: Invitation }
  | { type: "invitation.resent"; invitation: InvitationId; invitedBy: UserId; digest: string; generation: number; expiresAt: Millis }
  | { type: "invitation.revoked"; invitation: InvitationId; at: Millis }
  /** It gave way to what happened in the same commit: a newer one, or a membership of the address's owner. */
  | { type: "invitation.superseded"; invitation: InvitationId; at: Millis }
  | { type: "invitation.accepted"; invitation: InvitationId; user: UserId; at: Millis }
  | { type: "invitation.declined"; invitation: InvitationId; user: UserId; at: Millis }
  | { type: "invitation.expired"; invitation: InvitationId; at: Millis }
  | { type: "domain.created"; domain: Domain }
  | { type: "domain.verified"; domain: Domain }
  | { type: "domain.changed"; domain: Domain }
  /** The proof was looked for again: it is there, or it is missing for now. */
  | { type: "domain.checked"; domain: Domain }
  | { type: "domain.lapsed"; domain: Domain }
  | { type: "domain.deleted"; domain: DomainId }
  | { type: "invitation_link.created"; link: InvitationLink }
  | { type: "invitation_link.changed"; link: InvitationLink }
  | { type: "invitation_link.rotated"; link: InvitationLink }
  | { type: "invitation_link.used"; link: InvitationLink; user: UserId }
  | { type: "invitation_link.deleted"; link: LinkId }
  | { type: "join_request.created"; request: JoinRequest }
  | { type: "join_request.approved"; request: JoinRequest }
  | { type: "join_request.denied"; request: JoinRequest }
  | { type: "join_request.withdrawn"; request: JoinRequest }
  | { type: "organization.join_requests_changed"; to: "open" | "off" }
  | { type: "registration.created"; registration: Registration }
  | { type: "registration.activated"; registration: Registration }
  | { type: "webhook.created"; webhook: Webhook }
  | { type: "webhook.changed"; webhook: Webhook }
  | { type: "webhook.secret_rotated"; webhook: Webhook }
  | { type: "webhook.disabled"; webhook: Webhook }
  | { type: "webhook.deleted"; webhook: WebhookId };

/** A message to somebody, complete but for a token, which the rules never see. */
export interface Notice {
  kind: "invitation" | "invitation_accepted" | "member_added" | "member_removed" | OwnershipNotice | "join_request_received" | "join_request_approved" | "join_request_denied" | "registration" | "domain_missing" | "domain_lapsed";
  /** The address. */
  to: string;
  /** The invitation that it carries the token of. */
  invitation?: InvitationId;
  organizationName: string;
  organizationSlug: Slug;
  /** Who caused it, as the reader may see them. */
  actor: string;
  /** The domain it is about. */
  domain?: string;
  roles: GrantableRole[] | null;
  message: string | null;
  locale: string | null;
  expiresAt: Millis | null;
}

/** What is kept of a wish not to be invited again. */
export interface Suppression {
  /** The address, in canonical form. */
  address: string;
  /** By which organization; null is by any. */
  organization: OrganizationId | null;
  /** What it was called then. */
  organizationName: string | null;
  since: Millis;
}
/** A notice about ownership. */
export type OwnershipNotice =
  | "ownership_received"
  | "ownership_offered"
  | "ownership_withdrawn"
  | "ownership_accepted"
  | "ownership_declined"
  | "ownership_expired";

/** What one of many invitations came to. */
export type InvitedLine =
  | { status: "created"; invitation: InvitationId }
  | { status: "replaced"; invitation: InvitationId; superseded: InvitationId }
  | { status: "refused"; code: GuildhallErrorCode; detail: string; param: string | null };

/** What a command came to. */
export type Outcome =
  | { type: "created" }
  | { type: "organization" }
  | { type: "deleted" }
  | { type: "member"; user: UserId; created: boolean }
  | { type: "removed" }
  | { type: "erased"; memberships: number; invitations: number; joinRequests: number }
  | { type: "invitation"; invitation: InvitationId }
  | { type: "invitations"; lines: InvitedLine[] }
  | { type: "joined"; invitation: InvitationId; user: UserId }
  | { type: "declined"; invitation: InvitationId; suppression?: Suppression }
  | { type: "invited"; invitation: InvitationId }
  | { type: "domain"; domain: DomainId; created: boolean }
  | { type: "domainDeleted"; domain: DomainId }
  | { type: "link"; link: LinkId }
  | { type: "linkDeleted"; link: LinkId }
  | { type: "joinedByLink"; link: LinkId; user: UserId }
  | { type: "joinRequest"; request: JoinRequestId }
  | { type: "registered"; expiresAt: Millis }
  | { type: "team"; team: TeamId }
  | { type: "teamDeleted"; team: TeamId; below: number }
  | { type: "teamMember"; team: TeamId; user: UserId }
  | { type: "teamMemberRemoved"; team: TeamId; user: UserId }
  | { type: "webhook"; webhook: WebhookId }
  | { type: "webhookDeleted"; webhook: WebhookId }
  | { type: "webhookTested"; webhook: WebhookId; message: string }
  | { type: "swept"; closed: number }
  | { type: "imported"; status: "created" | "extended" | "unchanged" | "deleted"; added: number };

// ------------------------------------------------------------------------------------- audit log

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
  actor: { id: UserId; kind: "user" | "service" | "platform_admin" | "system" };
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
 * What any command answers under `?dryRun=true`; what would be refused is refused as ever. Erasing a
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
}
