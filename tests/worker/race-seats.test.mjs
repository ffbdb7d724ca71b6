// Races for the last seats, on the built Worker with D1.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { signIn, signInMany, tally, times } from "./support/caller.mjs";
import { assertInvariants } from "./support/invariants.mjs";
import { onEachRuntime } from "./support/runtimes.mjs";
import { accept, found, members } from "./support/scenes.mjs";

const seats = 8;

onEachRuntime({ vars: { SEAT_LIMIT: String(seats) } }, (here) => {
  let worker;
  before(() => { worker = here.worker; });

  test("sixteen invitations at once take the seats that are free, and those invited all get in", async () => {
    const [eddie, ...guests] = [await signIn(worker, "eddie"), ...await signInMany(worker, "guest", 16)];
    const organization = await found(eddie, "Pearl Jam");
    const path = `/v1/organizations/${organization.id}/invitations`;

    const invited = await Promise.all(guests.map((guest) => eddie.post(path, { email: guest.email, notify: false })));
    assert.deepEqual(tally(invited), { 201: seats - 1, "409 seat_limit_reached": 17 - seats });
    assertInvariants(worker);

    const tokens = invited.map((answer) => answer.body.token);
    const accepted = await Promise.all(guests.filter((_, index) => tokens[index]).map((guest) => accept(guest, tokens[guests.indexOf(guest)])));
    assert.deepEqual(tally(accepted), { 200: seats - 1 });
    assert.equal(members(worker, organization).length, seats);
    assertInvariants(worker);
  });

  test("invitations and direct additions share the seats", async () => {
    const stone = await signIn(worker, "stone");
    const organization = await found(stone, "Green River");
    const path = `/v1/organizations/${organization.id}`;
    const invite = (index) => stone.post(`${path}/invitations`, { email: `invited-${index}@example.com`, notify: false });
    const add = (index) => stone.post(`${path}/members`, { userId: `added-${index}` });

    const answers = await Promise.all([...times(8, invite), ...times(8, add)]);

    assert.deepEqual(tally(answers), { 201: seats - 1, "409 seat_limit_reached": 17 - seats });
    assertInvariants(worker);
  });

  test("a seat that a revocation frees is taken once", async () => {
    const jeff = await signIn(worker, "jeff");
    const organization = await found(jeff, "Mother Love Bone");
    const path = `/v1/organizations/${organization.id}`;
    const invited = await Promise.all(times(seats - 1, (index) => jeff.post(`${path}/invitations`, { email: `first-${index}@example.com`, notify: false })));
    const [{ body: { id } }] = invited;

    const [revoked, ...added] = await Promise.all([
      jeff.delete(`${path}/invitations/${id}`),
      ...times(8, (index) => jeff.post(`${path}/members`, { userId: `next-${index}` })),
    ]);

    assert.ok(revoked.status < 300, revoked.text);
    assert.ok((tally(added)["201"] ?? 0) <= 1, JSON.stringify(tally(added)));
    assertInvariants(worker);
  });
});
