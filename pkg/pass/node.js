// Passes in Node: the rule's file is read with the first token.
//
// Owns: where it is. Never does: hold a rule.

import { bytesAt } from "../file.js";
import { vouch } from "../planning/node.js";
import { once } from "../loading.js";
import * as wasm from "./rules.js";
import { verifiers } from "./verify.js";

function load() {
  wasm.initSync({ module: bytesAt(new URL("../wasm/pass/guildhall_pass.wasm", import.meta.url)) });
  return wasm;
}

const { verifyPass, verifyPassport } = verifiers(once(load), vouch);

export { verifyPass, verifyPassport };
export { GuildhallError } from "../errors.js";
