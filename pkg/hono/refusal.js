// Refusals: problem documents (RFC 9457), in the API's own words and statuses.
//
// Owns: their form. Never does: find out who is asking.

/** Of what a pass throws; 401 of what else is wrong with one. */
const statuses = { pass_stale: 412, unavailable: 503 };

/** A document as the answer that it is. */
export function problem(status, document, retryAfter = status === 503 && "1") {
  const headers = { "content-type": "application/problem+json", "cache-control": "no-store" };
  if (status === 401) headers["www-authenticate"] = "Bearer";
  if (retryAfter) headers["retry-after"] = retryAfter;
  return Response.json(document, { status, headers });
}

/** A refusal of our own, to be thrown. */
export const refused = (status, code, title, detail = title, param) =>
  problem(status, { type: `urn:guildhall:problem:${code}`, title, status, detail, code, param });

/** The refusal that was thrown; anything but that, or what is wrong with a pass, is a mistake in the application. */
export function judged(error) {
  if (error instanceof Response) return error;
  const { code, title, message } = error;
  const status = statuses[code] ?? (/^pass_/.test(code) && 401);
  if (!status) throw error;
  // Without `param`: what is at fault is no field of the request.
  return refused(status, code, title, message);
}
