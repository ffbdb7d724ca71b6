// The peer, exactly as the lock file next to this one says.
//
// Owns: when it is installed: on first use, and after the lock file has changed. Never does: run an install script.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fingerprint } from "../../scripts/steps/fingerprint.mjs";
import { at } from "../../scripts/steps/places.mjs";
import { run } from "../../scripts/steps/processes.mjs";
import { step } from "../../scripts/steps/report.mjs";

const folder = at("benches", "edge");
const stamp = at("benches", "edge", "node_modules", ".lock-hash");
const cure = "check the connection to the npm registry, then run the command again";
const words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

export async function readyPeers() {
  const hash = fingerprint([at("benches", "edge", "package-lock.json")]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  await step("installing the peer into benches/edge/node_modules", () => run("npm", words, { cwd: folder, log: "bench-edge-peers", cure }));
  writeFileSync(stamp, hash);
}

/** Names and versions, as pinned. */
export const peers = () => Object.entries(JSON.parse(readFileSync(at("benches", "edge", "package.json"), "utf8")).dependencies);
