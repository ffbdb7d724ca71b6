// One request to the Worker, and what it answers.
//
// Owns: headers (idempotency key, version), JSON, turning refusals into `Problem`, and dropping what comes too late.
// Never does: know a path, show anything, or keep a token.

import { currentVisit, isOver, Late } from "./visit.js";

let requests = 0;

/** A refusal or failure, as a problem document says it (RFC 9457). */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? `the server answered ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? "unknown";
    this.title = body.title ?? this.message;
    this.detail = body.detail;
    this.param = body.param;
    this.requestId = body.requestId;
  }
}

/** How many requests this page has made. */
export function requestCount() {
  return requests;
}

/**
 * Calls the API; `version` becomes `If-Match`. Gives the body, or `null` when there is none. Rule: an answer that comes
 * after the person who asked is gone is `Late`, because whoever is here now must neither see nor cause anything by it.
 */
export async function call(method, path, { body, version } = {}) {
  const visit = currentVisit();
  const response = await send(path, init(method, body, version), visit);
  const value = await read(response);
  if (isOver(visit)) throw new Late();
  if (!response.ok) throw new Problem(response.status, value ?? {});
  return value;
}

function init(method, body, version) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["Content-Type"] = "application/json";
  if (method === "POST") headers["Idempotency-Key"] = crypto.randomUUID();
  if (version !== undefined) headers["If-Match"] = `"v${version}"`;
  const sent = method === "POST" ? (body ?? {}) : body;
  return { method, headers, credentials: "same-origin", body: sent && JSON.stringify(sent) };
}

// Rule: a POST that got no answer is sent once more under the same key: it may have been carried out, and the key
// makes the second one harmless. Not in a later visit, in which another person's cookie would go along.
async function send(path, options, visit) {
  try {
    return await counted(path, options);
  } catch (failure) {
    if (isOver(visit)) throw new Late();
    if (options.method !== "POST") throw unreachable(failure);
  }
  return counted(path, options).catch((failure) => {
    throw unreachable(failure);
  });
}

function counted(path, options) {
  requests += 1;
  return fetch(path, options);
}

function unreachable(failure) {
  const detail = `the request did not get through (${failure.message})`;
  return new Problem(0, { code: "unreachable", title: "the server did not answer", detail });
}

async function read(response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.includes("json")) return null;
  return response.json().catch(() => null);
}
