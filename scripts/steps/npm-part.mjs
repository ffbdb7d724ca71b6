// The npm package's wasm files: `pkg/wasm/` with `core/`, `planning/`, `directory/` and `pass/`.
//
// Owns: compiling crates/npm with each of its features, and with none, and crates/pass; binding the directory.
// Never does: write anything of the package but `pkg/wasm/`: the rest is written by hand.

import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fingerprint } from "./fingerprint.mjs";
import { at, build, lockedInCi, wasmBindgenVersion, wasmCrates, wasmTarget, wasmTriple } from "./places.mjs";
import { run } from "./processes.mjs";
import { wasmBindgen } from "./tools.mjs";

const sources = ["src", "Cargo.toml", "Cargo.lock", "scripts/steps/npm-part.mjs"].map((path) => at(path));
const cure = "mend the error above, then run the command again";
const compiled = join(build, "npm-wasm");

async function compile(rust, { name, crate, features }) {
  const args = ["build", "--lib", "--release", "--target", wasmTriple, ...wasmCrates, ...lockedInCi, "--features", features.map((feature) => `guildhall-npm/${feature}`).join(",")];
  await run("cargo", args, { env: rust.env, log: `${name}-compile`, cure });
  mkdirSync(compiled, { recursive: true });
  copyFileSync(join(wasmTarget, wasmTriple, "release", `${crate}.wasm`), join(compiled, `${name}.wasm`));
}

/** The directory, whose glue wasm-bindgen writes. */
export function directoryPart(rust) {
  const [name, out, folder, features] = ["npm-directory", "guildhall_directory", at("pkg", "wasm", "directory"), ["directory"]];
  return {
    name,
    title: "the npm package's directory",
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

/** Rules whose glue is written by hand (`pkg/exchange.js`). */
function rulesPart(rust, flavour, title, { folder, ...crate }) {
  const [name, out] = [`npm-${flavour}`, at("pkg", "wasm", flavour)];
  const wasm = join(out, `guildhall_${flavour}.wasm`);
  return {
    name,
    title: `the npm package's ${title}`,
    hash: fingerprint([...sources, at(folder)], rust.version, crate.features),
    outputs: [wasm],
    compile: () => compile(rust, { name, ...crate }),
    async pack() {
      mkdirSync(out, { recursive: true });
      copyFileSync(join(compiled, `${name}.wasm`), wasm);
    },
  };
}

const npm = { folder: "crates/npm", crate: "guildhall_npm" };

export const corePart = (rust) => rulesPart(rust, "core", "core", { ...npm, features: [] });

export const planningPart = (rust) => rulesPart(rust, "planning", "planning", { ...npm, features: ["planning"] });

export const passPart = (rust) => rulesPart(rust, "pass", "rule for passes", { folder: "crates/pass", crate: "guildhall_pass", features: [] });
