// A pass that has been believed: one membership, signed.
//
// Owns: its shape in JavaScript. Never does: believe (`verify.js`).

import { Membership, statement, table } from "./member.js";

/** One membership, signed. */
export class Pass extends Membership {
  constructor({ token, said, skew, explainPass }) {
    const [member] = said.members;
    const teams = new Map(said.teams.map(([team, allowed]) => [team, table(said.permissions, allowed)]));
    const explain = (permission, team) => explainPass({ token, permission, team });
    // An installation of before does not say the name.
    super({ said: { ...member, name: member.name ?? member.slug }, permissions: said.permissions, teams, ends: said.ends + skew, explain });
    Object.assign(this, statement(said), { teams: Object.freeze([...teams.keys()]), hasMoreTeams: said.more });
    Object.freeze(this);
  }
}
