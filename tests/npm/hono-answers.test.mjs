// What comes back through the middleware: from an installation that sends elsewhere, and to caches on the way.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { before, describe, test } from "node:test";
import { Hono } from "hono";
import { installed } from "./support/installed.mjs";

const varies = "authorization, cookie, cf-access-jwt-assertion, guildhall-organization, guildhall-pass, guildhall-act-as, guildhall-act-as-email";

describe("guildhall/hono", () => {
  let api;
  let installation;
  let token;
  const bearer = () => ({ authorization: `Bearer ${token}` });

  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    api = await project.import("hono/hono.js");
    const { createClient } = await project.import("client/client.js");
    const { Directory } = await project.import("directory/node.js");
    installation = new Directory();
    const { fetch } = installation;
    ({ token } = await createClient({ fetch }).dev.signIn({ userId: "kurt" }));
    await createClient({ fetch, token }).organizations.create({ name: "Nirvana" });
  });

  /** The same application as Hono's and as a plain handler. */
  function applications(options, answer) {
    const app = new Hono().use(api.guildhall(options)).all("*", api.requireMember(), () => answer());
    return [(request) => app.request(request), api.withGuildhall(() => answer(), options)];
  }

  const songs = (headers) => new Request("https://songs.example/o/nirvana/songs", { headers });

  async function listening(t, answer) {
    const heard = [];
    const server = createServer((request, response) => { heard.push(request.url); answer(request, response); }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    t.after(() => server.close());
    return { heard, at: `http://127.0.0.1:${server.address().port}` };
  }

  test("tells the operator what went wrong on the way, and strangers nothing of it", async (t) => {
    const said = t.mock.method(console, "error", () => {});
    const worker = { fetch: async () => { throw new Error("connect ECONNREFUSED 10.0.0.7:5432 user=admin"); } };
    for (const ask of applications({ worker }, () => assert.fail("somebody was let through"))) {
      const response = await ask(songs(bearer()));
      assert.deepEqual([response.status, (await response.json()).detail], [503, "the installation does not answer"]);
    }
    assert.deepEqual(said.mock.calls.map(({ arguments: [line] }) => /10\.0\.0\.7/.test(line)), [true, true]);
  });

  test("throws what is no installation at the application, which is not told of an outage", async () => {
    for (const worker of [null, 3, {}, installation.fetch, Promise.resolve(installation), "guildhall.example", "ftp://guildhall.example"]) {
      const handler = api.withGuildhall(() => assert.fail("somebody was let through"), { worker });
      await assert.rejects(handler(songs(bearer())), { name: "GuildhallError", code: "invalid_value", param: "worker" }, String(worker));
    }
  });

  test("speaks of no team when an installation was asked", async () => {
    const asked = [];
    await api.withGuildhall((_request, _env, _context, standing) => { asked.push(standing); return new Response(); }, { worker: installation })(songs(bearer()));
    const [standing] = asked;
    assert.equal(standing.can("member:read"), true);
    for (const call of [() => standing.can("member:read", "tem_1"), () => standing.canAll(["member:read"], "tem_1"), () => standing.canAny(["member:read"], "tem_1")]) assert.throws(call, { code: "invalid_value", param: "team" });
  });

  test("goes nowhere else with what it was given, whatever an installation answers", async (t) => {
    const lies = JSON.stringify({ outcome: "resolved", organization: { id: "org_1", slug: "nirvana", state: "active" }, membership: { userId: "mallory", state: "active" }, roles: ["owner"] });
    const evil = await listening(t, (_, response) => response.end(lies));
    for (const status of [301, 302, 303, 307, 308]) {
      const home = await listening(t, ({ url }, response) => response.writeHead(status, { location: evil.at + url }).end(lies));
      const binding = { fetch: (request) => fetch(new Request(home.at + new URL(request.url).pathname, request)) };
      for (const worker of [home.at, binding]) {
        for (const ask of applications({ worker }, () => assert.fail("somebody was let through"))) {
          const response = await ask(songs({ "cf-access-jwt-assertion": "secret", "guildhall-pass": "secret" }));
          const { code, detail } = await response.json();
          assert.deepEqual([response.status, code, detail], [503, "unavailable", `the installation answered ${status}`]);
        }
      }
    }
    assert.deepEqual(evil.heard, []);
  });

  describe("says whom an answer is for", () => {
    /** The `Vary` of both, and what came with it. */
    async function vary(answer) {
      const said = [];
      for (const ask of applications({ worker: installation }, answer)) {
        const response = await ask(songs(bearer()));
        said.push([response.headers.get("vary"), response.headers.get("x-kept"), await response.text()]);
      }
      assert.deepEqual(said[0], said[1]);
      return said[0];
    }
    const saying = (headers) => () => new Response("in", { headers });

    test("beside what it varies by already", async () => {
      for (const [given, expected] of [[undefined, varies], ["accept", `accept, ${varies}`], ["*", "*"], [varies, varies]]) {
        assert.deepEqual(await vary(saying({ "x-kept": "1", ...(given && { vary: given }) })), [expected, "1", "in"]);
      }
    });

    test("on refusals, and on what was fetched and cannot be changed", async (t) => {
      for (const ask of applications({ worker: installation }, saying({}))) {
        const response = await ask(songs({}));
        assert.deepEqual([response.status, response.headers.get("vary")], [401, varies]);
      }
      const { at } = await listening(t, (_, response) => response.writeHead(200, { "x-kept": "1", vary: "accept" }).end("in"));
      assert.deepEqual(await vary(() => fetch(at)), [`accept, ${varies}`, "1", "in"]);
    });

    test("once, however often it stands there, and on errors and what is not found", async () => {
      const app = new Hono().use(api.guildhall({ worker: installation })).use("/o/*", api.guildhall({ worker: installation }));
      app.get("/o/nirvana/songs", (c) => c.text("in")).get("/o/nirvana/broken", () => { throw new Error("no"); });
      app.onError((_, c) => c.text("broken", 500));
      for (const [path, status] of [["songs", 200], ["broken", 500], ["nothing", 404]]) {
        const response = await app.request(`/o/nirvana/${path}`, { headers: bearer() });
        assert.deepEqual([response.status, response.headers.get("vary")], [status, varies], path);
      }
    });

    test("unless there is no answer to say it on", async (t) => {
      t.mock.method(console, "error", () => {});
      const forgotten = new Hono().use(api.guildhall({ worker: installation })).get("*", () => {});
      assert.equal((await forgotten.request("/")).status, 500);
      const app = new Hono().use(api.guildhall({ worker: installation })).get("*", () => Response.error());
      assert.equal((await app.request("/")).type, "error");
      assert.equal((await api.withGuildhall(() => Response.error(), { worker: installation, anybody: true })(new Request("https://x/"))).type, "error");
    });
  });
});
