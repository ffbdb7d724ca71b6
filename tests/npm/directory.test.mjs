// The directory of the packed package: the whole system behind fetch, in Node.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { installed } from "./support/installed.mjs";

const json = { "content-type": "application/json" };

describe("Directory", () => {
  let project;
  let Directory;
  let GuildhallError;
  before(async () => {
    project = await installed({ after: (end) => process.on("exit", end) });
    ({ Directory, GuildhallError } = await project.import("directory/node.js"));
  });

  async function signedIn(options, body = { userId: "kurt", email: "kurt@nirvana.com" }) {
    const directory = new Directory(options);
    const session = await directory.fetch(new Request("https://x/dev/session", { method: "POST", headers: json, body: JSON.stringify(body) }));
    assert.equal(session.status, 201);
    const { token } = await session.json();
    const headers = { ...json, authorization: `Bearer ${token}` };
    return { directory, headers, post: (path, body) => directory.fetch(`https://x${path}`, { method: "POST", headers, body: JSON.stringify(body) }) };
  }

  test("is an installation of its own", async () => {
    const { directory, headers, post } = await signedIn();
    const created = await post("/v1/organizations", { name: "Nirvana" });
    assert.deepEqual([created.status, created.headers.get("etag"), (await created.json()).slug], [201, '"v1"', "nirvana"]);
    const resolved = await directory.fetch(new URL("https://x/o/nirvana/v1/resolve"), { headers });
    assert.equal((await resolved.json()).outcome, "resolved");
    const other = await new Directory().fetch("https://x/v1/me", { headers });
    assert.equal(other.status, 401, "a session of one directory is none of another");
  });

  test("refuses as the Worker does", async () => {
    const { directory, headers, post } = await signedIn();
    const big = await post("/v1/organizations", { name: "x".repeat(70_000) });
    assert.deepEqual([big.status, (await big.json()).code], [413, "body_too_large"]);
    const cut = await directory.fetch("https://x/v1/organizations", { method: "POST", headers, body: '{"name":' });
    assert.deepEqual([cut.status, cut.headers.get("content-type")], [400, "application/problem+json"]);
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65536)) });
    assert.equal((await directory.fetch("https://x/v1/organizations", { method: "POST", headers, body: endless, duplex: "half" })).status, 413);
    assert.equal((await directory.fetch("https://x/v1/me", { method: "HEAD", headers })).body, null);
    assert.equal((await directory.fetch("https://x/v1/me", { method: "DELETE", headers })).headers.get("allow"), "GET, HEAD, OPTIONS");
  });

  test("goes by its options", async () => {
    let now = Date.parse("2026-01-01T00:00:00Z");
    const { directory, headers, post } = await signedIn({ now: () => now, seatLimit: 2 });
    await post("/v1/organizations", { name: "Nirvana" });
    const invited = await post("/v1/organizations/nirvana/invitations", { email: "krist@nirvana.com", expiresIn: 60 });
    assert.equal((await invited.json()).expiresAt, "2026-01-01T00:01:00.000Z");
    assert.equal((await post("/v1/organizations/nirvana/members", { userId: "dave" })).status, 409);
    now += 61_000;
    await directory.tick();
    assert.equal((await post("/v1/organizations/nirvana/members", { userId: "dave" })).status, 201);
    const listed = await directory.fetch("https://x/v1/organizations/nirvana/invitations?state=expired", { headers });
    assert.equal((await listed.json()).data.length, 1);
    for (const options of [{ seatLimit: 0 }, { seatLimit: "many" }, { colour: "red" }]) {
      await assert.rejects(new Directory(options).fetch("https://x/healthz"), GuildhallError);
    }
  });

  test("refuses options that are none, and never passes one over", async () => {
    const wrong = [[null, undefined], [5, undefined], ["x", undefined], [{ now: null }, "now"], [{ now: 5 }, "now"], [{ seatLimit: NaN }, "seatLimit"], [{ seatLimit: Infinity }, "seatLimit"],
      [{ seatLimit: () => 5 }, "seatLimit"], [{ baseDomain: Symbol("x") }, "baseDomain"], [{ seatLimit: 5n }, undefined]];
    for (const [options, param] of wrong) {
      await assert.rejects(new Directory(options).fetch("https://x/healthz"), (error) => error instanceof GuildhallError && error.code === "invalid_value" && error.param === param, String(options));
    }
    for (const name of ["PUBLIC_ORIGIN", "SECRET_KEY"]) {
      await assert.rejects(Directory.open({ settings: { [name]: "https://elsewhere.example" } }), { code: "invalid_value", param: `settings.${name}` }, name);
    }
    await assert.rejects(Directory.open({ settings: { AUTH_MODE: "dev" } }), { code: "invalid_value", param: "AUTH_MODE", message: /write AUTH = / });
    assert.equal((await new Directory({ seatLimit: undefined, now: undefined }).fetch("https://x/healthz")).status, 200);
  });

  test("is not ahead of its clock, and lists what one instant made in the order of its making", async (t) => {
    const now = Date.now();
    t.mock.timers.enable({ apis: ["Date"], now });
    const directory = new Directory();
    const post = async (path, body, token) => (await directory.fetch(path, { method: "POST", headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) }, body: JSON.stringify(body) })).json();
    const { token } = await post("/dev/session", { userId: "kurt" });
    const { createdAt } = await post("/v1/organizations", { name: "Nirvana" }, token);
    assert.equal(Date.parse(createdAt), now);
    const users = Array.from({ length: 20 }, (_, index) => `user${(index * 7) % 20}`);
    for (const userId of users) await post("/v1/organizations/nirvana/members", { userId }, token);
    const listed = await (await directory.fetch("/v1/organizations/nirvana/members?limit=50", { headers: { authorization: `Bearer ${token}` } })).json();
    assert.deepEqual(listed.data.map(({ userId }) => userId), ["kurt", ...users]);
    for (let time = 0; time < 100; time += 1) await directory.fetch("/healthz");
    const { token: pass } = await post("/v1/organizations/nirvana/passes", {}, token);
    assert.equal(JSON.parse(atob(pass.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).iat, Math.floor(now / 1000));
  });

  test("serves its clock's garbage with a 503, not a crash", async () => {
    const answer = await new Directory({ now: () => NaN }).fetch("https://x/v1/me");
    assert.equal(answer.status, 503);
  });
});
