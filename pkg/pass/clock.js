// The present, read once in each run of the event loop.
//
// Owns: when it is read again. Why: a look at the clock costs as much as a check, and while nothing
// else can run, no time passes that anybody could notice.

let known = 0;

const forget = () => { known = 0; };
// Taken at the start: tests that put a clock of their own in place replace the global ones.
const later = queueMicrotask;

/** Milliseconds since 1970. */
export function instant() {
  if (known === 0) {
    known = Date.now();
    later(forget);
  }
  return known;
}
