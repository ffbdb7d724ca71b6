// Public keys of an installation: handed in, or fetched from its address and kept for a while.
//
// Owns: until when keys are believed, and when newer ones are asked for.
// Never does: fetch (`fetching.js`), choose a key, or say what a set of keys is: the core does.

import { unreadable } from "../errors.js";
import { fetched, since, unavailable } from "./fetching.js";

/** Milliseconds: how long keys are kept, how much longer while there are no newer ones, and how soon newer ones, or a failure, may be asked for again. */
const kept = 300_000;
const keptInNeed = 600_000;
const atMostEvery = 10_000;
const failedFor = 1000;
/** Addresses that are kept for one way of fetching. */
const most = 64;

/** By the way of fetching: what one says about an address is no other's answer. */
const known = new WeakMap();

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

/** The whole address of one that a page gives relative to its own. */
const whole = (jwks) => [undefined, globalThis.location?.href].filter((base) => URL.canParse(jwks, base)).map((base) => new URL(jwks, base))[0];

/** Keys that came over plain HTTP could be anybody's, but on this machine. */
function checked(jwks) {
  const url = whole(jwks);
  const local = ["127.0.0.1", "[::1]", "localhost"].includes(url?.hostname);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && local)) return url.href;
  throw unreadable("a set of public keys, or its https address (in a page also a relative one), is expected", "jwks");
}

/**
 * What is known of an address: `set` is what it said last, `proven` the last of it that somebody could use,
 * `failed` the last failure, `running` those who are asking now. The address that was not asked about for longest is forgotten.
 */
function entryOf(fetch, url) {
  if (!known.has(fetch)) known.set(fetch, new Map());
  const entries = known.get(fetch);
  const entry = entries.get(url) ?? { set: undefined, proven: undefined, failed: undefined, running: new Set() };
  entries.delete(url);
  entries.set(url, entry);
  if (entries.size > most) entries.delete(entries.keys().next().value);
  return entry;
}

/** The keys of an address. */
class Source {
  #entry;
  #from;

  constructor(url, { fetch = globalThis.fetch, signal }) {
    this.#entry = entryOf(fetch, url);
    this.#from = { url, fetch, signal };
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
      return use(this.#without(unavailable(this.#from.url, refusal), age).keys);
    }
  }

  #prove(set) {
    if (!(this.#entry.proven?.at > set.at)) this.#entry.proven = set;
    this.#keep(set);
  }

  #keep(set) {
    if (!(this.#entry.set?.at > set.at)) this.#entry.set = set;
    return this.#entry.set;
  }

  async #get(age, use) {
    const { set, failed } = this.#entry;
    if (set && since(set.at) < age) return set;
    await judged(use);
    if (failed && since(failed.at) < (this.#inNeed(age) ? atMostEvery : failedFor)) return this.#without(failed.failure, age);
    try {
      return this.#keep(await fetched(this.#entry, this.#from));
    } catch (failure) {
      if (failure?.code !== "unavailable") throw failure;
      // Somebody else may have had more luck.
      if (this.#entry.set !== set) return this.#entry.set;
      return this.#without(failure, age);
    }
  }

  /** Old keys while there are no newer ones; but they do not say that a key is unknown, for it may be newer. */
  #inNeed(age) {
    const { set } = this.#entry;
    return age === kept && set && since(set.at) < keptInNeed ? set : undefined;
  }

  /** What is known, in need; else the failure, which others hear too instead of asking at once. */
  #without(failure, age) {
    if (this.#entry.failed?.failure !== failure) this.#entry.failed = { failure, at: Date.now() };
    const set = this.#inNeed(age);
    if (set === undefined) throw failure;
    return set;
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
