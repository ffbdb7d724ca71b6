// The npm package's wasm files: `pkg/wasm/core/`, `pkg/wasm/pass/` and `pkg/wasm/directory/`.
//
// Owns: compiling crates/npm with each of its features, and with none, and binding it.
// Never does: write anything of the package but `pkg/wasm/`: the rest is written by hand.

import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fingerprint } from "./fingerprint.mjs";
import { at, build, lockedInCi, wasmBindgenVersion, wasmCrates, wasmTarget, wasmTriple } from "./places.mjs";
import { run } from "./processes.mjs";
import { wasmBindgen } from "./tools.mjs";

const sources = ["src", "crates/npm", "Cargo.toml", "Cargo.lock", ".cargo", "scripts/steps/npm-part.mjs"].map((path) => at(path));
const cure = "mend the error above, then run the command again";
const compiled = join(build, "npm-wasm");

/** One wasm file of the package as a part to build; `features` are those of crates/npm. */
export function npmPart(rust, flavour, features) {
  const folder = at("pkg", "wasm", flavour);
  const name = `guildhall_${flavour}`;
  const wasm = join(folder, `${name}_bg.wasm`);
  const input = join(compiled, `${name}.wasm`);
  return {
    name: `npm-${flavour}`,
    title: `the npm package's ${flavour}`,
    hash: fingerprint(sources, rust.version, wasmBindgenVersion(), features),
    outputs: [wasm, join(folder, `${name}.js`)],
    async compile() {
      const args = ["build", "--lib", "--release", "--target", wasmTriple, ...wasmCrates, ...lockedInCi, "--features", features.map((name) => `guildhall-npm/${name}`).join(",")];
      await run("cargo", args, { env: rust.env, log: `npm-${flavour}-compile`, cure });
      mkdirSync(compiled, { recursive: true });
      copyFileSync(join(wasmTarget, wasmTriple, "release", "guildhall_npm.wasm"), input);
    },
    async pack() {
      // No wasm-opt: on top of the release profile it buys less than 1 % of the compressed size.
      const args = ["--target", "web", "--no-typescript", "--omit-default-module-path", "--out-dir", folder, "--out-name", name, input];
      await run(wasmBindgen, args, { log: `npm-${flavour}-bind`, cure });
    },
  };
}
