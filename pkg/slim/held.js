// A place for rules that somebody hands in.
//
// Owns: whether they are there. Never does: import them: `given.js` does, so that a bundle has only
// those that its application hands in.

import { notReady } from "../errors.js";
import { loadGiven } from "../loading.js";

/** `name` is the function that fills the place. */
export function held(name) {
  let rules;
  let loading;
  const now = () => {
    if (!rules) throw notReady(`\`${name}\` has to be called first`);
    return rules;
  };
  return {
    /** The rules, or a refusal. */
    now,
    /** The same, once what is being loaded is there. */
    soon: async () => (rules ?? (await loading, now())),
    /** Loads the rules `those` from what was handed in. */
    provide(source, those) {
      return (loading = loadGiven(source, those, () => { rules = those; }));
    },
  };
}
