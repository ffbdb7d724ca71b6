// Passes, with rules that are handed in.
//
// Owns: putting the two together. Never does: import the rules.

import { verifiers } from "../pass/verify.js";
import { held } from "./held.js";
import { vouch } from "./planning.js";

export const place = held("initPasses", "believe");

const { verifyPass, verifyPassport } = verifiers(place.soon, vouch);

export { verifyPass, verifyPassport };
