// How much a process has worked: the scheduler's own account, summed over its threads.
//
// Owns: reading `/proc`. Never does: ask a clock: another process's work must not count.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { Failure } from "../../scripts/steps/report.mjs";

/** Fails where the kernel keeps no such account. */
export function requireAccounts() {
  if (!existsSync("/proc/self/schedstat")) throw new Failure("this system has no /proc/<pid>/schedstat", "run the benchmark on Linux, for example in a container");
}

function nanoseconds(pid, thread) {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  } catch {
    return 0;
  }
}

/**
 * Makes a function that answers how many microseconds the process has worked since the last call. What a thread
 * did before it ended stays counted up to the last look at it.
 */
export function account(pid) {
  const seen = new Map();
  return () => {
    let worked = 0;
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const now = Math.max(nanoseconds(pid, thread), seen.get(thread) ?? 0);
      worked += now - (seen.get(thread) ?? 0);
      seen.set(thread, now);
    }
    return worked / 1000;
  };
}
