// Public keys of an installation: handed in, or fetched from its address and kept for a while.
//
// Owns: what is fetched, how often, how much of it is read, and until when it is believed.
// Never does: choose a key, or say what a set of keys is: the core does.

import { within } from "../ending.js";
import { GuildhallError, unreadable } from "../errors.js";
import { beginning } from "../reading.js";

/** Milliseconds: how long keys are kept, how much longer while there are no newer ones, and how soon they, or a failure, may be asked for again. */
const kept = 300_000;
const keptInNeed = 600_000;
const atMostEvery = 10_000;
const failedFor = 1000;
const patience = 5_000;
/** Bytes of a key set, and addresses that are kept for one way of fetching. */
const longest = 65_536;
const most = 16;

/** By the way of fetching: what one says about an address is no other's answer. */
const fetched = new WeakMap();

/** Calls `use` with the keys; once more with fresh ones if it says that the key is not known. */
export async function withKeys(options, use) {
  const { jwks } = options;
  if (!isAddress(jwks)) return use(jwks);
  const source = new Source(checked(jwks), options);
  try {
    return await source.use(kept, use);
  } catch (refusal) {
    if (refusal?.code !== "pass_unknown_key") throw refusal;
    return await source.use(atMostEvery, use);
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

/** Milliseconds since then, or until then on a clock that was set back. */
const since = (then) => Math.abs(Date.now() - then);

/** What is known of an address: `set` is what it said last, `proven` the last of it that somebody could use. */
function entryOf(fetch, url) {
  if (!fetched.has(fetch)) fetched.set(fetch, new Map());
  const entries = fetched.get(fetch);
  if (!entries.has(url) && entries.size >= most) entries.delete(entries.keys().next().value);
  if (!entries.has(url)) entries.set(url, { set: undefined, proven: undefined, tried: 0, failed: undefined });
  return entries.get(url);
}

/** The keys of an address. Each caller fetches for itself: a Worker's request must not wait for another one's. */
class Source {
  #entry;
  #fetch;
  #signal;
  #url;

  constructor(url, { fetch = globalThis.fetch, signal }) {
    this.#entry = entryOf(fetch, url);
    this.#fetch = fetch;
    this.#signal = signal;
    this.#url = url;
  }

  /** Calls `use` with keys that are no older than is asked for, or with those before them if nobody can read these. */
  async use(age, use) {
    const set = await this.#get(age, use);
    try {
      const answer = await use(set.keys);
      this.#prove(set);
      return answer;
    } catch (refusal) {
      if (refusal?.code === "pass_unknown_key") this.#prove(set);
      // The token has been found readable without them.
      if (refusal?.code !== "invalid_value") throw refusal;
      // Whatever else was fetched meanwhile and is not proven may be as bad.
      this.#entry.set = this.#entry.proven;
      return use(this.#inNeed(unavailable(this.#url, refusal)).keys);
    }
  }

  #prove(set) {
    const entry = this.#entry;
    if (!(entry.proven?.at > set.at)) entry.proven = set;
    if (!(entry.set?.at > set.at)) entry.set = set;
  }

  async #get(age, use) {
    const entry = this.#entry;
    const { set, failed } = entry;
    if (set && (since(set.at) < age || (since(entry.tried) < atMostEvery && since(set.at) < keptInNeed))) return set;
    await judged(use);
    if (failed && since(failed.at) < failedFor) return this.#inNeed(failed.failure);
    entry.tried = Date.now();
    try {
      return (entry.set = { keys: await read(this.#url, this.#fetch, this.#signal), at: entry.tried });
    } catch (failure) {
      if (failure?.code !== "unavailable") throw failure;
      return this.#inNeed(failure);
    }
  }

  /** What is known, while it is not too old; else the failure, which others hear too instead of asking at once. */
  #inNeed(failure) {
    const { set, failed } = this.#entry;
    if (set && since(set.at) < keptInNeed) return set;
    if (failed?.failure !== failure) this.#entry.failed = { failure, at: Date.now() };
    throw failure;
  }
}

/** What no key could make good is refused before any are fetched: by the core, which is given none. */
async function judged(use) {
  try {
    await use({ keys: [] });
  } catch (refusal) {
    if (refusal?.code !== "pass_unknown_key") throw refusal;
  }
}

const unavailable = (url, cause) =>
  new GuildhallError({ code: "unavailable", title: "it cannot be done now", message: `the keys at ${url} cannot be read` }, { cause });

async function read(url, fetch, signal) {
  try {
    return await within([signal, AbortSignal.timeout(patience)], (end) => answered(url, fetch, end));
  } catch (cause) {
    signal?.throwIfAborted();
    throw unavailable(url, cause);
  }
}

/** A redirect is no answer: whose keys would it be? Workers know no `redirect: "error"`, so it is told by its status. */
async function answered(url, fetch, signal) {
  const response = await fetch(url, { redirect: "manual", headers: { accept: "application/json" }, signal });
  const bytes = response.ok ? await beginning(response, longest + 1) : [];
  if (bytes.length === 0 || bytes.length > longest) throw new Error(`status ${response.status}, ${bytes.length} bytes`);
  const set = JSON.parse(new TextDecoder().decode(bytes));
  if (!Array.isArray(set?.keys) || set.keys.length === 0) throw new Error("a set without keys");
  return set;
}
