// Planning in browsers: `await planning()` fetches the rules, once.
//
// Owns: where it is. Never does: hold a rule.

import { notReady } from "../errors.js";
import { plan } from "./planning.js";
import { rules } from "./rules.js";

const url = new URL("../wasm/planning/guildhall_planning.wasm", import.meta.url);

let loading;
let loaded;

const { decide, evolve, verifyPass } = plan(() => {
  if (!loaded) throw notReady("`await planning()` before deciding");
  return loaded;
});

async function load() {
  try {
    await rules.load(url);
    loaded = rules;
  } catch (cause) {
    loading = undefined;
    throw notReady(`the WebAssembly could not be loaded from ${url}`, cause);
  }
}

/** Done when commands can be decided here. A failed attempt is no reason not to try again. */
export const planning = () => (loading ??= load());

/** Checks the signature of a pass where the runtime has no Ed25519. */
export async function vouch(question) {
  await planning();
  return verifyPass(question);
}

export { decide, evolve };
