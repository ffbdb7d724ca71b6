// What each operation costs: with D1 as it is, with D1 answered from memory, and what it asks of D1 and KV.
//
// Owns: how many requests a sample has, and what a right answer contains. Never does: word or round a figure.

import { Failure, step } from "../../../scripts/steps/report.mjs";
import { percentile, record, rounds, sample, spread } from "../arena.mjs";

const most = 4_000;

const times = (text, part) => text.split(part).length - 1;

/** Text that the answers of every contender must contain. */
const right = {
  check: ([text]) => /"(allowed|success)":true/.test(text),
  resolve: ([text]) => text.includes('"org-2"'),
  list: ([text], { list }) => times(text, '"slug":"org-') >= list,
  members: (texts) => times(texts.join(""), "m-") >= 19,
  create: ([text]) => text.toLowerCase().includes('"venue-'),
  gateway: ([text]) => text === '{"ok":true}',
};

function judge(name, key, answers, world) {
  if (right[key] === undefined || right[key](answers, world)) return;
  throw new Failure(`${name} answers \`${key}\` wrongly`, "see the answer above", answers.join("\n").slice(0, 800));
}

const repeated = (operation, count) => Array.from({ length: count }, () => operation);

/** A warm-up lasts this many samples at most. */
const patience = 10;

/** Warms up until V8 has compiled what is called often, and finds how many requests fill a sample. */
async function warm(send, { milliseconds, few, warmth }) {
  let [sent, spent, count] = [0, 0, few];
  do {
    const { all } = await send(count);
    [sent, spent] = [sent + count, spent + all];
    count = Math.round(Math.min(most, Math.max(few, (milliseconds * count) / all)));
  } while (sent < warmth && spent < patience * milliseconds);
  return count;
}

/** One contender at one operation: with D1. */
async function withD1(entrant, { key, writes }, how) {
  const operation = entrant.operations[key];
  const connections = writes ? 1 : how.connections;
  const send = async (count) => sample(entrant, key, await operation(count), { connections });
  const count = writes ? how.writes : await warm(send, how);
  if (writes) await send(count);
  const taken = [];
  return { taken, run: async () => taken.push(await send(count)) };
}

/** The same with D1 answered from memory: one recorded operation again and again. */
async function fromMemory(entrant, { key }, how) {
  const [operation] = await entrant.operations[key](1);
  const { counts, answers } = await record(entrant, key, operation);
  judge(entrant.name, key, answers, how.world);
  const send = (count) => sample(entrant, key, repeated(operation, count), { connections: how.connections, port: entrant.metered });
  const count = await warm(send, how);
  const taken = [];
  return { counts, taken, run: async () => taken.push(await send(count)) };
}

function result(name, outer, own) {
  const cpus = ({ taken }) => taken.map(({ cpu }) => cpu);
  const took = outer.taken.flatMap((each) => each.took);
  const figures = (values) => ({ ...spread(values), values });
  return { name, cpu: figures(cpus(outer)), own: figures(cpus(own)), p50: percentile(took, 0.5), p99: percentile(took, 0.99), counts: own.counts };
}

async function row(entrants, each, how) {
  const racing = [];
  for (const entrant of entrants.filter(({ operations }) => operations[each.key])) {
    const outer = await withD1(entrant, each, how);
    racing.push({ entrant, outer, own: entrant.metered ? await fromMemory(entrant, each, how) : outer });
  }
  await rounds(racing.map(({ outer }) => outer.run), how.rounds);
  // A meter answers for one operation at a time: what it keeps now is this one's.
  await rounds(racing.filter(({ entrant }) => entrant.metered).map(({ own }) => own.run), how.rounds);
  return { ...each, results: racing.map(({ entrant, outer, own }) => result(entrant.name, outer, own)) };
}

/** Every row, one after the other, all contenders at once. */
export async function measureRows(entrants, how) {
  const measured = [];
  for (const each of how.rows) measured.push(await step(`measuring: ${each.title}`, () => row(entrants, each, how)));
  return measured;
}
