// The rule for passes.
//
// Owns: its functions' names. Never does: look for the file (the entries do), or hold a rule.

import { exchange } from "../exchange.js";

export const rules = /* @__PURE__ */ exchange("believePass", "openPass", "explainPass");
