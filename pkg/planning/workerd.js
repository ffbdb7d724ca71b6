// Planning in Cloudflare Workers, where a `.wasm` import is a compiled module.
//
// Owns: how it is imported. Never does: hold a rule.

import module from "../wasm/planning/guildhall_planning.wasm";
import { planAtOnce } from "./planning.js";
import { rules } from "./rules.js";

function load() {
  rules.take(module);
  return rules;
}

export const { decide, evolve, planning } = planAtOnce(load);
