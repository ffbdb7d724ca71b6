// Answers, good and bad.
//
// Owns: what a response means. Never does: ask for one.

import { GuildhallError } from "../errors.js";

const title = "the installation cannot be asked now";

/** Nothing came back. */
export const unreachable = (cause) =>
  new GuildhallError({ code: "unavailable", title, message: cause?.message ?? String(cause) }, { cause });

/** The error for a response that is not ok: its problem document, or what stands in its place. */
export function refusal({ status, headers, type }, text) {
  const problem = document(text);
  const detail = type === "opaqueredirect" ? "answered by a redirect that may lead elsewhere" : `answered ${status}, not by Guildhall`;
  const known = problem ?? { code: "unavailable", title, detail };
  const error = new GuildhallError({ code: known.code, title: known.title, message: known.detail, param: known.param });
  const more = { status, requestId: known.requestId ?? headers.get("x-request-id") ?? undefined, retryAfter: retryAfter(headers), problem };
  return Object.assign(error, Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)));
}

function document(text) {
  try {
    const value = JSON.parse(text);
    return typeof value?.code === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** In seconds, from either form that the header has. */
function retryAfter(headers) {
  const text = headers.get("retry-after");
  if (text === null) return undefined;
  const seconds = Number(text);
  const rest = Number.isNaN(seconds) ? (Date.parse(text) - Date.now()) / 1000 : seconds;
  return Number.isNaN(rest) ? undefined : Math.max(0, rest);
}

/** Where an answer sends a reader, in this installation and nowhere else: the token goes along. */
export function moved({ status, headers }, url) {
  const location = status === 308 && headers.get("location");
  if (!location) return undefined;
  const base = new URL(url, globalThis.location?.href ?? "http://localhost");
  const target = new URL(location, base);
  return target.origin === base.origin ? target.href : undefined;
}

/** The value of a text; an answer that is cut off or somebody else's is none. */
export function value(text) {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreachable(cause);
  }
}
