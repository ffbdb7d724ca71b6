// Lock files: one command at a time builds in this folder, one server at a time uses a state.
//
// Owns: files that say which process holds the lock.
// Never does: trust the lock of a process that is gone, or that of another with the same number.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "./places.mjs";
import { ask } from "./processes.mjs";
import { say } from "./report.mjs";

const pause = 500;

function exists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/**
 * The state of a process and when it began, as its system says them. The beginning tells processes apart: after a
 * restart of the machine, numbers are given again.
 */
function life(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
    return { state: fields[0], birth: fields[19] };
  } catch {
    const said = ask("ps", ["-o", "stat=", "-o", "lstart=", "-p", String(pid)], { env: { ...process.env, LC_ALL: "C", TZ: "UTC" } }) ?? "";
    const [state = "", ...birth] = said.split(/ +/);
    return { state, birth: birth.join(" ") };
  }
}

/** A zombie has ended and holds nothing: it stays until its parent asks for its exit code, which some never do. */
const hasEnded = ({ state }) => /^[ZX]/i.test(state);

/** What tells a process from every other one of this machine. */
export const identity = (pid) => `${pid} ${life(pid).birth}`;

/** The process that an identity is of, while it runs. */
export function runningAs(written) {
  const pid = Number(written.split(" ")[0]);
  return exists(pid) && !hasEnded(life(pid)) && identity(pid) === written ? pid : undefined;
}

function holder(file) {
  try {
    return runningAs(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Tries to take a lock for this process until it ends: `{release}`, or `{heldBy}` if another process has it. */
export function take(file) {
  mkdirSync(dirname(file), { recursive: true });
  const heldBy = holder(file);
  if (heldBy !== undefined) return { heldBy };
  rmSync(file, { force: true });
  try {
    writeFileSync(file, identity(process.pid), { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return { heldBy: holder(file) ?? 0 };
  }
  const remove = () => rmSync(file, { force: true });
  process.once("exit", remove);
  return { release: () => { process.off("exit", remove); remove(); } };
}

/** Runs `work` while no other command of this repository sets up or builds. */
export async function alone(work) {
  let told = false;
  let lock;
  while ((lock = take(join(build, "in-progress"))).release === undefined) {
    if (!told) say(`… waiting for another command that is building here (process ${lock.heldBy})`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return Promise.resolve(work()).finally(lock.release);
}
