// What a check costs by how its caller signs in: a development session, an issuer's token that comes for the first
// time, and one that comes again.
//
// Owns: that all three meet the same machine in each round. Never does: judge a figure.

import { step } from "../../../scripts/steps/report.mjs";
import { record, rounds, sample, spread } from "../arena.mjs";

/** The operations, in the order of the table; the first one is what the others are divided by. */
const kinds = ["check", "check, token", "check, token again"];

/** One kind with D1 answered from memory: all of them ask the same of it. */
async function heat(entrant, key, { connections, few, warmth, fewTokens }) {
  const run = async (count) => sample(entrant, key, await entrant.operations[key](count), { connections, port: entrant.metered });
  for (let sent = 0; sent < warmth; sent += few) await run(few);
  const taken = [];
  return { key, taken, run: async () => taken.push((await run(fewTokens)).cpu) };
}

/** Of each contender that knows tokens of issuers. */
export async function measureTokens(entrants, how) {
  const measured = [];
  for (const entrant of entrants.filter(({ operations }) => kinds.every((key) => operations[key]))) {
    const [operation] = await entrant.operations.check(1);
    await record(entrant, "check", operation);
    const heats = [];
    for (const key of kinds) heats.push(await heat(entrant, key, how));
    await step(`${entrant.name}: checks by session and by token`, () => rounds(heats.map(({ run }) => run), how.rounds));
    measured.push({ name: entrant.name, kinds: heats.map(({ key, taken }) => ({ key, own: { ...spread(taken), values: taken } })) });
  }
  return measured;
}
