/**
 * Passes and passports alone: the smallest way to know, offline, what somebody may do.
 *
 * @packageDocumentation
 */

export { GuildhallError, createPassHandle, verifyPass, verifyPassport } from "./index.js";
export type { GuildhallErrorCode, JsonWebKeySet, Pass, PassDecision, PassHandle, PassHandleOptions, PassSnapshot, Passport, PassportChecks, SignedMembership, SignedStatement, VerifyOptions } from "./index.js";
