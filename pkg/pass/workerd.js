// Passes in Cloudflare Workers, where a `.wasm` import is a compiled module, and Ed25519 is always there.
//
// Owns: how it is imported. Never does: hold a rule.

import module from "../wasm/pass/guildhall_pass.wasm";
import { unavailable } from "../errors.js";
import { once } from "../loading.js";
import { handles } from "./handle.js";
import { rules } from "./rules.js";
import { verifiers } from "./verify.js";

function load() {
  rules.take(module);
  return rules;
}

const vouch = async () => { throw unavailable("this runtime has no Ed25519"); };

const { verifyPass, verifyPassport } = verifiers(once(load), vouch);

const createPassHandle = /* @__PURE__ */ handles(verifyPass);

export { createPassHandle, verifyPass, verifyPassport };
export { GuildhallError } from "../errors.js";
