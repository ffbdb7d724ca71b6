// Rules in WebAssembly: text in, text out, without glue but this.
//
// Owns: handing questions in and answers out, and the mapping of hosts' names, for which the rules ask the runtime.
// Never does: look for a file (the entries do), or hold a rule.

import { unreadable } from "./errors.js";
import { awaited, checked, compiled } from "./loading.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Functions of these names; they can be called once `take` or `load` has the WebAssembly. */
export function exchange(...names) {
  let wasm;
  const bytes = (place, length) => new Uint8Array(wasm.memory.buffer, place, length);

  /** Writes the ASCII form of a name over it; its length, or 0 where there is none. */
  function hostname(place, length, room) {
    const url = `http://${decoder.decode(bytes(place, length))}/`;
    if (!URL.canParse(url)) return 0;
    const { hostname } = new URL(url);
    const { read, written } = encoder.encodeInto(hostname, bytes(place, room));
    return read < hostname.length ? 0 : written;
  }

  const call = (name) => (question) => {
    const asked = encoder.encode(question);
    const place = wasm.question(asked.length);
    if (place === 0) throw unreadable(`${asked.length} bytes are more than can be read`);
    bytes(place, asked.length).set(asked);
    const length = wasm[name]();
    return decoder.decode(bytes(wasm.answer(), length));
  };

  /** Loads from a module or from bytes, at once. The first one stays. */
  function take(source) {
    wasm ??= new WebAssembly.Instance(checked(compiled(source), names[0]), { runtime: { hostname } }).exports;
  }

  /** Loads from a response or an address. */
  const load = async (source) => take(await awaited(source));

  return { has: names[0], take, load, ...Object.fromEntries(names.map((name) => [name, call(name)])) };
}
