// The entry for browsers: loading begins with the import, `ready` tells when it is done.
//
// Owns: where the file is. Never does: hold a rule.

import { load } from "./core.js";

export const ready = load(new URL("./wasm/core/guildhall_core.wasm", import.meta.url));

// Whoever does not wait learns of a failure from the first call.
ready.catch(() => {});

export { GuildhallError, parseEmail, parseSlug, resolveOrganization, setting, suggestSlug } from "./core.js";
export { permissionsOf } from "./permissions.js";
export { decide, evolve, planning } from "./planning/browser.js";
export { createPassHandle, verifyPass, verifyPassport } from "./pass/browser.js";
