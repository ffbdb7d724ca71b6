// Planning in Node: the file is read with the first call.
//
// Owns: where it is. Never does: hold a rule.

import { bytesAt } from "../file.js";
import * as wasm from "../wasm/planning/guildhall_planning.js";
import { planAtOnce } from "./planning.js";

function load() {
  wasm.initSync({ module: bytesAt(new URL("../wasm/planning/guildhall_planning_bg.wasm", import.meta.url)) });
  return wasm;
}

/** `vouch` checks the signature of a pass where the runtime has no Ed25519. */
export const { decide, evolve, planning, vouch } = planAtOnce(load);
