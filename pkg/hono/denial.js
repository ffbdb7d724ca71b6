// Refusals as problem documents (RFC 9457), in the API's own words and statuses.
//
// Owns: the status of a refusal. Never does: find out who is asking.

const statuses = {
  permission_denied: 403, membership_suspended: 403, not_found: 404,
  organization_ambiguous: 409, organization_required: 409, organization_inactive: 409,
  pass_stale: 412, unavailable: 503,
};

export const refused = (code, title, message = title) => ({ code, title, message });

/** The answer to whoever may not, or nothing. */
export function denial({ standing, refusal }, permissions) {
  if (refusal) return problem(refusal);
  if (!standing.isMember && !standing.platformAdmin) return problem(refused("unauthenticated", "sign in first"));
  try {
    const missing = permissions.find((permission) => !standing.can(permission));
    return missing && problem(refused("permission_denied", "a permission is missing", `\`${missing}\` is missing`));
  } catch (error) {
    // A pass can run out between being believed and being asked.
    if (error?.code !== "pass_expired") throw error;
    return problem(error);
  }
}

function problem({ code, title, message, param, requestId, organizations, retryAfter, status = statuses[code] ?? 401 }) {
  const document = { type: `urn:guildhall:problem:${code}`, title, status, detail: message, code, param, requestId, organizations };
  const headers = { "content-type": "application/problem+json", "cache-control": "no-store" };
  if (status === 401) headers["www-authenticate"] = "Bearer";
  if (retryAfter !== undefined || status === 503) headers["retry-after"] = String(retryAfter ?? 1);
  return new Response(JSON.stringify(document), { status, headers });
}
