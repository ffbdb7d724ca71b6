// Tokens of issuers, judged before a directory is asked.
//
// Owns: what the WebAssembly cannot do by itself: fetching key sets, checking signatures with WebCrypto, waiting.
// Never does: decide. Every rule is the WebAssembly's, the same one as the Worker's.

import { Authentication } from "../wasm/directory/guildhall_directory.js";
import { text, value } from "../border.js";
import { beginning } from "../reading.js";

/** In milliseconds, for an answer with its body. */
const patience = 5_000;
/** In bytes. */
const longest = 1024 * 1024;
/** How many imported keys are kept. */
const mostKeys = 64;

/** The headers in which tokens come. */
const carriers = new Set(["authorization", "cf-access-jwt-assertion"]);

/** What came back from an address: `[answer, body]`. */
async function asked(url) {
  const signal = AbortSignal.timeout(patience);
  const nothing = (fault) => [{ fault }, new Uint8Array()];
  try {
    const response = await fetch(url, { redirect: "manual", cache: "no-store", headers: { accept: "application/json" }, signal });
    const { status, type, headers } = response;
    if (type === "opaqueredirect" || (status >= 300 && status < 400)) return nothing("redirect");
    if (status !== 200) return [{ status }, new Uint8Array()];
    const body = await beginning(response, longest + 1);
    if (body.length > longest) return nothing("long");
    return [{ status, cacheControl: headers.get("cache-control"), age: headers.get("age") }, body];
  } catch {
    return nothing(signal.aborted ? "slow" : "unreachable");
  }
}

/** Judges tokens for one directory. */
export class Authenticator {
  #inner;
  #now;
  #keys = new Map();

  /** `options` are the directory's, `now` its clock. */
  constructor(options, now) {
    try {
      this.#inner = Authentication.open(text(() => options));
    } catch (reply) {
      if (typeof reply !== "string") throw reply;
      value(reply);
    }
    this.#now = now;
  }

  /** What became of the token of a request; nothing for a request without one. */
  async judge({ method, url }, headers) {
    if (!headers.some(([name]) => carriers.has(name))) return undefined;
    const asked = this.#inner.begin(text(() => ({ method, url, headers })), this.#now());
    while (await this.#step(asked));
    return asked;
  }

  /** One step; whether another one follows. */
  async #step(pending) {
    const { done, fetch: url, verify, wait, fault } = JSON.parse(this.#inner.step(pending, this.#now()));
    if (fault) console.warn(`guildhall: ${fault}`);
    if (url) {
      const [answer, body] = await asked(url);
      this.#inner.fetched(pending, JSON.stringify(answer), body, this.#now());
    }
    if (verify) pending.verified(await this.#isRight(verify));
    if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
    return !done;
  }

  async #isRight({ jwk, import: algorithm, verify, input, signature }) {
    try {
      const key = await this.#key(jwk, algorithm);
      return await crypto.subtle.verify(verify, key, new Uint8Array(signature), new TextEncoder().encode(input));
    } catch (cause) {
      console.warn(`guildhall: a token's key cannot be used: ${cause?.message}`);
      return false;
    }
  }

  async #key(jwk, algorithm) {
    const name = JSON.stringify([jwk, algorithm]);
    const known = this.#keys.get(name);
    if (known) return known;
    const key = await crypto.subtle.importKey("jwk", JSON.parse(jwk), algorithm, false, ["verify"]);
    if (this.#keys.size >= mostKeys) this.#keys.delete(this.#keys.keys().next().value);
    this.#keys.set(name, key);
    return key;
  }
}
