// Public keys of an installation: handed in, or fetched from its address and kept for a while.
//
// Owns: what is fetched, how often, and how much of it is read. Never does: choose a key: the core
// does, by the name that the token gives.

import { GuildhallError, unreadable } from "../errors.js";

/** Milliseconds: how long keys are kept, and how soon an unknown key may make them be fetched again. */
const kept = 300_000;
const atMostEvery = 10_000;
const patience = 5_000;
/** Bytes of a key set, and addresses that are kept. */
const longest = 65_536;
const most = 16;

const fetched = new Map();

/** Calls `use` with the keys; once more with fresh ones if it says that the key is not known. */
export async function withKeys(options, use) {
  const { jwks } = options;
  if (!isAddress(jwks)) return use(jwks);
  const url = checked(jwks);
  try {
    return await use(await keysAt(url, kept, options));
  } catch (refusal) {
    if (refusal?.code !== "pass_unknown_key") throw refusal;
    return await use(await keysAt(url, atMostEvery, options));
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

async function keysAt(url, age, { fetch = globalThis.fetch, signal }) {
  const known = fetched.get(url);
  if (known && Date.now() - known.at < age) return known.keys;
  const keys = read(url, fetch, signal);
  remember(url, keys);
  try {
    return await keys;
  } catch (failure) {
    if (fetched.get(url)?.keys === keys) fetched.delete(url);
    // What was known is good for a while longer: an outage there is none here.
    if (known && failure?.code === "unavailable" && Date.now() - known.at < 2 * kept) return known.keys;
    throw failure;
  }
}

function remember(url, keys) {
  fetched.delete(url);
  if (fetched.size >= most) fetched.delete(fetched.keys().next().value);
  fetched.set(url, { keys, at: Date.now() });
}

const unavailable = (url, cause) =>
  new GuildhallError({ code: "unavailable", title: "it cannot be done now", message: `the keys at ${url} cannot be read` }, { cause });

/** A redirect is no answer: whose keys would it be? Workers know no `redirect: "error"`, so it is told by its status. */
async function read(url, fetch, signal) {
  const ends = [AbortSignal.timeout(patience), signal].filter(Boolean);
  try {
    const response = await fetch(url, { redirect: "manual", headers: { accept: "application/json" }, signal: AbortSignal.any(ends) });
    const text = response.ok ? await response.text() : "";
    if (text.length === 0 || text.length > longest) throw new Error(`status ${response.status}, ${text.length} characters`);
    return JSON.parse(text);
  } catch (cause) {
    signal?.throwIfAborted();
    throw unavailable(url, cause);
  }
}
