// Results as tables: Markdown, which a terminal shows just as well.
//
// Owns: rounding and wording. Never does: measure.

import { arch, availableParallelism, cpus, loadavg, platform } from "node:os";
import { readFileSync } from "node:fs";
import { at } from "../../scripts/steps/places.mjs";
import { peers } from "../peers.mjs";
import { dollars, source } from "./prices.mjs";
import { versions } from "./server.mjs";

const number = (value) => (value < 10 ? value.toPrecision(2) : Math.round(value).toLocaleString("en"));
const ratio = (value) => (value === undefined ? "–" : value.toFixed(value < 20 ? 2 : 0));
const range = ({ median, least, most }) => `${number(median)} (${number(least)}–${number(most)})`;
const milliseconds = (value) => (value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en"));

export const table = (head, lines) => [head, ["---", ...head.slice(1).map(() => "---:")], ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];
const ours = "Guildhall";

/** How many times the one is the other: the median of the ratios within each round, in which both met the same machine. */
function times(row, one, other, kind) {
  const [above, below] = [one, other].map((name) => row.results.find((each) => each.name === name)?.[kind].values);
  return above && below ? median(above.map((value, place) => value / below[place])) : undefined;
}

const namesOf = (rows) => [...new Set(rows.flatMap(({ results }) => results.map(({ name }) => name)))];
const former = (names) => names.find((name) => name.startsWith(`${ours} `));

/** One table of microseconds: `cpu` as it is, or `own` with D1 answered from memory. */
export function showRows(rows, kind) {
  const names = namesOf(rows);
  const ratios = [["floor", "÷ floor"], ["better-auth, best", "÷ better-auth, best"], [former(names), `÷ ${former(names)}`]].filter(([name]) => names.includes(name));
  const cell = (row, name) => {
    const found = row.results.find((each) => each.name === name);
    return found ? range(found[kind]) : "–";
  };
  const line = (row) => [row.title, ...names.map((name) => cell(row, name)), ...ratios.map(([name]) => ratio(times(row, ours, name, kind)))];
  return table(["CPU µs a request", ...names, ...ratios.map(([, words]) => `${ours} ${words}`)], rows.map(line));
}

/** What each operation asks of D1 and KV, and what a million of them cost. */
export function showCounts(rows) {
  const head = ["operation", "who", "D1 trips", "statements", "rows read", "rows written", "KV reads", "KV writes", "dollars a million"];
  const line = (row, { name, counts }) => [row.title, name, counts.trips, counts.statements, counts.rowsRead, counts.rowsWritten, counts.kvReads, counts.kvWrites, dollars(counts).toFixed(3)];
  const asked = ({ counts }) => counts && counts.trips + counts.kvReads > 0;
  return table(head, rows.flatMap((row) => row.results.filter(asked).map((each) => line(row, each))));
}

/** How long an operation takes for its caller, one after the other or as many at once as the load has connections. */
export function showWaits(rows) {
  const names = namesOf(rows);
  const cell = (row, name) => {
    const found = row.results.find((each) => each.name === name);
    return found ? `${milliseconds(found.p50)} / ${milliseconds(found.p99)}` : "–";
  };
  return table(["ms, p50 / p99", ...names], rows.map((row) => [row.title, ...names.map((name) => cell(row, name))]));
}

/** First answers of fresh isolates. */
export function showCold(cold) {
  const questions = [...new Set(cold.map(({ question }) => question))];
  const names = [...new Set(cold.map(({ name }) => name))];
  const find = (name, question) => cold.find((each) => each.name === name && each.question === question);
  const cell = (found) => (found ? `${range(found.cpu)}; ${milliseconds(found.took.median)}` : "–");
  const base = find("JavaScript", "first answer")?.cpu.median;
  const over = (name) => (base === undefined ? "–" : milliseconds(find(name, "first answer").cpu.median - base));
  return table(["CPU ms (least–most); ms", ...questions, "first answer's CPU over JavaScript's"], names.map((name) => [name, ...questions.map((question) => cell(find(name, question))), over(name)]));
}

/** A check by session and by token, D1 answered from memory; the ratios are medians of those within each round. */
export function showTokens(tokens) {
  const over = (kind, first) => ratio(median(kind.own.values.map((value, place) => value / first.own.values[place])));
  const line = ({ name, kinds: [first, ...others] }) => [name, range(first.own), ...others.flatMap((kind) => [range(kind.own), over(kind, first)])];
  const head = ["CPU µs, own part", "by a session", "by a token, first", "÷ session", "by a token, again", "÷ session"];
  return table(head, tokens.map(line));
}

const grownCell = ({ cpu, counts }) => `${number(cpu.median)} µs, ${counts.rowsRead.toLocaleString("en")} / ${counts.rowsWritten}`;

/** One contender's growth in one direction. */
export function showGrowth({ kind, contender, operations }) {
  const sizes = operations[0].sizes.map(({ size }) => `${size.toLocaleString("en")} ${kind}`);
  const line = ({ name, sizes: found }) => [name, ...found.map(grownCell), ratio(found.at(-1).cpu.median / found[0].cpu.median)];
  return table([`${contender}: CPU, rows read / written`, ...sizes, "last ÷ first"], operations.map(line));
}

const statuses = (counts) => Object.entries(counts).map(([status, count]) => `${count} × ${status}`).join(", ");

/** Bursts of commands. */
export function showBursts(bursts) {
  const head = ["at once", "who", "succeed", "p50 ms", "p99 ms", "successes a second", "answers"];
  const line = ({ width, name, share, p50, p99, perSecond, statuses: counts }) => [width, name, `${(share * 100).toFixed(share < 1 ? 1 : 0)} %`, milliseconds(p50), milliseconds(p99), number(perSecond), statuses(counts)];
  return table(head, bursts.map(line));
}

const much = 200;

/** Rows read and written by each operation, in organizations of each size; the statement that reads more than it should. */
export function showWalks({ contender, operations }) {
  const heads = operations[0].columns.map(({ size, analysed }) => `${size.toLocaleString("en")} members${analysed ? ", ANALYZE" : ""}`);
  const cell = ({ rowsRead, rowsWritten }) => `${rowsRead.toLocaleString("en")} / ${rowsWritten}`;
  const worst = (columns) => columns.map(({ most }) => most).filter((most) => most && most.read > much).sort((one, other) => other.read - one.read)[0];
  const said = (most) => (most ? `\`${most.sql.replaceAll("|", "\\|").slice(0, 80)}\`` : "");
  return table([`${contender}: rows read / written`, ...heads, `a statement that reads more than ${much}`], operations.map(({ name, columns }) => [name, ...columns.map(cell), said(worst(columns))]));
}

/** Where it was measured, with what, and how busy the machine was when it began. */
export function machine({ mode, rounds }) {
  const { version } = JSON.parse(readFileSync(at("pkg", "package.json"), "utf8"));
  const all = [["guildhall", version], ...Object.entries(versions()), ...peers("edge")].map(([name, value]) => `${name} ${value}`);
  const load = loadavg()[0].toFixed(1);
  return `${cpus()[0]?.model.trim() ?? "unknown"}, ${availableParallelism()} threads, ${platform()} ${arch()}, load ${load} at the start; ${all.join(", ")}; ${rounds} rounds${mode === "usual" ? "" : ` (${mode})`}.`;
}

/** The tables of each part, with their headings. */
export function sections({ rows, cold, tokens, growth, bursts, walks }) {
  return {
    ...(rows && { rows: [["With D1", showRows(rows, "cpu")], ["Own part: D1 and KV answered from memory", showRows(rows, "own")], ["What is asked of D1 and KV", `${source}.\n\n${showCounts(rows)}`], ["How long it takes", showWaits(rows)]] }),
    ...(cold && { cold: [["A fresh isolate", showCold(cold)]] }),
    ...(tokens && { tokens: [["A check, by how its caller signs in", showTokens(tokens)]] }),
    ...(growth && { growth: [[`Growth: medians of ${growth[0].rounds} rounds of ${growth[0].requests} requests`, growth.map(showGrowth).join("\n\n")]] }),
    ...(bursts && { bursts: [["Many commands at once to one organization", showBursts(bursts)]] }),
    ...(walks && { walks: [["What each operation reads in a large organization", walks.map(showWalks).join("\n\n")]] }),
  };
}

/** Everything that was measured, for a terminal. */
export const show = (results) => [...Object.values(sections(results)).flat().map(([title, text]) => `${title}\n\n${text}`), results.machine].join("\n\n");
