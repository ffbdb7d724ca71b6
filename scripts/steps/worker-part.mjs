// The Worker: `build/index.js` and `build/index_bg.wasm`.
//
// Owns: compiling crates/worker, and handing it to worker-build.
// Never does: edit what worker-build wrote, or build the npm package's wasm.

import { fingerprint } from "./fingerprint.mjs";
import { at, build, lockedInCi, wasmCrates, wasmTriple, workerBuildVersion } from "./places.mjs";
import { run } from "./processes.mjs";
import { toolEnv, workerBuild } from "./tools.mjs";

const crate = at("crates", "worker");
const sources = ["src", "migrations", "crates/worker", "Cargo.toml", "Cargo.lock", "scripts/steps/worker-part.mjs"].map((path) => at(path));
const cure = "mend the error above, then run the command again";

/** The Worker as a part to build: `compile` needs Rust alone, `pack` the tools as well. */
export function workerPart(rust) {
  return {
    name: "worker",
    title: "the Worker",
    hash: fingerprint(sources, rust.version, workerBuildVersion()),
    outputs: ["index.js", "index_bg.wasm"].map((name) => `${build}/${name}`),
    async compile() {
      const args = ["build", "--lib", "--release", "--target", wasmTriple, ...wasmCrates, ...lockedInCi];
      await run("cargo", args, { env: rust.env, log: "worker-compile", cure });
    },
    async pack() {
      // A handler runs to its end when the client hangs up: a write must not stop half-way.
      const env = { ...rust.env, ...toolEnv(rust.env.PATH), RUN_TO_COMPLETION: "1" };
      // No wasm-opt: it takes a tenth off the raw file and adds 2 % to the compressed one.
      await run(workerBuild, ["--release", "--no-opt", "--out-dir", "../../build", ...wasmCrates, ...lockedInCi], { cwd: crate, env, log: "worker-build", cure });
    },
  };
}
