// Operator keys, act-as and signed principals on their way through the middleware.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, describe, test } from "node:test";
import { Hono } from "hono";
import { installed } from "./support/installed.mjs";

const sha256 = (text) => createHash("sha256").update(text);
const keyOf = (byte) => {
  const start = `gho_${Buffer.alloc(32, byte).toString("base64url")}`;
  return start + sha256(start).digest("base64url").slice(0, 6);
};
const digest = (key) => sha256(key).digest("hex");
const key = keyOf(7);
const reader = keyOf(8);
const keys = [
  { name: "backend", digest: digest(key), scopes: ["act-as"], vouches: ["email"] },
  { name: "statistics", digest: digest(reader), scopes: ["read", "organizations", "erase"] },
];

describe("guildhall/hono with operator keys", () => {
  let api;
  let withGuildhall;
  let installation;
  let token;
  let handled;
  let sent;

  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    api = await project.import("hono/hono.js");
    ({ withGuildhall } = api);
    const { createClient } = await project.import("client/client.js");
    const { Directory } = await project.import("directory/node.js");
    const directory = new Directory({ settings: { OPERATOR_KEYS: JSON.stringify(keys) } });
    const { fetch } = directory;
    ({ token } = await createClient({ fetch }).dev.signIn({ userId: "kurt" }));
    await createClient({ fetch, token }).organizations.create({ name: "Nirvana" });
    installation = { fetch: (request) => { sent = Object.fromEntries(request.headers); return directory.fetch(request); } };
  });

  async function ask(headers, options = {}) {
    const handler = withGuildhall((request, env, context, standing) => { handled = Object.fromEntries(request.headers); return new Response(standing?.userId); }, { worker: installation, ...options });
    [sent, handled] = [];
    const response = await handler(new Request("https://songs.example/o/nirvana/songs", { headers }));
    return [response.status, response.ok ? await response.text() : (await response.json()).code];
  }

  test("lets a key's user through, and hands neither header to the handler", async () => {
    assert.deepEqual(await ask({ authorization: `Bearer ${key}`, "guildhall-act-as": "kurt", "guildhall-act-as-email": "kurt%40nirvana.example" }), [200, "kurt"]);
    assert.deepEqual(Object.keys(handled), []);
    assert.equal(sent["guildhall-act-as-email"], "kurt%40nirvana.example");
    assert.deepEqual(await ask({ authorization: `Bearer ${key}`, "guildhall-act-as": "krist" }), [404, "not_found"]);
    assert.deepEqual(await ask({ authorization: `Bearer ${key}` }), [403, "permission_denied"]);
  });

  test("refuses a key that names no user, whatever its scopes, and asks nobody", async () => {
    for (const permissions of [[], ["organization:delete"]]) {
      for (const authorization of [`Bearer ${reader}`, `bearer  \t${reader}`, `Bearer ${key}`]) {
        assert.deepEqual(await ask({ authorization }, { permissions }), [403, "permission_denied"]);
        assert.deepEqual([sent, handled], [undefined, undefined]);
      }
    }
    assert.deepEqual(await ask({ authorization: `Bearer ${reader}`, "guildhall-act-as": "kurt" }), [403, "permission_denied"]);
    assert.equal(handled, undefined);
  });

  test("an installation lets no key through that names no user, whoever asks it", async () => {
    for (const [path, more] of [["resolve?org=nirvana", {}], ["organizations/nirvana/check", { method: "POST", body: '{"permissions":["organization:delete"]}' }]]) {
      const headers = { authorization: `Bearer ${reader}`, "content-type": "application/json" };
      const response = await installation.fetch(new Request(`http://localhost/v1/${path}`, { headers, ...more }));
      assert.deepEqual([response.status, (await response.json()).code], [403, "permission_denied"], path);
    }
  });

  test("hands a key to no handler, in whatever form, and another system's token to each", async () => {
    const seen = async (authorization, more) => {
      await ask({ authorization, ...more }, { anybody: true });
      return handled.authorization;
    };
    for (const authorization of [`Bearer ${reader}`, `Bearer ${key},x`, `Bearer "${key}"`, key]) {
      assert.equal(await seen(authorization), undefined, authorization);
    }
    for (const authorization of ["Bearer gho_16C7e42F292c6912E7710c838347Ae178B4a", `Bearer ${token}`]) assert.equal(await seen(authorization), authorization);
  });

  test("middleware that stands twice knows the key that the first has taken away", async () => {
    const found = api.guildhall({ worker: installation });
    const app = new Hono().use(found).use(found, api.requireMember()).get("*", (c) => c.json([c.get("guildhall").userId, ...c.req.raw.headers.keys()]));
    const response = await app.request("https://songs.example/o/nirvana/songs", { headers: { authorization: `Bearer ${key}`, "guildhall-act-as": "kurt" } });
    assert.deepEqual(await response.json(), ["kurt"]);
  });

  test("strips act-as from a client without a key, also where the application forwards it", async () => {
    for (const options of [{}, { forward: ["Guildhall-Act-As", "guildhall-act-as-email", "Guildhall-Principal"] }]) {
      const headers = { authorization: `Bearer ${token}`, "guildhall-act-as": "krist", "guildhall-act-as-email": "krist@nirvana.example", "guildhall-principal": "v1.a.1.nonce.e30.x" };
      assert.deepEqual(await ask(headers, options), [200, "kurt"]);
      assert.deepEqual(Object.keys(sent).filter((name) => /act-as|principal/.test(name)), []);
      assert.deepEqual(Object.keys(handled).filter((name) => name.startsWith("guildhall")), []);
    }
  });
});
