// What the command can be told, as a checked value.
//
// Owns: the words, their help, and how large and how long each mode is. Never does: measure.

import { Failure } from "../../scripts/steps/report.mjs";
import { worlds } from "./world.mjs";

/** The operations that are measured, with the words of the tables. */
export const rows = [
  { key: "healthz", title: "health, or a plain answer" },
  { key: "check", title: "check a permission" },
  { key: "resolve", title: "resolve, strong" },
  { key: "resolve, cached", title: "resolve, cached" },
  { key: "list", title: "list the caller's 100 organizations" },
  { key: "members", title: "organization with 20 members" },
  { key: "invite", title: "invite", writes: true },
  { key: "accept", title: "accept an invitation", writes: true },
  { key: "add", title: "add a member", writes: true },
  { key: "create", title: "create an organization", writes: true },
  { key: "pass", title: "pass (Ed25519)" },
  { key: "gateway", title: "gateway hop" },
];

export const parts = ["cold", "tokens", "growth", "bursts", "walks"];
export const contenders = ["javascript", "rust", "floor", "better-auth", "guildhall"];

const usual = {
  ...{ world: worlds.usual, rounds: 11, milliseconds: 200, few: 30, fewTokens: 300, warmth: 600, writes: 16, fresh: 15, connections: 8, contenders },
  growth: { of: ["floor", "better-auth, best", "Guildhall"], rounds: 9, requests: 12, members: [10, 1_000, 100_000, 1_000_000], organizations: [1_000, 100_000, 1_000_000] },
  bursts: { widths: [16, 64, 256], times: 3 },
  walks: [100_000, 1_000_000],
};
const modes = {
  usual,
  quick: {
    ...{ ...usual, rounds: 5, milliseconds: 80, few: 20, fewTokens: 150, warmth: 300, writes: 8, fresh: 5 },
    ...{ growth: { of: ["floor", "Guildhall"], rounds: 3, requests: 6, members: [10, 1_000, 20_000], organizations: [1_000, 20_000] }, bursts: { widths: [16, 64, 256], times: 1 }, walks: [20_000] },
  },
  smoke: {
    ...{ ...usual, world: worlds.smoke, rounds: 2, milliseconds: 1, few: 3, fewTokens: 3, warmth: 3, writes: 2, fresh: 1, connections: 2, contenders: ["javascript", "floor", "guildhall"] },
    ...{ growth: { of: ["Guildhall"], rounds: 1, requests: 1, members: [10, 100], organizations: [40, 80] }, bursts: { widths: [16], times: 1 }, walks: [100] },
  },
};

export const help = `
  npm run bench:edge                          everything; the first time takes about an hour, for worlds with a million members are filled
  npm run bench:edge -- --quick               fewer rounds and smaller worlds: some minutes
  npm run bench:edge -- --smoke               the least of each part, without the peer and Rust: whether the benchmark works
  npm run bench:edge -- --only check,list     some rows (${rows.map(({ key }) => key.replace(", ", "-")).join(", ")}) or parts (${parts.join(", ")})
  npm run bench:edge -- --contenders floor,guildhall   some of ${contenders.join(", ")}
  npm run bench:edge -- --against 5fe030b     Guildhall as of another commit too, checked out and built below build/bench-edge/commits
  npm run bench:edge -- --largest 100000      no world with more members or organizations than this
  npm run bench:edge -- --write               the tables and the picture of docs/benchmarks.md as well

  The results also lie in build/bench-edge/results.json, the worlds in build/bench-edge/states (10 GB for everything).
`;

const tidy = (word) => word.trim().toLowerCase().replace(/-cached$/, ", cached");

function several(value, possible, flag) {
  const words = value.split(",").map(tidy).filter(Boolean);
  const unknown = words.find((word) => !possible.includes(word));
  if (unknown !== undefined || words.length === 0) throw new Failure(`${flag} knows no \`${unknown ?? ""}\``, `npm run bench:edge -- ${flag} ${possible.join(",").replaceAll(", ", "-")}`);
  return words;
}

function size(value) {
  const number = Number(value.replaceAll(/[,_]/g, ""));
  if (!Number.isInteger(number) || number < 1) throw new Failure(`--largest is \`${value}\`, which is no number of members`, "npm run bench:edge -- --largest 100000");
  return number;
}

/** `{mode, only, contenders, against, largest, write, help}` of the command line. */
function read(words) {
  const said = { mode: "usual" };
  const rest = [...words];
  const value = (flag) => rest.shift() ?? (() => { throw new Failure(`${flag} needs a value`, "npm run bench:edge -- --help"); })();
  const flags = {
    "--quick": () => { said.mode = "quick"; },
    "--smoke": () => { said.mode = "smoke"; },
    "--only": () => { said.only = several(value("--only"), [...rows.map(({ key }) => key), ...parts], "--only"); },
    "--contenders": () => { said.contenders = several(value("--contenders"), contenders, "--contenders"); },
    "--against": () => { said.against = value("--against"); },
    "--largest": () => { said.largest = size(value("--largest")); },
    "--write": () => { said.write = true; },
    "--help": () => { said.help = true; },
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!Object.hasOwn(flags, word)) throw new Failure(`there is no \`${word}\``, "npm run bench:edge -- --help");
    flags[word]();
  }
  return said;
}

/** The whole plan: a mode, with what the words change in it. */
export function plan(words) {
  const { mode, only, contenders: chosen, largest = Infinity, ...said } = read(words);
  const wanted = rows.filter(({ key }) => !only || only.includes(key));
  const all = { ...modes[mode], ...(chosen && { contenders: chosen }), mode, ...said, rows: wanted, parts: parts.filter((name) => !only || only.includes(name)) };
  const upTo = (sizes) => sizes.filter((each) => each <= largest);
  all.growth = { ...all.growth, members: upTo(all.growth.members), organizations: upTo(all.growth.organizations) };
  all.walks = upTo(all.walks);
  if (all.walks.length === 0) throw new Failure(`--largest is smaller than every world: ${largest}`, "npm run bench:edge -- --largest 100000");
  const isPart = wanted.length > 0 && wanted.length < rows.length;
  if (said.write && isPart) throw new Failure("--write needs all rows, or none", "leave --write out, or name parts only: --only cold,tokens,growth,bursts,walks");
  return all;
}
