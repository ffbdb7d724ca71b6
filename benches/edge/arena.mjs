// Contenders side by side on workerd: each in a process of its own, sampled in turn.
//
// Owns: starting them, samples, rounds and their order. Never does: know an operation, or what is a good figure.

import { readFileSync, rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { at } from "../../scripts/steps/places.mjs";
import { Failure } from "../../scripts/steps/report.mjs";
import { account } from "./cpu.mjs";
import { ask, encode, load } from "./load.mjs";
import { serve } from "./server.mjs";
import { database, folderFor, stateFor } from "./state.mjs";

const source = (name) => readFileSync(at("benches", "edge", "workers", name), "utf8");
const meter = { type: "ESModule", path: "/meter.js", contents: source("meter.js") };
const application = { name: "app", modules: [{ type: "ESModule", path: "/main.js", contents: source("hello.js") }] };

/** What goes on after an answer (a hint put into KV) belongs to its request. */
const afterwards = 20;

/** The Worker as it is, and the same with a meter around it. */
function workers({ modules, bindings = {}, flags, hasDatabase, hasHints, hasOrigin }) {
  const around = {
    ...{ bindings, flags },
    ...(hasDatabase && { d1Databases: { DB: database } }),
    ...(hasHints && { kvNamespaces: { HINTS: "hints" } }),
    ...(hasOrigin && { serviceBindings: { ORIGIN: "app" } }),
  };
  return [{ name: "plain", modules, ...around }, ...(hasDatabase ? [{ name: "metered", modules: [meter, ...modules], ...around }] : []), ...(hasOrigin ? [application] : [])];
}

/** Numbers that no request had before; of each kind from 2 on. */
function counter() {
  const last = new Map();
  return (kind = "") => {
    last.set(kind, (last.get(kind) ?? 1) + 1);
    return last.get(kind);
  };
}

let entered = 0;

/** Starts a contender on its own copy of a world. */
export async function enter(contender, world) {
  const folder = folderFor(entered += 1);
  await stateFor(contender, world, folder);
  const server = await serve(workers(contender), folder);
  const port = server.port("plain");
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const operations = contender.operations({ port, world, fresh: counter() });
  const entrant = { name: contender.name, contender, folder, port, metered: contender.hasDatabase && server.port("metered"), operations, spent: account(server.pid), log: server.log, stop };
  if (entrant.metered) entrant.first = await firstOf(entrant);
  return entrant;
}

/** Tells the meter what to do now. */
export const control = (entrant, what) => ask(entrant.metered, { method: "POST", path: `/__bench/${what}` });

/** What an isolate asks of D1 and KV for its very first answer: kept, so that a fresh one can be given the same. */
async function firstOf(entrant) {
  await control(entrant, "record");
  check(entrant, "healthz", await load(entrant.metered, bytes(await entrant.operations.healthz(1))));
  await control(entrant, "replay");
  return (await control(entrant, "kept")).json;
}

export async function enterAll(contenders, world) {
  const entrants = [];
  for (const each of contenders) entrants.push(await enter(each, world));
  return entrants;
}

const bytes = (operations) => operations.map((requests) => requests.map(encode));

function check(entrant, name, { done }) {
  const wrong = done.flatMap(({ answers }) => answers).find(({ status }) => status < 200 || status > 299);
  if (!wrong) return;
  throw new Failure(`${entrant.name} refused \`${name}\` with ${wrong.status}`, "see its answer above", `${wrong.body.toString().slice(0, 600)}\n${entrant.log().slice(-1500)}`);
}

/** Sends operations and answers what each cost: microseconds of CPU, and the milliseconds of each. */
export async function sample(entrant, name, operations, { connections = 1, port = entrant.port } = {}) {
  const sent = bytes(operations);
  entrant.spent();
  const result = await load(port, sent, connections);
  await pause(afterwards);
  const cpu = entrant.spent() / operations.length;
  check(entrant, name, result);
  return { cpu, all: result.all, took: result.done.map(({ took }) => took) };
}

/** One operation through the meter: what it asks of D1 and KV; the meter answers from memory afterwards. */
export async function record(entrant, name, operation) {
  await control(entrant, "record");
  const result = await load(entrant.metered, bytes([operation]));
  check(entrant, name, result);
  await pause(afterwards);
  const { json: counts } = await control(entrant, "replay");
  return { counts, answers: result.done[0].answers.map(({ body }) => body.toString()) };
}

const sorted = (values) => values.toSorted((one, other) => one - other);
const median = (values) => sorted(values)[values.length >> 1];

/** Median, least and most of some values. */
export const spread = (values) => ({ median: median(values), least: Math.min(...values), most: Math.max(...values) });

/** The value below which `share` of the values lie. */
export const percentile = (values, share) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))];

/** Rounds in which each heat is sampled once, each round beginning with another one. */
export async function rounds(heats, number) {
  for (let round = 0; round < number; round += 1) {
    for (const place of heats.keys()) await heats[(place + round) % heats.length]();
  }
}
