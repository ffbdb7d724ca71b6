/**
 * Values: ids, times, roles, permissions.
 *
 * @packageDocumentation
 */

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
  /** As it was written, to be shown. */
  address: string;
  /** What comparisons use: lower case, a domain in another script in its `xn--` form (`pat@xn--mnchen-3ya.example`). */
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

/** What Guildhall itself asks for. */
export type BuiltInPermission =
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

/**
 * What a role can allow: a built-in permission, or one that the application declared: `resource:action`, each a letter
 * and then at most 62 letters, digits, `.`, `_` and `-`. Capitals count.
 */
export type Permission = BuiltInPermission | (string & {});

/**
 * The roles that an operator declares for all organizations, as the setting `ROLES` has them. `member` and `admin` say
 * what these built-in roles hold in addition, `creator` which roles a founder keeps; every other key is a role.
 */
export interface DeclaredRoles {
  readonly member?: { readonly adds: readonly Permission[] };
  readonly admin?: { readonly adds: readonly Permission[] };
  readonly creator?: { readonly roles: readonly string[] };
  readonly [key: string]:
    | { readonly name?: string; readonly permissions: readonly Permission[] }
    | { readonly adds: readonly Permission[] }
    | { readonly roles: readonly string[] }
    | undefined;
}

/** Suspended organizations are readable by their members and closed to writes. */
export type OrganizationState = "active" | "inactive";
