// better-auth's client: `checkRolePermission`, which knows roles by name: each membership has one of its own.
//
// Owns: those names. Never does: ask its server: that would be a request.

import { organizationClient } from "better-auth/client/plugins";
import { access } from "./better-auth.mjs";

export function betterAuthClient(world) {
  const { control, roles } = access(world);
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
