// The entry for Cloudflare Workers, where a `.wasm` import is a compiled module.

import module from "./wasm/core/guildhall_core_bg.wasm";
import { pass, passport } from "./pass/verify.js";
import { vouch } from "./planning/workerd.js";
import { loadNow } from "./core.js";

loadNow(module);

export const ready = Promise.resolve();
export { GuildhallError, parseEmail, parseSlug, resolveOrganization, setting, suggestSlug } from "./core.js";
export { decide, evolve, planning } from "./planning/workerd.js";

export const verifyPass = (token, options) => pass(token, options, vouch);
export const verifyPassport = (token, options) => passport(token, options, vouch);
