// The example application on workerd, with the packed package.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { at } from "../../scripts/steps/places.mjs";
import { end } from "../../scripts/steps/processes.mjs";
import { freePort, serve, untilReady } from "../../scripts/steps/wrangler.mjs";
import { installed } from "./support/installed.mjs";

describe("examples/hono-app", () => {
  const ends = [];
  let createClient;
  let origin;
  let project;

  before(async () => {
    project = await installed({ after: (end) => ends.push(end) });
    ({ createClient } = await project.import("client/client.js"));
    const { folder } = project;
    cpSync(at("examples", "hono-app", "src"), join(folder, "src"), { recursive: true });
    cpSync(at("examples", "hono-app", "wrangler.toml"), join(folder, "wrangler.toml"));
    symlinkSync(at("node_modules", "hono"), join(folder, "node_modules", "hono"), "dir");
    mkdirSync(join(folder, "tmp"));
    const env = { TMPDIR: join(folder, "tmp"), WRANGLER_REGISTRY_PATH: join(folder, "registry") };
    const server = serve({ port: await freePort(), state: join(folder, "state"), env, words: ["--config", join(folder, "wrangler.toml")] });
    ends.unshift(() => end(server.child));
    await untilReady(server);
    ({ origin } = server);
  });
  after(async () => { for (const end of ends) await end(); });

  const client = (token) => createClient({ baseUrl: origin, token });
  const signIn = async (userId) => (await client().dev.signIn({ userId })).token;

  async function songs(slug, headers, body) {
    const init = body ? { method: "POST", body: JSON.stringify(body), headers: { ...headers, "content-type": "application/json" } } : { headers };
    const response = await fetch(`${origin}/o/${slug}/songs`, init);
    return [response.status, await response.json()];
  }

  test("lets members read, those who may write, and nobody else", async () => {
    const tokens = { kurt: await signIn("kurt"), krist: await signIn("krist"), dave: await signIn("dave") };
    const bearer = (name) => ({ authorization: `Bearer ${tokens[name]}` });
    await client(tokens.kurt).organizations.create({ name: "Nirvana" });
    await client(tokens.kurt).organization("nirvana").members.add({ userId: "krist" });
    const polly = { title: "Polly", by: "kurt" };
    assert.deepEqual(await songs("nirvana", bearer("kurt"), { title: "Polly" }), [201, { songs: [polly] }]);
    assert.deepEqual(await songs("nirvana", bearer("krist")), [200, { songs: [polly] }]);
    const refused = async (...words) => { const [status, { code }] = await songs(...words); return [status, code]; };
    assert.deepEqual(await refused("nirvana", bearer("krist"), { title: "Sappy" }), [403, "permission_denied"]);
    assert.deepEqual(await refused("nirvana", bearer("dave")), [404, "not_found"]);
    assert.deepEqual(await refused("nirvana", {}), [401, "unauthenticated"]);

    const { token } = await client(tokens.krist).organization("nirvana").pass({ audience: "songs" });
    assert.deepEqual(await songs("nirvana", { "guildhall-pass": token }), [200, { songs: [polly] }]);
    assert.deepEqual(await refused("nirvana", { "guildhall-pass": token }, { title: "Sappy" }), [403, "permission_denied"]);
    assert.deepEqual(await refused("foo-fighters", { "guildhall-pass": token }), [404, "not_found"]);
    assert.deepEqual(await refused("nirvana", { "guildhall-pass": `${token}x` }), [401, "pass_invalid"]);
  });

  test("stores nothing that another site's page has sent with a member's cookie", async () => {
    const token = await signIn("lori");
    await client(token).organizations.create({ name: "The Rain" });
    const cookie = `__Host-guildhall_session=${token}`;
    const post = async (from) => {
      const response = await fetch(`${origin}/o/the-rain/songs`, { method: "POST", headers: { cookie, "content-type": "text/plain", ...from }, body: '{"title":"Forged"}' });
      return [response.status, (await response.json()).code];
    };
    for (const from of [{ origin: "https://evil.example" }, { origin: "null" }, { "sec-fetch-site": "cross-site" }, {}]) assert.deepEqual(await post(from), [403, "origin_mismatch"], JSON.stringify(from));
    assert.deepEqual(await songs("the-rain", { cookie }), [200, { songs: [] }]);
    assert.deepEqual(await post({ origin }), [201, undefined]);
  });

  test("stores nothing that is no title", async () => {
    const headers = { authorization: `Bearer ${await signIn("pat")}`, "content-type": "application/json" };
    await client(headers.authorization.slice(7)).organizations.create({ name: "Germs" });
    for (const body of ["", "{", "null", "[]", "3", "{}", '{"title":null}', '{"title":""}', '{"title":7}']) {
      const response = await fetch(`${origin}/o/germs/songs`, { method: "POST", headers, body });
      assert.deepEqual([response.status, response.headers.get("content-type"), (await response.json()).code], [422, "application/problem+json", "invalid_value"], body);
    }
    assert.deepEqual(await songs("germs", headers), [200, { songs: [] }]);
  });

  test("fetches the installation's keys once, however many passes come", async () => {
    const { Directory } = await project.import("directory/node.js");
    const { default: app } = await import(pathToFileURL(join(project.folder, "src", "app.js")).href);
    const directory = new Directory();
    const asked = [];
    const GUILDHALL = { fetch: (request) => { asked.push(new URL(request.url).pathname); return directory.fetch(request); } };
    const of = (token) => createClient({ fetch: directory.fetch, token });
    const { token } = await of().dev.signIn({ userId: "kurt" });
    await of(token).organizations.create({ name: "Nirvana" });
    for (let time = 0; time < 5; time += 1) {
      const pass = await of(token).organization("nirvana").pass({ audience: "songs" });
      const response = await app.request("/o/nirvana/songs", { headers: { "guildhall-pass": pass.token } }, { GUILDHALL });
      assert.equal(response.status, 200);
    }
    assert.deepEqual(asked, ["/.well-known/jwks.json"]);
  });
});
