// From a fresh clone to everything built: the order of the steps, and which run side by side.
//
// Owns: that order, and skipping whatever is there and unchanged.
// Never does: start a server or run a test.

import { mkdirSync } from "node:fs";
import { assetsPart } from "./assets-part.mjs";
import { isStale, make } from "./fingerprint.mjs";
import { alone } from "./lock.mjs";
import { nodeModulesAreReady, readyNodeModules } from "./node-modules.mjs";
import { corePart, directoryPart, passPart, planningPart } from "./npm-part.mjs";
import { build, wasmBindgenVersion, workerBuildVersion } from "./places.mjs";
import { Failure, say, step } from "./report.mjs";
import { checkRust, readyWasmRust } from "./rust.mjs";
import { readySecrets } from "./secrets.mjs";
import { readyTools, toolsAreReady } from "./tools.mjs";
import { workerPart } from "./worker-part.mjs";

const readyNode = () => nodeModulesAreReady() || step("installing the npm packages of package-lock.json", readyNodeModules);

const readyCargoTools = () =>
  toolsAreReady() || step(`installing worker-build ${workerBuildVersion()} and wasm-bindgen ${wasmBindgenVersion()} (once, about two minutes)`, readyTools);

// The Worker last: worker-build finds everything compiled, and the same crates with the same features.
const buildable = (rust) => [directoryPart(rust), planningPart(rust), corePart(rust), passPart(rust), workerPart(rust)];

async function readyRust(version) {
  const rust = await step("finding a Rust that builds WebAssembly", readyWasmRust);
  say(`  ${version}; for WebAssembly ${rust.name} ${rust.version}`);
  return rust;
}

function chosen(parts, only) {
  const unknown = only.find((name) => !parts.some((part) => part.name === name));
  if (unknown !== undefined) throw new Failure(`there is no part \`${unknown}\``, `npm run build -- ${parts.map((part) => part.name).join(" ")}`);
  return parts.filter((part) => only.length === 0 || only.includes(part.name));
}

async function compileStale(version, only) {
  const rust = await readyRust(version);
  const stale = chosen(buildable(rust), only).filter(isStale);
  for (const part of stale) await step(`compiling ${part.title}`, part.compile);
  return { rust, stale };
}

async function packAll(parts) {
  await Promise.all(parts.map((part) => step(`packing ${part.title}`, () => make(part, part.pack))));
  const assets = assetsPart();
  if (isStale(assets)) await step(`laying out ${assets.title}`, () => make(assets, assets.pack));
  else if (parts.length === 0) say("✓ nothing has changed since the last build");
}

/** Installs what is missing and builds what has changed (of the parts named, if any); answers the Rust for wasm. */
export function prepare(only = []) {
  const version = checkRust();
  mkdirSync(build, { recursive: true });
  return alone(async () => {
    readySecrets();
    // The tools keep both cores busy for minutes; downloads and the crates themselves fit in between.
    const [, , { rust, stale }] = await Promise.all([readyNode(), readyCargoTools(), compileStale(version, only)]);
    await packAll(stale);
    return rust;
  });
}
