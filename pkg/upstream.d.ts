/**
 * For a server that knows who asks: signs a request to Guildhall in somebody's name.
 *
 * @packageDocumentation
 */

import type { UserId } from "./index.js";

export { GuildhallError } from "./index.js";

/** For whom a request asks, as the signer states it. */
export interface SignedPrincipal {
  /** Without the prefix that the upstream's entry in `AUTH` puts before it. */
  userId: UserId;
  /** Without `emailVerified` it proves nothing. */
  email?: string;
  /** Needs `email` in the entry's `mayVouch`. */
  emailVerified?: boolean;
  /** Whether this session was opened with a second factor. Needs `mfa` in `mayVouch`. */
  mfa?: boolean;
  name?: string;
  /** `user` when nothing is said. Each of the others needs its own word in `mayVouch`. */
  kind?: "user" | "service" | "platform_admin";
  /** When the user signed in; as text, RFC 3339. Needs `sign_in` in `mayVouch`. */
  signedInAt?: Date | string;
}

/** A key of `UPSTREAM_KEYS`, and the installation that it is for. */
export interface UpstreamKey {
  /** Its id there: 1 to 64 letters, digits, `-` and `_`. */
  id: string;
  /** At least 32 bytes. It stays on the server. */
  secret: string;
  /** The installation's `PUBLIC_ORIGIN`, letter for letter, wherever the request is sent. */
  origin: string;
  /** Milliseconds since 1970; the present when nothing is said. */
  now?: number;
  /** 16 to 64 letters, digits, `-` and `_`, never twice; random when nothing is said. */
  nonce?: string;
}

/**
 * The same request with the header `Guildhall-Principal`. Set every header before: those that begin with `Guildhall`,
 * `If-Match` and `Idempotency-Key` are signed. The signature counts for 60 seconds and writes once.
 *
 * Rejects with `invalid_value` or `unknown_field` for what cannot be signed.
 */
export function signPrincipal(request: Request, principal: SignedPrincipal, key: UpstreamKey): Promise<Request>;
