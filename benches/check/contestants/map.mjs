// The measure of all: look-ups in JavaScript's own `Map`, text to answer.
//
// Owns: the least that an answer can cost. Never does: notice an end, or a permission that is unknown.

/** From a text, as a server would send it: the keys are nobody else's objects. */
export function maps({ table }) {
  const read = () => JSON.parse(table).map(([organization, answers]) => [organization, new Map(answers)]);
  const all = new Map(read());
  const one = read()[0][1];
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
