// The present, read once in each run of the event loop.
//
// Owns: when it is read again, and who hears that a run is over. Why: a look at the clock costs as much as
// a check, and while nothing else can run, no time passes that anybody could notice.

let known = 0;
let waiting = [];

// Taken at the start: tests that put a clock of their own in place replace the global ones.
const later = queueMicrotask;

function forget() {
  known = 0;
  const all = waiting;
  waiting = [];
  for (const each of all) each();
}

/** Milliseconds since 1970. */
export function instant() {
  if (known === 0) {
    known = Date.now();
    later(forget);
  }
  return known;
}

/** Calls `work` when this run is over, for whoever has looked at the clock in it. */
export const afterwards = (work) => { waiting.push(work); };
