// What a client is set up with, and what a call of it is told.
//
// Owns: which options there are, and the form in which the others here find them.
// Never does: ask for a token before it is needed.

import { unreadable } from "../errors.js";
import { fetching, isSignal, known } from "../options.js";
import { credential } from "./token.js";

const ofClient = ["baseUrl", "token", "operatorKey", "actAs", "fetch", "headers", "credentials", "retries", "organization", "planner"];
const ofCall = ["signal", "headers", "requestId", "organization", "consistency", "minVersion", "idempotencyKey", "ifMatch", "dryRun", "actAs"];

/** Options that go as headers. Rule: none is sent empty, because workerd drops a header without a value and would answer as if it had not been asked for. */
const sent = ["requestId", "organization", "minVersion", "idempotencyKey", "ifMatch"];

/** The options of a client; `given` tells whether a `fetch` was, whatever the global one is by now. */
export function settled(options) {
  const { baseUrl = "", fetch, token, operatorKey, ...rest } = own(options);
  if (rest.actAs != null) keyed(rest.actAs, operatorKey);
  const ask = fetching(fetch) ?? ((url, init) => globalThis.fetch(url, init));
  return { ...rest, baseUrl, fetch: ask, given: fetch !== undefined, operatorKey, token: credential({ token, operatorKey }) };
}

/** A service binding has every name, as a method of somebody's: only what is an object's own is an option. */
function own(options) {
  const isFetcher = typeof options?.fetch === "function" && !Object.hasOwn(options, "fetch");
  return known(isFetcher ? { ...options, fetch: options } : options, ofClient);
}

/** Whoever may act as a user has an operator key: with anything else the installation refuses it. */
function keyed(actAs, operatorKey) {
  if (operatorKey == null) throw unreadable("`operatorKey` is missing: only an operator key acts as a user", "actAs");
  for (const text of [actAs?.userId ?? actAs, actAs?.email ?? "none"]) {
    if (typeof text !== "string" || text === "" || !text.isWellFormed()) throw unreadable("a user's id is expected, or `{ userId, email? }`", "actAs");
  }
}

/** The user in whose name a call is made, as headers. A user's id may have characters that no header has. */
export function acting({ actAs = null, operatorKey }) {
  if (actAs === null) return [];
  keyed(actAs, operatorKey);
  const { userId = actAs, email } = Object(actAs);
  const said = [["guildhall-act-as", userId], ["guildhall-act-as-email", email]].filter(([, text]) => text != null);
  return said.map(([name, text]) => [name, encodeURIComponent(text)]);
}

/** Refuses what a call is told and nobody would hear. */
export function heard(options, { parameters }) {
  known(options, [...ofCall, ...parameters]);
  if (!isSignal(options.signal)) throw unreadable("an `AbortSignal` is expected", "signal");
  for (const name of sent) if (options[name] === "") throw unreadable("an empty text is no value: leave the option out", name);
}
