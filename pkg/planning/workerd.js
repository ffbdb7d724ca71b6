// Planning in Cloudflare Workers, where a `.wasm` import is a compiled module.
//
// Owns: how it is imported. Never does: hold a rule.

import module from "../wasm/planning/guildhall_planning_bg.wasm";
import * as wasm from "../wasm/planning/guildhall_planning.js";
import { planAtOnce } from "./planning.js";

function load() {
  wasm.initSync({ module });
  return wasm;
}

export const { decide, evolve, planning } = planAtOnce(load);
