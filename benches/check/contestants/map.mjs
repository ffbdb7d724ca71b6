// The measure of all: look-ups in JavaScript's own `Map`, text to answer.
//
// Owns: the least that an answer can cost, and what it costs to be told of a permission that is unknown. Never
// does: notice an end.

/** From a text, as a server would send it: the keys are nobody else's objects. */
const read = ({ table }) => JSON.parse(table).map(([organization, answers]) => [organization, new Map(answers)]);

export function maps(world) {
  const all = new Map(read(world));
  const one = read(world)[0][1];
  return {
    name: "JS Map",
    pass: { run: ({ length, permissions }) => {
      let yes = 0;
      for (let index = 0; index < length; index += 1) if (one.get(permissions[index])) yes += 1;
      return yes;
    } },
    passport: { run: ({ length, organizations, permissions }) => {
      let yes = 0;
      for (let index = 0; index < length; index += 1) if (all.get(organizations[index]).get(permissions[index])) yes += 1;
      return yes;
    } },
  };
}

/** What somebody would write who must not take an unknown permission for a no. */
export function strictMaps(world) {
  const all = new Map(read(world));
  const one = read(world)[0][1];
  const known = (answer, permission) => {
    if (answer === undefined) throw new TypeError(`no such permission: ${permission}`);
    return answer;
  };
  const can = (permission) => known(one.get(permission), permission);
  const canIn = (organization, permission) => known(all.get(organization)?.get(permission), permission);
  return {
    name: "JS Map, unknown refused",
    pass: { run: ({ length, permissions }) => {
      let yes = 0;
      for (let index = 0; index < length; index += 1) if (can(permissions[index])) yes += 1;
      return yes;
    } },
    passport: { run: ({ length, organizations, permissions }) => {
      let yes = 0;
      for (let index = 0; index < length; index += 1) if (canIn(organizations[index], permissions[index])) yes += 1;
      return yes;
    } },
  };
}
