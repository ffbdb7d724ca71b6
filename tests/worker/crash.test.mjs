// kill -9 in the middle of writes: what was acknowledged is there, whole and once.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { startWorker } from "../harness/worker.mjs";
import { send, signIn, signInMany } from "./support/caller.mjs";
import { assertInvariants } from "./support/invariants.mjs";
import { add, body, found, rows } from "./support/scenes.mjs";

const writers = 8;
const kills = 3;
const writesBeforeAKill = 120;

let worker;
before(async () => { worker = await startWorker(); });
after(() => worker?.stop());

/** A write that has not been sent yet. */
const draft = (person, organization) => ({ person, path: `/v1/organizations/${organization.id}/invitations`, organization, key: randomUUID(), email: `${randomUUID()}@example.com` });

const post = ({ person, path, key, email }) =>
  send(worker.origin, "POST", path, { token: person.token, body: { email, notify: false }, headers: { "idempotency-key": key } });

/** Writes until the Worker is gone; whatever was not answered with 201 is left over. */
async function write(person, organizations, { acknowledged, leftOver, onWrite }) {
  for (let index = 0; ; index += 1) {
    const write = draft(person, organizations[index % organizations.length]);
    const answer = await post(write).catch(() => undefined);
    if (answer?.status === 201) acknowledged.push({ ...write, answer });
    else leftOver.push(write);
    if (answer === undefined) return;
    onWrite();
  }
}

/** Lets everybody write, and kills the Worker while they do. */
async function writeUntilKilled(people, shared) {
  const history = { acknowledged: [], leftOver: [] };
  let killed;
  const onWrite = () => { if (history.acknowledged.length >= writesBeforeAKill) killed ??= worker.kill9(); };
  await Promise.all(people.map(({ person, own }) => write(person, [own, shared], { ...history, onWrite })));
  await killed;
  return history;
}

const logged = ({ organization, email }) => rows(worker, `
  SELECT c.seq, e.value -> 'invitation' ->> 'id' AS id FROM commits c, json_each(c.events) e
  WHERE c.organization = ? AND e.value ->> 'type' = 'invitation.created' AND e.value -> 'invitation' ->> 'email' = ?`, organization.id, email);

const stored = ({ email }) => rows(worker, "SELECT id FROM invitations WHERE email = ? AND state = 'pending'", email);

function assertThereOnce(write, answer) {
  const { id, version } = answer.body;
  assert.deepEqual(stored(write), [{ id }]);
  assert.deepEqual(logged(write), [{ seq: version, id }]);
}

test("nothing acknowledged is lost and nothing is done twice when the Worker is killed", async () => {
  const boss = await signIn(worker, "boss");
  const shared = await found(boss, "Shared");
  const people = await Promise.all((await signInMany(worker, "writer", writers)).map(async (person) => ({ person, own: await found(person, person.userId) })));
  for (const { person } of people) await add(boss, shared, person, ["admin"]);

  for (let kill = 1; kill <= kills; kill += 1) {
    const { acknowledged, leftOver } = await writeUntilKilled(people, shared);
    await worker.restart();
    assertInvariants(worker);
    for (const write of acknowledged) assertThereOnce(write, write.answer);

    assert.ok(leftOver.length >= writers, `${leftOver.length} writes were cut off`);
    for (const write of leftOver) {
      const answer = await write.person.post(write.path, { email: write.email, notify: false }, { key: write.key });
      body(answer, 201);
      assertThereOnce(write, answer);
    }
    assertInvariants(worker);
  }
});
