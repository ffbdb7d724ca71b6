// The cron: invitations whose time is over are closed by a command of their own.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startWorker } from "../harness/worker.mjs";
import { signIn, signInMany } from "./support/caller.mjs";
import { assertInvariants } from "./support/invariants.mjs";
import { accept, body, found, invite, rows } from "./support/scenes.mjs";

let worker;
before(async () => { worker = await startWorker({ vars: { SEAT_LIMIT: "3" } }); });
after(() => worker?.stop());

/** Lets the time of an invitation run out, beside the Worker. */
const runOut = ({ id }) => worker.d1("UPDATE invitations SET expires_at = 1 WHERE id = ?", id);
const states = ({ id }) => rows(worker, "SELECT state, count(*) AS count FROM invitations WHERE organization = ? GROUP BY state ORDER BY state", id);
const version = ({ id }) => rows(worker, "SELECT version FROM organizations WHERE id = ?", id)[0].version;
const actions = ({ id }) => rows(worker, "SELECT actor, action FROM commits WHERE organization = ? ORDER BY seq DESC LIMIT 1", id);

async function tick() {
  assert.deepEqual(await worker.cron(), { status: 200, outcome: "ok" });
}

test("a tick closes what is over, frees its seat and leaves the rest", async () => {
  const kurt = await signIn(worker, "kurt");
  const organization = await found(kurt, "Nirvana");
  const over = await invite(kurt, organization, "chad@example.com");
  await invite(kurt, organization, "dave@example.com");
  const full = await kurt.post(`/v1/organizations/${organization.id}/invitations`, { email: "pat@example.com" });
  assert.equal(full.body.code, "seat_limit_reached");
  runOut(over);
  const before = version(organization);

  await tick();

  assert.deepEqual(states(organization), [{ state: "expired", count: 1 }, { state: "pending", count: 1 }]);
  assert.equal(version(organization), before + 1);
  assert.deepEqual(actions(organization), [{ actor: "guildhall:clock", action: "organization.close_overdue" }]);
  body(await kurt.post(`/v1/organizations/${organization.id}/invitations`, { email: "pat@example.com" }), 201);
  assertInvariants(worker);
});

test("a tick with nothing to close changes nothing", async () => {
  const krist = await signIn(worker, "krist");
  const organization = await found(krist, "Sweet 75");
  await invite(krist, organization, "yva@example.com");
  const before = version(organization);

  await tick();

  assert.equal(version(organization), before);
  assert.deepEqual(states(organization), [{ state: "pending", count: 1 }]);
});

test("ticks at once close an invitation once, and nobody accepts it afterwards", async () => {
  for (const guest of await signInMany(worker, "guest", 8)) {
    const organization = await found(guest, guest.userId);
    const over = await invite(guest, organization, "late@example.com");
    runOut(over);
    const before = version(organization);

    const late = await signIn(worker, "late");
    const [answer] = await Promise.all([accept(late, over.token), tick(), tick()]);

    assert.equal(answer.body.code, "invitation_expired");
    assert.equal(version(organization), before + 1);
  }
  assertInvariants(worker);
});

test("the cron hands out no mail without a messenger: they stay in the outbox", async () => {
  const dave = await signIn(worker, "dave");
  const organization = await found(dave, "Foo Fighters");
  body(await dave.post(`/v1/organizations/${organization.id}/invitations`, { email: "nate@example.com" }), 201);

  await tick();

  const messages = rows(worker, "SELECT delivered_at, attempts FROM messages WHERE organization = ?", organization.id);
  assert.deepEqual(messages, [{ delivered_at: null, attempts: 0 }]);
});
