// What a request and its route name, and what a route demands: nobody comes in under another name.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { Hono } from "hono";
import { installed } from "./support/installed.mjs";

describe("guildhall/hono", () => {
  let api;
  let createClient;
  let GuildhallError;
  let installation;
  let modes;

  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    api = await project.import("hono/hono.js");
    ({ createClient, GuildhallError } = await project.import("client/client.js"));
    const { Directory } = await project.import("directory/node.js");
    installation = new Directory({ settings: { PERMISSIONS: "song:write" } });
    const { fetch } = installation;
    const { token } = await createClient({ fetch }).dev.signIn({ userId: "kurt" });
    const kurt = createClient({ fetch, token });
    await kurt.organizations.create({ name: "Nirvana" });
    const krist = await createClient({ fetch }).dev.signIn({ userId: "krist" });
    await kurt.organization("nirvana").members.add({ userId: "krist" });
    const jwks = await kurt.installation.keys();
    const passOf = async (token) => (await createClient({ fetch, token }).organization("nirvana").pass()).token;
    modes = {
      worker: { options: { worker: installation }, kurt: { authorization: `Bearer ${token}` }, krist: { authorization: `Bearer ${krist.token}` } },
      pass: { options: { jwks }, kurt: { "guildhall-pass": await passOf(token) }, krist: { "guildhall-pass": await passOf(krist.token) } },
    };
  });

  /** The status of an answer, and its code or text. */
  async function told(response) {
    const text = await response.text();
    return [response.status, response.headers.get("content-type").includes("json") ? JSON.parse(text).code : text];
  }

  /** In both modes the same. */
  async function both(routes, path, expected, who = "kurt") {
    for (const [mode, { options, [who]: headers }] of Object.entries(modes)) {
      const app = new Hono();
      routes(app, api.guildhall(options));
      const answer = await told(await app.request(`https://songs.example${path}`, { headers }));
      assert.deepEqual(answer, expected, `${mode} ${path}`);
    }
  }

  const here = (c) => c.text(c.get("guildhall").organization.slug);

  test("reads a path segment by segment, decoded, as the router does", async () => {
    const routes = (app, guildhall) => {
      app.use("/o/:organization/*", guildhall);
      app.use("/v1/organizations/*", guildhall);
      app.get("/o/:organization/songs", api.requireMember(), here);
      app.get("/v1/organizations/:band/songs", api.requireMember(), here);
    };
    for (const path of ["/o/nirvana/songs", "/%6f/nirvana/songs", "/o/%6eirvana/songs", "/v1/organizations/nirvana/songs", "/v1/organizat%69ons/nirvana/songs"]) await both(routes, path, [200, "nirvana"]);
    for (const path of ["/o/victim/songs", "/%6f/victim/songs", "/%6F/victim/songs", "/o/%76ictim/songs", "/o/%ff/songs", "/o/nirvana%2f/songs", "/v1/organizations/victim/songs", "/%761/organizations/victim/songs"]) {
      await both(routes, path, [404, "not_found"]);
    }
    await both(routes, "/%6f/victim/songs?org=victim", [404, "not_found"]);
    const everywhere = (app, guildhall) => app.use(guildhall, api.requireMember()).get("*", here);
    for (const path of ["/o//songs", "/o/", "/o/nirvana/v1/organizations/victim/songs", "/o/nirvana/v1/organizations/%E6%97%A5/songs", "/o/nirvana/v1/organizations/%20nirvana/songs"]) await both(everywhere, path, [404, "not_found"]);
    for (const path of ["/", "/o", "/v1/organizations", "/orchestra/victim"]) await both(everywhere, path, [200, "nirvana"]);
  });

  test("holds a route's own parameter against it, when it is known", async () => {
    const mounted = (app, guildhall) => {
      const band = new Hono().use(guildhall).get("/songs", api.requireMember(), here);
      app.route("/api/o/:org", band).route("/bands/:organization", band);
    };
    const later = (app, guildhall) => {
      app.use(guildhall);
      for (const parameter of [":org", ":organization"]) app.get(`/${parameter.slice(1)}/${parameter}`, api.requireMember(), here);
    };
    for (const path of ["/api/o/nirvana/songs", "/bands/nirvana/songs"]) await both(mounted, path, [200, "nirvana"]);
    for (const path of ["/api/o/victim/songs", "/bands/victim/songs"]) await both(mounted, path, [404, "not_found"]);
    for (const path of ["/org/nirvana", "/organization/nirvana"]) await both(later, path, [200, "nirvana"]);
    for (const path of ["/org/victim", "/organization/victim"]) await both(later, path, [404, "not_found"]);
  });

  test("follows what an organization was called before, where the installation is asked", async () => {
    const { options, kurt } = modes.worker;
    const acting = createClient({ fetch: installation.fetch, token: kurt.authorization.slice(7) });
    await acting.organizations.create({ name: "Skid Row" });
    await acting.organization("skid-row").update({ slug: "bliss" });
    const app = new Hono().use(api.guildhall(options)).get("/o/:organization/songs", api.requireMember(), here);
    assert.deepEqual(await told(await app.request("/o/skid-row/songs", { headers: kurt })), [200, "bliss"]);
    await acting.organization("bliss").delete();
  });

  test("refuses a permission that is none before anybody asks", () => {
    for (const wrong of [undefined, null, "", 3, ["member:read"], {}]) {
      const thrown = (error) => error instanceof GuildhallError && error.code === "invalid_value" && error.param === "permissions";
      assert.throws(() => api.requirePermission(wrong), thrown, String(wrong));
      assert.throws(() => api.requirePermission("member:read", wrong), thrown, String(wrong));
      assert.throws(() => api.withGuildhall(() => new Response("in"), { ...modes.worker.options, permissions: [wrong] }), thrown, String(wrong));
    }
    assert.throws(() => api.requirePermission(), { code: "invalid_value" });
    assert.throws(() => api.withGuildhall(() => new Response("in"), { ...modes.worker.options, permissions: "member:read" }), { code: "invalid_value" });
  });

  test("refuses it also where the options are made of bindings", async () => {
    const handler = api.withGuildhall(() => new Response("in"), () => ({ ...modes.worker.options, permissions: [undefined] }));
    await assert.rejects(handler(new Request("https://x/", { headers: modes.worker.kurt })), { code: "invalid_value", param: "permissions" });
  });

  test("refuses what can be no permission before any request", () => {
    const thrown = (error) => error instanceof GuildhallError && error.code === "unknown_permission" && error.param === "permissions" && /PERMISSIONS/.test(error.message);
    for (const wrong of ["member:raed", "organization:fly", "api_key:update", "song:*", "*", "song", "Song:write", "song:write:all", ":read", "song:", "audit:write", "constructor"]) {
      assert.throws(() => api.requirePermission(wrong), thrown, wrong);
      assert.throws(() => api.requirePermission("member:read", wrong), thrown, wrong);
      assert.throws(() => api.withGuildhall(() => new Response("in"), { ...modes.worker.options, permissions: [wrong] }), thrown, wrong);
    }
    for (const name of ["song:write", "constructor:read", "a:b", `a${"_".repeat(62)}:z9`]) assert.doesNotThrow(() => api.requirePermission(name), name);
  });

  test("knows every permission that is built in", async () => {
    const headers = modes.worker.kurt;
    const { permissions } = await (await installation.fetch("/v1/resolve", { headers })).json();
    assert.ok(permissions.length > 30);
    assert.doesNotThrow(() => api.requirePermission(...permissions));
    // Of a resource that is built in, no other: each is tried with each action that there is.
    const actions = new Set(permissions.map((name) => name.split(":")[1]));
    for (const resource of new Set(permissions.map((name) => name.split(":")[0]).filter((name) => name !== "song"))) {
      for (const action of actions) {
        const name = `${resource}:${action}`;
        if (!permissions.includes(name)) assert.throws(() => api.requirePermission(name), { code: "unknown_permission" }, name);
      }
    }
  });

  /** What the application is told of its mistake, and what a client sees of it. */
  async function mistake(options, headers, names) {
    const told = [];
    const app = new Hono().use(api.guildhall(options)).get("/typo", api.requirePermission(...names), here);
    app.onError((error, c) => { told.push(error); return c.text("mistake", 500); });
    const { status } = await app.request("/typo", { headers });
    return { status, error: told[0] };
  }

  test("tells the application of a permission that is not declared, and no client, members and owners alike", async () => {
    for (const { options, ...people } of Object.values(modes)) {
      for (const who of ["kurt", "krist"]) {
        for (const names of [["song:wirte"], ["organization:delete", "song:wirte"], ["invoice:read"]]) {
          const { status, error } = await mistake(options, people[who], names);
          assert.ok(error instanceof GuildhallError);
          assert.deepEqual([status, error.code], [500, "unknown_permission"]);
          assert.match(error.message, new RegExp(`\`${names.at(-1)}\`.*\`PERMISSIONS\``));
        }
        const handler = api.withGuildhall(() => new Response("in"), { ...options, permissions: ["song:wirte"] });
        await assert.rejects(handler(new Request("https://songs.example/", { headers: people[who] })), { code: "unknown_permission" });
      }
    }
    const write = (app, guildhall) => app.use(guildhall).get("/write", api.requirePermission("song:write"), here);
    await both(write, "/write", [200, "nirvana"]);
    await both(write, "/write", [403, "permission_denied"], "krist");
  });

  test("asks about it with a session's cookie too", async () => {
    const session = await installation.fetch("/dev/session", { method: "POST", headers: { "content-type": "application/json" }, body: '{"userId":"krist"}' });
    const cookie = session.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
    const { status, error } = await mistake(modes.worker.options, { cookie }, ["song:wirte"]);
    assert.deepEqual([status, error.code], [500, "unknown_permission"]);
  });

  test("waits for an installation only so long", async (t) => {
    const awake = setInterval(() => {}, 1000);
    t.after(() => clearInterval(awake));
    const never = () => new Promise(() => {});
    const halfway = async () => new Response(new ReadableStream({ start: (body) => body.enqueue(new Uint8Array([123])) }), { status: 200 });
    for (const fetch of [never, halfway]) {
      const app = new Hono().use(api.guildhall({ worker: { fetch }, timeout: 30 })).get("/songs", api.requireMember(), here);
      assert.deepEqual(await told(await app.request("/songs")), [503, "unavailable"]);
    }
    const gone = new AbortController();
    const app = new Hono().use(api.guildhall({ worker: { fetch: never } })).get("/songs", api.requireMember(), here);
    const waiting = app.request("/songs", { signal: gone.signal });
    gone.abort();
    assert.equal((await waiting).status, 503);
  });
});
