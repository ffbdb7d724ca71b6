// What each operation reads and writes in a small and in a large organization, without and with statistics.
//
// Owns: the worlds, ANALYZE, and the counts. Never does: measure time: rows are the same on any machine.

import { DatabaseSync } from "node:sqlite";
import { Failure, step } from "../../../scripts/steps/report.mjs";
import { control, enter } from "../arena.mjs";
import { ask } from "../load.mjs";
import { fileOf } from "../state.mjs";
import { grown, owner, places, slug } from "../world.mjs";
import { walk } from "../contenders/guildhall-walk.mjs";

async function answered(port, { name }, request) {
  const { status, json, text } = await ask(port, request);
  if (status > 299) throw new Failure(`Guildhall refused "${name}" with ${status}`, "see its answer above", text.slice(0, 600));
  return json;
}

function analyse(folder) {
  const database = new DatabaseSync(fileOf(folder), { timeout: 30_000 });
  database.exec("ANALYZE");
  database.close();
}

/** Counts by name of one organization. */
async function counted(entrant, place, afterBeginning) {
  const counts = new Map();
  const as = (id) => entrant.operations.headers({ id, email: `${id}@bench.example`, platformAdmin: id === "guildhall-admin" });
  const where = { place, slug: slug(place), owner: owner(place).id, as };
  let begun = false;
  await walk(where, (each, request) => answered(entrant.port, each, request), async (each, request) => {
    if (!begun) afterBeginning();
    begun = true;
    await control(entrant, "record");
    const json = await answered(entrant.metered, each, request);
    counts.set(each.name, (await control(entrant, "replay")).json);
    return json;
  });
  return counts;
}

/** The large organization of a world; of the first world, the small one too. */
async function inWorld(contender, { size, analysed, isFirst }, how) {
  const entrant = await enter(contender, grown.members(size, how.world));
  try {
    const { crowd, twenty } = places(how.world);
    const note = () => analysed && analyse(entrant.folder);
    return { size, analysed, small: isFirst && (await counted(entrant, twenty, note)), large: await counted(entrant, crowd, note) };
  } finally {
    await entrant.stop();
  }
}

function lines(walks) {
  const [{ small }] = walks;
  const column = (key) => ({ size, analysed, [key]: counts }) => [{ size: key === "small" ? 20 : size, analysed }, counts];
  const columns = [column("small")(walks[0]), ...walks.map(column("large"))];
  return [...small.keys()].map((name) => ({ name, columns: columns.map(([where, counts]) => ({ ...where, ...counts.get(name) })) }));
}

/** Each contender's walks through worlds of every size, without and with statistics. */
export async function measureWalks(contenders, how) {
  const measured = [];
  for (const contender of contenders) {
    const walks = [];
    for (const size of how.walks) {
      for (const analysed of [false, true]) {
        const title = `${contender.name}: rows of each operation among ${size.toLocaleString("en")} members${analysed ? ", with ANALYZE" : ""}`;
        walks.push(await step(title, () => inWorld(contender, { size, analysed, isFirst: walks.length === 0 }, how)));
      }
    }
    measured.push({ contender: contender.name, operations: lines(walks) });
  }
  return measured;
}
