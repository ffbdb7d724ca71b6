// Options that are handed in: their names, and the kinds that more than one function takes.
//
// Owns: the refusal of what nobody reads, and the one form of whatever fetches.
// Never does: know which options a function has.

import { refused, unreadable } from "./errors.js";

/** The options, inherited ones too. One that nobody reads is refused: misspelt, it would be passed over. */
export function known(options, names) {
  if (typeof options !== "object" || options === null) throw unreadable("options are an object", "options");
  const all = {};
  for (const name in options) {
    if (!names.includes(name)) throw refused("unknown_field", "the request has a field that is not known", `there is no option \`${name}\`, but ${names.join(", ")}`, name);
    all[name] = options[name];
  }
  return all;
}

/** A list as a list: any that can be gone through, but a text. */
export function listed(list, param) {
  if (Array.isArray(list)) return list;
  if (typeof list !== "object" || typeof list?.[Symbol.iterator] !== "function") throw unreadable("a list is expected", param);
  return [...list];
}

/** Whether it can end something, or is left out. */
export const isSignal = (signal) => signal == null || typeof signal.throwIfAborted === "function";

/** By the fetcher, so that one is always the same function: keys are kept for each. */
const functions = new WeakMap();

/** What is called by itself, of a function or of something with such a method: a service binding's works on itself only. */
export function fetching(fetch) {
  if (fetch === undefined || typeof fetch === "function") return fetch;
  if (typeof fetch?.fetch !== "function") throw unreadable("a function is expected, or something with a method `fetch`", "fetch");
  if (!functions.has(fetch)) functions.set(fetch, (url, init) => fetch.fetch(url, init));
  return functions.get(fetch);
}
