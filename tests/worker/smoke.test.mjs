// The chain itself: the built Worker starts on workerd, answers, survives a kill, and stops.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startWorker } from "../harness/worker.mjs";

let worker;
before(async () => { worker = await startWorker(); });
after(() => worker?.stop());

const health = async () => (await fetch(`${worker.origin}/healthz`)).status;

test("the built Worker answers on a loopback address", async () => {
  assert.match(worker.origin, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(await health(), 200);
});

test("its cron handler runs", async () => {
  assert.deepEqual(await worker.cron(), { status: 200, outcome: "ok" });
});

test("it comes back on the same port after a kill", async () => {
  await worker.kill9();
  await assert.rejects(health);
  await worker.restart();
  assert.equal(await health(), 200);
});
