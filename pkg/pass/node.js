// Passes in Node: the rule's file is read with the first token.
//
// Owns: where it is. Never does: hold a rule.

import { bytesAt } from "../file.js";
import { vouch } from "../planning/node.js";
import { once } from "../loading.js";
import { handles } from "./handle.js";
import { rules } from "./rules.js";
import { verifiers } from "./verify.js";

function load() {
  rules.take(bytesAt(new URL("../wasm/pass/guildhall_pass.wasm", import.meta.url)));
  return rules;
}

const { verifyPass, verifyPassport } = verifiers(once(load), vouch);

const createPassHandle = /* @__PURE__ */ handles(verifyPass);

export { createPassHandle, verifyPass, verifyPassport };
export { GuildhallError } from "../errors.js";
