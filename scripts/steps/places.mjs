// Where things lie in this repository, and which versions of its tools are pinned.
//
// Owns: paths and version numbers that more than one script needs.
// Never does: touch the disk beyond reading `Cargo.lock` and looking whether a file is there.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** A path inside the repository. */
export const at = (...parts) => join(root, ...parts);

export const build = at("build");
export const tools = join(build, "tools");
export const logs = join(build, "logs");
export const stamps = join(build, "stamps");
export const state = join(build, "state");

/** Wasm builds have a target folder of their own: they may run on another rustc than native builds. */
export const wasmTarget = join(build, "target-wasm");

export const wasmTriple = "wasm32-unknown-unknown";
export const oldestRust = [1, 95];
export const oldestNode = [22, 12];

/**
 * The crates that become wasm, always compiled in one call: alone, each would get its dependencies
 * with other features, and cargo would compile those twice.
 */
export const wasmCrates = ["--package=guildhall-worker", "--package=guildhall-npm", "--package=guildhall-pass"];

/** In CI a lock file that does not fit is an error; at home cargo mends it. */
export const lockedInCi = process.env.CI ? ["--locked"] : [];

/** The version of a library that the crates are compiled with; its tool must be of exactly that. */
const versionOf = (library) => new RegExp(`name = "${library}"\nversion = "([^"]+)"`).exec(readFileSync(at("Cargo.lock"), "utf8"))?.[1];

export const wasmBindgenVersion = () => versionOf("wasm-bindgen");
export const workerBuildVersion = () => versionOf("worker");

/**
 * The Node that runs wrangler and the tests: the pinned one from `node_modules` where there is
 * one for this system, else the one that runs this script.
 */
export function nodeBinary() {
  const pinned = at("node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  return existsSync(pinned) ? pinned : process.execPath;
}

/** Whether version `[major, minor, …]` is at least `oldest`. */
export function isAtLeast(version, oldest) {
  const difference = oldest.map((part, index) => (version[index] ?? 0) - part).find((part) => part !== 0);
  return (difference ?? 0) >= 0;
}
