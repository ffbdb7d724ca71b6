// The whole system in memory, as something that can be fetched from.
//
// Owns: the way of `Request` and `Response` across the border, and the clock; where it is kept is `kept.js`'s.
// Never does: load anything by itself (the entries do), or hold a rule (the WebAssembly does).

import { text, value } from "../border.js";
import { directoryClosed, unavailable, unreadable } from "../errors.js";
import { beginning } from "../reading.js";
import { Directory as System } from "../wasm/directory/guildhall_directory.js";
import { Authenticator } from "./authentication.js";
import { forget, Kept } from "./kept.js";

export { GuildhallError } from "../errors.js";

/** Addresses without a host are of this one. */
const origin = "http://localhost";
const withoutBody = new Set([204, 205, 304]);
const reads = new Set(["GET", "HEAD", "OPTIONS"]);

let load;
let loading;

/** How to load the WebAssembly; it is done when the first directory is used. */
export function provide(how) {
  load = how;
}

/** A failed attempt is no reason not to try again. */
async function loaded() {
  loading ??= (async () => load())();
  try {
    await loading;
  } catch (cause) {
    loading = undefined;
    throw cause;
  }
}

/** Never back: what came out of a snapshot has been. Nor ahead: what is signed there holds here. */
const forward = (system) => Math.max(Date.now(), system.latest());

/** A directory in memory and nowhere else, as `Kept` is one that is kept. */
class Unkept {
  #open;
  #system;

  constructor(open) {
    this.#open = open;
  }

  use(_writes, work) {
    return work((this.#system ??= this.#open()));
  }

  close() {
    this.#system?.free();
    this.#system = undefined;
  }
}

export class Directory {
  #now;
  #place;
  #closed = false;
  #authenticator = () => undefined;
  #begun = new Set();

  constructor(given = {}) {
    const { now, snapshot, persist, ...options } = Object(given);
    this.#now = now === undefined ? forward : () => Number(now());
    // Without `AUTH` there are no tokens of issuers: sessions are the system's own to read.
    if (options.settings?.AUTH !== undefined) {
      let made;
      this.#authenticator = () => (made ??= new Authenticator(options, now === undefined ? Date.now : this.#now));
    }
    const first = (kept) => {
      check(given, now, options);
      return open(text(() => options), kept ?? textOr(snapshot, "snapshot"));
    };
    this.#place = persist === undefined ? new Unkept(first) : new Kept(persist, first);
  }

  static async open(options) {
    const directory = new Directory(options);
    await directory.#use(false, () => {});
    return directory;
  }

  static async delete(name) {
    await forget(name);
  }

  /** Bound, so that it can stand wherever a `fetch` is wanted. */
  fetch = async (input, init) => {
    const request = new Request(input instanceof Request ? input : new URL(input, origin), init);
    request.signal?.throwIfAborted();
    await loaded();
    const body = await beginning(request, System.bodyLimit(new URL(request.url).pathname));
    const headers = sent(request, init);
    // Before the system is used: nothing may be waited for while it is.
    const asked = this.#closed ? undefined : await this.#authenticator()?.judge(request, headers);
    return this.#use(!reads.has(request.method), (system) => this.#answer(system, { request, headers, body, asked }));
  };

  async tick() {
    const failures = await this.#use(true, (system) => value(system.tick(this.#now(system))));
    if (failures > 0) throw unavailable(`${failures} parts of the tick failed`);
  }

  snapshot() {
    return this.#use(false, (system) => system.snapshot());
  }

  async close() {
    this.#closed = true;
    await Promise.allSettled(this.#begun);
    await this.#place.close();
  }

  async #use(writes, work) {
    if (this.#closed) throw directoryClosed();
    const use = (async () => {
      await loaded();
      return this.#place.use(writes, work);
    })();
    this.#begun.add(use);
    try {
      return await use;
    } finally {
      this.#begun.delete(use);
    }
  }

  #answer(system, { request: { method, url }, headers, body, asked }) {
    const head = text(() => ({ method, url, headers }));
    const now = this.#now(system);
    const [{ status, headers: answers, fault }, bytes] = asked ? system.answerAsked(head, body, now, asked) : system.answer(head, body, now);
    if (fault) console.error(`guildhall: ${fault}`);
    const bodyless = method === "HEAD" || withoutBody.has(status);
    return new Response(bodyless ? null : bytes, { status, headers: answers });
  }
}

/** What JSON would pass over or turn into nothing. */
function check(given, now, options) {
  if (typeof given !== "object" || given === null) throw unreadable("options are expected, or nothing");
  if (now !== undefined && typeof now !== "function") throw unreadable("a function that gives the time is expected", "now");
  for (const [name, value] of Object.entries(options)) {
    const lost = typeof value === "number" ? !Number.isFinite(value) : ["function", "symbol"].includes(typeof value);
    if (lost) throw unreadable("it cannot be written as JSON", name);
  }
}

function textOr(given, param) {
  if (given === undefined || typeof given === "string") return given;
  throw unreadable("a text is expected", param);
}

function open(options, snapshot) {
  try {
    return System.open(options, snapshot);
  } catch (reply) {
    // A refusal crosses the border as the text of a reply, here as everywhere.
    if (typeof reply !== "string") throw reply;
    return value(reply);
  }
}

/** The headers of a request, with those that browsers take out of a `Request`: nothing goes over a wire here. */
function sent(request, init) {
  const headers = new Headers(request.headers);
  new Headers(init?.headers).forEach((value, name) => headers.set(name, value));
  return [...headers];
}
