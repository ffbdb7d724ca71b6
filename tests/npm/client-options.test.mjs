// What a client of the packed package is set up with, and what its calls are told: taken, or refused by name.
//
// Owns: every kind of `fetch`, and the options. Never does: ask an installation.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { installed } from "./support/installed.mjs";

const json = (body) => new Response(JSON.stringify(body));

describe("the client's options", () => {
  let api;
  let Directory;
  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    api = await project.import("client/client.js");
    ({ Directory } = await project.import("directory/node.js"));
  });

  const fails = (promise, more) => assert.rejects(promise, { name: "GuildhallError", ...more });
  const throws = (call, more) => assert.throws(call, { name: "GuildhallError", ...more });

  /** A `fetch` that keeps what it was asked. */
  function keeping() {
    const asked = [];
    return { asked, fetch: async (url, init) => (asked.push({ url, ...init, headers: Object.fromEntries(init.headers) }), json({ slug: "a" })) };
  }

  /** As a service binding of a Worker: its method works on itself only, and every other name is somebody's method too. */
  function binding() {
    const { asked, fetch } = keeping();
    class Binding {
      get token() { return () => assert.fail("nobody offers that"); }
      fetch(...words) {
        if (!(this instanceof Binding)) throw new TypeError("Illegal invocation");
        return fetch(...words);
      }
    }
    return { asked, binding: new Binding() };
  }

  test("are those of a test double that stands for the global `fetch`", async (t) => {
    const early = api.createClient({ baseUrl: "https://guildhall.example" });
    const given = new Directory();
    const { token } = await api.createClient({ fetch: given.fetch }).dev.signIn({ userId: "kurt" });
    t.mock.method(globalThis, "fetch", given.fetch);
    assert.equal((await api.createClient({ fetch: given.fetch, token }).me.get()).principal.userId, "kurt", "given and global at once");
    assert.ok(await early.installation.keys(), "made before the double was there");
    await fails(api.createClient().me.get(), { code: "invalid_value", param: "baseUrl" });
  });

  test("take a fetcher as it is, and call it as a method", async () => {
    const { asked, binding: worker } = binding();
    for (const options of [{ fetch: worker }, worker]) await api.createClient(options).slugs.check("a");
    assert.deepEqual(asked.map(({ url, headers }) => [url, headers.authorization]), Array(2).fill(["http://localhost/v1/slugs/a", undefined]));
    await fails(api.createClient({ fetch: worker.fetch, retries: 0 }).slugs.check("a"), { code: "unavailable" });
    for (const options of [{ fetch: new Directory() }, new Directory()]) assert.ok(await api.createClient(options).installation.keys());
  });

  test("are refused by name where there is no such option", async () => {
    for (const name of ["baseURL", "tokens", "dryRun"]) throws(() => api.createClient({ [name]: "x" }), { code: "unknown_field", param: name });
    const { asked, fetch } = keeping();
    const acme = api.createClient({ fetch }).organization("acme");
    await fails(acme.delete({ dryrun: true }), { code: "unknown_field", param: "dryrun" });
    await fails(acme.members.remove("krist", {}, { ifMatched: 3 }), { code: "unknown_field", param: "ifMatched" });
    await fails(acme.members.list({}, { signals: 3 }).page(), { code: "unknown_field", param: "signals" });
    await fails(acme.update({ name: "A" }, { ifAbsent: true }), { code: "unknown_field", param: "ifAbsent" });
    assert.equal(asked.length, 0);
    await acme.members.add({ userId: "krist" }, { ifAbsent: true, dryRun: true, idempotencyKey: "k", ifMatch: 1, requestId: "r", organization: "acme", consistency: "strong", minVersion: 1, headers: {}, signal: undefined });
    assert.equal(asked.length, 1);
  });

  test("are refused where they are of another kind", async () => {
    for (const options of [null, 3, "https://guildhall.example"]) throws(() => api.createClient(options), { code: "invalid_value", param: "options" });
    for (const fetch of [null, 3, {}]) throws(() => api.createClient({ fetch }), { code: "invalid_value", param: "fetch" });
    const { asked, fetch } = keeping();
    const { me } = api.createClient({ fetch });
    for (const name of ["requestId", "organization", "minVersion", "idempotencyKey", "ifMatch"]) await fails(me.get({ [name]: "" }), { code: "invalid_value", param: name });
    for (const signal of [3, {}, "x"]) await fails(me.get({ signal }), { code: "invalid_value", param: "signal" });
    for (const options of [null, 3]) await fails(me.get(options), { code: "invalid_value", param: "options" });
    for (const token of [3, {}, async () => 3]) await fails(api.createClient({ fetch, token }).me.get(), { code: "invalid_value", param: "token" });
    assert.equal(asked.length, 0);
  });

  test("may be promised, or written as digits", async () => {
    const { asked, fetch } = keeping();
    for (const token of [Promise.resolve("t"), async () => "t", "t", undefined, null, ""]) await api.createClient({ fetch, token }).me.get();
    assert.deepEqual(asked.map(({ headers }) => headers.authorization), [...Array(3).fill("Bearer t"), ...Array(3).fill(undefined)]);
    asked.length = 0;
    for (const ifMatch of [2, "2", '"v2"', "*"]) await api.createClient({ fetch }).organization("a").delete({ ifMatch });
    assert.deepEqual(asked.map(({ headers }) => headers["if-match"]), ['"v2"', '"v2"', '"v2"', "*"]);
  });
});
