// Where Guildhall is: behind the service binding, or in this Worker's memory for a first look.
//
// Owns: that choice, and how it is asked. Never does: keep anything: the one in memory is gone with its Worker.

import { Directory } from "guildhall/directory";

let inMemory;

export const installation = (env) => env?.GUILDHALL ?? (inMemory ??= new Directory());

/** One way of fetching for each installation: its public keys are kept by it, and a new one would fetch them anew. */
const fetches = new WeakMap();

export function asked(worker) {
  if (!fetches.has(worker)) fetches.set(worker, (url, init) => worker.fetch(new Request(url, init)));
  return fetches.get(worker);
}
