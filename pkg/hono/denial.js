// Who may not.
//
// Owns: what is demanded, and of whom. Never does: find out who is asking.

import { refused as mistaken, unreadable } from "../errors.js";
import { agree } from "./names.js";
import { judged, refused } from "./refusal.js";

/** What is built in; an application can declare nothing for these resources. */
const builtIn = /^(organization:(read|update|deactivate|delete|transfer)|member:(read|add|update|remove)|invitation:(read|create|revoke)|(role|team|domain|webhook):(read|create|update|delete)|audit:read|api_key:(read|create|delete))$/;
const resources = /^(organization|member|invitation|role|team|domain|webhook|audit|api_key):/;
const form = /^[a-z][a-z0-9_]{0,62}:[a-z][a-z0-9_]{0,62}$/;

/** Whether there can be such a permission; which ones an application has declared, its installation knows. */
const canBe = (name) => (resources.test(name) ? builtIn : form).test(name);

/** What is demanded; a name that is none is the application's mistake, and would let everybody in or nobody. */
export function demanded(permissions) {
  // Copied, for `every` passes over holes.
  const areNames = Array.isArray(permissions) && [...permissions].every((name) => name && typeof name === "string");
  if (!areNames) throw unreadable("names of permissions are expected", "permissions");
  const unknown = permissions.find((name) => !canBe(name));
  if (unknown !== undefined) throw mistaken("unknown_permission", "there is no such permission", `there is no permission \`${unknown.slice(0, 100)}\`; the installation's setting \`PERMISSIONS\` declares the application's own, \`resource:action\``, "permissions");
  return permissions;
}

/** The answer to whoever may not, or nothing; `inRoute` is what is named and found out about only now. */
export async function denial({ standing, refusal, names, undeclared }, permissions, inRoute = []) {
  try {
    if (refusal) throw refusal;
    // A pass can run out between being believed and being asked; then its `can` answers no to everything.
    if (standing.expired) throw refused(401, "pass_expired", "the pass has run out", "ask for another one");
    agree(standing, inRoute.filter((name) => name && !names.includes(name)));
    if (!standing.isMember && !standing.platformAdmin) throw refused(401, "unauthenticated", "sign in first");
    // Each is asked about: one that does not exist is told, whatever the others are.
    const missing = permissions.filter((permission) => !standing.can(permission));
    if (missing.length === 0) return undefined;
    await undeclared?.(standing, missing);
    throw refused(403, "permission_denied", "a permission is missing", `\`${missing[0]}\` is missing`);
  } catch (error) {
    return judged(error);
  }
}
