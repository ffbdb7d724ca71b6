// A signed-in person who calls the API as a careful client does.
//
// Owns: bearer tokens, idempotency keys, and repeating what was answered 503 with `Retry-After`.
// Never does: repeat any other answer, or hide one from the test.

import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

const patience = 60;
const isBusy = (response) => response.status === 503 && response.headers.has("retry-after");

/** An answer, read to its end. */
async function read(response) {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, headers: response.headers, text, body: isJson && text ? JSON.parse(text) : undefined };
}

/** One request, as it is. */
export async function send(origin, method, path, { token, body, headers } = {}) {
  const all = { ...headers };
  if (token !== undefined) all.authorization = `Bearer ${token}`;
  if (body !== undefined) all["content-type"] = "application/json";
  return read(await fetch(origin + path, { method, headers: all, body: body && JSON.stringify(body), redirect: "manual" }));
}

/** Somebody who calls. Made by `signIn`. */
class Caller {
  constructor(worker, token, person) {
    Object.assign(this, { worker, token, ...person });
  }

  /** The headers of a request with JSON of theirs, for a test that sends it by itself. */
  headers(more) {
    return { authorization: `Bearer ${this.token}`, "content-type": "application/json", ...more };
  }

  /** A request, repeated under the same key while the Worker says that it is busy. */
  async call(method, path, body, { key = randomUUID(), headers = {} } = {}) {
    const all = method === "POST" ? { "idempotency-key": key, ...headers } : headers;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await send(this.worker.origin, method, path, { token: this.token, body, headers: all });
      if (!isBusy(answer) || attempt === patience) return answer;
      await pause(10 + Math.random() * 20 * attempt);
    }
  }

  get = (path) => this.call("GET", path);
  delete = (path) => this.call("DELETE", path);
  patch = (path, body) => this.call("PATCH", path, body);
  post = (path, body = {}, options) => this.call("POST", path, body, options);
}

/** Signs a person in whose address is verified; `more` is said of the person besides. */
export async function signIn(worker, userId, more) {
  const person = { userId, email: `${userId}@example.com`, name: userId, emailVerified: true, ...more };
  const answer = await send(worker.origin, "POST", "/dev/session", { body: person });
  if (answer.status >= 300) throw new Error(`signing in as ${userId} gave ${answer.status}: ${answer.text}`);
  return new Caller(worker, answer.body.token, person);
}

/** Several people at once: `prefix-1`, `prefix-2`, … */
export const signInMany = (worker, prefix, count) => Promise.all(times(count, (index) => signIn(worker, `${prefix}-${index}`)));

/** What `make` gives for 1, 2, … `count`. */
export const times = (count, make) => Array.from({ length: count }, (_, index) => make(index + 1));

/** How often each status (with its code, if the answer is a problem) was given: `{"201": 1, "409 slug_taken": 15}`. */
export function tally(answers) {
  const counts = {};
  for (const { status, body } of answers) {
    const label = body?.code ? `${status} ${body.code}` : String(status);
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts;
}
