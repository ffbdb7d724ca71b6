// `npm run bench:edge`: that each of its parts works, in the smallest worlds, and what it makes of figures.
//
// Owns: the floor and Guildhall on workerd. Never does: install the peer, or look at a time.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { account } from "../../benches/edge/cpu.mjs";
import { plan, rows } from "../../benches/edge/options.mjs";
import { dollars } from "../../benches/edge/prices.mjs";
import { showBursts, showCounts, showRows } from "../../benches/edge/report.mjs";
import { replace } from "../../benches/edge/write.mjs";
import { at, nodeBinary } from "../../scripts/steps/places.mjs";

function smoke() {
  return new Promise((resolve) => {
    const child = spawn(nodeBinary(), [at("benches", "edge", "run.mjs"), "--smoke"], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => { said += text; });
    child.once("close", (code) => resolve({ code, said }));
  });
}

const finite = (spread) => [spread.median, spread.least, spread.most].every(Number.isFinite);

describe("a smoke run of the edge benchmark", () => {
  let results;
  before(async () => {
    const { code, said } = await smoke();
    assert.equal(code, 0, said);
    results = JSON.parse(readFileSync(at("build", "bench-edge", "smoke.json"), "utf8"));
  });
  const of = (key, name) => results.rows.find((row) => row.key === key).results.find((each) => each.name === name);

  test("measures every operation of the floor and of Guildhall", () => {
    assert.deepEqual(results.rows.map(({ key }) => key), rows.map(({ key }) => key));
    for (const { key } of rows) for (const name of ["floor", "Guildhall"]) assert.ok(finite(of(key, name).cpu) && finite(of(key, name).own), `${name}: ${key}`);
    assert.ok(finite(of("healthz", "JavaScript").cpu));
  });

  test("counts what an operation asks of D1 and KV", () => {
    const { trips, statements, rowsRead, rowsWritten } = of("check", "floor").counts;
    assert.deepEqual([trips, statements, rowsRead, rowsWritten], [1, 1, 2, 0]);
    assert.deepEqual([of("healthz", "Guildhall").counts.trips, of("resolve, cached", "floor").counts.kvReads], [0, 1]);
    for (const key of ["invite", "accept", "add", "create"]) assert.ok(of(key, "Guildhall").counts.rowsWritten > of(key, "floor").counts.rowsWritten, key);
  });

  test("starts fresh isolates, and asks Guildhall's for its description", () => {
    const questions = results.cold.filter(({ name }) => name === "Guildhall").map(({ question }) => question);
    assert.deepEqual(questions, ["first answer", "second answer", "first /openapi.json", "second /openapi.json"]);
    assert.ok(results.cold.every(({ cpu, took }) => finite(cpu) && finite(took)));
  });

  test("checks by a session, by tokens that are new, and by one that comes again", () => {
    const [{ name, kinds }] = results.tokens;
    assert.deepEqual([name, kinds.map(({ key }) => key)], ["Guildhall", ["check", "check, token", "check, token again"]]);
    assert.ok(kinds.every(({ own }) => finite(own)));
  });

  test("grows both ways, and sends bursts", () => {
    assert.deepEqual(results.growth.map(({ kind, operations }) => [kind, operations[0].sizes.map(({ size }) => size)]), [["members", [10, 100]], ["organizations", [40, 80]]]);
    assert.deepEqual(results.bursts.map(({ name, sent }) => [name, sent]), [["floor", 16], ["Guildhall", 16]]);
    assert.ok(results.bursts.every(({ share, p50, p99 }) => share > 0 && p50 <= p99));
  });

  test("counts the rows of each operation, without statistics and with them", () => {
    const { operations } = results.walks[0];
    assert.deepEqual(operations[0].columns.map(({ size, analysed }) => [size, analysed]), [[20, false], [100, false], [100, true]]);
    assert.ok(operations.length > 40 && operations.every(({ columns }) => columns.every(({ rowsRead }) => rowsRead > 0)));
  });
});

test("the CPU account of a process grows by what it works, and by nothing else", () => {
  const spent = account(process.pid);
  spent();
  const until = process.cpuUsage().user + 50_000;
  while (process.cpuUsage().user < until);
  assert.ok(spent() >= 40_000);
});

test("a ratio is the median of the ratios within each round", () => {
  const figures = (values) => ({ median: values[0], least: values[0], most: values[0], values });
  const result = (name, values) => ({ name, cpu: figures(values), own: figures(values), p50: 1, p99: 1 });
  const text = showRows([{ title: "check", results: [result("floor", [100, 10, 50]), result("Guildhall", [200, 30, 200])] }], "cpu");
  assert.match(text, /\| check \| 100 \(100–100\) \| 200 \(200–200\) \| 3\.00 \|/);
});

test("a million operations cost what their rows and keys cost", () => {
  const counts = { trips: 2, statements: 3, rowsRead: 50, rowsWritten: 26, kvReads: 1, kvWrites: 1 };
  assert.equal(dollars(counts).toFixed(3), "31.550");
  assert.match(showCounts([{ title: "add", results: [{ name: "Guildhall", counts }] }]), /\| add \| Guildhall \| 2 \| 3 \| 50 \| 26 \| 1 \| 1 \| 31\.550 \|/);
});

test("a burst shows the share that succeeded, and every status", () => {
  const text = showBursts([{ width: 64, name: "Guildhall", share: 0.5, p50: 12.34, p99: 120, perSecond: 200, statuses: { 201: 32, 503: 32 } }]);
  assert.match(text, /\| 64 \| Guildhall \| 50\.0 % \| 12 \| 120 \| 200 \| 32 × 201, 32 × 503 \|/);
});

test("a page keeps what stands around the marks, and one without marks is refused", () => {
  const page = "before\n<!-- measured edge cold -->\nold\n<!-- end of measured edge cold -->\nafter\n";
  assert.equal(replace(page, "cold", "new"), "before\n<!-- measured edge cold -->\n\nnew\n\n<!-- end of measured edge cold -->\nafter\n");
  assert.throws(() => replace("a page", "cold", "new"), /has no `<!-- measured edge cold -->`/);
  for (const part of ["rows", "cold", "tokens", "growth", "bursts", "walks"]) assert.ok(replace(readFileSync(at("docs", "benchmarks.md"), "utf8"), part, "new"));
});

test("the command line is read as a whole, and what it does not know is named with a cure", () => {
  const chosen = plan(["--quick", "--only", "check,resolve-cached,cold", "--against", "5fe030b", "--contenders", "floor,guildhall"]);
  assert.deepEqual([chosen.mode, chosen.against, chosen.rounds, chosen.parts, chosen.contenders], ["quick", "5fe030b", 5, ["cold"], ["floor", "guildhall"]]);
  assert.deepEqual(chosen.rows.map(({ key }) => key), ["check", "resolve, cached"]);
  assert.ok(plan([]).rounds >= 9);
  const smaller = plan(["--largest", "100_000"]);
  assert.deepEqual([smaller.growth.members, smaller.growth.organizations, smaller.walks], [[10, 1_000, 100_000], [1_000, 100_000], [100_000]]);
  const refusals = [[["--largest", "many"], /--largest is `many`/], [["--largest", "5"], /smaller than every world/], [["--fast"], /there is no `--fast`/], [["--only", "chek"], /--only knows no `chek`/], [["--only"], /--only needs a value/], [["--contenders", "cedar"], /knows no `cedar`/], [["--only", "check", "--write"], /needs all rows/]];
  for (const [words, message] of refusals) assert.throws(() => plan(words), message);
});
