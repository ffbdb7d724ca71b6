// The least that a Worker answers, in JavaScript and in Rust.
//
// Owns: these two, and the crate of the second: with the project's own versions, profile and tools, which it reads
// where the project writes them. Never does: touch a database.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, isStale, make } from "../../../scripts/steps/fingerprint.mjs";
import { at, build, wasmBindgenVersion, workerBuildVersion } from "../../../scripts/steps/places.mjs";
import { run } from "../../../scripts/steps/processes.mjs";
import { step } from "../../../scripts/steps/report.mjs";
import { toolEnv, workerBuild } from "../../../scripts/steps/tools.mjs";

const crate = join(build, "bench-edge", "rust");
const source = at("benches", "edge", "rust", "lib.rs");
const profile = () => /\[profile\.release\][^[]*/.exec(readFileSync(at("Cargo.toml"), "utf8"))[0];

const manifest = () => `[package]
name = "bench-edge-hello"
version = "0.0.0"
edition = "2024"

[workspace]

[lib]
crate-type = ["cdylib"]
path = "lib.rs"

[dependencies]
wasm-bindgen = "=${wasmBindgenVersion()}"
worker = "=${workerBuildVersion()}"

${profile()}`;

function settle() {
  mkdirSync(crate, { recursive: true });
  writeFileSync(join(crate, "Cargo.toml"), manifest());
  copyFileSync(at("Cargo.lock"), join(crate, "Cargo.lock"));
  copyFileSync(source, join(crate, "lib.rs"));
}

async function compile(rust) {
  settle();
  const env = { ...rust.env, ...toolEnv(rust.env.PATH), RUN_TO_COMPLETION: "1" };
  await run(workerBuild, ["--release", "--no-opt", "--out-dir", "build"], { cwd: crate, env, log: "bench-edge-rust", cure: "mend the error above, then run the command again" });
}

const operations = () => ({ healthz: async (count) => Array.from({ length: count }, () => [{ path: "/healthz" }]) });

export const helloJavaScript = () => ({
  name: "JavaScript",
  modules: [{ type: "ESModule", path: "/main.js", contents: readFileSync(at("benches", "edge", "workers", "hello.js"), "utf8") }],
  operations,
});

/** Built if it is not there; `rust` is the Rust for WebAssembly, as the project's own build finds it. */
export async function helloRust(rust) {
  const outputs = ["index.js", "index_bg.wasm"].map((name) => join(crate, "build", name));
  const part = { name: "bench-edge-rust", hash: fingerprint([source], manifest(), rust.version), outputs };
  if (isStale(part)) await step("building a Worker in Rust that only answers", () => make(part, () => compile(rust)));
  const [script, wasm] = outputs;
  return {
    name: "Rust",
    modules: [{ type: "ESModule", path: "/main.js", contents: readFileSync(script, "utf8") }, { type: "CompiledWasm", path: "/index_bg.wasm", contents: readFileSync(wasm) }],
    operations,
  };
}
