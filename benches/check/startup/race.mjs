// Starts, one after the other, each in a process, page or isolate that has seen nothing yet.
//
// Owns: the rounds, and whether the first answer is right. Never does: know a runtime, or judge a time.

import { repeated, rows as pairsOf } from "../workload.mjs";
import { writeStarters } from "./starters.mjs";

const rounds = 15;

const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];

/** One membership, and one question about it; plain JSON, for any runtime. */
function firstQuestion({ table, pass, jwks }, [organization, permission, answer]) {
  const [membership] = JSON.parse(table).filter(([id]) => id === organization);
  return { table: JSON.stringify([membership]), pass, jwks, permission, question: repeated([[organization, permission]], 1), answer };
}

/** The line that says why: a bundler's message begins with how many errors there are. */
const reason = (error) => String(error.errors?.[0]?.text ?? error.message ?? error).split("\n")[0].slice(0, 120);

/** Asks a yes and a no; what is wrong with the answers, or why there is none. */
async function tried(start, starter, [yes, no]) {
  const wrong = [];
  try {
    for (const world of [yes, no]) {
      const { answer } = await start(starter, world);
      if (answer !== world.answer) wrong.push(`${starter.name}, started: ${world.permission} should be ${world.answer}, not ${answer}`);
    }
  } catch (error) {
    return { wrong, missing: `${starter.name}: ${reason(error)}` };
  }
  return { wrong };
}

/** Everybody's times in some rounds, each begun by another one. */
async function timed(start, starters, worlds, times) {
  const took = new Map(starters.map((each) => [each, []]));
  for (let number = 0; number < times; number += 1) {
    for (const place of starters.keys()) {
      const starter = starters[(place + number) % starters.length];
      took.get(starter).push((await start(starter, worlds[number % worlds.length])).took);
    }
  }
  return [...took].map(([{ name }, all]) => ({ name, quickest: Math.min(...all), median: median(all) }));
}

/** What the others take beyond the first, which does nothing. */
const beyond = ([nothing, ...others]) =>
  others.map(({ name, ...took }) => ({ name, quickest: took.quickest - nothing.quickest, median: took.median - nothing.median }));

/**
 * Starts everybody many times, in turns.
 *
 * @param {{kind: string, open: Function, often?: number}} runtime `open(project, starters)` makes it ready: `{runtime,
 *   start(starter, world) -> {answer, took}, close()}`, `took` in milliseconds; `often` times as many rounds
 * @returns `{runtime, rows: [{name, quickest, median}], wrong, missing}`
 */
export async function starts(project, { kind, open, often = 1 }, { times = rounds * often, only } = {}) {
  const all = writeStarters(project, kind, only);
  const { runtime, start, close } = await open(project, all);
  try {
    const pairs = pairsOf(project.world.ids, "pass");
    const worlds = [true, false].map((yes) => firstQuestion(project.world, pairs.find(([, , answer]) => answer === yes)));
    const results = new Map();
    for (const each of all) results.set(each, await tried(start, each, worlds));
    if (results.get(all[0]).missing) throw new Error(results.get(all[0]).missing);
    const able = all.filter((each) => !results.get(each).missing);
    const rows = beyond(await timed(start, able, worlds, times));
    const said = [...results.values()];
    return { runtime, rows, wrong: said.flatMap(({ wrong }) => wrong), missing: said.flatMap(({ missing }) => missing ?? []) };
  } finally {
    await close();
  }
}
