// The measurement itself, on the Node that has SQLite.
//
// Owns: who takes part, and in what order the parts run. Never does: install or build Guildhall: `main.mjs` has.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/steps/places.mjs";
import { stopOnSignals } from "../../scripts/steps/processes.mjs";
import { command, say } from "../../scripts/steps/report.mjs";
import { readyWasmRust } from "../../scripts/steps/rust.mjs";
import { checkout } from "./against.mjs";
import { enterAll } from "./arena.mjs";
import { betterAuth } from "./contenders/better-auth.mjs";
import { floor } from "./contenders/floor.mjs";
import { guildhall } from "./contenders/guildhall.mjs";
import { helloJavaScript, helloRust } from "./contenders/hello.mjs";
import { requireAccounts } from "./cpu.mjs";
import { plan } from "./options.mjs";
import { measureBursts } from "./parts/bursts.mjs";
import { measureCold } from "./parts/cold.mjs";
import { measureGrowth } from "./parts/growth.mjs";
import { measureRows } from "./parts/rows.mjs";
import { measureTokens } from "./parts/tokens.mjs";
import { measureWalks } from "./parts/walks.mjs";
import { machine, show } from "./report.mjs";
import { scratch, sweep } from "./state.mjs";
import { write } from "./write.mjs";

const makers = {
  javascript: async () => [helloJavaScript()],
  rust: async () => [await helloRust(await readyWasmRust())],
  floor: async () => [floor()],
  "better-auth": async () => [await betterAuth(false), await betterAuth(true)],
  guildhall: async () => [guildhall("Guildhall", root)],
};

async function other(commit) {
  const { name, folder } = await checkout(commit);
  return guildhall(`Guildhall ${name}`, folder);
}

async function contendersOf(how) {
  const all = [];
  for (const name of how.contenders) all.push(...(await makers[name]()));
  return how.against ? [...all, await other(how.against)] : all;
}

/** The rows, cold starts, tokens and bursts share their processes; growth has its own, for its databases are large. */
async function measureTogether(contenders, how) {
  const wants = (part) => how.parts.includes(part);
  if (how.rows.length === 0 && !["cold", "tokens", "bursts"].some(wants)) return {};
  const entrants = await enterAll(contenders, how.world);
  try {
    return {
      ...(how.rows.length > 0 && { rows: await measureRows(entrants, how) }),
      ...(wants("cold") && { cold: await measureCold(entrants, how) }),
      ...(wants("tokens") && { tokens: await measureTokens(entrants, how) }),
      ...(wants("bursts") && { bursts: await measureBursts(entrants.filter(({ operations }) => operations.burst), how) }),
    };
  } finally {
    for (const entrant of entrants) await entrant.stop();
  }
}

/** What was measured, as data; that of a smoke test says nothing, and lies elsewhere. */
function keep(results) {
  const name = results.mode === "smoke" ? "smoke.json" : "results.json";
  mkdirSync(scratch, { recursive: true });
  writeFileSync(join(scratch, name), `${JSON.stringify(results, null, 1)}\n`);
  say(`what was measured lies in build/bench-edge/${name}`);
}

stopOnSignals();
await command(async () => {
  requireAccounts();
  sweep();
  const how = plan(process.argv.slice(2));
  const contenders = await contendersOf(how);
  const results = { mode: how.mode, machine: machine(how), ...(await measureTogether(contenders, how)) };
  if (how.parts.includes("growth")) results.growth = await measureGrowth(contenders.filter(({ name }) => how.growth.of.some((each) => name.startsWith(each))), how);
  if (how.parts.includes("walks")) results.walks = await measureWalks(contenders.filter(({ name }) => name.startsWith("Guildhall")), how);
  keep(results);
  console.log(`\n${show(results)}\n`);
  if (how.write) write(results);
});
