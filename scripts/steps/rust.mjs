// The Rust that builds WebAssembly: finds one that has the wasm32 standard library, or makes one.
//
// Owns: the order of the three ways to it (there already, rustup, Debian's compiler with a
// standard library built from Debian's sources) and the environment of every wasm build.
// Never does: change which Rust native builds and tests use.

import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { buildStandardLibrary } from "./standard-library.mjs";
import { canInstall, hasApt, installCommand, installPackages } from "./debian.mjs";
import { isAtLeast, oldestRust, tools, wasmTarget, wasmTriple } from "./places.mjs";
import { ask, run } from "./processes.mjs";
import { Failure, say, step } from "./report.mjs";

const installRust = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh   (then open a new terminal)";
const debianPackages = ["rustc-web", "cargo-web", "rust-web-src"];
const debianRustc = "/usr/bin/rustc";
const debianSources = "/usr/lib/rustlib/src/rust/library/Cargo.toml";
const debianShims = join(tools, "debian-rust");

const numbers = (text) => text.split(/[ .-]/).map(Number).filter(Number.isInteger);

/** Fails unless a Rust new enough and a linker are on PATH; answers rustc's version line. */
export function checkRust() {
  const version = ask("rustc", ["--version"]);
  if (version === undefined || ask("cargo", ["--version"]) === undefined) throw new Failure("Rust (cargo and rustc) was not found on PATH", installRust);
  const wanted = oldestRust.join(".");
  if (!isAtLeast(numbers(version), oldestRust)) throw new Failure(`Rust ${wanted} or newer is needed, this is ${version}`, "rustup update stable");
  if (ask("cc", ["--version"]) === undefined) throw new Failure("a C linker (`cc`) was not found on PATH", process.platform === "darwin" ? "xcode-select --install" : "sudo apt-get install build-essential   (or your system's C compiler)");
  return version;
}

/** Whether a rustc can compile for wasm: asked by compiling a line, so a library of another version is noticed. */
function hasWasm(rustc) {
  mkdirSync(tools, { recursive: true });
  const args = ["--target", wasmTriple, "--crate-type", "lib", `--emit=metadata=${join(tools, "probe.rmeta")}`, "-"];
  return ask(rustc, args, { input: "pub fn probe() -> String { String::new() }" }) !== undefined;
}

/** Asks rustup for the target. Where apt is there to fall back on, rustup gets little time: some networks let it hang. */
async function addByRustup() {
  if (ask("rustup", ["--version"]) === undefined) return false;
  const timeout = canInstall() ? 30_000 : 600_000;
  try {
    await run("rustup", ["target", "add", wasmTriple], { log: "rustup", timeout });
    return hasWasm("rustc");
  } catch {
    return false;
  }
}

/** rustup's linker for wasm, or Debian's: Debian's rustc brings none of its own. */
async function wasmLinker() {
  const sysroot = ask("rustc", ["--print", "sysroot"]);
  const host = /host: (.+)/.exec(ask("rustc", ["-vV"]) ?? "")?.[1];
  const bundled = join(sysroot ?? "", "lib", "rustlib", host ?? "", "bin", "rust-lld");
  if (existsSync(bundled)) return bundled;
  const found = () => ["22", "21", "20", "19"].map((version) => `/usr/bin/wasm-ld-${version}`).find(existsSync);
  if (!found()) await installPackages(["lld-22"], "a WebAssembly linker");
  return found();
}

/** A folder with nothing but Debian's Rust, to lead PATH in wasm builds: `/usr/bin` itself would bring other tools too. */
function linkShims() {
  rmSync(debianShims, { recursive: true, force: true });
  mkdirSync(debianShims, { recursive: true });
  for (const name of ["cargo", "rustc", "rustdoc", "cargo-clippy", "clippy-driver"]) symlinkSync(`/usr/bin/${name}`, join(debianShims, name));
}

/** Debian's Rust and its sources; where apt may not be used, says which command a person can type. */
async function installDebianRust() {
  const what = `Rust cannot compile to WebAssembly yet: \`rustup target add ${wasmTriple}\` was tried and did not work`;
  const byHand = `rustup target add ${wasmTriple}`;
  if (!canInstall()) throw new Failure(what, hasApt() ? `${byHand}   (or: ${installCommand(debianPackages)})` : byHand);
  await step("installing Debian's Rust and its sources", () => installPackages(debianPackages, "Debian's Rust"));
}

async function debianRust() {
  if (!existsSync(debianRustc) || !existsSync(debianSources)) await installDebianRust();
  linkShims();
  const linker = await wasmLinker();
  const env = { PATH: debianShims + delimiter + process.env.PATH, CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: linker };
  if (!hasWasm(debianRustc)) await step("building Rust's standard library for WebAssembly", () => buildStandardLibrary(debianRustc, { ...process.env, ...env }));
  return { env, rustc: debianRustc, name: "Debian's" };
}

const rustupRust = { env: {}, rustc: "rustc", name: "rustup's" };

async function choose() {
  if (hasWasm("rustc")) return rustupRust;
  if (existsSync(debianRustc) && hasWasm(debianRustc)) return debianRust();
  if (await addByRustup()) return rustupRust;
  if (canInstall()) say("  rustup could not add the wasm32 target: Debian's compiler will do");
  return debianRust();
}

/** Readies a Rust for wasm: `{env, rustc, version}`, `env` being the whole environment of a wasm build. */
export async function readyWasmRust() {
  const { env, rustc, name } = await choose();
  const version = ask(rustc, ["--version"]);
  return { name, version, env: { ...process.env, ...env, CARGO_TARGET_DIR: wasmTarget, WASM_BINDGEN_USE_JS_SYS: "1" } };
}

/** The clippy that belongs to the Rust for wasm. */
export async function readyWasmClippy({ name }) {
  if (name === "Debian's" && !existsSync("/usr/bin/clippy-driver")) await installPackages(["rust-web-clippy"], "clippy for WebAssembly");
}
