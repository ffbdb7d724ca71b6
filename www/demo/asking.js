// What an installation is asked for: memberships, a pass, a passport and the public keys.
//
// Owns: which requests those are. Never does: know whether a tab or a server answers.

import { call } from "../app/api.js";

/** Who may believe what is shown here. */
export const audience = "demo.guildhall";

/** This server, by the console's cookie. */
export const server = {
  send(_who, line, body) {
    const [method, path] = line.split(" ");
    return call(method, path, { body });
  },
};

/** The organizations of somebody. */
export async function organizationsOf(source, who) {
  const { memberships } = await source.send(who, "GET /v1/me");
  return memberships.map(({ organization }) => organization);
}

/** A pass for one organization, a passport for all of them, and what both are verified with. */
export async function tokensFor(source, who, organization) {
  const [pass, passport, jwks] = await Promise.all([
    source.send(who, `POST /v1/organizations/${organization}/passes`, { audience }),
    source.send(who, "POST /v1/me/passport", { audience }),
    source.send(who, "GET /.well-known/jwks.json"),
  ]);
  return { pass: pass.token, passport: passport.token, jwks };
}
