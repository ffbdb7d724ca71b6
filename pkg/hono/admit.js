// Who is asking: by a pass that comes along, or by asking the installation.
//
// Owns: which of the two, and that a pass answers for its own organization only.
// Never does: believe a header that a client sent, but a pass that is signed.

import { unreadable } from "../errors.js";
import { asked } from "./ask.js";
import { refused } from "./denial.js";
import { header, namesInPath, namesInQuery } from "./names.js";

/**
 * The standing of whoever asks, or the refusal; `names` are those that are the standing's organization.
 * What is the application's own mistake is thrown.
 */
export async function admit(request, { verify, worker, organization, forward, timeout, jwksUrl, jwks = jwksUrl, ...rest }, inRoute = []) {
  if (jwks === undefined && worker === undefined) throw unreadable("`jwks`, `jwksUrl` or `worker` is missing", "jwks");
  const chosen = [await organization?.(request), ...inRoute].filter((name) => name !== undefined && name !== null);
  const names = [...namesInPath(request.url), ...chosen];
  const token = passOf(request.headers, worker === undefined);
  if (jwks !== undefined && token !== undefined) return byPass(token, { request, names, verify, options: { ...rest, jwks } });
  if (worker !== undefined) return { ...(await asked(request, { worker, chosen, forward, timeout })), names };
  return { refusal: refused("unauthenticated", "sign in first", "a pass is expected") };
}

/** A bearer token is a pass where there is nobody else whom it could be for. */
function passOf(headers, orBearer) {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  return headers.get("guildhall-pass") ?? (orBearer ? bearer : undefined);
}

async function byPass(token, { request, names, verify, options }) {
  try {
    const pass = await (verify ?? (await import("guildhall/pass")).verifyPass)(token, options);
    const named = request.headers.get(header);
    const all = [...names, ...namesInQuery(request.url), ...(named === null ? [] : [named])];
    return all.every((name) => isNamed(pass, name)) ? { standing: pass, names } : { refusal: elsewhere };
  } catch (error) {
    return { refusal: judged(error) };
  }
}

const elsewhere = refused("not_found", "there is no such thing, or it is not yours", "another organization is named");

const isNamed = ({ organization }, name) => name === organization.id || name === organization.slug;

/** The same, unless something names another organization that is found out about only now. */
export function confirmed(found, inRoute) {
  const { standing, names = [] } = found;
  const same = !standing || inRoute.every((name) => names.includes(name) || isNamed(standing, name));
  return same ? found : { refusal: elsewhere };
}

/** What is wrong with a pass is its bearer's fault; anything else is a mistake in the application. */
function judged(error) {
  if (!error?.code?.startsWith?.("pass_") && error?.code !== "unavailable") throw error;
  return error;
}

/** The request without what only Guildhall may say, in whatever spelling. */
export function stripped(request) {
  const ours = [...request.headers.keys()].filter((name) => name.startsWith("guildhall"));
  if (ours.length === 0) return request;
  const headers = new Headers(request.headers);
  ours.forEach((name) => headers.delete(name));
  return request.bodyUsed ? new Request(request.url, { method: request.method, headers }) : new Request(request, { headers });
}
