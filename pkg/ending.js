// Work that ends when a signal says so.
//
// Owns: the race of the two. Why: not every `fetch` that is handed in knows when to stop.

/** What `work` gives with a signal of its own, unless one of these ends it before: then that one's reason is thrown. */
export async function within(signals, work) {
  const all = signals.filter(Boolean);
  if (all.length === 0) return work();
  const signal = AbortSignal.any(all);
  signal.throwIfAborted();
  let end;
  const ended = new Promise((_, refuse) => { end = () => refuse(signal.reason); });
  signal.addEventListener("abort", end);
  try {
    return await Promise.race([work(signal), ended]);
  } finally {
    // While somebody listens, a signal that goes on keeps this one, and with it the answer.
    signal.removeEventListener("abort", end);
  }
}
