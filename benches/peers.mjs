// The peers of a benchmark, exactly as the lock file in its folder says.
//
// Owns: when they are installed: on first use, and after the lock file has changed. Never does: run an install script
// of theirs.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fingerprint } from "../scripts/steps/fingerprint.mjs";
import { at } from "../scripts/steps/places.mjs";
import { run } from "../scripts/steps/processes.mjs";
import { step } from "../scripts/steps/report.mjs";

const cure = "check the connection to the npm registry, then run the command again";
const words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/** Installs the peers of `benches/<bench>`. */
export async function readyPeers(bench) {
  const folder = at("benches", bench);
  const stamp = at("benches", bench, "node_modules", ".lock-hash");
  const hash = fingerprint([at("benches", bench, "package-lock.json")]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  await step(`installing the peers into benches/${bench}/node_modules`, () => run("npm", words, { cwd: folder, log: `bench-${bench}-peers`, cure }));
  writeFileSync(stamp, hash);
}

/** Names and versions of the peers of `benches/<bench>`, as pinned. */
export const peers = (bench) => Object.entries(JSON.parse(readFileSync(at("benches", bench, "package.json"), "utf8")).dependencies);
