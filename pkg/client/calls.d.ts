import type { Fetching, HeadersGiven, OrganizationId, Slug, UserId } from "../index.js";
import type { Planner } from "./planner.js";

/** How a client is set up. */
export interface ClientOptions {
  /**
   * Where the installation is: `https://guildhall.example`. Without it the page's own origin; outside a page only with
   * a `fetch` of your own, which is asked at `http://localhost`. Otherwise every call rejects with `invalid_value`.
   */
  baseUrl?: string | URL;
  /**
   * The bearer token, promised or not, or a function that gives it. The function is asked with every attempt; calls that
   * are made while it fetches a token share its answer, so a client is for one caller. If the installation refuses the
   * token (401), the function is asked once more, told which token was `refused`, and the call is sent again once if
   * it gives another one. If the function fails, the call rejects with `token_unavailable`.
   */
  token?: string | PromiseLike<string | undefined> | ((request: TokenRequest) => string | undefined | PromiseLike<string | undefined>);
  /**
   * In place of a token: a key of the operator's (`gho_…`), for the back end of an application. Never in a page, where
   * every visitor can read it.
   */
  operatorKey?: string;
  /** The user in whose name an operator key makes every call; a call may name another one, or none by `null`. */
  actAs?: ActAs;
  /**
   * In place of the global `fetch`, which is looked up with every request: a service binding, `new Directory()`, a
   * function. It is told not to follow redirects, and must not: what it sends is for the installation alone.
   */
  fetch?: Fetching;
  /** Sent with every request. */
  headers?: HeadersGiven;
  /** `include` for the session's cookie of another origin. */
  credentials?: "omit" | "same-origin" | "include";
  /**
   * How often a read, or a POST under its idempotency key, is sent again after a failure of the network or an
   * answer 429 or 5xx; 2 when nothing is said. `Retry-After` is kept to, up to 20 seconds.
   */
  retries?: number;
  /** What `client.organization()` is about when it is not told. */
  organization?: OrganizationId | Slug;
  /** What `organization.would()` asks: `decide` of `guildhall`, and who acts. */
  planner?: Planner;
}

/** What a function that gives tokens is told. */
export interface TokenRequest {
  /** The token that the installation has just refused: another one is wanted, not this one from a cache. */
  readonly refused?: string;
}

/** A user in whose name an operator key acts: an id; with an address if the key's entry vouches for addresses. */
export type ActAs = UserId | { readonly userId: UserId; readonly email?: string };

/** Options of every call. */
export interface CallOptions {
  /** Ends the call at once: while a token is awaited, while `fetch` is, and in the pauses between attempts. */
  signal?: AbortSignal;
  headers?: HeadersGiven;
  /** Your own id of the request. */
  requestId?: string;
  /** Names the organization in a header, for operations whose path does not. */
  organization?: OrganizationId | Slug;
  /** `cached` lets resolution answer from a hint that is up to a minute old. */
  consistency?: "strong" | "cached";
  /** Never answer from before this version. */
  minVersion?: number;
  /** The user in whose name an operator key makes this call; `null` for the key alone. */
  actAs?: ActAs | null;
}

/** Options of a POST. */
export interface PostOptions extends CallOptions {
  /** Under which it may be sent again for a day; a random one when nothing is said. */
  idempotencyKey?: string;
}

/** Options of a change. */
export interface ChangeOptions extends CallOptions {
  /**
   * The version at which the change is meant, an `ETag` that was answered (a weak one too), a list of them as text, or
   * `*`; `version_mismatch` when the organization is at another version.
   */
  ifMatch?: number | string;
  /** Tells what would happen, and nothing does. */
  dryRun?: boolean;
}

/** Options of a change that is a POST. */
export interface CommandOptions extends PostOptions, ChangeOptions {}
