// The present, read once in each run of the event loop.
//
// Owns: when it is read again. Why: a look at the clock costs as much as a check, and while nothing
// else can run, no time passes that anybody could notice.

let known = 0;

const forget = () => { known = 0; };

/** Milliseconds since 1970. */
export function instant() {
  if (known === 0) {
    known = Date.now();
    queueMicrotask(forget);
  }
  return known;
}
