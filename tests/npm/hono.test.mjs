// The middleware of the packed package in a Hono application, and the same around a plain handler.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { Hono } from "hono";
import { installed } from "./support/installed.mjs";

const audience = "songs";

describe("guildhall/hono", () => {
  let api;
  let createClient;
  let installation;
  let GuildhallError;
  const people = {};
  const tokens = {};

  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    api = await project.import("hono/hono.js");
    ({ createClient, GuildhallError } = await project.import("client/client.js"));
    const { Directory } = await project.import("directory/node.js");
    installation = new Directory();
    for (const name of ["kurt", "krist", "dave", "pat"]) await signIn(name);
    await signIn("operator", { platformAdmin: true });
    await people.kurt.organizations.create({ name: "Nirvana" });
    await people.dave.organizations.create({ name: "Foo Fighters" });
    await people.kurt.organization("nirvana").members.add({ userId: "krist" });
    await people.dave.organization("foo-fighters").members.add({ userId: "kurt" });
  });

  async function signIn(userId, more) {
    const { fetch } = installation;
    tokens[userId] = (await createClient({ fetch }).dev.signIn({ userId, ...more })).token;
    people[userId] = createClient({ fetch, token: tokens[userId] });
  }

  /** The same application twice: as Hono's, and as plain handlers. */
  function applications(options) {
    const show = (standing, request) => Response.json({ slug: standing?.organization.slug, userId: standing?.userId, ours: [...request.headers.keys()].filter((name) => name.startsWith("guildhall")) });
    const app = new Hono();
    app.use(api.guildhall(options));
    for (const under of ["", "/o/:band"]) {
      app.all(`${under}/open`, (c) => show(c.get("guildhall"), c.req.raw));
      app.all(`${under}/songs`, api.requireMember(), (c) => show(c.get("guildhall"), c.req.raw));
      app.all(`${under}/people`, api.requirePermission("member:add", "member:read"), (c) => show(c.get("guildhall"), c.req.raw));
    }
    const plain = (more) => api.withGuildhall((request, env, context, standing) => show(standing, request), { ...options, ...more });
    const handlers = { open: plain({ anybody: true }), songs: plain(), people: plain({ permissions: ["member:add", "member:read"] }) };
    const handle = (request) => handlers[new URL(request.url).pathname.split("/").at(-1)](request);
    return [(request) => app.request(request), handle];
  }

  /** Asks every application; all of them must say the same. */
  async function ask(options, path, headers = {}) {
    const said = [];
    for (const fetch of applications(options)) {
      const response = await fetch(new Request(`https://songs.example${path}`, { headers }));
      const body = await response.json();
      said.push({ status: response.status, type: response.headers.get("content-type"), challenge: response.headers.get("www-authenticate"), body: { ...body, requestId: undefined } });
    }
    assert.deepEqual(said[0], said[1]);
    return said[0];
  }

  async function denied(options, path, headers, status, code) {
    const answer = await ask(options, path, headers);
    assert.deepEqual([answer.status, answer.body.code, answer.body.type, answer.type], [status, code, `urn:guildhall:problem:${code}`, "application/problem+json"]);
    assert.ok(answer.body.title && answer.body.detail && answer.body.status === status);
    assert.equal(answer.challenge, status === 401 ? "Bearer" : null);
  }

  const bearer = (token) => ({ authorization: `Bearer ${token}` });

  test("asks the installation", async () => {
    const options = { worker: installation };
    assert.deepEqual((await ask(options, "/songs", bearer(tokens.krist))).body, { slug: "nirvana", userId: "krist", ours: [], requestId: undefined });
    assert.equal((await ask(options, "/o/nirvana/people", bearer(tokens.kurt))).status, 200);
    await denied(options, "/people", bearer(tokens.krist), 403, "permission_denied");
    await denied(options, "/o/foo-fighters/songs", bearer(tokens.krist), 404, "not_found");
    await denied(options, "/o/nowhere/songs", bearer(tokens.krist), 404, "not_found");
    await denied(options, "/songs", {}, 401, "unauthenticated");
    await denied(options, "/songs", bearer("forged"), 401, "unauthenticated");
    await denied(options, "/songs", bearer(tokens.pat), 409, "organization_required");
    await denied(options, "/o/nirvana/songs?org=foo-fighters", bearer(tokens.kurt), 409, "organization_ambiguous");
    await denied(options, "/songs?org=nirvana&org=nirvana", bearer(tokens.krist), 422, "invalid_value");
    assert.equal((await ask(options, "/o/nirvana/people", bearer(tokens.operator))).status, 200, "operators are let through");
    assert.equal((await ask(options, "/open")).status, 200);
  });

  test("lets the application name the organization, and holds it against what the request names", async () => {
    const options = { worker: installation, organization: (request) => request.headers.get("x-band") ?? undefined };
    assert.equal((await ask(options, "/songs", { ...bearer(tokens.krist), "x-band": "nirvana" })).status, 200);
    assert.equal((await ask(options, "/o/nirvana/songs", { ...bearer(tokens.krist), "x-band": "nirvana", "guildhall-organization": "nirvana" })).status, 200);
    await denied(options, "/songs", { ...bearer(tokens.krist), "x-band": "foo-fighters" }, 404, "not_found");
    await denied(options, "/songs", { ...bearer(tokens.kurt), "x-band": "nirvana", "guildhall-organization": "foo-fighters" }, 409, "organization_ambiguous");
  });

  test("does not let a suspended member or organization through", async () => {
    const options = { worker: installation };
    const nirvana = people.kurt.organization("nirvana");
    await nirvana.members.update("krist", { state: "suspended" });
    await denied(options, "/o/nirvana/songs", bearer(tokens.krist), 403, "membership_suspended");
    await nirvana.members.update("krist", { state: "active" });
    await nirvana.deactivate();
    await denied(options, "/o/nirvana/songs", bearer(tokens.krist), 409, "organization_inactive");
    await nirvana.activate();
  });

  test("lets nobody through when there is no answer", async () => {
    const silent = [() => { throw new TypeError("no"); }, () => new Response("<h1>no</h1>"), () => Response.json(null), () => Response.json({ organization: { state: "active" }, roles: 3 }), () => new Response("{}", { status: 500 }), () => Response.json({ code: "unavailable" }, { status: 503 })];
    for (const fetch of silent) await denied({ worker: { fetch: async () => fetch() } }, "/songs", bearer("t"), 503, "unavailable");
    await denied({ worker: { fetch: async () => Response.json({ outcome: "none" }) } }, "/songs", bearer("t"), 409, "organization_required");
  });

  const stub = (answer) => async (token, options) => {
    assert.deepEqual(options, { jwks: { keys: [] }, audience });
    if (token !== "signed") throw new GuildhallError({ title: "no", message: "not so", code: "pass_invalid", ...answer });
    return { organization: { id: "org_1", slug: "nirvana" }, userId: "krist", isMember: true, can: (name) => name !== "member:add" };
  };

  test("verifies a pass", async () => {
    const options = { jwks: { keys: [] }, audience, verify: stub() };
    for (const headers of [{ "guildhall-pass": "signed" }, bearer("signed"), { ...bearer("other"), "guildhall-pass": "signed" }]) {
      assert.deepEqual((await ask(options, "/songs", headers)).body, { slug: "nirvana", userId: "krist", ours: [], requestId: undefined });
    }
    const pass = { "guildhall-pass": "signed" };
    await denied(options, "/people", pass, 403, "permission_denied");
    await denied(options, "/songs", {}, 401, "unauthenticated");
    await denied(options, "/songs", bearer("forged"), 401, "pass_invalid");
    await denied({ ...options, verify: stub({ code: "pass_stale" }) }, "/songs", bearer("old"), 412, "pass_stale");
    await denied({ ...options, verify: stub({ code: "unavailable" }) }, "/songs", bearer("x"), 503, "unavailable");
  });

  test("never takes a pass for another organization's", async () => {
    const options = { jwks: { keys: [] }, audience, verify: stub() };
    const pass = { "guildhall-pass": "signed" };
    for (const path of ["/o/nirvana/songs", "/songs?org=org_1", "/o/nirvana/songs?org=nirvana"]) assert.equal((await ask(options, path, pass)).status, 200, path);
    for (const path of ["/o/foo-fighters/songs", "/songs?org=foo", "/songs?org=nirvana&org=foo", "/o/%6eirvana/songs?org=", "/o/%ff/songs"]) await denied(options, path, pass, 404, "not_found");
    await denied(options, "/songs", { ...pass, "guildhall-organization": "foo" }, 404, "not_found");
    await denied({ ...options, organization: () => "foo" }, "/songs", pass, 404, "not_found");
  });

  test("takes either, and believes no header of a client's", async () => {
    const options = { jwks: { keys: [] }, audience, verify: stub(), worker: installation };
    assert.equal((await ask(options, "/songs", { "guildhall-pass": "signed" })).body.userId, "krist");
    assert.equal((await ask(options, "/o/foo-fighters/songs", bearer(tokens.dave))).body.userId, "dave");
    const lies = { "guildhall-user": "kurt", "guildhall-roles": "owner", "guildhall_permissions": "*", "guildhall-organization": "nirvana" };
    await denied(options, "/songs", lies, 401, "unauthenticated");
    assert.deepEqual((await ask(options, "/open", lies)).body.ours, []);
  });

  test("says what the application did wrong", async () => {
    for (const options of [{}, { audience, jwks: undefined }]) {
      const [hono, plain] = applications(options);
      assert.equal((await quiet(() => hono(new Request("https://x/songs")))).status, 500);
      await assert.rejects(plain(new Request("https://x/songs")), { code: "invalid_value" });
    }
    const app = new Hono().get("/songs", api.requireMember(), (c) => c.text("never"));
    assert.equal((await quiet(() => app.request("/songs"))).status, 500);
  });

  async function quiet(work) {
    const { error } = console;
    console.error = () => {};
    try {
      return await work();
    } finally {
      console.error = error;
    }
  }

  test("keeps the body, and takes its options from a Worker's bindings", async () => {
    const app = new Hono();
    app.use(api.guildhall((env) => ({ worker: env.GUILDHALL })));
    app.post("/songs", api.requireMember(), async (c) => c.json(await c.req.json()));
    const init = { method: "POST", body: '{"title":"Polly"}', headers: { ...bearer(tokens.krist), "guildhall-user": "kurt", "content-type": "application/json" } };
    const answer = await app.request("/songs", init, { GUILDHALL: installation });
    assert.deepEqual(await answer.json(), { title: "Polly" });
    const plain = api.withGuildhall(async (request, env, context) => Response.json([await request.json(), context]), (env) => ({ worker: env.GUILDHALL }));
    assert.deepEqual(await (await plain(new Request("https://x/", init), { GUILDHALL: installation }, "context")).json(), [{ title: "Polly" }, "context"]);
  });

  test("verifies a real pass by the installation's keys", async () => {
    const { fetch } = installation;
    const options = { jwks: "http://localhost/.well-known/jwks.json", fetch, audience };
    const { token } = await people.krist.organization("nirvana").pass({ audience });
    assert.equal((await ask(options, "/o/nirvana/songs", bearer(token))).body.userId, "krist");
    await denied(options, "/people", bearer(token), 403, "permission_denied");
    await denied(options, "/o/foo-fighters/songs", bearer(token), 404, "not_found");
    await denied({ ...options, audience: "films" }, "/songs", bearer(token), 401, "pass_wrong_audience");
    await denied(options, "/songs", bearer(`${token.slice(0, -4)}AAAA`), 401, "pass_invalid");
  });
});
