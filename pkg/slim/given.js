// Handing in rules: at once from a module or bytes, else a promise is answered.
//
// Owns: which module takes which. Never does: find or fetch one.

import { rules as passRules } from "../pass/rules.js";
import { rules as planningRules } from "../planning/rules.js";
import { place as passes } from "./passes.js";
import { place as planning } from "./planning.js";

export const initPasses = (source) => passes.provide(source, passRules);

export const initPlanning = (source) => planning.provide(source, planningRules);
