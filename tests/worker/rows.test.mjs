// How many rows D1 reads: what is asked about one person, invitation, role, link or domain reads the same few
// among 20,000 members as among ten, whatever the planner knows. `npm run bench:rows` does it among a million.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startCounted } from "../../benches/rows/counted.mjs";
import { enter, measure } from "../../benches/rows/operations.mjs";
import { fill, settings } from "../../benches/rows/world.mjs";

const members = 20_000;

/** Every operation that reads more than it may, with the statements that read most. */
const excesses = (results) => results.filter((it) => it.read > it.limit).map((it) => `${it.name}: ${it.read} rows, at most ${it.limit}: ${JSON.stringify(it.large)}`);

for (const [title, small] of [["alone", 0], ["beside 3,000 small ones", 3_000]]) {
  describe(`in an organization of ${members} members, 10 teams and 10 roles, ${title}`, () => {
    let worker;
    let scene;
    before(async () => {
      worker = await startCounted(settings);
      const entered = await enter(worker, members);
      scene = entered.scene;
      worker.sql((database) => fill(database, entered.id, { members, events: 2_000, small }));
    });
    after(() => worker?.stop());

    test("no operation reads more rows than it may, without statistics", async () => {
      assert.deepEqual(excesses(await measure(scene)), []);
    });

    test("no operation reads more rows than it may, with statistics", async () => {
      worker.sql((database) => database.exec("ANALYZE"));
      assert.ok(worker.sql((database) => database.prepare("SELECT 1 FROM sqlite_stat1 WHERE tbl = 'memberships'").get()));
      assert.deepEqual(excesses(await measure(scene)), []);
    });
  });
}
