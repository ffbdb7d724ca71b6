// node-casbin: an enforcer for each membership: in one for all it goes through every line of every
// organization, and takes fifty times as long.
//
// Owns: its model. Never does: await: `enforceSync` is its fastest door.

import { newEnforcer, newModelFromString } from "casbin";
import { parts } from "../workload.mjs";

const model = `
[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.dom == p.dom && r.obj == p.obj && r.act == p.act && g(r.sub, p.sub, r.dom)`;

async function enforcer([organization, answers]) {
  const result = await newEnforcer(newModelFromString(model));
  const allowed = answers.filter(([, yes]) => yes).map(([permission]) => permission);
  await result.addPolicies(allowed.map((permission) => ["crew", organization, ...parts(permission)]));
  await result.addGroupingPolicy("krist", "crew", organization);
  return [organization, result];
}

export async function casbin({ table }) {
  const enforcers = new Map(await Promise.all(JSON.parse(table).map(enforcer)));
  const run = ({ length, organizations, resources, actions }) => {
    let yes = 0;
    for (let index = 0; index < length; index += 1) {
      const organization = organizations[index];
      if (enforcers.get(organization).enforceSync("krist", organization, resources[index], actions[index])) yes += 1;
    }
    return yes;
  };
  return { name: "casbin", slow: true, pass: { run }, passport: { run } };
}
