// better-auth with its organization plugin on D1, as an application on Workers sets it up: one instance an isolate.
// `BEST` turns on what its documentation advises for speed: sessions in a signed cookie, and joins.

import { betterAuth } from "better-auth";
import { organization } from "better-auth/plugins/organization";
import { options } from "../contenders/better-auth-options.mjs";

let auth;

/** `addMember` has no route of its own: what an application writes around it. */
async function add(request) {
  const { organizationId, userId } = await request.json();
  const { headers } = request;
  const { success } = await auth.api.hasPermission({ headers, body: { organizationId, permissions: { member: ["create"] } } });
  if (!success) return Response.json({ code: "forbidden" }, { status: 403 });
  return Response.json(await auth.api.addMember({ body: { organizationId, userId, role: "member" } }));
}

export default {
  fetch(request, env) {
    auth ??= betterAuth({ ...options(organization, env.BEST), secret: env.SECRET_KEY, database: env.DB });
    return new URL(request.url).pathname === "/app/members" ? add(request) : auth.handler(request);
  },
};
