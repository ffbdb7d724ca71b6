// `node_modules`, exactly as `package-lock.json` says.
//
// Owns: when `npm ci` runs, and that the Node found afterwards is new enough for wrangler.
// Never does: change the lock file, or run an install script of a package.

import { readFileSync, writeFileSync, existsSync } from "node:fs";
import { fingerprint } from "./fingerprint.mjs";
import { at, isAtLeast, nodeBinary, oldestNode } from "./places.mjs";
import { ask, run } from "./processes.mjs";
import { Failure } from "./report.mjs";

const stamp = at("node_modules", ".lock-hash");
const wanted = () => fingerprint([at("package-lock.json")]);

/** Whether `npm ci` has nothing to do. The stamp lies inside, so that it goes when the folder goes. */
export const nodeModulesAreReady = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted();

function checkNode() {
  const version = ask(nodeBinary(), ["--version"]);
  const numbers = (version ?? "").replace("v", "").split(".").map(Number);
  if (!isAtLeast(numbers, oldestNode)) throw new Failure(`Node ${oldestNode.join(".")} or newer is needed, this is ${version ?? "none that runs"}`, "install a current Node from https://nodejs.org");
}

/** Installs the packages of the lock file if they are not there. */
export async function readyNodeModules() {
  const hash = wanted();
  if (ask("npm", ["--version"]) === undefined) throw new Failure("npm was not found on PATH", "install Node.js with npm from https://nodejs.org");
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { log: "npm-ci", cure: "if the lock file is out of step, `npm install`; else check the connection to the npm registry and run the command again" });
  checkNode();
  writeFileSync(stamp, hash);
}
