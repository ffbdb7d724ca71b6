// The peers, exactly as the lock file next to this one says.
//
// Owns: when they are installed: on first use, and after the lock file has changed. Never does: run
// an install script of theirs.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fingerprint } from "../../scripts/steps/fingerprint.mjs";
import { at } from "../../scripts/steps/places.mjs";
import { run } from "../../scripts/steps/processes.mjs";
import { step } from "../../scripts/steps/report.mjs";

const folder = at("benches", "check");
const stamp = at("benches", "check", "node_modules", ".lock-hash");
const cure = "check the connection to the npm registry, then run the command again";
const words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

export async function readyPeers() {
  const hash = fingerprint([at("benches", "check", "package-lock.json")]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  await step("installing the peers into benches/check/node_modules", () => run("npm", words, { cwd: folder, log: "bench-peers", cure }));
  writeFileSync(stamp, hash);
}

/** Names and versions, as pinned. */
export const peers = () => Object.entries(JSON.parse(readFileSync(at("benches", "check", "package.json"), "utf8")).dependencies);
