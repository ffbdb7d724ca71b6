// The rule for passes: WebAssembly without glue but this.
//
// Owns: handing questions in and answers out. Never does: look for the file (the entries do), or hold a rule.

import { unreadable } from "../errors.js";
import { awaited, checked, compiled } from "../loading.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

let rules;

/** Loads from a module or from bytes, at once. */
export function initSync({ module }) {
  rules = new WebAssembly.Instance(checked(compiled(module), "believe")).exports;
}

/** Loads from a response or an address. */
export default async function init({ module_or_path: source }) {
  initSync({ module: await awaited(source) });
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
