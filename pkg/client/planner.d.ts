import type { Action, Decision, Facts, OrganizationId, Principal as Actor, Slug } from "../index.js";

/** Decides locally what an action would come to. */
export interface Planner {
  decide: (facts: Facts, command: { actor: Actor; target: { organization: OrganizationId | Slug }; action: Action }, now: number | string | Date, permissions?: readonly string[]) => Decision;
  actor: Actor;
  /** What the application declared besides the built-in permissions. */
  permissions?: readonly string[];
}
