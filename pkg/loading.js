// WebAssembly that is handed in: a module or bytes are loaded at once, a response or an address soon.
//
// Owns: telling the two apart, whether it is the right one, loading once, and the words of a failure.
// Never does: look for a file by itself.

import { notReady } from "./errors.js";

/** By its name, so that one of another realm (a test runner's) counts too. */
const named = (source) => Object.prototype.toString.call(source).slice(8, -1);

const isModule = (source) => named(source) === "WebAssembly.Module";
const isImmediate = (source) => ArrayBuffer.isView(source) || isModule(source) || named(source) === "ArrayBuffer";

const failed = (cause) => notReady("the WebAssembly could not be loaded from what was given", cause);

/** Loads with the first call; what failed is tried again with the next. */
export function once(load) {
  let loaded;
  return () => (loaded ??= load());
}

/** Has the rules `take` it, then calls `done`; answers a promise only where one has to be waited for. */
export function loadGiven(source, rules, done) {
  if (source == null) throw notReady("a WebAssembly module, its bytes, a response or an address is expected");
  const take = (module) => { rules.take(checked(module, rules.has)); done(); };
  if (!isImmediate(source)) return awaited(source).then(take).catch((cause) => { throw failed(cause); });
  try {
    return take(compiled(source));
  } catch (cause) {
    throw failed(cause);
  }
}

/** A module of what is there. */
export const compiled = (source) => (isModule(source) ? source : new WebAssembly.Module(source));

/** A module of what has to be waited for. */
export async function awaited(source) {
  const given = await source;
  if (isImmediate(given)) return compiled(given);
  const response = typeof given?.arrayBuffer === "function" ? given : await fetch(given);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Looked at before it is handed on: rules keep whatever they take first. */
export function checked(module, has) {
  if (WebAssembly.Module.exports(module).some(({ name }) => name === has)) return module;
  throw new Error(`it is other WebAssembly: it has no \`${has}\``);
}
