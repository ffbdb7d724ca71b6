// Planning, with rules that are handed in.
//
// Owns: putting the two together. Never does: import the rules.

import { plan } from "../planning/planning.js";
import { held } from "./held.js";

export const place = held("initPlanning");

const { decide, evolve, verifyPass } = plan(place.now);

/** Done when commands can be decided here; refuses as long as nobody has handed in the rules. */
export const planning = async () => void (await place.soon());

/** Checks the signature of a pass where the runtime has no Ed25519. */
export async function vouch(question) {
  await planning();
  return verifyPass(question);
}

export { decide, evolve };
