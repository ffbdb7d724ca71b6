// CASL: an ability for each membership, as its documentation builds them.
//
// Owns: how it is asked. Never does: parse `invoice:read` while it is timed: it gets action and subject.

import { AbilityBuilder, createMongoAbility } from "@casl/ability";

function ability(answers) {
  const { can, build } = new AbilityBuilder(createMongoAbility);
  for (const [permission, allowed] of answers) {
    const [resource, action] = permission.split(":");
    if (allowed) can(action, resource);
  }
  return build();
}

export function casl({ table }) {
  const abilities = new Map(JSON.parse(table).map(([organization, answers]) => [organization, ability(answers)]));
  const [one] = abilities.values();
  return {
    name: "CASL",
    pass: { run: ({ length, resources, actions }) => {
      let yes = 0;
      for (let index = 0; index < length; index += 1) if (one.can(actions[index], resources[index])) yes += 1;
      return yes;
    } },
    passport: { run: ({ length, organizations, resources, actions }) => {
      let yes = 0;
      for (let index = 0; index < length; index += 1) if (abilities.get(organizations[index]).can(actions[index], resources[index])) yes += 1;
      return yes;
    } },
  };
}
