// Loads a contender into an isolate of its own, as often as it is asked: each time with bytes that no isolate has had.
//
// A request to /<contender>/<number>/<path> goes to that isolate. `bundles` is generated beside this file.

import { bundles } from "./bundles.js";

/** A section of no meaning behind the module's own: what is compiled already is found by its bytes. */
function unique(wasm, number) {
  const mark = new TextEncoder().encode(`\u0005bench${number}`);
  const bytes = new Uint8Array(wasm.byteLength + 2 + mark.length);
  bytes.set(new Uint8Array(wasm));
  bytes.set([0, mark.length], wasm.byteLength);
  bytes.set(mark, wasm.byteLength + 2);
  return bytes.buffer;
}

function code({ modules, ...rest }, number) {
  const fresh = ({ js, wasm }) => (js === undefined ? { wasm: unique(wasm, number) } : { js: `${js}\n//${number}` });
  return { ...rest, modules: Object.fromEntries(Object.entries(modules).map(([name, each]) => [name, fresh(each)])), globalOutbound: null };
}

export default {
  async fetch(request, env) {
    const [, place, number, ...path] = new URL(request.url).pathname.split("/");
    const worker = env.LOADER.get(`${place}-${number}`, () => code(bundles[Number(place)], number));
    return worker.getEntrypoint().fetch(`http://127.0.0.1:8787/${path.join("/")}`);
  },
};
