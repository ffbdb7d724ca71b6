// The two cargo programs of a Worker build, installed once into `build/tools`.
//
// Owns: their pinned versions there, and the environment that tells worker-build where its
// other tools lie, so that it downloads none.
// Never does: install for the whole machine, or rebuild a version that is there.

import { existsSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { at, nodeBinary, tools, wasmBindgenVersion, workerBuildVersion } from "./places.mjs";
import { ask, run } from "./processes.mjs";
import { installPackages } from "./debian.mjs";
import { Failure } from "./report.mjs";

const bin = (name) => join(tools, "bin", name);
const target = join(tools, "target");

export const workerBuild = bin("worker-build");
export const wasmBindgen = bin("wasm-bindgen");
const esbuild = at("node_modules", ".bin", "esbuild");

/** Where worker-build finds what it would otherwise download, and the Node that those scripts run on. */
export const toolEnv = (path) => ({
  WASM_BINDGEN_BIN: wasmBindgen,
  ESBUILD_BIN: esbuild,
  PATH: [dirname(nodeBinary()), path].join(delimiter),
});

const has = (program, version) => existsSync(program) && ask(program, ["--version"])?.split(" ").at(-1) === version;

/** Unoptimised tools cost the Worker build one second more and are there two minutes sooner. */
const quickly = {
  CARGO_INCREMENTAL: "0",
  CARGO_PROFILE_DEV_DEBUG: "0",
  CARGO_PROFILE_DEV_DEBUG_ASSERTIONS: "false",
  CARGO_PROFILE_DEV_OVERFLOW_CHECKS: "false",
  CARGO_PROFILE_DEV_PANIC: "abort",
};

async function cargoInstall(name, version, extra) {
  const env = { ...process.env, ...quickly, CARGO_TARGET_DIR: target };
  const args = ["install", "--debug", "--force", "--root", tools, "--bin", name === "wasm-bindgen-cli" ? "wasm-bindgen" : name, ...extra, `${name}@${version}`];
  await run("cargo", args, { env, log: name });
}

/** worker-build links the system's OpenSSL on Linux. */
async function readyOpenSsl() {
  if (process.platform !== "linux" || ask("pkg-config", ["--exists", "openssl"]) !== undefined) return;
  await installPackages(["pkg-config", "libssl-dev"], "OpenSSL's development files");
}

/** Whether both programs are there in the versions wanted. */
export const toolsAreReady = () => has(workerBuild, workerBuildVersion()) && has(wasmBindgen, wasmBindgenVersion());

/** Installs what is missing of worker-build and wasm-bindgen. */
export async function readyTools() {
  const bindgen = wasmBindgenVersion();
  if (bindgen === undefined) throw new Failure("Cargo.lock names no wasm-bindgen", "git checkout Cargo.lock");
  if (!has(wasmBindgen, bindgen)) await cargoInstall("wasm-bindgen-cli", bindgen, ["--no-default-features"]);
  if (!has(workerBuild, workerBuildVersion())) {
    await readyOpenSsl();
    await cargoInstall("worker-build", workerBuildVersion(), ["--locked"]);
  }
  rmSync(target, { recursive: true, force: true });
}
