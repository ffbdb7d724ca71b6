// The same operations in worlds that have grown: an organization's members, and the installation's organizations.
//
// Owns: which operations, and which worlds. Never does: gather statistics: nothing does in production.

import { step } from "../../../scripts/steps/report.mjs";
import { enter, record, rounds, sample, spread } from "../arena.mjs";
import { grown } from "../world.mjs";

const operations = {
  members: ["check in the crowd", "members of the crowd", "list", "invite to the crowd", "add to the crowd", "create"],
  organizations: ["check", "resolve", "members", "list", "invite", "add", "create"],
};

async function heat(entrant, name, { requests }) {
  const run = async () => sample(entrant, name, await entrant.operations[name](requests));
  await run();
  const [operation] = await entrant.operations[name](1);
  const { counts } = await record(entrant, name, operation);
  const taken = [];
  return { counts, taken, run: async () => taken.push((await run()).cpu) };
}

/** One contender in worlds of all sizes, which it holds at once: rounds go from one to the next. */
async function grow(contender, kind, how) {
  const sizes = how.growth[kind].filter((size) => size <= (contender.largest ?? size));
  const entrants = [];
  try {
    for (const size of sizes) entrants.push(await enter(contender, grown[kind](size, how.world)));
    const measured = [];
    for (const name of operations[kind].filter((each) => entrants[0].operations[each])) {
      const heats = [];
      for (const entrant of entrants) heats.push(await heat(entrant, name, how.growth));
      await rounds(heats.map(({ run }) => run), how.growth.rounds);
      measured.push({ name, sizes: heats.map(({ counts, taken }, place) => ({ size: sizes[place], cpu: spread(taken), counts })) });
    }
    return { kind, contender: contender.name, rounds: how.growth.rounds, requests: how.growth.requests, operations: measured };
  } finally {
    for (const entrant of entrants) await entrant.stop();
  }
}

export async function measureGrowth(contenders, how) {
  const measured = [];
  for (const kind of Object.keys(operations)) {
    for (const contender of contenders) {
      measured.push(await step(`${contender.name}, from ${how.growth[kind].map((size) => size.toLocaleString("en")).join(" to ")} ${kind}`, () => grow(contender, kind, how)));
    }
  }
  return measured;
}
