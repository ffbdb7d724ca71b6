// Refusals as problem documents (RFC 9457), in the API's own words and statuses.
//
// Owns: the status of a refusal. Never does: find out who is asking.

import { unreadable } from "../errors.js";

const statuses = {
  permission_denied: 403, membership_suspended: 403, not_found: 404,
  organization_ambiguous: 409, organization_required: 409, organization_inactive: 409,
  pass_stale: 412, unknown_permission: 422, unavailable: 503,
};

export const refused = (code, title, message = title) => ({ code, title, message });

/** What is demanded; a name that is none is the application's mistake, and would let everybody in or nobody. */
export function demanded(permissions) {
  const areNames = Array.isArray(permissions) && permissions.every((name) => typeof name === "string" && name !== "");
  if (!areNames) throw unreadable("names of permissions are expected", "permissions");
  return permissions;
}

/** The answer to whoever may not, or nothing. */
export async function denial({ standing, refusal, undeclared }, permissions) {
  if (refusal) return problem(refusal);
  if (!standing.isMember && !standing.platformAdmin) return problem(refused("unauthenticated", "sign in first"));
  try {
    // Each is asked about: one that does not exist is told, whatever the others are.
    const missing = permissions.filter((permission) => !standing.can(permission));
    if (missing.length === 0) return undefined;
    const unknown = await undeclared?.(standing, missing);
    if (!unknown) return problem(refused("permission_denied", "a permission is missing", `\`${missing[0]}\` is missing`));
    throw unknown;
  } catch (error) {
    // A pass can run out between being believed and being asked.
    if (!["pass_expired", "unknown_permission"].includes(error?.code)) throw error;
    // Without `param`: what is at fault is no field of the request.
    return problem(refused(error.code, error.title, error.message));
  }
}

function problem({ code, title, message, param, requestId, organizations, retryAfter, status = statuses[code] ?? 401 }) {
  const document = { type: `urn:guildhall:problem:${code}`, title, status, detail: message, code, param, requestId, organizations };
  const headers = { "content-type": "application/problem+json", "cache-control": "no-store" };
  if (status === 401) headers["www-authenticate"] = "Bearer";
  if (retryAfter !== undefined || status === 503) headers["retry-after"] = String(retryAfter ?? 1);
  return new Response(JSON.stringify(document), { status, headers });
}
