// The canary: with the guard taken out of the schema, the races must do harm and be caught.
//
// Whoever makes the race tests so slow or so tame that nothing meets any more is told here.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { migratedState, startWorker } from "../harness/worker.mjs";
import { signIn, signInMany } from "./support/caller.mjs";
import { assertInvariants } from "./support/invariants.mjs";
import { databaseFile } from "./support/odd-worker.mjs";
import { accept, add, found, invite, transfer } from "./support/scenes.mjs";

const mostRounds = 100;

/** The same table without its key, which is the lock of the write protocol, and no trigger to stand in for it. */
const sabotage = `
  DROP TRIGGER invitations_close_once;
  DROP TABLE commits;
  CREATE TABLE commits (organization TEXT, seq INTEGER, at INTEGER, actor TEXT, action TEXT, events TEXT,
    actor_kind TEXT, prev_hash TEXT, hash TEXT, position INTEGER, operator TEXT);
  CREATE INDEX commits_by_position ON commits (position);`;

function withoutGuard(folder) {
  const database = new DatabaseSync(databaseFile(folder));
  const triggers = database.prepare("SELECT name FROM sqlite_master WHERE tbl_name = 'organizations' AND type = 'trigger'").all();
  for (const trigger of triggers) database.exec(`DROP TRIGGER ${trigger.name}`);
  database.exec(sabotage);
  database.close();
}

let state;
let worker;
before(async () => {
  state = mkdtempSync(join(tmpdir(), "guildhall-canary-"));
  cpSync(await migratedState(), state, { recursive: true });
  withoutGuard(state);
  worker = await startWorker({ persistTo: state });
});
after(async () => {
  await worker?.stop();
  rmSync(state, { recursive: true, force: true });
});

const succeeded = (answers) => answers.filter((answer) => answer.status < 300).length;

/** Races until more than one of a round's answers is a success. */
async function untilHarm(race) {
  for (let round = 1; round <= mostRounds; round += 1) if (succeeded(await race()) > 1) return;
  assert.fail(`${mostRounds} races without a guard did no harm: they are no races`);
}

test("an owner gives the organization to two people at once, and the invariants see the damage", async () => {
  const [kurt, krist, dave] = await signInMany(worker, "admin", 3);
  await untilHarm(async () => {
    const organization = await found(kurt, "Nirvana");
    for (const admin of [krist, dave]) await add(kurt, organization, admin, ["admin"]);
    return Promise.all([transfer(kurt, organization, krist), transfer(kurt, organization, dave)]);
  });
  assert.throws(() => assertInvariants(worker), /I5/);
});

test("one token lets several people in, and the invariants see the damage", async () => {
  const [courtney, ...people] = [await signIn(worker, "courtney"), ...await signInMany(worker, "guest", 8)];
  await untilHarm(async () => {
    const organization = await found(courtney, "Hole");
    const { token } = await invite(courtney, organization, "guest@example.com");
    return Promise.all(people.map((person) => accept(person, token)));
  });
  assert.throws(() => assertInvariants(worker), /I4/);
});
