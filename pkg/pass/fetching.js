// A set of keys from its address.
//
// Owns: how many ask at once, how much of an answer is read, and what is no answer.
// Never does: keep what it has read (`keys.js` does).

import { within } from "../ending.js";
import { GuildhallError } from "../errors.js";
import { beginning } from "../reading.js";

/** Milliseconds that an answer may take, and between two looks of those who wait for others'. */
const patience = 5_000;
const look = 25;
/** How many ask at once. */
const most = 4;
/** Bytes of a key set. */
const longest = 65_536;

/** Milliseconds since then, or until then on a clock that was set back. */
export const since = (then) => Math.abs(Date.now() - then);

export const unavailable = (url, cause) =>
  new GuildhallError({ code: "unavailable", title: "it cannot be done now", message: `the keys at ${url} cannot be read` }, { cause });

/**
 * What the address says, or has just said to somebody else. Few ask at once, and the others look from time to time:
 * a Worker's request must not wait for what another one does, but it may wait for its own clock.
 */
export async function fetched(entry, from) {
  const { set, failed } = entry;
  for (let waited = 0; waited < patience; waited += look) {
    if (entry.set !== set) return entry.set;
    if (entry.failed !== failed) throw entry.failed.failure;
    if (runningOf(entry).size < most) return asked(entry, from);
    await new Promise((done) => setTimeout(done, look));
    from.signal?.throwIfAborted();
  }
  throw unavailable(from.url, new Error("others are asking"));
}

/** Those who are asking; a request that was ended from outside never comes back, and counts no longer than it may take. */
function runningOf({ running }) {
  for (const one of running) if (since(one.at) > patience) running.delete(one);
  return running;
}

async function asked({ running }, { url, fetch, signal }) {
  const attempt = { at: Date.now() };
  const late = new AbortController();
  // Not `AbortSignal.timeout`: Node ends a program that waits for nothing else.
  const clock = setTimeout(() => late.abort(new DOMException("the keys took too long", "TimeoutError")), patience);
  running.add(attempt);
  try {
    return { keys: await within([signal, late.signal], (end) => answered(url, fetch, end)), at: attempt.at };
  } catch (cause) {
    signal?.throwIfAborted();
    throw unavailable(url, cause);
  } finally {
    clearTimeout(clock);
    running.delete(attempt);
  }
}

/** A redirect is no answer: whose keys would it be? Workers know no `redirect: "error"`, so it is told by its status. */
async function answered(url, fetch, signal) {
  const response = await fetch(url, { ...unkept(), redirect: "manual", headers: { accept: "application/json" }, signal });
  const bytes = response.ok ? await beginning(response, longest + 1) : [];
  if (bytes.length === 0 || bytes.length > longest) throw new Error(`status ${response.status}, ${bytes.length} bytes`);
  const set = JSON.parse(new TextDecoder().decode(bytes));
  if (!Array.isArray(set?.keys) || set.keys.length === 0) throw new Error("a set without keys");
  return set;
}

/** A browser's own store would answer for five minutes more, and knows no new key. Not every runtime has the word. */
function unkept() {
  try {
    const cache = "no-cache";
    new Request("https://keys.example", { cache });
    return { cache };
  } catch {
    return {};
  }
}
