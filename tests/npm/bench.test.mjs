// What `npm run bench:check` asks before it measures: that everybody is right.
//
// Owns: Guildhall and the Map it is compared with. Never does: install a peer, or look at a time.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { times, wrongAnswers } from "../../benches/check/arena.mjs";
import { ours } from "../../benches/check/contestants/portable.mjs";
import { node } from "../../benches/check/startup/node.mjs";
import { starts } from "../../benches/check/startup/race.mjs";
import { memberships, rows } from "../../benches/check/workload.mjs";
import { makeWorld } from "../../benches/check/world.mjs";
import { installed } from "./support/installed.mjs";

describe("the benchmark of checks", () => {
  const only = ["nothing", "guildhall/pass", "guildhall"];
  let contestants;
  let ids;
  let project;
  before(async () => {
    const installation = await installed({ after: (end) => process.on("exit", end) });
    const world = await makeWorld((await installation.import("directory/node.js")).Directory);
    project = { ...installation, world };
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
    assert.equal(found.length, 15);
    assert.ok(found.every(({ ns, ratio }) => Number.isFinite(ns) && ratio >= 0));
  });

  test("starts each of our entries in a process of its own, and finds the first answers right", async () => {
    const { rows, wrong, missing } = await starts(project, node, { times: 1, only });
    assert.deepEqual([wrong, missing, rows.map(({ name }) => name)], [[], [], ["guildhall/pass", "guildhall"]]);
    assert.ok(rows.every(({ quickest, median }) => Number.isFinite(quickest + median)));
  });

  test("finds a wrong first answer, and who gave none", async () => {
    const start = async ({ name }) => (name === "guildhall" ? Promise.reject(new Error("not today")) : { answer: true, took: 1 });
    const { wrong, missing } = await starts(project, { kind: "node", open: async () => ({ runtime: "liar", start, close: () => {} }) }, { times: 1, only });
    assert.deepEqual(wrong.map((line) => line.replace(/: .* should/, " should")), ["nothing, started should be false, not true", "guildhall/pass, started should be false, not true"]);
    assert.deepEqual(missing, ["guildhall: not today"]);
  });
});
