// An installation that lacks something says what, answers 503 and never panics.

import assert from "node:assert/strict";
import { test } from "node:test";
import { send } from "./support/caller.mjs";
import { startOddWorker, untilSaid } from "./support/odd-worker.mjs";

async function withWorker(options, check) {
  const worker = await startOddWorker(options);
  try {
    await check(worker);
    assert.doesNotMatch(worker.log(), /panicked|RuntimeError|unreachable/);
  } finally {
    await worker.stop();
  }
}

/** `/readyz` and every API route answer 503; only `/readyz` and the operator's log say why. */
async function assertUnready(worker, reason) {
  const { origin } = worker;
  assert.equal((await send(origin, "GET", "/healthz")).status, 200);
  const ready = await send(origin, "GET", "/readyz");
  assert.equal(ready.status, 503);
  assert.match(ready.text, reason);
  for (const [method, path] of [["GET", "/v1/me"], ["POST", "/v1/organizations"], ["GET", "/v1/resolve"]]) {
    const answer = await send(origin, method, path, { body: method === "POST" ? { name: "x" } : undefined });
    assert.equal(answer.status, 503, path);
    assert.equal(answer.headers.get("content-type"), "application/problem+json");
    assert.equal(answer.body.code, "unavailable");
    assert.doesNotMatch(answer.text, reason);
  }
  await untilSaid(worker, new RegExp(`request .*${reason.source}`));
}

test("a missing secret is named", () => withWorker({ secrets: {} }, (worker) => assertUnready(worker, /SECRET_KEY/)));

test("a secret that is too short is named, and not shown", () => {
  const secrets = { SECRET_KEY: "hunter2" };
  return withWorker({ secrets }, async (worker) => {
    await assertUnready(worker, /SECRET_KEY/);
    assert.doesNotMatch(worker.log(), /hunter2/);
  });
});

test("a missing database is named", () => withWorker({ config: { d1_databases: [] } }, (worker) => assertUnready(worker, /\bDB\b/)));

test("a setting of the wrong type is named", () => {
  const vars = { INVITATION_LIFETIME: { days: 7 } };
  return withWorker({ vars }, (worker) => assertUnready(worker, /INVITATION_LIFETIME/));
});

test("a setting that is a number in the configuration is read", () => {
  const vars = { SEAT_LIMIT: 16 };
  return withWorker({ vars }, async ({ origin }) => assert.equal((await send(origin, "GET", "/readyz")).status, 200));
});

test("migrations that were not applied are named", () => withWorker({ migrated: false }, async (worker) => {
  const ready = await send(worker.origin, "GET", "/readyz");
  assert.equal(ready.status, 503);
  assert.match(ready.text, /migration/);

  const session = await send(worker.origin, "POST", "/dev/session", { body: { userId: "kurt", email: "kurt@example.com", emailVerified: true } });
  const { token } = session.body;
  const answer = await send(worker.origin, "GET", "/v1/me", { token });
  assert.equal(answer.status, 503);
  assert.equal(answer.body.code, "unavailable");
  assert.match(answer.headers.get("retry-after"), /^\d+$/);
}));

test("a cron without a database does no harm", () => withWorker({ config: { d1_databases: [] } }, async (worker) => {
  const response = await worker.cron();
  assert.equal(response.status, 200);
  await untilSaid(worker, /no tick: .*\bDB\b/);
}));
