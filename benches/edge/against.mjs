// Guildhall as of another commit: checked out beside, and built there by its own scripts.
//
// Owns: a git worktree below `build/bench-edge/commits`. Never does: change the checkout that is measured.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { at, build, nodeBinary, wasmTarget } from "../../scripts/steps/places.mjs";
import { ask, run } from "../../scripts/steps/processes.mjs";
import { Failure, step } from "../../scripts/steps/report.mjs";

/** The short name of a commit. */
export function resolve(commit) {
  const name = ask("git", ["rev-parse", "--short=7", "--verify", "--quiet", `${commit}^{commit}`]);
  if (name === undefined) throw new Failure(`this repository has no commit \`${commit}\``, "git fetch, or name another: npm run bench:edge -- --against <commit>");
  return name;
}

/**
 * What the other checkout can have from this one: the tools, the packages if the locks are the same, and a copy of what
 * is compiled, for cargo compiles the same dependencies only once.
 */
function share(folder) {
  mkdirSync(join(folder, "build"), { recursive: true });
  const link = (from, to) => existsSync(from) && symlinkSync(from, join(folder, to), "dir");
  link(join(build, "tools"), join("build", "tools"));
  if (readFileSync(at("package-lock.json"), "utf8") === readFileSync(join(folder, "package-lock.json"), "utf8")) link(at("node_modules"), "node_modules");
  if (existsSync(wasmTarget)) cpSync(wasmTarget, join(folder, "build", "target-wasm"), { recursive: true, preserveTimestamps: true });
}

async function build_(folder) {
  const env = { ...process.env, CARGO_TARGET_DIR: undefined };
  await run(nodeBinary(), [join(folder, "scripts", "build.mjs"), "worker"], { cwd: folder, env, log: "bench-edge-against", cure: "see build/logs/bench-edge-against.log" });
}

/** The folder of the built commit. */
export async function checkout(commit) {
  const name = resolve(commit);
  const folder = join(build, "bench-edge", "commits", name);
  if (!existsSync(join(folder, "build", "index_bg.wasm"))) {
    rmSync(folder, { recursive: true, force: true });
    ask("git", ["worktree", "prune"]);
    await run("git", ["worktree", "add", "--detach", folder, name], { log: "bench-edge-worktree" });
    share(folder);
    await step(`building Guildhall at ${name}`, () => build_(folder));
  }
  return { name, folder };
}
