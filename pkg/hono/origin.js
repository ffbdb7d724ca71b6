// Whether a page of another site may be behind a request.
//
// Owns: Guildhall's own rule (`wire/session.rs`), for requests that are the application's to answer: about those
// the installation hears a GET, which it never refuses. Never does: look for a session: any cookie may be what vouches.

import { refused } from "./refusal.js";

/** Refuses what changes something for a cookie alone, unless one of the application's own pages has sent it. */
export function requireOwnOrigin({ method, url }, headers, origin = new URL(url).origin) {
  // A browser adds cookies by itself, and Cloudflare Access its header.
  const isAmbient = headers.has("cookie") || headers.has("cf-access-jwt-assertion");
  if (/^(GET|HEAD|OPTIONS)$/.test(method) || headers.has("authorization") || !isAmbient) return;
  const isOwn = headers.has("origin") ? canonical(headers.get("origin")) === canonical(origin) : headers.get("sec-fetch-site") === "same-origin";
  if (!isOwn) throw refused(403, "origin_mismatch", "a cookie was sent from another origin");
}

/** An origin without what does not count in one: capitals, the scheme's own port, a slash and the dot of the root. */
function canonical(origin) {
  const { protocol, hostname, port } = URL.canParse(origin) ? new URL(origin) : {};
  // What is no origin is nobody's own, not even that of the same text.
  return hostname ? `${protocol}//${hostname.replace(/\.$/, "")}:${port}` : Symbol("no origin");
}
