// better-auth: a role for each membership, asked by `authorize`.
//
// Owns: how roles are made of the data. Never does: ask its server: that would be a request.

import { createAccessControl } from "better-auth/plugins/access";
import { parts, permissions, resources } from "../workload.mjs";

/** `{invoice: ["read", …], …}` of some permissions. */
const statements = (some) => Object.fromEntries(resources.map((resource) => [resource, some.map(parts).filter(([first]) => first === resource).map(([, action]) => action)]));

/** The access control, and by organization the role that its membership is. */
export function access({ table }) {
  const control = createAccessControl(statements(permissions));
  const role = (answers) => control.newRole(statements(answers.filter(([, allowed]) => allowed).map(([permission]) => permission)));
  return { control, roles: new Map(JSON.parse(table).map(([organization, answers]) => [organization, role(answers)])) };
}

export function betterAuth(world) {
  const { roles } = access(world);
  const [one] = roles.values();
  return {
    name: "better-auth, authorize",
    pass: { run: ({ length, resources, actions }) => {
      let yes = 0;
      for (let index = 0; index < length; index += 1) if (one.authorize({ [resources[index]]: [actions[index]] }).success) yes += 1;
      return yes;
    } },
    passport: { run: ({ length, organizations, resources, actions }) => {
      let yes = 0;
      for (let index = 0; index < length; index += 1) if (roles.get(organizations[index]).authorize({ [resources[index]]: [actions[index]] }).success) yes += 1;
      return yes;
    } },
  };
}
