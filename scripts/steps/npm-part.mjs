// The npm package's wasm files: `pkg/wasm/` with `core/`, `planning/`, `directory/` and `pass/`.
//
// Owns: compiling crates/npm with each of its features, and with none, and binding it; compiling crates/pass, which
// needs no binding. Never does: write anything of the package but `pkg/wasm/`: the rest is written by hand.

import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fingerprint } from "./fingerprint.mjs";
import { at, build, lockedInCi, wasmBindgenVersion, wasmCrates, wasmTarget, wasmTriple } from "./places.mjs";
import { run } from "./processes.mjs";
import { wasmBindgen } from "./tools.mjs";

const sources = ["src", "Cargo.toml", "Cargo.lock", "scripts/steps/npm-part.mjs"].map((path) => at(path));
const cure = "mend the error above, then run the command again";
const compiled = join(build, "npm-wasm");

async function compile(rust, { name, crate, features = [] }) {
  const args = ["build", "--lib", "--release", "--target", wasmTriple, ...wasmCrates, ...lockedInCi, "--features", features.map((feature) => `guildhall-npm/${feature}`).join(",")];
  await run("cargo", args, { env: rust.env, log: `${name}-compile`, cure });
  mkdirSync(compiled, { recursive: true });
  copyFileSync(join(wasmTarget, wasmTriple, "release", `${crate}.wasm`), join(compiled, `${name}.wasm`));
}

/** One wasm file of crates/npm as a part to build; `features` are those of the crate. */
export function npmPart(rust, flavour, features) {
  const folder = at("pkg", "wasm", flavour);
  const [name, out] = [`npm-${flavour}`, `guildhall_${flavour}`];
  return {
    name,
    title: `the npm package's ${flavour}`,
    hash: fingerprint([...sources, at("crates/npm")], rust.version, wasmBindgenVersion(), features),
    outputs: [join(folder, `${out}_bg.wasm`), join(folder, `${out}.js`)],
    compile: () => compile(rust, { name, crate: "guildhall_npm", features }),
    async pack() {
      // No wasm-opt: it takes a tenth off the raw file and adds 2 % to the compressed one.
      const args = ["--target", "web", "--no-typescript", "--omit-default-module-path", "--out-dir", folder, "--out-name", out, join(compiled, `${name}.wasm`)];
      await run(wasmBindgen, args, { log: `${name}-bind`, cure });
    },
  };
}

/** The rule for passes, whose glue is written by hand (`pkg/pass/rules.js`). */
export function passPart(rust) {
  const [name, folder] = ["npm-pass", at("pkg", "wasm", "pass")];
  const wasm = join(folder, "guildhall_pass.wasm");
  return {
    name,
    title: "the npm package's rule for passes",
    hash: fingerprint([...sources, at("crates/pass")], rust.version),
    outputs: [wasm],
    compile: () => compile(rust, { name, crate: "guildhall_pass" }),
    async pack() {
      mkdirSync(folder, { recursive: true });
      copyFileSync(join(compiled, `${name}.wasm`), wasm);
    },
  };
}
