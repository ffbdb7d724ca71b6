// The entry for Node: everything is loaded when the import is done.
//
// Owns: where the file is. Never does: hold a rule.

import { loadNow } from "./core.js";
import { bytesAt } from "./file.js";

loadNow(bytesAt(new URL("./wasm/core/guildhall_core.wasm", import.meta.url)));

export const ready = Promise.resolve();
export { GuildhallError, parseEmail, parseSlug, resolveOrganization, setting, suggestSlug } from "./core.js";
export { permissionsOf } from "./permissions.js";
export { decide, evolve, planning } from "./planning/node.js";
export { createPassHandle, verifyPass, verifyPassport } from "./pass/node.js";
