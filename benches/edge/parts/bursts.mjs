// Many commands at once to one organization: how many succeed, and how long they take.
//
// Owns: the widths and their figures. Never does: send a refused command again: that is the caller's choice.

import { step } from "../../../scripts/steps/report.mjs";
import { percentile } from "../arena.mjs";
import { encode, load } from "../load.mjs";
import { places } from "../world.mjs";

const succeeded = ({ answers }) => answers.every(({ status }) => status < 300);

/** `{"201": 10, "503": 6}` */
function tally(done) {
  const counts = {};
  for (const { status } of done.flatMap(({ answers }) => answers)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

async function burst(entrant, place, width) {
  const operations = (await entrant.operations.burst(place)(width)).map((requests) => requests.map(encode));
  return load(entrant.port, operations, width);
}

function figures(name, width, all) {
  const done = all.flatMap((each) => each.done);
  const took = done.map((each) => each.took);
  const right = done.filter(succeeded).length;
  const seconds = all.reduce((sum, each) => sum + each.all, 0) / 1000;
  return { name, width, sent: done.length, share: right / done.length, p50: percentile(took, 0.5), p99: percentile(took, 0.99), perSecond: right / seconds, statuses: tally(done) };
}

/** Each width some times, each time to an organization that has heard no command before. */
export async function measureBursts(entrants, { world, bursts: { widths, times } }) {
  const measured = [];
  let place = places(world).burst;
  for (const width of widths) {
    const all = new Map(entrants.map(({ name }) => [name, []]));
    await step(`${width} commands at once to one organization`, async () => {
      for (let time = 0; time < times; time += 1, place += 1) for (const entrant of entrants) all.get(entrant.name).push(await burst(entrant, place, width));
    });
    measured.push(...entrants.map(({ name }) => figures(name, width, all.get(name))));
  }
  return measured;
}
