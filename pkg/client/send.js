// Sending, and sending again.
//
// Owns: what may be repeated, when, and how often.
// Never does: repeat a write that could happen twice: only GET and POST under an idempotency key.

import { within } from "../ending.js";
import { GuildhallError, unreadable } from "../errors.js";
import { addressOf, isOwnSite } from "./address.js";
import { moved, refusal, unreachable } from "./answer.js";
import { acting } from "./options.js";

/** In milliseconds. What asks for more patience is an answer for the caller to hear. */
const firstPause = 200;
const longestPause = 20_000;

const repeatable = ["GET", "POST"];

/** A function from a prepared request to the text and headers of its answer. */
export function sender(settings) {
  const { retries = 2 } = settings;
  return async (request, options) => {
    const url = addressOf(settings) + request.path;
    const { signal } = options;
    const call = { ...request, url, ask: () => settings.token(undefined, signal) };
    for (let attempt = 0; ; ) {
      try {
        return await once(settings, call, options);
      } catch (failure) {
        if (await renewed(call, failure, settings, signal)) continue;
        const pause = attempt < retries && again(request, failure, attempt);
        if (pause === false) throw failure;
        await wait(pause, signal);
        attempt += 1;
      }
    }
  };
}

/**
 * Whether there is another token than the one that was refused, once a call. Then the call is made with it: nothing has
 * happened yet, and its body is a text, so even a change may be sent again.
 */
async function renewed(call, failure, { token }, signal) {
  if (failure?.status !== 401 || !token.isAsked || !call.sent || call.isRenewed) return false;
  call.isRenewed = true;
  const next = await token(call.sent, signal);
  call.ask = async () => next;
  return Boolean(next) && next !== call.sent;
}

/** After how long it may be sent again; `false` for never. */
function again({ method }, failure, attempt) {
  if (!(failure instanceof GuildhallError) || !repeatable.includes(method)) return false;
  const { status = failure.code === "unavailable" ? 503 : 0, retryAfter } = failure;
  if (status !== 429 && status < 500) return false;
  // Half of it is chance, so that those who fail together do not come back together.
  const pause = retryAfter === undefined ? firstPause * 2 ** attempt * (0.5 + Math.random() / 2) : retryAfter * 1000;
  return pause <= longestPause && pause;
}

async function once(settings, request, { signal: end, headers: own, actAs = settings.actAs }) {
  return within([end], async (signal) => {
    const init = { method: request.method, headers: await headers({ ...settings, actAs }, request, own), body: request.body, signal };
    if (settings.credentials) init.credentials = settings.credentials;
    const { response, text } = await exchange(settings, request.url, init);
    if (!response.ok) throw refusal(response, text);
    return { status: response.status, headers: response.headers, text };
  });
}

async function headers({ headers: always, ...settings }, call, own) {
  const all = written("headers", () => new Headers(always));
  for (const [name, value] of [...call.headers, ...acting(settings)]) written(name, () => all.set(name, value));
  written("headers", () => new Headers(own).forEach((value, name) => all.set(name, value)));
  if (all.has("authorization")) return all;
  call.sent = await call.ask();
  if (call.sent) written("token", () => all.set("authorization", `Bearer ${call.sent}`));
  return all;
}

/** What cannot stand in a header is the caller's mistake. Without the cause: it would show the token. */
function written(param, write) {
  try {
    return write();
  } catch {
    throw unreadable("it cannot be sent as a header", param);
  }
}

/** Whoever follows by themselves take token, headers and body along to wherever they are sent, so nobody may. */
async function exchange({ fetch }, url, given) {
  const init = { ...given, redirect: "manual" };
  try {
    const first = await fetch(url, init);
    const response = (await further(fetch, first, url, init)) ?? first;
    return { response, text: await response.text() };
  } catch (cause) {
    init.signal?.throwIfAborted();
    throw cause instanceof GuildhallError ? cause : unreachable(cause);
  }
}

/**
 * A former slug leads to the present one, once and within the installation. Browsers do not show where to: there a
 * read may be followed if it is of the page's own site, for `same-origin` ends it before it leaves. Of an
 * installation elsewhere it ends here.
 */
function further(fetch, first, url, init) {
  const target = moved(first, url);
  if (target) return fetch(target, init);
  const isHidden = first.type === "opaqueredirect" && init.method === "GET" && isOwnSite(url);
  return isHidden ? fetch(url, { ...init, redirect: "follow", mode: "same-origin" }) : undefined;
}

function wait(pause, signal) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => { clearTimeout(timer); reject(signal.reason); };
    const timer = setTimeout(() => { signal?.removeEventListener("abort", stop); resolve(); }, pause);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
