// What a command says while it works, and how it fails.
//
// Owns: elapsed time, the wording of progress, and the two ways out: done, or a named failure
// with the command that mends it.
// Never does: run anything, or show a stack trace (an unforeseen one goes to `build/logs/`).

import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { logs, root } from "./places.mjs";

const started = performance.now();
const heartbeatEvery = 20_000;

/** Something is missing or went wrong, and the person at the keyboard can mend it. */
export class Failure extends Error {
  /**
   * @param {string} what the missing or failing thing, in one sentence
   * @param {string} cure the command or the step that mends it
   * @param {string} [detail] the last lines of whatever failed
   */
  constructor(what, cure, detail = "") {
    super(what);
    this.cure = cure;
    this.detail = detail;
  }
}

const clock = (milliseconds) => {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

/** Seconds since `since`, as text. */
const secondsSince = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** One line, led by the time since the command began. */
export function say(line) {
  console.log(`${clock(performance.now() - started).padStart(6)}  ${line}`);
}

/** Runs `work` as a named step: says that it starts, that it still runs, and how long it took. */
export async function step(title, work) {
  const since = performance.now();
  say(`… ${title}`);
  const heartbeat = setInterval(() => say(`… ${title}: still at it, ${secondsSince(since)}`), heartbeatEvery);
  heartbeat.unref();
  try {
    const result = await work();
    say(`✓ ${title} (${secondsSince(since)})`);
    return result;
  } catch (error) {
    say(`✗ ${title} (${secondsSince(since)})`);
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

function explain(error) {
  if (error instanceof Failure) {
    const detail = error.detail ? `\n${error.detail.trimEnd().replace(/^/gm, "    | ")}\n` : "";
    return `\n${detail}\n  ${error.message}\n  To mend it: ${error.cure}\n`;
  }
  mkdirSync(logs, { recursive: true });
  const file = join(logs, "failure.log");
  writeFileSync(file, `${error?.stack ?? error}\n`);
  return `\n  ${error?.message ?? error}\n  This was not foreseen; details are in ${relative(root, file)}.\n`;
}

/** Runs a whole command and turns what it throws into a message and exit code 1. */
export async function command(work) {
  try {
    await work();
  } catch (error) {
    console.error(explain(error));
    // Steps that ran beside the failed one are ended with this process.
    process.exit(1);
  }
}
