// The entry that looks for no file: whoever imports it hands in the WebAssembly.
//
// Owns: `init` and `ready`. Never does: load anything with the import, in any runtime.

import { loadGiven } from "./core.js";

let tell;

/** Done when `init` is. */
export const ready = new Promise((resolve) => { tell = resolve; });

/** Loads the core: at once from a module or bytes, else answers a promise. */
export const init = (source) => loadGiven(source, tell);

export { GuildhallError, parseEmail, parseSlug, resolveOrganization, setting, suggestSlug } from "./core.js";
export { permissionsOf } from "./permissions.js";
export { initPasses, initPlanning } from "./slim/given.js";
export { createPassHandle, verifyPass, verifyPassport } from "./slim/passes.js";
export { decide, evolve, planning } from "./slim/planning.js";
