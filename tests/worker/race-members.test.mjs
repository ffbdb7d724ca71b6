// Races among the members of an organization, on the built Worker with D1.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { send, signIn, tally, times } from "./support/caller.mjs";
import { assertInvariants } from "./support/invariants.mjs";
import { untilSaid } from "./support/odd-worker.mjs";
import { onEachRuntime } from "./support/runtimes.mjs";
import { add, found, leave, members, owner, remove, transfer } from "./support/scenes.mjs";

const rounds = 16;

onEachRuntime({}, (here) => {
  let worker;
  before(() => { worker = here.worker; });

  const succeeded = (answer) => answer.status < 300;

  /** A new organization of the first person's, with the others as admins. */
  async function band(name, [founder, ...admins]) {
    const organization = await found(founder, name);
    for (const admin of admins) await add(founder, organization, admin, ["admin"]);
    return organization;
  }

  const people = (...names) => Promise.all(names.map((name) => signIn(worker, name)));

  test("two admins are peers: neither removes the other, even at once", async () => {
    const [kurt, krist, dave] = await people("kurt", "krist", "dave");
    const organization = await band("Nirvana", [kurt, krist, dave]);

    const answers = await Promise.all([remove(krist, organization, dave), remove(dave, organization, krist)]);

    assert.deepEqual(answers.map((answer) => answer.body.code), ["outranked", "outranked"]);
    assert.deepEqual(members(worker, organization), ["dave", "krist", "kurt"]);
  });

  test("whoever is removed while removing somebody has done it before, or not at all", async () => {
    const [kurt, krist, pat] = await people("kurt", "krist", "pat");
    for (let round = 1; round <= rounds; round += 1) {
      const organization = await band(`Nirvana ${round}`, [kurt, krist]);
      await add(kurt, organization, pat, ["member"]);

      const [removed, removing] = await Promise.all([remove(kurt, organization, krist), remove(krist, organization, pat)]);

      assert.ok(succeeded(removed), removed.text);
      assert.ok(succeeded(removing) || removing.body.code === "not_found", removing.text);
      assert.deepEqual(members(worker, organization), succeeded(removing) ? ["kurt"] : ["kurt", "pat"]);
      assert.equal(owner(worker, organization), "kurt");
    }
    assertInvariants(worker);
  });

  test("whoever is made owner while leaving is owner or gone, never both", async () => {
    const [kurt, krist] = await people("kurt", "krist");
    for (let round = 1; round <= rounds; round += 1) {
      const organization = await band(`Transfer ${round}`, [kurt, krist]);

      const [given, left] = await Promise.all([transfer(kurt, organization, krist), leave(krist, organization)]);

      assert.notEqual(succeeded(given), succeeded(left), `${given.text} ${left.text}`);
      assert.equal(owner(worker, organization), succeeded(given) ? "krist" : "kurt");
      assert.deepEqual(members(worker, organization), succeeded(left) ? ["kurt"] : ["krist", "kurt"]);
    }
    assertInvariants(worker);
  });

  test("twenty-four who are added at once all come in, each by one request", async () => {
    const [kurt] = await people("kurt");
    const organization = await found(kurt, "Crowd");
    const crowd = times(24, (index) => `crowd-${index}`);
    const addOnce = (userId) => send(worker.origin, "POST", `/v1/organizations/${organization.id}/members`, { token: kurt.token, body: { userId } });

    const answers = await Promise.all(crowd.map(addOnce));

    assert.deepEqual(tally(answers), { 201: 24 });
    assert.deepEqual(members(worker, organization), [...crowd, "kurt"].sort());
    assertInvariants(worker);
  });

  test("of sixty-four who are added at once each comes in, or hears that the organization is busy", async () => {
    const [kurt] = await people("kurt");
    const organization = await found(kurt, "Stadium");
    const path = `/v1/organizations/${organization.id}/members`;
    const addOnce = (userId) => send(worker.origin, "POST", path, { token: kurt.token, body: { userId } });

    const answers = await Promise.all(times(64, (index) => addOnce(`fan-${index}`)));

    const busy = answers.filter(({ status }) => status !== 201);
    for (const { status, body, headers, text } of busy) {
      assert.deepEqual([status, body.code], [503, "organization_busy"], text);
      assert.match(headers.get("retry-after"), /^[1-5]$/);
      await untilSaid(worker, new RegExp(`request ${headers.get("x-request-id")}: the organization is busy`));
    }
    assert.equal(members(worker, organization).length, 1 + 64 - busy.length, "who hears that it is busy is not in");
    assertInvariants(worker);
  });

  test("two transfers at once make one owner", async () => {
    const [kurt, krist, dave] = await people("kurt", "krist", "dave");
    for (let round = 1; round <= rounds; round += 1) {
      const organization = await band(`Twice ${round}`, [kurt, krist, dave]);

      const answers = await Promise.all([transfer(kurt, organization, krist), transfer(kurt, organization, dave)]);

      assert.equal(answers.filter(succeeded).length, 1, answers.map((answer) => answer.text).join(" "));
      assert.equal(owner(worker, organization), succeeded(answers[0]) ? "krist" : "dave");
    }
    assertInvariants(worker);
  });

  test("removing the owner fails whatever else is going on", async () => {
    const [kurt, krist, dave] = await people("kurt", "krist", "dave");
    for (let round = 1; round <= rounds; round += 1) {
      const organization = await band(`Removal ${round}`, [kurt, krist, dave]);

      const [given, removed] = await Promise.all([transfer(kurt, organization, krist), remove(dave, organization, krist)]);

      assert.notEqual(succeeded(given), succeeded(removed), `${given.text} ${removed.text}`);
      assert.ok(members(worker, organization).includes(owner(worker, organization)));
    }
    assertInvariants(worker);
  });
});
