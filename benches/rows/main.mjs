// `npm run bench:rows -- 100000 1000000`: rows that D1 reads and writes for each operation among so many
// members, without statistics, with those of the large organization alone, and with small ones beside it.
//
// Owns: the table. Prints, and judges nothing: tests/worker/rows.test.mjs does, with fewer members.

import { startCounted } from "./counted.mjs";
import { enter, measure } from "./operations.mjs";
import { fill, settings } from "./world.mjs";

const sizes = process.argv.slice(2).map(Number);

async function column(members, small, analyzed) {
  const worker = await startCounted(settings);
  try {
    const { id, scene } = await enter(worker, members);
    worker.sql((database) => fill(database, id, { members, events: 2_000, small }));
    const first = await measure(scene);
    if (!analyzed) return [first];
    worker.sql((database) => database.exec("ANALYZE"));
    return [first, await measure(scene)];
  } finally {
    await worker.stop();
  }
}

const columns = [];
for (const members of sizes.length > 0 ? sizes : [10, 100_000]) {
  const [none, large] = await column(Math.max(members, 600), 0, true);
  columns.push([`${members} members, no statistics`, none], [`${members}, ANALYZE`, large]);
  const [, many] = await column(Math.max(members, 600), 5_000, true);
  columns.push([`${members} beside 5000 small ones, ANALYZE`, many]);
}
console.log(`| operation | statements | ${columns.map(([title]) => title).join(" | ")} | written |`);
console.log(`|---|---:|${columns.map(() => "---:|").join("")}---:|`);
const figure = (number) => number.toLocaleString("en");
columns[0][1].forEach((row, index) => {
  const read = columns.map(([, rows]) => figure(rows[index].read)).join(" | ");
  console.log(`| ${row.name} | ${row.statements} | ${read} | ${row.written} |`);
});
