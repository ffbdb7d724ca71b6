// The whole system in memory, as something that can be fetched from.
//
// Owns: the way of `Request` and `Response` across the border, and the clock.
// Never does: load anything by itself (the entries do), or hold a rule (the WebAssembly does).

import { text, value } from "../border.js";
import { unavailable } from "../errors.js";
import { Directory as System } from "../wasm/directory/guildhall_directory.js";

export { GuildhallError } from "../errors.js";

/** Addresses without a host are of this one. */
const origin = "http://localhost";
const withoutBody = new Set([204, 205, 304]);

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

/** Strictly forward: lists are in order of time, and a memory answers more often than once a millisecond. */
function forwardClock() {
  let last = 0;
  return () => (last = Math.max(Date.now(), last + 1));
}

export class Directory {
  #now;
  #options;
  #system;

  constructor({ now = forwardClock(), ...options } = {}) {
    this.#now = now;
    this.#options = options;
  }

  /** Bound, so that it can stand wherever a `fetch` is wanted. */
  fetch = async (input, init) => {
    const request = new Request(input instanceof Request ? input : new URL(input, origin), init);
    request.signal?.throwIfAborted();
    const system = await this.#opened();
    const body = await beginning(request, System.bodyLimit(new URL(request.url).pathname));
    return this.#answer(system, request, sent(request, init), body);
  };

  async tick() {
    const system = await this.#opened();
    const failures = value(system.tick(Number(this.#now())));
    if (failures > 0) throw unavailable(`${failures} parts of the tick failed`);
  }

  #answer(system, { method, url }, headers, body) {
    const head = text(() => ({ method, url, headers }));
    const [{ status, headers: answers, fault }, bytes] = system.answer(head, body, Number(this.#now()));
    if (fault) console.error(`guildhall: ${fault}`);
    const bodyless = method === "HEAD" || withoutBody.has(status);
    return new Response(bodyless ? null : bytes, { status, headers: answers });
  }

  async #opened() {
    await loaded();
    return (this.#system ??= open(text(() => this.#options)));
  }
}

function open(options) {
  try {
    return System.open(options);
  } catch (reply) {
    // A refusal crosses the border as the text of a reply, here as everywhere.
    if (typeof reply !== "string") throw reply;
    return value(reply);
  }
}

/** The first `limit` bytes of a body: enough to see that it is too long, and an end to one that has none. */
async function beginning(request, limit) {
  // Firefox has no `Request.body`; there the whole is read.
  if (!request.body) return new Uint8Array(await request.arrayBuffer()).subarray(0, limit);
  const chunks = [];
  let length = 0;
  for (const reader = request.body.getReader(); length < limit; ) {
    const { done, value: chunk } = await reader.read();
    if (done) break;
    chunks.push(chunk);
    length += chunk.length;
    if (length >= limit) reader.cancel().catch(() => {});
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer()).subarray(0, limit);
}

/** The headers of a request, with those that browsers take out of a `Request`: nothing goes over a wire here. */
function sent(request, init) {
  const headers = new Headers(request.headers);
  new Headers(init?.headers).forEach((value, name) => headers.set(name, value));
  return [...headers];
}
