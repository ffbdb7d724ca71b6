// Operator keys, act-as and signed principals on their way through the middleware.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, describe, test } from "node:test";
import { installed } from "./support/installed.mjs";

const sha256 = (text) => createHash("sha256").update(text);
const start = `gho_${Buffer.alloc(32, 7).toString("base64url")}`;
const key = start + sha256(start).digest("base64url").slice(0, 6);
const keys = [{ name: "backend", digest: sha256(key).digest("hex"), scopes: ["act-as"], vouches: ["email"] }];

describe("guildhall/hono with operator keys", () => {
  let withGuildhall;
  let installation;
  let token;
  let handled;
  let sent;

  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    ({ withGuildhall } = await project.import("hono/hono.js"));
    const { createClient } = await project.import("client/client.js");
    const { Directory } = await project.import("directory/node.js");
    const directory = new Directory({ settings: { OPERATOR_KEYS: JSON.stringify(keys) } });
    const { fetch } = directory;
    ({ token } = await createClient({ fetch }).dev.signIn({ userId: "kurt" }));
    await createClient({ fetch, token }).organizations.create({ name: "Nirvana" });
    installation = { fetch: (request) => { sent = Object.fromEntries(request.headers); return directory.fetch(request); } };
  });

  async function ask(headers, options = {}) {
    const handler = withGuildhall((request, env, context, standing) => { handled = Object.fromEntries(request.headers); return new Response(standing.userId); }, { worker: installation, ...options });
    const response = await handler(new Request("https://songs.example/o/nirvana/songs", { headers }));
    return [response.status, response.ok ? await response.text() : (await response.json()).code];
  }

  test("lets a key's user through, and hands neither header to the handler", async () => {
    assert.deepEqual(await ask({ authorization: `Bearer ${key}`, "guildhall-act-as": "kurt", "guildhall-act-as-email": "kurt%40nirvana.example" }), [200, "kurt"]);
    assert.deepEqual(Object.keys(handled).filter((name) => name.startsWith("guildhall")), []);
    assert.equal(sent["guildhall-act-as-email"], "kurt%40nirvana.example");
    assert.deepEqual(await ask({ authorization: `Bearer ${key}`, "guildhall-act-as": "krist" }), [404, "not_found"]);
    assert.deepEqual(await ask({ authorization: `Bearer ${key}` }), [403, "permission_denied"]);
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
