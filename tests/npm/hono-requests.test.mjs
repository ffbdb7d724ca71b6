// What else a request says on its way through the middleware: which page it is from, what it named before, how new
// the answer must be.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { before, describe, test } from "node:test";
import { Hono } from "hono";
import { installed } from "./support/installed.mjs";

describe("guildhall/hono", () => {
  let api;
  let createClient;
  let installation;
  let jwks;
  let kurt;
  let pass;
  let token;
  const session = () => ({ cookie: `theme=dark; __Host-guildhall_session=${token}` });
  const bearer = () => ({ authorization: `Bearer ${token}` });

  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    api = await project.import("hono/hono.js");
    ({ createClient } = await project.import("client/client.js"));
    const { Directory } = await project.import("directory/node.js");
    installation = new Directory();
    const { fetch } = installation;
    ({ token } = await createClient({ fetch }).dev.signIn({ userId: "kurt" }));
    kurt = createClient({ fetch, token });
    await kurt.organizations.create({ name: "Nirvana" });
    await kurt.organizations.create({ name: "Foo" });
    pass = (await kurt.organization("nirvana").pass()).token;
    jwks = await kurt.installation.keys();
  });

  /** The same application as Hono's and as a plain handler; `reached` counts how often a handler was. */
  function applications(options, answer = (standing) => new Response(standing?.organization.slug ?? "nobody")) {
    const counted = (standing) => { each.reached += 1; return answer(standing); };
    const app = new Hono().use(api.guildhall(options));
    app.all("/open", (c) => counted(c.get("guildhall"))).all("*", api.requireMember(), (c) => counted(c.get("guildhall")));
    const plain = (more) => api.withGuildhall((request, env, context, standing) => counted(standing), { ...options, ...more });
    const [members, anybody] = [plain(), plain({ anybody: true })];
    const each = { reached: 0, asked: [(request) => app.request(request), (request) => (request.url.endsWith("/open") ? anybody : members)(request)] };
    return each;
  }

  async function told(response) {
    const text = await response.text();
    return [response.status, response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text];
  }

  /** What both answer, which must be the same. */
  async function ask(options, init, path = "/o/nirvana/songs") {
    const answers = [];
    for (const fetch of applications(options).asked) answers.push(await told(await fetch(new Request(`https://songs.example${path}`, init))));
    const [[status, first], second] = answers;
    const said = ({ requestId: _, ...problem }) => problem;
    if (typeof first === "string") assert.deepEqual(second, [status, first]);
    else assert.deepEqual([second[0], said(second[1])], [status, said(first)]);
    return [status, first.code ?? first, first];
  }

  async function refused(options, init, status, code, path) {
    const each = applications(options);
    for (const fetch of each.asked) {
      const [was, { code: said }] = await told(await fetch(new Request(`https://songs.example${path ?? "/o/nirvana/songs"}`, init)));
      assert.deepEqual([was, said], [status, code], JSON.stringify(init));
    }
    assert.equal(each.reached, 0);
  }

  const passes = async (options, init, path) => assert.deepEqual((await ask(options, init, path)).slice(0, 2), [200, "nirvana"], JSON.stringify(init));

  describe("leaves what only a back end says to back ends", () => {
    const claims = { "guildhall-act-as": "krist", "Guildhall-Act-As-Email": "krist@nirvana.example", "guildhall-principal": "x" };

    test("a client that says for whom it acts is heard as itself, and the application never sees it", async () => {
      const seen = [];
      const worker = { fetch: (request) => { seen.push(...[...request.headers].filter(([name]) => /act-as|principal/.test(name))); return installation.fetch(request); } };
      const answer = (standing) => new Response(standing.userId);
      for (const fetch of applications({ worker }, answer).asked) assert.equal(await (await fetch(new Request("https://songs.example/o/nirvana", { headers: { ...bearer(), ...claims } }))).text(), "kurt");
      const app = new Hono().use(api.guildhall({ worker })).get("*", (c) => c.json([...c.req.raw.headers].map(([name]) => name)));
      assert.deepEqual(await (await app.request("https://songs.example/o/nirvana", { headers: { ...bearer(), ...claims } })).json(), ["authorization"]);
      assert.deepEqual(seen, []);
    });

    test("an operator key of the client's own goes along with whom it acts for, and with no signed principal", async () => {
      const seen = [];
      const worker = { fetch: async ({ headers }) => { seen.push(["authorization", "guildhall-act-as", "guildhall-principal"].map((name) => headers.get(name))); return Response.json({ code: "unauthenticated", title: "x" }, { status: 401 }); } };
      for (const forward of [[], ["Guildhall-Act-As", "guildhall-principal"]]) await refused({ worker, forward }, { headers: { authorization: "Bearer gho_theirs", ...claims } }, 401, "unauthenticated");
      await refused({ worker, forward: ["guildhall-act-as", "guildhall-principal"] }, { headers: { authorization: "Bearer t", ...claims } }, 401, "unauthenticated");
      assert.deepEqual(seen, [...Array(4).fill(["Bearer gho_theirs", "krist", null]), ...Array(2).fill(["Bearer t", null, null])]);
    });
  });

  test("tells a service binding, and no address, the network address by which anonymous requests are counted", async (t) => {
    const seen = [];
    const limited = { code: "rate_limited", title: "too many requests; wait a while", status: 429 };
    const server = createServer(({ headers }, response) => { seen.push(headers["cf-connecting-ip"]); response.writeHead(429, { "content-type": "application/problem+json", "retry-after": "60" }).end(JSON.stringify(limited)); });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => { server.closeAllConnections(); server.close(); });
    const binding = { fetch: async ({ headers }) => { seen.push(headers.get("cf-connecting-ip") ?? undefined); return Response.json(limited, { status: 429, headers: { "retry-after": "60" } }); } };
    for (const worker of [binding, `http://127.0.0.1:${server.address().port}`]) await refused({ worker }, { headers: { "cf-connecting-ip": "203.0.113.7" } }, 429, "rate_limited");
    const asks = seen.length / 2;
    assert.deepEqual(seen, [...Array(asks).fill("203.0.113.7"), ...Array(asks).fill(undefined)]);
  });

  describe("takes a session's cookie from the application's own pages only", () => {
    const foreign = [
      { origin: "https://evil.example" },
      { origin: "https://evil.example", "sec-fetch-site": "same-site" },
      { origin: "http://songs.example" },
      { origin: "https://songs.example:8443" },
      { origin: "null" },
      { origin: "" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      {},
    ];
    const own = [{ origin: "https://songs.example" }, { origin: "https://SONGS.example:443" }, { origin: "https://songs.example." }, { origin: "https://songs.example", "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-origin" }];

    test("whatever method could change something", async () => {
      const options = { worker: installation };
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        for (const from of foreign) await refused(options, { method, headers: { ...session(), ...from } }, 403, "origin_mismatch");
        for (const from of own) await passes(options, { method, headers: { ...session(), ...from } });
      }
      for (const method of ["GET", "OPTIONS"]) for (const from of foreign) await passes(options, { method, headers: { ...session(), ...from } });
    });

    test("in the words of Guildhall itself", async () => {
      const headers = { ...session(), origin: "https://evil.example", "content-type": "application/json" };
      const theirs = await (await installation.fetch("/v1/organizations/nirvana", { method: "PATCH", headers, body: '{"name":"x"}' })).json();
      const [, , ours] = await ask({ worker: installation }, { method: "PATCH", headers, body: "{}" });
      assert.deepEqual({ ...ours, requestId: undefined }, { ...theirs, requestId: undefined });
    });

    test("and asks nobody about a forged request", async () => {
      const options = { worker: { fetch: async () => assert.fail("the installation was asked") } };
      await refused(options, { method: "POST", headers: { ...session(), origin: "https://evil.example" } }, 403, "origin_mismatch");
    });

    test("but whoever brings a token or a pass, from anywhere", async () => {
      const [from] = foreign;
      await passes({ worker: installation }, { method: "POST", headers: { ...from, ...bearer() } });
      await passes({ worker: installation }, { method: "POST", headers: { ...from, ...bearer(), ...session() } });
      await passes({ worker: installation, jwks }, { method: "POST", headers: { ...from, ...session(), "guildhall-pass": pass } });
      await passes({ jwks }, { method: "POST", headers: { ...from, ...session(), authorization: `Bearer ${pass}` } });
      const forged = { ...from, ...session(), "guildhall-pass": pass };
      await refused({ worker: installation }, { method: "POST", headers: forged }, 403, "origin_mismatch");
      await refused({ worker: installation }, { method: "POST", headers: { ...from, ...session(), "cf-access-jwt-assertion": "x" } }, 403, "origin_mismatch");
      await refused({ worker: installation }, { method: "POST", headers: { ...from, "cf-access-jwt-assertion": "x" } }, 403, "origin_mismatch");
    });

    test("and nobody is nobody, whose open routes stay open", async () => {
      const options = { worker: installation };
      await refused(options, { method: "POST", headers: { origin: "https://evil.example" } }, 401, "unauthenticated");
      assert.deepEqual((await ask(options, { method: "POST", headers: { ...session(), origin: "https://evil.example" } }, "/open")).slice(0, 2), [200, "nobody"]);
    });

    test("also where the application has another origin than its requests", async () => {
      const options = { worker: installation, origin: "https://bands.example" };
      await passes(options, { method: "POST", headers: { ...session(), origin: "https://bands.example" } });
      await refused(options, { method: "POST", headers: { ...session(), origin: "https://songs.example" } }, 403, "origin_mismatch");
    });
  });

  describe("standing twice", () => {
    const twice = (options) => {
      const app = new Hono().use(api.guildhall(options)).use("/o/:organization/*", api.guildhall(options));
      app.use("/bands/:organization/*", api.guildhall(options));
      app.get("*", api.requireMember(), (c) => c.text([c.get("guildhall").organization.slug, ...[...c.req.raw.headers.keys()].filter((name) => name.startsWith("guildhall"))].join()));
      return async (path, headers) => {
        const [status, said] = await told(await app.request(`https://songs.example${path}`, { headers }));
        return [status, said.code ?? said];
      };
    };

    test("remembers what the client named", async () => {
      const either = twice({ worker: installation, jwks });
      for (const at of ["/o", "/bands"]) {
        assert.deepEqual(await either(`${at}/nirvana/x`, { ...bearer(), "guildhall-organization": "foo" }), [409, "organization_ambiguous"]);
        assert.deepEqual(await either(`${at}/nirvana/x`, { ...bearer(), "guildhall-organization": "nirvana" }), [200, "nirvana"]);
        assert.deepEqual(await either(`${at}/foo/x`, { ...bearer(), "guildhall-pass": pass }), [404, "not_found"]);
        assert.deepEqual(await either(`${at}/nirvana/x`, { "guildhall-pass": pass }), [200, "nirvana"]);
        assert.deepEqual(await either(`${at}/nirvana/x`, { ...bearer(), "guildhall-min-version": "99" }), [412, "version_not_reached"]);
      }
    });

    test("does so thrice, and with another middleware's request between", async () => {
      const app = new Hono();
      for (let time = 0; time < 3; time += 1) {
        app.use(api.guildhall({ worker: installation }));
        app.use(async (c, next) => { c.req.raw = new Request(c.req.raw, { body: await c.req.raw.text() }); await next(); });
      }
      app.post("*", api.requireMember(), async (c) => c.text(`${c.get("guildhall").organization.slug} ${await c.req.text()}`));
      for (const name of ["nirvana", "foo"]) {
        const answer = await app.request("/songs", { method: "POST", body: "Polly", headers: { ...bearer(), "guildhall-organization": name } });
        assert.deepEqual(await told(answer), [200, `${name} Polly`]);
      }
    });
  });

  describe("answers from no version before the one that is asked for", () => {
    test("by asking the installation", async () => {
      const options = { worker: installation };
      const { version } = await kurt.organization("nirvana").get();
      await passes(options, { headers: { ...bearer(), "guildhall-min-version": String(version) } });
      await refused(options, { headers: { ...bearer(), "guildhall-min-version": String(version + 1) } }, 412, "version_not_reached");
      for (const wrong of ["", "v7", "-1", "1.5", "+1", "0x1"]) await refused(options, { headers: { ...bearer(), "guildhall-min-version": wrong } }, 400, "malformed_request");
    });

    test("by the pass, as the installation words it", async () => {
      const { version } = await kurt.organization("nirvana").get();
      const by = (asked) => ({ headers: { authorization: `Bearer ${pass}`, "guildhall-min-version": asked } });
      await passes({ jwks }, by(String(version)));
      await refused({ jwks }, by(String(version + 1)), 412, "pass_stale");
      await refused({ jwks }, by("9".repeat(15)), 412, "pass_stale");
      for (const wrong of ["", "v7", "-1", "1.5", "+1", "0x1"]) await refused({ jwks }, by(wrong), 400, "malformed_request");
      const problem = async (options, headers) => {
        const { requestId: _, ...rest } = (await ask(options, { headers: { ...headers, "guildhall-min-version": "new" } }))[2];
        return rest;
      };
      assert.deepEqual(await problem({ jwks }, by("x").headers), await problem({ worker: installation }, bearer()));
    });

    test("nor before the application's own", async () => {
      const seen = [];
      const verify = async (token, { minVersion }) => { seen.push(minVersion); return { organization: { slug: "nirvana" }, isMember: true, can: () => true }; };
      for (const asked of ["3", "9", undefined]) {
        await passes({ jwks: { keys: [] }, verify, minVersion: 7 }, { headers: { "guildhall-pass": "p", ...(asked && { "guildhall-min-version": asked }) } });
      }
      assert.deepEqual(seen, [7, 7, 9, 9, 7, 7]);
    });
  });

  test("takes a hole in a list for a permission that is none", async () => {
    const wrong = { code: "invalid_value", param: "permissions" };
    assert.throws(() => api.withGuildhall(() => new Response("in"), { worker: installation, permissions: new Array(2) }), wrong);
    await assert.rejects(api.withGuildhall(() => new Response("in"), () => ({ worker: installation, permissions: new Array(1) }))(new Request("https://x/")), wrong);
    let standing;
    await api.withGuildhall((request, env, context, given) => { standing = given; return new Response("in"); }, { worker: installation })(new Request("https://x/o/nirvana/", { headers: bearer() }));
    assert.deepEqual([standing.canAll([]), standing.canAll(new Array(2)), standing.canAny(new Array(2))], [true, false, false]);
  });
});
