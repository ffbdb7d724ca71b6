/**
 * Who is asking, in a Hono application or around any `fetch` handler.
 *
 * @packageDocumentation
 */

import type { Pass, VerifyOptions } from "./index.js";
// @ts-ignore Hono is the application's own; `withGuildhall` does without it.
import type { MiddlewareHandler } from "hono";

/** Who is asking, and in which organization: a pass, or what the installation answered. */
export type Standing = Pass | ResolvedStanding;

/** What the installation answered. */
export interface ResolvedStanding {
  readonly organization: { readonly id: string; readonly slug: string; readonly name: string; readonly state: "active"; readonly version: number };
  /** Undefined for whoever is no member. */
  readonly userId?: string;
  readonly roles: readonly string[];
  readonly version: number;
  /** Where the request names the organization. */
  readonly source: string;
  /** `false` for visitors of a public organization, and for platform admins. */
  readonly isMember: boolean;
  readonly isAdmin: boolean;
  readonly isOwner: boolean;
  /** Whether an operator of the installation is asking who is no member. */
  readonly platformAdmin: boolean;
  /** `false` also for what is not declared: only a pass knows which permissions there are. */
  can(permission: string): boolean;
  /** The same: what the installation has answered does not run out. */
  canOrThrow(permission: string): boolean;
  /** Never: it is for this request. */
  readonly expired: false;
  canAll(permissions: readonly string[]): boolean;
  canAny(permissions: readonly string[]): boolean;
  permissions(): string[];
}

/** Something that is asked in place of the network: a service binding, a `Directory`. */
export interface Fetcher {
  fetch(request: Request): Promise<Response>;
}

/**
 * How it is found out who is asking: by a pass (`jwks` and `audience`), by asking the installation
 * (`worker`), or by either: then the header `Guildhall-Pass` is a pass and `Authorization` is the installation's.
 * A request's `Guildhall-Min-Version` holds for both: 412 `version_not_reached`, and `pass_stale` of an older pass.
 */
export interface GuildhallOptions extends Omit<VerifyOptions, "jwks"> {
  /** The installation's public keys, or their address: `https://guildhall.example/.well-known/jwks.json`. */
  jwks?: VerifyOptions["jwks"];
  /** In place of `verifyPass` of `guildhall/pass`, which is loaded with the first pass. */
  verify?: (token: string, options: VerifyOptions) => Promise<Pass>;
  /** The installation: a service binding, or its address. Where it sends on, nothing follows: that is 503. */
  worker?: Fetcher | string | URL;
  /**
   * Which organization a request is about, by id or slug, where neither its path (`/o/{slug}/…`,
   * `/v1/organizations/{org}/…`), `?org=` nor the header `Guildhall-Organization` says so, and no parameter of the
   * route that is called `organization` or `org`. Whatever is named must be the same: 404 or 409 otherwise. Capitals of
   * a slug do not count. The host is not read by itself: where it names an organization, return its label here, and
   * `undefined` for the application's own host, which names none.
   */
  organization?: (request: Request) => string | undefined | Promise<string | undefined>;
  /** Headers that go along to the installation besides `Authorization`, `Cookie`, `Guildhall-Organization`, `Guildhall-Pass`, `X-Request-Id` and those of Cloudflare Access; to a service binding, the client's network address (`CF-Connecting-IP`). Never `Guildhall-Principal`, and `Guildhall-Act-As` only with an operator key of the client's own: such a key is refused without it (403), and no handler sees it. */
  forward?: readonly string[];
  /**
   * The application's own origin, `https://songs.example`; that of the request when nothing is said. What changes
   * something for a cookie alone must come from there, or is 403 `origin_mismatch`. To be given where requests arrive
   * under another name than browsers use: behind a proxy that ends TLS.
   */
  origin?: string;
  /** Milliseconds that the installation has to answer before it is 503; 5,000 when nothing is said. */
  timeout?: number;
}

/** Options, or what makes them of a Worker's bindings. */
export type Given<O, Env = any> = O | ((env: Env) => O);

/** What `guildhall` sets; for `new Hono<{ Variables: GuildhallVariables }>()`. */
export interface GuildhallVariables {
  /** Undefined for a request that `requireMember` refuses. */
  guildhall: Standing | undefined;
}

/** What the handlers behind `requireMember` and `requirePermission` find: `c.get("guildhall").organization`. */
export interface MemberVariables {
  guildhall: Standing;
}

/** A middleware of Hono's; the handlers behind it have these variables. */
export type Middleware<Variables extends object = GuildhallVariables> = MiddlewareHandler<{ Variables: Variables }>;

/**
 * Finds out who is asking and sets `guildhall` on the context. Refuses nobody by itself: whoever is refused has no
 * standing. It may stand on an application and again on a route: each time it sees what the client named. Answers say
 * in `Vary` what they depend on.
 *
 * A route's parameter `:organization` or `:org` names an organization too, which is compared here if the middleware
 * stands on that route, otherwise by `requireMember` and `requirePermission`. Under another name of the parameter,
 * or without those two, give `organization` in the options.
 */
export function guildhall<Env = any>(options: Given<GuildhallOptions, Env>): Middleware;

/** Lets members through, and platform admins; answers others with a problem document: 401, 403, 404 or 409, as the API does. */
export function requireMember(): Middleware<MemberVariables>;

/**
 * Lets those through who may do all of this; others get 403 `permission_denied`.
 *
 * A name that is no permission is the application's mistake, and never an answer to a request.
 *
 * @throws GuildhallError `invalid_value` at once for no permission, or for one that is no text; `unknown_permission`
 * at once for what can be no permission, and with the first request (Hono's `onError`) for what the setting
 * `PERMISSIONS` of the installation does not declare
 */
export function requirePermission(...permissions: string[]): Middleware<MemberVariables>;

/** What a handler needs to be reached. */
export interface HandlerOptions extends GuildhallOptions {
  /** What whoever asks must be allowed to do; membership alone when nothing is said. */
  permissions?: readonly string[];
  /** Whether everybody reaches it; the standing is undefined for whoever would have been refused. */
  anybody?: boolean;
}

/** A handler of requests with who is asking as its last argument. */
export type Handler<Env, Context, S> = (request: Request, env: Env, context: Context, standing: S) => Response | Promise<Response>;

/** Around a handler: for a Worker's `fetch`, and for whatever else takes a request. */
export function withGuildhall<Env = any, Context = any>(
  handler: Handler<Env, Context, Standing>,
  options: Given<HandlerOptions & { anybody?: false }, Env>,
): (request: Request, env: Env, context: Context) => Promise<Response>;
export function withGuildhall<Env = any, Context = any>(
  handler: Handler<Env, Context, Standing | undefined>,
  options: Given<HandlerOptions, Env>,
): (request: Request, env: Env, context: Context) => Promise<Response>;
