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

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** When a process began, as its system says it: after a restart of the machine, numbers are given again. */
function birth(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ")[19];
  } catch {
    return ask("ps", ["-o", "lstart=", "-p", String(pid)], { env: { ...process.env, LC_ALL: "C", TZ: "UTC" } }) ?? "";
  }
}

const identity = (pid) => `${pid} ${birth(pid)}`;

function holder(file) {
  try {
    const written = readFileSync(file, "utf8");
    const pid = Number(written.split(" ")[0]);
    return isRunning(pid) && identity(pid) === written ? pid : undefined;
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
