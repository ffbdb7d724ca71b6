// Where a request names its organization.
//
// Owns: the reading of its path, segment by segment and decoded, as the core reads it
// (`wire/route.rs`): `/%6f/nirvana` is `/o/nirvana`, to Guildhall and to routers alike.
// Never does: choose: all names must mean the same organization.

import { refused } from "./refusal.js";

export const header = "guildhall-organization";
/** What says who is asking, and where: what an answer depends on, as in Guildhall's own (`wire/answer.rs`). */
export const asker = ["authorization", "cookie", "cf-access-jwt-assertion", header, "guildhall-pass"];
/** What names a user in whose name the request is made: it counts with the caller's own operator key, and without one not at all. */
export const actAs = ["guildhall-act-as", "guildhall-act-as-email"];
export const minVersion = "guildhall-min-version";

/** The names in a path: of `/o/{name}/…`, and of `/v1/organizations/{name}/…` behind it or alone. */
export function namesInPath(url) {
  const [, ...parts] = new URL(url).pathname.split("/").map(decoded);
  const prefix = parts[0] === "o" && parts.splice(0, 2)[1];
  const within = parts[0] === "v1" && parts[1] === "organizations" && parts[2];
  // An empty name is one too, and nobody's.
  return [prefix, within].filter((name) => typeof name === "string");
}

/** The names that a route's own parameters give, where it is known by now. */
export const namesInRoute = (req) => [req.param("organization"), req.param("org")];

export const namesInQuery = (url) => new URL(url).searchParams.getAll("org");

/** Refuses a name of another organization than the standing's. Capitals of a slug do not count, as in a host. */
export function agree({ organization: { id, slug } }, names) {
  const isSame = names.every((name) => name === id || name.toLowerCase() === slug);
  if (!isSame) throw refused(404, "not_found", "there is no such thing, or it is not yours", "another organization is named");
}

/** What cannot be decoded stands for itself, and so for no organization. */
function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
