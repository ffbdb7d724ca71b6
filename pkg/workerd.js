// The entry for Cloudflare Workers, where a `.wasm` import is a compiled module.
//
// Owns: how the module is imported. Never does: hold a rule.

import module from "./wasm/core/guildhall_core.wasm";
import { loadNow } from "./core.js";

loadNow(module);

export const ready = Promise.resolve();
export { GuildhallError, parseEmail, parseSlug, resolveOrganization, setting, suggestSlug } from "./core.js";
export { permissionsOf } from "./permissions.js";
export { decide, evolve, planning } from "./planning/workerd.js";
export { createPassHandle, verifyPass, verifyPassport } from "./pass/workerd.js";
