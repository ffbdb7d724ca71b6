// What a client is set up with, and what a call of it is told.
//
// Owns: which options there are, and the form in which the others here find them.
// Never does: ask for a token before it is needed.

import { unreadable } from "../errors.js";
import { fetching, isSignal, known } from "../options.js";

const ofClient = ["baseUrl", "token", "fetch", "headers", "credentials", "retries", "organization", "planner"];
const ofCall = ["signal", "headers", "requestId", "organization", "consistency", "minVersion", "idempotencyKey", "ifMatch", "dryRun"];

/** The options of a client; `given` tells whether a `fetch` was, whatever the global one is by now. */
export function settled(options) {
  const { baseUrl = "", fetch, token, ...rest } = own(options);
  const ask = fetching(fetch) ?? ((url, init) => globalThis.fetch(url, init));
  return { ...rest, baseUrl, fetch: ask, given: fetch !== undefined, token: () => bearer(token) };
}

/** A service binding has every name, as a method of somebody's: only what is an object's own is an option. */
function own(options) {
  const isFetcher = typeof options?.fetch === "function" && !Object.hasOwn(options, "fetch");
  return known(isFetcher ? { ...options, fetch: options } : options, ofClient);
}

async function bearer(token) {
  const text = await (typeof token === "function" ? token() : token);
  if (text && typeof text !== "string") throw unreadable("a text is expected, or how to get one", "token");
  return text;
}

/** Refuses what a call is told and nobody would hear. */
export function heard(options, { parameters }) {
  known(options, [...ofCall, ...parameters]);
  if (!isSignal(options.signal)) throw unreadable("an `AbortSignal` is expected", "signal");
}
