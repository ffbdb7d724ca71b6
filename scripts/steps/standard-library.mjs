// Rust's standard library for wasm32, built from the sources that Debian ships with its compiler.
//
// Owns: one build of it and its place in that compiler's sysroot, where every tool finds it.
// Never does: run when the compiler can already compile for wasm.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runPrivileged } from "./debian.mjs";
import { tools, wasmTriple } from "./places.mjs";
import { ask, run } from "./processes.mjs";

const scratch = join(tools, "standard-library");
const manifest = `[package]
name = "scratch"
version = "0.0.0"
edition = "2024"

[workspace]

[profile.release]
panic = "abort"
`;

function layScratchCrate() {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(join(scratch, "src"), { recursive: true });
  writeFileSync(join(scratch, "Cargo.toml"), manifest);
  writeFileSync(join(scratch, "src", "lib.rs"), "");
}

/** Builds the library with `rustc`'s own cargo (first on `env.PATH`) and copies it into its sysroot. */
export async function buildStandardLibrary(rustc, env) {
  layScratchCrate();
  const target = join(scratch, "target");
  // The sources fit this stable compiler exactly; only the switch that builds them is called unstable.
  // Bitcode goes in beside the machine code, as in rustup's library: the release profile's link-time optimisation reads it.
  const unstable = { ...env, RUSTC_BOOTSTRAP: "1", RUSTFLAGS: "-Cembed-bitcode=yes", CARGO_TARGET_DIR: target };
  const args = ["build", "--release", "--target", wasmTriple, "-Zbuild-std=std,panic_abort"];
  await run("cargo", args, { cwd: scratch, env: unstable, log: "standard-library" });
  const built = join(target, wasmTriple, "release", "deps");
  const libraries = readdirSync(built).filter((name) => name.endsWith(".rlib") && !name.startsWith("libscratch"));
  await install(libraries.map((name) => join(built, name)), ask(rustc, ["--print", "target-libdir", "--target", wasmTriple]));
  rmSync(scratch, { recursive: true, force: true });
}

async function install(files, folder) {
  await runPrivileged(["rm", "-rf", folder], { log: "standard-library-clear" });
  await runPrivileged(["mkdir", "-p", folder], { log: "standard-library-folder" });
  await runPrivileged(["cp", ...files, folder], { log: "standard-library-copy" });
}
