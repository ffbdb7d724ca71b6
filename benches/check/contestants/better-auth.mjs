// better-auth: a role for each membership, asked by `authorize` and by its client's `checkRolePermission`.
//
// Owns: how it is asked. Never does: ask its server: that would be a request.

import { organizationClient } from "better-auth/client/plugins";
import { createAccessControl } from "better-auth/plugins/access";
import { parts, permissions, resources } from "../workload.mjs";

/** `{invoice: ["read", …], …}` of some permissions. */
const statements = (some) => Object.fromEntries(resources.map((resource) => [resource, some.map(parts).filter(([first]) => first === resource).map(([, action]) => action)]));

export function betterAuth({ table }) {
  const control = createAccessControl(statements(permissions));
  const role = (answers) => control.newRole(statements(answers.filter(([, allowed]) => allowed).map(([permission]) => permission)));
  const roles = new Map(JSON.parse(table).map(([organization, answers]) => [organization, role(answers)]));
  return [authorize(roles), client(control, roles)];
}

function authorize(roles) {
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

/** The client knows roles by name: each membership has one of its own. */
function client(control, roles) {
  const names = new Map([...roles.keys()].map((organization, place) => [organization, `crew${place}`]));
  const known = Object.fromEntries([...roles].map(([organization, role]) => [names.get(organization), role]));
  const { organization } = organizationClient({ ac: control, roles: known }).getActions();
  return {
    name: "better-auth, checkRolePermission",
    pass: { run: ({ length, resources, actions }) => {
      let yes = 0;
      for (let index = 0; index < length; index += 1) if (organization.checkRolePermission({ role: "crew0", permissions: { [resources[index]]: [actions[index]] } })) yes += 1;
      return yes;
    } },
    passport: { run: ({ length, organizations, resources, actions }) => {
      let yes = 0;
      for (let index = 0; index < length; index += 1) if (organization.checkRolePermission({ role: names.get(organizations[index]), permissions: { [resources[index]]: [actions[index]] } })) yes += 1;
      return yes;
    } },
  };
}
