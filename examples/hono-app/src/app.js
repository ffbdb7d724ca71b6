// Songs that belong to organizations.
//
// Owns: the songs, and who may do what with them. Never does: know who anybody is: Guildhall says so.

import { Hono } from "hono";
import { guildhall, requireMember, requirePermission } from "guildhall/hono";
import { installation } from "./installation.js";

/** Of each organization, by its id; a real application has a database. */
const songs = new Map();
const of = (standing) => songs.get(standing.organization.id) ?? songs.set(standing.organization.id, []).get(standing.organization.id);

/** A pass in `Guildhall-Pass` is verified here; whoever has none is asked about at the installation. */
const settings = (env) => {
  const worker = installation(env);
  const fetch = (url, init) => worker.fetch(new Request(url, init));
  return { worker, jwksUrl: "http://localhost/.well-known/jwks.json", fetch, audience: "songs" };
};

const app = new Hono();

// Guildhall's own paths, so that the example is whole: signing in, organizations, members, passes.
for (const path of ["/v1/*", "/dev/*", "/.well-known/*"]) app.all(path, (c) => installation(c.env).fetch(c.req.raw));

app.get("/", (c) => c.text("Songs of organizations: GET and POST /o/{organization}/songs\n"));

app.use("/o/:organization/*", guildhall(settings));

app.get("/o/:organization/songs", requireMember(), (c) => c.json({ songs: of(c.get("guildhall")) }));

app.post("/o/:organization/songs", requirePermission("member:add"), async (c) => {
  const { title } = await c.req.json();
  of(c.get("guildhall")).push({ title: String(title), by: c.get("guildhall").userId });
  return c.json({ songs: of(c.get("guildhall")) }, 201);
});

export default app;
