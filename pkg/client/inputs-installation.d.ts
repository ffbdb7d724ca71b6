/**
 * What there is to say to a whole installation: to find and erase users, to read all events, and in the development mode.
 *
 * @packageDocumentation
 */

import type { UserId } from "../index.js";

/** Erase a user. */
export interface EraseUser {
  /** Addresses that are known besides. */
  emails?: string[] | null;
}

/** Find users by id or proven address, with their memberships. */
export interface FindUsers {
  /** A user's id or a whole address. */
  q: string;
}

/** List events of all organizations, in the order of their commits. */
export interface ListAllEvents {
  /** Only what stands behind this position. */
  after?: number;
}

/** Sign in as anybody, in the development mode. */
export interface SignIn {
  userId: UserId;
  email?: string | null;
  name?: string | null;
  emailVerified?: boolean | null;
  mfa?: boolean | null;
  platformAdmin?: boolean | null;
}

/** Say what the development mode's DNS answers. */
export interface PutDns {
  name: string;
  txt?: string[] | null;
  broken?: boolean | null;
}
