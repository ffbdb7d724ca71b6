// Who is asking: by a pass that comes along, or by asking the installation.
//
// Owns: which of the two, and that a pass answers for its own organization only.
// Never does: believe a header that a client sent, but a pass that is signed.

import { unreadable } from "../errors.js";
import { asked } from "./ask.js";
import { refused } from "./denial.js";

/** The standing of whoever asks, or the refusal. What is the application's own mistake is thrown. */
export async function admit(request, { verify, worker, organization, forward, jwksUrl, jwks = jwksUrl, ...rest }) {
  if (jwks === undefined && worker === undefined) throw unreadable("`jwks`, `jwksUrl` or `worker` is missing", "jwks");
  const named = await organization?.(request);
  const token = passOf(request.headers, worker === undefined);
  if (jwks !== undefined && token !== undefined) return byPass(token, { request, named, verify, options: { ...rest, jwks } });
  if (worker !== undefined) return asked(request, { worker, named, forward });
  return { refusal: refused("unauthenticated", "sign in first", "a pass is expected") };
}

/** A bearer token is a pass where there is nobody else whom it could be for. */
function passOf(headers, orBearer) {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  return headers.get("guildhall-pass") ?? (orBearer ? bearer : undefined);
}

async function byPass(token, { request, named, verify, options }) {
  try {
    const pass = await (verify ?? (await import("guildhall/pass")).verifyPass)(token, options);
    const { id, slug } = pass.organization;
    const same = names(request, named).every((name) => name === id || name === slug);
    return same ? { standing: pass } : { refusal: refused("not_found", "there is no such thing", "the pass is for another organization") };
  } catch (error) {
    return { refusal: judged(error) };
  }
}

/** What is wrong with a pass is its bearer's fault; anything else is a mistake in the application. */
function judged(error) {
  if (!error?.code?.startsWith?.("pass_") && error?.code !== "unavailable") throw error;
  return error;
}

/** Every organization that a request names: all of them must be the pass's. */
function names(request, named) {
  const { pathname, searchParams } = new URL(request.url);
  const [, prefix] = /^\/o\/([^/]+)/.exec(pathname) ?? [];
  const all = [named, prefix && decoded(prefix), request.headers.get("guildhall-organization"), ...searchParams.getAll("org")];
  return all.filter((name) => name !== undefined && name !== null);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The request without what only Guildhall may say, in whatever spelling. */
export function stripped(request) {
  const ours = [...request.headers.keys()].filter((name) => name.startsWith("guildhall"));
  if (ours.length === 0) return request;
  const headers = new Headers(request.headers);
  ours.forEach((name) => headers.delete(name));
  return request.bodyUsed ? new Request(request.url, { method: request.method, headers }) : new Request(request, { headers });
}
