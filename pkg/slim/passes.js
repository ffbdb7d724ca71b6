// Passes, with rules that are handed in.
//
// Owns: putting the two together. Never does: import the rules.

import { handles } from "../pass/handle.js";
import { verifiers } from "../pass/verify.js";
import { held } from "./held.js";
import { vouch } from "./planning.js";

export const place = held("initPasses");

const { verifyPass, verifyPassport } = verifiers(place.soon, vouch);

const createPassHandle = /* @__PURE__ */ handles(verifyPass);

export { createPassHandle, verifyPass, verifyPassport };
