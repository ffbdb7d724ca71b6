// Planning in Node: the file is read with the first call.
//
// Owns: where it is. Never does: hold a rule.

import { bytesAt } from "../file.js";
import { planAtOnce } from "./planning.js";
import { rules } from "./rules.js";

function load() {
  rules.take(bytesAt(new URL("../wasm/planning/guildhall_planning.wasm", import.meta.url)));
  return rules;
}

/** `vouch` checks the signature of a pass where the runtime has no Ed25519. */
export const { decide, evolve, planning, vouch } = planAtOnce(load);
