// What `npm run bench:check` asks before it measures: that everybody is right.
//
// Owns: Guildhall and the Map it is compared with. Never does: install a peer, or look at a time.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { times, wrongAnswers } from "../../benches/check/arena.mjs";
import { ours } from "../../benches/check/contestants/portable.mjs";
import { memberships, rows } from "../../benches/check/workload.mjs";
import { makeWorld } from "../../benches/check/world.mjs";
import { installed } from "./support/installed.mjs";

describe("the benchmark of checks", () => {
  let contestants;
  let ids;
  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    const world = await makeWorld((await project.import("directory/node.js")).Directory);
    ids = world.ids;
    contestants = await ours(world, await project.import("node.js"));
  });

  test("asks about a hundred memberships, half of the answers being no", () => {
    const pairs = rows(ids, "passport");
    assert.deepEqual([pairs.length, pairs.filter(([, , answer]) => answer).length], [memberships * 12, memberships * 6]);
  });

  test("finds every answer right", () => assert.deepEqual(wrongAnswers(contestants, ids), []));

  test("finds a wrong answer, and says whose it is", () => {
    const liar = { name: "liar", pass: { run: ({ length }) => length } };
    const wrong = wrongAnswers([liar], ids);
    assert.equal(wrong.length, 7);
    assert.match(wrong[0], /^liar, pass: [a-z]+:[a-z]+ in org_\w+ should be false$/);
  });

  test("times everybody", async () => {
    const found = await times(contestants, { ids, size: 120, rounds: 3, enough: 0, warm: 0, region: 0, now: () => performance.now() });
    assert.equal(found.length, 11);
    assert.ok(found.every(({ ns, ratio }) => Number.isFinite(ns) && ratio >= 0));
  });
});
