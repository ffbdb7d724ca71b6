// Other tabs of the same origin, where the browser lets them hear of each other.
//
// Owns: one channel and one lock for each name; without them a tab is alone. Never does: say what is told.

import { within } from "../ending.js";

/** Milliseconds: how long the lock is waited for, and how long it is kept until others have heard the news. */
const patience = 5000;
const news = 100;

const after = (pause) => new Promise((done) => { setTimeout(done, pause).unref?.(); });

/** A channel to the others; `heard` gets what they tell. */
export function channelTo(name, heard) {
  try {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => heard(data);
    // In Node it would keep a program from ending.
    channel.unref?.();
    return channel;
  } catch {
    return { postMessage() {}, close() {} };
  }
}

/** Does `work` while no other tab does: one that hangs holds nobody up for long. */
export async function alone(name, ended, work) {
  let begun = false;
  const once = async () => {
    begun = true;
    await work();
    // A handle that is closed lets go at once.
    await within([ended], () => after(news)).catch(() => {});
  };
  try {
    await navigator.locks.request(name, { signal: AbortSignal.any([ended, AbortSignal.timeout(patience)]) }, once);
  } catch (cause) {
    if (begun || ended.aborted) throw cause;
    await work();
  }
}
