// Passes in browsers: the rule's file is fetched with the first token. Where the browser has no
// Ed25519 the rules of planning check the signature; they are fetched then, and only then.
//
// Owns: where it is. Never does: hold a rule.

import { notReady } from "../errors.js";
import { handles } from "./handle.js";
import { rules } from "./rules.js";
import { verifiers } from "./verify.js";

const url = new URL("../wasm/pass/guildhall_pass.wasm", import.meta.url);

let loading;

async function start() {
  try {
    await rules.load(url);
    return rules;
  } catch (cause) {
    loading = undefined;
    throw notReady(`the WebAssembly could not be loaded from ${url}`, cause);
  }
}

const load = () => (loading ??= start());

const vouch = async (question) => (await import("../planning/browser.js")).vouch(question);

const { verifyPass, verifyPassport } = verifiers(load, vouch);

const createPassHandle = /* @__PURE__ */ handles(verifyPass);

export { createPassHandle, verifyPass, verifyPassport };
export { GuildhallError } from "../errors.js";
