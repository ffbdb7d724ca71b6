// Who is asking: by a pass that comes along, or by asking the installation.
//
// Owns: which of the two, and that a pass answers for its own organization only.
// Never does: believe a header that a client sent, but a pass that is signed.

import { unreadable } from "../errors.js";
import { agree, header, minVersion, namesInPath, namesInQuery } from "./names.js";
import { requireOwnOrigin } from "./origin.js";
import { judged, refused } from "./refusal.js";

/**
 * The standing of whoever asks, or the refusal; `names` are those that are the standing's organization, `ours` is
 * what was sent for Guildhall alone, and `before` what of it was taken away already.
 * What is the application's own mistake is thrown.
 */
export async function admit(request, { verify, worker, organization, forward, timeout, origin, jwks, ...rest }, inRoute = [], before = []) {
  const headers = new Headers([...request.headers, ...before]);
  const names = [...namesInPath(request.url), await organization?.(request), ...inRoute].filter((name) => name != null);
  const isAlone = worker === undefined;
  // A bearer token is a pass where there is nobody else whom it could be for.
  const bearer = isAlone ? headers.get("authorization")?.match(/^Bearer +(\S+)$/i)?.[1] : undefined;
  const token = headers.get("guildhall-pass") ?? bearer;
  const find = async () => {
    if (jwks !== undefined && token !== undefined) {
      const check = verify ?? (await import("guildhall/pass")).verifyPass;
      const standing = await check(token, since(headers.get(minVersion), { ...rest, jwks }));
      agree(standing, [...names, ...namesInQuery(request.url), headers.get(header) ?? standing.organization.id]);
      return { standing };
    }
    if (isAlone) throw jwks === undefined ? unreadable("`jwks` or `worker` is missing", "jwks") : refused(401, "unauthenticated", "sign in first", "a pass is expected");
    requireOwnOrigin(request, headers, origin);
    // Loaded when it is needed, as what believes passes is: few applications need both.
    const { asked } = await import("./ask.js");
    return asked({ request, headers, names }, worker, forward, timeout);
  };
  const found = await find().catch((error) => ({ refusal: judged(error) }));
  return { ours: oursIn(headers), names, ...found };
}

/** With the version that the client has seen, unless the application demands a newer one. */
function since(version, options) {
  if (version === null) return options;
  if (!/^\d{1,15}$/.test(version)) throw refused(400, "malformed_request", "the request cannot be read", "a version is a whole number from 0 to 9007199254740991", "Guildhall-Min-Version");
  return { ...options, minVersion: Math.max(options.minVersion ?? 0, version) };
}

/** What is for Guildhall alone: names that only it may use, in whatever spelling, and an operator key, whose form no other system's tokens have. */
const oursIn = (headers) => [...headers].filter(([name, value]) => name.startsWith("guildhall") || (name === "authorization" && /gho_[\w-]{49}/.test(value)));

/** The request without that. */
export function stripped(request) {
  const ours = oursIn(request.headers);
  if (ours.length === 0) return request;
  const headers = new Headers(request.headers);
  for (const [name] of ours) headers.delete(name);
  return new Request(request.bodyUsed ? request.url : request, { method: request.method, headers });
}
