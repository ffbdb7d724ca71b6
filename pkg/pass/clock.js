// The present, read once in each run of the event loop.
//
// Owns: when it is read again. Why: a look at the clock costs as much as a check, and while nothing
// else can run, no time passes that anybody could notice.

let known = 0;

// Taken at the start: tests that put a clock of their own in place replace the global ones.
const later = queueMicrotask;

/** Which run this is: whoever has looked at the clock in it need not look again. */
export let turn = 0;

function forget() {
  known = 0;
  turn += 1;
}

/** Milliseconds since 1970. */
export function instant() {
  if (known === 0) {
    known = Date.now();
    later(forget);
  }
  return known;
}
