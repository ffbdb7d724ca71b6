// A database whose connection breaks: before a batch is applied, or after it, when nobody knows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { send, signIn, signInMany, tally, times } from "./support/caller.mjs";
import { assertInvariants } from "./support/invariants.mjs";
import { startOddWorker, untilSaid } from "./support/odd-worker.mjs";
import { accept, body, found, invite, members, rows } from "./support/scenes.mjs";

/** D1 as it is, but for `batch`: `before` and `after` may throw around the real one. */
const database = (before, after) => `
  const lost = () => { throw new Error("D1_ERROR: Network connection lost."); };
  let count = 0;
  const batch = async (statements) => {
    const turn = ++count;
    ${before}
    const results = await env.DB.batch(statements);
    ${after}
    return results;
  };
  const get = (target, name) => {
    if (name === "batch") return batch;
    const value = Reflect.get(target, name);
    return typeof value === "function" && name !== "constructor" ? value.bind(target) : value;
  };
  return { DB: new Proxy(env.DB, { get }) };`;

async function on(bindings, check) {
  const worker = await startOddWorker({ bindings });
  try {
    await check(worker);
    assert.doesNotMatch(worker.log(), /panicked|RuntimeError/);
  } finally {
    await worker.stop();
  }
}

test("whoever repeats under the same key until there is an answer has done everything once", () => on(database("if (turn % 5 === 0) lost();", "if (turn % 3 === 0) lost();"), async (worker) => {
  const [kurt, ...guests] = [await signIn(worker, "kurt"), ...await signInMany(worker, "guest", 8)];
  const organizations = await Promise.all(times(4, (index) => found(kurt, `Band ${index}`)));
  for (const organization of organizations) {
    const tokens = await Promise.all(guests.map((guest) => invite(kurt, organization, guest.email)));
    const accepted = await Promise.all(guests.map((guest, index) => accept(guest, tokens[index].token)));

    assert.deepEqual(tally(accepted), { 200: 8 });
    assert.deepEqual(members(worker, organization), ["kurt", ...guests.map((guest) => guest.userId)].sort());
    const [{ version }] = rows(worker, "SELECT version FROM organizations WHERE id = ?", organization.id);
    assert.equal(version, 1 + 8 + 8);
  }
  assert.equal(rows(worker, "SELECT id FROM organizations").length, 4);
  assertInvariants(worker);
  await untilSaid(worker, /D1 failed: D1_ERROR: Network connection lost/);
}));

// The first batch reads, the second writes.
test("a write whose outcome is unknown is answered 503, and under its key with what it did", () => on(database("", "if (turn === 2) lost();"), async (worker) => {
  const kurt = await signIn(worker, "kurt");
  const post = () => send(worker.origin, "POST", "/v1/organizations", { token: kurt.token, body: { name: "Unknown" }, headers: { "idempotency-key": "once" } });

  const first = await post();
  assert.equal(first.status, 503);
  assert.equal(first.body.code, "unavailable");
  assert.match(first.headers.get("retry-after"), /^\d+$/);
  assert.doesNotMatch(first.text, /D1|Network/);

  const second = await post();
  assert.equal(second.status, 201);
  assert.equal(second.headers.get("idempotent-replayed"), "true");
  assert.deepEqual(rows(worker, "SELECT id FROM organizations"), [{ id: second.body.id }]);
  assertInvariants(worker);
}));

test("while the database is gone every route that needs it says 503", () => on(database("lost();", ""), async (worker) => {
  const kurt = await signIn(worker, "kurt");
  assert.equal((await send(worker.origin, "GET", "/healthz")).status, 200);
  assert.equal((await send(worker.origin, "GET", "/readyz")).status, 503);
  for (const path of ["/v1/me", "/v1/organizations", "/v1/organizations/acme", "/v1/slugs/acme", "/v1/resolve?org=acme"]) {
    const answer = await send(worker.origin, "GET", path, { token: kurt.token });
    assert.equal(answer.status, 503, `${path}: ${answer.text}`);
    await untilSaid(worker, new RegExp(`request ${answer.headers.get("x-request-id")}: .*Network connection lost`));
  }
  assert.equal((await worker.cron()).status, 200);
  await untilSaid(worker, /the tick failed in part/);
}));
