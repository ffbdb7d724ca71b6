// WebAssembly that is handed in: a module or bytes are loaded at once, a response or an address soon.
//
// Owns: telling the two apart, loading once, and the words of a failure. Never does: look for a file by itself.

import { notReady } from "./errors.js";

const immediate = ["WebAssembly.Module", "ArrayBuffer"];

/** By their names, so that those of another realm (a test runner's) count too. */
const isImmediate = (source) => ArrayBuffer.isView(source) || immediate.includes(Object.prototype.toString.call(source).slice(8, -1));

const failed = (cause) => notReady("the WebAssembly could not be loaded from what was given", cause);

/** Loads with the first call; what failed is tried again with the next. */
export function once(load) {
  let loaded;
  return () => (loaded ??= load());
}

/** Loads by one of the two ways, then calls `done`; answers a promise only where one has to be waited for. */
export function loadGiven(source, { now, soon }, done) {
  if (source == null) throw notReady("a WebAssembly module, its bytes, a response or an address is expected");
  if (!isImmediate(source)) return soon({ module_or_path: source }).then(done, (cause) => { throw failed(cause); });
  try {
    now({ module: source });
  } catch (cause) {
    throw failed(cause);
  }
  return done();
}
