// Results as tables: Markdown, which a terminal shows just as well.
//
// Owns: rounding and wording. Never does: measure.

import { arch, availableParallelism, cpus, platform } from "node:os";
import { readFileSync } from "node:fs";
import { at } from "../../scripts/steps/places.mjs";
import { peers } from "../peers.mjs";

const columns = [["pass", "repeated"], ["pass", "fresh"], ["passport", "repeated"], ["passport", "fresh"]];

/** 0.03, 9.4, 31, 27,000. */
const digits = (value) => (value < 10 ? value.toPrecision(value < 1 ? 1 : 2) : Math.round(value).toLocaleString("en"));
const ratio = (value) => (value < 100 ? value.toFixed(2) : Math.round(value).toLocaleString("en"));

const cell = (row) => (row === undefined ? "–" : `${digits(row.ns)} (${ratio(row.ratio)})`);

/** One runtime's table. */
export function show({ runtime, rows, missing }) {
  const names = [...new Set(rows.map(({ name }) => name))];
  const line = (name) => columns.map(([kind, sort]) => cell(rows.find((row) => row.name === name && row.kind === kind && row.sort === sort)));
  const lines = [
    ["ns a check (times the Map's)", ...columns.map(([kind, sort]) => `${kind}, ${sort}`)],
    ["---", ...columns.map(() => "---:")],
    ...names.map((name) => [name, ...line(name)]),
  ];
  return [`${runtime}`, "", ...lines.map((cells) => `| ${cells.join(" | ")} |`), ...missing.map((peer) => `\nMissing here: ${peer}`)].join("\n");
}

/** What is below a millisecond cannot be told from the runtime's own start. */
const ms = (value) => (value < 1 ? "< 1" : value.toFixed(value < 9.95 ? 1 : 0));
const start = (row) => (row === undefined ? "–" : `${ms(row.quickest)} (${ms(row.median)})`);

/** All runtimes' starts in one table. */
export function showStarts(results) {
  const names = [...new Set(results.flatMap(({ rows }) => rows.map(({ name }) => name)))];
  const lines = [
    ["ms until the first answer (median)", ...results.map(({ runtime }) => runtime)],
    ["---", ...results.map(() => "---:")],
    ...names.map((name) => [name, ...results.map(({ rows }) => start(rows.find((row) => row.name === name)))]),
  ];
  const missing = results.flatMap(({ runtime, missing }) => missing.map((peer) => `\nMissing on ${runtime}: ${peer}`));
  return [...lines.map((cells) => `| ${cells.join(" | ")} |`), ...missing].join("\n");
}

/** Where it was measured, and what. */
export function machine() {
  const { version } = JSON.parse(readFileSync(at("pkg", "package.json"), "utf8"));
  const versions = [["guildhall", version], ...peers("check")].map(([name, number]) => `${name} ${number}`);
  return `${cpus()[0]?.model.trim() ?? "unknown"}, ${availableParallelism()} threads, ${platform()} ${arch()}; ${versions.join(", ")}.`;
}
