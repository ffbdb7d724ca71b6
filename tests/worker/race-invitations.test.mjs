// Races for an invitation, on the built Worker with D1.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { signIn, signInMany, tally, times } from "./support/caller.mjs";
import { assertInvariants } from "./support/invariants.mjs";
import { onEachRuntime } from "./support/runtimes.mjs";
import { accept, add, body, found, invite, members } from "./support/scenes.mjs";

const rounds = 16;

onEachRuntime({}, (here) => {
  let worker;
  before(() => { worker = here.worker; });

  test("of sixteen people with the same token exactly one joins", async () => {
    const [courtney, ...people] = [await signIn(worker, "courtney"), ...await signInMany(worker, "guest", 16)];
    for (let round = 1; round <= 4; round += 1) {
      const organization = await found(courtney, "Hole");
      const { token } = await invite(courtney, organization, "guest@example.com");

      const answers = await Promise.all(people.map((person) => accept(person, token)));

      assert.deepEqual(tally(answers), { 200: 1, "410 invitation_used": 15 });
      const winner = people[answers.findIndex((answer) => answer.status === 200)];
      assert.deepEqual(members(worker, organization), ["courtney", winner.userId].sort());
    }
    assertInvariants(worker);
  });

  test("one person who accepts sixteen times at once joins once and is told the same each time", async () => {
    const [dave, taylor] = [await signIn(worker, "dave"), await signIn(worker, "taylor")];
    const organization = await found(dave, "Foo Fighters");
    const { token } = await invite(dave, organization, "taylor@example.com");

    const answers = await Promise.all(times(16, () => accept(taylor, token)));

    assert.deepEqual(tally(answers), { 200: 16 });
    assert.deepEqual(members(worker, organization), ["dave", "taylor"]);
    assertInvariants(worker);
  });

  test("a revocation and an acceptance never both succeed", async () => {
    const kim = await signIn(worker, "kim");
    for (const thurston of await signInMany(worker, "thurston", rounds)) {
      const organization = await found(kim, "Sonic Youth");
      const { token, ...invitation } = await invite(kim, organization, thurston.email);
      const path = `/v1/organizations/${organization.id}/invitations/${invitation.id}`;

      const [accepted, revoked] = await Promise.all([accept(thurston, token), kim.delete(path)]);

      const joined = members(worker, organization).includes(thurston.userId);
      assert.equal(accepted.status < 300, joined, accepted.text);
      assert.notEqual(accepted.status < 300, revoked.status < 300, `${accepted.text} ${revoked.text}`);
    }
    assertInvariants(worker);
  });

  test("an invitation is void once its inviter is demoted, however close the two are", async () => {
    const [krist, chad] = [await signIn(worker, "krist"), await signIn(worker, "chad")];
    for (const guest of await signInMany(worker, "late", rounds)) {
      const organization = await found(krist, "Nirvana");
      await add(krist, organization, chad, ["admin"]);
      const { token } = await invite(chad, organization, guest.email, ["admin"]);
      const path = `/v1/organizations/${organization.id}/members/${chad.userId}`;

      const [accepted, demoted] = await Promise.all([accept(guest, token), krist.patch(path, { roles: ["member"] })]);

      assert.equal(demoted.status, 200, demoted.text);
      const [step] = worker.d1(`
        SELECT (SELECT seq FROM commits WHERE organization = ?1 AND action = 'invitation.accept') AS accepted,
          (SELECT seq FROM commits WHERE organization = ?1 AND action = 'member.update') AS demoted`, organization.id);
      assert.equal(accepted.status < 300, step.accepted !== null, accepted.text);
      assert.ok(step.accepted === null || step.accepted < step.demoted, JSON.stringify(step));
    }
    assertInvariants(worker);
  });

  test("sixteen invitations of one address at once leave one pending", async () => {
    const billy = await signIn(worker, "billy");
    const organization = await found(billy, "Smashing Pumpkins");
    const path = `/v1/organizations/${organization.id}/invitations`;

    const answers = await Promise.all(times(16, () => billy.post(path, { email: "darcy@example.com", notify: false })));

    for (const answer of answers) body(answer, 201);
    const pending = worker.d1("SELECT id FROM invitations WHERE organization = ? AND state = 'pending'", organization.id);
    assert.equal(pending.length, 1);
    assertInvariants(worker);
  });
});
