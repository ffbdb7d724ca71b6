// Commands decided and events applied without a server: every rule, in WebAssembly of its own.
//
// Owns: the two functions. Never does: load anything by itself (the entries do, as late as can be:
// whoever only checks never loads it), or hold a rule.

import { text, value } from "../border.js";
import { once } from "../loading.js";

/** The functions over `rules()`, which throws as long as the rules are not there. */
export function plan(rules) {
  const call = (name, make) => value(rules()[name](text(make)));
  return {
    decide: (facts, command, now, permissions, roles) => call("decide", () => ({ facts, command, now, permissions, roles })),
    verifyPass: (question) => call("verifyPass", () => question),
    evolve: (facts, event) => call("evolve", () => ({ facts, event })),
  };
}

/** The functions where the rules are loaded at once, with the first call. */
export function planAtOnce(load) {
  const { verifyPass, ...functions } = plan(once(load));
  // Nothing has to be awaited there.
  return { ...functions, planning: async () => {}, vouch: async (question) => verifyPass(question) };
}
