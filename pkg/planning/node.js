// Planning in Node: the file is read with the first call.

import { readFileSync } from "node:fs";
import * as wasm from "../wasm/planning/guildhall_planning.js";
import { plan } from "./planning.js";

let loaded = false;

const { decide, evolve, verifyPass } = plan(() => {
  if (!loaded) wasm.initSync({ module: readFileSync(new URL("../wasm/planning/guildhall_planning_bg.wasm", import.meta.url)) });
  loaded = true;
  return wasm;
});

/** Nothing has to be awaited here. */
export const planning = async () => {};

/** Checks the signature of a pass where the runtime has no Ed25519. */
export async function vouch(question) {
  await planning();
  return verifyPass(question);
}

export { decide, evolve };
