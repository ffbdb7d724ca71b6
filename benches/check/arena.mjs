// Contestants side by side: first whether they are right, then what a check costs.
//
// Owns: the rounds, their order, and the sink. Never does: know a contestant, or how a runtime tells
// the time.

import { fresh, repeated, rows } from "./workload.mjs";

export const kinds = ["pass", "passport"];
const sorts = ["repeated", "fresh"];

/** Everybody's answers add up here, so that no engine may leave one out. */
let sink = 0;

const ready = (way, questions) => (way.prepare ? way.prepare(questions) : questions);
const count = (answer) => (typeof answer === "number" ? answer : answer.reduce((sum, each) => sum + each, 0));

/** What each contestant answers, one question at a time, and all at once; the wrong ones as lines. */
export function wrongAnswers(contestants, ids) {
  return contestants.flatMap((contestant) => kinds.filter((kind) => contestant[kind]).flatMap((kind) => {
    const pairs = rows(ids, kind);
    const ask = (questions) => count(contestant[kind].run(ready(contestant[kind], questions)));
    const wrong = pairs.filter((pair) => sorts.some((sort) => ask(sort === "fresh" ? fresh([pair], 1)() : repeated([pair], 1)) !== Number(pair[2])));
    const lines = wrong.map(([organization, permission, answer]) => `${contestant.name}, ${kind}: ${permission} in ${organization} should be ${answer}`);
    if (ask(repeated(pairs, pairs.length)) !== pairs.filter(([, , answer]) => answer).length) lines.push(`${contestant.name}, ${kind}: another number of yes`);
    return lines;
  }));
}

/** A contestant's question of one kind and sort, to be timed many times. */
function heat(contestant, kind, sort, { ids, size }) {
  const way = contestant[kind];
  const length = contestant.slow ? Math.min(size, 120) : size;
  const pairs = rows(ids, kind);
  const make = sort === "fresh" ? fresh(pairs, length) : undefined;
  const same = make ? undefined : ready(way, repeated(pairs, length));
  return { name: contestant.name, slow: contestant.slow, kind, sort, length, sets: 1, way, questions: () => same ?? ready(way, make()), took: [] };
}

/** Runs until `enough` milliseconds were timed; nanoseconds a check. */
async function sample({ way, length, sets, questions }, { enough, now }) {
  let [spent, checks] = [0, 0];
  do {
    const asked = Array.from({ length: sets }, questions);
    const start = await now();
    let answer;
    for (const each of asked) answer = way.run(each);
    spent += (await now()) - start;
    checks += length * sets;
    sink += typeof answer === "number" ? answer : answer[length - 1];
  } while (spent < enough);
  return (spent * 1e6) / checks;
}

/** Until the engine has seen it often, and it is known how much goes between two looks at the clock: the more, the better it is known. */
async function warmUp(each, { warm, region, now }) {
  const most = each.sort === "fresh" ? 20 : 50_000;
  for (let times = 0; times < 4; times += 1) {
    const ns = Math.max(await sample(each, { enough: warm / 4, now }), 0.01);
    each.sets = Math.min(Math.max(1, Math.round((region * 1e6) / (ns * each.length))), most);
  }
}

const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];

/** Everybody who answers one kind of question, as heats; the first is the measure of the others. */
const group = (contestants, kind, sort, how) =>
  contestants.filter((each) => each[kind] && !(each[kind].once && sort === "fresh")).map((each) => heat(each, kind, sort, how));

/** One round of a group: everybody once, each time another one first; the slow ones seldom. */
async function round(heats, number, how) {
  const turn = new Map();
  for (const place of heats.keys()) {
    const each = heats[(place + number) % heats.length];
    if (!each.slow || number % 8 === 0) turn.set(each, await sample(each, how));
  }
  const measure = turn.get(heats[0]);
  for (const [each, ns] of turn) each.took.push({ ns, ratio: ns / measure });
}

/**
 * Times everybody. A ratio is the median of the ratios within each round: what else the machine does
 * then slows both.
 *
 * @param {{ids: string[], size: number, rounds: number, enough: number, warm: number, region: number, now: () => number | Promise<number>}} how
 * @returns rows of `{name, kind, sort, ns, ratio}`
 */
export async function times(contestants, how) {
  const groups = kinds.flatMap((kind) => sorts.map((sort) => group(contestants, kind, sort, how)));
  for (const each of groups.flat()) await warmUp(each, how);
  for (let number = 0; number < how.rounds; number += 1) for (const heats of groups) await round(heats, number, how);
  if (!Number.isFinite(sink)) throw new Error("the sink is full");
  return groups.flat().map(({ name, kind, sort, took }) => ({ name, kind, sort, ns: median(took.map(({ ns }) => ns)), ratio: median(took.map(({ ratio }) => ratio)) }));
}
