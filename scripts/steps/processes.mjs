// Child processes: started in groups of their own, so that none outlives the command.
//
// Owns: starting, capturing, timing out and ending children, and this process's reaction to
// Ctrl-C and SIGTERM.
// Never does: decide what to run, or print a child's output unless it failed.

import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { logs, root } from "./places.mjs";
import { Failure } from "./report.mjs";

const running = new Set();
const graceful = 5_000;

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already: that is what was wanted.
  }
}

/** Starts a child in a process group of its own. */
export function start(program, args, options = {}) {
  const child = spawn(program, args, { cwd: root, stdio: "pipe", ...options, detached: true });
  running.add(child);
  child.once("close", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

/** Ends a child and everything it started: politely first, then by force. */
export async function end(child, patience = graceful) {
  if (child.exitCode !== null || child.signalCode !== null) {
    signalGroup(child, "SIGKILL");
    return;
  }
  const gone = new Promise((resolve) => child.once("exit", resolve));
  signalGroup(child, "SIGTERM");
  const force = setTimeout(() => signalGroup(child, "SIGKILL"), patience);
  await gone;
  clearTimeout(force);
  signalGroup(child, "SIGKILL");
}

const send = (pid, signal) => {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already: that is what was wanted.
  }
};

/** Ends processes that are no children of this one; `running()` says which of them still run. */
export async function endOthers(running, patience = graceful) {
  for (const pid of running()) send(pid, "SIGTERM");
  for (const deadline = Date.now() + patience; running().length > 0; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (Date.now() > deadline) for (const pid of running()) send(pid, "SIGKILL");
  }
}

/** Kills a child and everything it started, at once. */
export const kill = (child) => signalGroup(child, "SIGKILL");

process.once("exit", () => running.forEach(kill));

/**
 * On Ctrl-C or SIGTERM: ends every child, then leaves; on a second one, leaves at once.
 * A server passes `codeWhenAsked` 0: being stopped is how it is meant to end.
 */
export function stopOnSignals(goodbye = () => {}, codeWhenAsked) {
  let asked = false;
  for (const [signal, usual] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]]) {
    const code = codeWhenAsked ?? usual;
    process.on(signal, async () => {
      if (asked) process.exit(code);
      asked = true;
      goodbye();
      await Promise.all([...running].map((child) => end(child)));
      process.exit(code);
    });
  }
}

/** The beginning and the end of a log: npm says first what is wrong, cargo last. */
function excerpt(file, first = 8, last = 20) {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const whole = lines.length <= first + last + 1;
  return (whole ? lines : [...lines.slice(0, first), "…", ...lines.slice(-last)]).join("\n");
}

function finished(child, program) {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(error.code === "ENOENT" ? new Failure(`\`${program}\` was not found on PATH`, `install ${program}, then run the command again`) : error));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

/**
 * Runs a program to its end, its output in `build/logs/<log>.log`; fails with the last lines.
 *
 * @param {{log: string, cure?: string, env?: object, cwd?: string, timeout?: number, show?: "live" | "after"}} options
 *   `show` prints the output as it comes, or in one piece at the end, where others print beside it
 */
export async function run(program, args, { log, cure, timeout, show, ...options }) {
  mkdirSync(logs, { recursive: true });
  const file = join(logs, `${log}.log`);
  const output = createWriteStream(file);
  const child = start(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => output.write(chunk));
    if (show === "live") stream.pipe(process.stdout, { end: false });
  }
  let late = false;
  const timer = timeout && setTimeout(() => { late = true; kill(child); }, timeout);
  const { code, signal } = await finished(child, program).finally(() => clearTimeout(timer));
  await new Promise((resolve) => output.end(resolve));
  if (show === "after") process.stdout.write(readFileSync(file));
  if (code === 0) return;
  const ending = late ? `took longer than ${timeout / 1000} s` : `ended with ${signal ?? `code ${code}`}`;
  throw new Failure(`\`${[program.split("/").at(-1), ...args].join(" ").slice(0, 120)}\` ${ending}`, cure ?? `see ${relative(root, file)}`, show ? "" : excerpt(file));
}

/** Runs a program to its end; answers its exit code and what it wrote. */
export async function capture(program, args, options = {}) {
  const child = start(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => { said.out += text; });
  child.stderr.setEncoding("utf8").on("data", (text) => { said.err += text; });
  const { code } = await finished(child, program);
  return { code, ...said };
}

/** The trimmed standard output of a short command, or `undefined` if it is missing or fails. */
export function ask(program, args, options = {}) {
  const result = spawnSync(program, args, { encoding: "utf8", cwd: root, ...options });
  return result.status === 0 ? result.stdout.trim() : undefined;
}
