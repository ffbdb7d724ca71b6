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
  /** The domain whose first label names an organization: `example.com`. What is put around it (a scheme, a port, `*.`, dots) is taken off. */
  baseDomain?: string;
  /** The host or origin at which people reach it: `app.example.com`. It names no organization, and its label below `baseDomain` is no organization's slug. */
  ownHost?: string;
  /** What callers who are nobody in particular are shown: an id or a slug. */
  fallbackOrganization?: string;
  /** What people without any organization become members of, when `POST /v1/resolve` asks: an id or a slug. */
  autoJoinOrganization?: string;
  /** Paths that have no organization, separated by spaces: `/assets/* /login`. */
  skipPaths?: string;
  /**
   * The Worker's settings by their names, as texts: `{ INVITATIONS_PER_DAY: "50" }`. But for `PUBLIC_ORIGIN` and
   * `SECRET_KEY`, which are the directory's own. Without `AUTH` every caller is believed (`[{"type":"dev"}]`).
   * With issuers in `AUTH` their keys are fetched with the global `fetch`, past its cache, and signatures are checked by
   * `crypto.subtle`; in a browser the issuer has to allow the page's origin (CORS), or the keys stand in `AUTH`.
   */
  settings?: { [name: string]: string };
  /**
   * What it holds at first: a text that {@link Directory.snapshot} gave. Options are not in it. With
   * `persist` it counts only while nothing is kept under that name.
   */
  snapshot?: string;
  /**
   * Browsers only: the name under which it is kept in IndexedDB (the database is called `guildhall:` and
   * that name). Each request is one transaction there, in any number of tabs: it begins with what the last
   * one saved, and its answer comes once what it changed is on the disk. What could not be saved has not
   * happened. Sessions and links go on working after a reload.
   */
  persist?: string;
}

/**
 * A whole installation in memory, empty at first: for unit tests, demos and a browser tab.
 *
 * It answers as the Worker does, but for this: anybody may say who they are, on any host
 * (`POST /dev/session`); mails stay in the outbox (`GET /dev/outbox`) and webhooks in their list; the DNS says
 * what `PUT /dev/dns` was told; nothing ticks by itself: call {@link Directory.tick}; there is no gateway, and
 * there are no static files.
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
  /** Nothing is loaded yet: options or a snapshot that break a rule make the first request reject, as {@link Directory.open} does. */
  constructor(options?: DirectoryOptions);

  /**
   * The same, opened at once.
   *
   * @throws GuildhallError `invalid_value` for wrong options, `not_ready` when the WebAssembly cannot be loaded,
   * `snapshot_invalid` for a snapshot that is none or contradicts itself (`param` is the place), `snapshot_too_new`
   * for one that a later version of this package made, `storage_missing` where there is no IndexedDB to `persist`
   * in, `storage_full`, and `unavailable` for other failures of the storage (`cause` is the browser's)
   */
  static open(options?: DirectoryOptions): Promise<Directory>;

  /**
   * Deletes what is kept under a name. Directories that have it open, in whatever tab, are as new from then on.
   *
   * @throws GuildhallError `storage_missing`, `unavailable`
   */
  static delete(name: string): Promise<void>;

  /**
   * Answers a request. Takes what the global `fetch` takes and is bound, so that it can stand in its
   * place; a path alone is of `http://localhost`. Redirects are answered, not followed. In a browser
   * the answer's `Set-Cookie` cannot be read: use the session's token.
   *
   * @throws GuildhallError what {@link Directory.open} throws, if it was not opened before; `storage_full` and
   * `unavailable` when the answer could not be saved: then the request had no effect; `directory_closed`
   */
  readonly fetch: (input: Request | URL | string, init?: RequestInit) => Promise<Response>;

  /** What the Worker does once a minute: closes invitations past their time, forgets old idempotency keys. */
  tick(): Promise<void>;

  /**
   * Everything that it holds, as JSON text: organizations with their whole audit logs, kept answers, the
   * outbox, what webhooks are to be sent, and the secret. A directory opened with it answers every request
   * as this one would; only reads with `consistency=cached` may be newer there.
   *
   * **It is a secret.** Whoever has it can sign sessions and passes, derive the tokens of pending
   * invitations, and reads every address. Treat it like a copy of the database together with `SECRET_KEY`.
   */
  snapshot(): Promise<string>;

  /**
   * Waits for what has begun to be answered, and gives back memory and the connection to the database. What is
   * kept stays. Requests after it are refused with `directory_closed`.
   */
  close(): Promise<void>;
}
