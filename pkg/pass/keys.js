// Public keys of an installation: handed in, or fetched from its address and kept for a while.
//
// Owns: what is fetched, how often, and how much of it is read. Never does: choose a key: the core
// does, by the name that the token gives.

import { GuildhallError, unreadable } from "../errors.js";

/** Milliseconds: how long keys are kept, how much longer while there are no newer ones, and how soon they may be asked for again. */
const kept = 300_000;
const keptInNeed = 600_000;
const atMostEvery = 10_000;
const patience = 5_000;
/** Characters of a key set, and addresses that are kept for one way of fetching. */
const longest = 65_536;
const most = 16;

/** By the way of fetching: what one says about an address is no other's answer. */
const fetched = new WeakMap();

/** Calls `use` with the keys; once more with fresh ones if it says that the key is not known. */
export async function withKeys(options, use) {
  const { jwks } = options;
  if (!isAddress(jwks)) return use(jwks);
  const keys = source(checked(jwks), options);
  try {
    return await use(await keys(kept));
  } catch (refusal) {
    if (refusal?.code !== "pass_unknown_key") throw refusal;
    return await use(await keys(atMostEvery));
  }
}

const isAddress = (jwks) => typeof jwks === "string" || jwks instanceof URL;

/** Keys that came over plain HTTP could be anybody's, but on this machine. */
function checked(jwks) {
  const url = URL.canParse(jwks) ? new URL(jwks) : undefined;
  const local = ["127.0.0.1", "[::1]", "localhost"].includes(url?.hostname);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && local)) return url.href;
  throw unreadable("a set of public keys, or its https address, is expected", "jwks");
}

/**
 * The keys of an address, no older than is asked for. Each caller fetches for itself: a Worker's
 * request must not wait for another one's. Only what was read well replaces what is known.
 */
function source(url, { fetch = globalThis.fetch, signal }) {
  const entry = entryOf(fetch, url);
  return async (age) => {
    const now = Date.now();
    if (entry.keys && (now - entry.at < age || now - entry.tried < atMostEvery)) return entry.keys;
    entry.tried = now;
    try {
      const keys = await read(url, fetch, signal);
      Object.assign(entry, { keys, at: now });
      return keys;
    } catch (failure) {
      if (entry.keys && failure?.code === "unavailable" && now - entry.at < keptInNeed) return entry.keys;
      throw failure;
    }
  };
}

function entryOf(fetch, url) {
  if (!fetched.has(fetch)) fetched.set(fetch, new Map());
  const entries = fetched.get(fetch);
  if (!entries.has(url) && entries.size >= most) entries.delete(entries.keys().next().value);
  if (!entries.has(url)) entries.set(url, { keys: undefined, at: 0, tried: 0 });
  return entries.get(url);
}

const unavailable = (url, cause) =>
  new GuildhallError({ code: "unavailable", title: "it cannot be done now", message: `the keys at ${url} cannot be read` }, { cause });

/** Not every `fetch` that is handed in knows when to stop. */
const within = (work, signal) => Promise.race([work, new Promise((_, refuse) => signal.addEventListener("abort", () => refuse(signal.reason), { once: true }))]);

async function read(url, fetch, signal) {
  signal?.throwIfAborted();
  const end = AbortSignal.any([AbortSignal.timeout(patience), signal].filter(Boolean));
  try {
    return await within(answered(url, fetch, end), end);
  } catch (cause) {
    signal?.throwIfAborted();
    throw unavailable(url, cause);
  }
}

/** A redirect is no answer: whose keys would it be? Workers know no `redirect: "error"`, so it is told by its status. */
async function answered(url, fetch, signal) {
  const response = await fetch(url, { redirect: "manual", headers: { accept: "application/json" }, signal });
  const text = response.ok ? await response.text() : "";
  if (text.length === 0 || text.length > longest) throw new Error(`status ${response.status}, ${text.length} characters`);
  const set = JSON.parse(text);
  if (!Array.isArray(set?.keys) || set.keys.length === 0) throw new Error("a set without keys");
  return set;
}
