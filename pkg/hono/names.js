// Where a request names its organization.
//
// Owns: the reading of its path, segment by segment and decoded, as the core reads it
// (`wire/route.rs`): `/%6f/nirvana` is `/o/nirvana`, to Guildhall and to routers alike.
// Never does: choose: all names must mean the same organization.

export const header = "guildhall-organization";

/** The names in a path: of `/o/{name}/…`, and of `/v1/organizations/{name}/…` behind it or alone. */
export function namesInPath(url) {
  const parts = new URL(url).pathname.split("/").map(decoded);
  const prefix = parts[1] === "o" ? parts.splice(1, 2).slice(1) : [];
  const within = parts[1] === "v1" && parts[2] === "organizations" ? [parts[3]] : [];
  // An empty name is one too, and nobody's.
  return [...prefix, ...within].filter((name) => name !== undefined);
}

/** The names that a route's own parameters give, where it is known by now. */
export const namesInRoute = ({ req }) => [req.param("organization"), req.param("org")].filter(Boolean);

export const namesInQuery = (url) => new URL(url).searchParams.getAll("org");

/** What cannot be decoded stands for itself, and so for no organization. */
function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
