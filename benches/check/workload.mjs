// What is asked, and what the answers must be.
//
// Owns: 100 memberships, 12 permissions, half of the answers no, in an order that is shuffled once.
// Never does: ask anybody, or read a clock; it runs in every runtime.

/** As literals, the way an application writes them. */
export const permissions = [
  "invoice:read", "invoice:pay", "invoice:void", "invoice:export",
  "report:read", "report:share", "report:delete", "report:schedule",
  "project:read", "project:update", "project:archive", "project:publish",
];
export const resources = ["invoice", "report", "project"];
export const memberships = 100;

/** The same numbers in every run. */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function shuffled(values, seed) {
  const next = numbers(seed);
  const result = [...values];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = next(last + 1);
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}

/** What the user may do in the membership of this place: half of the permissions. */
export const allowed = (place) => shuffled(permissions, place + 1).slice(0, permissions.length / 2);

/** `invoice:read` as the peers want it: the resource, and the action. */
export const parts = (permission) => permission.split(":");

/** Every pair of organization and permission with its answer; of a pass, those of one organization. */
export function rows(ids, kind) {
  const places = kind === "pass" ? [0] : [...ids.keys()];
  const pairs = places.flatMap((place) => permissions.map((permission) => [ids[place], permission, allowed(place).includes(permission)]));
  return shuffled(pairs, 7);
}

/** Questions as columns, which cost no contestant a look-up of its own. */
const columns = (pairs) => ({
  length: pairs.length,
  organizations: pairs.map(([organization]) => organization),
  permissions: pairs.map(([, permission]) => permission),
  resources: pairs.map(([, , resource]) => resource),
  actions: pairs.map(([, , , action]) => action),
});

const split = permissions.map((permission) => [permission, ...parts(permission)]);
const literal = new Map(split.map((texts) => [texts[0], texts]));

/** Questions of the same texts again and again. */
export function repeated(pairs, length) {
  return columns(Array.from({ length }, (_, index) => {
    const [organization, permission] = pairs[index % pairs.length];
    return [organization, ...literal.get(permission)];
  }));
}

/** Makes questions whose texts nobody has seen: `JSON.parse` has just made each. */
export function fresh(pairs, length) {
  const { organizations, permissions, resources, actions } = repeated(pairs, length);
  const text = JSON.stringify({ organizations, permissions, resources, actions });
  return () => ({ length, ...JSON.parse(text) });
}
