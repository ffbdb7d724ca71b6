// `npm test`: sets up, builds and runs every check but the slow ones; `npm test -- core worker` runs some, and
// `npm run test:all` all of them, the races on the former workerd too (`TEST_ALL` tells the tests).
//
// Owns: which checks there are, in what order, and which run side by side: what needs no WebAssembly is checked while
// that is built. Never does: stop at the first failure: a run tells everything that is wrong.

import { existsSync, readdirSync } from "node:fs";
import { readyChromium } from "./steps/chromium.mjs";
import { at, lockedInCi, nodeBinary, wasmCrates, wasmTriple } from "./steps/places.mjs";
import { prepare } from "./steps/prepare.mjs";
import { run, stopOnSignals } from "./steps/processes.mjs";
import { command, Failure, say, step } from "./steps/report.mjs";
import { readyWasmClippy } from "./steps/rust.mjs";

const strict = ["--", "-D", "warnings"];
const slowestTest = 10 * 60_000;

/** How a check's output is printed: as it comes, or in one piece where another check runs beside it. */
let show = "after";

const cargo = (title, args, env = process.env) => ({ title, run: () => run("cargo", args, { env, log: `test-${args[0]}`, show }) });

/** Clippy of the crates that exist for wasm only; `--release` because the build has compiled their macros so. */
async function lintWasm(rust) {
  await readyWasmClippy(rust);
  for (const features of [[], ["--features", "guildhall-npm/planning"], ["--features", "guildhall-npm/directory"]]) {
    const args = ["clippy", "--release", ...lockedInCi, ...wasmCrates, ...features, "--target", wasmTriple, ...strict];
    await run("cargo", args, { env: rust.env, log: "test-clippy-wasm", show });
  }
}

function testFiles(folder) {
  const path = at("tests", folder);
  return existsSync(path) ? readdirSync(path).filter((name) => name.endsWith(".test.mjs")).sort().map((name) => `tests/${folder}/${name}`) : [];
}

/** Test files of one folder under Node's runner; two at a time, for two cores. */
const node = (title, folder, concurrency = 2) => ({
  title,
  skip: () => testFiles(folder).length === 0 && `no tests/${folder}/*.test.mjs`,
  run: () => run(nodeBinary(), ["--test", `--test-concurrency=${concurrency}`, `--test-timeout=${slowestTest}`, ...testFiles(folder)], { log: `test-${folder}`, show }),
});

const browser = node("the console and the package in a browser", "browser", 1);

const checks = {
  format: cargo("formatting", ["fmt", "--all", "--check"]),
  core: cargo("tests of the core", ["test", ...lockedInCi, "-p", "guildhall"]),
  doc: cargo("links of the core's documentation", ["doc", ...lockedInCi, "-p", "guildhall", "--no-deps", "--document-private-items"], { ...process.env, RUSTDOCFLAGS: "-D warnings" }),
  lint: cargo("lints of the core", ["clippy", ...lockedInCi, "-p", "guildhall", "--all-targets", ...strict]),
  "lint-wasm": { title: "lints of the Worker and npm crates", needsBuild: true, run: lintWasm },
  scripts: { ...node("tests of these scripts", "scripts"), needsBuild: true },
  npm: { ...node("the npm package", "npm"), needsBuild: true },
  worker: { ...node("the Worker on workerd", "worker"), needsBuild: true },
  slow: { ...node("what takes long", "slow", 1), needsBuild: true },
  browser: { ...browser, needsBuild: true, run: async () => { await readyChromium(); await browser.run(); } },
};

/** Two cores: each lane runs its checks one after the other. The build goes before the second. */
const lanes = [["format", "core", "doc", "lint", "lint-wasm"], ["scripts", "npm", "worker", "browser", "slow"]];

/** What `npm test` leaves to `npm run test:all`. */
const slow = ["slow"];

function chosen(names) {
  if (names.length === 1 && names[0] === "all") {
    process.env.TEST_ALL = "1";
    return Object.keys(checks);
  }
  const unknown = names.find((name) => !(name in checks));
  if (unknown) throw new Failure(`there is no check \`${unknown}\``, `npm test -- ${Object.keys(checks).join(" ")}`);
  return names.length === 0 ? Object.keys(checks).filter((name) => !slow.includes(name)) : names;
}

async function attempt(title, work) {
  try {
    return { title, outcome: "passed", value: await step(title, work) };
  } catch (error) {
    console.error(`\n  ${error.message}${error.detail ? `\n${error.detail}` : ""}\n`);
    return { title, outcome: "failed" };
  }
}

async function check({ title, skip, needsBuild, run: work }, building) {
  const built = needsBuild ? await building : undefined;
  if (built?.outcome === "failed") return { title: `${title}: the build failed`, outcome: "failed" };
  const reason = skip?.();
  return reason ? { title: `${title}: ${reason}`, outcome: "skipped" } : attempt(title, () => work(built?.value));
}

async function runLane(names, building) {
  const results = [];
  for (const name of names) results.push(await check(checks[name], building));
  return results;
}

function summarise(results) {
  const count = (outcome) => results.filter((result) => result.outcome === outcome).length;
  console.log("");
  for (const { title, outcome } of results) console.log(`  ${outcome.padEnd(8)}${title}`);
  console.log(`\nchecks: ${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`);
  process.exitCode = count("failed") === 0 ? 0 : 1;
}

stopOnSignals();
await command(async () => {
  const wanted = chosen(process.argv.slice(2));
  if (wanted.length === 1) show = "live";
  const building = wanted.some((name) => checks[name].needsBuild) ? attempt("setting up and building", () => prepare()) : undefined;
  const running = lanes.map((names) => runLane(names.filter((name) => wanted.includes(name)), building));
  const results = [...(building ? [await building] : []), ...(await Promise.all(running)).flat()];
  summarise(results);
  say(process.exitCode === 0 ? "all is well" : "something is wrong: see above");
});
