/**
 * Guildhall in memory: every resource of the HTTP API behind one `fetch`, without a network.
 *
 * @packageDocumentation
 */

export { GuildhallError } from "./index.js";

/** How a directory is set up. */
export interface DirectoryOptions {
  /**
   * The clock, in milliseconds since 1970. Without one it is the system's, moved forward where needed
   * so that no two requests are at the same instant.
   */
  now?: () => number;
  /** How many members and pending invitations a new organization may have; at least 1. */
  seatLimit?: number;
  /** The domain whose first label names an organization. */
  baseDomain?: string;
  /** What callers who are nobody in particular are shown: an id or a slug. */
  fallbackOrganization?: string;
  /** What people without any organization become members of, when `POST /v1/resolve` asks: an id or a slug. */
  autoJoinOrganization?: string;
  /** Paths that have no organization, separated by spaces: `/assets/* /login`. */
  skipPaths?: string;
  /** The Worker's settings by their names, as texts: `{ INVITATIONS_PER_DAY: "50" }`. */
  settings?: { [name: string]: string };
}

/**
 * A whole installation in memory, empty at first: for unit tests, demos and a browser tab.
 *
 * It answers as the Worker does, with three differences. Anybody may say who they are, on any host
 * (`POST /dev/session`). Mails stay in the outbox (`GET /dev/outbox`). Nothing ticks by itself:
 * call {@link Directory.tick}. Static files are not in it.
 *
 * ```js
 * const directory = new Directory();
 * const response = await directory.fetch("/dev/session", {
 *   method: "POST",
 *   headers: { "content-type": "application/json" },
 *   body: JSON.stringify({ userId: "kurt", email: "kurt@nirvana.com" }),
 * });
 * const { token } = await response.json();
 * ```
 */
export class Directory {
  /** Nothing is loaded yet: options that break a rule make the first request reject with `invalid_value`. */
  constructor(options?: DirectoryOptions);

  /**
   * Answers a request. Takes what the global `fetch` takes and is bound, so that it can stand in its
   * place; a path alone is of `http://localhost`. Redirects are answered, not followed. In a browser
   * the answer's `Set-Cookie` cannot be read: use the session's token.
   *
   * @throws GuildhallError `invalid_value` for wrong options, `not_ready` when the WebAssembly cannot be loaded
   */
  readonly fetch: (input: Request | URL | string, init?: RequestInit) => Promise<Response>;

  /** What the Worker does once a minute: closes invitations past their time, forgets old idempotency keys. */
  tick(): Promise<void>;
}
