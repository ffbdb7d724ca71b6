// An installation in `Directory`, for the scenarios.
//
// Owns: a clock that moves. Never does: look at an answer.

/** What a directory makes links of, and the only origin from which it takes a cookie's word. */
const origin = "http://localhost";

/** A directory whose clock moves by a millisecond with each look at it, and by what a scenario says. */
export function directorySite(Directory, settings) {
  let now = Date.UTC(2026, 0, 1);
  // Its origin is its own to choose; the host at which people reach it can be told.
  const { PUBLIC_ORIGIN: ownHost, ...others } = settings;
  const directory = new Directory({ settings: others, ownHost, now: () => (now += 1) });
  return {
    origin,
    now: () => now,
    send: (method, url, headers, body) => directory.fetch(url, { method, headers, body: body || undefined }),
    advance: (seconds) => { now += seconds * 1000; },
    tick: () => directory.tick(),
  };
}
