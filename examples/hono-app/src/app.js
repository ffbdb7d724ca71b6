// Songs that belong to organizations.
//
// Owns: the songs, and who may do what with them. Never does: know who anybody is: Guildhall says so.

import { Hono } from "hono";
import { guildhall, requireMember, requirePermission } from "guildhall/hono";
import { asked, installation } from "./installation.js";

/** Of each organization, by its id; a real application has a database. */
const songs = new Map();
const of = (standing) => songs.get(standing.organization.id) ?? songs.set(standing.organization.id, []).get(standing.organization.id);

/** A pass in `Guildhall-Pass` is verified here; whoever has none is asked about at the installation. */
const settings = (env) => {
  const worker = installation(env);
  return { worker, jwks: "http://localhost/.well-known/jwks.json", fetch: asked(worker), audience: "songs" };
};

/** A problem document (RFC 9457), as Guildhall's own. */
const unprocessable = (param, detail) => {
  const problem = { type: "about:blank", title: "a value breaks its rule", status: 422, detail, code: "invalid_value", param };
  return Response.json(problem, { status: 422, headers: { "content-type": "application/problem+json" } });
};

const app = new Hono();

// Guildhall's own paths, so that the example is whole: signing in, organizations, members, passes.
for (const path of ["/v1/*", "/dev/*", "/.well-known/*"]) app.all(path, (c) => installation(c.env).fetch(c.req.raw));

app.get("/", (c) => c.text("Songs of organizations: GET and POST /o/{organization}/songs\n"));

app.use("/o/:organization/*", guildhall(settings));

app.get("/o/:organization/songs", requireMember(), (c) => c.json({ songs: of(c.get("guildhall")) }));

app.post("/o/:organization/songs", requirePermission("member:add"), async (c) => {
  const { title } = (await c.req.json().catch(() => null)) ?? {};
  if (typeof title !== "string" || title.trim() === "") return unprocessable("title", "a text is expected");
  of(c.get("guildhall")).push({ title, by: c.get("guildhall").userId });
  return c.json({ songs: of(c.get("guildhall")) }, 201);
});

export default app;
