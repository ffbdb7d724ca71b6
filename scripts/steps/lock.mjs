// Lock files: one command at a time builds in this folder, one server at a time uses a state.
//
// Owns: files that say which process holds the lock, and which processes it began.
// Never does: trust the lock of a process that is gone, or that of another with the same number.

import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, root } from "./places.mjs";
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

/** The identities that a lock names: its holder's, then those of the processes that the holder began. */
function named(file) {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

/** The process that holds a lock. */
export function holder(file) {
  const [own] = named(file);
  return own && runningAs(own);
}

/** The processes of this machine: `{pid, group, command}` each. */
function processes() {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((name) => {
      try {
        const [state, , group] = readFileSync(`/proc/${name}/stat`, "utf8").split(") ").at(-1).split(" ");
        return hasEnded({ state }) ? [] : [{ pid: Number(name), group: Number(group), command: readFileSync(`/proc/${name}/cmdline`, "utf8") }];
      } catch {
        return []; // It has ended meanwhile.
      }
    });
  } catch {
    const lines = ask("ps", ["-A", "-ww", "-o", "pid=", "-o", "pgid=", "-o", "stat=", "-o", "command="])?.split("\n") ?? [];
    const read = lines.map((line) => /^ *(\d+) +(\d+) +(\S+) +(.*)$/.exec(line) ?? []);
    return read.filter(([line, , , state]) => line && !hasEnded({ state })).map(([, pid, group, , command]) => ({ pid: Number(pid), group: Number(group), command }));
  }
}

/**
 * What a holder that was killed left behind: the processes of the groups that it began. Only those that run a program
 * of this folder: the number of a group is given again when all of it has ended.
 */
export function leftBehind(file) {
  const [own, ...begun] = named(file);
  if (!own || runningAs(own)) return [];
  const groups = new Set(begun.map((written) => Number(written.split(" ")[0])));
  return groups.size === 0 ? [] : processes().filter(({ group, command }) => groups.has(group) && command.includes(root)).map(({ pid }) => pid);
}

/**
 * Tries to take a lock for this process until it ends: `{release, names}`, or `{heldBy}` if another process has it.
 * `names(pid)` writes a process that this one has begun, as the leader of a group, into the lock.
 */
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
  const names = (pid) => appendFileSync(file, `\n${identity(pid)}`);
  return { names, release: () => { process.off("exit", remove); remove(); } };
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
