// The rule for passes: WebAssembly without glue but this.
//
// Owns: handing questions in and answers out. Never does: look for the file (the entries do), or hold a rule.

import { unreadable } from "../errors.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

let rules;

/** Loads from a module or from bytes, at once. */
export function initSync({ module }) {
  // By its name: one of another realm (a test runner's) is a module too.
  const isCompiled = Object.prototype.toString.call(module) === "[object WebAssembly.Module]";
  const { exports } = new WebAssembly.Instance(isCompiled ? module : new WebAssembly.Module(module));
  if (typeof exports.believe !== "function") throw new Error("it is other WebAssembly");
  rules = exports;
}

/** Loads from a response or an address. */
export default async function init({ module_or_path: source }) {
  const given = await source;
  const response = given instanceof Response ? given : await fetch(given);
  if (!response.ok) throw new Error(`status ${response.status}`);
  initSync({ module: await WebAssembly.compile(await response.arrayBuffer()) });
}

/** Writes the question, and reads the answer where the call has left it. */
const call = (name) => (question) => {
  const { memory } = rules;
  const { read, written } = encoder.encodeInto(question, new Uint8Array(memory.buffer, rules.question(), rules.longest()));
  if (read < question.length) throw unreadable(`more than ${rules.longest()} bytes cannot be read`);
  const length = rules[name](written);
  return decoder.decode(new Uint8Array(memory.buffer, rules.answer(), length));
};

export const openPass = call("open");
export const believePass = call("believe");
export const explainPass = call("explain");
