// The built Worker's module, loaded into Node without running a request.
//
// Owns: stand-ins for what only workerd has (`cloudflare:workers`, wasm as a module).
// Never does: call a handler.

import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "../../../scripts/steps/places.mjs";

const entrypoint = "data:text/javascript,export class WorkerEntrypoint {}";

const wasmModule = (url) => `
  import { readFileSync } from "node:fs";
  export default new WebAssembly.Module(readFileSync(new URL(${JSON.stringify(url)})));
`;

function resolve(specifier, context, next) {
  if (specifier === "cloudflare:workers") return { url: entrypoint, shortCircuit: true };
  return next(specifier, context);
}

function load(url, context, next) {
  if (url.endsWith(".wasm")) return { format: "module", source: wasmModule(url), shortCircuit: true };
  return next(url, context);
}

/** The namespace of `build/index.js`. */
export async function loadBuild() {
  globalThis.addEventListener ??= () => {};
  const hooks = registerHooks({ resolve, load });
  try {
    return await import(pathToFileURL(join(build, "index.js")));
  } finally {
    hooks.deregister();
  }
}
